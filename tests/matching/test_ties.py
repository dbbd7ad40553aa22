"""Equals in a ranking: longest waiting or soonest start first, then by lot; who was registered first has no advantage."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import permutations

import numpy as np
import pytest
from django.db import connection
from django.urls import reverse

from accounts.models import Role
from benchmarks import pair, world
from benchmarks.exactness import DAY, SEED, WEIGHTS, Tables, compare_people, compare_vacancies
from matching import actions, pairs, results, search, ties, tips
from matching.models import MatchDecision, MatchRun, SearchProfile
from matching.rows import person_row, vacancy_row
from matching.weights import current
from tests import factories
from topjob import clock

pytestmark = pytest.mark.django_db


def led_by(found: list[search.Hit]) -> int:
    return found[0].pk


def test_two_searches_with_equal_totals_do_not_both_prefer_the_vacancy_that_was_there_first() -> None:
    equal = [factories.VacancyFactory().pk for _ in range(3)]
    person, today = person_row(factories.ConfirmedProfileFactory()), clock.today()
    seeds = [ties.seed_of("vacancies", number, today) for number in range(60)]
    found = [search.run(search.vacancies_for(person, current(), today=today, seed=seed)) for seed in seeds]
    assert {len({hit.total for hit in hits}) for hits in found} == {1}
    assert {led_by(hits) for hits in found} == set(equal)


def test_of_people_with_equal_totals_the_longest_waiting_goes_first_and_not_who_registered_first() -> None:
    vacancy, today = factories.VacancyFactory(), clock.today()
    unknown, short, long = (factories.ConfirmedProfileFactory() for _ in range(3))
    for profile, days in ((unknown, None), (short, 20), (long, 200)):
        profile.searching_since = None if days is None else today - timedelta(days=days)
        profile.save(update_fields=["searching_since"])
    order = [
        [hit.pk for hit in search.run(search.people_for(vacancy_row(vacancy.fact), current(), today=today, seed=seed))]
        for seed in range(8)
    ]
    assert order == [[long.candidate_id, short.candidate_id, unknown.candidate_id]] * 8


def test_of_vacancies_with_equal_totals_the_soonest_start_goes_first() -> None:
    today = clock.today()
    late, soon, past = (
        factories.VacancyFactory(starts_on=today + timedelta(days=days), closes_on=None) for days in (60, 10, -5)
    )
    profile = factories.ConfirmedProfileFactory(start_from=None, start_until=None)
    found = search.run(search.vacancies_for(person_row(profile), current(), today=today, seed=1))
    assert len({hit.total for hit in found}) == 1
    assert [hit.pk for hit in found] == [past.pk, soon.pk, late.pk]


def test_the_order_is_stable_within_a_run_and_when_more_is_shown() -> None:
    for _ in range(6):
        factories.VacancyFactory()
    profile, today, known = factories.ConfirmedProfileFactory(), clock.today(), results.reference()
    few, same, more = ([row.pk for row in results.vacancies(profile, known, today, {"shown": n})] for n in (3, 3, 6))
    assert few == same == more[:3]
    assert len(more) == 6


def test_the_lot_favours_nobody_among_neighbours() -> None:
    """Every order of three ids that follow each other comes up about as often."""
    counts = dict.fromkeys(permutations((41, 42, 43)), 0)
    for seed in range(3000):
        counts[tuple(sorted((41, 42, 43), key=lambda key: ties.place(seed, key)))] += 1
    assert all(400 < count < 600 for count in counts.values()), counts


def test_the_three_renderings_draw_the_same_lots() -> None:
    keys = [1, 2, 3, 41, ties.PRIME - 1, ties.PRIME, ties.PRIME + 1, 2**40 + 7, 2**62]
    for seed in (0, 1, SEED, ties.seed_of("nacht", None, "2026-11-28")):
        drawn = [ties.place(seed, key) for key in keys]
        assert ties.places(seed, np.array(keys, dtype=np.int64)).tolist() == drawn
        with connection.cursor() as cursor:
            rows = ", ".join(f"({key}::bigint)" for key in keys)
            cursor.execute(f"SELECT {ties.place_sql(seed, 'k.key')} FROM (VALUES {rows}) k (key)")
            assert [value for (value,) in cursor.fetchall()] == drawn


def test_the_three_renderings_order_equals_alike(temporary_tables: None) -> None:
    """People and vacancies of which many are equal in everything but the waiting, the start and the id."""
    random_ = random.Random(SEED)
    keys = random_.sample(range(1, 600), 60)
    days = [None, world.TODAY - 30, world.TODAY - 30, world.TODAY - 400]
    people = [(key, {**pair.PERSON, "searching_since": random_.choice(days)}) for key in keys]
    vacancies = [(key, {**pair.VACANCY, **_start(random_)}) for key in keys]
    alike = Tables.stored(people, vacancies, connection)
    assert compare_people(alike, [pair.VACANCY], 50) == []
    assert compare_vacancies(alike, [pair.PERSON], 50) == []
    hits = search.run(search.vacancies_for(pair.PERSON, WEIGHTS, today=DAY, seed=SEED))
    assert len({hit.total for hit in hits}) < len(hits) / 4


def _start(random_: random.Random) -> dict[str, object]:
    first = world.TODAY + random_.choice((-5, 31, 40))
    if random_.random() < 0.5:
        return {"start_1": first}
    return {"has_intakes": True, "start_1": first, "start_2": world.TODAY + 40, "start_3": None, "start_4": None}


def test_waiting_counts_from_the_first_day_of_looking_for_work_in_a_trajectory() -> None:
    profile = factories.ConfirmedProfileFactory(is_available=False)
    began = clock.today()

    def since(day: date, *, available: bool, case_since: date = began) -> date | None:
        with clock.at(day):
            actions.set_available(profile.candidate, available, case_since=case_since)
        return SearchProfile.objects.get(pk=profile.pk).searching_since

    first, later, again = (began + timedelta(days=days) for days in (5, 40, 400))
    assert since(first, available=True) == first
    assert since(later, available=False) == first
    assert since(later, available=True) == first
    assert since(again, available=True, case_since=again) == again


def test_the_seed_is_kept_with_the_run_and_with_the_decision() -> None:
    profile, vacancy = factories.ConfirmedProfileFactory(), factories.VacancyFactory()
    broker = factories.staff(Role.WERKMAKELAAR)
    kept = {tips.nightly().seed, tips.for_profile(profile.pk).seed, tips.for_vacancy(vacancy.pk).seed}
    assert len(kept) == 3 and 0 not in kept
    assert set(MatchRun.objects.values_list("seed", flat=True)) == kept
    decision = actions.decide(profile.candidate, vacancy, MatchDecision.Decision.DISCUSSED, by=broker)
    seed = ties.seed_of("vacancies", profile.candidate_id, clock.today())
    assert MatchDecision.objects.get(pk=decision.pk).inputs["query"]["seed"] == seed
    assert decision.rank == 1


def test_the_rank_of_an_equal_is_its_place_in_the_list() -> None:
    vacancies = [factories.VacancyFactory() for _ in range(4)]
    profile, today = factories.ConfirmedProfileFactory(), clock.today()
    shown = [row.pk for row in results.vacancies(profile, results.reference(), today, {})]
    by_rank = {pairs.pair_of(profile.candidate, vacancy).rank(): vacancy.pk for vacancy in vacancies}
    assert [by_rank[rank] for rank in (1, 2, 3, 4)] == shown


def test_how_equals_are_ordered_is_published(client) -> None:
    page = client.get(reverse("matching:how_it_works")).content.decode()
    assert "langst zoekt" in page and "geloot" in page and "geen voorrang" in page
    assert "oudste bovenaan" not in page
