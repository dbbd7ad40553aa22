"""What somebody who is logged in gets is kept nowhere on the way: not by the browser, not by a proxy."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

# Addresses that a browser may keep although somebody is logged in; nothing of a person is behind them.
MAY_BE_KEPT = (settings.STATIC_URL,)


class PrivateMiddleware:
    """`Cache-Control: no-store` for every answer within a session, unless the page said something stricter itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if (
            has_session
            and not request.path.startswith(MAY_BE_KEPT)
            and "no-store" not in response.get("Cache-Control", "")
        ):
            response["Cache-Control"] = "no-store"
        return response
