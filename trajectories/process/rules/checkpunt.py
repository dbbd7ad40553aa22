"""A: what must be in place before somebody is admitted and can be matched (R1–R3). Numbered as in docs/domain.md."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candidates import rules as candidate_rules
from matching import rules as matching_rules
from topjob import clock
from topjob.errors import Reason
from trajectories.process.checks import asks

if TYPE_CHECKING:
    from trajectories.models import (
        Trajectory,
    )


def at_maatwerq(trajectory: Trajectory) -> bool:
    """The other departments ask less (decision 5)."""
    return trajectory.department.is_maatwerq


def elsewhere(trajectory: Trajectory) -> bool:
    return not at_maatwerq(trajectory)


@asks(gettext_lazy("Motivatie"), when=at_maatwerq)
def motivation_recorded(trajectory: Trajectory) -> Reason | None:
    """R1: MaatwerQ starts for a motivated person; the other departments don't ask it (decision 5)."""
    return candidate_rules.motivation_recorded(trajectory.registration)


@asks(gettext_lazy("Doelgroep en leeftijd"), when=at_maatwerq)
def eligible(trajectory: Trajectory) -> Reason | None:
    """R2: target group and age decide, or an override with a reason."""
    stream = trajectory.stream.number if trajectory.stream else None
    reason = candidate_rules.eligible(trajectory.registration, stream)
    return reason and Reason(reason.text, "trajectories:admit", trajectory.pk)


@asks(gettext_lazy("Intakegesprek"), when=elsewhere)
def intake_talk_held(trajectory: Trajectory) -> Reason | None:
    """R3: departments 1, 3 and 4 need the intake talk; MaatwerQ asks more than a talk."""
    return candidate_rules.intake_talk_held(trajectory.candidate, trajectory.file_facts)


@asks(gettext_lazy("Foto"), when=at_maatwerq)
def foto_complete(trajectory: Trajectory) -> Reason | None:
    """R3: no MaatwerQ placement without a Foto."""
    return candidate_rules.foto_complete(trajectory.candidate, trajectory.file_facts)


@asks(gettext_lazy("Ondersteuning"), when=at_maatwerq)
def support_settled(trajectory: Trajectory) -> Reason | None:
    """R3: no MaatwerQ placement with open support questions."""
    return candidate_rules.support_settled(trajectory.candidate, trajectory.file_facts)


@asks(gettext_lazy("Toets financiën"), when=at_maatwerq)
def finance_checked(trajectory: Trajectory) -> Reason | None:
    """R3: no MaatwerQ placement without a finance check."""
    return candidate_rules.finance_checked(trajectory.candidate, trajectory.file_facts)


@asks(gettext_lazy("Zoekprofiel bevestigd"))
def profile_confirmed(trajectory: Trajectory) -> Reason | None:
    """R3: every department needs the confirmed zoekprofiel."""
    return matching_rules.profile_confirmed(trajectory.candidate)


def why_not_followed_up_on(day: date) -> str:
    """Why nobody can plan to look at a case again on this day; empty when they can."""
    return _("Kies een dag die nog komt.") if day <= clock.today() else ""
