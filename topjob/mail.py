"""Sending mail: a plain text in Dutch (B1) from a template, with links that work from outside."""

from __future__ import annotations

import smtplib
from contextlib import suppress
from dataclasses import dataclass, replace
from email.utils import format_datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string

from topjob import clock, outbox
from topjob.rehearsing import rehearsal


@dataclass(frozen=True)
class Letter:
    """What somebody is sent, as it is read: a mail with its subject, or an SMS without one."""

    to: str
    text: str
    subject: str = ""
    # Who it is, where the page that shows it before it goes says so.
    name: str = ""


def written(to: str, subject: str, template: str, context: dict[str, Any]) -> Letter:
    """The mail that `templates/mail/<template>.txt` makes of this: the one that is sent, and the one that is shown before."""
    body = render_to_string(f"mail/{template}.txt", context).strip() + "\n"
    return Letter(to, body, " ".join(subject.split()))


def send(to: str, subject: str, template: str, context: dict[str, Any]) -> None:
    """Send `templates/mail/<template>.txt` to one address. Called by outbox handlers, never by a view."""
    post(replace(written(to, subject, template, context), name=context.get("name", "")))


def post(letter: Letter) -> None:
    """Send what was written. Called by outbox handlers, never by a view."""
    if (shown := rehearsal()) is not None:
        shown.letters.append(letter)
        return
    headers = {"Date": format_datetime(clock.now().astimezone(clock.AMSTERDAM))}
    _hand_over(EmailMessage(letter.subject, letter.text, to=[letter.to], headers=headers))


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
