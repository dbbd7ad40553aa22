"""Work beside the steps: what changes no state. Who does it, and in which states it belongs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.audit import Actor
from accounts.models import Role
from accounts.models.roles import CASE_ROLES, GUIDE_ROLES
from topjob.errors import Reason
from trajectories.process.step import not_of_these
from trajectories.process.workflow import FOLLOW_UP_DAYS, OPEN_STATES, State


@dataclass(frozen=True)
class Work:
    """Work that changes no state: who does it and in which states it belongs. Pages ask the same as the actions do."""

    roles: tuple[str, ...]
    states: tuple[str, ...]

    def refusals(self, trajectory: Any, who: Actor) -> list[Reason]:
        """Why this person can't do it now: every reason, or none."""
        forbidden = not_of_these(self.roles, trajectory, who)
        misplaced = wrong_state(trajectory, *self.states)
        return [reason for reason in (misplaced, forbidden) if reason is not None]


def wrong_state(trajectory: Any, *states: str) -> Reason | None:
    """Why this doesn't belong to where the trajectory stands, if so."""
    if trajectory.state in states:
        return None
    text = _("Dit kan nu niet: het traject staat op “%(state)s”.") % {"state": trajectory.state_label}
    return Reason(text, "trajectories:detail", trajectory.pk)


_AT_WORK = (State.PROEFPERIODE, State.EVALUATIE, State.LEERWERK)
WORK = {
    "set_guides": Work((Role.FRONTOFFICE, Role.REGISSEUR), tuple(OPEN_STATES)),
    "set_follow_up": Work((Role.FRONTOFFICE, *GUIDE_ROLES), tuple(FOLLOW_UP_DAYS)),
    "admit": Work((Role.FRONTOFFICE, Role.REGISSEUR), (State.AANGEMELD,)),
    "invite_candidate": Work((Role.FRONTOFFICE, Role.REGISSEUR, Role.LOOPBAANADVISEUR), tuple(OPEN_STATES)),
    "choose_vacancy": Work((Role.WERKMAKELAAR,), (State.BEMIDDELBAAR,)),
    "record_consent": Work(
        (Role.WERKMAKELAAR, Role.REGISSEUR, Role.LOOPBAANADVISEUR, Role.KANDIDAAT), tuple(OPEN_STATES)
    ),
    "record_talk": Work((Role.WERKMAKELAAR, Role.WERKGEVER), (State.SOLLICITATIE,)),
    "draft_plan": Work((Role.REGISSEUR,), (State.STARTPLAN, State.PROEFPERIODE)),
    "record_permission": Work((Role.REGISSEUR, Role.FRONTOFFICE), tuple(OPEN_STATES)),
    "make_paper": Work((Role.REGISSEUR, Role.PERSONEEL), tuple(OPEN_STATES)),
    "upload_scan": Work((Role.REGISSEUR, Role.PERSONEEL), tuple(OPEN_STATES)),
    "judge_scan": Work(
        tuple(role for role in Role if role in CASE_ROLES and role != Role.FRONTOFFICE), tuple(OPEN_STATES)
    ),
    "record_support": Work((Role.REGISSEUR, Role.PERSONEEL, Role.JOBCOACH), tuple(OPEN_STATES)),
    "record_interruption": Work((Role.REGISSEUR, Role.JOBCOACH), (State.PROEFPERIODE,)),
    "end_interruption": Work((Role.REGISSEUR, Role.JOBCOACH), tuple(OPEN_STATES)),
    "extend_trial": Work((Role.REGISSEUR,), (State.PROEFPERIODE,)),
    "resend_link": Work((Role.REGISSEUR,), tuple(OPEN_STATES)),
    "record_view": Work((Role.REGISSEUR, Role.JOBCOACH), (State.EVALUATIE,)),
    "decide_wage_value": Work((Role.REGISSEUR,), (State.EVALUATIE,)),
    "record_wage_value": Work((Role.REGISSEUR, Role.PERSONEEL), _AT_WORK),
    "record_coaching": Work((Role.JOBCOACH, Role.REGISSEUR), (*_AT_WORK, State.NAZORG)),
    "record_qualification": Work(
        (Role.REGISSEUR, Role.JOBCOACH, Role.LOOPBAANADVISEUR),
        (*_AT_WORK, State.ADVIES, State.BANENPOOL, State.NAZORG, State.AFSLUITING),
    ),
    "record_hourly_wage": Work((Role.REGISSEUR, Role.PERSONEEL), tuple(OPEN_STATES)),
    "record_practice_agreement": Work((Role.REGISSEUR, Role.JOBCOACH, Role.PERSONEEL), tuple(OPEN_STATES)),
    "record_quick_scan": Work((Role.LOOPBAANADVISEUR, Role.REGISSEUR), (State.ADVIES,)),
    "draft_advice": Work((Role.LOOPBAANADVISEUR,), (State.ADVIES,)),
    "record_check_in": Work(GUIDE_ROLES, (State.NAZORG,)),
    "add_check_in": Work(GUIDE_ROLES, (State.NAZORG,)),
    "record_exit_talk": Work((Role.BACKOFFICE, Role.REGISSEUR), (State.AFSLUITING,)),
    "record_completion": Work((Role.BACKOFFICE,), (State.AFSLUITING,)),
}
