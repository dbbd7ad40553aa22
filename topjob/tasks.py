"""Celery tasks that every app uses: deliver one outbox message, sweep up what was missed."""

from __future__ import annotations

import time

from celery import shared_task
from django.conf import settings

from topjob import clock, once, outbox
from topjob.models import AnsweredForm, OutboxMessage

# How much of a backlog one round looks up; the next one, seconds later, looks up the rest.
SWEPT_AT_ONCE = 1000


@shared_task
def deliver(pk: int) -> None:
    """Do the work of one outbox message."""
    outbox.run(pk)


@shared_task
def forget_answered_forms() -> None:
    """Every night: nobody sends a form of days ago a second time."""
    AnsweredForm.objects.filter(at__lt=clock.now() - once.KEPT).delete()


@shared_task
def sweep_outbox() -> None:
    """Find due messages that Celery was never told about, or that failed and may be tried again.

    A backlog, such as after a broker that was away, is worked on until the next round is asked for: between two rounds comes
    what somebody waits for.
    """
    until = time.monotonic() + settings.SWEEP_SECONDS
    due = OutboxMessage.objects.due(clock.now()).order_by("next_try_at", "pk").values_list("pk", flat=True)
    for pk in list(due[:SWEPT_AT_ONCE]):
        outbox.run(pk)
        if time.monotonic() > until:
            break
