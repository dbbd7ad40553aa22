"""Contracts of every kind: stored with the period that guards against overlap (R13) and with the wage that was agreed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from accounts import verbs
from accounts.models import User
from topjob import clock
from topjob.errors import Reason, Refused, promised, rule_words
from trajectories.documents.papers import kind_of
from trajectories.journey.core import lock_of, log, require_work, touch
from trajectories.models import Contract, Paper, StartPlan, Trajectory
from trajectories.money import pay
from trajectories.process.periods import ONE_DAY


def add_contract(
    trajectory: Trajectory, *, starts_on: date, ends_on: date | None, hourly_wage: Decimal | None, **facts: Any
) -> Contract:
    """Store a contract; by one that employs somebody, refused without a wage or with less than the minimum on its first day."""
    is_paid = facts["kind"] != Contract.Kind.UNPAID
    if is_paid and (refusal := pay.wage_refusal(trajectory, hourly_wage, starts_on)):
        raise Refused(refusal)
    return _store(trajectory, starts_on, ends_on, hourly_wage, **facts)


def trial_contract(
    trajectory: Trajectory, plan: StartPlan, start: date, end: date, training_hours: int = 0
) -> Contract:
    """R10: construction 2 has a MaatwerQ contract of exactly the trial.

    It pays what the plan says, or the minimum wage where that rose since (a birthday, a new half year). A plan that was signed
    before wages were kept doesn't stop the trial: the wage is recorded afterwards.
    """
    wage = plan.hourly_wage and pay.at_least(plan.hourly_wage, _minimum(trajectory, start))
    facts = {"kind": Contract.Kind.TRIAL, "holder": Contract.Holder.MAATWERQ, "training_hours": training_hours}
    return _store(trajectory, start, end, wage, hours_per_week=plan.hours_per_week, **facts)


def _store(
    trajectory: Trajectory, starts_on: date, ends_on: date | None, wage: Decimal | None, **facts: Any
) -> Contract:
    """With the period the database guards against overlap (R13) and the minimum wage it was held to."""
    organisation = facts.pop("organisation", None) or promised(trajectory.current_application).organisation
    hours = facts.pop("hours_per_week")
    return Contract.objects.create(
        candidate=trajectory.candidate,
        trajectory=trajectory,
        organisation=organisation,
        starts_on=starts_on,
        ends_on=ends_on,
        period=DateRange(starts_on, ends_on + ONE_DAY if ends_on else None),
        hours_per_week=hours,
        fte=facts.pop("fte", None) or fte_of(hours),
        hourly_wage=wage,
        minimum_wage=None if wage is None else _held_to(trajectory, starts_on),
        created_at=clock.now(),
        **facts,
    )


def _minimum(trajectory: Trajectory, day: date) -> pay.Minimum | None:
    return pay.minimum_on(trajectory, day)


def _held_to(trajectory: Trajectory, day: date) -> Decimal:
    minimum = _minimum(trajectory, day)
    return minimum.amount if minimum else Decimal(0)


def fte_of(hours: int) -> Decimal:
    """Size as part of a 40-hour week, rounded to hundredths."""
    return (Decimal(hours) / 40).quantize(Decimal("0.01"))


def why_not_wage(contract: Contract) -> Reason | None:
    """Why the wage of this contract can't be recorded any more: what is on paper says what it says (R5)."""
    papers = Paper.objects.filter(kind=kind_of(contract), subject_id=contract.pk)
    standing = papers.exclude(status=Paper.Status.WITHDRAWN).first()
    if contract.is_unpaid:
        return Reason(
            rule_words(Contract, "contract_unpaid_has_no_wage"), "trajectories:papers", contract.trajectory_id
        )
    if contract.hourly_wage is None or standing is None:
        return None
    text = _(
        "Het loon staat in een document van dit contract. Trek dat eerst in. Een getekend contract verandert niet."
    )
    return Reason(text, "trajectories:paper", contract.trajectory_id, (standing.pk,))


@transaction.atomic
def record_hourly_wage(contract: Contract, *, hourly_wage: Decimal | None, by: User) -> Contract:
    """The wage of a contract from before wages were kept, or put right before it is on paper. The log has no amounts."""
    trajectory = lock_of(contract)
    require_work("record_hourly_wage", trajectory, by=by)
    row = Contract.objects.select_for_update(of=("self",)).get(pk=contract.pk)
    refusal = why_not_wage(row) or pay.wage_refusal(trajectory, hourly_wage, row.starts_on)
    if refusal:
        raise Refused(refusal, title=_("Uurloon vastleggen"))
    row.hourly_wage, row.minimum_wage = hourly_wage, _held_to(trajectory, row.starts_on)
    row.save(update_fields=["hourly_wage", "minimum_wage"])
    touch(trajectory)
    log(verbs.RECORD_HOURLY_WAGE, trajectory, by=by, contract=row.pk)
    return row
