"""The money side for the employer: what it may count on, with the rule behind every figure. An indication, in whole cents.

Figures come from the rules of today (`accounts/law.py`), never from here. Whoever decides is the gemeente, UWV or the tax office.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from accounts import law
from accounts.models import LawSetting, Organisation
from candidates.models import TargetGroup
from topjob import clock
from topjob.dates import nl_date
from topjob.errors import promised
from topjob.money import euro
from trajectories.models import Application, Contract, Deadline, EmployerSupport, SupportStep, Trajectory, WageValue
from trajectories.money.amounts import (
    MONTHS_PER_YEAR,
    charges_on,
    subsidy_per_month,
    tax_benefit_per_year,
    wage_costs_per_month,
)
from trajectories.money.pay import FULL, Minimum, at_least, is_in_bbl, minimum_at, of_cents, to_cents
from trajectories.money.pay import KEYS as WAGE_KEYS
from trajectories.process import rules
from trajectories.process.periods import period_end

Key, Step, Due = law.Key, SupportStep.Kind, Deadline.Kind


# --- What is said ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Basis:
    """The rule that a figure comes from."""

    label: str
    value: str
    valid_from: date
    source: str
    is_checked: bool


@dataclass(frozen=True)
class ToDo:
    """What has to happen, by when; what was recorded about it. `lapses`: after the day it can't be done any more.

    `due` is the kind of deadline that it is, once it is sure that it has to happen; `rule` the value its day was counted with.
    """

    text: str
    by: date | None = None
    kind: str = ""
    lapses: bool = False
    due: str = ""
    rule: LawSetting | None = None
    step: SupportStep | None = None
    is_lapsed: bool = False


@dataclass(frozen=True)
class Support:
    """One arrangement: whether it applies, what it comes to, on which rules, and what has to be done."""

    title: str
    answer: str
    tone: str
    lines: list[tuple[str, str]] = field(default_factory=list)
    how: str = ""
    todo: list[ToDo] = field(default_factory=list)
    basis: list[Basis] = field(default_factory=list)


@dataclass(frozen=True)
class Job:
    """The job the figures are about."""

    organisation: Organisation
    starts_on: date
    ends_on: date | None
    hours: int
    # Gross, as agreed; none before there is a contract, or in a contract from before wages were kept.
    hourly_wage: Decimal | None
    age: int
    in_bbl: bool
    wage_value: WageValue | None
    payer: Organisation | None
    group: TargetGroup | None
    facts: EmployerSupport | None
    on: date
    is_agreed: bool
    steps: dict[str, SupportStep]

    @property
    def is_listed(self) -> bool | None:
        """In the doelgroepregister (banenafspraak): yes, no, or not looked up yet."""
        return self.facts.in_register if self.facts else None

    @property
    def payer_is_municipality(self) -> bool:
        if self.payer is not None:
            return self.payer.client_type == Organisation.ClientType.MUNICIPALITY
        return self.group is not None and self.group.payer == TargetGroup.Payer.MUNICIPALITY


def of_the_job() -> tuple[str | Prefetch, ...]:
    """What the figures are about, for reading the trajectory."""
    return (
        "wage_values",
        Prefetch("applications", Application.objects.with_place()),
        Prefetch("contracts", Contract.objects.select_related("organisation")),
        Prefetch("support_steps", SupportStep.objects.select_related("recorded_by")),
        "practice_agreements",
    )


def job_of(trajectory: Trajectory, *, on_first_day: bool = False) -> Job | None:
    """The running contract or, before there is one, the contract that would follow the trial; nothing without a place.

    Figures are those of today; on the first day where only the days count by which something has to happen.
    """
    application = trajectory.current_application or _last_application(trajectory)
    contract = next(filter(_is_a_job, trajectory.contracts.all()), None)
    if contract is not None:
        facts = (contract.organisation, contract.starts_on, contract.ends_on, contract.hours_per_week)
    elif plan := trajectory.signed_plan or trajectory.current_plan:
        start = rules.learn_work_start(trajectory) or plan.trial_ends_on + timedelta(days=1)
        facts = (plan.application.organisation, start, None, plan.hours_per_week)
    else:
        return None
    organisation, starts_on, ends_on, hours = facts
    on = starts_on if on_first_day else max(starts_on, clock.today())
    return Job(
        organisation=organisation,
        starts_on=starts_on,
        ends_on=ends_on,
        hours=hours,
        hourly_wage=contract.hourly_wage if contract else None,
        age=trajectory.candidate.age_on(on),
        in_bbl=is_in_bbl(trajectory, on),
        wage_value=_measured_at(trajectory, application, organisation),
        payer=trajectory.client,
        group=trajectory.target_group,
        facts=_looked_up(trajectory),
        on=on,
        is_agreed=contract is not None,
        steps=_steps_at(trajectory, organisation),
    )


def _is_a_job(contract: Contract) -> bool:
    """A contract after the trial that still runs, or is to come; nobody is employed by an agreement without wage."""
    runs = contract.ended_early_on is None and (contract.ends_on is None or contract.ends_on >= clock.today())
    return runs and contract.kind != Contract.Kind.TRIAL and not contract.is_unpaid


def _last_application(trajectory: Trajectory) -> Application | None:
    """The placement that ended, whose contract may run on."""
    return next((row for row in trajectory.applications.all() if row.is_ended), None)


def _looked_up(trajectory: Trajectory) -> EmployerSupport | None:
    """What was looked up for the employer; no query where it was read with the case."""
    if Trajectory.employer_support.is_cached(trajectory):
        return getattr(trajectory, "employer_support", None)
    return EmployerSupport.objects.filter(trajectory=trajectory).select_related("recorded_by").first()


def _steps_at(trajectory: Trajectory, organisation: Organisation) -> dict[str, SupportStep]:
    """What was recorded as done or not needed, at this company: another company asks for its own."""
    return {row.kind: row for row in trajectory.support_steps.all() if row.organisation_id == organisation.pk}


def _measured_at(
    trajectory: Trajectory, application: Application | None, organisation: Organisation
) -> WageValue | None:
    """Loonwaarde belongs to the place where it was measured: of this trial on, at this company."""
    if application is None or application.organisation_id != organisation.pk:
        return None
    trial = getattr(application, "trial", None)
    if trial is None:
        return None
    values = trajectory.wage_values.all()
    return next((value for value in values if value.determined_on >= trial.starts_on), None)


class Rulebook:
    """The rules that hold on the day, read in one query; remembers which were used, as the basis of a figure."""

    def __init__(self, on: date, client: Organisation | None) -> None:
        self.rows = law.held(*KEYS, on=on, client=client)
        self.used: list[LawSetting] = []

    def has(self, *keys: str) -> bool:
        return all(key in self.rows for key in keys)

    def rule(self, key: str) -> LawSetting:
        """The value itself, for who keeps with which one something was counted."""
        return self.rows[key]

    def row(self, key: str) -> LawSetting:
        row = self.rows.get(key)
        if row is None:
            raise LawSetting.DoesNotExist(key)
        if row not in self.used:
            self.used.append(row)
        return row

    def word(self, key: str) -> str:
        return self.row(key).value

    def number(self, key: str) -> int:
        return int(self.word(key))

    def cents(self, key: str) -> int:
        return int(Decimal(self.word(key)) * 100)

    def basis(self) -> list[Basis]:
        """The rules used since the last time it was asked."""
        used, self.used = self.used, []
        return [
            Basis(
                str(Key(row.key).label),
                row.value,
                row.valid_from,
                row.source,
                row.certainty == LawSetting.Certainty.VERIFIED,
            )
            for row in used
        ]


KEYS = (
    *WAGE_KEYS, Key.HOLIDAY_PAY, Key.LKS_FULL_WEEK, Key.LKS_MAX,
    Key.LKS_FLAT, Key.LKS_FLAT_MONTHS, Key.LKS_CHARGES, Key.LKS_DECISION_WEEKS,
    Key.LKV_HOUR, Key.LKV_YEAR, Key.LKV_DECLARATION_MONTHS,
    Key.NO_RISK_YEARS, Key.COACH_LIGHT, Key.COACH_MIDDLE, Key.QUOTA_ACTIVE, Key.QUOTA_EXEMPT_BELOW,
)  # fmt: skip


def supports_of(job: Job) -> list[Support]:
    """Every arrangement in the order employers ask for them."""
    book = Rulebook(job.on, job.payer)
    makers: tuple[Callable[[Job, Rulebook], Support], ...] = (_wage_subsidy, _tax_benefit, _no_risk, _coach, _quota)
    found = [maker(job, book) for maker in makers]
    return [replace(support, todo=[_as_recorded(item, job) for item in support.todo]) for support in found]


def _as_recorded(item: ToDo, job: Job) -> ToDo:
    """With what was recorded about it, or that it is too late for."""
    step = job.steps.get(item.kind)
    is_lapsed = item.lapses and step is None and item.by is not None and item.by < job.on
    return replace(item, step=step, is_lapsed=is_lapsed)


def todo_of(job: Job, kind: str) -> ToDo | None:
    """The step of this kind, where an arrangement asks for it now."""
    return next((item for support in supports_of(job) for item in support.todo if item.kind == kind), None)


def _minimum(job: Job, book: Rulebook) -> Minimum | None:
    """The minimum wage at this age; nothing where no rule says so."""
    try:
        return minimum_at(job.age, book.row, in_bbl=job.in_bbl)
    except LawSetting.DoesNotExist:
        return None


def _wage_subsidy(job: Job, book: Rulebook) -> Support:
    """LKS (Participatiewet art. 10d)."""
    title = _("Loonkostensubsidie (LKS)")
    if not job.payer_is_municipality:
        how = _("LKS komt van de gemeente. Betaalt UWV het traject? Vraag UWV dan naar loondispensatie.")
        return Support(title, _("niet via deze opdrachtgever"), "quiet", how=how)
    minimum = _minimum(job, book)
    if minimum is None:
        how = _("Voor deze leeftijd is geen minimumloon ingesteld. Vraag het de gemeente.")
        return Support(title, _("onbekend"), "care", how=how, basis=book.basis())
    if job.wage_value is not None and job.wage_value.percentage == FULL:
        return Support(title, _("nee: de loonwaarde is 100%"), "quiet", basis=book.basis())
    full = FullMonth(job, minimum, book.number(Key.LKS_FULL_WEEK), book.number(Key.HOLIDAY_PAY))
    lines, todo = full.lines(), _subsidy_to_ask(job, book)
    if job.wage_value is not None:
        return _subsidy_measured(Support(title, "", "good", lines, "", todo), full, job.wage_value, book)
    return _subsidy_flat(Support(title, "", "good", lines, "", todo), full, book)


@dataclass(frozen=True)
class FullMonth:
    """A month of this job at the minimum wage, with the full week and the holiday pay that the subsidy counts with."""

    job: Job
    minimum: Minimum
    full_week: int
    holiday: int

    def lines(self) -> list[tuple[str, str]]:
        """What the subsidy is worked out from, and what the contract pays."""
        hour, hours = self.minimum.cents, self.job.hours
        costs = to_cents(wage_costs_per_month(hour, hours, self.full_week, self.holiday))
        month = _("Minimumloon met vakantiebijslag, per maand bij %(n)s uur per week") % {"n": hours}
        return [
            (_("Minimumloon per uur"), of_cents(hour)),
            (month, of_cents(costs)),
            *_agreed_wage(self.job, self.minimum),
        ]

    def subsidy(self, percentage: int, most: int) -> int:
        """The cents of a month at this wage value, never more than `most` per cent of the costs."""
        hour, hours = self.minimum.cents, self.job.hours
        return subsidy_per_month(hour, hours, percentage, full_week=self.full_week, holiday=self.holiday, most=most)


def _subsidy_to_ask(job: Job, book: Rulebook) -> list[ToDo]:
    """Asking for it, and once that is done: whether the decision came."""
    weeks = book.number(Key.LKS_DECISION_WEEKS)
    text = _("Vraag LKS aan bij de gemeente. Die beslist binnen %(n)s weken.") % {"n": weeks}
    before = job.starts_on - timedelta(weeks=weeks)
    todo = [ToDo(text, before, Step.WAGE_SUBSIDY, due=Due.LKS_ASK, rule=book.rule(Key.LKS_DECISION_WEEKS))]
    asked = job.steps.get(Step.WAGE_SUBSIDY)
    if asked is not None and asked.outcome == SupportStep.Outcome.DONE:
        todo.append(_subsidy_decision(asked, weeks, book))
    return todo


def _subsidy_measured(support: Support, full: FullMonth, measured: WageValue, book: Rulebook) -> Support:
    """What the minimum wage costs, less the part that somebody's work is worth."""
    most = book.number(Key.LKS_MAX)
    amount = full.subsidy(measured.percentage, most)
    how = _("Minimumloon met vakantiebijslag, min het deel van de loonwaarde; ten hoogste %(n)s%%.") % {"n": most}
    worth = (_("Loonwaarde"), _("%(n)s%%, van %(day)s") % _measured(measured))
    return replace(
        support,
        answer=_("ongeveer %(amount)s per maand") % {"amount": of_cents(amount)},
        lines=[*support.lines, worth, *_charges(amount, book)],
        how=f"{how} {_subsidy_limits()}",
        basis=book.basis(),
    )


def _subsidy_flat(support: Support, full: FullMonth, book: Rulebook) -> Support:
    """A fixed part for some months, as long as nobody measured the wage value."""
    job, part, months = full.job, book.number(Key.LKS_FLAT), book.number(Key.LKS_FLAT_MONTHS)
    last = min(period_end(job.starts_on, months), job.ends_on or date.max)
    how = _("Vast deel van %(n)s%% zolang de loonwaarde niet is gemeten.") % {"n": part}
    todo = [*support.todo, *_measuring(job, last, book)]
    if last < job.on:
        answer = _("het vaste deel liep tot en met %(day)s; laat de loonwaarde meten") % {"day": nl_date(last)}
        return replace(support, answer=answer, tone="care", how=how, todo=todo, basis=book.basis())
    amount = full.subsidy(FULL - part, part)
    words = {"amount": of_cents(amount), "n": months}
    return replace(
        support,
        answer=_("ongeveer %(amount)s per maand, ten hoogste %(n)s maanden") % words,
        lines=[*support.lines, *_charges(amount, book)],
        how=f"{how} {_subsidy_limits()}",
        todo=todo,
        basis=book.basis(),
    )


def _charges(subsidy: int, book: Rulebook) -> list[tuple[str, str]]:
    """What the employer gets on top for premiums and pension, as a part of the subsidy (Regeling loonkostensubsidie)."""
    if not book.has(Key.LKS_CHARGES):
        return []
    percentage = Fraction(book.word(Key.LKS_CHARGES))
    label = _("Daarbovenop voor werkgeverslasten, per maand (%(n)s%% van de subsidie)")
    said = book.word(Key.LKS_CHARGES).replace(".", ",")
    return [(label % {"n": said}, of_cents(charges_on(subsidy, percentage)))]


def _measuring(job: Job, last: date, book: Rulebook) -> list[ToDo]:
    """Having the wage value measured before the flat part ends."""
    asked = job.steps.get(Step.WAGE_SUBSIDY)
    if asked is not None and asked.outcome != SupportStep.Outcome.DONE:
        return []
    text = _("Laat de loonwaarde meten. Daarna telt het vaste deel niet meer.")
    due = Due.LKS_FLAT_END if asked is not None else ""  # nobody measures for what nobody asked
    return [ToDo(text, last, due=due, rule=book.rule(Key.LKS_FLAT_MONTHS))]


def _subsidy_limits() -> str:
    return _(
        "Een hoger loon dan het minimumloon maakt de subsidie niet hoger. "
        "Minder dan het minimumloon mag niet, ook niet met subsidie."
    )


def _subsidy_decision(asked: SupportStep, weeks: int, book: Rulebook) -> ToDo:
    """What was asked is decided on: somebody looks whether the answer came, and what it was."""
    text = _("Kijk of het besluit er is. De gemeente beslist binnen %(n)s weken na de aanvraag van %(day)s.")
    return ToDo(
        text % {"n": weeks, "day": nl_date(asked.on)},
        asked.on + timedelta(weeks=weeks),
        Step.WAGE_SUBSIDY_DECISION,
        due=Due.LKS_DECISION,
        rule=book.rule(Key.LKS_DECISION_WEEKS),
    )


def _agreed_wage(job: Job, minimum: Minimum) -> list[tuple[str, str]]:
    """What the contract pays an hour, risen with the minimum wage since; nothing before there is a contract with a wage."""
    if job.hourly_wage is None:
        return []
    paid = at_least(job.hourly_wage, minimum)
    lines = [(_("Afgesproken bruto loon per uur"), euro(job.hourly_wage))]
    if paid > job.hourly_wage:
        lines.append((_("Loon per uur, gestegen met het minimumloon"), euro(paid)))
    return lines


def _measured(value: WageValue) -> dict[str, object]:
    return {"n": value.percentage, "day": nl_date(value.determined_on)}


def _tax_benefit(job: Job, book: Rulebook) -> Support:
    """LKV banenafspraak."""
    title = _("Loonkostenvoordeel banenafspraak (LKV)")
    if job.is_listed is False:
        return Support(title, _("nee: niet in het doelgroepregister"), "quiet")
    if not book.has(Key.LKV_HOUR, Key.LKV_YEAR, Key.LKV_DECLARATION_MONTHS):
        return Support(title, _("onbekend: voor deze datum is geen bedrag ingesteld"), "care")
    per_hour, most = book.cents(Key.LKV_HOUR), book.cents(Key.LKV_YEAR)
    amount = of_cents(tax_benefit_per_year(per_hour, most, job.hours))
    months = book.number(Key.LKV_DECLARATION_MONTHS)
    todo = [
        ToDo(
            _("Zet het voordeel aan in de loonaangifte, vanaf de eerste maand."),
            job.starts_on,
            Step.TAX_RETURN,
            due=Due.LKV_RETURN if job.is_listed else "",
        ),
        ToDo(
            _("Vraag UWV of een doelgroepverklaring nodig is, en zo ja: vraag die aan."),
            period_end(job.starts_on, months),
            Step.TAX_STATEMENT,
            lapses=True,
            due=Due.LKV_STATEMENT if job.is_listed else "",
            rule=book.rule(Key.LKV_DECLARATION_MONTHS),
        ),
    ]
    lines = [(_("Per uur"), of_cents(per_hour)), (_("Ten hoogste per jaar"), of_cents(most))]
    how = _("Bedrag per uur × %(n)s uur × 52 weken, zolang het contract duurt.") % {"n": job.hours}
    if job.is_listed is None:
        answer = _("misschien: kijk eerst in het doelgroepregister; dan ongeveer %(amount)s per jaar")
        text = _("Kijk bij UWV of deze medewerker in het doelgroepregister staat.")
        todo.insert(0, ToDo(text, job.starts_on, due=Due.REGISTER))
        return Support(title, answer % {"amount": amount}, "care", lines, how, todo, book.basis())
    answer = _("ongeveer %(amount)s per jaar") % {"amount": amount}
    return Support(title, answer, "good", lines, how, todo, book.basis())


def _no_risk(job: Job, book: Rulebook) -> Support:
    """No-riskpolis: UWV pays the wage during illness (Ziektewet art. 29b)."""
    title = _("No-riskpolis: UWV betaalt mee bij ziekte")
    todo = [ToDo(_("Wordt de medewerker ziek? Meld het meteen bij UWV en zeg dat de no-riskpolis geldt."))]
    by_group = job.group is not None and job.group.payer == TargetGroup.Payer.UWV and job.group.needs_wage_value
    years = book.number(Key.NO_RISK_YEARS)
    if job.is_listed:
        lines = [(_("Vanaf"), nl_date(job.starts_on)), (_("Tot"), _("geen einddatum (banenafspraak)"))]
        return Support(title, _("ja"), "good", lines, "", todo, book.basis())
    if by_group:
        last = period_end(job.starts_on, years * MONTHS_PER_YEAR)
        lines = [(_("Vanaf"), nl_date(job.starts_on)), (_("Tot en met"), nl_date(last))]
        return Support(title, _("ja, %(n)s jaar") % {"n": years}, "good", lines, "", todo, book.basis())
    due = Due.NO_RISK if job.is_listed is False else ""  # the register tells it first
    todo.insert(0, ToDo(_("Vraag UWV of de no-riskpolis geldt."), job.starts_on, Step.NO_RISK, due=due))
    return Support(title, _("misschien: UWV weet dit"), "care", [], "", todo, book.basis())


def _coach(job: Job, book: Rulebook) -> Support:
    """Jobcoach hours a year by regime."""
    title = _("Jobcoach")
    regime = job.facts.coach_regime if job.facts else ""
    text = _("Vraag de jobcoach aan bij de gemeente of UWV, vóór de eerste werkdag.")
    ask = ToDo(text, job.starts_on, Step.COACH, due=Due.COACH_ASK)
    if not regime:
        return Support(title, _("nog niet gekozen"), "care", how=_("Spreek met de regisseur af hoeveel hulp nodig is."))
    hours = book.word(Key.COACH_LIGHT if regime == EmployerSupport.Regime.LIGHT else Key.COACH_MIDDLE).split("/")
    lines = [(_("Jaar %(n)s") % {"n": n}, _("%(h)s uur") % {"h": h}) for n, h in enumerate(hours, start=1)]
    return Support(title, promised(job.facts).get_coach_regime_display(), "good", lines, "", [ask], book.basis())


def _quota(job: Job, book: Rulebook) -> Support:
    """The quota, as it stands: only a status."""
    title = _("Quotum (banenafspraak)")
    active, below = book.word(Key.QUOTA_ACTIVE) == "ja", book.word(Key.QUOTA_EXEMPT_BELOW)
    answer = _("staat aan in de wet") if active else _("staat nu uit in de wet")
    how = _("Bedrijven met minder dan %(n)s medewerkers zijn vrijgesteld.") % {"n": below}
    return Support(title, answer, "info" if active else "quiet", [], how, [], book.basis())
