"""B: the trial, the payer's permission, the evaluation, loonwaarde and what follows (R6–R10)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from accounts import law, verbs
from accounts.audit import Actor
from accounts.models import Client, User
from topjob import clock
from topjob.dates import why_not_yet
from topjob.errors import Reason, Refused, promised, why_no_reason
from trajectories.actions.contracts import add_contract, trial_contract
from trajectories.actions.placing import cut_short, end_application, mark_participation
from trajectories.actions.plan import end_plans
from trajectories.journey.core import By, lock, lock_of, log, require_work, taking, touch
from trajectories.keeping.fingerprints import fingerprint
from trajectories.models import (
    AmbitionItem,
    Application,
    Contract,
    Evaluation,
    EvaluationScore,
    EvaluationView,
    PartyLink,
    PayerPermission,
    Placement,
    PlanParty,
    Trajectory,
    TrialExtension,
    TrialPeriod,
    ViewDraft,
    WageValue,
)
from trajectories.process import rules
from trajectories.process.choices import THREE_PARTIES
from trajectories.process.periods import ONE_DAY, period_end
from trajectories.process.workflow import Journey, State, name_of
from trajectories.signing.links import make_link, void_links, why_link_is_closed


@transaction.atomic
def record_permission(
    trajectory: Trajectory,
    *,
    client: Client,
    kind: str,
    is_granted: bool,
    valid_from: date,
    valid_until: date,
    decided_on: date,
    reference: str = "",
    by: By,
) -> PayerPermission:
    """Record the payer's decision on a proefplaatsing with benefit (Participatiewet art. 8a; UWV)."""
    locked = lock(trajectory)
    require_work("record_permission", locked, by=by)
    if is_granted and (too_long := rules.permission_too_long(locked, valid_from, valid_until)):
        raise Refused(Reason(too_long, "trajectories:permission", locked.pk))
    permission = PayerPermission.objects.create(
        trajectory=locked,
        client=client,
        kind=kind,
        is_granted=is_granted,
        valid_from=valid_from,
        valid_until=valid_until,
        decided_on=decided_on,
        reference=reference,
        created_at=clock.now(),
    )
    touch(locked)
    said = fingerprint(permission)
    log(verbs.RECORD_PERMISSION, locked, by=by, permission=permission.pk, granted=is_granted, fingerprint=said)
    return permission


@transaction.atomic
def start_trial(trajectory: Trajectory, *, by: By) -> None:
    """The trial starts on the plan's date, also when this is processed later (R4, R6, R10, R13, decision 8)."""
    with taking(Journey.start_trial, trajectory, by=by) as locked:
        plan = promised(locked.signed_plan)
        TrialPeriod.objects.create(
            trajectory=locked,
            application=plan.application,
            plan=plan,
            starts_on=plan.trial_starts_on,
            months=plan.trial_months,
            ends_on=period_end(plan.trial_starts_on, plan.trial_months),
            created_at=clock.now(),
        )
        _place_for_trial(locked, plan)
        mark_participation(plan.application, started_on=plan.trial_starts_on)


def _place_for_trial(trajectory: Trajectory, plan) -> None:
    Placement.objects.create(
        candidate=trajectory.candidate,
        trajectory=trajectory,
        application=plan.application,
        organisation=plan.application.organisation,
        kind=Placement.Kind.TRIAL,
        period=DateRange(plan.trial_starts_on, None),
    )
    if plan.has_trial_contract:
        trial_contract(trajectory, plan, plan.trial_starts_on, plan.trial_ends_on, plan.training_hours)


@transaction.atomic
def extend_trial(
    trajectory: Trajectory, *, until_day: date, reason: str, permission: PayerPermission | None = None, by: User
) -> TrialExtension:
    """A longer trial after an interruption; a row of its own, with the payer's permission where one is needed (decision 8)."""
    locked = lock(trajectory)
    require_work("extend_trial", locked, by=by)
    trial = promised(locked.current_trial)
    _refuse_extension(locked, trial, until_day, reason, permission)
    first_day = trial.last_day + ONE_DAY
    extension = TrialExtension.objects.create(
        trial=trial,
        until=until_day,
        permission=permission,
        reason=reason,
        created_at=clock.now(),
        created_by=by,
    )
    if trial.plan.has_trial_contract:
        trial_contract(locked, trial.plan, first_day, until_day)
    touch(locked)
    log(verbs.EXTEND_TRIAL, locked, by=by, reason=reason, extension=extension.pk)
    return extension


def _refuse_extension(
    trajectory: Trajectory, trial: TrialPeriod, until_day: date, reason: str, permission: PayerPermission | None
) -> None:
    reasons = []
    if wrong := rules.why_not_until(trajectory, trial, until_day):
        reasons.append(Reason(wrong))
    reasons += why_no_reason(reason)
    if rules.extension_needs_permission(trial) and not rules.permission_extends(trial, permission, until_day):
        text = _("Voor verlengen is toestemming van de opdrachtgever nodig tot en met de nieuwe einddatum.")
        reasons.append(Reason(text, "trajectories:permission", trajectory.pk))
    if reasons:
        raise Refused(*reasons, title=_("Proefperiode verlengen"))


@transaction.atomic
def break_off_trial(trajectory: Trajectory, *, reason: str, target: str, by: By) -> None:
    """The trial ends early; the regisseur chooses what follows: another place, advice, or stopping."""
    with taking(Journey.break_off_trial, trajectory, by=by, reason=reason, after=lambda: (target,)) as locked:
        if target not in (State.BEMIDDELBAAR, State.ADVIES, State.AFSLUITING):
            raise Refused(Reason(_("Kies wat er volgt: een andere plek, advies of afsluiten.")))
        _end_trial(locked, clock.today())


def _end_trial(trajectory: Trajectory, day: date) -> None:
    """End placement, contract, seat and links of the present trial."""
    trial = trajectory.current_trial
    if trial is not None and day < trial.last_day:
        trial.broken_off_on = max(day, trial.starts_on)
        trial.save(update_fields=["broken_off_on"])
    end_placement(trajectory, day)
    end_contracts(trajectory, day)
    end_plans(trajectory)
    if trajectory.current_application is not None:
        end_application(trajectory.current_application, Application.Status.ENDED, day)


def end_placement(trajectory: Trajectory, last_day: date) -> None:
    """The running placement ends on this day (R13)."""
    for placement in trajectory.placements.filter(period__endswith=None):
        placement.period = cut_short(placement.period, last_day)
        placement.save(update_fields=["period"])


def end_contracts(trajectory: Trajectory, last_day: date) -> None:
    """Contracts that would run on end on this day."""
    for contract in trajectory.contracts.filter(ended_early_on=None):
        if contract.ends_on is None or contract.ends_on > last_day:
            contract.ended_early_on = max(last_day, contract.starts_on)
            contract.period = cut_short(contract.period, last_day)
            contract.save(update_fields=["ended_early_on", "period"])


@transaction.atomic
def open_evaluation(trajectory: Trajectory, *, by: By) -> None:
    """All parties get a link to give their view (R6, R7, R17)."""
    with taking(Journey.open_evaluation, trajectory, by=by) as locked:
        trial = promised(locked.current_trial)
        evaluation = Evaluation.objects.create(trial=trial, opened_at=clock.now())
        plan = locked.signed_plan or trial.plan
        for party in plan.parties.filter(party__in=THREE_PARTIES):
            make_link(party, PartyLink.Purpose.EVALUATE, evaluation)


@transaction.atomic
def give_view(
    link: PartyLink,
    *,
    is_positive: bool,
    scores: Mapping[AmbitionItem, int],
    went_well: str = "",
    can_improve: str = "",
) -> EvaluationView:
    """A party gives its view through the personal link, once (R7)."""
    trajectory = lock_of(link)
    locked = PartyLink.objects.select_for_update(of=("self",)).select_related("party", "evaluation").get(pk=link.pk)
    if closed := why_link_is_closed(locked):
        raise Refused(closed)
    locked.used_at = clock.now()
    locked.save(update_fields=["used_at"])
    view = _store_view(
        promised(locked.evaluation),
        locked.party,
        scores,
        link=locked,
        is_positive=is_positive,
        went_well=went_well,
        can_improve=can_improve,
    )
    touch(trajectory)
    log(verbs.GIVE_VIEW, trajectory, by=Actor(party=locked.party.party), view=view.pk, positive=is_positive)
    return view


@transaction.atomic
def record_view(
    trajectory: Trajectory,
    *,
    party: PlanParty,
    is_positive: bool,
    scores: Mapping[AmbitionItem, int],
    reason: str,
    went_well: str = "",
    can_improve: str = "",
    by: User,
) -> EvaluationView:
    """A guide records a party's view on its behalf, with a reason and visibly so."""
    locked = lock(trajectory)
    require_work("record_view", locked, by=by)
    if not reason.strip():
        raise Refused(Reason(_("Geef de reden waarom je dit namens de partij invult.")))
    evaluation = promised(locked.current_evaluation)
    if evaluation.views.filter(role=party.party).exists():
        raise Refused(rules.view_is_given(locked))
    void_links(locked, party=party, purpose=PartyLink.Purpose.EVALUATE)
    view = _store_view(
        evaluation,
        party,
        scores,
        is_positive=is_positive,
        went_well=went_well,
        can_improve=can_improve,
        recorded_by=by,
        recorded_reason=reason,
    )
    touch(locked)
    log(verbs.RECORD_VIEW, locked, by=by, reason=reason, view=view.pk, party=party.party)
    return view


def _store_view(
    evaluation: Evaluation, party: PlanParty, scores: Mapping[AmbitionItem, int], **facts
) -> EvaluationView:
    view = EvaluationView.objects.create(
        evaluation=evaluation, party=party, role=party.party, given_at=clock.now(), **facts
    )
    EvaluationScore.objects.bulk_create(
        EvaluationScore(view=view, item=item, score=score) for item, score in scores.items()
    )
    ViewDraft.objects.filter(evaluation=evaluation, role=party.party).delete()
    return view


@transaction.atomic
def decide_wage_value(
    trajectory: Trajectory, *, needed: bool, reason: str, wants_wage_subsidy: bool = False, by: By
) -> None:
    """R8: where no rule asks for loonwaarde the regisseur decides, with a reason (decision 3)."""
    locked = lock(trajectory)
    require_work("decide_wage_value", locked, by=by)
    asked = rules.wage_value_asked_by(locked, wants_wage_subsidy=wants_wage_subsidy)
    if asked and not needed:
        raise Refused(Reason(asked, "trajectories:wage_value", locked.pk))
    evaluation = promised(locked.current_evaluation)
    evaluation.wage_value_needed, evaluation.wage_value_reason = needed, reason
    evaluation.wants_wage_subsidy = wants_wage_subsidy
    evaluation.save()
    touch(locked)
    log(verbs.DECIDE_WAGE_VALUE, locked, by=by, reason=reason, needed=needed, subsidy=wants_wage_subsidy)


@transaction.atomic
def record_wage_value(
    trajectory: Trajectory, *, percentage: int, determined_by: str, determined_on: date, explanation: str = "", by: By
) -> WageValue:
    """Record the loonwaarde as UWV or gemeente settled it: 0–100 percent, with its date (R8)."""
    locked = lock(trajectory)
    require_work("record_wage_value", locked, by=by)
    if wrong := why_not_yet(determined_on):
        raise Refused(Reason(wrong, "trajectories:wage_value", locked.pk))
    value = WageValue.objects.create(
        trajectory=locked,
        evaluation=locked.current_evaluation,
        percentage=percentage,
        determined_by=determined_by,
        determined_on=determined_on,
        explanation=explanation,
        created_at=clock.now(),
    )
    touch(locked)
    log(verbs.RECORD_WAGE_VALUE, locked, by=by, wage_value=value.pk)
    return value


@transaction.atomic
def continue_learning(
    trajectory: Trajectory,
    *,
    holder: str,
    ends_on: date,
    hours_per_week: int,
    hourly_wage: Decimal,
    training_hours: int = 0,
    organisation=None,
    by: By,
) -> None:
    """All parties are positive: the learn-work contract runs from the day after the trial (R7, R8, R9, R13)."""
    with taking(Journey.continue_learning, trajectory, by=by) as locked:
        start = promised(rules.learn_work_start(locked))
        contract = add_contract(
            locked,
            kind=Contract.Kind.LEARN_WORK,
            holder=holder,
            starts_on=start,
            ends_on=ends_on,
            hours_per_week=hours_per_week,
            hourly_wage=hourly_wage,
            training_hours=training_hours,
            organisation=organisation,
            min_months=law.number(law.Key.CONTRACT_MIN_MONTHS, on=start, client=locked.client),
            max_months=law.number(law.Key.CONTRACT_MAX_MONTHS, on=start, client=locked.client),
        )
        _decide(locked, Journey.continue_learning)
        mark_participation(
            promised(locked.current_application), passed_trial_on=clock.today(), job_on=contract.starts_on
        )


def _decide(trajectory: Trajectory, decision: Callable) -> None:
    evaluation = promised(trajectory.current_evaluation)
    evaluation.decided_at, evaluation.decision = clock.now(), name_of(decision)
    evaluation.save(update_fields=["decided_at", "decision"])
    void_links(trajectory, purpose=PartyLink.Purpose.EVALUATE)
    evaluation.drafts.all().delete()  # what was never sent was never said


@transaction.atomic
def other_place(trajectory: Trajectory, *, reason: str, by: By) -> None:
    """Not all parties are positive: a new place (R7)."""
    with taking(Journey.other_place, trajectory, by=by, reason=reason) as locked:
        _decide(locked, Journey.other_place)
        _end_trial(locked, clock.today())


@transaction.atomic
def seek_advice(trajectory: Trajectory, *, reason: str, by: By) -> None:
    """Not all parties are positive: advice (R7)."""
    with taking(Journey.seek_advice, trajectory, by=by, reason=reason) as locked:
        _decide(locked, Journey.seek_advice)
        _end_trial(locked, clock.today())
