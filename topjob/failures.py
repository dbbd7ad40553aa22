"""What a visitor sees when something of ours is broken."""

from __future__ import annotations

import sys

from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.views import defaults


def server_error(request: HttpRequest) -> HttpResponse:
    """An outage of the database, wherever it shows first, answers 503 and not 500 (RELIABILITY.md, I4)."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        # Without a request: context processors would ask the database again.
        response = render(None, "503.html", status=503)
        response["Retry-After"] = "30"
        return response
    return render(None, "500.html", status=500)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What Django itself can't take, such as a host that isn't ours: before it is known who asks, so the page needs nothing."""
    return render(None, "400.html", status=400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What isn't there. Its page reads the token of a form that was sent; one that can't be read gets the plainer page."""
    try:
        return defaults.page_not_found(request, exception)
    except (MultiPartParserError, SuspiciousOperation, UnreadablePostError):
        return bad_request(request, exception)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same for what isn't allowed."""
    try:
        return defaults.permission_denied(request, exception)
    except (MultiPartParserError, SuspiciousOperation, UnreadablePostError):
        return bad_request(request, exception)
