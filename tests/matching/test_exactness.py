"""Python, SQL and NumPy give the same ids, order and scores; nothing that passes is missed."""

from __future__ import annotations

import random
from datetime import date

import pytest
from django.db import connection

from benchmarks import world
from benchmarks.exactness import Tables, compare_people, compare_vacancies

pytestmark = pytest.mark.django_db
SEED, ROWS, QUERIES = 20261124, 120, 150


@pytest.fixture
def tables() -> Tables:
    """Random people and vacancies in tables of this connection alone, which stand before the real ones."""
    return Tables.filled(random.Random(SEED), ROWS, connection)


def test_every_rendering_gives_the_same_vacancies_for_a_person(tables: Tables) -> None:
    random_ = random.Random(SEED + 1)
    mismatches = [compare_vacancies(tables, world.person(random_), random_) for _ in range(QUERIES)]
    assert [found for found in mismatches if found] == []


def test_every_rendering_gives_the_same_people_for_a_vacancy(tables: Tables) -> None:
    random_ = random.Random(SEED + 2)
    mismatches = [compare_people(tables, world.vacancy(random_), random_) for _ in range(QUERIES)]
    assert [found for found in mismatches if found] == []


def test_input_order_never_matters(tables: Tables) -> None:
    random_ = random.Random(SEED + 3)
    turned = tables.in_another_order(random_)
    person = world.person(random_, must=0)
    assert tables.numpy_vacancies(person, 50) == turned.numpy_vacancies(person, 50)


def test_days_are_counted_from_the_same_day() -> None:
    assert (date(2026, 11, 24) - date(1970, 1, 1)).days == world.TODAY
