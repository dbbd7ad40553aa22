"""Guessing passwords and codes is slow; whoever works here isn't kept out by somebody who guesses (docs/adr/0013).

A try is counted before the password or code is looked at, so that tries at one moment count as well:
- on a device on which this account logged in before (`devices`), for that device alone;
- anywhere else, for the account at that address and for the account over all addresses, with a pause that grows.

The counts are rows: all processes share them, and they outlive a broker that is emptied.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac

from accounts import devices
from accounts.models import Tries
from topjob import clock, visitor
from topjob.locks import one_at_a_time

log = structlog.get_logger()

PASSWORD, CODE = "wachtwoord", "code"


@dataclass(frozen=True)
class Limit:
    """So many tries; then a pause, doubled by each further wrong one; forgotten after a time without any."""

    tries: int
    pause: timedelta
    longest: timedelta
    forgotten: timedelta

    def pause_after(self, wrong: int) -> timedelta | None:
        beyond = wrong - self.tries
        return None if beyond < 0 else min(self.pause * 2 ** min(beyond, 20), self.longest)


HERE = Limit(5, timedelta(minutes=15), timedelta(minutes=15), timedelta(minutes=15))
EVERYWHERE = Limit(10, timedelta(minutes=1), timedelta(hours=1), timedelta(days=1))
FORGOTTEN = max(HERE.forgotten, EVERYWHERE.forgotten)


class Paused(Exception):
    """Too many wrong tries: nothing was looked at. `until` is when trying again is of use."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__(until.isoformat())

    @property
    def seconds(self) -> int:
        return max(1, round((self.until - clock.now()).total_seconds()))

    def page(self, request: HttpRequest) -> HttpResponse:
        """The page that says how long to wait and what can be done meanwhile."""
        minutes = max(1, -(-self.seconds // 60))
        response = render(request, "lockout.html", {"minutes": minutes}, status=429)
        response["Retry-After"] = str(self.seconds)
        return response


def take(request: HttpRequest, kind: str, account: str) -> None:
    """Count a try before it is looked at; raises Paused when this account can't be tried now from here."""
    with transaction.atomic():
        one_at_a_time("inlogpogingen", kind, account.lower())
        counts = [(_row(key), limit) for key, limit in _counts(request, kind, account)]
        _raise_if_paused([row for row, _limit in counts])
        for row, limit in counts:
            _count(row, limit)


def failed(request: HttpRequest, kind: str, account: str) -> None:
    """It was wrong; raises Paused when that was the last try for now."""
    log.warning("login_refused", kind=kind, ip=visitor.address(request))
    _raise_if_paused([_row(key) for key, _limit in _counts(request, kind, account)])


def succeeded(request: HttpRequest, kind: str, account: str) -> None:
    """It was right: here nothing counts any more, elsewhere only this try doesn't."""
    with transaction.atomic():
        one_at_a_time("inlogpogingen", kind, account.lower())
        for key, limit in _counts(request, kind, account):
            if limit is HERE:
                Tries.objects.filter(key=key).delete()
                continue
            row = _row(key)
            row.wrong, row.waits_until = max(0, row.wrong - 1), None
            row.save()


def forget_old() -> int:
    """Counts that say nothing any more go; answers how many."""
    return Tries.objects.filter(last_at__lt=clock.now() - FORGOTTEN).delete()[0]


def _counts(request: HttpRequest, kind: str, account: str) -> list[tuple[str, Limit]]:
    """What this try counts for."""
    account = account.lower()
    if device := devices.known(request, account):
        return [(_key(kind, account, "toestel", device), HERE)]
    here = _key(kind, account, "adres", visitor.network(request))
    return [(here, HERE), (_key(kind, account, "overal", ""), EVERYWHERE)]


def _key(*parts: str) -> str:
    return salted_hmac("accounts.throttle", repr(parts), algorithm="sha256").hexdigest()


def _row(key: str) -> Tries:
    return Tries.objects.filter(key=key).first() or Tries(key=key, last_at=clock.now())


def _raise_if_paused(rows: list[Tries]) -> None:
    until = max((row.waits_until for row in rows if row.waits_until), default=None)
    if until and until > clock.now():
        raise Paused(until)


def _count(row: Tries, limit: Limit) -> None:
    now = clock.now()
    if row.last_at < now - limit.forgotten:
        row.wrong = 0
    row.wrong, row.last_at = row.wrong + 1, now
    pause = limit.pause_after(row.wrong)
    row.waits_until = now + pause if pause else None
    row.save()
