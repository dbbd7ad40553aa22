"""Who comes first when totals are equal (decision 31): never simply who was registered first.

Of people, who looks for work longest; of vacancies, what can start soonest; then a shuffle. The shuffle follows from a seed that
is kept with the run or the decision, so that the same question gives the same order and an auditor can repeat it. Python, SQL
and NumPy work it out alike: whole numbers that fit in 64 bits.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

from matching.arrays import Column, to_numpy
from matching.criteria import TODAY, P, V
from matching.expressions import Expr, Row, at_least, at_most, evaluate, fields_of, fold, known, to_sql, when

# After every day that anybody will ever see.
NEVER = 10_000_000
STARTS = ("start_1", "start_2", "start_3", "start_4")
PRIME = (1 << 31) - 1

waits_since = when(known(P("searching_since")), P("searching_since"), NEVER)
starts_on = when(
    V("has_intakes"),
    at_most(*(when(known(V(name)), when(V(name) >= TODAY, V(name), NEVER), NEVER) for name in STARTS)),
    when(known(V("start_1")), at_least(V("start_1"), TODAY), NEVER),
)
# Lowest first.
FIRST: dict[str, Expr] = {"person": waits_since, "vacancy": starts_on}


def seed_of(*what: object) -> int:
    """A seed from what makes a search this one: its day, its subject, its run."""
    return int.from_bytes(hashlib.sha256(repr(what).encode()).digest()[:7])


def _factors(seed: object) -> list[int]:
    """Five numbers: a polynomial of degree four shuffles any five ids evenly, whatever their order was."""
    digest = hashlib.sha256(f"factors {seed}".encode()).digest()
    return [int.from_bytes(digest[start : start + 6]) % PRIME for start in range(0, 30, 6)]


def place(seed: object, key: int) -> int:
    """Where an id stands in the shuffle."""
    value = 0
    for factor in _factors(seed):
        value = (value * (key % PRIME) + factor) % PRIME
    return value


def place_sql(seed: object, key: str) -> str:
    """The same for a column with ids. Only whole numbers of this code come into the text, and no % (of parameters)."""
    first, *others = _factors(seed)
    text = f"{first}::bigint"
    for factor in others:
        text = f"mod({text} * mod({key}, {PRIME}) + {factor}, {PRIME})"
    return text


def places(seed: object, keys: np.ndarray) -> np.ndarray:
    """The same for many ids at once."""
    value = np.zeros(len(keys), dtype=np.int64)
    for factor in _factors(seed):
        value = (value * (keys.astype(np.int64) % PRIME) + factor) % PRIME
    return value


def before(offering: str, row: Row, query: Row, key: int) -> tuple[int, int, int]:
    """What orders equals, lowest first: waiting or start, place in the shuffle, and the id for when even that is equal."""
    other = "vacancy" if offering == "person" else "person"
    sides: dict[str, Row] = {offering: row, other: {}}
    first = evaluate(FIRST[offering], sides["person"], sides["vacancy"], query)
    return int(first), place(query.get("seed", 0), key), key


def first_sql(offering: str, query: Row, columns: dict[str, str]) -> str:
    """The waiting or the start as a column."""
    return to_sql(fold(FIRST[offering], {"query": query}), columns)


def order(offering: str, table: Any, query: Row) -> np.ndarray:
    """For each row of a table its place among equals."""
    if not len(table):
        return np.empty(0, dtype=np.int64)
    expr = fold(FIRST[offering], {"query": query})
    columns = {field.name: _wide(table.numbers(field.name)) for field in fields_of(expr)}
    first = np.broadcast_to(to_numpy(expr, {offering: columns}), (len(table),))
    found = np.empty(len(table), dtype=np.int64)
    found[np.lexsort((table.ids, places(query.get("seed", 0), table.ids), first))] = np.arange(len(table))
    return found


def _wide(column: Column) -> Column:
    """A column in which a day far away fits too."""
    return Column(column.values if column.values.dtype == bool else column.values.astype(np.int64), column.known)
