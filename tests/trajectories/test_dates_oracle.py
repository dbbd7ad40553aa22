"""Every date rule against an independent count: 20,000 random cases here, a million with `make bench-dates`."""

from __future__ import annotations

import random
from datetime import date

import pytest
from django.db import connection

from benchmarks import dates, oracle
from trajectories.process import periods

CASES = 20_000


@pytest.mark.parametrize("name", dates.RULES)
def test_the_product_agrees_with_an_independent_count(name: str) -> None:
    assert list(dates.mismatches(dates.RULES[name], CASES))[:5] == []


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ((2025, 11, 28), (2026, 2, 27)),
        ((2025, 11, 29), (2026, 2, 28)),
        ((2025, 11, 30), (2026, 2, 28)),
        ((2025, 12, 1), (2026, 2, 28)),
        ((2026, 1, 31), (2026, 4, 30)),
        ((2027, 11, 29), (2028, 2, 28)),
        ((2027, 11, 30), (2028, 2, 29)),
    ],
)
def test_decision_9_the_count_itself_gives_the_examples_that_were_agreed(start: oracle.Day, end: oracle.Day) -> None:
    assert oracle.last_day(start, 3) == end
    assert oracle.last_day((2028, 2, 29), 12) == (2029, 2, 28)


def test_the_count_knows_its_days() -> None:
    """Counted one by one through four centuries, and against a few days that people know."""
    assert oracle.number((1, 1, 1)) == 1 and oracle.number((2026, 11, 24)) == date(2026, 11, 24).toordinal()
    assert oracle.last_sunday(2026, 3) == oracle.number((2026, 3, 29))
    assert oracle.last_sunday(2026, 10) == oracle.number((2026, 10, 25))
    day: oracle.Day = (1799, 12, 31)
    for expected in range(oracle.number(day) + 1, oracle.number((2200, 1, 1)) + 1):
        day = oracle.next_day(day)
        assert oracle.number(day) == expected and oracle.day_before(oracle.next_day(day)) == day
    assert day == (2200, 1, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda day, months: periods.months_after(day, months),
        lambda day, months: periods.months_after(day, months) - periods.ONE_DAY,
        lambda day, months: [day := periods.months_after(day, 1) for _ in range(months)][-1] - periods.ONE_DAY,
    ],
    ids=["a day too long", "short at the month's end", "chained months"],
)
def test_a_usual_mistake_would_be_seen(wrong, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(periods, "period_end", wrong)
    assert len(list(dates.mismatches(dates.three_months, 2_000))) > 10


@pytest.mark.django_db
def test_r6_postgresql_counts_the_same() -> None:
    """The constraint that guards trial and startplan uses the database's own count."""
    dice = random.Random(dates.SEED)
    cases = [(dates.some_day(dice), dice.randrange(1, 37)) for _ in range(CASES)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT topjob_period_end(d, m) FROM unnest(%s::date[], %s::int[]) WITH ORDINALITY AS x(d, m, n) ORDER BY n",
            [[dates.as_date(day) for day, _months in cases], [months for _day, months in cases]],
        )
        said = [dates.as_day(row[0]) for row in cursor.fetchall()]
    assert said == [oracle.last_day(day, months) for day, months in cases]


@pytest.mark.django_db
def test_r17_postgresql_ends_the_dutch_day_at_the_same_instant() -> None:
    """The generated column from which a deadline is late."""
    dice = random.Random(dates.SEED)
    days = [dates.some_day(dice) for _ in range(CASES)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ((d + 1)::timestamp AT TIME ZONE 'Europe/Amsterdam') AT TIME ZONE 'UTC'"
            " FROM unnest(%s::date[]) WITH ORDINALITY AS x(d, n) ORDER BY n",
            [[dates.as_date(day) for day in days]],
        )
        said = [((row[0].year, row[0].month, row[0].day), row[0].hour) for row in cursor.fetchall()]
    assert said == [oracle.end_of_dutch_day(day) for day in days]


@pytest.mark.django_db
def test_r4_postgresql_knows_who_is_under_eighteen() -> None:
    """The trigger that asks for a legal representative uses the database's own age."""
    dice = random.Random(dates.SEED)
    cases = [dates.age(dice)[0] for _ in range(CASES)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(year FROM age(o, b))::int FROM unnest(%s::date[], %s::date[]) WITH ORDINALITY AS x(b, o, n)"
            " ORDER BY n",
            [[dates.as_date(born) for born, _on in cases], [dates.as_date(on) for _born, on in cases]],
        )
        said = [row[0] for row in cursor.fetchall()]
    assert said == [oracle.age(born, on) for born, on in cases]
