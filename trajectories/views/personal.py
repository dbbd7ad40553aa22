"""Pages behind a personal link: for a party without an account, on a phone, with nothing but the token."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.audit import Actor
from accounts.reading import shown
from topjob import visitor as visitors
from topjob.once import own_transactions
from trajectories import actions
from trajectories.models import PartyLink
from trajectories.process.choices import Party

PersonalView = Callable[[HttpRequest, str, PartyLink], HttpResponseBase]
GONE = 410


def personal_page(purpose: str) -> Callable[[PersonalView], Callable[..., HttpResponseBase]]:
    """A page that gets the link behind the token in its address; looking at it changes nothing.

    The right to act lies in the token, not in a cookie, so another site has nothing to forge: the check against that is off.
    It would also fail, for `no-referrer` keeps the token out of the very header that the check reads.

    A link answers once by itself, and a wrong code counts whatever follows: these pages keep their own transactions.
    """

    def declare(view: PersonalView) -> Callable[..., HttpResponseBase]:
        @own_transactions
        @csrf_exempt
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def page(request: HttpRequest, token: str) -> HttpResponseBase:
            link = actions.link_for(token)
            if link is None or link.purpose != purpose:
                response: HttpResponseBase = render(request, "trajectories/plans/unknown_link.html", status=404)
            else:
                shown(request, link.trajectory.candidate_id, by=Actor(party=link.party.party))
                response = view(request, token, link)
            response["Cache-Control"] = "no-store"
            response["Referrer-Policy"] = "no-referrer"
            response["X-Robots-Tag"] = "noindex"
            return response

        return page

    return declare


def visitor(request: HttpRequest) -> dict[str, Any]:
    """Where a signature came from."""
    return {"ip_address": visitors.address(request), "user_agent": request.headers.get("User-Agent", "")}


def closed_page(request: HttpRequest, link: PartyLink, why: str) -> HttpResponse:
    """A kind explanation why the link opens nothing any more; whom to ask for another, as long as an answer is wanted."""
    may_ask = actions.why_not_asked(link, link.trajectory) is None
    context = {**for_party(link), "why": why, "may_ask": may_ask}
    return render(request, "trajectories/plans/closed_link.html", context, status=GONE)


def for_party(link: PartyLink) -> dict[str, object]:
    """What every page of a personal link shows: who looks, about whom, and who can be asked."""
    return {
        "link": link,
        "party": link.party,
        "is_youth": link.party.party == Party.YOUTH,
        "youth": link.trajectory.candidate,
        "guide": link.trajectory.contact,
    }
