"""Sending mail: a plain text in Dutch (B1) from a template, with links that work from outside."""

from __future__ import annotations

import smtplib
from contextlib import suppress
from email.utils import format_datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string

from topjob import clock, outbox


def send(to: str, subject: str, template: str, context: dict[str, Any]) -> None:
    """Send `templates/mail/<template>.txt` to one address. Called by outbox handlers, never by a view."""
    body = render_to_string(f"mail/{template}.txt", context).strip() + "\n"
    headers = {"Date": format_datetime(clock.now().astimezone(clock.AMSTERDAM))}
    _hand_over(EmailMessage(" ".join(subject.split()), body, to=[to], headers=headers))


def _hand_over(message: EmailMessage) -> None:
    """Give the mail to the server; its answer says whether trying again later is of use (fault 25)."""
    server = message.connection = get_connection()
    try:
        server.open()
    except (smtplib.SMTPException, OSError) as error:
        raise outbox.Postponed(f"de mailserver is er niet: {error}") from error
    outbox.leaving_the_house()
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as refused:
        raise _by_code(*next(iter(refused.recipients.values()))) from refused
    except smtplib.SMTPResponseException as refused:
        raise _by_code(refused.smtp_code, refused.smtp_error) from refused
    except (smtplib.SMTPServerDisconnected, TimeoutError, ConnectionError) as error:
        raise outbox.Uncertain(f"de mailserver viel weg tijdens het versturen: {error}") from error
    finally:
        with suppress(smtplib.SMTPException, OSError):  # it was sent or it wasn't; saying goodbye changes nothing
            server.close()


def _by_code(code: int, words: bytes | str) -> Exception:
    """4xx: the server asks to come back later; 5xx: never."""
    said = words.decode(errors="replace") if isinstance(words, bytes) else words
    kind = outbox.Undeliverable if code >= 500 else outbox.Postponed
    return kind(f"de mailserver zei {code} {said}")


def absolute(path: str) -> str:
    """The full address of a page, for in a mail."""
    return f"{settings.SITE_URL}{path}"
