"""What a visitor sees when something of ours is broken."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def server_error(request: HttpRequest) -> HttpResponse:
    """An outage of the database, wherever it shows first, answers 503 and not 500 (RELIABILITY.md, I4)."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        # Without a request: context processors would ask the database again.
        response = render(None, "503.html", status=503)
        response["Retry-After"] = "30"
        return response
    return render(None, "500.html", status=500)
