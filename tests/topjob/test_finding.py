"""Searching finds who is meant, however they are written; and says so when there is too little to look for."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import Organisation, Role, User
from accounts.verify import search_texts_follow
from candidates.models import Candidate
from employers.models import Employer, Vacancy
from matching.models import Skill
from tests import factories
from topjob.finding import Term, all_findable, put_right, search_texts

pytestmark = pytest.mark.django_db


def named(*names: tuple[str, str, str]) -> None:
    for first, prefix, last in names:
        factories.CandidateFactory(first_name=first, name_prefix=prefix, last_name=last, email="", phone="")


def found(text: str) -> set[str]:
    return {str(person) for person in Candidate.objects.search(text)}


@pytest.fixture
def people() -> None:
    named(
        ("Ben", "", "Smit"),
        ("Minh", "", "Le"),
        ("Özgür", "", "Yılmaz"),
        ("Sanne", "van der", "Veen"),
        ("Łukasz", "", "Müller"),
        ("Ahmed", "ben", "Ali"),
        ("Jan-Willem", "", "D’Arc"),
    )


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Ben", {"Ben Smit", "Ahmed ben Ali"}),
        ("Ben Smit", {"Ben Smit"}),
        ("ben ali", {"Ahmed ben Ali"}),
        ("Le", {"Minh Le"}),
        ("Ozgur", {"Özgür Yılmaz"}),
        ("YILMAZ ÖZGÜR", {"Özgür Yılmaz"}),
        ("vd veen", {"Sanne van der Veen"}),
        ("v/d Veen", {"Sanne van der Veen"}),
        ("S. van de Veen", {"Sanne van der Veen"}),
        ("Sane Veeen", {"Sanne van der Veen"}),
        ("van der", {"Sanne van der Veen"}),
        ("lukasz muller", {"Łukasz Müller"}),
        ("Jan Willem dArc", {"Jan-Willem D’Arc"}),
        ("Ol", set()),
        ("100%", set()),
        ("_", set()),
        ("", set()),
    ],
)
@pytest.mark.usefixtures("people")
def test_people_are_found_however_their_name_is_written(text: str, who: set[str]) -> None:
    assert found(text) == who


# Of every length from five letters, with and without prefixes, letters twice, y and ij.
SURNAMES = (
    "Smits", "Mulder", "Jansen", "Bakker", "Dijkstra", "Kuijpers", "Gerritsen", "Hoogeveen", "Brouwer",
    "de Vries", "de Groot", "van Leeuwen", "van Wijngaarden", "van der Linden", "van den Heuvel", "ter Braak", "Bruijnzeel",
)  # fmt: skip


@pytest.mark.parametrize("name", SURNAMES)
def test_every_name_is_found_with_two_letters_swapped(name: str) -> None:
    """By the last word of it alone, by the whole with its prefix, and with the first name before it."""
    *prefix, last = name.split()
    named(("Femke", " ".join(prefix), last), ("Iris", "", "Nijboer"))
    for typed in put_right(last.lower()):
        for text in (typed, " ".join([*prefix, typed]), " ".join(["femke", *prefix, typed])):
            assert f"Femke {name}" in found(text), text


@pytest.mark.parametrize("text", ["vna der Linden", "van dre Linden", "avn der Lindne", "Smaen van der Lniden"])
def test_a_prefix_or_first_name_may_be_swapped_as_well(text: str) -> None:
    named(("Samen", "van der", "Linden"))
    assert found(text) == {"Samen van der Linden"}


def test_a_short_word_by_itself_is_not_taken_for_another() -> None:
    named(("Ana", "", "Smit"), ("Naa", "", "Kok"))
    assert found("Ana") == {"Ana Smit"}


@pytest.mark.parametrize(
    "text", ["06-12345678", "06 1234 5678", "(06) 12345678", "+31 6 12345678", "0031612345678", "12345678"]
)
def test_a_phone_number_finds_its_person_in_any_notation(text: str) -> None:
    person = factories.CandidateFactory(phone="+31612345678")
    factories.CandidateFactory(phone="+31612345679")
    assert list(Candidate.objects.search(text)) == [person]


def test_an_email_address_finds_its_person_by_the_whole_address() -> None:
    person = factories.CandidateFactory(email="Sanne.Veen@voorbeeld.nl")
    factories.CandidateFactory(email="x.sanne.veen@voorbeeld.nl")
    assert list(Candidate.objects.search(" sanne.veen@VOORBEELD.nl ")) == [person]
    assert Term.of("sanne@").problem == "Typ het hele e-mailadres."


def test_a_birth_date_finds_its_people() -> None:
    person = factories.CandidateFactory(birth_date=date(2006, 3, 12))
    factories.CandidateFactory(birth_date=date(2006, 12, 3))
    for written in ("12-3-2006", "12-3-06", "12 maart 2006", "2006-03-12"):
        assert list(Candidate.objects.search(written)) == [person], written


@pytest.fixture
def companies() -> dict[str, Employer]:
    made = {}
    for name, city, kvk in (
        ("Doe-het-zelf Centrum", "Raalte", "12345678"),
        ("Grondwerken Salland B.V.", "Olst", ""),
        ("Bakkerij De Bug", "Zwolle", ""),
        ("Bakkerij De Bug", "Deventer", ""),
    ):
        organisation = factories.EmployerOrganisationFactory(name=name, city=city, kvk_number=kvk)
        made[f"{name}, {city}"] = factories.EmployerFactory(organisation=organisation)
    return made


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("doe het zelf", {"Doe-het-zelf Centrum, Raalte"}),
        ("doehetzelf", {"Doe-het-zelf Centrum, Raalte"}),
        ("grondwerken sallnd", {"Grondwerken Salland B.V., Olst"}),
        ("bakkrij", {"Bakkerij De Bug, Zwolle", "Bakkerij De Bug, Deventer"}),
        ("de bug deventer", {"Bakkerij De Bug, Deventer"}),
        ("12345678", {"Doe-het-zelf Centrum, Raalte"}),
        ("1234", {"Doe-het-zelf Centrum, Raalte"}),
    ],
)
def test_companies_are_found_by_the_words_of_their_name_place_and_number(companies, text: str, names: set[str]) -> None:
    by_pk = {employer.pk: name for name, employer in companies.items()}
    assert {by_pk[employer.pk] for employer in Employer.objects.search(text)} == names


def test_a_company_is_found_by_the_address_or_number_of_its_contact(companies) -> None:
    employer = companies["Bakkerij De Bug, Zwolle"]
    factories.EmployerContactFactory(employer=employer, email="Els@debug.nl", phone="+31612345678")
    assert list(Employer.objects.search("els@debug.nl")) == [employer]
    assert list(Employer.objects.search("06-12345678")) == [employer]


def test_vacancies_are_found_by_title_function_place_and_company_together(companies) -> None:
    vacancy = factories.VacancyFactory(title="Bezorger", city="Súdwest-Fryslân")
    other = factories.VacancyFactory(title="Bezorger", city="Heino")
    company = vacancy.employer.organisation
    company.name = "Café Änderung"
    company.save()
    for text in ("bezorger sudwest", "anderung", "cafe bezorgr", f"{vacancy.function.name} fryslan"):
        assert list(Vacancy.objects.search(text)) == [vacancy]
    assert set(Vacancy.objects.search("bezorger")) == {vacancy, other}
    assert list(Vacancy.objects.at_place("sudwest")) == [vacancy]


def test_a_changed_name_is_found_at_once_also_when_only_the_name_is_saved() -> None:
    person = factories.CandidateFactory(first_name="Eerst", last_name="Zó")
    person.last_name = "Anders"
    person.save(update_fields=["last_name"])
    assert list(Candidate.objects.search("anders")) == [person]
    Skill.objects.bulk_create([Skill(name="Crème brûlée maken")])
    assert [skill.name for skill in Skill.objects.search("creme brulee")] == ["Crème brûlée maken"]


def test_verify_names_the_row_whose_folded_name_lags_behind() -> None:
    person = factories.CandidateFactory()
    assert list(search_texts_follow()) == []
    Candidate.objects.filter(pk=person.pk).update(last_name="Buitenom")
    assert list(search_texts_follow()) == [f"Zoeken: kandidaat {person.pk} wordt niet met de huidige naam gevonden."]


def test_every_search_text_has_its_index() -> None:
    """Small tables of choices may do without: users, and the places of postcodes."""
    for model in all_findable():
        indexed = {name for index in model._meta.indexes for name in index.fields}
        for field in search_texts(model):
            assert field.name in indexed or model._meta.label == "matching.Place"


SHORT = "Dit is te kort om op te zoeken. Typ ten minste 2 letters of cijfers."


@pytest.mark.parametrize(
    ("url", "role", "name", "shown"),
    [
        ("trajectories:search", Role.REGISSEUR, "q", "people"),
        ("trajectories:list", Role.REGISSEUR, "q", "page_obj"),
        ("trajectories:pool", Role.REGISSEUR, "q", "page_obj"),
        ("candidates:registrations", Role.FRONTOFFICE, "q", "page_obj"),
        ("employers:list", Role.WERKMAKELAAR, "q", "page_obj"),
        ("employers:vacancies", Role.WERKMAKELAAR, "q", "page_obj"),
        ("employers:vacancies", Role.WERKMAKELAAR, "place", "page_obj"),
        ("employers:vacancy_add", Role.WERKMAKELAAR, "q", "page_obj"),
        ("accounts:users", Role.BEHEERDER, "q", "page_obj"),
        ("accounts:log", Role.BEHEERDER, "user", "page_obj"),
    ],
)
def test_a_search_that_is_too_short_says_so_and_finds_nothing(client, url, role, name, shown) -> None:
    factories.CandidateFactory(first_name="Jan")
    factories.VacancyFactory(title="Jager", city="Joure")
    client.force_login(factories.staff(role))
    response = client.get(reverse(url), {name: "j"})
    assert SHORT in response.content.decode()
    assert len(response.context[shown]) == 0


def test_users_are_found_by_folded_name_and_whole_address() -> None:
    user = factories.UserFactory(name="Daniëlle van ’t Hof", email="danielle@maatwerq.nl")
    assert list(User.objects.search("danielle vt hof")) == [user]
    assert list(User.objects.search("DANIELLE@maatwerq.nl")) == [user]


def test_an_organisation_without_a_place_is_found() -> None:
    organisation = factories.EmployerOrganisationFactory(name="Zorggroep ’t Hôf-Wijhe", city="")
    assert list(Organisation.objects.search("zorggroep hof wijhe")) == [organisation]


def test_the_most_alike_come_first_and_of_two_letters_nobody_is_more_alike() -> None:
    for first, last in (("Jan", "Zwart"), ("Janneke", "Aalbers"), ("Jasper", "Mol")):
        factories.CandidateFactory(first_name=first, name_prefix="", last_name=last)

    def found(text: str) -> list[str]:
        rows = Term.of(text).closest(Candidate.objects.search(text), "last_name", "pk")
        return [row.first_name for row in rows]

    assert found("Jan") == ["Jan", "Janneke"]
    assert found("ja") == ["Janneke", "Jasper", "Jan"]


def test_a_joined_file_is_found_as_the_one_that_was_kept_and_never_itself() -> None:
    kept = factories.CandidateFactory(first_name="Sanne", name_prefix="", last_name="Vermeer")
    factories.CandidateFactory(first_name="Zanneke", name_prefix="", last_name="Vermeer", joined_into=kept)
    assert list(Candidate.objects.search("Zanneke")) == [kept]
    assert list(Candidate.objects.search("Vermeer")) == [kept]
