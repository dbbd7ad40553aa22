"""C Adviespunt, D banenpool and E nazorg (R12)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from accounts import law, verbs
from accounts.models import Organisation, User
from topjob import clock
from topjob.dates import why_not_yet
from topjob.errors import Reason, Refused, promised
from trajectories.actions.contracts import add_contract
from trajectories.actions.placing import claim_seat, free_seats
from trajectories.actions.trial import end_contracts, end_placement
from trajectories.journey.core import By, lock, log, require_work, taking, touch
from trajectories.keeping.fingerprints import fingerprint
from trajectories.models import Advice, Aftercare, Application, CheckIn, Contract, Placement, QuickScan, Trajectory
from trajectories.money.agreeing import Terms
from trajectories.process import rules
from trajectories.process.periods import months_after, period_end
from trajectories.process.workflow import Journey

# Months after the start at which aftercare looks in.
CHECK_IN_MONTHS = (1, 2, 3, 6, 9)


@transaction.atomic
def record_quick_scan(trajectory: Trajectory, *, by: User, **answers: Any) -> QuickScan:
    """Quick-scan: six scores of 1–5 with a conclusion."""
    locked = lock(trajectory)
    require_work("record_quick_scan", locked, by=by)
    if wrong := why_not_yet(answers["on"]):
        raise Refused(Reason(wrong, "trajectories:quick_scan", locked.pk))
    scan = QuickScan.objects.create(trajectory=locked, by=by, created_at=clock.now(), **answers)
    touch(locked)
    log(verbs.RECORD_QUICK_SCAN, locked, by=by, quick_scan=scan.pk)
    return scan


@transaction.atomic
def draft_advice(trajectory: Trajectory, *, by: User, **values: Any) -> Advice:
    """Write or change the advice a–d (+ e beside it) that stands ready to be given."""
    locked = lock(trajectory)
    require_work("draft_advice", locked, by=by)
    advice = locked.advices.filter(given_at=None).first() or Advice(trajectory=locked, created_at=clock.now())
    for name, value in values.items():
        setattr(advice, name, value)
    advice.by = by
    advice.quick_scan = locked.quick_scans.first()
    advice.talk = rules.advice_talks(locked.candidate).first()
    advice.save()
    touch(locked)
    log(verbs.DRAFT_ADVICE, locked, by=by, advice=advice.pk)
    return advice


@transaction.atomic
def give_advice(trajectory: Trajectory, *, by: By) -> None:
    """The advice is settled; the person is available in the banenpool."""
    advice = lock(trajectory).advices.filter(given_at=None).first()
    said: dict[str, Any] = {"advice": advice.pk, "fingerprint": fingerprint(advice)} if advice else {}
    with taking(Journey.give_advice, trajectory, by=by, **said) as locked:
        locked.advices.filter(given_at=None).update(given_at=clock.now())


@transaction.atomic
def revise_advice(trajectory: Trajectory, *, reason: str, by: By) -> None:
    """The advice no longer fits (decision 6)."""
    with taking(Journey.revise_advice, trajectory, by=by, reason=reason):
        pass


@transaction.atomic
def place(
    trajectory: Trajectory,
    *,
    kind: str,
    organisation: Organisation,
    starts_on: date,
    ends_on: date | None,
    hours_per_week: int,
    hourly_wage: Decimal,
    probation_months: int = 0,
    holder: str = Contract.Holder.COMPANY,
    by: By,
) -> None:
    """Takeover, detachering or uitzenden with a contract (R13); aftercare begins."""
    with taking(Journey.place, trajectory, by=by) as locked:
        if kind not in (Contract.Kind.TAKEOVER, Contract.Kind.SECONDMENT, Contract.Kind.AGENCY):
            raise Refused(Reason(_("Kies overname, detachering of uitzenden.")))
        if kind != Contract.Kind.TAKEOVER:
            holder = Contract.Holder.MAATWERQ
        if refusal := rules.probation_refusal(locked, organisation, starts_on, ends_on, probation_months):
            raise Refused(refusal)
        _place_in_job(
            locked,
            organisation=organisation,
            kind=kind,
            holder=holder,
            starts_on=starts_on,
            ends_on=ends_on,
            hours_per_week=hours_per_week,
            hourly_wage=hourly_wage,
            probation_months=probation_months,
        )


@transaction.atomic
def place_directly(trajectory: Trajectory, *, terms: Terms, by: By) -> None:
    """Departments 1, 3 and 4: without a trial, by an agreement that fits the place. Refused with all that is wrong with it."""
    with taking(Journey.place_directly, trajectory, by=by) as locked:
        if wrong := terms.refusals(locked):
            raise Refused(*wrong.values())
        application = promised(locked.current_application)
        application.status, application.decided_at = Application.Status.ENDED, clock.now()
        application.save(update_fields=["status", "decided_at"])
        claim_seat(application, terms.starts_on)
        _place_in_job(locked, organisation=application.organisation, **terms.as_contract())


def _place_in_job(trajectory: Trajectory, *, organisation: Organisation, starts_on: date, **agreed: Any) -> None:
    add_contract(trajectory, organisation=organisation, starts_on=starts_on, **agreed)
    Placement.objects.create(
        candidate=trajectory.candidate,
        trajectory=trajectory,
        organisation=organisation,
        kind=Placement.Kind.JOB,
        period=DateRange(starts_on, None),
    )
    _begin_aftercare(trajectory, starts_on)


def _begin_aftercare(trajectory: Trajectory, start: date) -> None:
    """At most twelve months, with dated check-ins (R12)."""
    months = law.number(law.Key.AFTERCARE_MONTHS, on=start, client=trajectory.client)
    aftercare = Aftercare.objects.create(trajectory=trajectory, starts_on=start, ends_on=period_end(start, months))
    CheckIn.objects.bulk_create(
        CheckIn(aftercare=aftercare, due_on=months_after(start, month)) for month in CHECK_IN_MONTHS if month < months
    )


@transaction.atomic
def record_check_in(check_in: CheckIn, *, held_on: date, mood: str, notes: str, by: User) -> None:
    """A dated look-in during aftercare."""
    locked = lock(check_in.aftercare.trajectory)
    require_work("record_check_in", locked, by=by)
    if wrong := why_not_yet(held_on):
        raise Refused(Reason(wrong, "trajectories:aftercare", locked.pk))
    row = CheckIn.objects.select_for_update(of=("self",)).get(pk=check_in.pk)
    if row.held_on is not None:
        raise Refused(rules.check_in_is_recorded(locked.pk))
    row.held_on, row.mood, row.notes, row.by = held_on, mood, notes, by
    row.save()
    touch(locked)
    log(verbs.RECORD_CHECK_IN, locked, by=by, check_in=row.pk, mood=mood)


@transaction.atomic
def add_check_in(trajectory: Trajectory, *, due_on: date, by: User) -> CheckIn:
    """Plan one more look-in within the aftercare."""
    locked = lock(trajectory)
    require_work("add_check_in", locked, by=by)
    aftercare = locked.aftercares.get(stopped_on=None)
    if not clock.today() <= due_on <= aftercare.ends_on:
        raise Refused(Reason(_("Kies een dag binnen de nazorg."), "trajectories:aftercare", locked.pk))
    check_in = CheckIn.objects.create(aftercare=aftercare, due_on=due_on)
    touch(locked)
    log(verbs.ADD_CHECK_IN, locked, by=by, check_in=check_in.pk)
    return check_in


@transaction.atomic
def learn_on(trajectory: Trajectory, *, by: By) -> None:
    """Advice c: next level, a new cycle with its own trial."""
    with taking(Journey.learn_on, trajectory, by=by) as locked:
        locked.cycle += 1


@transaction.atomic
def refer_out(trajectory: Trajectory, *, by: By) -> None:
    """Advice d: to the destination that the advice names."""
    advice = rules.standing_advice(trajectory)
    with taking(Journey.refer_out, trajectory, by=by, advice=advice.pk if advice else None):
        pass


@transaction.atomic
def job_lost(trajectory: Trajectory, *, reason: str, by: By) -> None:
    """The job ended during aftercare: back to the pool (R12)."""
    with taking(Journey.job_lost, trajectory, by=by, reason=reason) as locked:
        end_placement(locked, clock.today())
        end_contracts(locked, clock.today())
        free_seats(locked, clock.today())
        stop_aftercare(locked)


@transaction.atomic
def finish_aftercare(trajectory: Trajectory, *, by: By) -> None:
    """Aftercare ends, by itself after twelve months (R12)."""
    with taking(Journey.finish_aftercare, trajectory, by=by) as locked:
        stop_aftercare(locked)


def stop_aftercare(trajectory: Trajectory) -> None:
    """Close the running aftercare, on its last day at the latest."""
    for aftercare in trajectory.aftercares.filter(stopped_on=None):
        aftercare.stopped_on = min(clock.today(), aftercare.ends_on)
        aftercare.save(update_fields=["stopped_on"])
