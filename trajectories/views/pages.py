"""What the staff's pages of a case share: opening it, the trail, the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.audit import actor
from accounts.models import User
from accounts.reading import shown
from candidates.frame import Here, stand_in_frame
from topjob.errors import Reason, Refused
from topjob.pages import crumbs
from trajectories.journey.need_to_know import asked_along, require
from trajectories.journey.receiving import open_for
from trajectories.models import Received, Trajectory
from trajectories.models.guides import asked_along as guides_asked
from trajectories.models.guides import take as take_guides
from trajectories.models.trajectory import TrajectoryQuerySet
from trajectories.pages.frame import frame_of_case, tab_of
from trajectories.process.work import WORK

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def visible_case(
    request: HttpRequest, pk: int, cases: TrajectoryQuerySet | None = None, *, here: Here | None = None
) -> Trajectory:
    """A case this person may open, read with what its page shows (`cases`), when they need what the page tells of it.

    Foreign looks like nonexistent, and so does a part that isn't theirs to know. Opening it is logged. The page stands in the
    frame of the person, under the tab of its kind of page or the one that is said (`here`).

    Few joins: planning many costs more than reading on.
    """
    if request.method == "POST":  # whoever changes a case holds it, from before reading what is compared
        Trajectory.objects.select_for_update().filter(pk=pk).first()
    cases = Trajectory.objects.all() if cases is None else cases
    cases = cases.visible_to(request.user).select_related("candidate", "department", "registration", "client", "stream")
    case = get_object_or_404(cases.annotate(is_new=_is_new_to(request.user), **_beside(request)), pk=pk)
    if hasattr(case, "is_covered"):
        take_guides(case)
    view = request.resolver_match and request.resolver_match.func
    require(case, request.user, view)
    shown(request, case.candidate_id)
    stand_in_frame(request, lambda: frame_of_case(case, request.user, here or tab_of(getattr(view, "shows", ""))))
    if case.is_new:  # type: ignore[attr-defined]
        open_for(case, request.user)
    return case


def _beside(request: HttpRequest) -> dict[str, Any]:
    """What is asked with the case: its guides, of whom a page's frame tells; for a change, which may be of them, who reads."""
    return asked_along(request.user) if request.method == "POST" else guides_asked()


def _is_new_to(user: User) -> Exists:
    """Whether the case came to this person and they open it now for the first time."""
    return Exists(Received.objects.filter(trajectory=OuterRef("pk"), user=user.pk))


def case_url(case: Trajectory) -> str:
    return reverse("trajectories:detail", args=[case.pk])


def refusals_for(request: HttpRequest, case: Trajectory, work: str, title: str = "") -> list[Reason]:
    """Why this reader can't do this work (`work.WORK`) now; whoever posts all the same is refused in the same words."""
    refusals = WORK[work].refusals(case, actor(request.user))
    if refusals and request.method == "POST":
        raise Refused(*refusals, title=title)
    return refusals


def trail(case: Trajectory | None = None, *more: tuple[StrOrPromise, str]) -> list[dict[str, str]]:
    """Trajecten › person › …"""
    start = [(_("Trajecten"), reverse("trajectories:list"))]
    if case is not None:
        start.append((case.candidate.full_name, case_url(case) if more else ""))
    return crumbs(*start, *more)


def name_and(case: Trajectory, **more: Any) -> dict[str, Any]:
    """What every form page of a case says on top, with the way back."""
    return {"eyebrow": case.candidate.full_name, "cancel": case_url(case)} | more
