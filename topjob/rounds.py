"""Rounds through many rows that remember where they were: one that is out of time, or killed, is gone on with from there.

A round goes up through the numbers of its rows, a part at a time, and after each part keeps how far it came. Whoever asks for a
round while one is on its way gets the rest of that one and then another, so that every row is looked at after it was asked for.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import structlog
from celery import Task
from django.conf import settings

from topjob import clock
from topjob.models import Round

log = structlog.get_logger()


def ask(name: str) -> None:
    """From now on every row is to be looked at once more."""
    now = clock.now()
    Round.objects.get_or_create(name=name, defaults={"asked_at": now, "started_at": now})
    Round.objects.filter(name=name, ended_at__isnull=False).update(started_at=now, ended_at=None, reached=0)
    Round.objects.filter(name=name).update(asked_at=now)


def go_on(name: str, part: Callable[[int], int | None]) -> bool:
    """Do part after part until the round is through (then it answers True) or the time is up.

    `part` gets the number after which it begins, and answers the last one that it did, or nothing when there was none left.
    A round that another process went on with meanwhile is left to that one.
    """
    until = time.monotonic() + settings.ROUND_SECONDS
    while (row := Round.objects.filter(name=name, ended_at=None).first()) is not None:
        if not _keep(row, part(row.reached)):
            return True
        if time.monotonic() > until:
            return not Round.objects.filter(name=name, ended_at=None).exists()
    return True


def _keep(row: Round, reached: int | None) -> bool:
    """Write down how far it came; answers whether nobody else did so meanwhile."""
    values: dict[str, Any]
    if reached is not None:
        values = {"reached": reached}
    elif row.asked_at > row.started_at:
        values = {"reached": 0, "started_at": row.asked_at}
    else:
        values = {"reached": 0, "ended_at": clock.now()}
    same = Round.objects.filter(pk=row.pk, reached=row.reached, started_at=row.started_at, ended_at=None)
    return bool(same.update(**values))


def follow_up(task: Task, *arguments: object) -> None:
    """Let a worker go on when it has done what waits; without a broker the next time by the clock does."""
    try:
        task.apply_async(arguments, retry=False)
    except Exception:  # whatever the broker's library raises when it is away
        log.warning("round_waits", task=task.name)
