"""Every showing of a person's data is logged (R14, decision 28): who, when, which kind of page, which people.

A view declares the kind of page beside its access rule, `access(RULE, shows=Page.PLAN)`, or `shows=NOBODY`. Whatever fetches the
people for it says so: `shown(request, candidate.pk, …)`. The middleware writes one row at the end of the request, after the
transaction of the page, so that a form that was refused leaves its row as well. A redirect and a HEAD show nothing.

"Breaking the glass": roles named by `ASK_REASON_ROLES` say why before they see one person outside their own work; the answer
holds for the working day and stands with every row. Lists never ask.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlencode

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from accounts.audit import Actor, By, Party, actor
from accounts.models import Page, Reading, User
from accounts.models.reading import LISTS
from topjob import clock
from topjob.middleware import unavailable

SHOWS = ("GET", "POST")


@dataclass
class Shown:
    """What one request has shown until now."""

    people: set[int] = field(default_factory=set)
    by: Actor | None = None
    reason_id: int | None = None


def shown(request: HttpRequest, *people: int | None, by: By | None = None) -> None:
    """This request shows these people. `by`: who looks, where that isn't whoever is logged in (a personal link, a feed)."""
    so_far = _of(request)
    so_far.people.update(number for number in people if number is not None)
    if by is not None:
        so_far.by = actor(by)


def _of(request: HttpRequest) -> Shown:
    if not hasattr(request, "shown"):
        request.shown = Shown()  # type: ignore[attr-defined]
    return request.shown  # type: ignore[attr-defined]


class ReadingMiddleware:
    """Writes the row, before anything of the answer leaves: what can't be logged isn't shown."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        so_far = getattr(request, "shown", None)
        if so_far is None or not so_far.people or not _shows(request, response):
            return response
        try:
            if asking := _asks_why(request, so_far):
                _drop(response)
                return asking
            _log(request, so_far)
        except (OperationalError, InterfaceError) as error:
            _drop(response)
            return unavailable(error)
        return response


def _drop(response: HttpResponseBase) -> None:
    """Let go of a file that isn't sent; the request goes on."""
    if isinstance(response, FileResponse) and response.file_to_stream is not None:
        response.file_to_stream.close()


def _shows(request: HttpRequest, response: HttpResponseBase) -> bool:
    """A redirect, "not found" and "nothing changed" show nothing of what was looked up."""
    code = response.status_code
    return request.method in SHOWS and not 300 <= code < 400 and code != 404 and code < 500


# --- Outside the own work --------------------------------------------------------------------------------------------
# Whether this person's data belongs to somebody's own work; the apps above know.
OWN_WORK: list[Callable[[User, int], bool]] = []
REASONS = "redenen"
HOLDS = timedelta(hours=10)


def _asks_why(request: HttpRequest, so_far: Shown) -> HttpResponseBase | None:
    """To the page that asks why, before one person outside the own work is shown; else nothing, with the reason noted."""
    if len(so_far.people) != 1 or so_far.by is not None or _page_of(request) in LISTS or not _is_asked(request):
        return None
    (person,) = so_far.people
    so_far.reason_id = reason_for(request, person)
    if so_far.reason_id or request.method != "GET" or any(is_own(request.user, person) for is_own in OWN_WORK):
        return None
    address = reverse("trajectories:why_outside", args=[person])
    return redirect(f"{address}?{urlencode({'next': request.get_full_path()})}")


def _is_asked(request: HttpRequest) -> bool:
    user = request.user
    return bool(settings.ASK_REASON_ROLES) and user.is_authenticated and user.has_role(*settings.ASK_REASON_ROLES)


def keep_reason(request: HttpRequest, person: int, entry_id: int) -> None:
    """For the rest of the working day this session has said why it looks at this person."""
    kept = request.session.get(REASONS, {})
    request.session[REASONS] = kept | {str(person): [entry_id, clock.now().timestamp()]}


def reason_for(request: HttpRequest, person: int) -> int | None:
    """The log row with what was answered, while it holds."""
    entry_id, said = request.session.get(REASONS, {}).get(str(person), (None, 0))
    return entry_id if clock.now().timestamp() - said < HOLDS.total_seconds() else None


def _page_of(request: HttpRequest) -> str:
    """The kind of page that the view declared."""
    declared = getattr(request.resolver_match.func, "shows", "") if request.resolver_match else ""
    return declared if declared in Page.values else Page.OTHER


def _log(request: HttpRequest, so_far: Shown) -> None:
    match = request.resolver_match
    who = so_far.by or (actor(request.user) if request.user.is_authenticated else Actor(party=Party.PUBLIC))
    Reading.objects.create(
        at=clock.now(),
        actor=who.user,
        party=who.party,
        page=_page_of(request),
        route=(match.view_name if match else "")[:60],
        people=sorted(so_far.people),
        trace=str(structlog.contextvars.get_contextvars().get("request_id", ""))[:36],
        reason_id=so_far.reason_id,
    )
