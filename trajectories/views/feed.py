"""The calendar feed behind a secret address: for a calendar program, without a login."""

from __future__ import annotations

import hashlib

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import PUBLIC, access
from accounts.feeds import owner_of
from accounts.models import Page
from accounts.reading import shown
from topjob.limits import count
from trajectories.pages.calendar import calendar_of, dates_of

# A calendar program asks every few hours; whoever asks more often than this is told to wait.
MOST_PER_WINDOW = 30
WINDOW_SECONDS = 600


@access(PUBLIC, shows=Page.CALENDAR)
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The dates of the token's owner; unknown, withdrawn or shut out looks the same."""
    user = owner_of(token)
    if user is None:
        raise Http404
    if _too_often(user.pk):
        response = HttpResponse(_("Te vaak gevraagd. Probeer het over tien minuten weer."), status=429)
        response["Retry-After"] = str(WINDOW_SECONDS)
        return _private(response)
    dates = dates_of(user)
    shown(request, *(row.trajectory.candidate_id for row, _words, _url in dates), by=user)
    body = calendar_of(dates)
    etag = f'"{hashlib.sha256(body).hexdigest()}"'
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="topjob.ics"'
    response["ETag"] = etag
    return _private(get_conditional_response(request, etag=etag, response=response) or response)


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _too_often(user_pk: int) -> bool:
    return count(f"feed-{user_pk}", WINDOW_SECONDS) > MOST_PER_WINDOW


urlpatterns = [path("agenda/<str:token>/topjob.ics", feed, name="feed")]
