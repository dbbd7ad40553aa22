"""What someone can do with a trajectory now: the buttons, and for the blocked ones every reason."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.urls import reverse

from accounts.audit import actor
from accounts.models import User
from candidates.models import Consent
from candidates.sharing import EmployerView, employer_view, shared_name
from topjob.errors import Reason
from trajectories.models import Application, Trajectory
from trajectories.workflow import WORK, Step, steps_from

# These end or undo something: shown apart from the way forward.
WAYS_OUT = frozenset({"stop", "break_off_trial", "withdraw_plan", "decline_application", "job_lost", "revise_advice"})


@dataclass(frozen=True)
class AvailableAction:
    """One step as a button: enabled, or with each missing thing and a link to where it is filled in."""

    name: str
    label: str
    url: str
    enabled: bool
    reasons: list[Reason] = field(default_factory=list)
    is_mine: bool = True
    method: str = "get"

    @property
    def is_way_out(self) -> bool:
        return self.name in WAYS_OUT


def available_actions(trajectory: Trajectory, user: User) -> list[AvailableAction]:
    """The steps from here, in the order of the journey; the reason shown is the guard's own."""
    return [_button(step, trajectory, user) for step in steps_from(trajectory.state)]


def _button(step: Step, trajectory: Trajectory, user: User) -> AvailableAction:
    forbidden = step.forbidden(trajectory, actor(user))
    reasons = step.missing(trajectory) + ([forbidden] if forbidden else [])
    return AvailableAction(
        name=step.name,
        label=str(step.label),
        url=reverse("trajectories:step", args=[trajectory.pk, step.name]),
        enabled=not reasons,
        reasons=reasons,
        is_mine=forbidden is None,
    )


def may_act(trajectory: Trajectory, user: User, *roles: str) -> bool:
    """Whether this person may do the work of one of these roles for this trajectory, beside its steps."""
    return Step(name="", label="", roles=roles).forbidden(trajectory, actor(user)) is None


def may_work(trajectory: Trajectory, user: User, work: str) -> bool:
    """Whether this person does this work beside the steps (`workflow.WORK`) now, where the trajectory stands."""
    return not WORK[work].refusals(trajectory, actor(user))


def shared_view(application: Application) -> EmployerView:
    """Exactly what the employer of an application sees of the person (R16): by the consent of now, while it is in play."""
    return employer_view(application.trajectory.candidate, _consent_of(application))


def name_shared(application: Application) -> str:
    """How the employer of an application may call the person, for lists (R16)."""
    return shared_name(application.trajectory.candidate, _consent_of(application))


def _consent_of(application: Application) -> Consent | None:
    if application.status not in (Application.Status.INTRODUCED, Application.Status.ACCEPTED):
        return None
    consents = application.trajectory.candidate.consents.all()
    valid = (row for row in consents if row.is_valid and row.organisation_id == application.organisation_id)
    return next(valid, None)
