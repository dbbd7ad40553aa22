"""Many rows at once, as columns of NumPy: for the nightly all-pairs run and the audit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from matching.criteria import CRITERIA
from matching.expressions import Column, Const, Expr, Row, Sets, fold, to_numpy
from matching.scoring import EMPLOYER, PERSON, Spec, excluded, total_expression, weighted
from matching.weights import Weights


@dataclass(frozen=True)
class Table:
    """Rows of one side, turned into columns; `ids` tells which is which."""

    ids: np.ndarray
    columns: Mapping[str, Column | Sets]

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def of(cls, rows: Iterable[tuple[int, Row]]) -> Table:
        pairs = list(rows)
        ids = np.array([key for key, _row in pairs], dtype=np.int64)
        names = pairs[0][1].keys() if pairs else ()
        return cls(ids, {name: _column([row[name] for _key, row in pairs]) for name in names})


def _column(values: Sequence[Any]) -> Column | Sets:
    if any(isinstance(value, tuple) for value in values):
        return _sets(values)
    missing = np.array([value is None for value in values])
    kind = bool if all(value is None or isinstance(value, bool) for value in values) else np.int32
    filled = np.array([0 if value is None else value for value in values], dtype=kind)
    return Column(filled, ~missing if missing.any() else None)


def _sets(values: Sequence[tuple[int, ...]]) -> Sets:
    """Which rows hold each number."""
    counts = np.array([len(value) for value in values])
    rows = np.repeat(np.arange(len(values)), counts)
    numbers = np.fromiter((number for value in values for number in value), dtype=np.int64, count=counts.sum())
    order = np.argsort(numbers, kind="stable")
    found, starts = np.unique(numbers[order], return_index=True)
    parts = np.split(rows[order], starts[1:])
    return Sets(len(values), counts, dict(zip(found.tolist(), parts, strict=False)))


def best_vacancies(
    person: Row, query: Row, vacancies: Table, weights: Weights, limit: int
) -> list[tuple[int, int, dict[str, int]]]:
    """Ids, totals and scores of the best vacancies for one person, best first."""
    fixed = {"person": person, "query": query}
    return _top(fixed, vacancies, _totals_by_kind(fixed, vacancies, weights), limit)


def best_people(
    vacancy: Row, query: Row, people: Table, weights: Weights, limit: int
) -> list[tuple[int, int, dict[str, int]]]:
    """Ids, totals and scores of the best people for one vacancy, best first."""
    fixed = {"vacancy": vacancy, "query": query}
    kind_id = vacancy["kind_id"]
    assert isinstance(kind_id, int)
    total = total_expression(CRITERIA, weights.for_kind(kind_id).of(EMPLOYER))
    return _top(fixed, people, _values(total, fixed, people), limit)


def _totals_by_kind(fixed: Mapping[str, Row], vacancies: Table, weights: Weights) -> np.ndarray:
    kinds = vacancies.columns["kind_id"]
    assert isinstance(kinds, Column)
    totals = _values(total_expression(CRITERIA, weights.default.of(PERSON)), fixed, vacancies)
    for kind_id, own in weights.by_kind.items():
        these = _values(total_expression(CRITERIA, own.of(PERSON)), fixed, vacancies)
        totals = np.where(kinds.values == kind_id, these, totals)
    return totals


def _values(expr: Expr, fixed: Mapping[str, Row], table: Table) -> np.ndarray:
    return np.broadcast_to(to_numpy(fold(expr, fixed), table.columns), (len(table),))


def passing(fixed: Mapping[str, Row], table: Table, spec: Spec = CRITERIA) -> np.ndarray:
    """Which rows no criterion rules out."""
    result = np.ones(len(table), dtype=bool)
    for criterion in spec:
        out = fold(excluded(criterion), fixed)
        if isinstance(out, Const) and not out.value:
            continue
        result &= ~np.asarray(to_numpy(out, table.columns), dtype=bool)
    return result


def _top(
    fixed: Mapping[str, Row], table: Table, totals: np.ndarray, limit: int
) -> list[tuple[int, int, dict[str, int]]]:
    rows = np.flatnonzero(passing(fixed, table))
    # Highest total first, then lowest id, as one number.
    order = totals[rows].astype(np.int64) * (1 << 40) - table.ids[rows]
    if len(rows) > limit:
        chosen = np.argpartition(-order, limit)[:limit]
        rows, order = rows[chosen], order[chosen]
    rows = rows[np.argsort(-order)]
    scores = {c.code: _values(c.score, fixed, table)[rows] for c in weighted() if c.score is not None}
    return [
        (int(table.ids[row]), int(totals[row]), {code: int(values[place]) for code, values in scores.items()})
        for place, row in enumerate(rows)
    ]
