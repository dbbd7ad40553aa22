"""Everybody with everything, with NumPy: for the nightly run, the preview of weights and the check on equal chances.

Many people share a level and many vacancies a function. So a criterion is worked out once per pair of *different* values of
what it reads, weighted, and looked up from there; criteria that read the same few differences are added up first. Where
nearly all pairs differ (places, dates) it is worked out for what nothing has ruled out yet.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any

import numpy as np

from matching import ties
from matching.arrays import Column, Sets, to_numpy
from matching.criteria import CRITERIA, Criterion
from matching.expressions import Call, Const, Expr, Field, Row, When, fields_of, fold, parts_of
from matching.scoring import MOST_UNKNOWN, PERSON, Spec, excluded, weighted
from matching.weights import Weights

# Far below nought: so much is taken off for a knock-out that no sum comes back above.
RULED_OUT = -(1 << 26)
NOTHING = np.empty(0, dtype=np.int64)
# Bigger tables of different pairs aren't made; these are, some seekers at a time.
BIGGEST_TABLE, AT_A_TIME = 12_000_000, 256
# Bigger tables aren't made by adding up; so many seekers are worked out together.
BIGGEST_SUM, TOGETHER = 2_000_000, 32


@dataclass(frozen=True)
class Table:
    """Rows of one side; `ids` tells which is which."""

    ids: np.ndarray
    values: Mapping[str, list[Any]]
    made: dict[str, Column | Sets] = field(default_factory=dict, compare=False, repr=False)

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def of(cls, rows: Iterable[tuple[int, Row]]) -> Table:
        pairs = list(rows)
        names = pairs[0][1].keys() if pairs else ()
        values = {name: [row[name] for _key, row in pairs] for name in names}
        return cls(np.array([key for key, _row in pairs], dtype=np.int64), values)

    def part(self, rows: range) -> Table:
        return Table(self.ids[rows.start : rows.stop], {n: v[rows.start : rows.stop] for n, v in self.values.items()})

    def with_(self, name: str, values: list[Any]) -> Table:
        return Table(self.ids, {**self.values, name: values})

    def column(self, name: str) -> Column | Sets:
        """All values of a field. "must_bits 4" is one bit of what is required: rows differ less when it stands by itself."""
        if name not in self.made:
            mask, _space, bit = name.partition(" ")
            self.made[name] = self.numbers(mask).bit(int(bit)) if bit else _column(self.values[name])
        return self.made[name]

    def known(self, names: Iterable[str]) -> Table:
        """Whether these fields are known, not empty, yes, above nought: all that tells what is unknown."""
        made = {name: [_worth(value) for value in self.values[name]] for name in names}
        return Table(self.ids, {**made, "weights": self.values["weights"]} if "weights" in self.values else made)

    def numbers(self, name: str) -> Column:
        column = self.column(name)
        assert isinstance(column, Column)
        return column

    def has_sets(self, names: Iterable[str]) -> bool:
        return any(isinstance(self.column(name), Sets) for name in names)

    def different(self, names: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Of rows that are alike in these fields one each, and for every row which of these it is like."""
        first, together = alike(np.zeros(len(self), dtype=np.int64))
        for name in names:
            column = self.column(name)
            codes = _codes(self.values[name]) if isinstance(column, Sets) else column.codes()
            first, together = alike(together * (codes.max(initial=0) + 1) + codes)
        return first, together

    def columns(self, names: Iterable[str], rows: np.ndarray, *, stands: bool) -> dict[str, Column | Sets]:
        """These fields of some rows, standing or lying."""
        return {name: self.column(name).part(rows, stands) for name in names}


def _worth(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    return (1,) * bool(value) if isinstance(value, tuple) else int(value > 0)


def alike(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of equal codes the place of one each, and for every code which of these it is."""
    _values, first, like = np.unique(codes, return_index=True, return_inverse=True)
    return first, like


def _codes(values: list[Any]) -> np.ndarray:
    numbers: dict[Any, int] = {}
    return np.array([numbers.setdefault(value, len(numbers)) for value in values], dtype=np.int64)


def _column(values: list[Any]) -> Column | Sets:
    one = next((value for value in values if value is not None), 0)
    if isinstance(one, tuple):
        return _sets(values)
    numbers = np.array(values, dtype=np.float64)  # unknown becomes NaN; nothing here outgrows 32 bits
    unknown = np.isnan(numbers)
    filled = np.where(unknown, 0, numbers).astype(bool if isinstance(one, bool) else np.int32)
    return Column(filled, ~unknown if unknown.any() else None)


def _sets(values: list[tuple[int, ...]]) -> Sets:
    numbers = np.array(sorted({number for value in values for number in value}), dtype=np.int64)
    counts = np.array([len(value) for value in values])
    holds = np.zeros((len(numbers), len(values)), dtype=bool)
    held = np.array([number for value in values for number in value], dtype=np.int64)
    holds[np.searchsorted(numbers, held), np.repeat(np.arange(len(values)), counts)] = True
    return Sets(holds, numbers, counts, stands=True)


def _by_bit(expr: Expr) -> Expr:
    """The expression reading single bits of what is required."""
    if isinstance(expr, Call) and expr.op == "has":
        mask, bit = expr.args
        assert isinstance(mask, Field)
        assert isinstance(bit, Const)
        return Field(mask.side, f"{mask.name} {bit.value}")
    if isinstance(expr, Call):
        return Call(expr.op, *(_by_bit(arg) for arg in expr.args))
    return When(*(_by_bit(part) for part in parts_of(expr))) if isinstance(expr, When) else expr


@dataclass(frozen=True)
class Sums:
    """Weighted scores as a table of what differs: seekers down, offers across; far below nought for what is ruled out."""

    seeker_like: np.ndarray
    offer_like: np.ndarray
    weighted: np.ndarray

    def sums(self, seeker: int, rows: np.ndarray) -> np.ndarray:
        return self.weighted[self.seeker_like[seeker]].take(self.offer_like[rows])

    def share_ruled_out(self) -> float:
        return float((self.weighted < 0).mean())

    def plus(self, other: Sums) -> Sums | None:
        """Both in one table; nothing when that would become too big to be worth it."""
        seekers, seeker_like = alike(self.seeker_like * (1 << 32) + other.seeker_like)
        offers, offer_like = alike(self.offer_like * (1 << 32) + other.offer_like)
        if len(seekers) * len(offers) > BIGGEST_SUM:
            return None
        mine = self.weighted[np.ix_(self.seeker_like[seekers], self.offer_like[offers])]
        return Sums(
            seeker_like, offer_like, mine + other.weighted[np.ix_(other.seeker_like[seekers], other.offer_like[offers])]
        )


def added_up(tables: list[Sums]) -> list[Sums]:
    """Small tables added up, so that fewer are looked into for each seeker."""
    found: list[Sums] = []
    for table in sorted(tables, key=lambda table: table.weighted.size):
        both = found[-1].plus(table) if found else None
        found[-1:] = [both] if both is not None else [*found[-1:], table]
    return found


def _kept(rows: np.ndarray, sums: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    keep = sums >= 0
    return (rows, sums) if keep.all() else (rows[keep], sums[keep])


@dataclass(frozen=True)
class Looked:
    """A criterion worked out once for all that differs: seekers down, offers across."""

    code: str
    table: Sums
    scores: np.ndarray | None
    out: np.ndarray

    @property
    def seeker_like(self) -> np.ndarray:
        return self.table.seeker_like

    @property
    def offer_like(self) -> np.ndarray:
        return self.table.offer_like

    def scores_of(self, seeker: int, rows: np.ndarray) -> np.ndarray | None:
        return None if self.scores is None else self.scores[self.seeker_like[seeker]].take(self.offer_like[rows])

    def counts(self) -> np.ndarray:
        """For each seeker, how many offers it rules out."""
        alike = np.bincount(self.offer_like, minlength=self.out.shape[1])
        return (self.out @ alike)[self.seeker_like]


@dataclass(frozen=True)
class Worked:
    """A criterion that is worked out when it is asked for: nearly all pairs differ."""

    code: str
    score: Expr | None
    out: Expr
    seeking: str
    offering: str
    seekers: Mapping[str, Column]
    offers: Mapping[str, Column]
    weights: np.ndarray
    size: int

    def _columns(self, seekers: Any, rows: np.ndarray) -> dict[str, dict[str, Any]]:
        return {
            self.seeking: {name: column.of(seekers) for name, column in self.seekers.items()},
            self.offering: {name: column.of(rows) for name, column in self.offers.items()},
        }

    def sums(self, seekers: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """The weighted scores of pairs of a seeker and an offer."""
        columns = self._columns(seekers, rows)
        which = columns["vacancy"]["weights"].values
        score = 0 if self.score is None else to_numpy(self.score, columns)
        return np.where(to_numpy(self.out, columns), RULED_OUT, score * self.weights[which])

    def scores_of(self, seeker: int, rows: np.ndarray) -> np.ndarray | None:
        if self.score is None:
            return None
        return np.broadcast_to(to_numpy(self.score, self._columns([seeker], rows)), rows.shape)

    def counts(self) -> np.ndarray:
        """For each seeker, how many offers it rules out."""
        rows = np.arange(self.size)
        lines = (to_numpy(self.out, self._columns([n], rows)) for n in range(len(self.seekers["must_bits 1"].values)))
        return np.array([np.broadcast_to(line, rows.shape).sum() for line in lines])


@dataclass(frozen=True)
class Found:
    """The best offers of one seeker, best first."""

    ids: np.ndarray
    totals: np.ndarray
    scores: dict[str, np.ndarray] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)


class AllPairs:
    """Everybody of one side seeking among everything of the other."""

    def __init__(
        self,
        people: Table,
        vacancies: Table,
        weights: Weights,
        query: Row,
        *,
        side: str = PERSON,
        spec: Spec = CRITERIA,
    ) -> None:
        self.query, self.spec = query, spec
        kinds = vacancies.values.get("kind_id", [])
        names = {kind: repr(sorted(weights.for_kind(kind).of(side).items())) for kind in set(kinds)}
        by_name = {names[kind]: weights.for_kind(kind).of(side) for kind in names}
        self.sets, numbers = list(by_name.values()), {name: number for number, name in enumerate(by_name)}
        self.weight_sets = np.array([numbers[names[kind]] for kind in kinds], dtype=np.intp)
        self.whole = np.array([max(sum(own.values()), 1) for own in self.sets], dtype=np.int64)
        self.tables = {"person": people, "vacancy": vacancies.with_("weights", self.weight_sets.tolist())}
        self.seeking, self.offering = ("person", "vacancy") if side == PERSON else ("vacancy", "person")
        self.seekers, self.offers = self.tables[self.seeking], self.tables[self.offering]
        both = bool(len(people) and len(vacancies))
        parts = [self._part(criterion) for criterion in spec] if both else []
        self.parts = {part.code: part for part in parts}
        self.worked = [part for part in parts if isinstance(part, Worked)]
        self.first, self.later = self._ordered([part.table for part in parts if isinstance(part, Looked)])

    @cached_property
    def among_equals(self) -> np.ndarray:
        """For each offer where it stands among those with its total: the same for every seeker."""
        return ties.order(self.offering, self.offers, self.query)

    @cached_property
    def unknown(self) -> Sums:
        """The weight of what is unknown: few pairs differ in which fields are known."""
        exprs = {c.code: c.unknown for c in weighted(self.spec) if not isinstance(c.unknown, Const)}
        names: dict[str, set[str]] = {"person": set(), "vacancy": set()}
        for item in (found for expr in exprs.values() for found in fields_of(expr)):
            names[item.side].add(item.name)
        tables = {side: table.known(names[side]) for side, table in self.tables.items()}
        names["vacancy"].add("weights")
        different = {side: table.different(sorted(names[side])) for side, table in tables.items()}
        (seekers, seeker_like), (offers, offer_like) = different[self.seeking], different[self.offering]
        columns = {
            self.seeking: tables[self.seeking].columns(names[self.seeking], seekers, stands=True),
            self.offering: tables[self.offering].columns(names[self.offering], offers, stands=False),
        }
        weights = np.zeros((len(seekers), len(offers)), dtype=np.int64)
        for code, expr in exprs.items():
            weights += to_numpy(expr, columns) * self._weight(code, columns)
        return Sums(seeker_like, offer_like, weights)

    # Working out
    def _part(self, criterion: Criterion) -> Looked | Worked:
        out = _by_bit(fold(excluded(criterion), {"query": self.query}))
        score = None if criterion.score is None else fold(criterion.score, {"query": self.query})
        names: dict[str, set[str]] = {"person": set(), "vacancy": set()}
        for expr in (out, score):
            for item in fields_of(expr) if expr is not None else ():
                names[item.side].add(item.name)
        if score is not None and len({own[criterion.code] for own in self.sets}) > 1:
            names["vacancy"].add("weights")
        different = {side: table.different(sorted(names[side])) for side, table in self.tables.items()}
        has_sets = any(table.has_sets(names[side]) for side, table in self.tables.items())
        size = len(different["person"][0]) * len(different["vacancy"][0])
        if size > BIGGEST_TABLE and not has_sets:
            return self._worked(criterion, score, out, names)
        return self._looked(criterion, score, out, names, different)

    def _worked(self, criterion: Criterion, score: Expr | None, out: Expr, names: dict[str, set[str]]) -> Worked:
        names["vacancy"].add("weights")
        names[self.seeking].add("must_bits 1")
        made = {side: {n: table.numbers(n) for n in names[side]} for side, table in self.tables.items()}
        own = np.array([sets.get(criterion.code, 0) for sets in self.sets], dtype=np.int32)
        sides = (self.seeking, self.offering, made[self.seeking], made[self.offering])
        return Worked(criterion.code, score, out, *sides, own, len(self.offers))

    def _looked(self, criterion: Criterion, score: Expr | None, out: Expr, names: Any, different: Any) -> Looked:
        (seekers, seeker_like), (offers, offer_like) = different[self.seeking], different[self.offering]
        shape = (len(seekers), len(offers))
        scores, knocked = np.zeros(shape, dtype=np.int16), np.zeros(shape, dtype=bool)
        weighted = np.zeros(shape, dtype=np.int32)
        lying = self.offers.columns(names[self.offering], offers, stands=False)
        for low in range(0, shape[0], AT_A_TIME):
            some = slice(low, low + AT_A_TIME)
            standing = self.seekers.columns(names[self.seeking], seekers[some], stands=True)
            columns = {self.seeking: standing, self.offering: lying}
            knocked[some] = to_numpy(out, columns)
            if score is not None:
                scores[some] = to_numpy(score, columns)
                weighted[some] = scores[some] * self._weight(criterion.code, columns)
        weighted[knocked] = RULED_OUT
        table = Sums(seeker_like, offer_like, weighted)
        return Looked(criterion.code, table, None if score is None else scores, knocked)

    def _weight(self, code: str, columns: Mapping[str, Mapping[str, Column | Sets]]) -> Any:
        per_set = np.array([own[code] for own in self.sets], dtype=np.int32)
        which = columns["vacancy"].get("weights")
        return per_set[0] if which is None else per_set[which.values]  # type: ignore[union-attr]

    def _ordered(self, tables: list[Sums]) -> tuple[Sums | None, list[Sums]]:
        """What rules out most goes first; the rest is only asked for what is left."""
        first = max(tables, key=Sums.share_ruled_out, default=None)
        later = added_up([table for table in tables if table is not first])
        return first, sorted(later, key=Sums.share_ruled_out, reverse=True)

    # Looking up
    def best(self, limit: int, *, scores: bool = False) -> list[Found]:
        """The best offers of each seeker, in the seekers' order: highest total first, equals as `matching.ties` says."""
        found = [Found(NOTHING, NOTHING)] * len(self.seekers)
        for seeker, rows, sums in self._left():
            found[seeker] = self._top(seeker, rows, sums, limit, scores)
        return found

    def _left(self) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
        """For each seeker the offers that nothing rules out, with their weighted sums."""
        looked_up = self._left_by_tables()
        while some := list(islice(looked_up, TOGETHER)):
            yield from self._left_by_work(some) if self.worked else some

    def _left_by_tables(self) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
        """What the tables leave; who looks alike, one after another."""
        if self.first is None:
            return
        like = self.first.seeker_like
        everything, before = np.arange(len(self.offers)), -1
        for seeker in np.argsort(like, kind="stable").tolist():
            if like[seeker] != before:
                before, begun = like[seeker], _kept(everything, self.first.sums(seeker, everything))
            rows, sums = begun
            for table in self.later:
                rows, sums = _kept(rows, sums + table.sums(seeker, rows))
            yield seeker, rows, sums

    def _left_by_work(
        self, some: list[tuple[int, np.ndarray, np.ndarray]]
    ) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
        """What the rest leaves of that: worked out for some seekers together."""
        which = np.repeat(np.arange(len(some)), [len(rows) for _seeker, rows, _sums in some])
        seekers = np.array([seeker for seeker, _rows, _sums in some])[which]
        rows, sums = (np.concatenate([found[n] for found in some]) for n in (1, 2))
        for part in self.worked:
            sums = sums + part.sums(seekers, rows)
        keep = sums >= 0
        which, rows, sums = which[keep], rows[keep], sums[keep]
        ends = np.searchsorted(which, np.arange(len(some) + 1)).tolist()
        for number, (seeker, _rows, _sums) in enumerate(some):
            own = slice(ends[number], ends[number + 1])
            yield seeker, rows[own], sums[own]

    def _top(self, seeker: int, rows: np.ndarray, sums: np.ndarray, limit: int, with_scores: bool) -> Found:
        own = self.weight_sets[rows] if self.offering == "vacancy" else self.weight_sets[seeker : seeker + 1]
        totals = sums // self.whole[own] if len(rows) else sums.astype(np.int64)
        # What is too unknown last, then the highest total, then the place among equals, as one number.
        unsure = self.unknown.sums(seeker, rows) * 1000 // self.whole[own] > MOST_UNKNOWN
        order = totals * (1 << 40) - self.among_equals[rows] - unsure * (1 << 52)
        if len(rows) > limit:
            chosen = np.argpartition(-order, limit)[:limit]
            rows, totals, order = rows[chosen], totals[chosen], order[chosen]
        chosen = np.argsort(-order)
        rows, totals = rows[chosen], totals[chosen]
        return Found(self.offers.ids[rows], totals, self._scores(seeker, rows) if with_scores else {})

    def _scores(self, seeker: int, rows: np.ndarray) -> dict[str, np.ndarray]:
        found = {code: part.scores_of(seeker, rows) for code, part in self.parts.items()}
        return {code: scores for code, scores in found.items() if scores is not None}

    def ruled_out(self) -> dict[str, np.ndarray]:
        """Per criterion, for each seeker, how many offers it rules out."""
        return {code: part.counts() for code, part in self.parts.items()}

    def passing(self) -> np.ndarray:
        """For each seeker, how many offers nothing rules out."""
        counts = np.zeros(len(self.seekers), dtype=np.int64)
        for seeker, rows, _sums in self._left():
            counts[seeker] = len(rows)
        return counts


# --- Over several processes: each takes a share of the seekers
KEPT: dict[str, Any] = {}


def best_on(
    processes: int, people: Table, vacancies: Table, weights: Weights, query: Row, limit: int
) -> list[tuple[np.ndarray, np.ndarray]]:
    """For each person the ids and totals of the best vacancies."""
    step = -(-len(people) // processes)
    shares = [range(low, min(low + step, len(people))) for low in range(0, len(people), step)]
    KEPT.update(people=people, rest=(vacancies, weights, query), limit=limit)
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        return [found for part in pool.map(_best_of_share, shares) for found in part]


def _best_of_share(share: range) -> list[tuple[np.ndarray, np.ndarray]]:
    pairs = AllPairs(KEPT["people"].part(share), *KEPT["rest"])
    return [(found.ids, found.totals) for found in pairs.best(KEPT["limit"])]
