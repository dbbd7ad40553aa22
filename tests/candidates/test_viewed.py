"""`/mijn/bekeken/`: the person reads who looked, as what, for whom, at what and when; and nobody else's."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.models import Page, Reading, Role
from candidates.viewed import PLAIN
from tests.factories import CandidateFactory, EmployerFactory, candidate_user, representative, staff
from topjob import clock

HERE = "/mijn/bekeken/"


@pytest.fixture
def me(db):
    return CandidateFactory(user=candidate_user())


def looked(reader, *people, page="startplan", on=date(2026, 3, 2), **facts) -> Reading:
    with clock.at(on, 10):
        values = {"at": clock.now(), "actor": reader, "party": "medewerker", "page": page, "people": list(people)}
        return Reading.objects.create(**values | facts)


def told(browser, me, **query) -> str:
    answer = browser(me.user).get(HERE, query)
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    return answer.content.decode()


def test_name_function_organisation_what_and_when(browser, me) -> None:
    reader = staff(Role.REGISSEUR)
    contact = representative(EmployerFactory().organisation)
    looked(reader, me.pk)
    looked(contact, me.pk, page="voorstel", party="werkgever")
    text = told(browser, me)
    assert reader.name in text and "Regisseur, Top Job" in text and "Je startplan" in text and "2 mrt 2026" in text
    company = contact.memberships.get().organisation.name
    assert f"Werkgever, {company}" in text and "Wat jij met dit bedrijf deelt" in text


def test_the_start_page_leads_here(browser, me) -> None:
    assert f'href="{HERE}"' in browser(me.user).get("/mijn/").content.decode()


def test_what_somebody_looks_at_themself_and_what_is_of_others_isn_t_there(browser, me) -> None:
    other = staff(Role.REGISSEUR)
    looked(me.user, me.pk)
    looked(other, CandidateFactory().pk)
    told(browser, me)
    assert "Nog niemand keek" in told(browser, me) and other.name not in told(browser, me)


def test_a_list_says_that_one_was_on_it_and_a_link_says_whose(browser, me) -> None:
    looked(staff(Role.FRONTOFFICE), CandidateFactory().pk, me.pk, page="aanmeldingen")
    looked(None, me.pk, party="vertegenwoordiger")
    text = told(browser, me)
    assert "Een lijst van aanmeldingen, met jou erop" in text and "Je ouder of voogd" in text


def test_the_same_on_one_day_is_told_once(browser, me) -> None:
    reader = staff(Role.REGISSEUR)
    for _time in range(3):
        looked(reader, me.pk)
    assert told(browser, me).count(reader.name) == 1 and "3 keer die dag" in told(browser, me)


def test_looks_at_a_file_that_was_joined_count_as_well(browser, me) -> None:
    old = CandidateFactory(joined_into=me)
    reader = staff(Role.FRONTOFFICE)
    looked(reader, old.pk)
    assert reader.name in told(browser, me)


def test_many_looks_are_leafed_through_in_the_same_few_questions(browser, me, django_assert_num_queries) -> None:
    for number in range(60):
        looked(staff(Role.REGISSEUR), me.pk, on=date(2026, 3, 1 + number % 28))
    page = browser(me.user)
    page.get(HERE)
    with django_assert_num_queries(8):
        text = page.get(HERE).content.decode()
    assert "Ouder" in text and "Nieuwste" not in text
    older = Reading.objects.order_by("-pk")[49].pk
    text = told(browser, me, voor=older)
    assert text.count('data-label="Wie"') <= 12 and "Nieuwste" in text


@pytest.mark.parametrize("strange", ["0", "-1", "abc", "9" * 40, "\x00"])
def test_a_strange_place_to_leaf_to_is_no_error(browser, me, strange) -> None:
    told(browser, me, voor=strange)


def test_every_kind_of_page_has_plain_words() -> None:
    assert set(PLAIN) == set(Page)


def test_nobody_else_opens_it(browser) -> None:
    assert browser(staff(Role.REGISSEUR)).get(HERE).status_code == 404
