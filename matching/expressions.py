"""Small whole-number expressions over a person's profile and a vacancy, with three renderings of one definition.

`evaluate` computes one pair in Python, `to_sql` writes the expression for PostgreSQL, `to_numpy` (`arrays.py`) computes whole
columns at once. `fold` fills in the side that is fixed in a search and works out everything that then is known, so that both
fast renderings only do what really differs per row.

Only whole numbers, yes/no and sets of whole numbers occur, and none outgrows 32 bits: distances are in tens of metres.
Division is only of numbers that can't be negative, because `//` and SQL's `/` round negatives differently. An unknown
value must be asked for with `known` before it is used: then nothing is lost silently.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

Value: TypeAlias = int | bool | tuple[int, ...] | None
Operand: TypeAlias = "Expr | int | bool"


class Expr:
    """An expression; the operators below build bigger ones."""

    def __add__(self, other: Operand) -> Expr:
        return Call("add", self, wrap(other))

    def __sub__(self, other: Operand) -> Expr:
        return Call("sub", self, wrap(other))

    def __rsub__(self, other: Operand) -> Expr:
        return Call("sub", wrap(other), self)

    def __mul__(self, other: Operand) -> Expr:
        return Call("mul", self, wrap(other))

    __radd__, __rmul__ = __add__, __mul__

    def __floordiv__(self, other: Operand) -> Expr:
        return Call("div", self, wrap(other))

    def __lt__(self, other: Operand) -> Expr:
        return Call("lt", self, wrap(other))

    def __le__(self, other: Operand) -> Expr:
        return Call("le", self, wrap(other))

    def __gt__(self, other: Operand) -> Expr:
        return Call("lt", wrap(other), self)

    def __ge__(self, other: Operand) -> Expr:
        return Call("le", wrap(other), self)

    def equals(self, other: Operand) -> Expr:
        return Call("eq", self, wrap(other))

    def __and__(self, other: Operand) -> Expr:
        return Call("and", self, wrap(other))

    def __or__(self, other: Operand) -> Expr:
        return Call("or", self, wrap(other))

    def __invert__(self) -> Expr:
        return Call("not", self)


@dataclass(frozen=True, eq=False)
class Const(Expr):
    value: Value


@dataclass(frozen=True, eq=False)
class Field(Expr):
    """A value of one side: "person", "vacancy", or "query" (the day of the search)."""

    side: str
    name: str


@dataclass(frozen=True, eq=False)
class Call(Expr):
    op: str
    args: tuple[Expr, ...]

    def __init__(self, op: str, *args: Expr) -> None:
        object.__setattr__(self, "op", op)
        object.__setattr__(self, "args", args)


@dataclass(frozen=True, eq=False)
class When(Expr):
    """`then` where the condition holds, else `other`."""

    condition: Expr
    then: Expr
    other: Expr


def wrap(value: Operand) -> Expr:
    return value if isinstance(value, Expr) else Const(value)


def when(condition: Expr, then: Operand, other: Operand) -> Expr:
    return When(condition, wrap(then), wrap(other))


def known(field: Expr) -> Expr:
    """Whether there is a value."""
    return Call("known", field)


def at_least(first: Operand, *rest: Operand) -> Expr:
    """The highest."""
    return _chain("max", first, *rest)


def at_most(first: Operand, *rest: Operand) -> Expr:
    """The lowest."""
    return _chain("min", first, *rest)


def _chain(op: str, first: Operand, *rest: Operand) -> Expr:
    result = wrap(first)
    for item in rest:
        result = Call(op, result, wrap(item))
    return result


def member(item: Expr, items: Expr) -> Expr:
    return Call("member", item, items)


def empty(items: Expr) -> Expr:
    return Call("empty", items)


def shared(left: Expr, right: Expr) -> Expr:
    """How many numbers two sets have in common."""
    return Call("shared", left, right)


def has(mask: Expr, bit: int) -> Expr:
    """Whether a mask holds this bit (or one of these)."""
    return Call("has", mask, Const(bit))


def bits_in_both(left: Expr, right: Expr) -> Expr:
    """How many bits two small masks (0–127) have in common."""
    return Call("bits", left, right)


def square(number: Expr) -> Expr:
    return Call("square", number)


def as_number(condition: Expr) -> Expr:
    return when(condition, 1, 0)


# --- Python: one pair
def divide(left: int, right: int) -> int:
    if left < 0 or right <= 0:
        raise ArithmeticError(f"{left} // {right}: only numbers that can't be negative are divided")
    return left // right


PYTHON: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": divide,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "eq": lambda a, b: a == b,
    "not": lambda a: not a,
    "min": min,
    "max": max,
    "known": lambda a: a is not None,
    "member": lambda a, b: a in b,
    "empty": lambda a: not a,
    "shared": lambda a, b: len(set(a) & set(b)),
    "bits": lambda a, b: (a & b).bit_count(),
    "has": lambda a, b: a & b != 0,
    "square": lambda a: a * a,
}

Row = Mapping[str, Value]


Function = Callable[[Row, Row, Row], Any]


def evaluate(expr: Expr, person: Row, vacancy: Row, query: Row) -> Any:
    """The value for one pair."""
    return as_function(expr)(person, vacancy, query)


@lru_cache(maxsize=4096)
def as_function(expr: Expr) -> Function:
    """The expression as a function of a person, a vacancy and the query: reading it again for every pair is slow.

    Both sides of "and", "or" and `when` are only computed where they count.
    """
    if isinstance(expr, Const):
        value = expr.value
        return lambda person, vacancy, query: value
    if isinstance(expr, Field):
        return _reading(expr.side, expr.name)
    if isinstance(expr, When):
        condition, then, other = (as_function(part) for part in parts_of(expr))
        return lambda p, v, q: then(p, v, q) if condition(p, v, q) else other(p, v, q)
    assert isinstance(expr, Call)
    return _calling(expr.op, [as_function(arg) for arg in expr.args])


def _reading(side: str, name: str) -> Function:
    readers: dict[str, Function] = {
        "person": lambda person, vacancy, query: person[name],
        "vacancy": lambda person, vacancy, query: vacancy[name],
        "query": lambda person, vacancy, query: query[name],
    }
    return readers[side]


def _calling(op: str, args: list[Function]) -> Function:
    if len(args) == 1:
        (only,), unary = args, PYTHON[op]
        return lambda p, v, q: unary(only(p, v, q))
    if len(args) > 2:
        many = PYTHON[op]
        return lambda p, v, q: many(*(arg(p, v, q) for arg in args))
    left, right = args
    if op == "and":
        return lambda p, v, q: left(p, v, q) and right(p, v, q)
    if op == "or":
        return lambda p, v, q: left(p, v, q) or right(p, v, q)
    binary = PYTHON[op]
    return lambda p, v, q: binary(left(p, v, q), right(p, v, q))


# --- Filling in one side
def fold(expr: Expr, fixed: Mapping[str, Row]) -> Expr:
    """The expression with the given values filled in and everything that then is known worked out."""
    if isinstance(expr, Field):
        known_of_side = fixed.get(expr.side, {})
        return Const(known_of_side[expr.name]) if expr.name in known_of_side else expr
    if isinstance(expr, When):
        return _fold_when(expr, fixed)
    if isinstance(expr, Call):
        return _fold_logic(expr, fixed) if expr.op in ("and", "or") else _fold_call(expr, fixed)
    return expr


def given(expr: Expr, facts: Collection[Expr]) -> Expr:
    """The expression where these parts of it, the very same objects, hold."""
    if expr in facts:
        return Const(True)
    if isinstance(expr, When):
        return When(*(given(part, facts) for part in parts_of(expr)))
    return Call(expr.op, *(given(arg, facts) for arg in expr.args)) if isinstance(expr, Call) else expr


def _fold_when(expr: When, fixed: Mapping[str, Row]) -> Expr:
    condition = fold(expr.condition, fixed)
    if isinstance(condition, Const):
        return fold(expr.then if condition.value else expr.other, fixed)
    then, other = fold(expr.then, fixed), fold(expr.other, fixed)
    if isinstance(then, Const) and isinstance(other, Const) and then.value == other.value:
        return then
    return When(condition, then, other)


def _fold_logic(expr: Call, fixed: Mapping[str, Row]) -> Expr:
    decides = expr.op == "or"
    left = fold(expr.args[0], fixed)
    if isinstance(left, Const):
        return left if left.value == decides else fold(expr.args[1], fixed)
    right = fold(expr.args[1], fixed)
    if isinstance(right, Const):
        return right if right.value == decides else left
    return Call(expr.op, left, right)


def _fold_call(expr: Call, fixed: Mapping[str, Row]) -> Expr:
    args = [fold(arg, fixed) for arg in expr.args]
    values = [arg.value for arg in args if isinstance(arg, Const)]
    if len(values) == len(args):
        return Const(PYTHON[expr.op](*values))
    if expr.op in ("shared", "bits") and any(not value for value in values):
        return Const(0)
    if expr.op == "add" and 0 in values:
        return args[1] if isinstance(args[0], Const) else args[0]
    if expr.op == "member" and isinstance(args[1], Const) and not args[1].value:
        return Const(False)
    if expr.op == "not":
        return _opposite(args[0])
    return _fold_extremes(expr.op, args) if expr.op in ("min", "max") else Call(expr.op, *args)


def _opposite(expr: Expr) -> Expr:
    """What is true when this isn't, in as few words as can be."""
    if isinstance(expr, Call) and expr.op == "not":
        return expr.args[0]
    if isinstance(expr, Call) and expr.op in ("lt", "le"):
        return Call("le" if expr.op == "lt" else "lt", expr.args[1], expr.args[0])
    return Call("not", expr)


def _fold_extremes(op: str, args: list[Expr]) -> Expr:
    """The lowest or highest of a chain as one call, its known values taken together."""
    flat = [part for arg in args for part in (arg.args if isinstance(arg, Call) and arg.op == op else (arg,))]
    fixed = [part.value for part in flat if isinstance(part, Const)]
    rest = [part for part in flat if not isinstance(part, Const)]
    return Call(op, *([Const(PYTHON[op](fixed))] if fixed else []), *rest)


def fields_of(expr: Expr) -> Iterator[Field]:
    if isinstance(expr, Field):
        yield expr
    for part in parts_of(expr):
        yield from fields_of(part)


def parts_of(expr: Expr) -> tuple[Expr, ...]:
    if isinstance(expr, When):
        return (expr.condition, expr.then, expr.other)
    return expr.args if isinstance(expr, Call) else ()


# --- SQL
SQL = {
    "add": "({} + {})",
    "sub": "({} - {})",
    "mul": "({} * {})",
    "div": "({} / {})",
    "lt": "{} < {}",
    "le": "{} <= {}",
    "eq": "{} = {}",
    "and": "({} AND {})",
    "or": "({} OR {})",
    "not": "NOT ({})",
    "known": "{} IS NOT NULL",
    "member": "{} = ANY ({})",
    "empty": "cardinality({}) = 0",
    "shared": "icount({} & {})",
    "bits": "bit_count(({} & {})::bit(8))::int",
    "has": "({} & {}) <> 0",
    "square": "(({0}) * ({0}))",
}


def to_sql(expr: Expr, columns: Mapping[str, str]) -> str:
    """The expression for PostgreSQL; `columns` names the column of each field that is still open.

    Only whole numbers that passed through `int` are written into the text.
    """
    if isinstance(expr, Const):
        return _sql_value(expr.value)
    if isinstance(expr, Field):
        return columns[expr.name]
    if isinstance(expr, When):
        condition, then, other = (to_sql(part, columns) for part in parts_of(expr))
        return f"CASE WHEN {condition} THEN {then} ELSE {other} END"
    assert isinstance(expr, Call)
    parts = [to_sql(arg, columns) for arg in expr.args]
    if expr.op in ("min", "max"):
        return f"{'LEAST' if expr.op == 'min' else 'GREATEST'}({', '.join(parts)})"
    return SQL[expr.op].format(*parts)


def _sql_value(value: Value) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(int(value)) if value >= 0 else f"({int(value)})"
    return "'{" + ",".join(str(int(item)) for item in value) + "}'::int[]"
