"""Who answers for a case: the guide who is named, works here and isn't away; while away, whoever covers (`accounts.Absence`).

What is in the name of somebody who doesn't work here – shut out, or without that role in the region – counts as nobody's.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from accounts.models import Absence, Department, Membership, Role, User
from accounts.models.absence import covered
from accounts.models.people import works_as, works_everywhere
from accounts.models.roles import GUIDE_ROLES
from topjob.conditions import PairAmong, any_of

if TYPE_CHECKING:
    from trajectories.models import Trajectory

# Which field of a case names who does the work of a role.
GUIDES = dict(zip(GUIDE_ROLES, ("regisseur", "career_adviser", "job_broker", "jobcoach"), strict=True))
LEADS = (Role.REGISSEUR, Role.LOOPBAANADVISEUR)


# --- Asked of the database -------------------------------------------------------------------------------------------
def works(role: str) -> Exists:
    """Cases whose guide for this role works here."""
    held = Membership.objects.filter(works_as(role, OuterRef("region")), user=OuterRef(GUIDES[Role(role)]))
    return Exists(held)


def nobodys(role: str) -> Q:
    """Cases that have nobody for this role: no name, or somebody's who doesn't work here."""
    return ~Q(works(role))


def without_lead() -> Q:
    """Cases that nobody keeps together, asked of all of a region at once: who works where is read first."""
    maatwerq = Q(department=Subquery(Department.objects.filter(code=Department.MAATWERQ).values("pk")))
    led = {role: Q(PairAmong(GUIDES[role], "region", _at_work(role))) for role in LEADS}
    return maatwerq & ~led[Role.REGISSEUR] | ~maatwerq & ~led[Role.LOOPBAANADVISEUR]


def _at_work(role: Role) -> QuerySet[Membership, tuple[int, int]]:
    """Who does this role's work in which region."""
    return Membership.objects.filter(works_as(role, F("region"))).order_by().values_list("user", "region")


def answered_by(user: User, role: str) -> Q:
    """Cases of which this person does the work of this role today: named and not covered for, or covering."""
    name = GUIDES[Role(role)]
    away = Exists(Absence.objects.now().of(OuterRef(name), role, OuterRef("region")))
    return Q(works(role)) & (Q(**{name: user}) & ~Q(away) | covered(user, name, role))


def guided_by(user: User) -> Q:
    """Cases on which this person is named as a guide, or covers for one today."""
    mine = Q(regisseur=user) | Q(career_adviser=user) | Q(job_broker=user) | Q(jobcoach=user)
    for role in user.roles & set(GUIDES):
        mine |= covered(user, GUIDES[Role(role)], role)
    return mine


def guiding(user: User) -> Q:
    """Cases of which this person is a guide at work here: by name, or covering today; the jobcoach apart."""
    theirs = [(role, name) for role, name in GUIDES.items() if role != Role.JOBCOACH and user.has_role(role)]
    named = (Q(**{name: user, "region__in": user.regions_as(role)}) for role, name in theirs)
    return any_of(*named, *(covered(user, name, role) for role, name in theirs))


def led_by(user: User) -> Q:
    """Cases that this person keeps together today."""
    return answered_by(user, Role.REGISSEUR) | nobodys(Role.REGISSEUR) & answered_by(user, Role.LOOPBAANADVISEUR)


def led_by_nobody() -> Q:
    return nobodys(Role.REGISSEUR) & nobodys(Role.LOOPBAANADVISEUR)


# --- Asked of cases that were read -----------------------------------------------------------------------------------
def named_on(case: Trajectory) -> tuple[int | None, ...]:
    """Who is named, whether they work here or not."""
    return tuple(getattr(case, f"{name}_id") for name in GUIDES.values())


def at_work(case: Trajectory) -> dict[str, int]:
    """Per role the guide who is named and works here. One query."""
    named = {role: user for role, user in zip(GUIDES, named_on(case), strict=True) if user is not None}
    if not named:
        return {}
    held = Membership.objects.filter(works_as(F("role"), case.region_id), user__in=set(named.values()), role__in=named)
    return {role: user for role, user in held.values_list("role", "user") if named[Role(role)] == user}


def covers(case: Trajectory) -> dict[str, Absence]:
    """Per role who covers today for the guide who is named. One query."""
    either = any_of(*(Q(role=role, person=user) for role, user in case.at_work.items()))
    rows = Absence.objects.now().filter(either, region=case.region_id).select_related("cover", "person")
    return {row.role: row for row in rows}


def answers(case: Trajectory, user: User, role: str) -> bool:
    """Whether this person does the work of this role today: named and not covered for, or covering (`answered_by`)."""
    if role in case.covers:
        return case.covers[role].cover_id == user.pk
    return case.at_work.get(role) == user.pk


def is_guide(case: Trajectory, user: User, held: set[str]) -> bool:
    """Whether who holds these roles here is a guide by name, or covers for one today; the jobcoach apart (`guiding`)."""
    theirs = {role: name for role, name in GUIDES.items() if role in held and role != Role.JOBCOACH}
    if any(getattr(case, f"{name}_id") == user.pk for name in theirs.values()):
        return True
    return any(case.covers[role].cover_id == user.pk for role in theirs if role in case.covers)


def asked_along() -> dict[str, Any]:
    """What a question for cases can answer besides: which guides work here, and whether anybody covers today."""
    either = any_of(*(Q(role=role, person=OuterRef(name)) for role, name in GUIDES.items()))
    away = Absence.objects.now().filter(either, region=OuterRef("region"))
    return {f"has_{name}": works(role) for role, name in GUIDES.items()} | {"is_covered": Exists(away)}


def take(case: Trajectory) -> None:
    """Remember what was `asked_along` with the case; who covers is asked only when somebody does."""
    present = {role: getattr(case, f"{name}_id") for role, name in GUIDES.items() if getattr(case, f"has_{name}")}
    case.__dict__["kept_at_work"] = (named_on(case), present)
    if not case.is_covered:  # type: ignore[attr-defined]
        case.__dict__["covers"] = {}


def keep(cases: Iterable[Trajectory]) -> None:
    """Answer both questions for the cases of a page at once, instead of for each; nothing for what was `asked_along`."""
    listed = list(cases)
    for case in listed:
        if hasattr(case, "is_covered"):
            take(case)
    _keep_who_works([case for case in listed if not hasattr(case, "is_covered")])
    unknown = [case for case in listed if "covers" not in case.__dict__]
    people = {user for case in unknown for user in case.at_work.values()}
    away = list(Absence.objects.now().filter(person__in=people).prefetch_related("cover", "person")) if people else []
    for case in unknown:
        mine = {row.role: row for row in away if row.region_id == case.region_id}
        case.__dict__["covers"] = {role: row for role, row in mine.items() if case.at_work.get(role) == row.person_id}


def _keep_who_works(cases: list[Trajectory]) -> None:
    """For the guides of all these cases at once: where they hold their role, at work. One question."""
    people = {user for case in cases for user in named_on(case)} - {None}
    held = Membership.objects.filter(works_as(F("role"), F("region")), user__in=people, role__in=list(GUIDES))
    rows = held.values_list("user", "role", "region", "organisation") if people else ()
    places = {
        (user, role, None if works_everywhere(role, region, company) else region)
        for user, role, region, company in rows
    }
    for case in cases:
        guides = {role: user for role, user in zip(GUIDES, named_on(case), strict=True) if user is not None}
        present = {
            role: user
            for role, user in guides.items()
            if (user, role, case.region_id) in places or (user, role, None) in places
        }
        case.__dict__["kept_at_work"] = (named_on(case), present)


def keep_covers(cases: Iterable[Trajectory], away: Iterable[Absence]) -> None:
    """Remember with each case who covers, of these absences: all in which one reader covers or is covered for.

    Asks nothing, and is enough to know what that reader may do there.
    """
    rows = list(away)
    for case in cases:
        mine = {row.role: row for row in rows if row.region_id == case.region_id}
        covers = {role: row for role, row in mine.items() if getattr(case, f"{GUIDES[Role(role)]}_id") == row.person_id}
        case.__dict__["covers"] = covers
        case.is_covered = bool(covers)  # type: ignore[attr-defined]
