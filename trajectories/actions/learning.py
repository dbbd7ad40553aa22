"""B: jobcoaching and monitoring, until qualification or the end of the contract (R11)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import law, verbs
from accounts.models import User
from topjob import clock
from topjob.dates import why_not_yet
from topjob.errors import Reason, Refused, promised
from trajectories.actions.contracts import add_contract
from trajectories.actions.placing import end_application, mark_participation
from trajectories.actions.trial import end_contracts, end_placement
from trajectories.journey.core import By, lock, log, require_work, taking, touch
from trajectories.models import (
    AmbitionItem,
    Application,
    CoachingScore,
    CoachingSession,
    Contract,
    Qualification,
    TrainingEnd,
    Trajectory,
)
from trajectories.process import rules
from trajectories.process.periods import ONE_DAY
from trajectories.process.workflow import Journey


@transaction.atomic
def record_coaching(
    trajectory: Trajectory,
    *,
    on: date,
    field: str,
    notes: str,
    agreements: str = "",
    next_on: date | None = None,
    scores: Mapping[AmbitionItem, int],
    by: User,
) -> CoachingSession:
    """A coaching talk with progress on the ambition scale."""
    locked = lock(trajectory)
    require_work("record_coaching", locked, by=by)
    if wrong := rules.talk_not_held_yet(on):
        raise Refused(Reason(wrong, "trajectories:coaching", locked.pk))
    session = CoachingSession.objects.create(
        trajectory=locked,
        on=on,
        field=field,
        notes=notes,
        agreements=agreements,
        next_on=next_on,
        by=by,
        created_at=clock.now(),
    )
    CoachingScore.objects.bulk_create(
        CoachingScore(session=session, item=item, score=score) for item, score in scores.items()
    )
    touch(locked)
    log(verbs.RECORD_COACHING, locked, by=by, session=session.pk)
    return session


@transaction.atomic
def record_qualification(trajectory: Trajectory, *, level: str, name: str, on: date, by: By) -> Qualification:
    """A certificate, startkwalificatie or diploma was gained."""
    locked = lock(trajectory)
    require_work("record_qualification", locked, by=by)
    if wrong := why_not_yet(on):
        raise Refused(Reason(wrong, "trajectories:qualification", locked.pk))
    qualification = Qualification.objects.create(
        trajectory=locked, level=level, name=name, on=on, created_at=clock.now()
    )
    mark_participation(_placed_through(locked), diploma_on=on)
    touch(locked)
    log(verbs.RECORD_QUALIFICATION, locked, by=by, qualification=qualification.pk)
    return qualification


def _placed_through(trajectory: Trajectory) -> Application | None:
    """The application of now or, after the training, the last one: a diploma often comes later than the last day."""
    accepted = trajectory.applications.filter(status__in=[Application.Status.ACCEPTED, Application.Status.ENDED])
    return trajectory.current_application or accepted.first()


@transaction.atomic
def extend_contract(
    trajectory: Trajectory,
    *,
    ends_on: date,
    hours_per_week: int,
    hourly_wage: Decimal,
    training_hours: int = 0,
    by: By,
) -> None:
    """A following contract from the day after the running one; may be shorter than a year (decision 4)."""
    with taking(Journey.extend_contract, trajectory, by=by) as locked:
        running = promised(locked.running_contract)
        start = running.last_day + ONE_DAY
        add_contract(
            locked,
            kind=Contract.Kind.LEARN_WORK,
            holder=running.holder,
            organisation=running.organisation,
            starts_on=start,
            ends_on=ends_on,
            hours_per_week=hours_per_week,
            hourly_wage=hourly_wage,
            training_hours=training_hours,
            previous=running,
            max_months=law.number(law.Key.CONTRACT_MAX_MONTHS, on=start, client=locked.client),
        )


@transaction.atomic
def finish_training(
    trajectory: Trajectory,
    *,
    kind: str = TrainingEnd.Kind.CONTRACT_OVER,
    on: date | None = None,
    qualification: Qualification | None = None,
    reason: str = "",
    by: By,
) -> None:
    """Qualification, contract over, or an early end with its reason; on to the Adviespunt (R11)."""
    with taking(Journey.finish_training, trajectory, by=by, reason=reason) as locked:
        contract = promised(locked.running_contract)
        last_day = on or contract.last_day
        if wrong := why_not_yet(last_day):
            raise Refused(Reason(wrong, "trajectories:detail", locked.pk))
        if kind == TrainingEnd.Kind.EARLY and not reason.strip():
            raise Refused(Reason(rules.early_end_asks_why()))
        if kind == TrainingEnd.Kind.QUALIFIED and qualification is None:
            raise Refused(
                Reason(
                    _("Leg eerst het diploma of de startkwalificatie vast."), "trajectories:qualification", locked.pk
                )
            )
        TrainingEnd.objects.create(
            trajectory=locked, contract=contract, kind=kind, on=last_day, qualification=qualification, reason=reason
        )
        end_placement(locked, last_day)
        end_contracts(locked, last_day)
        if locked.current_application is not None:
            end_application(locked.current_application, Application.Status.ENDED, last_day)
