"""How often an address may use a page that is open to everybody."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

HOUR = 60 * 60


def too_many(request: HttpRequest, what: str, *, per_hour: int) -> bool:
    """Count this use; whether the address has now used the page more often in an hour than is reasonable."""
    return uses(request, what) > per_hour


def uses(request: HttpRequest, what: str) -> int:
    """Count this use; how often the address used the page within the hour, this time included."""
    key = f"{what}:{get_adapter().get_client_ip(request)}"
    cache.add(key, 0, HOUR)
    try:
        return cache.incr(key)
    except ValueError:  # it expired in between: a new hour begins
        cache.set(key, 1, HOUR)
        return 1
