"""A refused step and an outage each get one plain page, in one place; and pages go over the line compressed."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render

from topjob import clock
from topjob.errors import Refused
from topjob.going_back import page_before

log = structlog.get_logger()


class CompressMiddleware(GZipMiddleware):
    """Compresses pages, and only those: a download, signed or not, stays byte for byte what it is, and so does its ETag.

    What is secret in a page can't be guessed from its length (BREACH): the token of a form looks different each time, and Django
    adds up to a hundred bytes by chance. So this stands before everything that writes into a page.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)


class ClockMiddleware:
    """One page has one clock, read once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with clock.held():
            return self.get_response(request)


class RefusedMiddleware:
    """Turns `Refused` into an explanation (409) and a lost database into "probeer het zo weer" (503, I4)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            return render(request, "refused.html", {"refused": exception, "back": page_before(request)}, status=409)
        if isinstance(exception, (OperationalError, InterfaceError)):
            return unavailable(exception)
        return None


def unavailable(error: Exception) -> HttpResponse:
    """The page for a database that is away for a moment."""
    log.error("database_unavailable", error=str(error))
    response = render(None, "503.html", status=503)  # no context processors: they would ask the database again
    response["Retry-After"] = "30"
    return response
