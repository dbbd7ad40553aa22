"""How mails about accounts speak to who reads them: "je" to staff, "u" to an employer, or neither."""

from __future__ import annotations

import re

import pytest
from django.core import mail as outgoing

from accounts import identity
from accounts.models import Role, User
from tests.accounts.people import company, person
from topjob import outbox
from topjob.models import OutboxMessage

pytestmark = pytest.mark.django_db
FORMAL = re.compile(r"\b(u|uw)\b", re.IGNORECASE)
FAMILIAR = re.compile(r"\b(je|jij|jou|jouw)\b", re.IGNORECASE)
TO_STAFF = ["accounts.login_bound", "accounts.login_unbound"]
TO_ANYBODY = ["accounts.invitation", "accounts.password_reset", "accounts.second_removed"]


def send_all() -> list[str]:
    """What was mailed, with its subjects."""
    for message in OutboxMessage.objects.waiting():
        outbox.run(message.pk)
    return [f"{mail.subject}\n{mail.body}" for mail in outgoing.outbox]


def send(handler: str, user: User) -> str:
    outbox.enqueue(handler, key=handler, user=user.pk)
    (text,) = send_all()
    return text


@pytest.fixture
def outsider(db) -> User:
    return person(Role.WERKGEVER, organisation=company())


@pytest.mark.parametrize("handler", TO_STAFF)
def test_staff_are_je(settings, handler: str) -> None:
    settings.OIDC_NAME = "Gemeente Raalte"
    text = send(handler, person(Role.FRONTOFFICE))
    assert FAMILIAR.search(text) and not FORMAL.search(text)


@pytest.mark.parametrize("handler", TO_ANYBODY)
def test_what_anybody_may_get_fits_all(outsider: User, handler: str) -> None:
    text = send(handler, outsider)
    assert not FORMAL.search(text) and not FAMILIAR.search(text)


def test_the_question_whether_an_address_is_right_fits_all(outsider: User) -> None:
    identity.ask_new_address(outsider, "nieuw@bedrijf.example")
    texts = send_all()
    assert len(texts) == 2
    assert [text for text in texts if FORMAL.search(text) or FAMILIAR.search(text)] == []


def test_what_the_old_address_hears_fits_all(outsider: User) -> None:
    identity.changed_by_beheer(outsider, "oud@bedrijf.example")
    (text,) = send_all()
    assert not FORMAL.search(text) and not FAMILIAR.search(text)
