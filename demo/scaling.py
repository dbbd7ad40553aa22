"""A big demo: everybody in the voorbeeldwereld again and again, with all that is theirs, until there are so many cases.

The people whom the product's own actions made are copied in the tables, whole worlds at a time: persons, their cases, the
companies and vacancies they came to, and the staff around them, each with names and addresses of their own. What is part of whom
follows from the foreign keys, so a table that is new comes along by itself. The number of a copy is that of its original and a
million for each world, in every table, so a number of a row can be followed wherever it is written, in the log too. Days, and the
words of notes, stay those of the original.

It is done in one transaction, as the owner: the triggers that ask who writes are off meanwhile, foreign keys and indexes are made
anew at the end and hold for every row. The log gets its chain from the function that always makes it (ADR 14). Nobody can
work in the product while it runs.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection, models, transaction
from psycopg import sql

from accounts import sealing
from accounts.models import AuditEntry, AuditText, Membership, Organisation, Role, User
from candidates.models import Candidate
from demo import identities
from employers.models import Employer
from matching.models import MatchRun
from topjob.errors import promised
from topjob.models import OutboxMessage
from topjob.storage import file_fields
from trajectories.models import Trajectory

Table = type[models.Model]
Say = Callable[[str], None]

# What a copy's number has more than its original, for each world further.
STEP = 1_000_000
SEALED_AT_ONCE = 10_000
# Rows of a user that are nothing without the user; all other rows only name whoever did it.
OF_USERS = {"accounts.membership", "account.emailaddress"}
SHARED_ROLES = (Role.BEHEERDER, Role.OPDRACHTGEVER)
# The log's own queue and chain are made by the database; who looked isn't copied, nobody did.
BY_THE_DATABASE = {"accounts.auditlink", "accounts.auditunsealed", "accounts.reading"}
# Columns that name a row without a foreign key; nothing and 0 name none.
NUMBERS = {"subject_id", "candidate_id", "trajectory_id", "text_id"}
# A region has one coordinator, whoever else works there.
KEPT = {"escalated_to_id"}
# What rows are called in the log and the outbox, where that isn't the name of their table.
CALLED = {
    "assessment": "wageassessment",
    "code": "signingcode",
    "deadlines": "deadline",
    "document": "generateddocument",
    "interruption": "trialinterruption",
    "jobcoach": "user",
    "link": "partylink",
    "owner": "user",
    "party": "planparty",
    "permission": "payerpermission",
    "plan": "startplan",
    "profile": "searchprofile",
    "session": "coachingsession",
    "view": "evaluationview",
}


def scale(cases: int, say: Say) -> int:
    """Copy the demo until it has at least so many cases, and seal its log; answers how many cases were added."""
    with _for_filling(), transaction.atomic():
        worlds = _Worlds.needed(cases)
        if not worlds.numbers:
            return 0
        say(f"{len(worlds.numbers)} keer de voorbeeldwereld erbij …")
        added = worlds.copy(say)
    say("Logboek verzegelen …")
    sealing.seal(SEALED_AT_ONCE)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    return added


@contextmanager
def _for_filling() -> Iterator[None]:
    """A connection without the limits of a page, with memory to sort in."""
    settings = {"statement_timeout": "0", "idle_in_transaction_session_timeout": "0", "lock_timeout": "0"}
    settings |= {"maintenance_work_mem": "512MB", "work_mem": "128MB", "synchronous_commit": "off"}
    with connection.cursor() as cursor:
        for name, value in settings.items():
            cursor.execute(f"SET {name} = '{value}'")
        yield
        for name in settings:
            cursor.execute(f"RESET {name}")


@dataclass
class _Worlds:
    """The rows that are copied, and how often."""

    numbers: range
    chosen: dict[Table, set[int]] = field(default_factory=dict)

    @classmethod
    def needed(cls, cases: int) -> _Worlds:
        """How many worlds further there are so many cases; the first rows of the demo are what is copied."""
        originals = Trajectory.objects.filter(pk__lt=STEP).count()
        missing = cases - Trajectory.objects.count()
        last = max(Trajectory.objects.aggregate(last=models.Max("pk"))["last"] or 0, 0) // STEP
        more = -(-missing // originals) if originals and missing > 0 else 0
        return cls(range(last + 1, last + 1 + more))

    def copy(self, say: Say) -> int:
        before = Trajectory.objects.count()
        self.chosen = chosen_rows()
        self._people()
        with _laid_aside(list(self.chosen), say):
            for table in self.chosen:
                self._insert(table)
            _queue_the_log(STEP * self.numbers.start)
            say("Indexen en verwijzingen …")
        self._link_files()
        for table in self.chosen:
            _number_on(table, STEP * (self.numbers.stop))
        return Trajectory.objects.count() - before

    # --- A table --------------------------------------------------------------------------------------------------------
    def _insert(self, table: Table) -> None:
        fields = [row for row in table._meta.concrete_fields if not isinstance(row, models.GeneratedField)]
        own = _own_columns(table)
        given = {column for column, _expression in own.columns}
        values = [_value_of(own, row.column) if row.column in given else self._value(table, row) for row in fields]
        words = sql.SQL(
            "INSERT INTO {table} ({columns}) SELECT {values} FROM generate_series({first}, {last}) k"
            " CROSS JOIN {table} t JOIN unnest({ids}::bigint[]) c ON c = t.{pk} {joins}"
        )
        _run(
            words.format(
                table=sql.Identifier(table._meta.db_table),
                columns=sql.SQL(",").join([sql.Identifier(_column(row)) for row in fields]),
                values=sql.SQL(",").join(values),
                first=sql.Literal(self.numbers.start),
                last=sql.Literal(self.numbers.stop - 1),
                ids=sql.Literal(sorted(self.chosen[table])),
                pk=sql.Identifier(_column(_pk(table))),
                joins=sql.SQL(own.joins),
            )
        )

    def _value(self, table: Table, row: models.Field) -> sql.Composable:
        """What a copy has in a column: the number of the copy of what the original names, or the same."""
        column = _of_original(row)
        further = sql.SQL("{} + k * {}").format(column, sql.Literal(STEP))
        if row.is_relation:
            among = self.chosen.get(_target(row)) if row.column not in KEPT else None
            return self._where_copied(table, row, among, further) if among else column
        if row.primary_key:
            return further
        if row.column in NUMBERS and isinstance(row, models.BigIntegerField):
            return sql.SQL("CASE WHEN {0} > 0 THEN {1} ELSE {0} END").format(column, further)
        if isinstance(row, models.FileField):
            return _other_file(column)
        if row.unique:
            return _other_text(column, row.max_length or 200)
        return column

    def _where_copied(
        self, table: Table, row: models.Field, among: set[int], further: sql.Composable
    ) -> sql.Composable:
        rows = table._default_manager.filter(pk__in=self.chosen[table])
        named = set(rows.order_by().values_list(row.attname, flat=True).distinct()) - {None}
        if named <= among:
            return further
        column = _of_original(row)
        words = sql.SQL("CASE WHEN {0} = ANY({1}::bigint[]) THEN {2} ELSE {0} END")
        return words.format(column, sql.Literal(sorted(named & among)), further)

    # --- What is each copy's own -----------------------------------------------------------------------------------------
    def _people(self) -> None:
        """Tables that last as long as this transaction: names and addresses of the copies, and which numbers JSON holds."""
        identities.make(self.chosen, self.numbers, STEP)
        numbered = _Numbered(self.chosen)
        for table, column in ((AuditEntry, "details"), (OutboxMessage, "payload")):
            if table in self.chosen:
                numbered.make(table, column)

    def _link_files(self) -> None:
        """Each copy has a file of its own: another name of the same bytes, as its fingerprint says."""
        for row in file_fields():
            if (ids := self.chosen.get(row.model)) is not None:
                names = row.model._default_manager.filter(pk__in=ids).exclude(**{row.name: ""})
                pairs = names.order_by("pk").values_list("pk", row.name)
                for pk, name in pairs:
                    copies = [pk + number * STEP for number in self.numbers]
                    others = row.model._default_manager.filter(pk__in=copies).values_list(row.name, flat=True)
                    _link(name, others)


def _link(name: str, others: Any) -> None:
    source = Path(default_storage.path(name))
    for other in others:
        place = Path(default_storage.path(other))
        place.parent.mkdir(parents=True, exist_ok=True)
        place.unlink(missing_ok=True)
        os.link(source, place)


def _other_file(column: sql.Composable) -> sql.Composable:
    """A name beside the original's, as random as that."""
    words = "CASE {0} WHEN '' THEN '' ELSE regexp_replace({0}, '[^/.]+(\\.[^./]*)?$', md5({0} || k) || '\\1') END"
    return sql.SQL(words).format(column)


def _other_text(column: sql.Composable, longest: int) -> sql.Composable:
    """Text that may be there once: a fingerprint of the same length stays one."""
    hashed = sql.SQL("encode(sha256(convert_to({0} || k, 'UTF8')), 'hex')").format(column)
    numbered = sql.SQL("left({0}, {1}) || '~' || k").format(column, sql.Literal(longest - 8))
    return sql.SQL("CASE WHEN {0} ~ '^[0-9a-f]{{64}}$' THEN {1} ELSE {2} END").format(column, hashed, numbered)


# --- What is part of what ---------------------------------------------------------------------------------------------------
def chosen_rows() -> dict[Table, set[int]]:
    """The first people of the demo, its companies and its staff, with every row that is part of one of them."""
    chosen: dict[Table, set[int]] = defaultdict(set)
    chosen[User] = _numbers(
        User.objects.exclude(pk__in=Membership.objects.filter(role__in=SHARED_ROLES).values("user"))
    )
    chosen[Candidate] = _numbers(Candidate.objects.all())
    chosen[Organisation] = _numbers(Organisation.objects.filter(pk__in=Employer.objects.values("organisation")))
    chosen[MatchRun] = _numbers(MatchRun.objects.exclude(subject_id=None))
    waiting = True
    while waiting:
        waiting = False
        for table in _tables():
            found = _parts(table, chosen) - chosen[table]
            chosen[table] |= found
            waiting = waiting or bool(found)
    _choose_log(chosen)
    return {table: rows for table, rows in chosen.items() if rows}


def _numbers(rows: models.QuerySet[Any]) -> set[int]:
    return set(rows.filter(pk__lt=STEP).order_by().values_list("pk", flat=True))


def _tables() -> list[Table]:
    """Every table whose rows can be part of something."""
    every = (model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy)
    return [table for table in every if table._meta.label_lower not in BY_THE_DATABASE and list(_owners(table))]


def _owners(table: Table) -> Iterator[models.Field]:
    """The columns by which a row of this table is part of another."""
    of_user = table._meta.label_lower in OF_USERS
    for row in table._meta.concrete_fields:
        if row.is_relation and (_target(row) is User) == of_user and _target(row)._meta.app_label != "topjob":
            yield row


def _parts(table: Table, chosen: dict[Table, set[int]]) -> set[int]:
    owned = models.Q()
    for row in _owners(table):
        if rows := chosen.get(_target(row)):
            owned |= models.Q(**{f"{row.attname}__in": rows})
    return _numbers(table._default_manager.filter(owned)) if owned else set()


def _target(row: models.Field) -> Table:
    return promised(row.related_model)._meta.concrete_model  # type: ignore[return-value]


def _choose_log(chosen: dict[Table, set[int]]) -> None:
    """What was logged about these rows, with its words, and the work that followed from them."""
    labels = {table._meta.label_lower: rows for table, rows in chosen.items()}
    entries = AuditEntry.objects.filter(pk__lt=STEP).order_by()
    for pk, kind, subject, person, text in entries.values_list(
        "pk", "subject_type", "subject_id", "candidate_id", "text_id"
    ):
        if person in chosen[Candidate] or subject in labels.get(kind, ()):
            chosen[AuditEntry].add(pk)
            chosen[AuditText] |= {text} - {None}
    chosen[OutboxMessage] = _numbers(OutboxMessage.objects.all())


class _Numbered:
    """Which keys of a JSON column hold numbers of rows that are copied."""

    def __init__(self, chosen: dict[Table, set[int]]) -> None:
        self.chosen = chosen
        self.named = {table._meta.model_name: rows for table, rows in chosen.items()}

    def make(self, table: Table, column: str) -> None:
        """A table of the rows that hold such numbers; work that follows from nobody isn't copied."""
        rows = table._default_manager.filter(pk__in=self.chosen[table]).values_list("pk", column)
        found = [(pk, [key for key, value in (held or {}).items() if self._names(key, value)]) for pk, held in rows]
        if table is OutboxMessage:
            self.chosen[table] &= {pk for pk, keys in found if keys}
        _run(f"CREATE TEMP TABLE scaling_{column} (id bigint PRIMARY KEY, keys text[]) ON COMMIT DROP")
        with connection.cursor() as cursor, cursor.copy(f"COPY scaling_{column} FROM STDIN") as stream:
            for pk, keys in found:
                if keys:
                    stream.write_row((pk, keys))

    def _names(self, key: str, value: Any) -> bool:
        rows = self.named.get(CALLED.get(key, key.replace("_", "")), set())
        numbers = value if isinstance(value, list) else [value]
        return bool(numbers) and all(isinstance(number, int) and number in rows for number in numbers)


# --- Columns with values of their own ---------------------------------------------------------------------------------------
def _own_columns(table: Table) -> identities.Own:
    for other, column in ((AuditEntry, "details"), (OutboxMessage, "payload")):
        if table is other:
            return identities.Own(f"LEFT JOIN scaling_{column} j ON j.id = t.id", ((column, _json(column)),))
    return identities.OWN.get(table._meta.label_lower, identities.Own())


def _value_of(own: identities.Own, column: str) -> sql.Composable:
    return sql.SQL(dict(own.columns)[column])


def _json(column: str) -> str:
    """The same object, in which numbers of copied rows are those of the copies."""
    further = f"x::bigint + k * {STEP}"
    several = f"SELECT jsonb_agg({further}) FROM jsonb_array_elements_text(e.value) x"  # noqa: S608
    one = f"to_jsonb(e.value::bigint + k * {STEP})"
    moved = f"CASE jsonb_typeof(e.value) WHEN 'array' THEN ({several}) ELSE {one} END"
    each = f"jsonb_object_agg(e.key, CASE WHEN e.key = ANY(j.keys) THEN {moved} ELSE e.value END)"
    return f"CASE WHEN j.id IS NULL THEN t.{column} ELSE (SELECT {each} FROM jsonb_each(t.{column}) e) END"  # noqa: S608


# --- What stands in the way meanwhile ---------------------------------------------------------------------------------------
@contextmanager
def _laid_aside(tables: list[Table], say: Say) -> Iterator[None]:
    """Without triggers, foreign keys and all indexes but the primary key; made again, and so asked of every row, at the end."""
    names = [table._meta.db_table for table in tables]
    for name in names:
        _run(f"ALTER TABLE {name} DISABLE TRIGGER USER")
    again = [*_dropped(INDEXES, names), *_dropped(CONSTRAINTS, names)]
    yield
    for statement in again:
        _run(statement)
    for name in names:
        _run(f"ALTER TABLE {name} ENABLE TRIGGER USER")


# How to drop each, and how to make it again: indexes that serve no constraint; what must differ, then foreign keys.
INDEXES = """
SELECT format('DROP INDEX %%I', c.relname), pg_get_indexdef(i.indexrelid) FROM pg_index i
  JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = ANY (%s::regclass[])
   AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid) ORDER BY c.relname
"""
CONSTRAINTS = """
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', k.conrelid::regclass, k.conname),
       format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid))
  FROM pg_constraint k WHERE k.conrelid = ANY (%s::regclass[]) AND k.contype IN ('u', 'x', 'f')
 ORDER BY k.contype = 'f', k.conname
"""


def _dropped(asked: str, names: list[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(asked, [names])
        found = cursor.fetchall()
    for drop, _again in reversed(found):
        _run(drop)
    return [again for _drop, again in found]


def _queue_the_log(first: int) -> None:
    """What the trigger of the log does for every row: it waits for its place in the chain."""
    _run(f"INSERT INTO accounts_auditunsealed (entry_id) SELECT id FROM accounts_auditentry WHERE id >= {first}")  # noqa: S608


def _number_on(table: Table, least: int) -> None:
    """What is made from now on has numbers above those of the copies."""
    if isinstance(_pk(table), models.AutoField | models.BigAutoField):
        _run(f"SELECT setval(pg_get_serial_sequence('{table._meta.db_table}', '{_column(_pk(table))}'), {least})")


def _pk(table: Table) -> models.Field:
    return promised(table._meta.pk)


def _column(row: models.Field) -> str:
    return promised(row.column)


def _of_original(row: models.Field) -> sql.Composed:
    return sql.SQL("t.{}").format(sql.Identifier(_column(row)))


def _run(statement: str | sql.Composable) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement if isinstance(statement, str) else statement.as_string(connection.connection))
