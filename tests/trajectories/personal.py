"""Personal links as people get them: by running the outbox and reading the mail."""

from __future__ import annotations

import re

from django.core.mail import EmailMessage
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from topjob import outbox
from topjob.models import OutboxMessage, StoredSms
from trajectories import actions

LINK = re.compile(r"/(tekenen|evalueren|getekend)/([\w-]{40,})/")


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


TICKED = {f"statement_{number}": "on" for number in range(1, 4)} | {"typed_name": "Sem Bakker"}
CODE = re.compile(r"^\d{6}\b")


def code_to(phone: object) -> str:
    """The code in the latest SMS to this number."""
    for text in StoredSms.objects.filter(to=str(phone).replace(" ", "")):
        if found := CODE.search(text.text):
            return found[0]
    raise AssertionError(f"No code was sent to {phone}")


def sign_page(token: str, name: str = "sign") -> str:
    return reverse(f"trajectories:{name}", args=[token])


def ask_code(client: Client, token: str, **values: object) -> str:
    """Confirm everything on the page, and read the code where it was sent."""
    party = actions.link_for(token).party
    answer = client.post(sign_page(token), TICKED | {"typed_name": party.name} | values)
    assert answer.status_code == 302, answer.content.decode()
    run_outbox("send_code")
    return code_to(party.phone.as_e164)


def sign_by_page(client: Client, token: str, **extra: object) -> HttpResponse:
    """The whole way of a signer: confirm, read the code, fill it in."""
    return client.post(sign_page(token, "sign_code"), {"code": ask_code(client, token)}, **extra)
