"""What a step of the journey is: who may take it, what it needs and what it must bring. Which ones there are: `workflow.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.audit import Actor
from accounts.models import Role
from accounts.verbs import Verb
from topjob.errors import Reason
from trajectories.process.checks import CHECKS, Guard


@dataclass(frozen=True)
class Line:
    """What a step needs, as a line of a checklist: what it is, and why it isn't there yet, if so.

    A path isn't filled in: the case is on it, or another step follows from here.
    """

    label: str
    missing: Reason | None
    is_path: bool


@dataclass(frozen=True)
class Step:
    """What is known of a transition besides from and to. Its name is its verb in the log; the label is on its button."""

    name: Verb
    label: Any
    roles: tuple[str, ...]
    needs: tuple[Guard, ...] = ()
    brings: tuple[Guard, ...] = ()
    automatic: bool = False
    asks_reason: bool = False
    ends: bool = False  # a way back or out: shown apart from the way forward, and in red

    def checklist(self, trajectory: Any) -> list[Line]:
        """What it needs in this case, met or not."""
        asked = [(guard, CHECKS[guard]) for guard in self.needs if CHECKS[guard].asked(trajectory)]
        return [Line(str(check.label), guard(trajectory), check.is_path) for guard, check in asked]

    def missing(self, trajectory: Any) -> list[Reason]:
        """Everything that isn't in place yet, for the screen and for the refusal: the same words."""
        return [line.missing for line in self.checklist(trajectory) if line.missing is not None]

    def incomplete(self, trajectory: Any) -> list[Reason]:
        """What the step should have brought and didn't."""
        return [reason for guard in self.brings if (reason := guard(trajectory)) is not None]

    def forbidden(self, trajectory: Any, who: Actor) -> Reason | None:
        """Why this person may not take the step, if so."""
        if who.is_system and self.automatic:
            return None
        return not_of_these(self.roles, trajectory, who)


def not_of_these(roles: tuple[str, ...], trajectory: Any, who: Actor) -> Reason | None:
    """Why somebody doesn't do what these roles do here, if so."""
    if who.is_system:
        return Reason(str(_("Deze stap gaat niet vanzelf.")))
    if who.user is not None and any(_acts_as(who.user, role, trajectory) for role in roles):
        return None
    names = ", ".join(str(Role(role).label).lower() for role in _roles_here(roles, trajectory))
    return Reason(str(_("Deze stap doet: %(roles)s.")) % {"roles": names})


def _roles_here(roles: tuple[str, ...], trajectory: Any) -> list[str]:
    """In departments 1, 3 and 4 the loopbaanadviseur acts where the table says regisseur (decision 5)."""
    if trajectory.department.is_maatwerq:
        return list(roles)
    return list(dict.fromkeys(Role.LOOPBAANADVISEUR if role == Role.REGISSEUR else role for role in roles))


def _acts_as(user: Any, role: str, trajectory: Any) -> bool:
    """Whether the person holds this role for this trajectory: in its region, for its employer, or as the person itself."""
    if role == Role.KANDIDAAT:
        return trajectory.candidate.user_id is not None and trajectory.candidate.user_id == user.pk
    if role == Role.WERKGEVER:
        companies = user.organisations_as(Role.WERKGEVER)
        application = trajectory.current_application if companies else None
        return application is not None and application.organisation_id in companies
    if role == Role.JOBCOACH:
        return user.has_role(Role.JOBCOACH) and trajectory.coached_by(user)
    return user.has_role_in(trajectory.region_id, *_roles_here((role,), trajectory))
