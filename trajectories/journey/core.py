"""How every step is taken: lock, ask who may, ask what is missing, do, log, plan deadlines — in one transaction (I3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import IntegrityError
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed

from accounts.audit import Actor, By, actor, record
from accounts.verbs import Verb
from matching import actions as matching_actions
from topjob import clock
from topjob.errors import Reason, Refused, why_no_reason
from trajectories.models import Trajectory
from trajectories.process.step import Step
from trajectories.process.work import WORK
from trajectories.process.workflow import AVAILABLE_STATES, PHASES, State, step_of, steps_from
from trajectories.timing import deadlines


def lock(trajectory: Trajectory) -> Trajectory:
    """The trajectory as it stands now, held until the transaction ends (faults 10 and 11)."""
    return _locked(trajectory.pk)


def lock_of(row: Any) -> Trajectory:
    """The same for the trajectory that a row belongs to, which needn't be read first."""
    return _locked(row.trajectory_id)


def _locked(pk: int) -> Trajectory:
    return (
        Trajectory.objects.select_for_update(of=("self",))
        # What nearly every step asks; the rest is read by the step that asks it.
        .select_related("candidate", "department", "client", "target_group")
        .get(pk=pk)
    )


@contextmanager
def taking(
    method: Callable,
    trajectory: Trajectory,
    *,
    by: By,
    reason: str = "",
    after: Callable[[], tuple] = tuple,
    **details: Any,
) -> Iterator[Trajectory]:
    """Take the step of this method: the block does what the step brings, and the state changes when all of it is there.

    Raises `Refused` with every reason when the step isn't this person's, doesn't fit the state, or misses something.
    `after` gives the arguments of a transition that chooses its target.
    """
    step = step_of(method)
    locked = lock(trajectory)
    refuse_unless_allowed(step, locked, actor(by), reason)
    try:
        yield locked
    except IntegrityError as error:
        raise Refused(_broken_rule(error), title=str(step.label)) from error
    locked.forget_facts()
    _refuse(step, step.incomplete(locked))
    came_from = locked.state
    try:
        method(locked, *after())
    except TransitionNotAllowed as error:
        raise Refused(*step.missing(locked), title=str(step.label)) from error
    _arrive(locked, came_from)
    log(step.name, locked, by=by, reason=reason, states=(came_from, locked.state), **details)
    _copy_state(locked, trajectory)


def _broken_rule(error: IntegrityError) -> Reason:
    """The words of the database constraint that refused, such as two contracts at one moment (R13); others are a defect."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    for model in apps.get_app_config("trajectories").get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name and constraint.violation_error_message:
                return Reason(str(constraint.violation_error_message))
    raise error


def refuse_unless_allowed(step: Step, trajectory: Trajectory, who: Actor, reason: str) -> None:
    """Raise `Refused` when the step doesn't fit the state or this person, lacks its reason, or misses something."""
    if step.name not in {possible.name for possible in steps_from(trajectory.state)}:
        text = _("Deze stap kan nu niet: het traject staat op “%(state)s”. Misschien deed iemand anders het al.")
        _refuse(step, [Reason(text % {"state": trajectory.state_label}, "trajectories:detail", trajectory.pk)])
    forbidden = step.forbidden(trajectory, who)
    _refuse(step, [forbidden] if forbidden else [])
    _refuse(step, why_no_reason(reason) if step.asks_reason else [])
    _refuse(step, step.missing(trajectory))


def _refuse(step: Step, reasons: list[Reason]) -> None:
    if reasons:
        raise Refused(*reasons, title=str(step.label))


def _arrive(trajectory: Trajectory, came_from: str) -> None:
    """Store what lists show and who may be matched, and plan what comes next.

    A transition changes nothing but the state: the facts that its guards just read still hold.
    """
    if trajectory.state != came_from:
        trajectory.state_since = clock.now()
    trajectory.phase = PHASES.get(State(trajectory.state), trajectory.phase)
    trajectory.turn = trajectory.turn_role
    _keep_in_step(trajectory)
    if (came_from in AVAILABLE_STATES) != (trajectory.state in AVAILABLE_STATES):
        since, available = clock.local(trajectory.created_at), trajectory.state in AVAILABLE_STATES
        matching_actions.set_available(trajectory.candidate, available, case_since=since)


def touch(trajectory: Trajectory) -> None:
    """After any change: read the facts again, bring the deadlines in step, save what lists show."""
    trajectory.forget_facts()
    _keep_in_step(trajectory)


def _keep_in_step(trajectory: Trajectory) -> None:
    trajectory.last_change_at = clock.now()
    deadlines.refresh(trajectory)
    trajectory.save()


def log(verb: Verb, trajectory: Trajectory, *, by: By, subject: Any = None, **details: Any) -> None:
    """Add a row to the log of this trajectory and its person (R14)."""
    record(
        verb, subject or trajectory, by=by, candidate_id=trajectory.candidate_id, trajectory_id=trajectory.pk, **details
    )


def _copy_state(source: Trajectory, target: Trajectory) -> None:
    """Let the caller's object show the new state as well."""
    if source is not target:
        target.refresh_from_db()
        target.forget_facts()


def require_work(name: str, trajectory: Trajectory, *, by: By) -> None:
    """Refuse work beside the steps that isn't this person's or doesn't belong to where the trajectory stands."""
    if refusals := WORK[name].refusals(trajectory, actor(by)):
        raise Refused(*refusals)
