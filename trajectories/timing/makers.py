"""What is due when, whose it is and why, for each state of a case. Nothing here asks what day it is (R17)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from accounts import law
from accounts.models import LawSetting, Role
from topjob import clock
from topjob.dates import nl_date
from topjob.errors import promised
from topjob.models import OutboxMessage
from trajectories.models import Deadline
from trajectories.money import pay, rises, subsidies
from trajectories.process import rules
from trajectories.process.workflow import FOLLOW_UP_DAYS, State

if TYPE_CHECKING:
    from trajectories.models import Contract, PartyLink, Trajectory, TrialPeriod

from trajectories.timing.kinds import MONEY

Kind, Key = Deadline.Kind, law.Key

KEYS = (
    Key.COACHING_DAYS,
    Key.CLOSING_DAYS,
    Key.START_NEAR_DAYS,
    Key.PLAN_ANSWER_DAYS,
    Key.EVALUATION_INVITE_DAYS,
    Key.VIEWS_DAYS,
    Key.WAGE_VALUE_DAYS,
    Key.QUALIFICATION_DAYS,
    Key.AGREEMENT_END_DAYS,
    Key.PRACTICE_DAYS,
    Key.WAGE_RISE_DAYS,
    *pay.KEYS,
    Key.NOTICE_MONTHS,
    Key.NOTICE_FROM_MONTHS,
    Key.PERMISSION_WARN_DAYS,
    Key.TRIAL_MONTHS,
    Key.AFTERCARE_MONTHS,
    Key.RETENTION_MONTHS,
)


@dataclass(frozen=True)
class Due:
    """A deadline as it should stand: what, when, whose, why, and the value of the rule that it was counted with."""

    kind: str
    on: date
    role: str
    why: str
    subject_id: int = 0
    rule: LawSetting | None = None


class Count:
    """Counting days with the rules of one client, each value as it held on the day of the cause."""

    def __init__(self, trajectory: Trajectory, returned: dict[int, datetime] | None = None) -> None:
        self.case = trajectory
        self._returned = returned
        self.values = law.versions(*KEYS, client=trajectory.client)
        self.lead = Role.REGISSEUR if trajectory.department.is_maatwerq else Role.LOOPBAANADVISEUR
        self.since = clock.local(trajectory.state_since)

    @cached_property
    def rows(self) -> list[Deadline]:
        """Every deadline the case has and had."""
        return list(self.case.deadlines.all())

    @cached_property
    def waiting(self) -> list[PartyLink]:
        return waiting_links(self.case)

    @cached_property
    def returned(self) -> dict[int, datetime]:
        """When sending one of these links was given up, by link."""
        if self._returned is None:
            return returned(self.waiting)
        return self._returned

    def rule(self, key: str, cause: date) -> LawSetting:
        return self.values.at(key, cause)

    def days(self, key: str, cause: date) -> tuple[LawSetting, timedelta]:
        rule = self.rule(key, cause)
        return rule, timedelta(days=int(rule.value))


def expected(trajectory: Trajectory) -> list[Due]:
    """Every deadline that follows from where the trajectory stands now."""
    return expected_by(Count(trajectory))


def expected_by(count: Count) -> list[Due]:
    maker = _MAKERS.get(State(count.case.state))
    return [*_follow_up(count), *_undelivered(count), *(maker(count) if maker else ())]


def _follow_up(count: Count) -> Iterator[Due]:
    """Somebody looks at it again, and after that again: nobody falls out of sight (R11)."""
    state = State(count.case.state)
    days = FOLLOW_UP_DAYS.get(state)
    if days is None:
        return
    seen = [row.closed_at for row in count.rows if row.kind == Kind.FOLLOW_UP and row.closed_at]
    last = max((moment for moment in seen if moment >= count.case.state_since), default=None)
    since = clock.local(last) if last else count.since
    why = _("Het traject staat op “%(state)s”; kijk na %(n)s dagen hoe het ervoor staat.")
    chosen = count.case.follow_up_on
    if chosen is not None and chosen > since:
        yield Due(Kind.FOLLOW_UP, chosen, count.case.turn_role, _("Op deze dag wil iemand weer kijken."))
        return
    yield Due(
        Kind.FOLLOW_UP, since + timedelta(days=days), count.case.turn_role, why % {"state": state.label, "n": days}
    )


def _undelivered(count: Count) -> Iterator[Due]:
    """A personal link that came back, or of which nobody knows whether it arrived: somebody has to find another way."""
    for link in (link for link in count.waiting if link.pk in count.returned):
        why = _(
            "De link voor %(name)s kwam niet aan, of dat is niet zeker. Controleer het adres en stuur een nieuwe link."
        )
        day = clock.local(count.returned[link.pk])
        yield Due(Kind.UNDELIVERED, day, count.lead, why % {"name": link.party.name}, link.pk)


def waiting_links(case: Trajectory) -> list[PartyLink]:
    """The personal links of a case that weren't used, voided or declined."""
    return [link for link in case.links.all() if not (link.used_at or link.voided_at or link.declined_at)]


def returned(links: Iterable[PartyLink]) -> dict[int, datetime]:
    """When sending these links was given up, by link; of those that arrived, or may yet, nothing."""
    numbers = [link.pk for link in links]
    if not numbers:
        return {}
    sending = OutboxMessage.objects.filter(handler__in=["send_link", "mail_signed"], dead_at__isnull=False)
    ended = sending.filter(payload__link__in=numbers).order_by("pk").values_list("payload__link", "dead_at")
    return {link: promised(moment) for link, moment in ended}


def _startplan(count: Count) -> Iterator[Due]:
    case = count.case
    plan = case.signed_plan or case.current_plan
    if plan is None:
        return
    start = plan.trial_starts_on
    if case.signed_plan is None:
        rule, near = count.days(Key.START_NEAR_DAYS, start)
        why = _("De proefperiode begint op %(day)s en het startplan is nog niet door iedereen getekend.")
        yield Due(Kind.PLAN_UNSIGNED, start - near, case.turn_role, why % {"day": _day(start)}, plan.pk, rule)
        yield from _unanswered(count, plan)
    else:
        why = _("Iedereen heeft getekend; de proefperiode begint op de afgesproken dag.")
        yield Due(Kind.TRIAL_START, start, case.turn_role, why, plan.pk)
    if rules.needs_permission(plan) and not rules.permission_covers(case, start):
        why = _("Op de startdatum moet het besluit van %(client)s er zijn.") % {"client": case.client}
        yield Due(Kind.PERMISSION_MISSING, start, case.turn_role, why, plan.pk)


def _unanswered(count: Count, plan: Any) -> Iterator[Due]:
    """A sent version to which not everybody has answered."""
    if plan.sent_at is None or plan.is_draft:
        return
    sent = clock.local(plan.sent_at)
    rule, answer = count.days(Key.PLAN_ANSWER_DAYS, sent)
    why = _("Versie %(n)s is verstuurd op %(day)s en nog niet door iedereen beantwoord.")
    yield Due(
        Kind.PLAN_UNANSWERED, sent + answer, count.lead, why % {"n": plan.number, "day": _day(sent)}, plan.pk, rule
    )


def _trial(count: Count) -> Iterator[Due]:
    trial = count.case.current_trial
    if trial is None:
        return
    for moment in trial.plan.evaluation_dates.all():
        if not moment.is_final:
            why = _("In het startplan is een tussengesprek afgesproken.")
            yield Due(Kind.MID_TERM, trial.day_of(moment), Role.JOBCOACH, why, moment.pk)
    last_day = trial.last_day
    rule, invite = count.days(Key.EVALUATION_INVITE_DAYS, trial.starts_on)
    why = _("De proefperiode eindigt op %(day)s; nodig de partijen uit voor de evaluatie.") % {"day": _day(last_day)}
    yield Due(Kind.EVALUATION_SOON, last_day - invite, count.lead, why, trial.pk, rule)
    length = count.rule(Key.TRIAL_MONTHS, trial.starts_on)
    why = _("De proefperiode van %(n)s maanden begon op %(day)s.")
    why %= {"n": trial.months, "day": _day(trial.starts_on)}
    if last_day != trial.ends_on:
        why += " " + _("Verlengd: eerst tot en met %(day)s.") % {"day": _day(trial.ends_on)}
    yield Due(Kind.TRIAL_END, last_day, count.lead, why, trial.pk, length)
    yield from _wage_value(count, trial)
    yield from _permission_ending(count, trial)
    yield from _wage_rise(count)
    yield from _money(count)


def _wage_value(count: Count, trial: TrialPeriod) -> Iterator[Due]:
    """R8: where it is asked for, loonwaarde is known before the trial ends."""
    case = count.case
    evaluation = case.current_evaluation
    needed = rules.wage_value_required(case) or bool(evaluation and evaluation.wage_value_needed)
    if not needed or any(value.determined_on >= trial.starts_on for value in case.wage_values.all()):
        return
    rule, before = count.days(Key.WAGE_VALUE_DAYS, trial.starts_on)
    why = _("Zonder loonwaarde is de evaluatie niet compleet; de proefperiode eindigt op %(day)s.")
    yield Due(Kind.WAGE_VALUE, trial.last_day - before, count.lead, why % {"day": _day(trial.last_day)}, trial.pk, rule)


def _permission_ending(count: Count, trial: TrialPeriod) -> Iterator[Due]:
    """The decisions of the payer end before the trial does, or leave days open: ask for the next one in time."""
    case, last_day = count.case, trial.last_day
    if not rules.needs_permission(trial.plan):
        return
    until = rules.permitted_until(case, trial.starts_on) or trial.starts_on
    if until >= last_day:
        return
    rule, before = count.days(Key.PERMISSION_WARN_DAYS, trial.starts_on)
    why = _("Het besluit van %(client)s geldt tot en met %(until)s, de proefperiode duurt tot en met %(day)s.")
    why %= {"client": case.client, "until": _day(until), "day": _day(last_day)}
    yield Due(Kind.PERMISSION_ENDING, until - before, count.lead, why, trial.pk, rule)


def _money(count: Count) -> Iterator[Due]:
    """Every step of the arrangements for the employer that has its day and isn't recorded as done or not needed."""
    job = subsidies.job_of(count.case, on_first_day=True)
    if job is None:
        return
    agreed = _("Contract bij %(company)s vanaf %(day)s.")
    words = agreed if job.is_agreed else _("Na de proefperiode kan er een contract zijn bij %(company)s vanaf %(day)s.")
    words %= {"company": job.organisation, "day": _day(job.starts_on)}
    for item in (item for support in subsidies.supports_of(job) for item in support.todo):
        if item.due and item.by is not None and item.step is None:
            lapses = _("Daarna kan het niet meer.") if item.lapses else ""
            why = " ".join(filter(None, (item.text, lapses, words)))
            role = MONEY[Kind(item.due)] or count.lead
            yield Due(item.due, item.by, role, why, job.organisation.pk, item.rule)


def _wage_rise(count: Count) -> Iterator[Due]:
    """The next day on which the agreed wage goes up, of which employer and youth hear before; one that wasn't told stays."""
    contract = count.case.running_contract
    if contract is None:
        return
    rows = [row for row in count.rows if row.kind == Kind.WAGE_RISE and row.created_at >= contract.created_at]
    untold = {row.subject_id for row in rows if row.closed_at is None}
    told = {row.subject_id for row in rows} - untold
    for rise in rises.rises_of(contract, count.case, count.values):
        is_coming = rise.on > clock.today() and rise.number not in told
        if is_coming or rise.number in untold:
            rule, before = count.days(Key.WAGE_RISE_DAYS, rise.on)
            day = max(rise.on - before, clock.local(contract.created_at))
            yield Due(Kind.WAGE_RISE, day, Role.PERSONEEL, str(rise), rise.number, rule)
        if is_coming:
            return


def _evaluation(count: Count) -> Iterator[Due]:
    trial, evaluation = count.case.current_trial, count.case.current_evaluation
    if trial is None or evaluation is None:
        return
    opened = clock.local(evaluation.opened_at)
    rule, time = count.days(Key.VIEWS_DAYS, opened)
    due = max(trial.last_day, opened + time)
    if missing := rules.missing_views(count.case):
        why = _("Nog geen oordeel van: %(names)s.") % {"names": ", ".join(missing)}
        yield Due(Kind.VIEWS_MISSING, due, count.lead, why, trial.pk, rule)
    why = _("De evaluatie is geopend op %(day)s; beslis hoe het verder gaat.") % {"day": _day(opened)}
    yield Due(Kind.DECISION, due, count.lead, why, trial.pk, rule)
    yield from _wage_value(count, trial)
    yield from _permission_ending(count, trial)
    yield from _wage_rise(count)
    yield from _money(count)


def _learn_work(count: Count) -> Iterator[Due]:
    yield _coaching(count)
    yield from _wage_rise(count)
    yield from _money(count)
    contract = count.case.running_contract
    if contract is None or contract.last_day is None:
        return
    end = contract.last_day
    yield from _practice_agreement(count, contract)
    yield from _notice(count, contract)
    if not any(diploma.on >= contract.starts_on for diploma in count.case.qualifications.all()):
        rule, before = count.days(Key.QUALIFICATION_DAYS, contract.starts_on)
        why = _("De opleiding eindigt op %(day)s en er is nog geen diploma vastgelegd.") % {"day": _day(end)}
        yield Due(Kind.QUALIFICATION, end - before, Role.JOBCOACH, why, contract.pk, rule)
    why = _("Het leerwerkcontract eindigt; daarna gaat de deelnemer naar het Adviespunt.")
    yield Due(Kind.CONTRACT_END, end, count.lead, why, contract.pk)


def _practice_agreement(count: Count, contract: Contract) -> Iterator[Due]:
    """Where one learns for a diploma the school makes a praktijkovereenkomst; without one that holds somebody asks for it."""
    if not count.case.learns_with_school:
        return
    rows = count.case.practice_agreements.all()
    if any(row.stopped_on is None and row.ends_on >= contract.starts_on for row in rows):
        return
    rule, time = count.days(Key.PRACTICE_DAYS, contract.starts_on)
    why = _("Leren op deze plek begon op %(day)s. Vraag de school om de praktijkovereenkomst.")
    yield Due(
        Kind.PRACTICE_MISSING,
        contract.starts_on + time,
        count.lead,
        why % {"day": _day(contract.starts_on)},
        contract.pk,
        rule,
    )


def _notice(count: Count, contract: Contract) -> Iterator[Due]:
    """Aanzegtermijn: only contracts of some length end with a notice (BW 7:668)."""
    on = rules.notice_by(contract) if contract.ended_early_on is None else None
    if on is None:
        return
    rule = count.rule(Key.NOTICE_MONTHS, contract.starts_on)
    why = _("Het contract eindigt op %(day)s: laat uiterlijk nu schriftelijk weten of en hoe het verder gaat.")
    yield Due(
        Kind.CONTRACT_NOTICE, on, Role.PERSONEEL, why % {"day": _day(promised(contract.ends_on))}, contract.pk, rule
    )


def _coaching(count: Count) -> Due:
    rule, step = count.days(Key.COACHING_DAYS, count.since)
    last = next((talk for talk in count.case.coaching_sessions.all() if talk.on >= count.since), None)
    if last is None:
        return Due(Kind.COACHING, count.since + step, Role.JOBCOACH, _("Er is nog geen gesprek geweest."), 0, rule)
    why = _("Het vorige gesprek was op %(day)s.") % {"day": _day(last.on)}
    if last.next_on:
        return Due(Kind.COACHING, last.next_on, Role.JOBCOACH, why)
    return Due(Kind.COACHING, last.on + step, Role.JOBCOACH, why, 0, rule)


def _aftercare(count: Count) -> Iterator[Due]:
    aftercare = next((row for row in count.case.aftercares.all() if row.stopped_on is None), None)
    if aftercare is None:
        return
    for check_in in (row for row in aftercare.check_ins.all() if row.held_on is None):
        why = _("In de nazorg is een contact gepland.")
        yield Due(Kind.CHECK_IN, check_in.due_on, count.lead, why, check_in.pk)
    rule = count.rule(Key.AFTERCARE_MONTHS, aftercare.starts_on)
    why = _("De nazorg begon op %(day)s en duurt ten hoogste %(n)s maanden.")
    why %= {"day": _day(aftercare.starts_on), "n": rule.value}
    yield Due(Kind.AFTERCARE_END, aftercare.ends_on, count.lead, why, aftercare.pk, rule)
    if (contract := count.case.running_contract) is not None:
        yield from _practice_agreement(count, contract)
        yield from _ending(count, contract)
    yield from _wage_rise(count)
    yield from _money(count)


def _ending(count: Count, contract: Contract) -> Iterator[Due]:
    """An agreement that ends, with the notice of the law or without one: nobody reads on the last day that it was the last."""
    if contract.ends_on is None or contract.ended_early_on is not None:
        return
    notice = list(_notice(count, contract))
    yield from notice
    if not notice:
        rule, before = count.days(Key.AGREEMENT_END_DAYS, contract.starts_on)
        why = _("De overeenkomst (%(what)s) eindigt op %(day)s; bespreek of en hoe het verder gaat.")
        why %= {"what": contract.what, "day": _day(contract.ends_on)}
        yield Due(Kind.AGREEMENT_END, contract.ends_on - before, count.lead, why, contract.pk, rule)


def _closing(count: Count) -> Iterator[Due]:
    rule, time = count.days(Key.CLOSING_DAYS, count.since)
    why = _("Voer het exitgesprek, rond de administratie af en sluit het dossier.")
    yield Due(Kind.CLOSING, count.since + time, Role.BACKOFFICE, why, 0, rule)


def _closed(count: Count) -> Iterator[Due]:
    """R15: the retention period runs; when it is over the file is destroyed."""
    case = count.case
    if case.retention_until is None or case.closed_at is None:
        return
    rule = count.rule(Key.RETENTION_MONTHS, clock.local(case.closed_at))
    why = _("Het dossier is gesloten op %(day)s; na de bewaartermijn wordt het vernietigd.")
    why %= {"day": _day(clock.local(case.closed_at))}
    yield Due(Kind.RETENTION, case.retention_until, Role.BEHEERDER, why, 0, rule)


_MAKERS = {
    State.STARTPLAN: _startplan,
    State.PROEFPERIODE: _trial,
    State.EVALUATIE: _evaluation,
    State.LEERWERK: _learn_work,
    State.NAZORG: _aftercare,
    State.AFSLUITING: _closing,
    State.AFGESLOTEN: _closed,
}


def _day(day: date) -> str:
    return nl_date(day)
