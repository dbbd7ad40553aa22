"""A case comes to a guide: it is new to them until they open it or do something there."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.audit import By, actor
from accounts.models import User
from topjob import clock
from trajectories.models import Received, Trajectory
from trajectories.models.guides import GUIDES


def receive(case: Trajectory, names: Iterable[str], *, by: By) -> None:
    """The guides in these fields just got the case; whoever named themselves knows of it."""
    knows = actor(by).user
    role_of = {name: role for role, name in GUIDES.items()}
    came = {getattr(case, f"{name}_id"): role_of[name] for name in names}
    rows = [
        Received(trajectory=case, user_id=user, role=role, at=clock.now())
        for user, role in came.items()
        if user is not None and (knows is None or user != knows.pk)
    ]
    unique = ["trajectory", "user"]
    Received.objects.bulk_create(rows, update_conflicts=True, unique_fields=unique, update_fields=["role", "at"])


def open_for(case: Trajectory, user: User) -> None:
    """This guide opened the case: it isn't new any more."""
    Received.objects.filter(trajectory=case, user=user).delete()
