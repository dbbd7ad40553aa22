"""Whom somebody guides, and who guides somebody: asked by the apps below, of the people (`candidates/knowing.py`)."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, Subquery

from accounts.models import Role, User
from candidates.models import Candidate
from trajectories.models.guides import GUIDES, asked_along, guiding, take
from trajectories.models.trajectory import Trajectory


def guided_people(user: User) -> Q:
    """People whose running case, or else their last one, this person guides."""
    last = Trajectory.objects.filter(candidate=OuterRef("candidate")).order_by("-pk").values("pk")[:1]
    return Q(Exists(Trajectory.objects.filter(guiding(user), candidate=OuterRef("pk"), pk=Subquery(last))))


def names_of(candidate: Candidate) -> list[tuple[Role, str, str]]:
    """Who guides somebody in their running case, or guided the last: as what, the name, and who covers today."""
    rows = Trajectory.objects.filter(candidate=candidate).select_related(*GUIDES.values()).annotate(**asked_along())
    case = rows.order_by("-pk").first()
    if case is None:
        return []
    take(case)
    return [
        (role, getattr(case, name).name, case.covers[role].cover.name if role in case.covers else "")
        for role, name in GUIDES.items()
        if role in case.at_work
    ]
