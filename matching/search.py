"""The live searches: the best fitting vacancies for a person or people for a vacancy, each one statement.

The statement holds what the fixed side leaves open of the criteria; it filters, ranks and returns the first so many
with the score per criterion. Nothing is kept between requests, so that an edit shows in the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db import connection

from matching import ties
from matching.criteria import BY_CODE, CRITERIA, Hard, fits_kind, seat_free
from matching.expressions import Const, Expr, Row, fold, given, to_sql
from matching.places import REACH_CELL, cell_of, cells_within
from matching.rows import PERSON_COLUMNS, VACANCY_COLUMNS, query_row
from matching.scoring import MOST_UNKNOWN, excluded, weighted
from matching.sorting import BY, CERTAINTY, TOTAL
from matching.weights import Weights

TOP = 50
# Tens of metres.
NEARBY = 2_000


@dataclass(frozen=True)
class Hit:
    """One result: the other side's id, its total for the side that searches, and the score per criterion."""

    pk: int
    total: int
    scores: dict[str, int]
    row: dict[str, Any] = field(default_factory=dict, compare=False)


# The order of a statement's rows: what was asked for (`matching.sorting`), then the total; equals by waiting or start, then by
# lot (`matching.ties`).
BEST_FIRST = "sort, total DESC, first, place, key"

# Cheap to work out; a wide search asks these first and leaves rows that can't come among the best.
CHEAP = ("branch", "kind", "distance", "level")


@dataclass(frozen=True)
class Search:
    """One direction of searching, ready to be written as SQL.

    `given` is what holds of every row that counts, in a form an index can answer; `fixed` and `holds` know it too. `totals`
    has the weights by kinds of place that share them; the last goes for all others.
    """

    fixed: dict[str, Row]
    columns: dict[str, str]
    source: str
    key: str
    totals: Sequence[tuple[Sequence[int], Mapping[str, int]]]
    given: tuple[str, ...]
    wanted: tuple[Expr, ...]
    limit: int
    minimum: int = 0
    sample: str = ""
    holds: tuple[Expr, ...] = ()
    sort: str = TOTAL

    def sql(self) -> str:
        """The statement for ids, totals and scores (one column per weighted criterion)."""
        conditions = self.conditions()
        if conditions is None:
            return self._best(self.source, ["FALSE"])
        if not self.sample or self.sort != TOTAL:
            return self._best(self.source, conditions)
        # The worst of the best nearby is a floor for the best of all; most rows can be seen not to reach it. As long as some of
        # these are too unknown to rank by their total, whatever is more certain goes before them.
        best = self._best(self.sample, conditions)
        full = f"count(*) = {int(self.limit)}" + ("" if self._all_unsure else " AND max(sort) = 0")
        floor = f"SELECT CASE WHEN {full} THEN min(total) ELSE 0 END AS total FROM ({best}) b"
        tests = [self._may_reach("SELECT total FROM floor", codes) for codes in (CHEAP, tuple(self._folded))]
        return f"WITH floor AS MATERIALIZED ({floor}) {self._best(self.source, [*tests, *conditions])}"

    def _best(self, source: str, conditions: list[str]) -> str:
        """What passes, best first. OFFSET 0 keeps PostgreSQL from copying each score into the total."""
        scores = self._scores
        columns = ", ".join(
            [f"{text} AS s_{code}" for code, text in scores.items()]
            + [f"{to_sql(expr, self.columns)} AS u_{code}" for code, expr in self._open_unknowns.items()]
        )
        # One CASE: PostgreSQL would take many conditions for a handful of rows, and plan for those.
        where = [
            *self.given,
            f"CASE WHEN {' AND '.join(conditions)} THEN TRUE ELSE FALSE END" if conditions else "TRUE",
        ]
        # Only numbers that passed through int and names from this code come into the text.
        tie = f"{ties.first_sql(self.offering, self.fixed['query'], self.columns)} AS first"
        inner = f"SELECT {self.key} AS key, {self._kind} AS kind, {tie}, {self._by} AS by, {columns} FROM {source}"
        inner = f"{inner} WHERE {' AND '.join(where)} OFFSET 0"
        listed = ", ".join(f"s_{code}" for code in scores)
        minimum = f" WHERE {self._total()} >= {int(self.minimum)}" if self.minimum else ""
        return (
            f"SELECT key, {self._total()} AS total, {self._sort()} AS sort, first, {self._place} AS place, {listed}"
            f" FROM ({inner}) s{minimum}"
            f" ORDER BY {BEST_FIRST} LIMIT {int(self.limit)}"
        )

    @cached_property
    def _folded(self) -> dict[str, Expr]:
        return {c.code: self._left_of(c.score) for c in weighted() if c.score is not None}

    def _left_of(self, expr: Expr) -> Expr:
        """What is still open of an expression."""
        return fold(given(expr, self.holds), self.fixed)

    @cached_property
    def _scores(self) -> dict[str, str]:
        return {code: to_sql(score, self.columns) for code, score in self._folded.items()}

    # --- What is unknown
    @cached_property
    def _unknowns(self) -> dict[str, Expr]:
        return {c.code: self._left_of(c.unknown) for c in weighted()}

    @property
    def _open_unknowns(self) -> dict[str, Expr]:
        """What differs per row."""
        return {code: expr for code, expr in self._unknowns.items() if not isinstance(expr, Const)}

    def _known_to_be_unknown(self, weights: Mapping[str, int]) -> int:
        """The weight of what is unknown for every row."""
        return sum(w for code, w in weights.items() if isinstance(expr := self._unknowns[code], Const) and expr.value)

    @property
    def _all_unsure(self) -> bool:
        """Whether this side alone leaves too much unknown, so that the total decides after all."""
        every = (weights for _kinds, weights in self.totals)
        return all(self._known_to_be_unknown(w) * 1000 // (sum(w.values()) or 1) > MOST_UNKNOWN for w in every)

    def _share(self, weights: Mapping[str, int]) -> str:
        """How much of the weight is unknown, in thousandths, rounded down."""
        whole, fixed = sum(weights.values()), self._known_to_be_unknown(weights)
        parts = [f"u_{code}::int * {int(weights[code])}" for code in self._open_unknowns if weights.get(code)]
        return f"(({' + '.join([*parts, str(fixed)])}) * 1000 / {whole})" if whole else "0"

    def _sort(self) -> str:
        """What goes before the total, lowest first."""
        if self.sort == TOTAL:
            return f"({self._by_kind('kind', self._share)} > {MOST_UNKNOWN})::int"
        return self._by_kind("kind", self._share) if self.sort == CERTAINTY else "by"

    @property
    def _by(self) -> str:
        chosen = BY.get(self.sort)
        return to_sql(self._left_of(chosen[self.offering]), self.columns) if chosen else "0"

    # --- The total
    @property
    def offering(self) -> str:
        """The side that is searched among."""
        return "vacancy" if self.columns is VACANCY_COLUMNS else "person"

    @property
    def _place(self) -> str:
        return ties.place_sql(self.fixed["query"]["seed"], "key")

    @property
    def _kind(self) -> str:
        return self.columns["kind_id"] if len(self.totals) > 1 else "0"

    def _total(self) -> str:
        """The weighted mean of the scores, rounded down."""
        return self._by_kind("kind", lambda weights: self._mean(weights, lambda code: f"s_{code}"))

    def _may_reach(self, floor: str, codes: Sequence[str]) -> str:
        """Whether the total could reach a floor if all other criteria were perfect.

        A total is at most 1000 less, per criterion, the smallest share its weight has anywhere times what it lacks. Shares
        in ten-thousandths and rounded down, so that nothing is left out that might count.
        """
        shares = {
            code: min(weights[code] * 10_000 // (sum(weights.values()) or 1) for _kinds, weights in self.totals)
            for code in codes
            if not isinstance(self._folded[code], Const)
        }
        parts = [f"({self._scores[code]}) * {share}" for code, share in shares.items() if share]
        start = 10_000_000 - 1000 * sum(shares.values())
        return f"{' + '.join([*parts, str(start)])} >= 10000 * ({floor})"

    def _by_kind(self, kind: str, of: Callable[[Mapping[str, int]], str]) -> str:
        """What follows from the weights, which differ by kind of place."""
        *cases, (_rest, weights) = self.totals
        texts = [f"WHEN {kind} = ANY ({_array(kinds)}) THEN {of(own)}" for kinds, own in cases]
        return f"(CASE {' '.join(texts)} ELSE {of(weights)} END)" if texts else of(weights)

    def _mean(self, weights: Mapping[str, int], score: Callable[[str], str]) -> str:
        whole = sum(weights.values())
        if not whole:
            return "0"
        fixed, parts = 0, []
        for code, weight in weights.items():
            known = self._folded[code]
            if isinstance(known, Const):
                fixed += weight * int(known.value)  # type: ignore[arg-type]
            elif weight:
                parts.append(f"({score(code)}) * {int(weight)}")
        return f"(({' + '.join([*parts, str(fixed)])}) / {whole})::int"

    def conditions(self) -> list[str] | None:
        """What every result must meet; nothing when no row can."""
        parts = [self._left_of(~excluded(c)) for c in CRITERIA if self._settled(c.code)]
        parts += [self._left_of(expr) for expr in self.wanted]
        if any(isinstance(part, Const) and not part.value for part in parts):
            return None
        texts = [f"({to_sql(part, self.columns)})" for part in parts if not isinstance(part, Const)]
        return texts + self._where_the_other_side_requires()

    def _settled(self, code: str) -> bool:
        """Whether it is known on this side that the criterion rules out."""
        return BY_CODE[code].hard is Hard.ALWAYS or bool(self._must_bits & BY_CODE[code].mask)

    @property
    def _must_bits(self) -> int:
        bits = next(side["must_bits"] for side in self.fixed.values() if "must_bits" in side)
        assert isinstance(bits, int)
        return bits

    def _where_the_other_side_requires(self) -> list[str]:
        """One look at the mask spares rows that require nothing all these tests."""
        open_ones = [c for c in CRITERIA if not self._settled(c.code)]
        failing = [(c, self._left_of(c.fails)) for c in open_ones]
        failing = [(c, fails) for c, fails in failing if not (isinstance(fails, Const) and not fails.value)]
        if not failing:
            return []
        bits = self.columns["must_bits"]
        mask = sum(c.mask for c, _fails in failing)
        tests = [f"NOT (({bits} & {c.mask}) <> 0 AND {to_sql(fails, self.columns)})" for c, fails in failing]
        return [f"(({bits} & {mask}) = 0 OR ({' AND '.join(tests)}))"]


def vacancies_for(
    person: Row,
    weights: Weights,
    *,
    today: date,
    seed: int,
    limit: int = TOP,
    wanted: Sequence[Expr] = (),
    minimum: int = 0,
    sort: str = TOTAL,
) -> Search:
    """The best vacancies for one zoekprofiel, by the person's weights; `seed` shuffles equals."""
    return Search(
        fixed={"person": person, "vacancy": {"is_open": True}, "query": query_row(today, seed)},
        columns=VACANCY_COLUMNS,
        source="matching_vacancyfact f",
        sample=_nearby(person),
        key="f.vacancy_id",
        totals=_totals(weights, _required_kinds(person)),
        given=(*ON_OFFER, *_of_kinds(_required_kinds(person)), *_within_reach(person)),
        wanted=tuple(wanted),
        limit=limit,
        minimum=minimum,
        sort=sort,
        holds=(seat_free, fits_kind) if _required_kinds(person) else (seat_free,),
    )


def people_for(
    vacancy: Row,
    weights: Weights,
    *,
    today: date,
    seed: int,
    regions: Sequence[int] | None = None,
    limit: int = TOP,
    wanted: Sequence[Expr] = (),
    minimum: int = 0,
    sort: str = TOTAL,
) -> Search:
    """The best people for one vacancy, by the employer's weights; only people of these regions (nothing: of all)."""
    kind_id = vacancy["kind_id"]
    assert isinstance(kind_id, int)
    return Search(
        fixed={"vacancy": vacancy, "person": {"is_available": True}, "query": query_row(today, seed)},
        columns=PERSON_COLUMNS,
        source="matching_searchprofile p",
        key="p.candidate_id",
        totals=[((), weights.for_kind(kind_id).employer)],
        given=_keys_of(vacancy) + _in_regions(regions),
        wanted=tuple(wanted),
        limit=limit,
        minimum=minimum,
        sort=sort,
    )


def _required_kinds(person: Row) -> tuple[int, ...]:
    """The only kinds of place that can come out; nothing when all can."""
    kinds, bits = person["kind_ids"], person["must_bits"]
    assert isinstance(kinds, tuple)
    assert isinstance(bits, int)
    return kinds if bits & BY_CODE["kind"].mask else ()


def _totals(weights: Weights, kinds: tuple[int, ...]) -> list[tuple[list[int], Mapping[str, int]]]:
    """The person's weights by kinds of place that share them; the default's last."""
    groups: dict[str, tuple[list[int], Mapping[str, int]]] = {}
    for kind_id in kinds or weights.by_kind:
        own = weights.for_kind(kind_id).person
        groups.setdefault(repr(sorted(own.items())), ([], own))[0].append(kind_id)
    if not kinds:
        rest = weights.default.person
        groups.pop(repr(sorted(rest.items())), None)
        groups["rest"] = ([], rest)
    return list(groups.values())


# Conditions that follow from the criteria, in a form that an index can answer.
ON_OFFER = ("f.is_open", "f.seats_free > 0")


def _nearby(person: Row) -> str:
    """For a search in which anything can come out: what lies near, and so is likely to be among the best."""
    x, y = person["x"], person["y"]
    if _required_kinds(person) or _within_reach(person) or not (isinstance(x, int) and isinstance(y, int)):
        return ""
    near = f"SELECT * FROM matching_vacancyfact f WHERE {' AND '.join(ON_OFFER)} AND f.cell = ANY ("
    return f"({near}{_array(cells_within(x, y, NEARBY))})) f"


def _of_kinds(kinds: tuple[int, ...]) -> tuple[str, ...]:
    return (f"f.kind_id = ANY ({_array(kinds)})",) if kinds else ()


def _within_reach(person: Row) -> tuple[str, ...]:
    reach, x, y, bits = (person[name] for name in ("max_distance_km", "x", "y", "must_bits"))
    if not isinstance(bits, int) or not bits & BY_CODE["distance"].mask:
        return ()
    if not (isinstance(reach, int) and isinstance(x, int) and isinstance(y, int)):
        return ()
    return (f"f.cell = ANY ({_array(cells_within(x, y, reach * 100))})",)


def _keys_of(vacancy: Row) -> tuple[str, ...]:
    x, y = vacancy["x"], vacancy["y"]
    cell = cell_of(x, y, REACH_CELL) if isinstance(x, int) and isinstance(y, int) else 0
    return (
        "p.status = 'bevestigd'",
        "p.is_available",
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
        return [Hit(key, total, named(scores)) for key, total, _sort, _first, _place, *scores in cursor.fetchall()]


def named(scores: Sequence[int]) -> dict[str, int]:
    """Scores as the statement returns them, by code of criterion."""
    return {criterion.code: score for criterion, score in zip(weighted(), scores, strict=True)}
