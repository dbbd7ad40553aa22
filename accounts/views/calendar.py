"""One's own calendar feed: making its secret address, making a new one, taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import actions
from accounts.access import LOGGED_IN, NOBODY, access
from accounts.models import CalendarFeed
from topjob import mail


@access(LOGGED_IN, shows=NOBODY)
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Whether there is a feed and since when; its address is shown once, when it is made."""
    return _page(request)


@access(LOGGED_IN, shows=NOBODY)
@require_POST
@never_cache
def renew_calendar(request: HttpRequest) -> HttpResponse:
    """A new secret address, shown now and never again; the old one is void."""
    token = actions.renew_feed(by=request.user)
    return _page(request, mail.absolute(reverse("trajectories:feed", args=[token])))


@access(LOGGED_IN, shows=NOBODY)
@require_POST
def revoke_calendar(request: HttpRequest) -> HttpResponse:
    """No feed any more."""
    actions.revoke_feed(by=request.user)
    messages.success(request, _("De agenda is uit. Het oude adres werkt niet meer."))
    return redirect("accounts:calendar")


def _page(request: HttpRequest, address: str = "") -> HttpResponse:
    context = {
        "feed": CalendarFeed.objects.filter(user=request.user).first(),
        "address": address,
        "base": "base.html" if request.user.is_staff_member else "base_portal.html",
        "crumbs": [
            {"label": _("Mijn account"), "url": reverse("accounts:profile")},
            {"label": _("Agenda"), "url": ""},
        ],
    }
    return render(request, "accounts/calendar.html", context)
