"""Counting the deadlines of many cases at once: the same outcome as `deadlines.refresh` case by case.

How many questions a part asks doesn't depend on how many cases are in it. Nothing is locked while it is counted what differs;
then the cases that differ are locked, a few at a time, read again and written, so that a page waits a moment at most and nothing
is written that somebody's change meanwhile made untrue. A case that somebody holds is left: whoever changes it counts it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import Prefetch, prefetch_related_objects

from accounts import law
from trajectories.models import Deadline, Trajectory, guides
from trajectories.models.signing import PartyLink
from trajectories.models.trajectory import TrajectoryQuerySet
from trajectories.money.subsidies import of_the_job
from trajectories.timing import deadlines, owners
from trajectories.timing.deadlines import Changes
from trajectories.timing.makers import Count, returned, waiting_links

log = structlog.get_logger()
# How many cases are read at once, and how many are locked at once: those that differ, for as long as counting them again takes.
PART, HELD = 500, 25


def next_part(after: int) -> int | None:
    """Count the next cases whose deadlines may have to follow; answers the last one, or nothing when there are none left."""
    found = list(_to_count().filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:PART])
    if not found:
        return None
    waiting = differing(found)
    for start in range(0, len(waiting), HELD):
        _write_or_say_why_not(waiting[start : start + HELD])
    return found[-1]


def _to_count() -> TrajectoryQuerySet:
    """Open cases, and of closed ones those whose deadline lies with somebody who left."""
    left_behind = Deadline.objects.open().filter(owner__is_active=False).values("trajectory")
    return Trajectory.objects.open() | Trajectory.objects.filter(pk__in=left_behind)


def differing(numbers: Iterable[int]) -> list[int]:
    """Of these cases the ones whose rows aren't those that follow from where they stand. Locks nothing."""
    return [case.pk for case, changes in _counted(_read(Trajectory.objects.filter(pk__in=numbers))) if changes]


def _write_or_say_why_not(held: list[int]) -> None:
    """A case that can't be counted doesn't keep the others from it."""
    try:
        recount(held)
    except SoftTimeLimitExceeded:
        raise
    except Exception:
        log.exception("recount_failed", cases=held)
        for pk in held if len(held) > 1 else ():
            _write_or_say_why_not([pk])


@transaction.atomic
def recount(numbers: Iterable[int]) -> None:
    """Bring the deadlines of these cases in step with what they follow from, in one transaction; skips cases that are held."""
    free = Trajectory.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk__in=numbers)
    found = [(case, changes) for case, changes in _counted(_read(free)) if changes]
    deadlines.write(changes for _case, changes in found)
    moved = [case for case, changes in found if case.due_on != changes.due_on]
    for case, changes in found:
        case.due_on = changes.due_on
    Trajectory.objects.bulk_update(moved, ["due_on"])


def _counted(cases: list[Trajectory]) -> Iterator[tuple[Trajectory, Changes | None]]:
    """Each case with what has to be written, or nothing where all is as it should be."""
    ended = returned(link for case in cases for link in waiting_links(case))
    with law.remembered(), owners.remembered():
        for case in cases:
            changes = deadlines.changes_of(Count(case, ended))
            yield case, changes if changes or changes.due_on != case.due_on else None


def _read(cases: TrajectoryQuerySet) -> list[Trajectory]:
    """These cases with everything that counting asks of them."""
    related = ("candidate", "department", "region", "client", "target_group", "employer_support")
    found = list(cases.select_related(*related).prefetch_related(*_ALONG, *of_the_job()).order_by("pk"))
    guides.keep(found)
    running = [row for case in found for row in case.applications.all() if row.status in row.RUNNING]
    if running:
        running[0].read_what_came_of_it(*running[1:])
        prefetch_related_objects([plan for row in running for plan in row.plans.all()], "evaluation_dates")
    for case in found:
        case.take_application()
    return found


_ALONG = (
    "deadlines",
    Prefetch("links", PartyLink.objects.select_related("party")),
    "permissions",
    "qualifications",
    "coaching_sessions",
    "aftercares__check_ins",
)
