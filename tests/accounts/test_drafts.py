"""A registration that somebody is typing outlives the browser and logging out (issue 12: drafts for registration too)."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts import drafts
from accounts.models import FormDraft, Role, User
from accounts.tasks import clear_sessions
from tests import factories
from topjob import clock

pytestmark = pytest.mark.usefixtures("db")
PAGE = "/aanmeldingen/nieuw/"
KEEP, DISCARD = f"/concepten/?pagina={PAGE}", f"/concepten/weg/?pagina={PAGE}"
TOO_LONG = f"/werkgevers/{'1' * 250}/vacatures/nieuw/"
TYPED = {"first_name": "Youri", "last_name": "O’Connor", "motivation": "Wil <werken>\nmet hout", "password": "x"}


@pytest.fixture
def frontoffice() -> User:
    return factories.staff(Role.FRONTOFFICE)


def browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def test_what_was_typed_stands_there_in_another_browser(frontoffice) -> None:
    answer = browser_of(frontoffice).post(KEEP, TYPED)
    moment = clock.now().astimezone(clock.AMSTERDAM)
    assert answer.json()["saved_at"][:3] == f"{moment:%H:}"
    page = browser_of(frontoffice).get(PAGE).content.decode()
    assert 'value="Youri"' in page and "O’Connor" in page and "Wil &lt;werken&gt;" in page
    assert "Dit is je concept van" in page and "Er is nog niets verstuurd." in page


def test_a_draft_says_whose_it_is_before_somebody_types_on_in_it(frontoffice) -> None:
    """The next person isn't typed into the one before: the notice comes first, not the field with what is kept."""
    empty = browser_of(frontoffice).get(PAGE).content.decode()
    assert empty.count(" autofocus") == 1 and "concept van" not in empty
    browser_of(frontoffice).post(KEEP, TYPED)
    page = browser_of(frontoffice).get(PAGE).content.decode()
    assert "over Youri O’Connor" in unescape(page)
    assert re.findall(r"<(\w+)[^>]* autofocus", page) == ["strong"]


def test_it_is_kept_sealed_and_without_a_password(frontoffice) -> None:
    browser_of(frontoffice).post(KEEP, TYPED)
    row = FormDraft.objects.get()
    assert "Youri" not in row.sealed and "O’Connor" not in row.sealed
    assert "password" not in drafts._box().decrypt(row.sealed.encode()).decode()


def test_it_is_nobody_elses(frontoffice) -> None:
    browser_of(frontoffice).post(KEEP, TYPED)
    page = browser_of(factories.staff(Role.FRONTOFFICE)).get(PAGE).content.decode()
    assert "Youri" not in page and "concept van" not in page


def test_the_newest_takes_the_place_of_the_one_before(frontoffice) -> None:
    browser = browser_of(frontoffice)
    browser.post(KEEP, TYPED)
    browser.post(KEEP, TYPED | {"first_name": "Tim"})
    page = browser.get(PAGE).content.decode()
    assert 'value="Tim"' in page and FormDraft.objects.count() == 1


def test_it_can_be_thrown_away(frontoffice) -> None:
    browser = browser_of(frontoffice)
    browser.post(KEEP, TYPED)
    assert browser.post(DISCARD).url == PAGE
    assert "Youri" not in browser.get(PAGE).content.decode()
    assert not FormDraft.objects.exists()


def test_it_goes_when_the_form_was_sent_and_stays_when_it_was_refused(frontoffice) -> None:
    browser = browser_of(frontoffice)
    browser.post(KEEP, TYPED)
    assert browser.post(PAGE, TYPED).status_code == 200
    assert FormDraft.objects.exists()
    sent = {
        "first_name": "Youri",
        "last_name": "Smit",
        "birth_date": "6-5-2004",
        "phone": "06 12345678",
        "source": "website",
        "situation": "",
        "wish": "",
    }
    form = browser.get(PAGE).context["form"]
    for name, field in form.fields.items():
        if (field.required and name not in sent) or sent.get(name) == "":
            choices = [key for key, _label in getattr(field, "choices", []) if key]
            sent[name] = str(choices[0]) if choices else "8-12-2026"
    answer = browser.post(PAGE, sent)
    assert answer.status_code == 302, answer.context["form"].errors
    assert not FormDraft.objects.exists()


def test_a_new_company_and_a_new_vacancy_keep_one_as_well() -> None:
    browser = browser_of(factories.staff(Role.WERKMAKELAAR))
    company = factories.FunctionFactory().employer
    for page, field in (
        ("/werkgevers/nieuw/", "name"),
        (reverse("employers:vacancy_for_employer", args=[company.pk]), "title"),
    ):
        keep = form_of(browser.get(page))
        browser.post(keep, {field: "Half getypt"})
        assert 'value="Half getypt"' in browser.get(page).text


def form_of(page: HttpResponse) -> str:
    """Where its form saves itself."""
    return unescape(re.search(r'data-autosave-url="([^"]+)"', page.text)[1])


def test_after_a_week_it_is_gone(frontoffice) -> None:
    browser_of(frontoffice).post(KEEP, TYPED)
    FormDraft.objects.update(saved_at=clock.now() - drafts.LASTS - timedelta(minutes=1))
    assert "Youri" not in browser_of(frontoffice).get(PAGE).content.decode()
    clear_sessions()
    assert not FormDraft.objects.exists()


@pytest.mark.parametrize(
    "page", ["", "/", "/trajecten/", "/bestaat/niet/", "https://elders.example/", "/aanmeldingen/"]
)
def test_only_a_page_that_keeps_drafts_keeps_one(frontoffice, page: str) -> None:
    assert browser_of(frontoffice).post(f"/concepten/?pagina={page}", TYPED).status_code == 404


def test_an_address_without_end_is_no_page() -> None:
    assert (
        browser_of(factories.staff(Role.WERKMAKELAAR)).post(f"/concepten/?pagina={TOO_LONG}", TYPED).status_code == 404
    )


def test_who_may_not_open_the_page_keeps_nothing_for_it() -> None:
    assert browser_of(factories.staff(Role.JOBCOACH)).post(KEEP, TYPED).status_code == 404


def test_too_much_is_said_and_not_kept(frontoffice) -> None:
    assert browser_of(frontoffice).post(KEEP, {"motivation": "x" * 70_000}).status_code == 413
    assert not FormDraft.objects.exists()
