"""Somebody with one name, or without a first name, is registered, shown, greeted and written to like anybody else."""

from __future__ import annotations

import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from candidates.forms.public import OwnDataForm, PublicRegistrationForm
from candidates.models import Candidate, Registration
from tests.candidates.test_public import typed as typed_by_youth
from tests.candidates.test_registrations import NEW
from tests.candidates.test_registrations import typed as typed_by_staff
from tests.factories import CandidateFactory, RegistrationFactory

pytestmark = pytest.mark.django_db
NAMES = [("", "Suharto", "Suharto"), ("Suharto", "", "Suharto")]


@pytest.mark.parametrize(("first", "last", "whole"), NAMES)
def test_somebody_with_one_name_registers_on_the_website(first: str, last: str, whole: str) -> None:
    sent = typed_by_youth(first_name=first, last_name=last)
    assert Client().post("/aanmelden/", sent).status_code == 302
    assert Candidate.objects.get().full_name == whole


@pytest.mark.parametrize(("first", "last", "whole"), NAMES)
def test_the_frontoffice_registers_somebody_with_one_name(browser, frontoffice, first, last, whole) -> None:
    sent = typed_by_staff(first_name=first, name_prefix="", last_name=last)
    answer = browser(frontoffice).post(NEW, sent, follow=True)
    assert Candidate.objects.get().full_name == whole
    assert whole in answer.text
    assert "None" not in answer.text


@pytest.mark.parametrize("path", ["/aanmelden/", NEW])
def test_without_any_name_the_field_says_what_to_fill_in(browser, frontoffice, path: str) -> None:
    nameless = {"first_name": "", "name_prefix": "", "last_name": ""}
    sent = typed_by_youth(**nameless) if path == "/aanmelden/" else typed_by_staff(**nameless)
    answer = browser(frontoffice).post(path, sent)
    assert answer.context["form"].errors == {"last_name": ["Vul een voornaam of een achternaam in."]}
    assert not Candidate.objects.exists()


def test_the_fields_say_where_one_name_goes(browser, frontoffice) -> None:
    assert "Heb je maar één naam? Vul die hier in." in Client().get("/aanmelden/").text
    assert "Heeft iemand maar één naam? Vul die hier in" in browser(frontoffice).get(NEW).text
    assert "één naam" in OwnDataForm(instance=CandidateFactory()).fields["last_name"].help_text
    assert not PublicRegistrationForm().fields["first_name"].required


def test_the_database_wants_one_of_the_two_names() -> None:
    CandidateFactory(first_name="", name_prefix="", last_name="Suharto")
    with pytest.raises(IntegrityError, match="candidate_has_a_name"), transaction.atomic():
        CandidateFactory(first_name="", name_prefix="", last_name="")


def test_one_name_is_edited_by_staff_and_by_the_person(browser, frontoffice) -> None:
    person = CandidateFactory(with_login=True)
    for page, path in (
        (browser(frontoffice), reverse("candidates:person_data", args=[person.pk])),
        (browser(person.user), "/mijn/gegevens/"),
    ):
        form = page.get(path).context["form"]
        shown = {name: form[name].value() for name in form.fields if form[name].value() is not None}
        assert page.post(path, shown | {"first_name": "", "name_prefix": "", "last_name": "Suharto"}).status_code == 302
        person.refresh_from_db()
        assert person.full_name == "Suharto"
        Candidate.objects.update(last_name="Anders")


def test_one_name_is_shown_without_gaps(browser, frontoffice) -> None:
    item = RegistrationFactory(candidate=CandidateFactory(first_name="", name_prefix="", last_name="Suharto"))
    page = browser(frontoffice)
    for path in (
        reverse("candidates:registrations"),
        reverse("candidates:registration", args=[item.pk]),
        reverse("candidates:person", args=[item.candidate_id]),
    ):
        words = re.sub(r"<[^>]*>", "", page.get(path).text)
        assert "Suharto" in words
        assert not re.search(r"\S  +Suharto|Suharto  +\S|None", words), path
    assert Registration.objects.get().candidate.call_name == "Suharto"
