"""Personal links as people get them: by running the outbox and reading the mail."""

from __future__ import annotations

import re

from django.core.mail import EmailMessage

from topjob import outbox
from topjob.models import OutboxMessage

LINK = re.compile(r"/(tekenen|evalueren)/([\w-]{40,})/")


def run_outbox(*handlers: str) -> None:
    """Do everything that waits (of these handlers), and what that asks for in turn; a failure is the test's failure."""
    waiting = OutboxMessage.objects.waiting()
    while message := (waiting.filter(handler__in=handlers) if handlers else waiting.all()).order_by("pk").first():
        done = outbox.run(message.pk)
        assert done, OutboxMessage.objects.get(pk=message.pk).error


def token_in(mails: list[EmailMessage], to: str) -> str:
    """The token in the latest mail with a personal link to this address."""
    for mail in reversed(mails):
        if to in mail.to and (found := LINK.search(mail.body)):
            return found[2]
    raise AssertionError(f"No personal link was mailed to {to}")
