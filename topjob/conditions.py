"""Conditions on rows, put together."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Case, F, Func, Q, QuerySet, Subquery, Value, When


def no_row() -> Q:
    """True of no row. Django leaves it out of an "or", and asks nothing where it is all there is.

    Never `Q(pk=None)` for this: that reaches PostgreSQL as `OR id IS NULL` and keeps it from using an index for the rest.
    """
    return Q(pk__in=[])


def any_of(*conditions: Q) -> Q:
    """True where at least one of these is; of no row when there are none."""
    return reduce(or_, conditions) if conditions else no_row()


def whether(condition: Q) -> Case:
    """The answer as a column, yes or no, also of what is true of no row."""
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


class OneOf(Func):
    """Whether a column is one of what a question of one column gives, which is read once and looked up by number.

    Beside another condition under OR, `column__in` makes PostgreSQL read the whole table; this leaves it the indexes of both.
    """

    output_field = BooleanField()
    template, arg_joiner = "(%(expressions)s))", " = ANY("

    def __init__(self, column: str, rows: QuerySet[Any, Any], **options: Any) -> None:
        super().__init__(F(column), ArraySubquery(rows), **options)


class PairAmong(Func):
    """Whether two columns together are a row of a question of two columns, which is read once: for conditions on a whole table.

    Nothing in either column is no row. Of a few rows, `Exists` asks less.
    """

    output_field = BooleanField()

    def __init__(self, one: str, other: str, rows: QuerySet[Any, Any], **options: Any) -> None:
        super().__init__(F(one), F(other), Subquery(rows), **options)

    def as_sql(self, compiler: Any, connection: Any, *_more: Any, **_context: Any) -> tuple[str, tuple[Any, ...]]:
        (one, of_one), (other, of_other), (rows, of_rows) = map(compiler.compile, self.get_source_expressions())
        return f"(({one}, {other}) IN {rows}) IS TRUE", (*of_one, *of_other, *of_rows)
