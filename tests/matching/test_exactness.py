"""Python, SQL and NumPy give the same ids, order and scores; nothing that passes is missed."""

from __future__ import annotations

import random
from datetime import date

import pytest
from django.db import connection

from benchmarks import world
from benchmarks.exactness import DAY, WEIGHTS, Tables, compare_people, compare_vacancies
from matching import columns, search
from matching.columns import AllPairs, Table, best_on
from matching.rows import query_row

pytestmark = pytest.mark.django_db
SEED, ROWS, QUERIES = 20261124, 80, 40


@pytest.fixture
def tables(temporary_tables: None) -> Tables:
    """Random people and vacancies in tables of this connection alone, which stand before the real ones."""
    return Tables.filled(random.Random(SEED), ROWS, connection)


@pytest.mark.parametrize(("limit", "must"), [(50, 0.15), (5, 0.05), (1, 0.3)])
def test_every_rendering_gives_the_same_vacancies_for_a_person(tables: Tables, limit: int, must: float) -> None:
    random_ = random.Random(SEED + limit)
    people = [world.person(random_, must=must) for _ in range(QUERIES)]
    assert compare_vacancies(tables, people, limit) == []


@pytest.mark.parametrize(("limit", "must"), [(50, 0.08), (5, 0.02), (1, 0.2)])
def test_every_rendering_gives_the_same_people_for_a_vacancy(tables: Tables, limit: int, must: float) -> None:
    random_ = random.Random(SEED + 10 + limit)
    vacancies = [world.vacancy(random_, must=must) for _ in range(QUERIES)]
    assert compare_people(tables, vacancies, limit) == []


def test_a_wide_search_leaves_out_only_what_cannot_count(tables: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    """With so much nearby that the floor is high."""
    monkeypatch.setattr(search, "NEARBY", 5_000)
    random_ = random.Random(SEED + 20)
    people = [{**world.person(random_, must=0), "is_available": True} for _ in range(QUERIES)]
    assert any(search.vacancies_for(row, WEIGHTS, today=DAY, seed=7).sample for row in people)
    assert compare_vacancies(tables, people, 3) == []


def test_input_order_never_matters(tables: Tables) -> None:
    random_ = random.Random(SEED + 3)
    turned = tables.in_another_order(random_)
    people = [world.person(random_, must=0) for _ in range(10)]
    assert tables.numpy_vacancies(people, 50) == turned.numpy_vacancies(people, 50)
    assert tables.python_vacancies(people[0], 50) == turned.python_vacancies(people[0], 50)


def test_several_processes_find_the_same(tables: Tables) -> None:
    sides = (tables.people_table, tables.vacancies_table, WEIGHTS, query_row(DAY))
    alone, together = AllPairs(*sides).best(5), best_on(2, *sides, 5)
    assert [found.ids.tolist() for found in alone] == [ids.tolist() for ids, _totals in together]


def test_looking_up_and_working_out_give_the_same(tables: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    sides = (tables.people_table, tables.vacancies_table, WEIGHTS, query_row(DAY))
    looked = AllPairs(*sides)
    monkeypatch.setattr(columns, "BIGGEST_TABLE", 0)
    worked = AllPairs(*sides)
    assert {type(part) for part in looked.parts.values()} != {type(part) for part in worked.parts.values()}
    assert [f.ids.tolist() for f in looked.best(9)] == [f.ids.tolist() for f in worked.best(9)]
    assert looked.passing().tolist() == worked.passing().tolist()
    for code, counts in looked.ruled_out().items():
        assert counts.tolist() == worked.ruled_out()[code].tolist()


def test_nobody_or_nothing_gives_nothing() -> None:
    nothing, query = Table.of([]), query_row(DAY)
    somebody = Table.of([(1, world.person(random.Random(1)))])
    assert list(AllPairs(nothing, nothing, WEIGHTS, query).best(5)) == []
    assert [len(found) for found in AllPairs(somebody, nothing, WEIGHTS, query).best(5)] == [0]


def test_days_are_counted_from_the_same_day() -> None:
    assert (date(2026, 11, 24) - date(1970, 1, 1)).days == world.TODAY
