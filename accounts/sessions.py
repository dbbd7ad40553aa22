"""How long somebody stays logged in, so that the page can say beforehand when it ends."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from accounts import resuming

# A moment of the machine's own clock: a session lasts hours of real time, whatever day the demo plays.
ENDS_AT = "ends_at"


def keep(request: HttpRequest) -> None:
    """Start the full session time anew."""
    request.session[ENDS_AT] = int(time.time()) + settings.SESSION_COOKIE_AGE


def seconds_left(request: HttpRequest) -> int:
    """How long this session still lasts; 0 for a visitor."""
    ends_at = request.session.get(ENDS_AT)
    return max(0, ends_at - int(time.time())) if ends_at else 0


@receiver(user_logged_in)
def start(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    """Logging in starts the clock."""
    if hasattr(request, "session"):
        resuming.end_visit(request)
        keep(request)
