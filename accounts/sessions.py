"""How long somebody stays logged in: some hours without a sign of life, and never longer than a working day."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from accounts import resuming

# Moments of the machine's own clock: a session lasts hours of real time, whatever day the demo plays.
BEGAN_AT = "began_at"
ENDS_AT = "ends_at"


def keep(request: HttpRequest) -> None:
    """Start the session time anew, up to the most that one login gives."""
    now = int(time.time())
    began = request.session.setdefault(BEGAN_AT, now)
    longest = began + settings.SESSION_LONGEST_HOURS * 60 * 60
    request.session[ENDS_AT] = min(now + settings.SESSION_COOKIE_AGE, longest)


def seconds_left(request: HttpRequest) -> int:
    """How long this session still lasts; 0 for a visitor."""
    ends_at = request.session.get(ENDS_AT)
    return max(0, ends_at - int(time.time())) if ends_at else 0


def end_if_over(request: HttpRequest) -> None:
    """A session whose time is over isn't one any more, whatever was asked with it meanwhile."""
    if SESSION_KEY in request.session and not seconds_left(request):
        logout(request)


@receiver(user_logged_in)
def start(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    """Logging in starts the clock."""
    if hasattr(request, "session"):
        resuming.end_visit(request)
        request.session.pop(BEGAN_AT, None)
        keep(request)
