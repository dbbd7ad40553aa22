"""Stopping and closing (R15, R18)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts import law, verbs
from accounts.models import User
from topjob import clock
from topjob.dates import why_not_yet
from topjob.errors import Reason, Refused
from trajectories.actions.advice import stop_aftercare
from trajectories.actions.placing import cut_short, end_application, free_seats, tell_employer
from trajectories.actions.plan import end_plans
from trajectories.actions.trial import end_contracts, end_placement
from trajectories.journey.core import By, lock, log, require_work, taking, touch
from trajectories.models import Application, Completion, ExitTalk, Trajectory
from trajectories.process.periods import ONE_DAY, months_after
from trajectories.process.workflow import Journey


@transaction.atomic
def stop(trajectory: Trajectory, *, reason: str, by: By) -> None:
    """Stop in any phase, with a reason: everything that runs ends today (R18)."""
    with taking(Journey.stop, trajectory, by=by, reason=reason) as locked:
        end_plans(locked)
        end_placement(locked, clock.today())
        end_contracts(locked, clock.today())
        stop_aftercare(locked)
        free_seats(locked, clock.today())
        application = locked.current_application
        if application is not None:
            ended = application.status == Application.Status.ACCEPTED
            status = Application.Status.ENDED if ended else Application.Status.WITHDRAWN
            end_application(application, status)
            if locked.current_trial is None:
                tell_employer(application)


@transaction.atomic
def record_exit_talk(
    trajectory: Trajectory,
    *,
    was_held: bool,
    on: date,
    feedback: str = "",
    grade: int | None = None,
    not_held_reason: str = "",
    by: User,
) -> ExitTalk:
    """The exit talk with feedback, or why it was not held (decision 6)."""
    locked = lock(trajectory)
    require_work("record_exit_talk", locked, by=by)
    if wrong := why_not_yet(on):
        raise Refused(Reason(wrong, "trajectories:exit_talk", locked.pk))
    talk, _created = ExitTalk.objects.update_or_create(
        trajectory=locked,
        defaults={
            "was_held": was_held,
            "on": on,
            "feedback": feedback,
            "grade": grade,
            "not_held_reason": not_held_reason,
            "by": by,
        },
    )
    touch(locked)
    log(verbs.RECORD_EXIT_TALK, locked, by=by, reason=not_held_reason, held=was_held)
    return talk


@transaction.atomic
def record_completion(trajectory: Trajectory, *, by: User, **checks: Any) -> Completion:
    """The backoffice ticks off the administrative completion (R15)."""
    locked = lock(trajectory)
    require_work("record_completion", locked, by=by)
    completion, _created = Completion.objects.update_or_create(
        trajectory=locked, defaults={**checks, "at": clock.now(), "by": by}
    )
    touch(locked)
    log(verbs.RECORD_COMPLETION, locked, by=by, complete=completion.is_complete)
    return completion


@transaction.atomic
def close(trajectory: Trajectory, *, by: By) -> None:
    """Close the file: what was followed ends here, and the retention period starts (R15, decision 7)."""
    with taking(Journey.close, trajectory, by=by) as locked:
        today = clock.today()
        end_placement(locked, today)
        for contract in locked.contracts.filter(period__overlap=DateRange(today + ONE_DAY, None)):
            contract.period = cut_short(contract.period, today)
            contract.save(update_fields=["period"])
        free_seats(locked, today)
        locked.candidate.jobcoach = None
        locked.candidate.save(update_fields=["jobcoach"])
        months = law.number(law.Key.RETENTION_MONTHS, on=today, client=locked.client)
        locked.closed_at = clock.now()
        locked.retention_until = months_after(today, months)
