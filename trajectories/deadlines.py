"""What is due when, whose it is and why. Rows are kept in step with their causes; nothing here asks what day it is (R17)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from accounts import law
from accounts.models import Role
from topjob import clock
from trajectories import rules
from trajectories.models import Deadline
from trajectories.periods import months_before
from trajectories.workflow import State

if TYPE_CHECKING:
    from accounts.models import User
    from trajectories.models import Trajectory

Kind = Deadline.Kind

# Within how many days someone looks at a case again when nothing else calls.
FOLLOW_UP_DAYS = {
    State.AANGEMELD: 14,
    State.INTAKE: 42,
    State.BEMIDDELBAAR: 28,
    State.SOLLICITATIE: 14,
    State.STARTPLAN: 14,
    State.ADVIES: 28,
    State.BANENPOOL: 28,
}
CLOSING_DAYS = 14
COACHING_DAYS = 28
SIGNED_BEFORE_START = timedelta(days=7)

# Deadlines that make the product act by itself: on the day, or once the last day has passed.
ACT_ON_THE_DAY = {Kind.TRIAL_START: "start_trial"}
ACT_AFTER_THE_DAY = {
    Kind.TRIAL_END: "open_evaluation",
    Kind.CONTRACT_END: "finish_training",
    Kind.AFTERCARE_END: "finish_aftercare",
}
# Deadlines that a person ticks off.
TICKED_BY_HAND = {Kind.FOLLOW_UP, Kind.MID_TERM, Kind.CONTRACT_NOTICE, Kind.EVALUATION_SOON, Kind.PERMISSION_ENDING}


@dataclass(frozen=True)
class Due:
    """A deadline as it should stand."""

    kind: str
    on: date
    role: str
    subject_id: int = 0


def expected(trajectory: Trajectory) -> list[Due]:
    """Every deadline that follows from where the trajectory stands now."""
    maker = _MAKERS.get(State(trajectory.state))
    return [*_follow_up(trajectory), *(maker(trajectory) if maker else ())]


def _follow_up(trajectory: Trajectory) -> Iterator[Due]:
    days = FOLLOW_UP_DAYS.get(State(trajectory.state))
    if days is not None:
        since = clock.local(trajectory.state_since)
        yield Due(Kind.FOLLOW_UP, since + timedelta(days=days), trajectory.turn_role)


def _startplan(trajectory: Trajectory) -> Iterator[Due]:
    plan = trajectory.signed_plan or trajectory.current_plan
    if plan is None:
        return
    if trajectory.signed_plan is None:
        yield Due(Kind.PLAN_UNSIGNED, plan.trial_starts_on - SIGNED_BEFORE_START, trajectory.turn_role, plan.pk)
    else:
        yield Due(Kind.TRIAL_START, plan.trial_starts_on, trajectory.turn_role, plan.pk)
    if rules.needs_permission(plan) and not rules.permission_covers(trajectory, plan.trial_starts_on):
        yield Due(Kind.PERMISSION_MISSING, plan.trial_starts_on, trajectory.turn_role, plan.pk)


def _trial(trajectory: Trajectory) -> Iterator[Due]:
    trial = trajectory.current_trial
    if trial is None:
        return
    for moment in trial.plan.evaluation_dates.all():
        if not moment.is_final:
            yield Due(Kind.MID_TERM, moment.on, Role.JOBCOACH, moment.pk)
    yield Due(Kind.EVALUATION_SOON, trial.last_day - rules.EVALUATION_OPENS_BEFORE, _lead_role(trajectory), trial.pk)
    yield Due(Kind.TRIAL_END, trial.last_day, _lead_role(trajectory), trial.pk)
    yield from _permission_ending(trajectory)


def _permission_ending(trajectory: Trajectory) -> Iterator[Due]:
    """The decision of the payer ends before the trial does: ask for the extension in time."""
    trial = trajectory.current_trial
    if trial is None or not rules.needs_permission(trial.plan) or rules.permission_covers(trajectory, trial.last_day):
        return
    last = trajectory.permissions.filter(is_granted=True).order_by("-valid_until").first()
    until = last.valid_until if last else trial.starts_on
    days = law.number(law.Key.PERMISSION_WARN_DAYS, on=trial.starts_on, client=trajectory.client)
    yield Due(Kind.PERMISSION_ENDING, until - timedelta(days=days), _lead_role(trajectory), trial.pk)


def _evaluation(trajectory: Trajectory) -> Iterator[Due]:
    trial = trajectory.current_trial
    if trial is not None:
        yield Due(Kind.VIEWS_MISSING, trial.last_day, _lead_role(trajectory), trial.pk)
    yield from _permission_ending(trajectory)


def _learn_work(trajectory: Trajectory) -> Iterator[Due]:
    yield Due(Kind.COACHING, _next_coaching(trajectory), Role.JOBCOACH)
    contract = trajectory.running_contract
    if contract is None or contract.last_day is None:
        return
    notice = law.number(law.Key.NOTICE_MONTHS, on=contract.starts_on)
    yield Due(Kind.CONTRACT_NOTICE, months_before(contract.last_day, notice), Role.PERSONEEL, contract.pk)
    yield Due(Kind.CONTRACT_END, contract.last_day, _lead_role(trajectory), contract.pk)


def _next_coaching(trajectory: Trajectory) -> date:
    since = clock.local(trajectory.state_since)
    last = trajectory.coaching_sessions.filter(on__gte=since).first()
    if last is None:
        return since + timedelta(days=COACHING_DAYS)
    return last.next_on or last.on + timedelta(days=COACHING_DAYS)


def _aftercare(trajectory: Trajectory) -> Iterator[Due]:
    aftercare = trajectory.aftercares.filter(stopped_on=None).first()
    if aftercare is None:
        return
    for check_in in aftercare.check_ins.filter(held_on=None):
        yield Due(Kind.CHECK_IN, check_in.due_on, _lead_role(trajectory), check_in.pk)
    yield Due(Kind.AFTERCARE_END, aftercare.ends_on, _lead_role(trajectory), aftercare.pk)


def _closing(trajectory: Trajectory) -> Iterator[Due]:
    since = clock.local(trajectory.state_since)
    yield Due(Kind.CLOSING, since + timedelta(days=CLOSING_DAYS), Role.BACKOFFICE)


_MAKERS = {
    State.STARTPLAN: _startplan,
    State.PROEFPERIODE: _trial,
    State.EVALUATIE: _evaluation,
    State.LEERWERK: _learn_work,
    State.NAZORG: _aftercare,
    State.AFSLUITING: _closing,
}


def _lead_role(trajectory: Trajectory) -> str:
    return Role.REGISSEUR if trajectory.department.is_maatwerq else Role.LOOPBAANADVISEUR


OWNER_FIELDS = {
    Role.REGISSEUR: "regisseur",
    Role.LOOPBAANADVISEUR: "career_adviser",
    Role.WERKMAKELAAR: "job_broker",
    Role.JOBCOACH: "jobcoach",
}


def owner_of(trajectory: Trajectory, role: str) -> User | None:
    """The person behind a role for this trajectory; the lead when nobody is named."""
    field = OWNER_FIELDS.get(Role(role))
    return (getattr(trajectory, field) if field else None) or trajectory.lead


def owner_id_of(trajectory: Trajectory, role: str) -> int | None:
    """The same person's id, without fetching anybody."""
    field = OWNER_FIELDS.get(Role(role))
    named = getattr(trajectory, f"{field}_id") if field else None
    return named or trajectory.lead_id


def refresh(trajectory: Trajectory) -> None:
    """Bring the rows in step: new ones appear, moved causes move them, done ones close. Keeps `due_on` of the list."""
    wanted = {(due.kind, due.subject_id): due for due in expected(trajectory)}
    rows = {(row.kind, row.subject_id): row for row in trajectory.deadlines.open()}
    for key, row in rows.items():
        if key not in wanted:
            close(row)
    for key in wanted.keys() & rows.keys():
        _move(rows[key], wanted[key], trajectory)
    opened = _open_new(trajectory, [due for key, due in wanted.items() if key not in rows])
    days = [due.on for key, due in wanted.items() if key in rows or due in opened]
    trajectory.due_on = min(days, default=None)


def _open_new(trajectory: Trajectory, dues: list[Due]) -> list[Due]:
    """Open the new ones; one that was ticked off stays off until its day changes."""
    if not dues:
        return []
    done = set(trajectory.deadlines.exclude(closed_at=None).values_list("kind", "subject_id", "due_on"))
    opened = [due for due in dues if (due.kind, due.subject_id, due.on) not in done]
    Deadline.objects.bulk_create(_row(trajectory, due) for due in opened)
    return opened


def close(deadline: Deadline) -> None:
    """Done; marked late when its day had passed (R17)."""
    deadline.closed_at = clock.now()
    deadline.was_late = deadline.due_on < clock.today()
    deadline.save(update_fields=["closed_at", "was_late"])


def _move(row: Deadline, due: Due, trajectory: Trajectory) -> None:
    owner_id = owner_id_of(trajectory, due.role)
    if (row.due_on, row.owner_role, row.owner_id) == (due.on, due.role, owner_id):
        return
    if row.due_on != due.on:
        row.notified_at = None
    row.due_on, row.owner_role, row.owner_id = due.on, due.role, owner_id
    row.save(update_fields=["due_on", "owner_role", "owner", "notified_at"])


def _row(trajectory: Trajectory, due: Due) -> Deadline:
    return Deadline(
        trajectory=trajectory,
        kind=due.kind,
        subject_id=due.subject_id,
        due_on=due.on,
        owner_role=due.role,
        owner_id=owner_id_of(trajectory, due.role),
        created_at=clock.now(),
    )
