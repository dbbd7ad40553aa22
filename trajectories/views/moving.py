"""A card of the board goes on: which steps there are from here, or why it can't go to the column where it was dropped."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts.access import CASE_WORKERS, access
from accounts.models import Page
from topjob.pages import by_htmx
from trajectories.journey.access import AvailableAction, available_actions
from trajectories.models import Trajectory
from trajectories.process.workflow import State, targets_of
from trajectories.views.pages import case_url, trail, visible_case


@access(CASE_WORKERS, shows=Page.CASE)
@require_safe
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """The steps from here, each to its own page, where it is asked and guarded; nothing is done here."""
    case = visible_case(request, pk)
    found = available_actions(case, request.user)
    to = request.GET.get("naar", "")
    if to in State.values:
        found = [action for action in found if to in targets_of(action.name, case.state)]
        if able := next((action for action in found if action.enabled), None):
            return HttpResponseClientRedirect(able.url) if by_htmx(request) else redirect(able.url)
    context = {"case": case, "actions": found, "why": _why(case, found, to), "cancel_url": case_url(case)}
    if by_htmx(request):
        return render(request, "trajectories/cases/_moves.html", context)
    title = _("Verplaatsen")
    return render(
        request, "trajectories/cases/move.html", context | {"title": title, "crumbs": trail(case, (title, ""))}
    )


def _why(case: Trajectory, found: list[AvailableAction], to: str) -> str:
    """What is said of the column where the card was dropped."""
    if to not in State.values:
        return ""
    words = {"state": case.state_label, "to": State(to).label}
    if not found:
        return _("Van “%(state)s” gaat niemand rechtstreeks naar “%(to)s”.") % words
    return _("Naar “%(to)s” kan nog niet.") % words


urlpatterns = [path("trajecten/<int:pk>/verplaatsen/", move, name="move")]
