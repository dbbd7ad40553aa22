"""An edit anywhere is in the facts at once, whoever makes it, by whatever way."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.conf import settings
from django.db import connection

from accounts.models.reference import WorkLoad
from employers.models import Employer, FunctionLoad, FunctionProfile, IntakeDate, Stream, Vacancy
from matching import criteria
from matching.actions import LOAD_CODES
from matching.models import FunctionDemand, FunctionSkill, Place, Skill, VacancyFact
from matching.models.skill import tokens
from matching.places import CELL, cell_of
from matching.rows import day_number
from tests import factories

pytestmark = pytest.mark.django_db


def fact(vacancy: Vacancy) -> VacancyFact:
    return VacancyFact.objects.get(pk=vacancy.pk)


def test_a_new_vacancy_has_facts() -> None:
    vacancy = factories.VacancyFactory(starts_on=date(2027, 2, 1), hours_min=16, hours_max=24)
    row = fact(vacancy)
    assert (row.is_open, row.kind_id, row.branch_id) == (True, vacancy.kind_of_place_id, vacancy.function.branch_id)
    assert (row.hours_min, row.hours_max, row.seats_free, row.scope) == (16, 24, 2, 0)
    assert (row.start_1, row.has_intakes) == (day_number(date(2027, 2, 1)), False)
    place = Place.objects.get(pk=8131)
    assert (row.x, row.y, row.cell) == (place.x, place.y, cell_of(place.x, place.y, CELL))


def test_every_way_of_editing_is_followed() -> None:
    vacancy = factories.VacancyFactory()
    Vacancy.objects.filter(pk=vacancy.pk).update(seats_free=1, status="gesloten", postcode="7411 AB")
    assert (fact(vacancy).seats_free, fact(vacancy).is_open) == (1, False)
    assert fact(vacancy).x == Place.objects.get(pk=7411).x
    with connection.cursor() as cursor:
        cursor.execute("UPDATE employers_functionprofile SET level = 5, needs_licence = true")
    assert (fact(vacancy).level, fact(vacancy).needs_licence) == (5, True)
    assert fact(vacancy).must_bits == criteria.BY_CODE["licence"].mask
    Employer.objects.update(has_quiet_place=True)
    assert fact(vacancy).offers_quiet_place
    FunctionLoad.objects.create(function=vacancy.function, load="tillen", level=3)
    assert fact(vacancy).load_lifting == 3
    vacancy.function.loads.all().delete()
    assert fact(vacancy).load_lifting == 0


def test_demands_and_skills_are_followed() -> None:
    vacancy, skill = factories.VacancyFactory(), Skill.objects.get(name="Lassen")
    FunctionDemand.objects.create(function=vacancy.function, must_bits=4, weekdays=31)
    asked = FunctionSkill.objects.create(function=vacancy.function, skill=skill, level=2)
    row = fact(vacancy)
    assert (row.must_bits, row.weekdays, row.want_total) == (4, 31, 2)
    assert row.want_tokens == tokens({skill.pk: 2})
    asked.delete()
    assert fact(vacancy).want_tokens == []


def test_intakes_from_the_start_on_are_the_moments_to_start() -> None:
    project = factories.ProjectFactory()
    vacancy = factories.VacancyFactory(project=project, starts_on=date(2027, 1, 15))
    assert (fact(vacancy).scope, fact(vacancy).has_intakes) == (1, False)
    days = [date(2027, 9, 1), date(2027, 2, 1), date(2026, 9, 1)]
    IntakeDate.objects.bulk_create([IntakeDate(project=project, on=day) for day in days])
    row = fact(vacancy)
    assert (row.has_intakes, row.start_3) == (True, None)
    assert (row.start_1, row.start_2) == (day_number(date(2027, 2, 1)), day_number(date(2027, 9, 1)))
    project.intake_dates.all().delete()
    assert not fact(vacancy).has_intakes


def test_of_many_intakes_the_last_four_count_so_that_past_ones_take_no_room() -> None:
    project = factories.ProjectFactory()
    vacancy = factories.VacancyFactory(project=project, starts_on=date(2024, 1, 15))
    days = [date(year, month, 1) for year in (2024, 2025, 2026, 2027) for month in (2, 9)]
    IntakeDate.objects.bulk_create([IntakeDate(project=project, on=day) for day in days])
    row = fact(vacancy)
    assert [row.start_1, row.start_2, row.start_3, row.start_4] == [day_number(day) for day in days[-4:]]


@pytest.mark.parametrize(("number", "scope"), [(1, 2), (2, 3), (3, 3)])
def test_the_stream_says_which_outcome_of_r2_counts(number: int, scope: int) -> None:
    assert fact(factories.VacancyFactory(stream=Stream.objects.get(number=number))).scope == scope


@pytest.mark.parametrize("postcode", ["", "0000 AA", "abcd", "9999 ZZ"])
def test_an_unknown_place_is_unknown_and_not_lost(postcode: str) -> None:
    row = fact(factories.VacancyFactory(postcode=postcode))
    assert (row.x, row.y, row.cell) == (None, None, 0)


def test_a_corrected_point_is_followed_by_vacancies_and_profiles() -> None:
    vacancy, profile = factories.VacancyFactory(), factories.ConfirmedProfileFactory()
    Place.objects.filter(pk=8131).update(x=21_000, y=48_800)
    profile.refresh_from_db()
    assert (fact(vacancy).x, fact(vacancy).y) == (21_000, 48_800)
    assert (profile.x, profile.y) == (21_000, 48_800)


def test_facts_go_with_their_vacancy() -> None:
    vacancy = factories.VacancyFactory()
    Vacancy.objects.filter(pk=vacancy.pk).delete()
    assert not VacancyFact.objects.filter(pk=vacancy.pk).exists()
    assert FunctionProfile.objects.filter(pk=vacancy.function_id).exists()


def test_bits_and_codes_in_the_triggers_are_those_of_the_criteria() -> None:
    folder = settings.BASE_DIR / "matching" / "sql"
    facts, keys = ((folder / f"matching_{name}.sql").read_text("utf-8") for name in ("refresh", "profile_keys"))
    reads = {
        "kind": "AND cardinality(NEW.kind_ids)",
        "branch": "AND cardinality(NEW.branch_ids)",
        "distance": "AND NEW.x",
    }
    found = {code: re.findall(rf"must_bits & (\d+) <> 0 {re.escape(then)}", keys) for code, then in reads.items()}
    found["licence"] = re.findall(r"WHEN f.needs_licence THEN (\d+) ELSE 0", facts)
    assert found == {code: [str(criteria.BY_CODE[code].mask)] for code in found}
    assert dict(re.findall(r"load = '(\w+)'\) AS (\w+)", facts)) == LOAD_CODES
    assert set(LOAD_CODES) == set(WorkLoad.values)
    assert tuple(LOAD_CODES.values()) == criteria.LOADS
