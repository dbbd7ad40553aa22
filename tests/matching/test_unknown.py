"""What nobody recorded: counted by hand, alike in every rendering, last in the ranking, and an order of its own."""

from __future__ import annotations

import csv
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from accounts.models import Role
from benchmarks import mutants, world
from benchmarks.exactness import DAY, SEED, WEIGHTS, Tables, compare_people, compare_vacancies, kind
from benchmarks.pair import PERSON, QUERY, VACANCY
from matching import search, weights
from matching.briefly import BRIEFLY, obstacle
from matching.criteria import BY_CODE, WEIGHTED
from matching.expressions import Const, Expr, Row, evaluate
from matching.rows import query_row
from matching.scoring import EMPLOYER, MOST_UNKNOWN, judge
from matching.sentences import Facts, Names
from matching.sorting import BY, CERTAINTY, CHOICES, TOTAL
from matching.ties import before
from tests import factories
from tests.matching.test_criteria import BY_HAND, read

STANDARD = weights.standard()
TEXT = Path(__file__).with_name("unknown.csv").read_text(encoding="utf-8")
TABLE = list(csv.DictReader(TEXT.splitlines(), delimiter=";"))
YES = {"ja": True, "nee": False}


def rows_of(line: dict[str, str]) -> tuple[Row, Row, Row]:
    return {**PERSON, **_read(line["persoon"])}, {**VACANCY, **_read(line["vacature"])}, QUERY


def _read(text: str) -> dict[str, Any]:
    """As in the other table; a list with nothing in it is empty."""
    parts = text.split("|")
    nothing = {part[:-1]: () for part in parts if part.endswith("=")}
    return nothing | read("|".join(part for part in parts if not part.endswith("=")))


@pytest.mark.parametrize("line", TABLE, ids=lambda line: line["wat"])
def test_what_is_unknown_was_counted_by_hand(line: dict[str, str]) -> None:
    rows = rows_of(line)
    for side, ending in (("person", "persoon"), (EMPLOYER, "werkgever")):
        verdict = judge(*rows, BY_HAND, side)
        assert ",".join(verdict.unknown) == line["onbekend"]
        assert verdict.unknown_share == int(line[f"deel {ending}"])
        assert verdict.is_unsure == YES[line[f"achteraan voor {ending}"]]


def probes() -> list[tuple[tuple[Row, Row, Row], set[str]]]:
    return [(rows_of(line), set(filter(None, line["onbekend"].split(",")))) for line in TABLE]


@pytest.mark.parametrize("criterion", [c for c in WEIGHTED if not isinstance(c.unknown, Const)], ids=lambda c: c.code)
def test_every_planted_fault_is_noticed(criterion) -> None:
    alive = [words for words, changed in mutants.changes(criterion.unknown) if not _noticed(changed, criterion.code)]
    # A point is known whole or not at all.
    assert set(alive) <= {"x becomes y", "y becomes x"}, alive


def _noticed(changed: Expr, code: str) -> bool:
    try:
        return any(bool(evaluate(changed, *rows)) != (code in unknown) for rows, unknown in probes())
    except TypeError:
        return True


@pytest.mark.django_db
def test_every_rendering_puts_the_unsure_last(temporary_tables: None) -> None:
    random_ = random.Random(SEED)
    keys = random_.sample(range(1, 900), 90)
    people = [(key, _blurred(random_, world.person(random_, must=0))) for key in keys]
    tables = Tables.stored(people, [(key, world.vacancy(random_, must=0)) for key in keys], connection)
    seekers = [_blurred(random_, world.person(random_, must=0)) for _ in range(25)]
    asking = [world.vacancy(random_, must=0) for _ in range(25)]
    assert compare_vacancies(tables, seekers, 12) == []
    assert compare_people(tables, asking, 12) == []
    query = query_row(DAY, SEED)
    found = {judge(p, v, query, WEIGHTS.for_kind(kind(v)), EMPLOYER).is_unsure for _key, p in people for v in asking}
    assert found == {True, False}


def _blurred(random_: random.Random, person: dict[str, Any]) -> dict[str, Any]:
    """Half of the people left most of it open."""
    if random_.random() < 0.5:
        return person
    names = ("hours_min", "hours_max", "weekdays", "max_distance_km", "level", "start_from", "start_until")
    chosen = random_.sample(names, 5)
    return {**person, **dict.fromkeys(chosen), "skill_tokens": ()}


@pytest.mark.django_db
@pytest.mark.parametrize("sort", [name for name, _label in CHOICES])
def test_every_order_is_that_of_its_number(temporary_tables: None, sort: str) -> None:
    """SQL against Python's own sorting of every pair, for both directions."""
    random_ = random.Random(SEED)
    tables = Tables.filled(random_, 60, connection)
    query = query_row(DAY, SEED)
    for person in (world.person(random_, must=0) for _ in range(6)):
        found = search.run(search.vacancies_for(person, WEIGHTS, today=DAY, seed=SEED, sort=sort, limit=9))
        judged = [(key, person, v, judge(person, v, query, WEIGHTS.for_kind(kind(v)))) for key, v in tables.vacancies]
        assert [hit.pk for hit in found] == _sorted(sort, "vacancy", judged, query)
    for vacancy in (world.vacancy(random_, must=0) for _ in range(6)):
        own = WEIGHTS.for_kind(kind(vacancy))
        found = search.run(search.people_for(vacancy, WEIGHTS, today=DAY, seed=SEED, sort=sort, limit=9))
        judged = [(key, p, vacancy, judge(p, vacancy, query, own, EMPLOYER)) for key, p in tables.people]
        assert [hit.pk for hit in found] == _sorted(sort, "person", judged, query)


def _sorted(sort: str, offering: str, judged: list[Any], query: Row) -> list[int]:
    def number(person: Row, vacancy: Row, verdict: Any) -> int:
        if sort in (TOTAL, CERTAINTY):
            return verdict.is_unsure if sort == TOTAL else verdict.unknown_share
        return evaluate(BY[sort][offering], person, vacancy, query)

    def place(entry: Any) -> Any:
        key, person, vacancy, verdict = entry
        row = vacancy if offering == "vacancy" else person
        return number(person, vacancy, verdict), -verdict.total, before(offering, row, query, key)

    return [entry[0] for entry in sorted((e for e in judged if e[3].passes), key=place)][:9]


def test_what_stands_in_the_way_is_said_of_every_criterion_in_eight_words() -> None:
    random_, said = random.Random(SEED), set()
    assert set(BRIEFLY) == set(BY_CODE)
    for _ in range(3000):
        person, vacancy = world.person(random_), world.vacancy(random_)
        verdict = judge(person, vacancy, QUERY, STANDARD)
        for outs in ((), *((code,) for code in verdict.knock_outs)):
            said.add(
                obstacle(replace(verdict, knock_outs=outs), Facts(person, vacancy, QUERY, Names()), STANDARD.person)
            )
    assert all(len(words.split()) <= 8 for words in said)
    assert len(said) > 100


@pytest.mark.django_db
def test_the_place_of_the_unsure_is_published(client) -> None:
    page = client.get(reverse("matching:how_it_works"))
    assert "meer dan een derde van het gewicht" in page.text
    assert MOST_UNKNOWN == 1000 // 3


# --- On the page
@pytest.fixture
def broker(client):
    user = factories.staff(Role.WERKMAKELAAR)
    client.force_login(user)
    return user


@pytest.mark.django_db
def test_who_left_everything_open_does_not_rank_as_if_they_fitted(client, broker) -> None:
    vacancy = factories.VacancyFactory()
    open_ = {"hours_min": None, "hours_max": None, "max_distance_km": None, "level": None, "must_bits": 0}
    blank = factories.ConfirmedProfileFactory(**open_)
    known = factories.ConfirmedProfileFactory(level=0)
    page = client.get(reverse("matching:for_vacancy", args=[vacancy.pk]))
    first, last = page.context["rows"]
    assert (first.pk, last.pk) == (known.candidate_id, blank.candidate_id)
    assert last.total > first.total
    assert last.verdict.is_unsure and last.unknown > first.unknown
    assert "staat daarom achteraan" in page.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sort", "first"), [("afstand", "Dichtbij"), ("start", "Straks"), ("uren", "Weinig"), ("-uren", "Veel")]
)
def test_the_order_of_the_address(client, broker, sort: str, first: str) -> None:
    profile = factories.ConfirmedProfileFactory(must_bits=0)
    far = {"postcode": "8102 AB"}
    factories.VacancyFactory(title="Dichtbij", hours_min=24, hours_max=30, function__level=0)
    factories.VacancyFactory(title="Straks", hours_min=24, hours_max=30, starts_on=DAY.replace(year=2020), **far)
    factories.VacancyFactory(title="Weinig", hours_min=4, hours_max=8, **far)
    factories.VacancyFactory(title="Veel", hours_min=36, hours_max=40, **far)
    address = reverse("matching:for_candidate", args=[profile.candidate_id])
    page = client.get(address, {"sort": sort, "km": "300"})
    assert page.context["rows"][0].title == first
    assert f'name="sort" value="{sort}"' in page.text
    assert "km=300" in page.text
    assert client.get(address, {"sort": "onzin"}).status_code == 200
