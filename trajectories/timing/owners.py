"""Whose a deadline is: a guide who works here, else who leads, else the coordinator. None lies with nobody (R17)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from accounts.models import Absence, Membership, Region, Role, User
from accounts.models.roles import REGION_ROLES
from topjob.conditions import any_of
from trajectories.models import Deadline, guides
from trajectories.models.guides import GUIDES

if TYPE_CHECKING:
    from trajectories.models import Trajectory


def acting_for(trajectory: Trajectory, role: str) -> User | None:
    """Who does the work of a role for this trajectory today: its guide or whoever covers; the lead when there is none."""
    if role in trajectory.covers:
        return trajectory.covers[role].cover
    return getattr(trajectory, GUIDES[Role(role)]) if role in trajectory.at_work else trajectory.contact


def owner_id_of(trajectory: Trajectory, role: str) -> int | None:
    """Whose a deadline of this role is. Without a guide who works here it is the coordinator's: none lies with nobody."""
    if role == Role.BEHEERDER:
        return _first_with(Role.BEHEERDER) or coordinator_id_of(trajectory.region)
    return trajectory.at_work.get(role) or trajectory.lead_id or coordinator_id_of(trajectory.region)


def follow(user: User) -> None:
    """Somebody came, left or took over: what is due in this person's cases, or lay with them, finds its owner anew.

    What was handed on to somebody who left is handed on again by the next round.
    """
    named = any_of(*(Q(**{f"trajectory__{name}": user}) for name in GUIDES.values()))
    rows = Deadline.objects.open().filter(named | Q(owner=user) | Q(escalated_to=user))
    find_owners(rows)
    if not user.is_active:
        Deadline.objects.open().filter(escalated_to=user).update(escalated_to=None, escalated_at=None)


def find_owners(rows: QuerySet[Deadline]) -> None:
    """Whose these deadlines are, asked anew; another owner wasn't told of them yet, and the rest stays as it is."""
    found = list(rows.select_related("trajectory__department", "trajectory__region").order_by("trajectory", "pk"))
    cases = {row.trajectory_id: row.trajectory for row in found}
    guides.keep(cases.values())
    for row in found:
        owner = owner_id_of(cases[row.trajectory_id], row.owner_role)
        if owner != row.owner_id:
            row.owner_id, row.notified_at = owner, None
    Deadline.objects.bulk_update(found, ["owner", "notified_at"], batch_size=500)


@contextmanager
def remembered() -> Iterator[None]:
    """Within this block who coordinates a region and who comes first with a role is asked once: for counting many cases."""
    token = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(token)


_remembered: ContextVar[dict[tuple, int | None] | None] = ContextVar("owners_remembered", default=None)


def _asked_once(key: tuple, ask: Callable[[], int | None]) -> int | None:
    kept = _remembered.get()
    if kept is None:
        return ask()
    if key not in kept:
        kept[key] = ask()
    return kept[key]


def coordinator_id_of(region: Region) -> int | None:
    """Who gets what stays late in this region: its coordinator, else its longest-serving regisseur, else a beheerder."""
    return _asked_once(("coordinator", region.pk), lambda: _coordinator(region))


def _coordinator(region: Region) -> int | None:
    if region.coordinator_id and User.objects.filter(pk=region.coordinator_id, is_active=True).exists():
        return region.coordinator_id
    return _first_with(Role.REGISSEUR, region=region) or _first_with(Role.BEHEERDER)


def covered_as_coordinator() -> QuerySet[Absence]:
    """Who covers today for work that spans a region: what is handed on to the absent coordinator comes to them."""
    return Absence.objects.now().filter(role__in=REGION_ROLES)


def hears_for(coordinator: int, region: Region) -> int:
    """Who hears today what stays late in this region: the coordinator, or while they are away whoever covers for them."""
    rows = covered_as_coordinator().filter(person=coordinator, region=region)
    covers = dict(rows.values_list("role", "cover"))
    return next((covers[role] for role in GUIDES if role in covers), coordinator)


def coordinated_by(user: User) -> QuerySet[Region]:
    """Where this person is the coordinator, or acts as one because there is none."""
    vacant = Q(coordinator=None) | Q(coordinator__is_active=False)
    regisseurs = Membership.objects.filter(role=Role.REGISSEUR, user__is_active=True, region=OuterRef("pk"))
    first = Subquery(regisseurs.order_by("user").values("user")[:1])
    return Region.objects.alias(first=first).filter(Q(coordinator=user) | vacant & Q(first=user.pk))


def _first_with(role: str, **where: Any) -> int | None:
    held = Membership.objects.filter(role=role, user__is_active=True, **where).order_by("user")
    return _asked_once(("first", role, *where.values()), held.values_list("user", flat=True).first)
