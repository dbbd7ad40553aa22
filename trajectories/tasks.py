"""Celery: what falls due is done, late or not, once (R17). Each deadline is locked on its own; two beats do no harm."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

import structlog
from celery import shared_task
from django.db import transaction
from django.db.models import Q

from accounts.audit import SYSTEM
from topjob import clock, outbox
from topjob.errors import Refused
from trajectories import actions
from trajectories.deadlines import ACT_AFTER_THE_DAY, ACT_ON_THE_DAY
from trajectories.models import Deadline

log = structlog.get_logger()
WARN_AHEAD = timedelta(days=3)


@shared_task
def handle_due_deadlines() -> None:
    """Start trials, open evaluations, end trainings and aftercare whose day has come; then tell owners what is due."""
    today = clock.today()
    on_the_day = Q(kind__in=ACT_ON_THE_DAY, due_on__lte=today)
    after_the_day = Q(kind__in=ACT_AFTER_THE_DAY, due_on__lt=today)
    due = Deadline.objects.open().filter(on_the_day | after_the_day).order_by("due_on", "pk")
    for pk in list(due.values_list("pk", flat=True)):
        act_on(pk)
    notify_owners()


def act_on(pk: int) -> bool:
    """Take the step that a deadline stands for; answers whether it was taken.

    A refusal (a signature or permission is missing) leaves the deadline open in the worklist of its owner.
    """
    with transaction.atomic():
        deadline = Deadline.objects.select_for_update(skip_locked=True).open().filter(pk=pk).first()
        if deadline is None:
            return False
        name = {**ACT_ON_THE_DAY, **ACT_AFTER_THE_DAY}[Deadline.Kind(deadline.kind)]
    try:
        actions.STEPS[name](deadline.trajectory, by=SYSTEM)
    except Refused as refusal:
        log.info("deadline_waits", deadline=pk, step=name, reasons=[reason.text for reason in refusal.reasons])
        return False
    return True


@transaction.atomic
def notify_owners() -> None:
    """One mail per owner a day with everything that came due: no storm after a week of silence."""
    today = clock.today()
    rows = (
        Deadline.objects.select_for_update(skip_locked=True, of=("self",))
        .open()
        .filter(due_on__lte=today + WARN_AHEAD, notified_at=None, owner__isnull=False)
        .order_by("pk")
    )
    per_owner: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        per_owner[row.owner_id].append(row.pk)
    for owner, deadlines in per_owner.items():
        key = f"deadlines-{owner}-{today}-{deadlines[-1]}"
        outbox.enqueue("mail_deadlines", key=key, owner=owner, deadlines=deadlines)
    Deadline.objects.filter(pk__in=[pk for pks in per_owner.values() for pk in pks]).update(notified_at=clock.now())
