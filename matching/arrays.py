"""The third rendering of an expression: NumPy computes every row of one side with every row of the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from matching.expressions import Call, Const, Expr, Field, When, parts_of


@dataclass(frozen=True)
class Column:
    """The values of one field, standing (one per row of the result) or lying (one per column); `known` says where."""

    values: np.ndarray
    known: np.ndarray | None = None

    def of(self, rows: Any) -> Column:
        return Column(self.values[rows], None if self.known is None else self.known[rows])

    def part(self, rows: np.ndarray, stands: bool) -> Column:
        some, shape = self.of(rows), (-1, 1) if stands else (1, -1)
        return Column(some.values.reshape(shape), None if some.known is None else some.known.reshape(shape))

    def bit(self, mask: int) -> Column:
        return Column((self.values & mask) != 0)

    def codes(self) -> np.ndarray:
        """A number from nought for each different value, unknown too."""
        numbers = self.values.astype(np.int64)
        numbers -= numbers.min(initial=0)
        return numbers if self.known is None else np.where(self.known, numbers + 1, 0)


@dataclass(frozen=True)
class Sets:
    """A set of whole numbers per row: `holds[number, row]`, for the numbers that occur."""

    holds: np.ndarray
    numbers: np.ndarray
    counts: np.ndarray
    stands: bool

    def part(self, rows: np.ndarray, stands: bool) -> Sets:
        """Some rows, without the numbers that none of these holds."""
        holds = self.holds[:, rows]
        occurs = holds.any(axis=1)
        return Sets(holds[occurs], self.numbers[occurs], self.counts[rows], stands)


Columns = Mapping[str, Mapping[str, "Column | Sets"]]


def divide_columns(left: Any, right: Any) -> Any:
    """Where the divisor is nought the answer isn't used, but NumPy computes it all the same."""
    return left // np.maximum(right, 1)


POPCOUNT = np.array([number.bit_count() for number in range(128)], dtype=np.int32)
NUMPY: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": divide_columns,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "eq": lambda a, b: a == b,
    "and": np.logical_and,
    "or": np.logical_or,
    "not": np.logical_not,
    "min": lambda *parts: reduce(np.minimum, parts),
    "max": lambda *parts: reduce(np.maximum, parts),
    "has": lambda a, b: (a & b) != 0,
    "bits": lambda a, b: POPCOUNT[a & b],
    "square": lambda a: a * a,
}


def to_numpy(expr: Expr, columns: Columns) -> Any:
    """The values for all pairs of rows at once; smaller shapes where they don't all differ."""
    if isinstance(expr, Const):
        return expr.value
    if isinstance(expr, Field):
        column = columns[expr.side][expr.name]
        assert isinstance(column, Column)
        return column.values
    if isinstance(expr, When):
        return np.where(*(to_numpy(part, columns) for part in parts_of(expr)))
    assert isinstance(expr, Call)
    if expr.op in NUMPY_OF_FIELDS:
        return NUMPY_OF_FIELDS[expr.op](columns, *expr.args)
    return NUMPY[expr.op](*(to_numpy(arg, columns) for arg in expr.args))


def _known(columns: Columns, field: Expr) -> Any:
    assert isinstance(field, Field)
    column = columns[field.side][field.name]
    assert isinstance(column, Column)
    return True if column.known is None else column.known


def _sets(columns: Columns, field: Expr) -> Sets:
    assert isinstance(field, Field)
    found = columns[field.side][field.name]
    assert isinstance(found, Sets)
    return found


def _member(columns: Columns, item: Expr, items: Expr) -> Any:
    sets = _sets(columns, items)
    values = np.asarray(to_numpy(item, columns)).reshape(-1)
    places = np.searchsorted(sets.numbers, values)
    occurs = (
        sets.numbers.take(places, mode="clip") == values if len(sets.numbers) else np.zeros(len(values), dtype=bool)
    )
    held = np.zeros((len(values), sets.holds.shape[1]), dtype=bool)
    held[occurs] = sets.holds[places[occurs]]
    return held.T if sets.stands else held


def _empty(columns: Columns, items: Expr) -> Any:
    sets = _sets(columns, items)
    return sets.counts.reshape((-1, 1) if sets.stands else (1, -1)) == 0


def _shared(columns: Columns, left: Expr, right: Expr) -> Any:
    """How many numbers both hold: exact in single precision, sets are small."""
    one, other = _sets(columns, left), _sets(columns, right)
    if one.stands == other.stands:
        raise TypeError("sets of one side are compared with those of the other")
    standing, lying = (one, other) if one.stands else (other, one)
    _both, of_standing, of_lying = np.intersect1d(standing.numbers, lying.numbers, return_indices=True)
    product = standing.holds[of_standing].astype(np.float32).T @ lying.holds[of_lying].astype(np.float32)
    return product.astype(np.int32)


NUMPY_OF_FIELDS: dict[str, Callable[..., Any]] = {
    "known": _known,
    "member": _member,
    "empty": _empty,
    "shared": _shared,
}
