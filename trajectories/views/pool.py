"""The banenpool: who is available to the labour market (phase D)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import access, roles
from accounts.models import Branch, Page, User
from accounts.models.roles import POOL_ROLES
from accounts.reading import shown
from matching.access import may_match
from topjob.pages import page_of
from trajectories.models import Advice, Trajectory
from trajectories.pages.filters import PoolFilter
from trajectories.pages.worklists import in_pool, profiles_of


@access(roles(*POOL_ROLES), shows=Page.CASES)
@require_safe
def pool(request: HttpRequest) -> HttpResponse:
    """Who waits in the pool, longest first, each with a link to the match."""
    rows = in_pool(request.user)
    found = PoolFilter(request.GET, rows, user=request.user)
    page = page_of(found.qs, request, load=rows.with_people())
    cases = list(page.object_list)
    shown(request, *(case.candidate_id for case in cases))
    context = {
        **found.on_page(),
        "here": request.get_full_path(),
        "page_obj": page,
        "rows": _rows(cases, request.user),
    }
    return render(request, "trajectories/cases/pool.html", context)


def _rows(cases: list[Trajectory], user: User) -> list[dict[str, Any]]:
    profiles = profiles_of(cases)
    branches = dict(Branch.objects.values_list("pk", "name"))
    return [
        _row(case, profiles.get(case.candidate_id), branches) | {"may_match": may_match(user, case.candidate)}
        for case in cases
    ]


def _row(case: Any, profile: Any, branches: dict[int, str]) -> dict[str, Any]:
    return {
        "case": case,
        "advice": Advice.Direction(case.advice).label if case.advice else "",
        "branches": ", ".join(branches[pk] for pk in profile.branch_ids if pk in branches) if profile else "",
        "hours": _hours(profile) if profile else "",
    }


def _hours(profile: Any) -> str:
    """Hours a week as a range; empty when unknown."""
    ends = [str(hours) for hours in dict.fromkeys((profile.hours_min, profile.hours_max)) if hours]
    return "–".join(ends)
