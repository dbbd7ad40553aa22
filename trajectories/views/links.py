"""The personal links of a case, as staff follow them and send them anew."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import CASE_WORKERS, access
from accounts.models import Page
from topjob.errors import Refused
from topjob.going_back import safe_next
from topjob.mail_first import letters_page
from trajectories import actions
from trajectories.models import PartyLink, PlanParty, Trajectory
from trajectories.views.pages import trail, visible_case


@access(CASE_WORKERS, shows=Page.PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def link_resend(request: HttpRequest, pk: int, link_pk: int) -> HttpResponse:
    """A new personal link for a party; the earlier one is void. From a list (`next`) one comes back there, refused or not."""
    link = link_of(visible_case(request, pk), link_pk)
    back = safe_next(request, "")
    send = partial(actions.resend_link, link, by=request.user)
    try:
        if request.method != "POST":
            return _letter_of(request, link, send, back)
        send()
    except Refused as refused:
        if not back:
            raise
        for reason in refused.reasons:
            messages.warning(request, reason.text)
    else:
        text = _("%(name)s krijgt een nieuwe link. De vorige werkt niet meer.")
        messages.success(request, text % {"name": link.party.name})
    return redirect(back or page_of_link(link))


def _letter_of(request: HttpRequest, link: PartyLink, send: Callable[[], Any], back: str) -> HttpResponse:
    """The message with the new link, before it goes."""
    title = _("Nieuwe link voor %(name)s") % {"name": link.party.name}
    path_here = trail(link.trajectory, (title, ""))
    return letters_page(request, send, title=title, cancel=back or page_of_link(link), crumbs=path_here)


def link_of(case: Trajectory, pk: int) -> PartyLink:
    """A personal link of this case with what it is for; not found when it is another's."""
    related = ("party__plan", "party__paper", "plan", "paper", "evaluation", "trajectory")
    return get_object_or_404(case.links.select_related(*related), pk=pk)


def page_of_link(link: PartyLink) -> str:
    """The staff's page on which it is told how far this link is."""
    if link.purpose == PartyLink.Purpose.EVALUATE:
        return reverse("trajectories:evaluation", args=[link.trajectory_id])
    return page_of(link.party)


def page_of(party: PlanParty) -> str:
    """The staff's page of the document that a party signs."""
    case_id = party.signable.trajectory_id
    if party.paper_id is not None:
        return reverse("trajectories:paper", args=[case_id, party.paper_id])
    return reverse("trajectories:plan", args=[case_id])


urlpatterns = [path("trajecten/<int:pk>/links/<int:link_pk>/opnieuw/", link_resend, name="link_resend")]
