"""Who has the same form open: told to whoever was shown that page, and to nobody else (issue 12, "iemand anders bewerkt dit")."""

from __future__ import annotations

import re

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from tests import factories
from topjob import clock, presence

URL = reverse("accounts:editing")


@pytest.fixture
def two(db) -> tuple[User, User]:
    return factories.staff(Role.WERKMAKELAAR), factories.staff(Role.WERKMAKELAAR)


def opened(user: User, path: str) -> tuple[Client, str]:
    """The sign on a page, as the browser of this person has it."""
    browser = Client()
    browser.force_login(user)
    page = browser.get(path).content.decode()
    found = re.search(r'data-presence="([^"]+)"', page)
    return browser, found[1] if found else ""


def said(browser: Client, sign: str) -> str:
    return browser.post(URL, {"plek": sign}).json()["said"]


def test_two_people_at_one_form_hear_of_each_other(two, monkeypatch) -> None:
    company = factories.EmployerFactory()
    path = reverse("employers:edit", args=[company.pk])
    first, sign = opened(two[0], path)
    assert said(first, sign) == ""
    second, other_sign = opened(two[1], path)
    at = clock.now().astimezone(clock.AMSTERDAM)
    assert re.fullmatch(rf"{re.escape(two[0].name)} bewerkt dit ook, sinds {at:%H}:\d\d\.", said(second, other_sign))
    assert two[1].name in said(first, sign)
    later = presence.time.time() + presence.LASTS_SECONDS + 1
    monkeypatch.setattr(presence.time, "time", lambda: later)
    assert said(first, sign) == ""


def test_another_form_is_another_place(two) -> None:
    here, there = factories.EmployerFactory(), factories.EmployerFactory()
    first, sign = opened(two[0], reverse("employers:edit", args=[here.pk]))
    said(first, sign)
    second, other = opened(two[1], reverse("employers:edit", args=[there.pk]))
    assert said(second, other) == ""


@pytest.mark.parametrize("signed", [None, "x", [1]])
def test_without_a_sign_there_is_nothing_to_ask(two, signed: object) -> None:
    sign = signing.dumps(signed, salt=presence.SALT) if signed else "x"
    browser = Client()
    browser.force_login(two[0])
    assert browser.post(URL, {"plek": sign}).status_code == 404


def test_the_sign_of_somebody_else_is_none(two) -> None:
    sign = presence.sign_of("/trajecten/1/startplan/", two[0].pk)
    browser = Client()
    browser.force_login(two[1])
    assert browser.post(URL, {"plek": sign}).status_code == 404


def test_a_form_for_something_new_asks_nothing(two) -> None:
    _browser, sign = opened(two[0], reverse("employers:add"))
    assert sign == ""


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["An"], "An bewerkt dit ook, sinds"),
        (["An", "Bo"], "An en Bo bewerken dit ook, sinds"),
        (["An", "Bo", "Cas"], "An, Bo en Cas bewerken dit ook, sinds"),
    ],
)
def test_they_are_named_in_a_sentence(names: list[str], words: str) -> None:
    assert presence.in_words([(name, clock.now()) for name in names]).startswith(words)
