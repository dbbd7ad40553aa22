"""Deadlines are rows, kept in step with what causes them (R17)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from topjob import clock
from trajectories.models import Deadline

if TYPE_CHECKING:
    from trajectories.models import Trajectory

from trajectories.timing.kinds import TICKED_BY_HAND
from trajectories.timing.makers import Count, Due, expected_by
from trajectories.timing.owners import owner_id_of


@dataclass(frozen=True)
class Changes:
    """What has to be written so that the rows of a case say what follows from it, and what its `due_on` comes to."""

    opened: list[Deadline]
    moved: list[Deadline]
    closed: list[Deadline]
    due_on: date | None

    def __bool__(self) -> bool:
        return bool(self.opened or self.moved or self.closed)


def refresh(trajectory: Trajectory) -> None:
    """Bring the rows in step: new ones appear, moved causes move them, done ones close. Keeps `due_on` of the list."""
    changes = changes_of(Count(trajectory))
    write([changes])
    trajectory.due_on = changes.due_on


def changes_of(count: Count) -> Changes:
    """What differs between the rows of a case and what follows from it; writes nothing."""
    wanted = {(due.kind, due.subject_id): due for due in expected_by(count)}
    rows = {(row.kind, row.subject_id): row for row in count.rows if row.closed_at is None}
    new = _not_ticked(count, [due for key, due in wanted.items() if key not in rows])
    days = [due.on for key, due in wanted.items() if key in rows or due in new]
    return Changes(
        opened=[_row(count.case, due) for due in new],
        moved=[row for key, row in rows.items() if key in wanted and _moves(row, wanted[key], count.case)],
        closed=[row for key, row in rows.items() if key not in wanted],
        due_on=min(days, default=None) if count.case.is_open else None,
    )


def write(found: Iterable[Changes]) -> None:
    """Write what differs, of one case or of many at once."""
    changes = list(found)
    close(*(row for case in changes for row in case.closed))
    if moved := [row for case in changes for row in case.moved]:
        Deadline.objects.bulk_update(moved, [*_STORED, "notified_at", "escalated_at", "escalated_to"], batch_size=500)
    if opened := [row for case in changes for row in case.opened]:
        Deadline.objects.bulk_create(opened)


def _not_ticked(count: Count, dues: list[Due]) -> list[Due]:
    """The new ones; one that a person ticked off stays off until its day changes."""
    ticked = [row for row in count.rows if row.closed_at is not None and row.kind in TICKED_BY_HAND]
    done = {(row.kind, row.subject_id, row.due_on) for row in ticked}
    return [due for due in dues if (due.kind, due.subject_id, due.on) not in done]


def close(*deadlines: Deadline) -> None:
    """Done; marked late when their day had passed (R17)."""
    moment, today = clock.now(), clock.today()
    for row in deadlines:
        row.closed_at, row.was_late = moment, row.due_on < today
    for was_late in (False, True):
        if rows := [row.pk for row in deadlines if row.was_late == was_late]:
            Deadline.objects.filter(pk__in=rows).update(closed_at=moment, was_late=was_late)


def _moves(row: Deadline, due: Due, trajectory: Trajectory) -> bool:
    """The cause moved: day, owner, words and rule follow; another day asks for a new mail and a new patience, and another
    owner for a mail, for they weren't told yet."""
    before, owner = _standing(row), row.owner_id
    if row.due_on != due.on:
        row.notified_at = row.escalated_at = row.escalated_to = None
    row.due_on, row.owner_role, row.owner_id = due.on, due.role, owner_id_of(trajectory, due.role)
    if row.owner_id != owner:
        row.notified_at = None
    _explain(row, due)
    return _standing(row) != before


STANDING = ("due_on", "owner_role", "owner_id", "reason", "rule_key", "rule_value", "rule_from")
_STORED = tuple(name.removesuffix("_id") for name in STANDING)


def _standing(row: Deadline) -> tuple:
    return tuple(getattr(row, name) for name in STANDING)


def _explain(row: Deadline, due: Due) -> None:
    row.reason = due.why
    row.rule_key = due.rule.key if due.rule else ""
    row.rule_value = due.rule.value if due.rule else ""
    row.rule_from = due.rule.valid_from if due.rule else None


def _row(trajectory: Trajectory, due: Due) -> Deadline:
    row = Deadline(
        trajectory=trajectory,
        kind=due.kind,
        subject_id=due.subject_id,
        due_on=due.on,
        owner_role=due.role,
        owner_id=owner_id_of(trajectory, due.role),
        created_at=clock.now(),
    )
    _explain(row, due)
    return row
