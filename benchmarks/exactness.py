"""The three renderings side by side, over tables of random rows."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from benchmarks import world
from matching import columns, places, scoring, search, weights
from matching.expressions import Row
from matching.models import SearchProfile, VacancyFact
from matching.rows import DATES, EPOCH, query_row
from matching.ties import before

SEED = 20_261_128
DAY = EPOCH + timedelta(days=world.TODAY)
Result = list[tuple[int, int, dict[str, int]]]
# Some kinds of place have weights of their own, some criteria count for nothing.
WEIGHTS = weights.from_rows(
    [
        (None, "branch", 30, 0),
        (2, "distance", 0, 5),
        (2, "skills", 40, 40),
        (5, "distance", 0, 5),
        (5, "skills", 40, 40),
        (7, "load", 90, 3),
        (9, "start", 0, 100),
    ]
)


def store(connection: Any, table: str, rows: Iterable[dict[str, Any]]) -> None:
    """Put rows in a temporary table of the same shape, which stands before the real one in this connection."""
    rows = list(rows)
    names = ", ".join(rows[0])
    marks = ", ".join(["%s"] * len(rows[0]))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {table} (LIKE public.{table} INCLUDING DEFAULTS INCLUDING INDEXES)")
        required = "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnotnull AND attnum > 0"
        cursor.execute(required, [f"pg_temp.{table}"])
        for (name,) in cursor.fetchall():
            if name not in rows[0]:
                cursor.execute(f"ALTER TABLE pg_temp.{table} ALTER {name} DROP NOT NULL")
        values = [tuple(list(v) if isinstance(v, tuple) else v for v in row.values()) for row in rows]
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)
        cursor.execute(f"ANALYZE {table}")


def cell_of_row(row: Row) -> int:
    x, y = row["x"], row["y"]
    return places.cell_of(x, y, places.CELL) if isinstance(x, int) and isinstance(y, int) else 0


def profile_columns(key: int, row: dict[str, Any]) -> dict[str, Any]:
    """A profile as it stands in the database; the keys are made by the same trigger as the real ones'."""
    dates = {name: None if row[name] is None else EPOCH + timedelta(days=row[name]) for name in DATES}
    return {"id": key, "candidate_id": key, "version": 1, "status": "bevestigd", **row, **dates}


@dataclass
class Tables:
    people: list[tuple[int, Row]]
    vacancies: list[tuple[int, Row]]

    def __post_init__(self) -> None:
        self.people_table = columns.Table.of(self.people)
        self.vacancies_table = columns.Table.of(self.vacancies)

    @classmethod
    def filled(cls, random_: random.Random, size: int, connection: Any) -> Tables:
        """Random rows, ids out of order, in Python and in temporary tables."""
        keys = random_.sample(range(1, 10 * size), size)
        people = [(key, world.person(random_)) for key in keys]
        vacancies = [(key, world.vacancy(random_)) for key in keys]
        return cls.stored(people, vacancies, connection)

    @classmethod
    def stored(cls, people: list[tuple[int, Row]], vacancies: list[tuple[int, Row]], connection: Any) -> Tables:
        """These rows, also in the temporary tables."""
        facts = [{"vacancy_id": key, "cell": cell_of_row(row), **row} for key, row in vacancies]
        store(connection, VacancyFact._meta.db_table, facts)
        profiles = SearchProfile._meta.db_table
        store(connection, profiles, [profile_columns(key, row) for key, row in people])
        with connection.cursor() as cursor:
            cursor.execute(
                f"CREATE TRIGGER keys BEFORE UPDATE ON pg_temp.{profiles} FOR EACH ROW"
                " EXECUTE FUNCTION matching_profile_keys()"
            )
            cursor.execute(f"UPDATE {profiles} SET version = 1")
        return cls(people, vacancies)

    def in_another_order(self, random_: random.Random) -> Tables:
        return Tables(
            random_.sample(self.people, len(self.people)), random_.sample(self.vacancies, len(self.vacancies))
        )

    def numpy_vacancies(self, people: list[Row], limit: int) -> list[Result]:
        """The best vacancies of these people, all at once."""
        table = columns.Table.of(enumerate(people))
        pairs = columns.AllPairs(table, self.vacancies_table, WEIGHTS, query_row(DAY, SEED))
        return [_from_columns(found) for found in pairs.best(limit, scores=True)]

    def numpy_people(self, vacancies: list[Row], limit: int) -> list[Result]:
        """The best people for these vacancies, all at once."""
        table = columns.Table.of(enumerate(vacancies))
        pairs = columns.AllPairs(self.people_table, table, WEIGHTS, query_row(DAY, SEED), side=scoring.EMPLOYER)
        return [_from_columns(found) for found in pairs.best(limit, scores=True)]

    def python_vacancies(self, person: Row, limit: int) -> Result:
        """Brute force: every pair."""
        query = query_row(DAY, SEED)
        judged = [
            (key, scoring.judge(person, row, query, WEIGHTS.for_kind(kind(row))), before("vacancy", row, query, key))
            for key, row in self.vacancies
        ]
        return _listed(judged, limit)

    def python_people(self, vacancy: Row, limit: int) -> Result:
        query, own = query_row(DAY, SEED), WEIGHTS.for_kind(kind(vacancy))
        judged = [
            (key, scoring.judge(row, vacancy, query, own, scoring.EMPLOYER), before("person", row, query, key))
            for key, row in self.people
        ]
        return _listed(judged, limit)


def kind(row: Row) -> int:
    value = row["kind_id"]
    assert isinstance(value, int)
    return value


def _listed(judged: list[tuple[int, scoring.Verdict, scoring.Ties]], limit: int) -> Result:
    return [(key, verdict.total, verdict.scores) for key, verdict in scoring.ranked(judged, limit)]


def _as_result(hits: list[search.Hit]) -> Result:
    return [(hit.pk, hit.total, hit.scores) for hit in hits]


def _from_columns(found: columns.Found) -> Result:
    rows = zip(found.ids.tolist(), found.totals.tolist(), strict=True)
    return [
        (key, total, {code: int(values[place]) for code, values in found.scores.items()})
        for place, (key, total) in enumerate(rows)
    ]


def compare_vacancies(tables: Tables, people: list[Row], limit: int) -> list[str]:
    """What differs for these people; nothing when the three renderings agree."""
    numpy = tables.numpy_vacancies(people, limit)
    differences = []
    for person, columns_ in zip(people, numpy, strict=True):
        statement = search.vacancies_for(person, WEIGHTS, today=DAY, seed=SEED, limit=limit)
        found = {"SQL": _as_result(search.run(statement)), "NumPy": columns_}
        differences += _differences(tables.python_vacancies(person, limit), found, person)
    return differences


def compare_people(tables: Tables, vacancies: list[Row], limit: int) -> list[str]:
    """What differs for these vacancies; nothing when the three renderings agree."""
    numpy = tables.numpy_people(vacancies, limit)
    differences = []
    for vacancy, columns_ in zip(vacancies, numpy, strict=True):
        statement = search.people_for(vacancy, WEIGHTS, today=DAY, seed=SEED, limit=limit)
        found = {"SQL": _as_result(search.run(statement)), "NumPy": columns_}
        differences += _differences(tables.python_people(vacancy, limit), found, vacancy)
    return differences


def _differences(expected: Result, found: dict[str, Result], row: Row) -> list[str]:
    return [
        f"{name} differs for {row}: {result[:3]} instead of {expected[:3]}"
        for name, result in found.items()
        if result != expected
    ]


def recalled(tables: Tables, people: list[Row], limit: int) -> list[float]:
    """For each person, the share of what brute force finds that the live search finds too."""
    shares = []
    for person in people:
        expected = {key for key, _total, _scores in tables.python_vacancies(person, limit)}
        found = {hit.pk for hit in search.run(search.vacancies_for(person, WEIGHTS, today=DAY, seed=SEED, limit=limit))}
        shares.append(len(expected & found) / len(expected) if expected else 1.0)
    return shares
