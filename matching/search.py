"""The live searches: the best fitting vacancies for a person or people for a vacancy, each one statement.

The statement holds what the fixed side leaves open of the criteria; it filters, ranks and returns the first so many
with the score per criterion. Nothing is kept between requests, so that an edit shows in the next one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from matching.criteria import BY_CODE, CRITERIA, Hard, V
from matching.expressions import Const, Expr, Row, fold, member, to_sql, when
from matching.places import CELL_METRES, cells_within
from matching.rows import PERSON_COLUMNS, VACANCY_COLUMNS, query_row
from matching.scoring import EMPLOYER, PERSON, WeightSet, excluded, total_expression, weighted
from matching.weights import Weights

TOP = 50


@dataclass(frozen=True)
class Hit:
    """One result: the other side's id, its total for the side that searches, and the score per criterion."""

    pk: int
    total: int
    scores: dict[str, int]
    row: dict[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Search:
    """One direction of searching, ready to be written as SQL."""

    fixed: dict[str, Row]
    columns: dict[str, str]
    source: str
    key: str
    total: Expr
    hints: tuple[str, ...]
    wanted: tuple[Expr, ...]
    limit: int
    minimum: int = 0

    def sql(self) -> str:
        """The statement for ids, totals and scores."""
        conditions = self.conditions()
        if conditions is None:
            conditions = ["FALSE"]
        scores = ", ".join(self.render(c.score) for c in weighted() if c.score is not None)
        return (
            # Only numbers that passed through int and names from this code come into the text.
            f"SELECT {self.key} AS key, {self.render(self.total)} AS total, ARRAY[{scores}]::int[] AS scores"
            f" FROM {self.source} WHERE {' AND '.join([*self.hints, *conditions])}"
            f" ORDER BY total DESC, key LIMIT {int(self.limit)}"
        )

    def render(self, expr: Expr) -> str:
        return to_sql(fold(expr, self.fixed), self.columns)

    def conditions(self) -> list[str] | None:
        """What every result must meet; nothing when no row can."""
        parts = [fold(~excluded(c), self.fixed) for c in CRITERIA if self._settled(c.code)]
        parts += [fold(expr, self.fixed) for expr in self.wanted]
        if self.minimum:
            parts.append(fold(self.total >= self.minimum, self.fixed))
        if any(isinstance(part, Const) and not part.value for part in parts):
            return None
        texts = [f"({to_sql(part, self.columns)})" for part in parts if not isinstance(part, Const)]
        return texts + self._where_the_other_side_requires()

    def _settled(self, code: str) -> bool:
        """Whether it is known on this side that the criterion rules out."""
        return BY_CODE[code].hard is Hard.ALWAYS or bool(self._must_bits & BY_CODE[code].mask)

    @property
    def _must_bits(self) -> int:
        side = self.fixed.get("person") or self.fixed["vacancy"]
        bits = side["must_bits"]
        assert isinstance(bits, int)
        return bits

    def _where_the_other_side_requires(self) -> list[str]:
        """One look at the mask spares rows that require nothing all these tests."""
        open_ones = [c for c in CRITERIA if not self._settled(c.code)]
        failing = [(c, fold(c.fails, self.fixed)) for c in open_ones]
        failing = [(c, fails) for c, fails in failing if not (isinstance(fails, Const) and not fails.value)]
        if not failing:
            return []
        bits = self.columns["must_bits"]
        mask = sum(c.mask for c, _fails in failing)
        tests = [f"NOT (({bits} & {c.mask}) <> 0 AND {to_sql(fails, self.columns)})" for c, fails in failing]
        return [f"(({bits} & {mask}) = 0 OR ({' AND '.join(tests)}))"]


def vacancies_for(
    person: Row, weights: Weights, *, today: date, limit: int = TOP, wanted: Sequence[Expr] = (), minimum: int = 0
) -> Search:
    """The best vacancies for one zoekprofiel, by the person's weights."""
    return Search(
        fixed={"person": person, "query": query_row(today)},
        columns=VACANCY_COLUMNS,
        source="matching_vacancyfact f",
        key="f.vacancy_id",
        total=_total_by_kind(weights, _possible_kinds(person)),
        hints=_within_reach(person),
        wanted=tuple(wanted),
        limit=limit,
        minimum=minimum,
    )


def people_for(
    vacancy: Row,
    weights: Weights,
    *,
    today: date,
    regions: Sequence[int] | None = None,
    limit: int = TOP,
    wanted: Sequence[Expr] = (),
    minimum: int = 0,
) -> Search:
    """The best people for one vacancy, by the employer's weights; only people of these regions (nothing: of all)."""
    kind_id = vacancy["kind_id"]
    assert isinstance(kind_id, int)
    return Search(
        fixed={"vacancy": vacancy, "query": query_row(today)},
        columns=PERSON_COLUMNS,
        source="matching_searchprofile p",
        key="p.candidate_id",
        total=total_expression(CRITERIA, weights.for_kind(kind_id).of(EMPLOYER)),
        hints=_keys_of(vacancy) + _in_regions(regions),
        wanted=tuple(wanted),
        limit=limit,
        minimum=minimum,
    )


def _possible_kinds(person: Row) -> tuple[int, ...]:
    """The kinds of place that can come out; nothing when all can."""
    kinds, bits = person["kind_ids"], person["must_bits"]
    assert isinstance(kinds, tuple)
    assert isinstance(bits, int)
    return kinds if bits & BY_CODE["kind"].mask else ()


def _total_by_kind(weights: Weights, kinds: tuple[int, ...]) -> Expr:
    """The total, with the weights of each vacancy's kind of place."""
    groups: dict[str, tuple[WeightSet, list[int]]] = {}
    for kind_id, own in weights.by_kind.items():
        if not kinds or kind_id in kinds:
            groups.setdefault(_key(own), (own, []))[1].append(kind_id)
    rest = weights.default
    if kinds and all(kind in weights.by_kind for kind in kinds):
        rest = groups.pop(next(iter(groups)))[0]
    groups.pop(_key(rest), None)
    total = total_expression(CRITERIA, rest.of(PERSON))
    for own, members in groups.values():
        is_one = _one_of("kind_id", members)
        total = when(is_one, total_expression(CRITERIA, own.of(PERSON)), total)
    return total


def _key(weights: WeightSet) -> str:
    return repr(sorted(weights.person.items()))


def _one_of(name: str, numbers: Sequence[int]) -> Expr:
    return member(V(name), Const(tuple(numbers)))


# Conditions that follow from the criteria, in a form that an index can answer.
def _within_reach(person: Row) -> tuple[str, ...]:
    reach, x, y, bits = (person[name] for name in ("max_distance_km", "x", "y", "must_bits"))
    if not isinstance(bits, int) or not bits & BY_CODE["distance"].mask:
        return ()
    if not (isinstance(reach, int) and isinstance(x, int) and isinstance(y, int)):
        return ()
    return (f"f.cell = ANY ({_array(cells_within(x, y, reach * 1000))})",)


def _keys_of(vacancy: Row) -> tuple[str, ...]:
    x, y = vacancy["x"], vacancy["y"]
    cell = x // CELL_METRES * 100 + y // CELL_METRES if isinstance(x, int) and isinstance(y, int) else 0
    return (
        "p.status = 'bevestigd'",
        f"p.reach_keys && {_array([cell, -1])}",
        f"p.kind_keys && {_array([vacancy['kind_id'], 0])}",
        f"p.branch_keys && {_array([vacancy['branch_id'], 0])}",
    )


def _in_regions(regions: Sequence[int] | None) -> tuple[str, ...]:
    return () if regions is None else (f"p.region_id = ANY ({_array(sorted(regions), 'bigint')})",)


def _array(numbers: Sequence[Any], kind: str = "int") -> str:
    return "'{" + ",".join(str(int(number)) for number in numbers) + f"}}'::{kind}[]"


def run(search: Search) -> list[Hit]:
    """Ids, totals and scores, best first."""
    with connection.cursor() as cursor:
        cursor.execute(search.sql())
        return [Hit(key, total, named(scores)) for key, total, scores in cursor.fetchall()]


def named(scores: Sequence[int]) -> dict[str, int]:
    """Scores as the statement returns them, by code of criterion."""
    return {criterion.code: score for criterion, score in zip(weighted(), scores, strict=True)}
