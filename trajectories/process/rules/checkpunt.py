"""A: what must be in place before somebody is admitted and can be matched (R1–R3). Numbered as in docs/domain.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from candidates import rules as candidate_rules
from matching import rules as matching_rules
from topjob.errors import Reason

if TYPE_CHECKING:
    from trajectories.models import (
        Trajectory,
    )


def motivation_recorded(trajectory: Trajectory) -> Reason | None:
    """R1: MaatwerQ starts for a motivated person; the other departments don't ask it (decision 5)."""
    if not trajectory.department.is_maatwerq:
        return None
    return candidate_rules.motivation_recorded(trajectory.registration)


def eligible(trajectory: Trajectory) -> Reason | None:
    """R2: target group and age decide, or an override with a reason."""
    if not trajectory.department.is_maatwerq:
        return None
    stream = trajectory.stream.number if trajectory.stream else None
    reason = candidate_rules.eligible(trajectory.registration, stream)
    return reason and Reason(reason.text, "trajectories:admit", trajectory.pk)


def intake_talk_held(trajectory: Trajectory) -> Reason | None:
    """R3: departments 1, 3 and 4 need the intake talk; MaatwerQ asks more than a talk."""
    if trajectory.department.is_maatwerq:
        return None
    return candidate_rules.intake_talk_held(trajectory.candidate, trajectory.file_facts)


def foto_complete(trajectory: Trajectory) -> Reason | None:
    """R3: no MaatwerQ placement without a Foto."""
    if not trajectory.department.is_maatwerq:
        return None
    return candidate_rules.foto_complete(trajectory.candidate, trajectory.file_facts)


def support_settled(trajectory: Trajectory) -> Reason | None:
    """R3: no MaatwerQ placement with open support questions."""
    if not trajectory.department.is_maatwerq:
        return None
    return candidate_rules.support_settled(trajectory.candidate, trajectory.file_facts)


def finance_checked(trajectory: Trajectory) -> Reason | None:
    """R3: no MaatwerQ placement without a finance check."""
    if not trajectory.department.is_maatwerq:
        return None
    return candidate_rules.finance_checked(trajectory.candidate, trajectory.file_facts)


def profile_confirmed(trajectory: Trajectory) -> Reason | None:
    """R3: every department needs the confirmed zoekprofiel."""
    return matching_rules.profile_confirmed(trajectory.candidate)
