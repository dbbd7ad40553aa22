"""What every page needs to know."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from topjob import clock, look
from topjob.models import DemoFill


def site(request: HttpRequest) -> dict[str, Any]:
    """Navigation for who is looking, and the state of the demo clock."""
    from accounts import sessions
    from accounts.navigation import nav_items_for
    from demo import bar

    return {
        "nav_items": nav_items_for(request),
        "search_url": "/zoeken/" if getattr(request.user, "is_staff_member", False) else "",
        "demo_mode": settings.TOPJOB_MODE == "demo",
        "clock_today": clock.today(),
        # Asked by the demo's banner only.
        "demo_filling": lambda: DemoFill.objects.filter(finished_at=None).first(),
        "walk_bar": lambda: bar.shown(request),
        "session_seconds": sessions.seconds_left(request),
        "session_url": reverse("accounts:keep_alive"),
        "look": look.chosen(request),
        "look_menu": lambda: look.menu(request),
        "organisation_login": settings.OIDC_NAME,
    }
