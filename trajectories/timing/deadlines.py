"""Deadlines are rows, kept in step with what causes them (R17)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from topjob import clock
from trajectories.models import Deadline

if TYPE_CHECKING:
    from trajectories.models import Trajectory

from trajectories.timing.kinds import MONEY
from trajectories.timing.makers import Count, Due, expected_by
from trajectories.timing.owners import owner_id_of


def refresh(trajectory: Trajectory) -> None:
    """Bring the rows in step: new ones appear, moved causes move them, done ones close. Keeps `due_on` of the list."""
    count = Count(trajectory)
    wanted = {(due.kind, due.subject_id): due for due in expected_by(count)}
    rows = {(row.kind, row.subject_id): row for row in count.rows if row.closed_at is None}
    close(*(row for key, row in rows.items() if key not in wanted))
    for key in wanted.keys() & rows.keys():
        _move(rows[key], wanted[key], trajectory)
    opened = _open_new(count, [due for key, due in wanted.items() if key not in rows])
    days = [due.on for key, due in wanted.items() if key in rows or due in opened]
    trajectory.due_on = min(days, default=None) if trajectory.is_open else None


def _open_new(count: Count, dues: list[Due]) -> list[Due]:
    """Open the new ones; one that was ticked off stays off until its day changes."""
    ticked = [row for row in count.rows if row.closed_at is not None and row.kind not in MONEY]
    done = {(row.kind, row.subject_id, row.due_on) for row in ticked}
    opened = [due for due in dues if (due.kind, due.subject_id, due.on) not in done]
    if opened:
        Deadline.objects.bulk_create(_row(count.case, due) for due in opened)
    return opened


def close(*deadlines: Deadline) -> None:
    """Done; marked late when their day had passed (R17)."""
    moment, today = clock.now(), clock.today()
    for row in deadlines:
        row.closed_at, row.was_late = moment, row.due_on < today
    for was_late in (False, True):
        if rows := [row.pk for row in deadlines if row.was_late == was_late]:
            Deadline.objects.filter(pk__in=rows).update(closed_at=moment, was_late=was_late)


def _move(row: Deadline, due: Due, trajectory: Trajectory) -> None:
    """The cause moved: day, owner, words and rule follow; another day asks for a new mail and a new patience."""
    before = _standing(row)
    if row.due_on != due.on:
        row.notified_at = row.escalated_at = row.escalated_to = None
    row.due_on, row.owner_role, row.owner_id = due.on, due.role, owner_id_of(trajectory, due.role)
    _explain(row, due)
    if _standing(row) != before:
        row.save(
            update_fields=[name.removesuffix("_id") for name in STANDING]
            + ["notified_at", "escalated_at", "escalated_to"]
        )


STANDING = ("due_on", "owner_role", "owner_id", "reason", "rule_key", "rule_value", "rule_from")


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
