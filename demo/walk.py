"""Walking one person through the journey by the real actions, each on its own day; for the demo and for tests.

Nothing here writes state: every guard is met the way people meet it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Self

from accounts.models import Department, Organisation, User
from candidates.models import ContactMoment, Registration
from demo.first_half import FirstHalf, ambition_items
from demo.paper import a_paper
from demo.team import Team, Words
from employers.models import Stream
from topjob import clock, outbox
from topjob.errors import promised
from topjob.models import OutboxMessage
from trajectories import actions
from trajectories.documents import papers
from trajectories.models import AgreementKind, Contract, SupportStep, Trajectory
from trajectories.money import subsidies
from trajectories.money.agreeing import Terms
from trajectories.process import rules
from trajectories.process.periods import period_end
from trajectories.process.workflow import name_of


class Walk(FirstHalf):
    """A whole journey: what comes after the trial, too."""

    def settle_wage_value(self, percentage: int = 60) -> Self:
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

    def interrupt(self, days: int = 5) -> Self:
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

    def continue_learning(self, months: int = 18, hours: int = 32) -> Self:
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

    def arrange_due(self, before: date) -> Self:
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

    def arrange_support(self, in_register: bool) -> Self:
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

    def put_on_paper(self, kind: str, *, signed: bool = True) -> Self:
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

    def coach(self, score: int = 3) -> Self:
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

    def qualify(self, level: str = "startkwalificatie", name: str = "Startkwalificatie mbo 2") -> Self:
        with clock.at(self.day):
            actions.record_qualification(self.fresh(), level=level, name=name, on=self.day, by=self.user_on_lead)
        return self

    def finish_training(self) -> Self:
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
    def advise(self, direction: str = "a", destination: str = "", housing: bool = False) -> Self:
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

    def give_advice(self) -> Self:
        with clock.at(self.day, 22):
            actions.give_advice(self.fresh(), by=self.team.career_adviser)
        return self

    def place(self, organisation: Organisation, kind: str = "overname", months: int | None = 12) -> Self:
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

    def place_directly(self) -> Self:
        """By what is agreed for this kind of place: a job of a year, a stage of half a year, some hours as a volunteer."""
        with clock.at(self.day):
            trajectory = self.fresh()
            kind = promised(trajectory.current_application).vacancy.kind_of_place
            agreement = AgreementKind.objects.at(kind)[0]
            actions.place_directly(trajectory, terms=self._terms(agreement), by=self.team.personnel)
        return self

    def _terms(self, agreement: AgreementKind) -> Terms:
        gets: dict[str, dict[str, Any]] = {
            AgreementKind.Pays.WAGE: {"hourly_wage": self.wage_from(self.day)},
            AgreementKind.Pays.VOLUNTEER: {"allowance": Decimal(40), "allowance_per": Contract.Per.MONTH},
            AgreementKind.Pays.ALLOWANCE: {"allowance": Decimal(250), "allowance_per": Contract.Per.MONTH},
        }
        return Terms(
            agreement=agreement,
            starts_on=self.day,
            ends_on=period_end(self.day, 12 if agreement.pays_wage else 6),
            hours_per_week=24 if agreement.ends or agreement.pays_wage else 8,
            **gets.get(agreement.pays, {}),
        )

    def with_school(self, until: date) -> Self:
        """The school sent its praktijkovereenkomst, signed; the regisseur keeps it."""
        with clock.at(self.day, 22):
            actions.record_practice_agreement(
                self.fresh(),
                file=a_paper(
                    "Praktijkovereenkomst", str(self.candidate), "Getekend door student, school en leerbedrijf"
                ),
                school="ROC van Twente",
                training="Uitvoering bouw (niveau 2)",
                crebo="25187",
                starts_on=self.day,
                ends_on=until,
                by=self.user_on_lead,
            )
        return self

    def check_in(self, mood: str = "goed") -> Self:
        """Hold the first check-in that is due."""
        with clock.at(self.day):
            aftercare = self.fresh().aftercares.get(stopped_on=None)
            row = aftercare.check_ins.filter(held_on=None)[0]
            actions.record_check_in(row, held_on=self.day, mood=mood, notes="Gebeld: werk gaat.", by=self.user_on_lead)
        return self

    def step(self, method: Callable, *, by: User | None = None, **values: Any) -> Self:
        """Any other step of the journey."""
        with clock.at(self.day, 23):
            actions.STEPS[name_of(method)](self.fresh(), by=by or self.user_on_lead, **values)
        return self

    def close(self) -> Self:
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


__all__ = ["Team", "Walk", "Words", "ambition_items", "begin"]
