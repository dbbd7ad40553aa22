"""The first half of a journey, told by the product's own actions: intake, placing, startplan, trial, views (A and B)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Self

from accounts.models import User
from candidates import actions as candidate_actions
from candidates.actions import SnapshotEdit
from candidates.models import ContactMoment, FinanceCheck, LifeArea
from demo.team import Team, Words
from employers.models import Vacancy
from matching import actions as matching_actions
from topjob import clock, outbox
from topjob.errors import promised
from topjob.models import OutboxMessage, StoredSms
from trajectories import actions
from trajectories.models import AmbitionItem, EvaluationView, PartyLink, PlanParty, Trajectory
from trajectories.money import pay
from trajectories.process import rules
from trajectories.process.choices import Party
from trajectories.signing.links import CODE_DIGITS, open_anew
from trajectories.signing.statements import statements_for

# What employers pay above the minimum wage of an hour.
EXTRA = (Decimal(0), Decimal(0), Decimal("0.25"), Decimal("0.50"), Decimal("1.10"))


class FirstHalf:
    """One trajectory and the day it is in its story: from the intake until the evaluation of the trial."""

    def __init__(self, trajectory: Trajectory, team: Team, day: date, words: Words | None = None) -> None:
        self.trajectory, self.team, self.day, self.words = trajectory, team, day, words or Words()

    @property
    def candidate(self) -> Any:
        return self.trajectory.candidate

    @property
    def user_on_lead(self) -> User:
        return self.team.regisseur if self.trajectory.department.is_maatwerq else self.team.career_adviser

    def later(self, days: int) -> Self:
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
        least = pay.at_least(Decimal(1), pay.minimum_on(self.trajectory, day))
        above = EXTRA[self.candidate.birth_date.toordinal() % len(EXTRA)] + (Decimal("0.85") if experienced else 0)
        before = self.trajectory.contracts.filter(hourly_wage__isnull=False).first()
        return max(least + above, before.hourly_wage or least) if before else least + above

    # --- A ---
    def intake(self) -> Self:
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
            yield from self._goings(area)

    def _goings(self, area: LifeArea) -> Iterator[SnapshotEdit]:
        """How it goes there, where somebody wanted to say so: not everybody does, and not in every life area."""
        turn = (self.candidate.birth_date.toordinal() + area.position) % 4
        said: tuple[int | None, ...] = ((), (2, 3, 5), (1, 2, 4), (None, 4, 5))[turn]
        for name, figure in zip(("past", "present", "wanted"), said, strict=False):
            if figure is not None:
                yield SnapshotEdit(area.pk, f"{name}_going", None, figure)

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

    def confirm_profile(self, **refinements: Any) -> Self:
        """The loopbaanadviseur refines and confirms the zoekprofiel."""
        with clock.at(self.day):
            if refinements or not self.candidate.search_profiles.concepts().exists():
                matching_actions.refine_profile(self.candidate, refinements, by=self.team.career_adviser)
            concept = self.candidate.search_profiles.concepts().get()
            matching_actions.confirm_profile(concept, by=self.team.career_adviser)
        return self

    def complete_intake(self) -> Self:
        with clock.at(self.day):
            actions.complete_intake(self.fresh(), by=self.user_on_lead)
        return self

    # --- B ---
    def choose(self, vacancy: Vacancy) -> Self:
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

    def introduce(self) -> Self:
        with clock.at(self.day):
            actions.introduce(self.fresh(), by=self.team.job_broker, talk_at=self.at() + timedelta(days=5))
        return self

    def hold_talk(self) -> Self:
        with clock.at(self.day, 12):
            actions.record_talk(
                self.fresh(), talk_at=self.at(10), notes=self.words.application, by=self.team.job_broker
            )
        return self

    def decline(self, reason: str) -> Self:
        with clock.at(self.day):
            actions.decline_application(self.fresh(), reason=reason, by=self.team.job_broker)
        return self

    def accept(
        self, start: date, construction: str = "1", route: str = "bbl1", level: str = "startkwalificatie"
    ) -> Self:
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

    def draft_plan(self) -> Self:
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

    def send_plan(self) -> Self:
        """Send the plan; the PDF is made here and now, by the handler that the worker would run."""
        with clock.at(self.day, 11):
            plan = promised(self.fresh().current_plan)
            actions.send_plan(plan, by=self.user_on_lead)
            outbox.run(OutboxMessage.objects.get(key=f"render-plan-{plan.pk}").pk)
        return self

    def sign(self, *parties: str) -> Self:
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

    def permit(self, until: date | None = None) -> Self:
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

    def start_trial(self) -> Self:
        """On the plan's start date."""
        self.day = promised(self.fresh().current_plan).trial_starts_on
        with clock.at(self.day):
            actions.start_trial(self.fresh(), by=self.user_on_lead)
        return self

    def open_evaluation(self) -> Self:
        """A week before the trial ends."""
        self.day = promised(self.fresh().current_trial).last_day - timedelta(days=7)
        with clock.at(self.day):
            actions.open_evaluation(self.fresh(), by=self.user_on_lead)
        return self

    def give_views(self, positive: bool = True, *parties: str) -> Self:
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


@lru_cache(maxsize=1)
def _item_ids() -> tuple[int, ...]:
    return tuple(AmbitionItem.objects.values_list("pk", flat=True))


def ambition_items() -> list[AmbitionItem]:
    """The items of the ambition scale."""
    return [AmbitionItem(pk=pk) for pk in _item_ids()]
