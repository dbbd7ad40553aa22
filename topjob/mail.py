"""Sending mail: a plain text in Dutch (B1) from a template, with links that work from outside."""

from __future__ import annotations

from email.utils import format_datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from topjob import clock


def send(to: str, subject: str, template: str, context: dict[str, Any]) -> None:
    """Send `templates/mail/<template>.txt` to one address. Called by outbox handlers, never by a view."""
    body = render_to_string(f"mail/{template}.txt", context).strip() + "\n"
    headers = {"Date": format_datetime(clock.now().astimezone(clock.AMSTERDAM))}
    EmailMessage(" ".join(subject.split()), body, to=[to], headers=headers).send()


def absolute(path: str) -> str:
    """The full address of a page, for in a mail."""
    return f"{settings.SITE_URL}{path}"
