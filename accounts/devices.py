"""Which accounts logged in on this browser before: a signed cookie that lasts a year and proves nothing else.

With it somebody is never kept out by what others try at their account (`throttle`). It doesn't log in, and what is tried
with it has a limit of its own, so a stolen one gives a few tries.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from allauth.account.signals import password_reset
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.core import signing
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

COOKIE = "toestel"
KEPT_SECONDS = 365 * 24 * 60 * 60
# A computer that several people work on; whoever came longest ago goes first.
MOST_ACCOUNTS = 8


def known(request: HttpRequest, account: str) -> str:
    """The device's mark for this account; empty on a device where it never logged in."""
    return _marks(request).get(_name(account), "")


def _name(account: str) -> str:
    return salted_hmac("accounts.devices", account.lower(), algorithm="sha256").hexdigest()[:16]


def _marks(request: HttpRequest) -> dict[str, str]:
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        return {}
    return found if isinstance(found, dict) else {}


@receiver([user_logged_in, password_reset])
def greet(sender: Any, request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    """Whoever logs in, or shows by a new password that the mailbox is theirs, is known on this device from now on."""
    if request is not None:
        request.greeted_account = user.email  # type: ignore[attr-defined]


class DeviceMiddleware:
    """Lets the browser know which account logged in on it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if account := getattr(request, "greeted_account", ""):
            _remember(request, response, account)
        return response


def _remember(request: HttpRequest, response: HttpResponse, account: str) -> None:
    marks, name = _marks(request), _name(account)
    mark = marks.pop(name, "") or secrets.token_urlsafe(9)
    latest = [*marks.items()][-(MOST_ACCOUNTS - 1) :]
    response.set_cookie(
        COOKIE,
        signing.dumps(dict([*latest, (name, mark)]), salt=COOKIE),
        max_age=KEPT_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
