"""Walking one person through the journey by the real actions, each on its own day; for the demo and for tests.

Nothing here writes state: every guard is met the way people meet it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from accounts.models import Department, Organisation, User
from candidates import actions as candidate_actions
from candidates.actions import SnapshotEdit
from candidates.models import ContactMoment, FinanceCheck, LifeArea, Registration
from employers.models import Stream, Vacancy
from matching import actions as matching_actions
from topjob import clock, outbox
from topjob.errors import promised
from topjob.models import OutboxMessage, StoredSms
from trajectories import actions
from trajectories.documents import papers
from trajectories.models import AmbitionItem, EvaluationView, PartyLink, PlanParty, SupportStep, Trajectory
from trajectories.models.plan import Party
from trajectories.money import pay, subsidies
from trajectories.process import rules
from trajectories.process.periods import period_end
from trajectories.signing.links import CODE_DIGITS, open_anew
from trajectories.signing.statements import statements_for

# What employers pay above the minimum wage of an hour.
EXTRA = (Decimal(0), Decimal(0), Decimal("0.25"), Decimal("0.50"), Decimal("1.10"))


@dataclass
class Team:
    """The staff around one person."""

    frontoffice: User
    regisseur: User
    career_adviser: User
    job_broker: User
    jobcoach: User
    personnel: User
    backoffice: User


@dataclass
class Words:
    """What people say and write along the way; the demo gives each person their own."""

    foto: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    default_foto: tuple[str, str, str] = ("Ging wisselend.", "Gaat redelijk, met steun.", "Wil dit zelf kunnen.")
    choice: str = "De kandidaat kent iemand die er werkt en wil er graag kijken."
    talk: str = "Prettig gesprek. Kandidaat vertelt open over wat lukt en wat lastig is."
    support: str = "Alle vragen zijn besproken en belegd."
    application: str = "Rondleiding gehad; kandidaat stelde goede vragen. Van beide kanten een klik."
    goals: tuple[tuple[str, str, str], ...] = (
        (
            "vakmanschap",
            "Ik leer veilig werken met het gereedschap.",
            "Oefenen met de leermeester, elke week een onderdeel.",
        ),
        (
            "persoonlijk",
            "Ik kom op tijd en meld me zelf af als ik ziek ben.",
            "Afspraken op een kaart, jobcoach belt mee.",
        ),
        ("leren", "Ik vraag om uitleg als ik iets niet snap.", "Elke dag kort terugkijken met de leermeester."),
    )
    agreements: tuple[str, ...] = (
        "Ziek? Bel vóór 8.00 uur de leermeester.",
        "Je krijgt werkkleding en schoenen van het bedrijf.",
    )
    coaching: str = "Werkt rustiger en vraagt op tijd hulp. Samen de week doorgenomen."
    advice: str = "Past goed bij het vak; begeleiding kan omlaag."
    stop: str = "Kandidaat verhuist en gaat daar verder met een ander traject."


class Walk:
    """One trajectory and the day it is in its story."""

    def __init__(self, trajectory: Trajectory, team: Team, day: date, words: Words | None = None) -> None:
        self.trajectory, self.team, self.day, self.words = trajectory, team, day, words or Words()

    @property
    def candidate(self) -> Any:
        return self.trajectory.candidate

    @property
    def user_on_lead(self) -> User:
        return self.team.regisseur if self.trajectory.department.is_maatwerq else self.team.career_adviser

    def later(self, days: int) -> Walk:
        """Let days go by."""
        self.day += timedelta(days=days)
        return self

    def fresh(self) -> Trajectory:
        """The trajectory as the database has it now."""
        self.trajectory = Trajectory.objects.select_related("candidate", "department").get(pk=self.trajectory.pk)
        return self.trajectory

    def at(self, hour: int = 10) -> datetime:
        return datetime.combine(self.day, time(hour), tzinfo=clock.AMSTERDAM)

    def wage_from(self, day: date, *, experienced: bool = False) -> Decimal:
        """The minimum wage on a day or a little more; more again for who knows the trade. Never less than was paid before."""
        least = pay.at_least(Decimal(1), pay.minimum_on(self.candidate, day, self.trajectory.client))
        above = EXTRA[self.candidate.birth_date.toordinal() % len(EXTRA)] + (Decimal("0.85") if experienced else 0)
        before = self.trajectory.contracts.filter(hourly_wage__isnull=False).first()
        return max(least + above, before.hourly_wage or least) if before else least + above

    # --- A ---
    def intake(self) -> Walk:
        """Start the intake and fill the file."""
        with clock.at(self.day):
            actions.start_intake(self.fresh(), by=self.user_on_lead)
        self.later(7)
        with clock.at(self.day):
            self._fill_file()
        return self

    def _fill_file(self) -> None:
        lead = self.user_on_lead
        self.talk(ContactMoment.Kind.INTAKE)
        candidate_actions.save_snapshots(self.candidate, self._foto(), by=lead)
        candidate_actions.review_support(self.candidate, conclusion=self.words.support, by=lead)
        check = FinanceCheck(
            candidate=self.candidate,
            outcome=FinanceCheck.Outcome.SETTLED,
            source=FinanceCheck.Source.CLIENT if self.trajectory.client_id else FinanceCheck.Source.SELF,
            client_id=self.trajectory.client_id,
        )
        candidate_actions.check_finance(check, by=lead)

    def _foto(self) -> Iterator[SnapshotEdit]:
        """What is typed on the page of the Foto: every life area, from empty."""
        for area in LifeArea.objects.filter(is_active=True):
            words = self.words.foto.get(area.code, self.words.default_foto)
            for name, text in zip(("past", "present", "wanted"), words, strict=True):
                yield SnapshotEdit(area.pk, name, "", text)

    def talk(self, kind: str) -> None:
        """Record a talk held today."""
        moment = ContactMoment(
            candidate=self.candidate,
            kind=kind,
            status=ContactMoment.Status.HELD,
            at=self.at(8),
            notes=self.words.talk,
            by=self.user_on_lead,
        )
        candidate_actions.add_contact(moment, by=self.user_on_lead)

    def confirm_profile(self, **refinements: Any) -> Walk:
        """The loopbaanadviseur refines and confirms the zoekprofiel."""
        with clock.at(self.day):
            if refinements or not self.candidate.search_profiles.concepts().exists():
                matching_actions.refine_profile(self.candidate, refinements, by=self.team.career_adviser)
            concept = self.candidate.search_profiles.concepts().get()
            matching_actions.confirm_profile(concept, by=self.team.career_adviser)
        return self

    def complete_intake(self) -> Walk:
        with clock.at(self.day):
            actions.complete_intake(self.fresh(), by=self.user_on_lead)
        return self

    # --- B ---
    def choose(self, vacancy: Vacancy) -> Walk:
        """Choose a vacancy and record the consent to share."""
        with clock.at(self.day):
            chosen = Vacancy.objects.get(pk=vacancy.pk)
            actions.choose_match(self.fresh(), chosen, reason=self.words.choice, by=self.team.job_broker)
            actions.record_consent(
                self.fresh(),
                channel="gesprek",
                by=self.team.job_broker,
                share_contact=True,
                share_cv=True,
                share_arrangements=True,
            )
        return self

    def introduce(self) -> Walk:
        with clock.at(self.day):
            actions.introduce(self.fresh(), by=self.team.job_broker, talk_at=self.at() + timedelta(days=5))
        return self

    def hold_talk(self) -> Walk:
        with clock.at(self.day, 12):
            actions.record_talk(
                self.fresh(), talk_at=self.at(10), notes=self.words.application, by=self.team.job_broker
            )
        return self

    def decline(self, reason: str) -> Walk:
        with clock.at(self.day):
            actions.decline_application(self.fresh(), reason=reason, by=self.team.job_broker)
        return self

    def accept(
        self, start: date, construction: str = "1", route: str = "bbl1", level: str = "startkwalificatie"
    ) -> Walk:
        with clock.at(self.day, 13):
            actions.accept_application(
                self.fresh(),
                construction=construction,
                route=route,
                level=level,
                planned_start=start,
                by=self.team.job_broker,
            )
        return self

    def draft_plan(self) -> Walk:
        """The regisseur drafts the plan with goals and agreements."""
        with clock.at(self.day):
            plan = actions.draft_plan(self.fresh(), by=self.user_on_lead)
            wage = self.wage_from(plan.trial_starts_on) if plan.has_trial_contract else None
            actions.save_plan(
                plan,
                by=self.user_on_lead,
                mentor_name=plan.mentor_name or "Henk Schutte",
                hourly_wage=wage,
                goals=[{"field": f, "goal": goal, "how": how} for f, goal, how in self.words.goals],
                agreements=[{"text": text} for text in self.words.agreements],
            )
        return self

    def send_plan(self) -> Walk:
        """Send the plan; the PDF is made here and now, by the handler that the worker would run."""
        with clock.at(self.day, 11):
            plan = promised(self.fresh().current_plan)
            actions.send_plan(plan, by=self.user_on_lead)
            outbox.run(OutboxMessage.objects.get(key=f"render-plan-{plan.pk}").pk)
        return self

    def sign(self, *parties: str) -> Walk:
        """These parties sign through their links; all of them when none is named."""
        with clock.at(self.day, 15):
            plan = promised(self.fresh().current_plan)
            for party in plan.parties.filter(party__in=parties or list(Party)):
                self._sign(party)
        return self

    def _sign(self, party: PlanParty) -> None:
        """Confirm, ask for the code, read it where it was sent, and sign; the handler runs here and now."""
        link = self._with_token(PartyLink.objects.usable().filter(party=party, purpose=PartyLink.Purpose.SIGN)[0])
        asked = actions.request_code(link, typed_name=party.name, statements=statements_for(party))
        outbox.run(OutboxMessage.objects.get(key=f"send-code-{asked.pk}").pk)
        text = StoredSms.objects.get(reference=f"code-{asked.pk}").text
        code = text[:CODE_DIGITS]
        actions.sign(link, code=code, ip_address="192.0.2.10", user_agent="Mozilla/5.0 (telefoon)")

    def open_link(self, party: str, purpose: str) -> PartyLink:
        """The party's open link, with a token as the mail would have given it."""
        links = PartyLink.objects.usable().filter(trajectory=self.trajectory, party__party=party, purpose=purpose)
        link = links.order_by("-pk").first()
        if link is None:
            raise LookupError(f"No open {purpose} link for {party}")
        return self._with_token(link)

    @staticmethod
    def _with_token(link: PartyLink) -> PartyLink:
        open_anew(link, link.channel)
        return link

    def permit(self, until: date | None = None) -> Walk:
        """The payer grants the proefplaatsing for the whole trial, or until a day."""
        with clock.at(self.day):
            trajectory = self.fresh()
            plan = promised(trajectory.signed_plan or trajectory.current_plan)
            if rules.needs_permission(plan):
                actions.record_permission(
                    trajectory,
                    client=promised(trajectory.client),
                    kind="eerste",
                    is_granted=True,
                    valid_from=plan.trial_starts_on,
                    valid_until=until or plan.trial_ends_on,
                    decided_on=self.day,
                    reference=f"PP-{self.day:%Y}-{self.candidate.birth_date:%m%d}",
                    by=self.user_on_lead,
                )
        return self

    def start_trial(self) -> Walk:
        """On the plan's start date."""
        self.day = promised(self.fresh().current_plan).trial_starts_on
        with clock.at(self.day):
            actions.start_trial(self.fresh(), by=self.user_on_lead)
        return self

    def open_evaluation(self) -> Walk:
        """A week before the trial ends."""
        self.day = promised(self.fresh().current_trial).last_day - timedelta(days=7)
        with clock.at(self.day):
            actions.open_evaluation(self.fresh(), by=self.user_on_lead)
        return self

    def give_views(self, positive: bool = True, *parties: str) -> Walk:
        """The parties give their views through their links."""
        with clock.at(self.day, 16):
            for party in parties or (Party.YOUTH, Party.EMPLOYER, Party.JOBCOACH):
                self._view(party, positive or party != Party.EMPLOYER)
        return self

    def _view(self, party: str, positive: bool) -> EvaluationView:
        scores = dict.fromkeys(ambition_items(), 4 if positive else 2)
        return actions.give_view(
            self.open_link(party, PartyLink.Purpose.EVALUATE),
            is_positive=positive,
            scores=scores,
            went_well="Het werk en de collega's.",
            can_improve="Op tijd hulp vragen.",
        )

    def settle_wage_value(self, percentage: int = 60) -> Walk:
        """Loonwaarde where the rule asks it, else the regisseur's decision that it isn't needed."""
        with clock.at(self.day, 17):
            trajectory = self.fresh()
            if rules.wage_value_required(trajectory):
                self._measure(trajectory, percentage)
            else:
                actions.decide_wage_value(
                    trajectory, needed=False, reason="Volledige inzet verwacht.", by=self.user_on_lead
                )
        return self

    def _measure(self, trajectory: Trajectory, percentage: int) -> None:
        """Two main tasks, measured at the same pace; both parties are heard."""
        by = self.user_on_lead
        actions.start_assessment(trajectory, by=by)
        tasks = [(1, "Werk voorbereiden en opruimen", 40), (2, "Werk uitvoeren", 60)]
        actions.save_tasks(trajectory, reference_function="Medewerker in dezelfde functie", tasks=tasks, by=by)
        measured = {
            "pace": percentage,
            "pace_why": "Doet in een dag dit deel van wat een collega doet.",
            "quality": 100,
            "quality_why": "Wat klaar is, is goed.",
            "net_time": 100,
            "net_time_why": "Gewone pauzes.",
        }
        for position in (1, 2):
            actions.save_task(trajectory, position=position, by=by, **measured)
        agreed = {"agrees": True, "words": "", "given_on": self.day}
        actions.save_opinions(trajectory, opinions={"werkgever": agreed, "jongere": agreed}, by=by)
        payer = "uwv" if trajectory.client and trajectory.client.is_uwv else "gemeente"
        who = {"measured_by": "M. de Groot, loonwaardedeskundige", "measured_on": self.day, "determined_by": payer}
        actions.save_measured(trajectory, by=by, **who)
        actions.finish_assessment(trajectory, by=by)

    def interrupt(self, days: int = 5) -> Walk:
        """Reported ill for some days."""
        with clock.at(self.day, 8):
            actions.record_interruption(
                self.fresh(),
                kind="ziek",
                starts_on=self.day,
                ends_on=self.day + timedelta(days=days - 1),
                reason="Heeft zich ziek gemeld; begint daarna met halve dagen.",
                by=self.user_on_lead,
            )
        return self

    def continue_learning(self, months: int = 18, hours: int = 32) -> Walk:
        with clock.at(self.day, 18):
            trajectory = self.fresh()
            start = promised(rules.learn_work_start(trajectory))
            actions.continue_learning(
                trajectory,
                holder="leerbedrijf",
                ends_on=period_end(start, months),
                hours_per_week=hours,
                hourly_wage=self.wage_from(start),
                training_hours=8,
                by=self.user_on_lead,
            )
        return self

    def arrange_due(self, before: date) -> Walk:
        """What the arrangements asked before this day was seen to on its day; without loonwaarde nobody asks for LKS."""
        by = self.team.personnel
        with clock.at(before):
            job = subsidies.job_of(self.fresh(), on_first_day=True)
        if job is None:
            return self
        if job.facts is None and job.starts_on < before:
            with clock.at(job.starts_on):
                actions.record_support(
                    self.fresh(), in_register=False, checked_on=job.starts_on, coach_regime="", by=by
                )
        while step := self._asked_before(before):
            with clock.at(promised(step.by), 19):
                needed = step.kind != SupportStep.Kind.WAGE_SUBSIDY or job.wage_value is not None
                done = {"outcome": SupportStep.Outcome.DONE, "note": ""}
                unasked = {"outcome": SupportStep.Outcome.NOT_NEEDED, "note": "Geen loonwaarde gemeten."}
                actions.record_support_step(
                    self.fresh(),
                    organisation=job.organisation,
                    kind=step.kind,
                    on=step.by,
                    by=by,
                    **(done if needed else unasked),
                )
        return self

    def _asked_before(self, day: date) -> subsidies.ToDo | None:
        with clock.at(day):
            job = subsidies.job_of(self.fresh(), on_first_day=True)
        asked = [item for support in subsidies.supports_of(job) for item in support.todo] if job else []
        return next((item for item in asked if item.kind and item.step is None and item.by and item.by < day), None)

    def arrange_support(self, in_register: bool) -> Walk:
        """Look up the register, and see to everything that the arrangements for the employer ask by now."""
        by = self.team.personnel
        with clock.at(self.day, 19):
            actions.record_support(
                self.fresh(), in_register=in_register, checked_on=self.day, coach_regime="licht", by=by
            )
            job = subsidies.job_of(self.fresh())
            assert job is not None  # whoever arranges it has a contract
            asked = [item for support in subsidies.supports_of(job) for item in support.todo if item.kind]
            for item in asked:
                actions.record_support_step(
                    self.trajectory,
                    organisation=job.organisation,
                    kind=item.kind,
                    outcome=SupportStep.Outcome.DONE,
                    on=self.day,
                    by=by,
                )
        return self

    def put_on_paper(self, kind: str, *, signed: bool = True) -> Walk:
        """Make a document of what is in the file, send it, and let everybody sign it."""
        with clock.at(self.day, 19):
            subject = next(row for row in papers.subjects_of(self.fresh()) if row.kind == kind)
            by = self.user_on_lead
            paper = actions.make_paper(self.trajectory, kind=kind, subject_id=subject.pk, by=by)
            actions.send_paper(paper, by=by)
            outbox.run(OutboxMessage.objects.get(key=f"render-paper-{paper.pk}").pk)
        with clock.at(self.day, 20):
            for party in paper.parties.all() if signed else ():
                self._sign(party)
        return self

    def coach(self, score: int = 3) -> Walk:
        """A coaching talk on this day."""
        with clock.at(self.day, 19):
            actions.record_coaching(
                self.fresh(),
                on=self.day,
                field="vakmanschap",
                notes=self.words.coaching,
                next_on=self.day + timedelta(days=28),
                scores=dict.fromkeys(ambition_items(), score),
                by=self.user_on_lead,
            )
        return self

    def qualify(self, level: str = "startkwalificatie", name: str = "Startkwalificatie mbo 2") -> Walk:
        with clock.at(self.day):
            actions.record_qualification(self.fresh(), level=level, name=name, on=self.day, by=self.user_on_lead)
        return self

    def finish_training(self) -> Walk:
        """With the latest qualification, or at the contract's end."""
        with clock.at(self.day, 20):
            trajectory = self.fresh()
            qualification = trajectory.qualifications.first()
            kind = "gekwalificeerd" if qualification else "einde_contract"
            actions.finish_training(
                trajectory,
                kind=kind,
                on=self.day if qualification else None,
                qualification=qualification,
                by=self.user_on_lead,
            )
        return self

    # --- C, D, E ---
    def advise(self, direction: str = "a", destination: str = "", housing: bool = False) -> Walk:
        """Quick-scan, talk, advice."""
        adviser = self.team.career_adviser
        with clock.at(self.day, 21):
            answers = dict.fromkeys(("craft", "personal", "learning", "independence", "labour_market", "motivation"), 4)
            actions.record_quick_scan(
                self.fresh(), by=adviser, on=self.day, conclusion="Klaar voor een volgende stap.", **answers
            )
            self.talk(ContactMoment.Kind.ADVICE)
            actions.draft_advice(
                self.fresh(),
                by=adviser,
                direction=direction,
                destination=destination,
                housing_and_leisure=housing,
                plan=self.words.advice,
            )
        return self

    def give_advice(self) -> Walk:
        with clock.at(self.day, 22):
            actions.give_advice(self.fresh(), by=self.team.career_adviser)
        return self

    def place(self, organisation: Organisation, kind: str = "overname", months: int | None = 12) -> Walk:
        with clock.at(self.day):
            actions.place(
                self.fresh(),
                kind=kind,
                organisation=organisation,
                starts_on=self.day,
                ends_on=period_end(self.day, months) if months else None,
                hours_per_week=32,
                hourly_wage=self.wage_from(self.day, experienced=True),
                by=self.team.job_broker,
            )
        return self

    def place_directly(self) -> Walk:
        with clock.at(self.day):
            actions.place_directly(
                self.fresh(),
                starts_on=self.day,
                ends_on=period_end(self.day, 12),
                hours_per_week=24,
                hourly_wage=self.wage_from(self.day),
                by=self.team.personnel,
            )
        return self

    def check_in(self, mood: str = "goed") -> Walk:
        """Hold the first check-in that is due."""
        with clock.at(self.day):
            aftercare = self.fresh().aftercares.get(stopped_on=None)
            row = aftercare.check_ins.filter(held_on=None)[0]
            actions.record_check_in(row, held_on=self.day, mood=mood, notes="Gebeld: werk gaat.", by=self.user_on_lead)
        return self

    def step(self, name: str, *, by: User | None = None, **values: Any) -> Walk:
        """Any other step by its name."""
        with clock.at(self.day, 23):
            actions.STEPS[name](self.fresh(), by=by or self.user_on_lead, **values)
        return self

    def close(self) -> Walk:
        """Exit talk, administrative completion, closing."""
        backoffice = self.team.backoffice
        with clock.at(self.day, 23):
            actions.record_exit_talk(
                self.fresh(), was_held=True, on=self.day, feedback="Fijn geholpen.", grade=8, by=backoffice
            )
            checks = dict.fromkeys(
                ("documents_complete", "client_informed", "invoice_settled", "accounts_closed"), True
            )
            actions.record_completion(self.fresh(), by=backoffice, **checks)
            actions.close(self.fresh(), by=backoffice)
        return self


@lru_cache(maxsize=1)
def _item_ids() -> tuple[int, ...]:
    return tuple(AmbitionItem.objects.values_list("pk", flat=True))


def ambition_items() -> list[AmbitionItem]:
    """The items of the ambition scale."""
    return [AmbitionItem(pk=pk) for pk in _item_ids()]


def begin(
    registration: Registration, team: Team, day: date, *, department: Department, stream: Stream | None = None
) -> Walk:
    """Assign a registration on a day; the walk starts at AANGEMELD."""
    with clock.at(day):
        trajectory = actions.assign(
            registration,
            department=department,
            regisseur=team.regisseur if department.is_maatwerq else None,
            career_adviser=team.career_adviser,
            job_broker=team.job_broker,
            stream=stream,
            by=team.frontoffice,
        )
        actions.set_guides(trajectory, jobcoach=team.jobcoach, by=team.frontoffice)
    return Walk(trajectory, team, day)
