"""B: measuring loonwaarde step by step, and settling the outcome (R8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import verbs
from accounts.models import User
from topjob import clock
from topjob.errors import Reason, Refused
from trajectories.actions.trial import record_wage_value
from trajectories.journey.core import lock, log, require_work
from trajectories.models import Trajectory, WageAssessment, WageOpinion, WageTask, WageValue
from trajectories.money.wages import missing, outcome


def open_assessment(trajectory: Trajectory) -> WageAssessment | None:
    """The measurement in the making, if any."""
    rows = trajectory.wage_assessments.filter(finished_at=None)
    return rows.prefetch_related("tasks", "opinions__recorded_by").first()


@transaction.atomic
def start_assessment(trajectory: Trajectory, *, by: User) -> WageAssessment:
    """Begin a measurement, or go on with the one that is in the making; the tasks of the startplan are proposed."""
    locked = _lock(trajectory, by)
    existing = open_assessment(locked)
    if existing is not None:
        return existing
    plan = locked.signed_plan
    assessment = WageAssessment.objects.create(
        trajectory=locked,
        evaluation=locked.current_evaluation,
        reference_function=plan.function_name if plan else "",
        determined_by=WageValue.DeterminedBy.for_people_of(locked.client),
        created_at=clock.now(),
        created_by=by,
        changed_at=clock.now(),
    )
    log(verbs.START_ASSESSMENT, locked, by=by, assessment=assessment.pk)
    return assessment


def _lock(trajectory: Trajectory, by: User) -> Trajectory:
    locked = lock(trajectory)
    require_work("record_wage_value", locked, by=by)
    return locked


def _open(trajectory: Trajectory, by: User) -> WageAssessment:
    """The measurement in the making, held until the transaction ends."""
    assessment = open_assessment(_lock(trajectory, by))
    if assessment is None:
        text = _("Er is geen meting in de maak. Misschien is die net vastgesteld.")
        raise Refused(Reason(text, "trajectories:wage_value", trajectory.pk))
    return assessment


def _changed(assessment: WageAssessment, **facts: Any) -> WageAssessment:
    for name, value in facts.items():
        setattr(assessment, name, value)
    assessment.changed_at = clock.now()
    assessment.save()
    return assessment


# Steps in the making aren't in the log one by one: beginning and settling are.
@transaction.atomic
def save_tasks(
    trajectory: Trajectory, *, reference_function: str, tasks: Sequence[tuple[int, str, int]], by: User
) -> WageAssessment:
    """Keep the main tasks (position, name, share); what was measured of a task that stays, stays."""
    assessment = _open(trajectory, by)
    assessment.tasks.exclude(position__in=[position for position, _name, _share in tasks]).delete()
    for position, name, share in tasks:
        WageTask.objects.update_or_create(
            assessment=assessment, position=position, defaults={"name": name, "share": share}
        )
    return _changed(assessment, reference_function=reference_function)


@transaction.atomic
def save_task(trajectory: Trajectory, *, position: int, by: User, **measured: Any) -> WageTask:
    """Keep what was measured of one main task."""
    assessment = _open(trajectory, by)
    task = assessment.tasks.filter(position=position).first()
    if task is None:
        raise Refused(Reason(_("Deze hoofdtaak is er niet meer."), "trajectories:wage_tasks", trajectory.pk))
    for name, value in measured.items():
        setattr(task, name, value)
    task.save()
    _changed(assessment)
    return task


@transaction.atomic
def save_opinions(trajectory: Trajectory, *, opinions: dict[str, dict[str, Any]], by: User) -> WageAssessment:
    """Keep the zienswijze of employer and youth, as far as given (per role: agrees, words, given_on)."""
    assessment = _open(trajectory, by)
    known = {row.role: (row.agrees, row.words, row.given_on) for row in assessment.opinions.all()}
    assessment.opinions.exclude(role__in=opinions).delete()
    for role, facts in opinions.items():
        if known.get(role) != (facts["agrees"], facts["words"], facts["given_on"]):
            WageOpinion.objects.update_or_create(
                assessment=assessment, role=role, defaults={**facts, "recorded_by": by}
            )
    return _changed(assessment)


@transaction.atomic
def save_measured(trajectory: Trajectory, *, by: User, **facts: Any) -> WageAssessment:
    """Keep who measured, who settles, and when."""
    return _changed(_open(trajectory, by), **facts)


@transaction.atomic
def finish_assessment(trajectory: Trajectory, *, by: User) -> WageValue:
    """Settle the outcome: from now on the measurement is fixed and its percentage is the loonwaarde (R8)."""
    assessment = _open(trajectory, by)
    if reasons := missing(assessment):
        raise Refused(*reasons, title=_("Loonwaarde vaststellen"))
    percentage = outcome(assessment.tasks.all())
    assert percentage is not None and assessment.measured_on is not None
    value = record_wage_value(
        trajectory,
        percentage=percentage,
        determined_by=assessment.determined_by,
        determined_on=assessment.measured_on,
        explanation=assessment.explanation,
        by=by,
    )
    _changed(assessment, value=value, evaluation=value.evaluation, finished_at=clock.now())
    return value
