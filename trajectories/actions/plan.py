"""B: the startplan — draft, send, new version, withdraw (R4, R5). Signing it: `actions/signing.py`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from accounts import law, verbs
from accounts.models import Role, User
from accounts.models.people import works_as
from employers.models import EmployerContact
from topjob import clock, outbox
from topjob.errors import Reason, Refused, promised
from trajectories.actions.placing import end_application, tell_employer
from trajectories.documents import making
from trajectories.journey.core import By, lock, lock_of, log, require_work, taking, touch
from trajectories.models import (
    Application,
    EvaluationDate,
    LearningGoal,
    PlanAgreement,
    PlanParty,
    PlanTemplate,
    StartPlan,
    Trajectory,
)
from trajectories.models.placement import Construction
from trajectories.money import pay
from trajectories.process import rules
from trajectories.process.choices import Party
from trajectories.process.periods import period_end, weekday_near
from trajectories.process.workflow import Journey
from trajectories.signing import channels
from trajectories.signing.links import tell_withdrawn, void_links
from trajectories.signing.parties import contact_facts

PARTS: Mapping[str, Any] = {"goals": LearningGoal, "agreements": PlanAgreement, "evaluation_dates": EvaluationDate}


@transaction.atomic
def draft_plan(trajectory: Trajectory, *, by: User) -> StartPlan:
    """Begin a version: filled from the vacancy, the agreed terms and, for a later version, the one before (R5)."""
    locked = lock(trajectory)
    require_work("draft_plan", locked, by=by)
    if locked.current_plan is not None and locked.current_plan.is_draft:
        return locked.current_plan
    earlier = locked.current_plan
    if earlier is not None and earlier.status == StartPlan.Status.SENT:
        withdraw_version(earlier)
        locked.forget_facts()
    plan = _next_version(locked, earlier, by)
    _add_parties(plan, earlier)
    touch(locked)
    log(verbs.DRAFT_PLAN, locked, by=by, plan=plan.pk, number=plan.number)
    return plan


def _next_version(trajectory: Trajectory, earlier: StartPlan | None, by: User) -> StartPlan:
    last = trajectory.plans.order_by("-number").first()
    number = last.number + 1 if last else 1
    if earlier is not None:
        return _copy_version(earlier, number, by)
    application = promised(trajectory.current_application)
    function = application.vacancy.function
    start = max(application.planned_start or clock.today(), clock.today())
    months = law.number(law.Key.TRIAL_MONTHS, on=start, client=trajectory.client)
    plan = StartPlan.objects.create(
        trajectory=trajectory,
        application=application,
        number=number,
        construction=application.construction,
        route=application.route,
        level=application.level,
        trial_starts_on=start,
        trial_months=months,
        trial_ends_on=period_end(start, months),
        effective_on=start,
        function_name=function.name,
        work_place=application.vacancy.city,
        tasks=function.tasks,
        hours_per_week=min(function.hours_per_week, application.vacancy.hours_max),
        keeps_benefit=application.construction == Construction.EMPLOYER_AFTER_TRIAL,
        mentor_name=_mentor_name(application),
        training_name=function.training[:160],
        created_at=clock.now(),
        created_by=by,
    )
    _plan_evaluations(plan)
    return plan


def _mentor_name(application: Application) -> str:
    mentor = application.vacancy.employer.contacts.filter(
        function=EmployerContact.Function.MENTOR, is_active=True
    ).first()
    return mentor.name if mentor else ""


def _has_left(mentor: str, application: Application) -> bool:
    """Whether the company says that this leermeester doesn't work there any more."""
    named = application.vacancy.employer.contacts.filter(name=mentor)
    return named.exists() and not named.filter(is_active=True).exists()


def _copy_version(earlier: StartPlan, number: int, by: User) -> StartPlan:
    """A later version begins as the one before, without its signatures; during the trial it keeps the trial's start."""
    copy = StartPlan.objects.get(pk=earlier.pk)
    copy.pk, copy.number, copy.status = None, number, StartPlan.Status.DRAFT
    copy.sent_at = copy.signed_at = copy.document = copy.signed_document = copy.template = None
    copy.created_at, copy.created_by = clock.now(), by
    if _has_left(copy.mentor_name, earlier.application):
        copy.mentor_name = _mentor_name(earlier.application)
    trial = earlier.trajectory.current_trial
    if trial is None:
        start = max(earlier.trial_starts_on, clock.today())
        copy.trial_starts_on = copy.effective_on = start
        copy.trial_ends_on = period_end(start, copy.trial_months)
    else:
        copy.effective_on = min(max(clock.today(), trial.starts_on), copy.trial_ends_on)
    copy.save()
    for name, model in PARTS.items():
        model.objects.bulk_create(_copies(getattr(earlier, name).all(), copy))
    _move_evaluations(copy, earlier.trial_starts_on)
    return copy


def _copies(rows: Any, plan: StartPlan) -> list:
    copies = list(rows)
    for row in copies:
        row.pk, row.plan = None, plan
    return copies


def _plan_evaluations(plan: StartPlan) -> None:
    """A talk half-way and one at the end, before the weekend that the trial ends in."""
    halfway = plan.trial_starts_on + (plan.trial_ends_on - plan.trial_starts_on) / 2
    EvaluationDate.objects.create(plan=plan, on=weekday_near(halfway), is_final=False)
    EvaluationDate.objects.create(plan=plan, on=weekday_near(plan.trial_ends_on), is_final=True)


def _move_evaluations(plan: StartPlan, started: date) -> None:
    """Talks keep their distance to the start, on a weekday within the trial; the last one is at its end."""
    end = weekday_near(plan.trial_ends_on)
    for talk in plan.evaluation_dates.all():
        moved = weekday_near(talk.on + (plan.trial_starts_on - started))
        talk.on = end if talk.is_final else min(max(moved, plan.trial_starts_on), end)
        talk.save(update_fields=["on"])


def _add_parties(plan: StartPlan, earlier: StartPlan | None) -> None:
    """Who signs (R4): youth, employer, the company's jobcoach or the regisseur standing in, and whoever represents a minor.

    Whoever the files don't name is taken over from the version before, where a guide filled them in; not who left since.
    """
    known = dict(_parties_of(plan))
    for row in earlier.parties.exclude(party__in=known) if earlier else ():
        if _still_signs(row, plan):
            known[row.party] = {"name": row.name, "is_stand_in": row.is_stand_in}
            known[row.party] |= {"email": row.email, "phone": row.phone}
    for row in earlier.parties.filter(party__in=known) if earlier else ():
        known[row.party] |= {"code_email": row.code_email, "on_paper": row.on_paper}
    for party in Party.values:
        if party in known:
            PlanParty.objects.create(plan=plan, party=party, **known[party])


def _still_signs(party: PlanParty, plan: StartPlan) -> bool:
    """Whether somebody who isn't in the files now can be asked again: not a guide or contact who left."""
    case = plan.trajectory
    if party.party == Party.REPRESENTATIVE:
        return case.candidate.is_minor_on(clock.today())
    gone = plan.application.vacancy.employer.contacts.filter(is_active=False, name=party.name).exists()
    guide = User.objects.filter(email__iexact=party.email).first() if party.email else None
    at_work = guide is not None and guide.memberships.filter(works_as(Role.JOBCOACH, case.region_id)).exists()
    return not (gone or party.is_stand_in or (guide is not None and not at_work))


def _parties_of(plan: StartPlan) -> list[tuple[str, dict[str, Any]]]:
    candidate = plan.trajectory.candidate
    contacts = list(plan.application.vacancy.employer.contacts.filter(is_active=True))
    parties = [
        (Party.YOUTH, {"name": candidate.full_name, "email": candidate.email, "phone": candidate.phone}),
        (Party.EMPLOYER, contact_facts(contacts, ("tekenbevoegd", "contact"))),
        (Party.JOBCOACH, _jobcoach_facts(plan.trajectory, contacts)),
    ]
    representative = candidate.representatives.first()
    if candidate.is_minor_on(clock.today()) and representative is not None:
        facts = {"name": representative.name, "email": representative.email, "phone": representative.phone}
        parties.append((Party.REPRESENTATIVE, facts))
    return [(party, facts) for party, facts in parties if facts]


def _jobcoach_facts(trajectory: Trajectory, contacts: Sequence[EmployerContact]) -> dict[str, Any]:
    coach = trajectory.jobcoach if Role.JOBCOACH in trajectory.at_work else None
    if coach is not None:
        return {"name": coach.name, "email": coach.email, "phone": coach.phone}
    if facts := contact_facts(contacts, ("jobcoach",)):
        return facts
    if trajectory.lead is not None and jobcoach_is_optional(trajectory):
        lead = trajectory.lead
        return {"name": lead.name, "email": lead.email, "phone": lead.phone, "is_stand_in": True}
    return {}


def jobcoach_is_optional(trajectory: Trajectory) -> bool:
    """Decision 1: in streams 2 and 3 the regisseur stands in where there is no jobcoach; so do departments without streams."""
    return trajectory.stream is None or not trajectory.stream.jobcoach_required


@transaction.atomic
def save_plan(
    plan: StartPlan,
    *,
    by: By,
    goals: Sequence[Mapping] = (),
    agreements: Sequence[Mapping] = (),
    evaluation_dates: Sequence[Mapping] | None = None,
    **values: Any,
) -> StartPlan:
    """Save a draft: its fields and its parts as a whole; trial dates follow R6, and talks that weren't named move along.

    Two writers are merged beforehand, by the form, which holds the draft from comparing to saving (`topjob/merging.py`).
    """
    trajectory = lock_of(plan)
    require_work("draft_plan", trajectory, by=by)
    locked = StartPlan.objects.select_for_update().get(pk=plan.pk)
    _refuse_unless_draft(locked)
    before = (locked.trial_starts_on, locked.trial_ends_on)
    for name, value in values.items():
        setattr(locked, name, value)
    _settle_dates(locked, trajectory)
    locked.save()
    if evaluation_dates is None and before != (locked.trial_starts_on, locked.trial_ends_on):
        _move_evaluations(locked, before[0])
    _replace(locked, "goals", goals)
    _replace(locked, "agreements", agreements)
    if evaluation_dates is not None:
        _replace(locked, "evaluation_dates", evaluation_dates)
    touch(trajectory)
    log(verbs.SAVE_PLAN, trajectory, by=by, plan=locked.pk)
    return locked


def _settle_dates(plan: StartPlan, trajectory: Trajectory) -> None:
    """R6; a change during the trial keeps the trial's start (decision 8)."""
    trial = trajectory.current_trial
    if trial is not None:
        plan.trial_starts_on, plan.trial_months = trial.starts_on, trial.months
    plan.trial_ends_on = period_end(plan.trial_starts_on, plan.trial_months)
    if trial is None:
        plan.effective_on = plan.trial_starts_on


def _replace(plan: StartPlan, name: str, rows: Sequence[Mapping]) -> None:
    getattr(plan, name).all().delete()
    PARTS[name].objects.bulk_create([PARTS[name](plan=plan, **row) for row in rows])


@transaction.atomic
def set_party(plan: StartPlan, party: str, *, name: str, by: By, **reach: Any) -> PlanParty:
    """Name who signs for a party and how to reach them (email, phone, code_email, on_paper); only in a draft."""
    trajectory = lock_of(plan)
    require_work("draft_plan", trajectory, by=by)
    _refuse_unless_draft(StartPlan.objects.select_for_update().get(pk=plan.pk))
    stands_in = plan.parties.filter(party=party, name=name, is_stand_in=True).exists()
    row, _created = PlanParty.objects.update_or_create(
        plan=plan, party=party, defaults={"name": name, "is_stand_in": stands_in, **reach}
    )
    log(verbs.SET_PARTY, trajectory, by=by, plan=plan.pk, party=party)
    return row


def _refuse_unless_draft(plan: StartPlan) -> None:
    if not plan.is_draft:
        text = _("Dit startplan is verstuurd en ligt vast. Maak een nieuwe versie.")
        raise Refused(Reason(text, "trajectories:plan", plan.trajectory_id))


def reasons_not_to_send(plan: StartPlan) -> list[Reason]:
    """What the plan still lacks before it can go to its parties; shown beside the button and by the refusal."""
    here = ("trajectories:plan", plan.trajectory_id)
    reasons = [_nobody_for(role, plan) for role in plan.parties_without_a_name()]
    for row, text in unreachable(list(plan.parties.all())):
        reasons.append(Reason(text, "trajectories:plan_party", plan.trajectory_id, (row.party,)))
    if not plan.goals.all():
        reasons.append(Reason(_("Er is nog geen leerdoel."), *here))
    if not plan.mentor_name:
        reasons.append(Reason(_("De leermeester is nog niet ingevuld."), *here))
    if wage := pay.plan_wage_refusal(plan):
        reasons.append(Reason(wage.text, *here))
    if plan.support_at_work and not _may_share_support(plan):
        text = _("De kandidaat heeft niet toegezegd te delen wat nodig is op het werk. Vraag dat of haal het weg.")
        reasons.append(Reason(text, "trajectories:consent", plan.trajectory_id))
    if wrong := rules.why_not_from(plan.effective_on, is_change=plan.is_amendment):
        reasons.append(Reason(wrong, *here))
    return reasons + [Reason(text, *here) for text in making.unprintable_in_plan(plan)]


def _nobody_for(role: Party, plan: StartPlan) -> Reason:
    """Somebody has to sign as this party, with the page where that is filled in."""
    text = _("Er is nog geen %(party)s om te tekenen.") % {"party": role.label}
    if role == Party.REPRESENTATIVE:
        text = _("De kandidaat is nog geen 18: vul de wettelijk vertegenwoordiger in.")
    return Reason(text, "trajectories:plan_party", plan.trajectory_id, (role,))


def unreachable(parties: Sequence[PlanParty]) -> Iterator[tuple[PlanParty, str]]:
    """Each needs a way for the link and another for the code, that nobody else who signs answers; or signs on paper."""
    taken: set[str] = set()
    for row in parties:
        if row.on_paper:
            continue
        code = channels.for_code(row)
        if channels.for_link(row) is None:
            yield row, _("Het e-mailadres of het mobiele nummer van %(name)s ontbreekt.") % {"name": row.name}
        elif code is None:
            text = _("Voor de code om te tekenen is een mobiel nummer van %(name)s nodig. Of laat op papier tekenen.")
            yield row, text % {"name": row.name}
        elif code.value in taken:
            text = _("De code van %(name)s zou bij een ander terechtkomen: het nummer of adres staat er al.")
            yield row, text % {"name": row.name}
        else:
            taken.add(code.value)


def _may_share_support(plan: StartPlan) -> bool:
    """Decision 12: the plan holds only what the person agreed to share with this employer."""
    consents = plan.trajectory.candidate.consents.valid().filter(organisation=plan.application.organisation_id)
    return consents.filter(share_support=True).exists()


@transaction.atomic
def send_plan(plan: StartPlan, *, by: By) -> None:
    """Freeze the version; the PDF is made and hashed by a task, the links go out after that (decision 16)."""
    trajectory = lock_of(plan)
    require_work("draft_plan", trajectory, by=by)
    locked = StartPlan.objects.select_for_update().get(pk=plan.pk)
    _refuse_unless_draft(locked)
    if reasons := reasons_not_to_send(locked):
        raise Refused(*reasons, title=_("Startplan versturen"))
    locked.status, locked.sent_at, locked.template = StartPlan.Status.SENT, clock.now(), PlanTemplate.of(locked)
    locked.save(update_fields=["status", "sent_at", "template"])
    touch(trajectory)
    log(verbs.SEND_PLAN, trajectory, by=by, plan=locked.pk, number=locked.number)
    outbox.enqueue("render_plan", key=f"render-plan-{locked.pk}", plan=locked.pk)
    plan.refresh_from_db()


def withdraw_version(plan: StartPlan) -> None:
    """This version won't be signed any more: its open links are void."""
    plan.status = StartPlan.Status.WITHDRAWN
    plan.save(update_fields=["status"])
    void_links(plan.trajectory, plan=plan)


@transaction.atomic
def withdraw_plan(trajectory: Trajectory, *, reason: str, by: By) -> None:
    """The placement is called off before it starts; the seat is free again, open links are void, whoever knew is told."""
    with taking(Journey.withdraw_plan, trajectory, by=by, reason=reason) as locked:
        end_plans(locked)
        application = promised(locked.current_application)
        end_application(application, Application.Status.WITHDRAWN)
        tell_employer(application)


def end_plans(trajectory: Trajectory) -> None:
    """No version in the making stays open, nor one that was signed for a trial that never began; whoever knew is told."""
    in_the_making = Q(status__in=[StartPlan.Status.DRAFT, StartPlan.Status.SENT])
    signed = Q(status__in=[StartPlan.Status.SIGNED, StartPlan.Status.SUPERSEDED])
    unused = signed & ~Q(application__in=trajectory.trials.values("application"))
    ending = list(trajectory.plans.filter(in_the_making | unused))
    know = _who_knows(ending, trajectory)
    for plan in ending:
        withdraw_version(plan)
    void_links(trajectory)
    tell_withdrawn(know)


def _who_knows(ending: list[StartPlan], trajectory: Trajectory) -> list[PlanParty]:
    """Everybody who was asked to sign one of these versions, or signed one that made way for them; each person once."""
    others = trajectory.plans.exclude(pk__in=[plan.pk for plan in ending])
    held = others.exclude(status=StartPlan.Status.WITHDRAWN).aggregate(last=Max("number"))["last"] or 0
    asked = Q(plan__in=[plan for plan in ending if plan.document_id is not None])
    made_way = Q(
        plan__application__in={plan.application_id for plan in ending},
        plan__status=StartPlan.Status.WITHDRAWN,
        plan__number__gt=held,
        signatures__isnull=False,
    )
    rows = PlanParty.objects.filter(asked | made_way).distinct().order_by("plan__number", "pk")
    return list({(row.party, row.name): row for row in rows}.values())
