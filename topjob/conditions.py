"""Conditions on rows, put together."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import BooleanField, Case, Q, Value, When


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
