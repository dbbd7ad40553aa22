"""Reads the mails that the demo wrote to files, so that a personal link can be opened without a mail server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings

# How Django's file backend names its files, and what it puts after each mail.
FILE_NAME = re.compile(r"^[0-9]{8}-[0-9]{6}-[0-9]+\.log$", re.ASCII)
END_OF_MAIL = re.compile(rb"\n-{79}\n")
MOST_FILES = 2000


@dataclass(frozen=True)
class StoredMail:
    """One mail in a file; `key` finds it again."""

    key: str
    to: str
    subject: str
    at: datetime | None
    body: str


def folder() -> Path | None:
    """Where mails are written, if they are written to files."""
    path = getattr(settings, "EMAIL_FILE_PATH", None)
    return Path(path) if path else None


def stored_mails(recipient: str = "") -> Iterator[StoredMail]:
    """Mails, newest first; with part of an address only those."""
    for path in _files()[:MOST_FILES]:
        for mail in reversed(_mails_in(path)):
            if recipient.lower() in mail.to.lower():
                yield mail


def find(key: str) -> StoredMail | None:
    """The mail with this key; nothing for a key that names no mail file."""
    name, _dot, number = key.rpartition("_")
    path = folder()
    if path is None or not FILE_NAME.match(f"{name}.log") or not number.isdecimal():
        return None
    file = path / f"{name}.log"
    mails = _mails_in(file) if file.is_file() else []
    return next((mail for mail in mails if mail.key == key), None)


def _files() -> list[Path]:
    path = folder()
    if path is None or not path.is_dir():
        return []
    dated = [(file.stat().st_mtime_ns, file.name, file) for file in path.iterdir() if FILE_NAME.match(file.name)]
    return [file for *_order, file in sorted(dated, reverse=True)]


def _mails_in(path: Path) -> list[StoredMail]:
    parts = [part for part in END_OF_MAIL.split(path.read_bytes()) if part.strip()]
    return [_stored(f"{path.stem}_{number}", part) for number, part in enumerate(parts)]


def _stored(key: str, content: bytes) -> StoredMail:
    message = message_from_bytes(content.strip() + b"\n", policy=policy.default)
    assert isinstance(message, EmailMessage)
    return StoredMail(key, str(message["To"] or ""), str(message["Subject"] or ""), _moment(message), _text(message))


def _moment(message: EmailMessage) -> datetime | None:
    try:
        return parsedate_to_datetime(str(message["Date"]))
    except ValueError:
        return None


def _text(message: EmailMessage) -> str:
    body = message.get_body(preferencelist=("plain", "html"))
    return str(body.get_content()) if body is not None else ""
