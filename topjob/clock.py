"""The one clock of the product.

Everything that asks "what day is it" asks here. In the demo and in tests the clock can be moved, so that a journey of two years
is walked by moving time and never by skipping a guard. Production refuses a movable clock (see `settings.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

_travelled: ContextVar[timedelta | None] = ContextVar("clock_travelled", default=None)
# How far the clock was moved when this request began; nothing outside requests.
_held: ContextVar[timedelta | None] = ContextVar("clock_held", default=None)


def now() -> datetime:
    """The present moment, aware, as the product sees it."""
    return timezone.now() + _offset()


def today() -> date:
    """The calendar day in the Netherlands; every deadline counts in these days."""
    return now().astimezone(AMSTERDAM).date()


def local(moment: datetime) -> date:
    """The Dutch calendar day a moment falls on."""
    return moment.astimezone(AMSTERDAM).date()


def start_of(day: date) -> datetime:
    """The moment at which a Dutch calendar day begins."""
    return datetime.combine(day, time(), tzinfo=AMSTERDAM)


@contextmanager
def at(day: date, hour: int = 9) -> Iterator[None]:
    """Within this block it is `day`; used by the demo data and by tests."""
    token = _travelled.set(_distance_to(day, hour))
    try:
        yield
    finally:
        _travelled.reset(token)


@contextmanager
def held() -> Iterator[None]:
    """Within this block the clock's file isn't read again: a page asks for the day of every row it has."""
    token = _held.set(_read())
    try:
        yield
    finally:
        _held.reset(token)


def move_to(day: date) -> None:
    """Set the clock for every process of this installation (demo and browser tests only)."""
    path = _file()
    if path is None:
        raise RuntimeError("The clock can't be moved here: CLOCK_FILE is not set.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(str(int(_distance_to(day, 9).total_seconds())))
    if _held.get() is not None:
        _held.set(_read())


def is_movable() -> bool:
    """Whether this installation lets its clock be moved."""
    return _file() is not None


def _distance_to(day: date, hour: int) -> timedelta:
    return datetime.combine(day, time(hour), tzinfo=AMSTERDAM) - timezone.now()


def _offset() -> timedelta:
    for known in (_travelled.get(), _held.get()):
        if known is not None:
            return known
    return _read()


def _read() -> timedelta:
    path = _file()
    if path is None or not path.exists():
        return timedelta(0)
    return timedelta(seconds=int(path.read_text() or 0))


def _file() -> Path | None:
    configured = getattr(settings, "CLOCK_FILE", None)
    return Path(configured) if configured else None
