"""For who coordinates a region: what stays late there, and how many cases each guide has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import CASE_WORKERS, access
from accounts.models import Page, Region, User
from accounts.need_to_know import Part, needed_by, roles_here
from accounts.reading import shown
from topjob import clock
from topjob.pages import Crumbs, by_htmx, crumbs, render_page
from trajectories.models import Deadline, Trajectory
from trajectories.timing.kinds import MONEY
from trajectories.timing.owners import coordinated_by

MOST_LATE, MOST_GUIDES = 10, 25


@dataclass(frozen=True)
class RegionPage:
    """The late work of somebody's regions, the oldest first, and the open cases of each who leads some there."""

    late: list[Deadline]
    more_late: bool
    caseload: list[dict[str, Any]]
    crumbs: Crumbs


@access(CASE_WORKERS, shows=Page.TODAY)
@require_safe
def region_work(request: HttpRequest) -> HttpResponse:
    """A page of its own, which Vandaag fetches into itself: most people there coordinate nothing."""
    regions = list(coordinated_by(request.user))
    if not regions:
        raise Http404
    late = list(_late(request.user, regions)[: MOST_LATE + 1])
    shown(request, *(row.trajectory.candidate_id for row in late[:MOST_LATE]))
    page = RegionPage(
        late=late[:MOST_LATE],
        more_late=len(late) > MOST_LATE,
        caseload=caseload_of(regions),
        crumbs=crumbs((_("Vandaag"), "/"), (_("Jouw regio"), "")),
    )
    return render_page(request, f"trajectories/cases/{'_region' if by_htmx(request) else 'region'}.html", page)


def _late(user: User, regions: list[Region]) -> QuerySet[Deadline]:
    """What is late there; of the arrangements for an employer only for who needs to know of them."""
    rows = Deadline.objects.visible_to(user).open().filter(due_on__lt=clock.today(), trajectory__region__in=regions)
    if not all(Part.MONEY in needed_by(roles_here(user, region.pk)) for region in regions):
        rows = rows.exclude(kind__in=MONEY)
    rows = rows.exclude(kind=Deadline.Kind.RETENTION)
    return rows.select_related("trajectory__candidate", "owner").order_by("due_on", "pk")


def caseload_of(regions: list[Region]) -> list[dict[str, Any]]:
    """Of each who leads cases in these regions how many are open and how many have something late, the latest first."""
    late = Count("pk", filter=Q(due_on__lt=clock.today()))
    cases = Trajectory.objects.open().filter(region__in=regions).order_by()
    led = cases.annotate(guide=Coalesce("regisseur", "career_adviser")).values("guide")
    found = list(led.annotate(open=Count("pk"), late=late).order_by("-late", "-open", "guide")[:MOST_GUIDES])
    people = User.objects.in_bulk([row["guide"] for row in found if row["guide"]])
    return [{"person": people.get(row["guide"]), "open": row["open"], "late": row["late"]} for row in found]


urlpatterns = [path("regio/", region_work, name="region_work")]
