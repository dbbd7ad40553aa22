"""A world with fifty of everything: each row is copied beside itself, with all that is part of it.

The copies are made in the tables, past the actions: what counts is that a page has as many rows to show, each as full as the
first. What may be there only once says so by a constraint, and stays one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import psycopg
from django.apps import apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from psycopg import sql

from topjob.errors import promised

ROWS = 50
APPS = ("topjob", "accounts", "candidates", "employers", "matching", "trajectories")
# A copy has the number of its original and so much more, for each copy and each table of which rows were copied.
STEP = 100_000
# By which column a row is part of another; where nothing is said, by its first relation that is filled.
PART_OF = {
    "candidates.candidate": (),
    "employers.learnworkproject": ("employer_id",),
    "trajectories.startplan": ("trajectory_id",),
    "trajectories.paper": ("trajectory_id",),
    "trajectories.partylink": ("party_id",),
    "trajectories.seatclaim": ("application_id",),
    "accounts.organisation": (),
    "accounts.auditentry": ("trajectory_id", "candidate_id"),
    "accounts.audittext": ("candidate_id",),
}
# Where somebody has one row for each of these, the copies are about the copies of it.
EACH_ANOTHER = {"accounts.organisation", "employers.vacancy"}
# Numbers of rows without a relation that the database knows of.
NUMBERS = {"candidate_id": "candidates.candidate", "trajectory_id": "trajectories.trajectory"}

# Written by the database itself, or each sealed with the next.
NOT_COPIED = {"accounts.auditunsealed", "accounts.auditlink", "accounts.readingunsealed", "accounts.readingseal"}

Table = type[models.Model]
Chosen = dict[Table, set[int]]


def fill(connection: psycopg.Connection) -> list[str]:
    """Copy everything; answers of which tables one row is all there can be."""
    tables = [model for model in apps.get_models(include_auto_created=True) if _is_ours(model)]
    with connection.transaction():
        for table in tables:
            connection.execute(_say("ALTER TABLE {} DISABLE TRIGGER USER", table._meta.db_table))
    world = _World(connection, tables)
    single = [table._meta.label_lower for table in tables if not world.copy(table)]
    connection.execute("ANALYZE")
    return single


def _is_ours(model: Table) -> bool:
    meta = model._meta
    is_ours = meta.app_label in APPS and meta.label_lower not in NOT_COPIED
    return is_ours and not meta.proxy and meta.managed and isinstance(promised(meta.pk), _NUMBERED)


_NUMBERED = (models.BigIntegerField, models.BigAutoField, models.AutoField, models.ForeignKey)


def _say(words: str, *names: str) -> sql.Composed:
    return sql.SQL(words).format(*map(sql.Identifier, names))


class _World:
    """The rows there were, and which is part of which."""

    def __init__(self, connection: psycopg.Connection, tables: list[Table]) -> None:
        self.connection = connection
        self.label = {table._meta.label_lower: table for table in tables}
        self.parts: dict[tuple[Table, int], list[tuple[Table, int]]] = defaultdict(list)
        self.owners: dict[Table, dict[int, Any]] = {}
        self.more = {table: place * ROWS for place, table in enumerate(tables)}
        self.copied: set[Table] = set()
        for table in tables:
            self.owners[table] = dict(self._owners(table))
        for table, rows in self.owners.items():
            for number, owner in rows.items():
                if owner:
                    self.parts[owner].append((table, number))

    def _owners(self, table: Table) -> Iterator[tuple[int, Any]]:
        """Each row's number, and what it is part of."""
        named = self.targets(table)
        columns = PART_OF.get(table._meta.label_lower, tuple(named))
        pk = promised(table._meta.pk).column
        asked = [sql.Identifier(name) for name in (pk, *columns)]
        rows = self.connection.execute(
            sql.SQL("SELECT {} FROM {} ORDER BY 1").format(
                sql.SQL(",").join(asked), sql.Identifier(table._meta.db_table)
            )
        )
        for number, *found in rows:
            yield number, next(((named[c], n) for c, n in zip(columns, found, strict=True) if n is not None), None)

    def targets(self, table: Table) -> dict[str, Table]:
        """The columns that name a row of ours, and of which table."""
        found = {}
        for field in table._meta.concrete_fields:
            label = (
                field.related_model._meta.concrete_model._meta.label_lower
                if field.is_relation
                else NUMBERS.get(field.column)
            )
            if label in self.label:
                found[field.column] = self.label[label]
        return found

    def copy(self, table: Table) -> bool:
        """Copy one row of each owner, the first that can be copied, and whatever belongs to nobody; False when none can."""
        rows = sorted(self.owners[table].items())
        done: set[Any] = set()
        for number, owner in rows:
            if owner not in done and self._can_copy(table, number):
                done |= {owner} - {None}
                self.copied.add(table)
        return table in self.copied or not rows

    def _can_copy(self, table: Table, number: int) -> bool:
        whole = self._whole(table, [number])
        try:
            with self.connection.transaction():
                for part, numbers in whole.items():
                    self._insert(part, numbers, whole, self.more[table])
        except psycopg.errors.IntegrityError:
            return False
        return True

    def _whole(self, table: Table, rows: Iterable[int]) -> Chosen:
        """These rows and all that is part of them."""
        found: Chosen = defaultdict(set)
        waiting = [(table, number) for number in rows]
        while waiting:
            table, number = waiting.pop()
            if number not in found[table]:
                found[table].add(number)
                waiting += self.parts[table, number]
        return found

    def _insert(self, table: Table, numbers: set[int], whole: Chosen, more: int) -> None:
        fields = [field for field in table._meta.concrete_fields if not isinstance(field, models.GeneratedField)]
        targets = {column: target for column, target in self.targets(table).items() if target in whole}
        apart = self._told_apart(table, set(targets))
        values = [self._value(field, targets, whole, apart, more) for field in fields]
        words = "INSERT INTO {0} ({1}) SELECT {2} FROM {0}, generate_series(1, {3}) k WHERE {4} = ANY({5}::bigint[])"
        self.connection.execute(
            sql.SQL(words).format(
                sql.Identifier(table._meta.db_table),
                sql.SQL(",").join(sql.Identifier(field.column) for field in fields),
                sql.SQL(",").join(values),
                ROWS - 1,
                sql.Identifier(promised(table._meta.pk).column),
                sql.Literal(sorted(numbers)),
            )
        )

    def _value(
        self, field: Any, targets: dict[str, Table], whole: Chosen, apart: set[str], more: int
    ) -> sql.Composable:
        """What a copy has in a column."""
        column = sql.Identifier(field.column)
        further = sql.SQL("{0} + (k + {1}) * {2}")
        if field.column in targets:
            among = sql.Literal(sorted(whole[targets[field.column]]))
            words = "CASE WHEN {0} = ANY({1}::bigint[]) THEN {0} + (k + {2}) * {3} ELSE {0} END"
            return sql.SQL(words).format(column, among, more, STEP)
        if field.primary_key or field.column in ("subject_id", "entry_id"):
            return further.format(column, more, STEP)
        if field.column not in apart:
            return column
        if field.is_relation and field.null:
            return sql.NULL
        if field.is_relation:
            return further.format(column, self.more[self.label[promised(field.related_model)._meta.label_lower]], STEP)
        if isinstance(field, models.CharField):
            words = "CASE {0} WHEN '' THEN '' ELSE left({0}, {1}) || '~' || k + {2} END"
            return sql.SQL(words).format(column, (field.max_length or 200) - 6, more)
        return sql.SQL("{0} + k * {1}").format(column, 100)

    def _told_apart(self, table: Table, moved: set[str]) -> set[str]:
        """The columns in which the copies must differ, so that the database takes them."""
        once = [[field] for field in table._meta.concrete_fields if field.unique and not field.primary_key]
        for constraint in table._meta.constraints:
            names = list(getattr(constraint, "fields", ()))
            if isinstance(constraint, ExclusionConstraint):
                names = [name for name, _operator in constraint.expressions if isinstance(name, str)]
            once.append([table._meta.get_field(name) for name in names])
        found = set()
        for fields in once:
            if not {field.column for field in fields} & moved:
                found |= {field.column for field in fields if _can_differ(field)}
        return found


def _can_differ(field: Any) -> bool:
    if field.is_relation:
        return field.null or field.related_model._meta.label_lower in EACH_ANOTHER
    return not field.choices and isinstance(field, (models.CharField, models.IntegerField, models.DateField))
