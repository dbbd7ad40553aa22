"""Made-up documents that are never stored: to see what texts look like before anybody gets them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Model

from accounts.models import Department, Organisation, Role, User
from candidates.models import Candidate
from topjob import clock
from trajectories.documents import papers
from trajectories.models import (
    AgreementKind,
    AmbitionItem,
    Application,
    Contract,
    Evaluation,
    EvaluationDate,
    EvaluationScore,
    EvaluationView,
    LearningGoal,
    Paper,
    PaperTemplate,
    PlanAgreement,
    PlanParty,
    PlanTemplate,
    StartPlan,
    Trajectory,
    TrialPeriod,
    WageAssessment,
    WageOpinion,
    WageTask,
    WageValue,
    guides,
)
from trajectories.models.placement import Construction
from trajectories.models.template import PaperKind
from trajectories.money import pay
from trajectories.process.choices import THREE_PARTIES, Party
from trajectories.process.periods import period_end
from trajectories.process.workflow import Journey, name_of

PERSON = "Sam de Boer"
HALF_A_EURO = Decimal("0.50")
WORK = papers.Work("leerling-timmerman", "Wijhe", "Timmeren")
NAMES = {
    Party.YOUTH: PERSON,
    Party.EMPLOYER: "Anja Voorbeeld",
    Party.JOBCOACH: "Peter Jansen",
    Party.MAATWERQ: "Rianne Smit",
}
Kind = PaperKind


def example_plan(template: PlanTemplate) -> StartPlan:
    """A plan for a person who doesn't exist, with these texts."""
    start = clock.today() + timedelta(days=14)
    plan = StartPlan(
        trajectory=_trajectory(),
        application=Application(organisation=_company()),
        template=template,
        number=1,
        construction=template.construction,
        route=template.route,
        level="bbl1",
        trial_starts_on=start,
        trial_months=3,
        trial_ends_on=period_end(start, 3),
        effective_on=start,
        sent_at=clock.now(),
        function_name=WORK.function,
        work_place=WORK.place,
        tasks="Meewerken in de werkplaats: meten, zagen en in elkaar zetten. Later ook op de bouwplaats.",
        hours_per_week=32,
        hourly_wage=_minimum_wage(start) + HALF_A_EURO
        if template.construction == Construction.MAATWERQ_FROM_DAY_ONE
        else None,
        working_days="maandag tot en met donderdag",
        keeps_benefit=template.construction == Construction.EMPLOYER_AFTER_TRIAL,
        mentor_name="Henk Schutte",
        training_name=WORK.training,
        training_school="het ROC",
        training_hours=8,
    )
    _having(plan, **_parts(plan))
    return plan


def _trajectory() -> Trajectory:
    lead = User(name="Rianne Smit", phone="+31612345678")
    candidate = Candidate(
        first_name="Sam", name_prefix="de", last_name="Boer", birth_date=date(2005, 3, 14), city="Raalte"
    )
    case = Trajectory(candidate=candidate, department=Department(code="maatwerq"), regisseur=lead)
    # The regisseur of the example works here and isn't away; nobody of it is stored.
    case.__dict__ |= {"kept_at_work": (guides.named_on(case), {Role.REGISSEUR: 0}), "covers": {}}
    return case


def _minimum_wage(day: date) -> Decimal:
    return pay.at_least(Decimal(0), pay.minimum_of(_trajectory().candidate.age_on(day), day, None))


def _company() -> Organisation:
    return Organisation(name="Bouwbedrijf Voorbeeld", kvk_number="12345678")


def _having(row: Model, **parts: list[Any]) -> None:
    """Give a row the rows that belong to it, as if they had been read: that takes an id, though it is never stored."""
    row.pk = 0
    row._prefetched_objects_cache = parts  # type: ignore[attr-defined]


def _parties(*parties: Party) -> list[PlanParty]:
    return [PlanParty(party=party, name=NAMES[party], phone="+31687654321") for party in parties]


def _parts(plan: StartPlan) -> dict[str, list[Any]]:
    halfway = plan.trial_starts_on + (plan.trial_ends_on - plan.trial_starts_on) / 2
    goals = (
        ("vakmanschap", "Ik leer veilig werken met de zaagmachine.", "Elke week oefenen met Henk."),
        ("persoonlijk", "Ik kom op tijd en ik bel als ik ziek ben.", "Een kaart met afspraken op zak."),
        ("leren", "Ik vraag om uitleg als ik iets niet snap.", "Elke dag vijf minuten terugkijken."),
    )
    return {
        "goals": [LearningGoal(field=field, goal=goal, how=how) for field, goal, how in goals],
        "agreements": [PlanAgreement(text="Ziek? Bel Henk vóór 8.00 uur.")],
        "evaluation_dates": [EvaluationDate(on=halfway), EvaluationDate(on=plan.trial_ends_on, is_final=True)],
        "parties": _parties(*THREE_PARTIES),
    }


# --- The other documents ---------------------------------------------------------------------------------------------
def example_paper(template: PaperTemplate) -> Paper:
    """A document of this kind for the same person, with these texts; what it says is made as for anybody else."""
    trajectory, kind = _trajectory(), PaperKind(template.kind)
    company = _company()
    source = {Kind.EVALUATION: _evaluation, Kind.WAGE_VALUE: _wage_value}.get(kind, _contract)(
        kind, trajectory, company
    )
    subject = papers.Subject(kind, 0, "", company, source)
    paper = Paper(
        trajectory=trajectory,
        kind=kind,
        organisation=company,
        template=template,
        summary=papers.summary_of(subject),
        sent_at=clock.now(),
    )
    third = {Kind.EVALUATION: [Party.JOBCOACH]}.get(kind, [])
    third += [Party.MAATWERQ] if kind in papers.EMPLOYED_BY_MAATWERQ else []
    lines = papers.lines_of(subject, trajectory, template, WORK)
    _having(paper, lines=lines, parties=_parties(Party.YOUTH, Party.EMPLOYER, *third))
    return paper


def _contract(kind: str, trajectory: Trajectory, company: Organisation) -> Contract:
    """A contract that this kind of document is made of."""
    wanted = {paper_kind: contract_kind for contract_kind, paper_kind in papers.CONTRACT_KINDS.items()}
    start = clock.today() + timedelta(days=14)
    if kind == Kind.DIRECT or Kind(kind).is_unpaid:
        return _agreed(Kind(kind), start, trajectory, company)
    months = 3 if kind == Kind.TRIAL_CONTRACT else 18
    is_learning = kind in (Kind.TRIAL_CONTRACT, Kind.LEARN_WORK, Kind.FLEX)
    return Contract(
        trajectory=trajectory,
        organisation=company,
        kind=wanted.get(Kind(kind), Contract.Kind.LEARN_WORK),
        holder=Contract.Holder.MAATWERQ if kind in papers.EMPLOYED_BY_MAATWERQ else Contract.Holder.COMPANY,
        starts_on=start,
        ends_on=None if kind == Kind.TAKEOVER else period_end(start, months),
        hours_per_week=32,
        training_hours=8 if is_learning else 0,
        hourly_wage=_minimum_wage(start) + HALF_A_EURO,
        minimum_wage=_minimum_wage(start),
    )


def _agreed(kind: PaperKind, start: date, trajectory: Trajectory, company: Organisation) -> Contract:
    """What somebody agrees on who starts without a trial."""
    is_unpaid = kind.is_unpaid
    has_allowance = is_unpaid and kind not in (Kind.SOCIAL_INTERNSHIP, Kind.WORKSHOP)
    return Contract(
        trajectory=trajectory,
        organisation=company,
        kind=Contract.Kind.UNPAID if is_unpaid else Contract.Kind.DIRECT,
        agreement=AgreementKind(name=str(kind.label), paper=kind),
        starts_on=start,
        ends_on=period_end(start, 6 if is_unpaid else 18),
        hours_per_week=8 if is_unpaid else 32,
        hourly_wage=None if is_unpaid else _minimum_wage(start) + HALF_A_EURO,
        minimum_wage=None if is_unpaid else _minimum_wage(start),
        allowance=Decimal(100) if has_allowance else None,
        allowance_per=Contract.Per.MONTH if has_allowance else "",
        probation_months=0 if is_unpaid else 1,
    )


def _evaluation(kind: str, trajectory: Trajectory, company: Organisation) -> Evaluation:
    """A trial that ended today, with what three parties think of it."""
    start = clock.today() - timedelta(days=90)
    trial = TrialPeriod(
        trajectory=trajectory,
        plan=StartPlan(function_name=WORK.function),
        application=Application(organisation=company),
        starts_on=start,
        ends_on=clock.today(),
    )
    _having(trial, extensions=[])
    row = Evaluation(trial=trial, decided_at=clock.now(), decision=name_of(Journey.continue_learning))
    said = {
        Party.YOUTH: ("Ik leer veel en het team is aardig.", "Ik vergeet soms mijn spullen.", 3),
        Party.EMPLOYER: ("Sam komt op tijd en pakt dingen aan.", "Eerst vragen, dan zagen.", 4),
        Party.JOBCOACH: ("Sam vraagt om hulp als dat nodig is.", "", 3),
    }
    scale = list(AmbitionItem.objects.filter(is_active=True))
    views = []
    for party, (well, better, score) in said.items():
        view = EvaluationView(
            evaluation=row, role=party, is_positive=True, went_well=well, can_improve=better, recorded_by=None
        )
        _having(view, scores=[EvaluationScore(item=item, score=score + (n % 3 == 0)) for n, item in enumerate(scale)])
        views.append(view)
    _having(row, views=views)
    return row


def _wage_value(kind: str, trajectory: Trajectory, company: Organisation) -> WageValue:
    """A loonwaarde that was measured in two main tasks."""
    row = WageValue(trajectory=trajectory, percentage=54, determined_by="gemeente", determined_on=clock.today())
    measured = WageAssessment(
        value=row,
        reference_function="timmerman",
        measured_by="A. Deskundige",
        measured_on=clock.today(),
    )
    tasks = (
        (
            "Zagen en meten",
            60,
            (70, 90, 100),
            ("Zeven delen per uur, een ander tien.", "Eén op de tien past niet.", ""),
        ),
        ("Opruimen", 40, (50, 100, 80), ("Duurt twee keer zo lang.", "Alles is schoon.", "Neemt een extra pauze.")),
    )
    opinions = (
        (Party.EMPLOYER, True, ""),
        (Party.YOUTH, False, "Met de nieuwe zaagmachine gaat het sneller."),
    )
    _having(
        measured,
        tasks=[
            WageTask(
                name=name,
                share=share,
                **dict(zip(("pace", "quality", "net_time"), figures, strict=True)),
                **dict(zip(("pace_why", "quality_why", "net_time_why"), seen, strict=True)),
            )
            for name, share, figures, seen in tasks
        ],
        opinions=[
            WageOpinion(role=role, agrees=agrees, words=words, given_on=clock.today())
            for role, agrees, words in opinions
        ],
    )
    return row
