"""Everybody with everything, with NumPy: for the nightly run, the preview of weights and the check on equal chances.

Many people share a level and many vacancies a function. So each criterion is worked out once per pair of *different* values
of what it reads, weighted, and looked up from there; criteria that read the same few differences are added up first.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from matching.criteria import CRITERIA, Criterion
from matching.expressions import Column, Expr, Row, Sets, fields_of, fold, to_numpy
from matching.scoring import PERSON, Spec, excluded
from matching.weights import Weights

# Far below nought: so much is taken off for a knock-out that no sum comes back above.
RULED_OUT = -(1 << 26)
BLOCK = 64


@dataclass(frozen=True)
class Table:
    """Rows of one side; `ids` tells which is which."""

    ids: np.ndarray
    values: Mapping[str, list[Any]]

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def of(cls, rows: Iterable[tuple[int, Row]]) -> Table:
        pairs = list(rows)
        names = pairs[0][1].keys() if pairs else ()
        values = {name: [row[name] for _key, row in pairs] for name in names}
        return cls(np.array([key for key, _row in pairs], dtype=np.int64), values)

    def with_(self, name: str, values: list[Any]) -> Table:
        return Table(self.ids, {**self.values, name: values})

    @cached_property
    def codes(self) -> dict[str, np.ndarray]:
        """Per field a number for each different value."""
        return {name: _codes(values) for name, values in self.values.items()}

    def different(self, names: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Of rows that are alike in these fields one each, and for every row which of these it is like."""
        together = np.zeros(len(self), dtype=np.int64)
        for name in names:
            codes = self.codes[name]
            _first, together = np.unique(together * (codes.max(initial=0) + 1) + codes, return_inverse=True)
        _values, first, like = np.unique(together, return_index=True, return_inverse=True)
        return first, like

    def columns(self, names: Iterable[str], rows: np.ndarray, *, stands: bool) -> dict[str, Column | Sets]:
        return {name: _column([self.values[name][row] for row in rows], stands) for name in names}


def _codes(values: list[Any]) -> np.ndarray:
    numbers: dict[Any, int] = {}
    return np.array([numbers.setdefault(value, len(numbers)) for value in values], dtype=np.int64)


def _column(values: list[Any], stands: bool) -> Column | Sets:
    if any(isinstance(value, tuple) for value in values):
        return _sets(values, stands)
    shape = (-1, 1) if stands else (1, -1)
    missing = np.array([value is None for value in values])
    kind = bool if all(value is None or isinstance(value, bool) for value in values) else np.int32
    filled = np.array([0 if value is None else value for value in values], dtype=kind).reshape(shape)
    return Column(filled, ~missing.reshape(shape) if missing.any() else None)


def _sets(values: list[tuple[int, ...]], stands: bool) -> Sets:
    numbers = np.array(sorted({number for value in values for number in value}), dtype=np.int64)
    places = {int(number): place for place, number in enumerate(numbers)}
    holds = np.zeros((len(numbers), len(values)), dtype=bool)
    for row, value in enumerate(values):
        holds[[places[number] for number in value], row] = True
    return Sets(holds, numbers, np.array([len(value) for value in values]), stands)


@dataclass(frozen=True)
class Part:
    """One criterion over what differs: offers stand, seekers lie."""

    criterion: Criterion
    offer_fields: tuple[str, ...]
    seeker_like: np.ndarray
    offer_like: np.ndarray
    weighted: np.ndarray
    scores: np.ndarray | None
    out: np.ndarray


@dataclass(frozen=True)
class Group:
    """Criteria added up over offers that are alike in all of them."""

    parts: list[tuple[Part, np.ndarray]]
    offer_like: np.ndarray


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
        self.side, self.query, self.spec = side, query, spec
        sets = [weights.for_kind(kind).of(side) for kind in vacancies.values.get("kind_id", [])]
        self.sets = list({repr(sorted(own.items())): own for own in sets}.values())
        numbers = {repr(sorted(own.items())): number for number, own in enumerate(self.sets)}
        own_sets = [numbers[repr(sorted(own.items()))] for own in sets]
        vacancies = vacancies.with_("weights", own_sets)
        self.tables = {"person": people, "vacancy": vacancies}
        self.seeking, self.offering = ("person", "vacancy") if side == PERSON else ("vacancy", "person")
        self.seekers, self.offers = self.tables[self.seeking], self.tables[self.offering]
        self.weight_sets = np.array(own_sets, dtype=np.intp)
        self.whole = np.array([sum(own.values()) for own in self.sets], dtype=np.int64)
        self.parts = [self._part(criterion) for criterion in spec] if len(people) and len(vacancies) else []
        self.groups = self._grouped()

    # Working out
    def _part(self, criterion: Criterion) -> Part:
        out = fold(excluded(criterion), {"query": self.query})
        score = None if criterion.score is None else fold(criterion.score, {"query": self.query})
        used: dict[str, set[str]] = {"person": set(), "vacancy": set()}
        for expr in (out, score):
            for item in fields_of(expr) if expr is not None else ():
                used[item.side].add(item.name)
        if score is not None and len({own[criterion.code] for own in self.sets}) > 1:
            used["vacancy"].add("weights")
        names = {side: tuple(sorted(used[side])) for side in used}
        first, like = {}, {}
        for side, table in self.tables.items():
            first[side], like[side] = table.different(names[side])
        columns = {
            side: table.columns(names[side], first[side], stands=side == self.offering)
            for side, table in self.tables.items()
        }
        shape = (len(first[self.offering]), len(first[self.seeking]))
        knocked = _filled(out, columns, shape, bool)
        scores = None if score is None else _filled(score, columns, shape, np.int32)
        weighted = np.zeros(shape, dtype=np.int32)
        if scores is not None:
            weighted += scores * self._weight(criterion, columns)
        weighted[knocked] = RULED_OUT
        return Part(criterion, names[self.offering], like[self.seeking], like[self.offering], weighted, scores, knocked)

    def _weight(self, criterion: Criterion, columns: Mapping[str, Mapping[str, Column | Sets]]) -> Any:
        per_set = np.array([own[criterion.code] for own in self.sets], dtype=np.int32)
        which = columns["vacancy"].get("weights")
        return per_set[0] if which is None else per_set[which.values]  # type: ignore[union-attr]

    def _grouped(self) -> list[Group]:
        """Take together criteria whose offers hardly differ more together than apart."""
        groups: list[tuple[set[str], list[Part]]] = []
        for part in sorted(self.parts, key=lambda part: part.weighted.shape[0]):
            for names, parts in groups:
                together = names | set(part.offer_fields)
                if len(self.offers.different(sorted(together))[0]) * 4 <= len(self.offers):
                    names |= together
                    parts.append(part)
                    break
            else:
                groups.append((set(part.offer_fields), [part]))
        made = []
        for names, parts in groups:
            first, like = self.offers.different(sorted(names))
            made.append(Group([(part, part.offer_like[first]) for part in parts], like))
        return made

    # Looking up
    def raw(self, start: int, stop: int) -> np.ndarray:
        """Weighted sums of these seekers (down) with all offers (across); far below nought where ruled out."""
        result = np.zeros((len(self.offers), stop - start), dtype=np.int32)
        for group in self.groups:
            together: Any = 0
            for part, rows in group.parts:
                together = together + part.weighted[:, part.seeker_like[start:stop]].take(rows, axis=0)
            result += together.take(group.offer_like, axis=0)
        return np.ascontiguousarray(result.T)

    def best(self, limit: int, *, start: int = 0, stop: int | None = None, scores: bool = False) -> Iterator[Found]:
        """The best offers of each seeker in turn: highest total first, equals by id."""
        stop = len(self.seekers) if stop is None else stop
        for low in range(start, stop, BLOCK):
            high = min(low + BLOCK, stop)
            for number, sums in enumerate(self.raw(low, high), low):
                yield self._top(number, sums, limit, scores)

    def _top(self, seeker: int, sums: np.ndarray, limit: int, with_scores: bool) -> Found:
        rows = np.flatnonzero(sums >= 0)
        totals = sums[rows] // self._whole_of(seeker, rows)
        # Highest total first, then lowest id, as one number.
        order = totals.astype(np.int64) * (1 << 40) - self.offers.ids[rows]
        if len(rows) > limit:
            chosen = np.argpartition(-order, limit)[:limit]
            rows, totals, order = rows[chosen], totals[chosen], order[chosen]
        chosen = np.argsort(-order)
        rows, totals = rows[chosen], totals[chosen]
        return Found(self.offers.ids[rows], totals, self._scores(seeker, rows) if with_scores else {})

    def _whole_of(self, seeker: int, rows: np.ndarray) -> Any:
        """The sum of the weights that count for these pairs; at least 1, since a sum of nothing is nought anyway."""
        whole = np.maximum(self.whole, 1)
        if len(whole) == 1:
            return whole[0]
        numbers = self.weight_sets
        return whole[numbers[rows]] if self.offering == "vacancy" else whole[numbers[seeker]]

    def _scores(self, seeker: int, rows: np.ndarray) -> dict[str, np.ndarray]:
        return {
            part.criterion.code: part.scores[part.offer_like[rows], part.seeker_like[seeker]]
            for part in self.parts
            if part.scores is not None
        }

    def ruled_out(self) -> dict[str, np.ndarray]:
        """Per criterion, for each seeker, how many offers it rules out."""
        counts = {}
        for part in self.parts:
            like = np.bincount(part.offer_like, minlength=part.out.shape[0])
            counts[part.criterion.code] = (like @ part.out)[part.seeker_like]
        return counts

    def passing(self) -> np.ndarray:
        """For each seeker, how many offers nothing rules out."""
        found = np.zeros(len(self.seekers), dtype=np.int64)
        for low in range(0, len(self.seekers), BLOCK):
            high = min(low + BLOCK, len(self.seekers))
            found[low:high] = (self.raw(low, high) >= 0).sum(axis=1)
        return found

    def best_on(self, processes: int, limit: int) -> list[Found]:
        """The same over several processes."""
        size = len(self.seekers)
        step = -(-size // processes)
        spans = [(low, min(low + step, size)) for low in range(0, size, step)]
        context = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(processes, mp_context=context, initializer=_keep, initargs=(self, limit)) as pool:
            return [found for part in pool.map(_best_of_span, spans) for found in part]


KEPT: dict[str, Any] = {}


def _keep(pairs: AllPairs, limit: int) -> None:
    KEPT["pairs"], KEPT["limit"] = pairs, limit


def _best_of_span(span: tuple[int, int]) -> list[Found]:
    return list(KEPT["pairs"].best(KEPT["limit"], start=span[0], stop=span[1]))


def _filled(expr: Expr, columns: Mapping[str, Any], shape: tuple[int, int], kind: type) -> np.ndarray:
    return np.array(np.broadcast_to(to_numpy(expr, columns), shape), dtype=kind)
