"""Which parts of a person's file a reader sees (`accounts.need_to_know`), asked of the person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Case, Q, QuerySet, TextField, Value, When
from django.http import Http404, HttpRequest

from accounts.models import Role, User
from accounts.models.absence import covered
from accounts.need_to_know import Part, Parts, gains_as_guide, needed_by, part_of, roles_here, roles_with, seen
from candidates.models import Candidate, ContactMoment
from candidates.models.person import CandidateQuerySet
from topjob.conditions import any_of, whether

# Whom somebody guides now, as a condition on people; the apps above know.
GUIDED: list[Callable[[User], Q]] = []
# Who guides somebody, by name: as what, who, and who covers for them today.
GUIDES_OF: list[Callable[[Candidate], list[tuple[Role, str, str]]]] = []
# What was said in a talk; the rest of its row says that it was there.
SAID = ("subject", "notes")


def for_reader(rows: CandidateQuerySet, user: User) -> CandidateQuerySet:
    """These people, each with what `parts_of` must know of this reader; a BSN stays unread for who doesn't fill it in."""
    return (rows if user.has_role(*roles_with(Part.BSN)) else rows.defer("bsn")).annotate(**_asked_of(user))


def _asked_of(user: User) -> dict[str, Any]:
    """Only what could make a difference for this reader."""
    asked: dict[str, Any] = {"read_by": Value(user.pk)}
    if gains_as_guide(user.roles):
        asked["is_guided"] = whether(any_of(*(condition(user) for condition in GUIDED)))
    if user.has_role(Role.JOBCOACH):
        asked["is_coached"] = whether(Q(jobcoach=user) | covered(user, "jobcoach", Role.JOBCOACH))
    return asked


def parts_of(candidate: Candidate, user: User) -> Parts:
    """What this reader may read of this person. No query for who came by `for_reader`."""
    known = candidate.__dict__
    if known.get("read_by") != user.pk:
        asked = _asked_of(user)
        known.update({"is_guided": None, "is_coached": None, "read_by": user.pk})
        if len(asked) > 1:
            known.update(Candidate.objects.filter(pk=candidate.pk).annotate(**asked).values(*asked).get())
    held = roles_here(user, candidate.region_id)
    return seen(held, guides=bool(known.get("is_guided")), coaches=bool(known.get("is_coached")))


def require(request: HttpRequest, candidate: Candidate) -> None:
    """Not found, when the page that is opened belongs to a part that this reader doesn't need."""
    part = part_of(request.resolver_match.func) if request.resolver_match else None
    if part is None or part in needed_by(roles_here(request.user, candidate.region_id)):
        return
    if part not in parts_of(candidate, request.user):
        raise Http404


def talks_for(
    rows: QuerySet[ContactMoment, ContactMoment], user: User, parts: Parts, most: int | None = None
) -> list[ContactMoment]:
    """These talks as this reader may know them; what was said is read only where it is theirs to know or they wrote it down.

    `most`: no more than so many of them, in the order of `rows`.
    """
    if Part.NOTES in parts:
        return list(rows.select_related("by")[:most])
    if Part.TALKS not in parts:
        rows = rows.filter(by=user)
    said = {f"own_{name}": Case(When(by=user, then=name), default=Value(""), output_field=TextField()) for name in SAID}
    found = list(rows.select_related("by").defer(*SAID).annotate(**said)[:most])
    for row in found:
        for name in SAID:
            setattr(row, name, getattr(row, f"own_{name}"))
    return found
