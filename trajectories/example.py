"""A made-up startplan that is never stored: to see what texts look like before anybody gets them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from accounts.models import Department, Organisation, User
from candidates.models import Candidate
from topjob import clock
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
from trajectories.models.plan import Party
from trajectories.periods import period_end

PERSON = "Sam de Boer"


def example_plan(template: PlanTemplate) -> StartPlan:
    """A plan for a person who doesn't exist, with these texts."""
    start = clock.today() + timedelta(days=14)
    lead = User(name="Rianne Smit", phone="+31612345678")
    candidate = Candidate(first_name="Sam", name_prefix="de", last_name="Boer")
    trajectory = Trajectory(candidate=candidate, department=Department(code="maatwerq"), regisseur=lead)
    plan = StartPlan(
        pk=0,
        trajectory=trajectory,
        application=Application(organisation=Organisation(name="Bouwbedrijf Voorbeeld")),
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
        function_name="leerling-timmerman",
        work_place="Wijhe",
        tasks="Meewerken in de werkplaats: meten, zagen en in elkaar zetten. Later ook op de bouwplaats.",
        hours_per_week=32,
        working_days="maandag tot en met donderdag",
        keeps_benefit=template.construction == "1",
        mentor_name="Henk Schutte",
        training_name="Timmeren",
        training_school="het ROC",
        training_hours=8,
    )
    plan._prefetched_objects_cache = _parts(plan)  # type: ignore[attr-defined]
    return plan


def _parts(plan: StartPlan) -> dict[str, list[Any]]:
    """The rows that belong to it, as if they had been read."""
    halfway = plan.trial_starts_on + (plan.trial_ends_on - plan.trial_starts_on) / 2
    goals = (
        ("vakmanschap", "Ik leer veilig werken met de zaagmachine.", "Elke week oefenen met Henk."),
        ("persoonlijk", "Ik kom op tijd en ik bel als ik ziek ben.", "Een kaart met afspraken op zak."),
        ("leren", "Ik vraag om uitleg als ik iets niet snap.", "Elke dag vijf minuten terugkijken."),
    )
    parties = ((Party.YOUTH, PERSON), (Party.EMPLOYER, "Anja Voorbeeld"), (Party.JOBCOACH, "Peter Jansen"))
    return {
        "goals": [LearningGoal(field=field, goal=goal, how=how) for field, goal, how in goals],
        "agreements": [PlanAgreement(text="Ziek? Bel Henk vóór 8.00 uur.")],
        "evaluation_dates": [EvaluationDate(on=halfway), EvaluationDate(on=plan.trial_ends_on, is_final=True)],
        "parties": [PlanParty(party=party, name=name, phone="+31687654321") for party, name in parties],
    }
