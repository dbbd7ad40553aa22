"""Destroying files whose time has passed (decision 11): what goes, what stays, and the proof.

What goes is found by the foreign keys themselves: whatever points at the file, and whatever points at that. So a new table is
covered from its first day. What stays: log rows (ids only), project outcomes without the person, and a destruction record.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, cast

import psycopg
import structlog
from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from psycopg import sql

from accounts import verbs
from accounts.audit import record
from accounts.models import AuditEntry, AuditText, User
from candidates.models import Candidate, Registration
from topjob import clock, destroyer, outbox
from topjob.errors import Refused, promised, rule_words
from topjob.models import OutboxMessage, StoredSms
from trajectories.models import DestructionRecord, LegalHold, ProjectParticipation, Trajectory
from trajectories.process.workflow import State

log = structlog.get_logger()
Ids = set[int]
# How many lines of the journal are looked up at once.
JOURNAL_LINES = 500
# Outcomes of projects survive without the person: these columns are emptied instead of followed.
CUT = {(ProjectParticipation, "trajectory"), (ProjectParticipation, "application")}


@dataclass(frozen=True)
class DueFile:
    """One person of whom something may go: which trajectories and registrations, and whether nothing of the person stays."""

    candidate_id: int
    trajectory_ids: tuple[int, ...]
    registration_ids: tuple[int, ...]
    whole_person: bool
    kept_until: date


# --- What is due -----------------------------------------------------------------------------------------------------
def due_files(today: date | None = None, *candidates: int) -> list[DueFile]:
    """Everybody of whom a closed file or an ended registration is past its date and nothing keeps it longer."""
    day = today or clock.today()
    found: dict[int, list[tuple[str, int, date]]] = {}
    for kind, rows in zip("tr", _past(day), strict=True):
        chosen = rows.filter(candidate__in=candidates) if candidates else rows
        for pk, candidate, until in chosen.values_list("pk", "candidate_id", "retention_until"):
            found.setdefault(candidate, []).append((kind, pk, promised(until)))
    staying = _staying(found, {pk for rows in found.values() for kind, pk, _until in rows if kind == "t"}, day)
    return [_due_file(candidate, rows, candidate not in staying) for candidate, rows in sorted(found.items())]


def due_people(most: int) -> list[int]:
    """Of whom something may go today: their numbers, the lowest first, and so many at most."""
    cases, ended = (rows.order_by().values_list("candidate_id", flat=True) for rows in _past(clock.today()))
    return list(cases.union(ended).order_by("candidate_id")[:most])


def _past(day: date) -> tuple[models.QuerySet[Trajectory], models.QuerySet[Registration]]:
    """Closed files and ended registrations that are past their date on that day and that nothing keeps longer."""
    cases = Trajectory.objects.filter(state=State.AFGESLOTEN, retention_until__lt=day)
    ended = Registration.objects.filter(trajectory=None, retention_until__lt=day)
    held = LegalHold.objects.filter(lifted_at=None).values(kept=Coalesce("candidate__joined_into", "candidate"))
    ended = ended.exclude(status=Registration.Status.NEW)
    return cases.exclude(candidate__in=held), ended.exclude(candidate__in=held)


def _staying(people: Iterable[int], going: Ids, day: date) -> Ids:
    """Who of these people has another file or registration that isn't due."""
    other_case = Trajectory.objects.filter(candidate__in=people).exclude(pk__in=going)
    open_registration = Registration.objects.filter(candidate__in=people, trajectory=None).exclude(
        retention_until__lt=day, status__in=["AFGEWEZEN", "VERVALLEN"]
    )
    return set(other_case.values_list("candidate", flat=True)) | set(
        open_registration.values_list("candidate", flat=True)
    )


def _due_file(candidate: int, rows: list[tuple[str, int, date]], whole: bool) -> DueFile:
    cases = tuple(sorted(pk for kind, pk, _until in rows if kind == "t"))
    registrations = tuple(sorted(pk for kind, pk, _until in rows if kind == "r"))
    return DueFile(candidate, cases, registrations, whole, max(until for _kind, _pk, until in rows))


# --- Asking, and keeping longer --------------------------------------------------------------------------------------
@transaction.atomic
def ask_destruction(*, by: User) -> int:
    """A beheerder who saw the preview lets the worker destroy what is due; answers of how many people."""
    due = due_files()
    if not due:
        raise Refused(_("Er is nu niets te vernietigen."))
    today = clock.today()
    for row in due:
        key = f"destroy-{row.candidate_id}-{row.kept_until}-{today}"
        outbox.enqueue("destroy_person", key=key, candidate=row.candidate_id, by=by.pk)
    record(verbs.DESTRUCTION_ASKED, by, by=by, people=len(due))
    return len(due)


@outbox.handler("destroy_person", label=_lazy("Dossier vernietigen"))
def destroy_when_asked(candidate: int, by: int) -> None:
    """The worker's part: one person at a time, so that one that fails doesn't keep the others."""
    destroy_person(candidate, by=User.objects.get(pk=by))


@transaction.atomic
def place_hold(candidate: Candidate, *, reason: str, by: User) -> LegalHold:
    """Keep a person's file longer than its date, for a reason."""
    locked = Candidate.objects.select_for_update().filter(pk=candidate.pk).first()
    if locked is None:
        raise Refused(_("Dit dossier is net vernietigd."))
    if locked.legal_holds.filter(lifted_at=None).exists():
        raise Refused(rule_words(LegalHold, "one_hold_per_person"))
    hold = LegalHold.objects.create(candidate=locked, reason=reason, placed_at=clock.now(), placed_by=by)
    record(verbs.HOLD_PLACED, hold, by=by, candidate_id=locked.pk, reason=reason)
    return hold


@transaction.atomic
def lift_hold(hold: LegalHold, *, reason: str, by: User) -> None:
    """The reason to keep it longer is gone; what is past its date is due again."""
    locked = LegalHold.objects.select_for_update().get(pk=hold.pk)
    if locked.lifted_at is not None:
        raise Refused(_("Dit is al opgeheven."))
    locked.lifted_at, locked.lifted_by = clock.now(), by
    locked.save(update_fields=["lifted_at", "lifted_by"])
    record(verbs.HOLD_LIFTED, locked, by=by, candidate_id=locked.candidate_id, reason=reason)


# --- Destroying ------------------------------------------------------------------------------------------------------
def destroy_due(*, by: User | None) -> list[int]:
    """Destroy everything that is due, one person at a time; answers whose. What fails leaves that person whole."""
    destroyed = []
    for due in due_files():
        if destroy_person(due.candidate_id, by=by):
            destroyed.append(due.candidate_id)
    return destroyed


def destroy_person(candidate_id: int, *, by: User | None) -> bool:
    """Destroy what is due of one person, asked again under lock; answers whether anything was."""
    with destroyer.transaction() as connection:
        _lock(connection, candidate_id)
        due = next(iter(due_files(clock.today(), candidate_id)), None)
        if due is None:
            return False
        _destroy(connection, due, by)
    log.info("destroyed", candidate=candidate_id, trajectories=list(due.trajectory_ids), whole=due.whole_person)
    return True


def _lock(connection: psycopg.Connection, candidate_id: int) -> None:
    """Whoever places a hold or opens a new registration waits, or is seen."""
    connection.execute("SELECT 1 FROM candidates_candidate WHERE id = %s FOR UPDATE", [candidate_id])


def _destroy(connection: psycopg.Connection, due: DueFile, by: User | None) -> None:
    going = Going(connection)
    going.take(Trajectory, set(due.trajectory_ids))
    going.take(Registration, {*due.registration_ids, *_registrations_of(connection, due.trajectory_ids)})
    if due.whole_person:
        going.take(Candidate, {due.candidate_id})
    going.follow()
    words = _words(connection, due)
    files = going.files()
    for number in _numbers(connection, due) if due.whole_person else ():
        _forget_account(connection, number)
    counts = going.remove()
    counts["accounts_audittext"] = _remove(connection, AuditText, words)
    _record(connection, due, counts, len(files), by)
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    # Files go last, before the commit: cut off here, the rows are still due and the next run finishes the work.
    _note_in_journal(due)
    for name in files:
        default_storage.delete(name)


@dataclass
class Going:
    """The rows that go, found by following foreign keys backwards."""

    connection: psycopg.Connection
    rows: dict[type[models.Model], Ids] = field(default_factory=dict)

    def take(self, model: type[models.Model], ids: Ids) -> bool:
        known = self.rows.setdefault(model, set())
        new = ids - known
        known |= new
        return bool(new)

    def follow(self) -> None:
        """Until nothing new is found: what points at a row that goes, goes."""
        found = True
        while found:
            found = False
            for model, key in foreign_keys():
                found = self._step(model, key) or found

    def _step(self, model: type[models.Model], key: models.ForeignKey) -> bool:
        target = self.rows.get(promised(promised(key.related_model)._meta.concrete_model))
        if not target or (model, key.name) in CUT:
            return False
        query = sql.SQL("SELECT {} FROM {} WHERE {} = ANY(%s)").format(
            _key_of(model), sql.Identifier(model._meta.db_table), sql.Identifier(promised(key.column))
        )
        found = {pk for (pk,) in self.connection.execute(query, [list(target)])}
        return bool(found) and self.take(model, found)

    def files(self) -> list[str]:
        """Names of the stored files that the rows which go have."""
        names: list[str] = []
        for model, ids in self.rows.items():
            for column in model._meta.concrete_fields:
                if isinstance(column, models.FileField) and ids:
                    names += model._default_manager.filter(pk__in=ids).values_list(column.name, flat=True)
        return [name for name in names if name]

    def remove(self) -> dict[str, int]:
        """Cut loose what survives, then remove; the keys are checked together afterwards."""
        for model, name in CUT:
            key = cast(models.ForeignKey, model._meta.get_field(name))
            target = self.rows.get(promised(key.related_model), set())
            query = sql.SQL("UPDATE {} SET {} = NULL WHERE {} = ANY(%s)").format(
                sql.Identifier(model._meta.db_table),
                *[sql.Identifier(promised(key.column))] * 2,
            )
            self.connection.execute(query, [list(target)])
        return {model._meta.db_table: _remove(self.connection, model, ids) for model, ids in self.rows.items() if ids}


def foreign_keys() -> Iterator[tuple[type[models.Model], models.ForeignKey]]:
    """Every foreign key of every table, those between two tables included."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.proxy or not model._meta.managed:
            continue
        for column in model._meta.concrete_fields:
            if isinstance(column, models.ForeignKey):
                yield model, column


def _key_of(model: type[models.Model]) -> sql.Identifier:
    return sql.Identifier(promised(promised(model._meta.pk).column))


def _remove(connection: psycopg.Connection, model: type[models.Model], ids: Ids) -> int:
    """Remove rows by their number."""
    query = sql.SQL("DELETE FROM {} WHERE {} = ANY(%s)").format(sql.Identifier(model._meta.db_table), _key_of(model))
    return connection.execute(query, [list(ids)]).rowcount


def _registrations_of(connection: psycopg.Connection, trajectories: Iterable[int]) -> Ids:
    query = "SELECT registration_id FROM trajectories_trajectory WHERE id = ANY(%s)"
    return {pk for (pk,) in connection.execute(query, [list(trajectories)])}


def _words(connection: psycopg.Connection, due: DueFile) -> Ids:
    """The words of reasons in the log: of these trajectories, or all about the person."""
    texts = AuditEntry._meta.db_table
    query = f"SELECT text_id FROM {texts} WHERE text_id IS NOT NULL AND trajectory_id = ANY(%s)"  # noqa: S608
    found = {pk for (pk,) in connection.execute(query, [list(due.trajectory_ids)])}
    if due.whole_person:
        about = "SELECT id FROM accounts_audittext WHERE candidate_id = ANY(%s)"
        found |= {pk for (pk,) in connection.execute(about, [_numbers(connection, due)])}
    return found


def _numbers(connection: psycopg.Connection, due: DueFile) -> list[int]:
    """The person's file and those that were joined with it: all go together."""
    query = "SELECT id FROM candidates_candidate WHERE id = %s OR joined_into_id = %s"
    return [pk for (pk,) in connection.execute(query, [due.candidate_id, due.candidate_id])]


def _forget_account(connection: psycopg.Connection, candidate_id: int) -> None:
    """The person's login becomes an empty shell: the log points at its number. Mail errors and SMS hold addresses too."""
    query = """SELECT u.id, u.email, c.email, c.phone FROM candidates_candidate c
               LEFT JOIN accounts_user u ON u.id = c.user_id WHERE c.id = %s"""
    user, login, address, phone = connection.execute(query, [candidate_id]).fetchone() or (None, None, None, None)
    if phone:
        remove = sql.SQL("DELETE FROM {} WHERE {} = %s").format(
            sql.Identifier(StoredSms._meta.db_table), sql.Identifier("to")
        )
        connection.execute(remove, [str(phone)])
    for known in {login, address} - {None, ""}:
        forget = sql.SQL("UPDATE {} SET error = '' WHERE position(lower(%s) in lower(error)) > 0").format(
            sql.Identifier(OutboxMessage._meta.db_table)
        )
        connection.execute(forget, [known])
    if user is None:
        return
    others = "SELECT 1 FROM accounts_membership WHERE user_id = %s AND role <> 'kandidaat'"
    if connection.execute(others, [user]).fetchone():
        return
    for table in (
        "accounts_membership",
        "accounts_calendarfeed",
        "accounts_addresschange",
        "account_emailaddress",
        "mfa_authenticator",
    ):
        connection.execute(sql.SQL("DELETE FROM {} WHERE user_id = %s").format(sql.Identifier(table)), [user])
    connection.execute(
        """UPDATE accounts_user SET name = 'Vernietigd', search_text = ' vernietigd ', phone = '',
           email = 'vernietigd-' || id || '@vernietigd.invalid', password = '!', is_active = false WHERE id = %s""",
        [user],
    )


def _record(connection: psycopg.Connection, due: DueFile, counts: dict[str, int], files: int, by: User | None) -> None:
    """The proof, and a row in the log; both in the transaction that destroys."""
    moment = clock.now()
    facts = {
        "at": moment,
        "by_id": by.pk if by else None,
        "candidate_id": due.candidate_id,
        "trajectory_ids": json.dumps(due.trajectory_ids),
        "registration_ids": json.dumps(due.registration_ids),
        "whole_person": due.whole_person,
        "kept_until": due.kept_until,
        "rows": json.dumps({table: count for table, count in sorted(counts.items()) if count}),
        "files": files,
    }
    record = _insert(connection, DestructionRecord, facts)
    entry = {
        "at": moment,
        "actor_id": by.pk if by else None,
        "party": AuditEntry.Party.STAFF if by else AuditEntry.Party.SYSTEM,
        "verb": verbs.DESTROYED,
        "subject_type": DestructionRecord._meta.label_lower,
        "subject_id": record,
        "candidate_id": due.candidate_id,
        "state_from": "",
        "state_to": "",
        "details": json.dumps({"trajectories": due.trajectory_ids, "files": files}),
    }
    _insert(connection, AuditEntry, entry)


def _insert(connection: psycopg.Connection, model: type[models.Model], facts: dict[str, Any]) -> int:
    query = sql.SQL("INSERT INTO {} ({}) VALUES ({}) RETURNING id").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join(map(sql.Identifier, facts)),
        sql.SQL(", ").join([sql.Placeholder()] * len(facts)),
    )
    row = connection.execute(query, list(facts.values())).fetchone()
    assert row is not None
    return row[0]


# --- After a restored backup -----------------------------------------------------------------------------------------
def _note_in_journal(due: DueFile) -> None:
    """Numbers of what goes, outside the database: a backup that is put back brings no one back (fault 28)."""
    line = {"candidate": due.candidate_id, "trajectories": due.trajectory_ids, "registrations": due.registration_ids}
    path = Path(settings.DESTRUCTION_JOURNAL)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as journal:
        journal.write(json.dumps(line) + "\n")


def came_back() -> list[int]:
    """People in the journal of whom a destroyed trajectory or registration is there again."""
    path = Path(settings.DESTRUCTION_JOURNAL)
    if not path.exists():
        return []
    found: set[int] = set()
    with path.open(encoding="utf-8") as journal:
        destroyed = (json.loads(line) for line in journal if line.strip())
        while lines := list(islice(destroyed, JOURNAL_LINES)):
            cases = Trajectory.objects.filter(pk__in={pk for line in lines for pk in line["trajectories"]})
            people = Registration.objects.filter(pk__in={pk for line in lines for pk in line["registrations"]})
            found |= {*cases.values_list("candidate_id", flat=True), *people.values_list("candidate_id", flat=True)}
    return sorted(found)
