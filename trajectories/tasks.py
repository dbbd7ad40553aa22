"""Celery: what falls due is done, late or not, once (R17). Each deadline is locked on its own; two beats do no harm."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from importlib import import_module
from typing import Any

import structlog
from celery import shared_task
from celery.signals import worker_init
from django.db import transaction
from django.db.models import Q

from accounts import law, verbs
from accounts.audit import SYSTEM
from topjob import clock, outbox
from topjob.errors import Refused
from trajectories import actions
from trajectories.journey.core import log as log_row
from trajectories.models import Deadline, PartyLink, Trajectory
from trajectories.timing import deadlines
from trajectories.timing.kinds import ACT_AFTER_THE_DAY, ACT_ON_THE_DAY
from trajectories.timing.owners import coordinator_id_of, hears_for

log = structlog.get_logger()
WARN_AHEAD = timedelta(days=3)
# People get their reminders by day.
AWAKE = range(8, 20)


@worker_init.connect
def load_what_makes_documents(**_: Any) -> None:
    """Once, before the worker splits into processes; no other process loads it before it makes a document."""
    for name in ("topjob.seal", "trajectories.documents.typesetting"):
        import_module(name)


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
    escalate()


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
    """One mail a day to each owner, or whoever covers, with everything that came due: no storm after a week of silence."""
    today = clock.today()
    rows = (
        Deadline.objects.select_for_update(skip_locked=True, of=("self",))
        .open()
        .filter(due_on__lte=today + WARN_AHEAD, notified_at=None, owner__isnull=False)
        .with_answerer()
        .order_by("pk")
    )
    per_owner: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        per_owner[row.answerer].append(row.pk)  # type: ignore[attr-defined]
    for owner, pks in per_owner.items():
        key = f"deadlines-{owner}-{today}-{pks[-1]}"
        outbox.enqueue("mail_deadlines", key=key, owner=owner, deadlines=pks)
    Deadline.objects.filter(pk__in=[pk for rows in per_owner.values() for pk in rows]).update(notified_at=clock.now())


def escalate() -> None:
    """What stays late with its owner goes on to the coordinator of the region: once, logged, one mail a day (R14, R17).

    The end of retention stays with the beheerder: nobody else can destroy, and a closed file is nobody's work any more.
    """
    today = clock.today()
    patience = law.number(law.Key.ESCALATE_DAYS, on=today)
    late = Deadline.objects.open().filter(due_on__lt=today - timedelta(days=patience), escalated_at=None)
    late = late.exclude(kind=Deadline.Kind.RETENTION)
    told: dict[int, list[int]] = defaultdict(list)
    for pk in list(late.order_by("pk").values_list("pk", flat=True)):
        coordinator = hand_on(pk)
        if coordinator is not None:
            told[coordinator].append(pk)
    for coordinator, pks in told.items():
        key = f"escalated-{coordinator}-{today}-{pks[-1]}"
        outbox.enqueue("mail_escalated", key=key, owner=coordinator, deadlines=pks)


@transaction.atomic
def hand_on(pk: int) -> int | None:
    """Give one late deadline to the coordinator; answers who must hear of it (whoever covers), if not its owner."""
    waiting = Deadline.objects.select_for_update(skip_locked=True, of=("self",)).open().filter(escalated_at=None)
    row = waiting.select_related("trajectory__region").filter(pk=pk).first()
    if row is None:
        return None
    coordinator = coordinator_id_of(row.trajectory.region)
    if coordinator is None:
        return None
    row.escalated_at, row.escalated_to_id = clock.now(), coordinator
    row.save(update_fields=["escalated_at", "escalated_to"])
    facts = {"deadline": row.pk, "kind": row.kind, "owner": row.owner_id, "coordinator": coordinator}
    log_row(verbs.ESCALATE, row.trajectory, by=SYSTEM, **facts)
    return None if coordinator == row.owner_id else hears_for(coordinator, row.trajectory.region)


@shared_task
def refresh_deadlines() -> None:
    """Every night: deadlines follow a rule that was changed, a guide who left, or a row that was put right by hand.

    Of closed files only those whose deadline lies with somebody who left.
    """
    left_behind = Deadline.objects.open().filter(owner__is_active=False).values_list("trajectory", flat=True)
    for pk in sorted({*Trajectory.objects.open().values_list("pk", flat=True), *left_behind}):
        refresh_one(pk)


@transaction.atomic
def refresh_one(pk: int) -> None:
    trajectory = Trajectory.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
    if trajectory is None:
        return
    deadlines.refresh(trajectory)
    trajectory.save(update_fields=["due_on"])


@shared_task
def remind_parties() -> None:
    """Reminders to whoever didn't sign or give a view yet; after a week of silence one each, and never at night."""
    if clock.now().astimezone(clock.AMSTERDAM).hour not in AWAKE:
        return
    before_today = clock.now() - timedelta(days=1)
    links = PartyLink.objects.unanswered().filter(created_at__lt=before_today).select_related("trajectory")
    for link in list(links.exclude(reminder__gte=2).order_by("pk")):
        actions.remind(link)
