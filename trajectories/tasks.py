"""Celery: what falls due is done, late or not, once (R17). Each deadline is locked on its own; two beats do no harm."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module
from typing import Any

import structlog
from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from celery.signals import worker_init
from django.db import transaction
from django.db.models import Q

from accounts import law, verbs
from accounts.audit import SYSTEM
from topjob import clock, outbox, rounds
from topjob.errors import Refused
from topjob.models import OutboxMessage
from trajectories import actions
from trajectories.journey.core import log as log_row
from trajectories.models import Deadline, PartyLink
from trajectories.timing import recount
from trajectories.timing.kinds import ACT_AFTER_THE_DAY, ACT_ON_THE_DAY
from trajectories.timing.owners import coordinator_id_of, hears_for

log = structlog.get_logger()
WARN_AHEAD = timedelta(days=3)
# People get their reminders by day.
AWAKE = range(8, 20)
# The rounds through many rows that go on from where they were (`topjob/rounds.py`), and how many rows they do at a time.
RECOUNT, DUE, REMIND = "deadlines", "due", "reminders"
SOME = 50
# How many deadlines go on to a coordinator before it is mailed which; the next minute takes the next.
HANDED_ON_AT_ONCE = 1000


@worker_init.connect
def load_what_makes_documents(**_: Any) -> None:
    """Once, before the worker splits into processes; no other process loads it before it makes a document."""
    for name in ("topjob.seal", "trajectories.documents.typesetting"):
        import_module(name)


@shared_task
def handle_due_deadlines() -> None:
    """Start trials, open evaluations, end trainings and aftercare whose day has come; then tell owners what is due."""
    rounds.ask(DUE)
    rounds.go_on(DUE, _act_on_some)
    notify_owners()
    escalate()


def _act_on_some(after: int) -> int | None:
    """Some deadlines at a time, from where the last round was out of time: those that wait hold up none behind them."""
    today = clock.today()
    on_the_day = Q(kind__in=ACT_ON_THE_DAY, due_on__lte=today)
    after_the_day = Q(kind__in=ACT_AFTER_THE_DAY, due_on__lt=today)
    due = Deadline.objects.open().filter(on_the_day | after_the_day, pk__gt=after).order_by("pk")
    found = list(due.values_list("pk", flat=True)[:SOME])
    for pk in found:
        with _others_go_on(deadline=pk):
            act_on(pk)
    return found[-1] if found else None


@contextmanager
def _others_go_on(**facts: int) -> Iterator[None]:
    """One that fails is logged, and keeps no other from it."""
    try:
        yield
    except SoftTimeLimitExceeded:
        raise
    except Exception:
        log.exception("round_failed", **facts)


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
        getattr(actions, name)(deadline.trajectory, by=SYSTEM)
    except Refused as refusal:
        log.info("deadline_waits", deadline=pk, step=name, reasons=[reason.text for reason in refusal.reasons])
        return False
    return True


def notify_owners() -> None:
    """One mail a day to each owner, or whoever covers, with everything that came due: no storm after a week of silence.

    What comes due after that day's mail stands on the worklist at once, and in the mail of the next day.
    """
    untold = Deadline.objects.open().filter(notified_at=None, owner__isnull=False)
    rows = untold.filter(due_on__lte=clock.today() + WARN_AHEAD).with_answerer().order_by("pk")
    per_owner: dict[int, list[int]] = defaultdict(list)
    for owner, pk in rows.values_list("answerer", "pk").iterator(chunk_size=2000):  # type: ignore[misc]
        per_owner[owner].append(pk)
    mails = OutboxMessage.objects.filter(key__in=map(_mail_of_today, per_owner))
    gone = set(mails.values_list("key", flat=True))
    for owner, pks in per_owner.items():
        if _mail_of_today(owner) not in gone:
            _tell(owner, pks)


def _mail_of_today(owner: int) -> str:
    return f"deadlines-{owner}-{clock.today()}"


@transaction.atomic
def _tell(owner: int, pks: list[int]) -> None:
    """The day's mail with these deadlines, of which nobody else told meanwhile; none when another round just sent the day's."""
    free = Deadline.objects.select_for_update(skip_locked=True).open().filter(pk__in=pks, notified_at=None)
    told = list(free.order_by("pk").values_list("pk", flat=True))
    if not told:
        return
    message = outbox.enqueue("mail_deadlines", key=_mail_of_today(owner), owner=owner, deadlines=told)
    if message.payload["deadlines"] == told:
        Deadline.objects.filter(pk__in=told).update(notified_at=clock.now())


def escalate() -> None:
    """What stays late with its owner goes on to the coordinator of the region: once, logged, with a mail (R14, R17).

    The end of retention stays with the beheerder: nobody else can destroy, and a closed file is nobody's work any more.
    """
    today = clock.today()
    patience = law.number(law.Key.ESCALATE_DAYS, on=today)
    late = Deadline.objects.open().filter(due_on__lt=today - timedelta(days=patience), escalated_at=None)
    late = late.exclude(kind=Deadline.Kind.RETENTION)
    told: dict[int, list[int]] = defaultdict(list)
    for pk in list(late.order_by("pk").values_list("pk", flat=True)[:HANDED_ON_AT_ONCE]):
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
    rounds.ask(RECOUNT)
    go_on_refreshing()


@shared_task
def go_on_refreshing() -> None:
    """From where the last one stopped, some minutes at a time, so that other work comes in between."""
    if not rounds.go_on(RECOUNT, recount.next_part):
        rounds.follow_up(go_on_refreshing)


@shared_task
def remind_parties() -> None:
    """Reminders to whoever didn't sign or give a view yet; after a week of silence one each, and never at night."""
    if clock.now().astimezone(clock.AMSTERDAM).hour not in AWAKE:
        return
    rounds.ask(REMIND)
    rounds.go_on(REMIND, _remind_some)


def _remind_some(after: int) -> int | None:
    before_today = clock.now() - timedelta(days=1)
    links = (
        PartyLink.objects.unanswered().filter(created_at__lt=before_today, pk__gt=after).select_related("trajectory")
    )
    found = list(links.exclude(reminder__gte=2).order_by("pk")[:SOME])
    for link in found:
        with _others_go_on(link=link.pk):
            actions.remind(link)
    return found[-1].pk if found else None
