"""How often something may be done: counted where all processes share it (`topjob/shared.py`)."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest

from topjob import visitor
from topjob.rehearsing import rehearsal

HOUR = 60 * 60


def too_many(request: HttpRequest, what: str, *, per_hour: int) -> bool:
    """Count this use; whether the address has now used the page more often in an hour than is reasonable."""
    return uses(request, what) > per_hour


def uses(request: HttpRequest, what: str) -> int:
    """Count this use; how often the address used the page within the hour, this time included."""
    return count(f"{what}:{visitor.network(request)}", HOUR)


def count(key: str, seconds: int) -> int:
    """Count one more of this within a stretch of time; how many there are now. A rehearsal doesn't count."""
    if rehearsal() is not None:
        return cache.get(key, 0) + 1
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key)
    except ValueError:  # it expired in between: a new stretch begins
        cache.set(key, 1, seconds)
        return 1
