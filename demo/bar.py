"""How far a visitor of the demo is in the guided walk: kept in the session, also when they log in as somebody else.

What the steps are is declared by `demo/tour.py`.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

KEY = "rondleiding"


def keep(request: HttpRequest, walk: dict[str, Any] | None) -> None:
    """Remember this much of the walk; nothing stops it."""
    if walk:
        request.session[KEY] = walk
    else:
        request.session.pop(KEY, None)


def shown(request: HttpRequest) -> dict[str, Any] | None:
    """What the bar on top of the product's pages says of the step at hand."""
    session = getattr(request, "session", None)
    return session.get(KEY, {}).get("bar") if session is not None else None
