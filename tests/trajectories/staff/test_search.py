"""Going to a person, employer or vacancy by a few letters."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import Role
from tests import factories

pytestmark = pytest.mark.usefixtures("db")
URL = reverse("trajectories:search")


@pytest.fixture
def person(client):
    client.force_login(factories.staff(Role.REGISSEUR))
    for number in range(3):
        factories.CandidateFactory(first_name=f"Piet{number}", last_name="Hollander")
    return factories.CandidateFactory(
        first_name="Sanne", name_prefix="van der", last_name="Veen", birth_date=date(2006, 3, 12), phone="+31612345678"
    )


def people(client, q: str) -> list:
    response = client.get(URL, {"q": q})
    assert response.status_code == 200
    return response.context["people"]


@pytest.mark.parametrize(
    "q",
    [
        "Veen",
        "sanne van der veen",
        "van der Veen",
        "Sane Veen",
        "veeen",
        "12-3-2006",
        "12/03/2006",
        "2006-03-12",
        "06 12345678",
        "0612345678",
        "+31 6 1234 5678",
        "12345678",
        "  Veen  ",
        "van der",
        "vd veen",
    ],
)
def test_a_person_is_found(client, person, q) -> None:
    assert people(client, q)[:1] == [person]


@pytest.mark.parametrize("q", ["", "   ", "31-02-2006", "99-99-9999", "\x00", "xqzzy", "%", "0000000000", "'; --"])
def test_nothing_is_found_and_nothing_breaks(client, person, q) -> None:
    assert people(client, q) == []


def test_long_and_strange_input(client, person) -> None:
    for q in ("x" * 5000, "é" * 200, "😀", "\\", "a" * 90 + " veen"):
        assert client.get(URL, {"q": q}).status_code == 200


def test_the_closest_name_comes_first(client, person) -> None:
    factories.CandidateFactory(first_name="Sanneke", last_name="Veenstra")
    assert people(client, "Sanne Veen")[0] == person


def test_employers_and_vacancies_are_found_too(client, person) -> None:
    vacancy = factories.VacancyFactory(title="Stratenmaker in Raalte")
    page = client.get(URL, {"q": "stratenmaker"})
    assert page.context["vacancies"][0] == vacancy
    name = vacancy.employer.organisation.name
    assert client.get(URL, {"q": name}).context["employers"] == [vacancy.employer]


def test_only_what_somebody_may_see(client, person) -> None:
    vacancy = factories.VacancyFactory(title="Veenwerker")
    for user, sees in (
        (factories.staff(Role.REGISSEUR, region_code="29"), []),
        (factories.staff(Role.JOBCOACH), []),
        (factories.staff(Role.BEHEERDER), []),
    ):
        client.force_login(user)
        assert people(client, "Veen") == sees
    assert client.get(URL, {"q": "Veen"}).context["vacancies"] == [vacancy]
    for user in (factories.UserFactory(), factories.representative(vacancy.employer.organisation)):
        client.force_login(user)
        assert client.get(URL, {"q": "Veen"}).status_code == 404


def test_it_asks_a_fixed_number_of_queries(client, person, django_assert_max_num_queries) -> None:
    people(client, "Hollander")
    with django_assert_max_num_queries(8):
        assert len(people(client, "Hollander")) == 3
    for number in range(10):
        factories.CandidateFactory(first_name=f"Riet{number}", last_name="Hollander")
    with django_assert_max_num_queries(8):
        assert len(people(client, "Hollander")) == 12


def test_while_typing_only_what_was_found_is_sent(client, person) -> None:
    page = client.get(URL, {"q": "Veen"}, headers={"hx-request": "true"}).content.decode()
    assert "Sanne" in page and "<html" not in page and "<main" not in page
