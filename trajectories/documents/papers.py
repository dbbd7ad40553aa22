"""What each kind of paper says, of what it is made, and who signs it. Same way of signing, other texts per kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import law
from accounts.models import Organisation, User
from topjob import clock
from topjob.dates import nl_date
from topjob.errors import Reason, promised
from topjob.money import euro
from trajectories.models import (
    Application,
    Contract,
    Evaluation,
    EvaluationView,
    Paper,
    PaperLine,
    PaperTemplate,
    StartPlan,
    Trajectory,
    WageAssessment,
    WageTask,
    WageValue,
)
from trajectories.models.placeholders import blocks, fill, sections
from trajectories.models.template import UNPAID
from trajectories.money import allowances
from trajectories.money.wages import contribution, exact, outcome
from trajectories.process.choices import Party
from trajectories.process.rules import notice_by
from trajectories.process.workflow import step_named, step_names
from trajectories.signing.parties import contact_facts

Kind = Paper.Kind

CONTRACT_KINDS = {
    Contract.Kind.TRIAL: Kind.TRIAL_CONTRACT,
    Contract.Kind.LEARN_WORK: Kind.LEARN_WORK,
    Contract.Kind.TAKEOVER: Kind.TAKEOVER,
    Contract.Kind.SECONDMENT: Kind.SECONDMENT,
    Contract.Kind.AGENCY: Kind.AGENCY,
}
REACHED_BY = ("name", "email", "phone")
# MaatwerQ is the employer on paper; the company is where somebody works.
EMPLOYED_BY_MAATWERQ = {Kind.TRIAL_CONTRACT, Kind.FLEX, Kind.SECONDMENT, Kind.AGENCY}


@dataclass(frozen=True)
class Subject:
    """Something in the file that a paper can be made of."""

    kind: str
    pk: int
    title: str
    organisation: Organisation | None
    source: Any

    @property
    def label(self) -> str:
        return str(Kind(self.kind).label)

    @property
    def lacks(self) -> Reason | None:
        """What has to be recorded before it can be put on paper: a contract names its wage (BW 7:655)."""
        if not isinstance(self.source, Contract) or self.source.is_unpaid or self.source.hourly_wage is not None:
            return None
        text = _("Leg eerst het uurloon van dit contract vast. Een contract noemt het loon (BW 7:655).")
        return Reason(text, "trajectories:contract_wage", self.source.trajectory_id, (self.pk,))


def subjects_of(trajectory: Trajectory) -> list[Subject]:
    """Everything in this case that can be put on paper, newest first: closed evaluations, loonwaarden, contracts."""
    return [*_contracts(trajectory), *_wage_values(trajectory), *_evaluations(trajectory)]


def _evaluations(trajectory: Trajectory) -> Iterator[Subject]:
    rows = Evaluation.objects.filter(trial__trajectory=trajectory, decided_at__isnull=False)
    for row in rows.select_related("trial__application__organisation").order_by("-pk"):
        title = _("proefperiode vanaf %(day)s") % {"day": nl_date(row.trial.starts_on)}
        yield Subject(Kind.EVALUATION, row.pk, title, row.trial.application.organisation, row)


def _wage_values(trajectory: Trajectory) -> Iterator[Subject]:
    for row in trajectory.wage_values.select_related("evaluation__trial__application__organisation"):
        company = row.evaluation.trial.application.organisation if row.evaluation else None
        title = _("%(n)s procent op %(day)s") % {"n": row.percentage, "day": nl_date(row.determined_on)}
        yield Subject(Kind.WAGE_VALUE, row.pk, title, company, row)


def _contracts(trajectory: Trajectory) -> Iterator[Subject]:
    for row in trajectory.contracts.select_related("organisation", "agreement"):
        title = _("%(company)s, vanaf %(day)s") % {"company": row.organisation, "day": nl_date(row.starts_on)}
        yield Subject(kind_of(row), row.pk, title, row.organisation, row)


def kind_of(contract: Contract) -> str:
    """Which document belongs to a contract: the agreement's own, and with MaatwerQ-flex another than with the company."""
    if contract.kind == Contract.Kind.LEARN_WORK and contract.holder == Contract.Holder.MAATWERQ:
        return Kind.FLEX
    if contract.agreement is not None:
        return Kind(contract.agreement.paper)
    return CONTRACT_KINDS[Contract.Kind(contract.kind)]


# --- What it says ----------------------------------------------------------------------------------------------------
def summary_of(subject: Subject) -> str:
    """The one sentence that everybody confirms."""
    row = subject.source
    if subject.kind == Kind.EVALUATION:
        return _("Het besluit na de proefperiode is: %(what)s.") % {"what": _decision(row)}
    if subject.kind == Kind.WAGE_VALUE:
        words = {"n": row.percentage, "who": capfirst(_settler(row)), "day": _day(row.determined_on)}
        return _("De loonwaarde is %(n)s procent. %(who)s stelde dat vast op %(day)s.") % words
    return _unpaid_summary(row) if row.is_unpaid else _contract_summary(row)


def _unpaid_summary(row: Contract) -> str:
    words = {"start": _day(row.starts_on), "hours": row.hours_per_week}
    text = _("De overeenkomst begint op %(start)s, %(hours)s uur per week. ")
    if row.ends_on is not None:
        words["end"] = _day(row.ends_on)
        text = _("De overeenkomst loopt van %(start)s tot en met %(end)s, %(hours)s uur per week. ")
    if agreed := allowances.of(row):
        return text % words + _("De vergoeding is %(amount)s.") % {"amount": agreed}
    return text % words + _("Er is geen loon en geen vergoeding.")


def _contract_summary(row: Contract) -> str:
    words = {"start": _day(row.starts_on), "hours": row.hours_per_week, "wage": euro(row.hourly_wage)}
    if row.ends_on is None:
        text = _("Het contract begint op %(start)s en is voor onbepaalde tijd, %(hours)s uur per week. ")
    else:
        words["end"] = _day(row.ends_on)
        text = _("Het contract loopt van %(start)s tot en met %(end)s, %(hours)s uur per week. ")
    return (text + _("Het loon is %(wage)s bruto per uur.")) % words


def _day(day: date | datetime) -> str:
    """As it stands in a contract: the month written out."""
    return date_format(clock.local(day) if isinstance(day, datetime) else day, "j F Y")


def _settler(row: WageValue) -> str:
    return _("de gemeente") if row.determined_by == WageValue.DeterminedBy.MUNICIPALITY else "UWV"


def _decision(evaluation: Evaluation) -> str:
    known = evaluation.decision in step_names()
    return str(step_named(evaluation.decision).label).lower() if known else evaluation.decision


@dataclass(frozen=True)
class Work:
    """What somebody does in the work of a document, and where; empty where the file doesn't say."""

    function: str = ""
    place: str = ""
    training: str = ""


def work_of(subject: Subject, trajectory: Trajectory) -> Work:
    """From the startplan that was signed for this company, or else from the vacancy that was got there."""
    plan = StartPlan.objects.filter(
        trajectory=trajectory, status=StartPlan.Status.SIGNED, application__organisation=subject.organisation
    ).first()
    if plan is not None:
        return Work(plan.function_name, plan.work_place, plan.training_name)
    got = trajectory.applications.filter(organisation=subject.organisation, decided_at__isnull=False)
    got = got.filter(status__in=(Application.Status.ACCEPTED, Application.Status.ENDED))
    vacancy = next((row.vacancy for row in got.select_related("vacancy")), None)
    return Work(vacancy.title, vacancy.city) if vacancy else Work()


def lines_of(subject: Subject, trajectory: Trajectory, template: PaperTemplate, work: Work) -> list[PaperLine]:
    """Everything the paper says: the beheerder's opening, what the file holds, and the beheerder's clauses.

    A line of which the file says nothing is left out.
    """
    facts, words = _SAYS.get(subject.kind, (_contract_lines, _contract_words))
    values = _words(subject, trajectory) | words(subject.source, trajectory, work)
    return [
        *_said("", template.opening, values),
        *(line for line in facts(subject.source, trajectory, work) if line.text or line.cells),
        *(
            line
            for heading, body in sections(template.clauses)
            for line in _said(fill(heading, values)[:120] or _("Afspraken"), body, values)
        ),
    ]


def _said(section: str, text: str, values: dict[str, str]) -> Iterator[PaperLine]:
    """The beheerder's words, filled in for this person."""
    for block in blocks(text, values):
        form = PaperLine.Form.POINT if block.is_list else PaperLine.Form.PLAIN
        for line in block.lines:
            yield PaperLine(section=section, form=form, text=line)


def _fact(section: str, label: str, value: Any) -> PaperLine:
    return PaperLine(section=section, label=label, text="" if value is None else str(value))


def _table(section: str, columns: Sequence[str], rows: Iterable[tuple[str, Sequence[str]]]) -> Iterator[PaperLine]:
    """A table: what the rows are called and what the columns are, and then row by row."""
    first, *cells = columns
    yield PaperLine(section=section, form=PaperLine.Form.COLUMNS, label=first, cells=cells)
    for label, row in rows:
        yield PaperLine(section=section, form=PaperLine.Form.ROW, label=label, cells=list(row))


def _words(subject: Subject, trajectory: Trajectory) -> dict[str, str]:
    """What the words in braces stand for in every document."""
    youth, lead = trajectory.candidate, trajectory.lead
    return {
        "naam": youth.full_name,
        "voornaam": youth.call_name,
        "bedrijf": subject.organisation.name if subject.organisation else "",
        "regisseur": lead.name if lead else "",
    }


def _evaluation_words(row: Evaluation, trajectory: Trajectory, work: Work) -> dict[str, str]:
    return {
        "functie": row.trial.plan.function_name,
        "eerste_dag": _day(row.trial.starts_on),
        "laatste_dag": _day(row.trial.last_day),
        "besluit": _decision(row),
    }


def _evaluation_lines(row: Evaluation, trajectory: Trajectory, work: Work) -> Iterator[PaperLine]:
    prefetch_related_objects([row], "views__scores__item", "views__recorded_by")
    views = list(row.views.all())
    head = _("De proefperiode")
    yield _fact(head, _("Van"), _day(row.trial.starts_on))
    yield _fact(head, _("Tot en met"), _day(row.trial.last_day))
    yield _fact(head, _("Bedrijf"), row.trial.application.organisation.name)
    yield _fact(head, _("Functie"), row.trial.plan.function_name)
    yield from _scores(views)
    for view in views:
        head = _("Oordeel: %(who)s") % {"who": view.get_role_display()}
        yield _fact(head, _("Verder samen"), _("ja") if view.is_positive else _("nee"))
        yield _fact(head, _("Wat ging goed"), view.went_well)
        yield _fact(head, _("Wat kan beter"), view.can_improve)
        if view.recorded_by is not None:
            words = {"name": view.recorded_by.name, "why": view.recorded_reason}
            yield _fact(head, _("Vastgelegd door"), _("%(name)s, namens deze partij: %(why)s") % words)
    head = _("Het besluit")
    yield _fact(head, _("Wat volgt"), _decision(row))
    yield _fact(head, _("Besloten op"), _day(promised(row.decided_at)))


def _scores(views: list[EvaluationView]) -> Iterator[PaperLine]:
    """The ambition scale with the parties side by side; a party that didn't score an item has a dash."""
    given = [{score.item: score.score for score in view.scores.all()} for view in views]
    items = sorted({item for scores in given for item in scores}, key=lambda item: (item.position, item.pk))
    if not items:
        return
    head = _("Hoe ging het werk?")
    columns = [_("Waar we naar keken"), *(capfirst(view.get_role_display()) for view in views)]
    yield from _table(head, columns, ((item.name, [str(scores.get(item, "–")) for scores in given]) for item in items))
    yield PaperLine(section=head, text=_("Een 1 betekent: met veel hulp. Een 5 betekent: helemaal zelfstandig."))


def _wage_words(row: WageValue, trajectory: Trajectory, work: Work) -> dict[str, str]:
    measured = getattr(row, "assessment", None)
    return {
        "loonwaarde": str(row.percentage),
        "vastgesteld_door": _settler(row),
        "vastgesteld_op": _day(row.determined_on),
        "normfunctie": measured.reference_function if measured else "",
    }


def _wage_lines(row: WageValue, trajectory: Trajectory, work: Work) -> Iterator[PaperLine]:
    head = _("De loonwaarde")
    yield _fact(head, _("Loonwaarde"), _("%(n)s procent") % {"n": row.percentage})
    yield _fact(head, _("Vastgesteld door"), row.get_determined_by_display())
    yield _fact(head, _("Vastgesteld op"), _day(row.determined_on))
    measured = getattr(row, "assessment", None)
    if measured is not None:
        yield _fact(head, _("Gemeten door"), measured.measured_by)
        yield _fact(head, _("Gemeten op"), _day(measured.measured_on))
        yield _fact(head, _("Vergeleken met"), measured.reference_function)
    yield _fact(head, _("Toelichting"), row.explanation)
    if measured is not None:
        yield from _measured_lines(measured)


def _measured_lines(measured: WageAssessment) -> Iterator[PaperLine]:
    """Per main task what was measured and what shows it, and what both parties say of that (R8)."""
    tasks = list(measured.tasks.all())
    head = _("Zo is het gemeten")
    columns = (_("Hoofdtaak"), _("Deel"), _("Tempo"), _("Kwaliteit"), _("Netto werktijd"), _("Telt mee"))
    rows = ((task.name, [_percent(figure) for figure in _figures(task)]) for task in tasks)
    yield from _table(head, columns, rows)
    text = _("Per taak: deel × tempo × kwaliteit × netto werktijd. Samen is dat %(sum)s, afgerond %(n)s.")
    words = {"sum": _percent(exact(tasks)), "n": _percent(outcome(tasks))}
    yield PaperLine(section=head, text=text % words)
    head = _("Waaraan is dat te zien?")
    for task in tasks:
        seen = (
            (_("Tempo"), task.pace_why),
            (_("Kwaliteit"), task.quality_why),
            (_("Netto werktijd"), task.net_time_why),
        )
        yield _fact(head, task.name, "\n".join(f"{what}: {why}" for what, why in seen if why))
    head = _("Wat vinden het bedrijf en de jongere ervan?")
    for opinion in measured.opinions.all():
        agrees = _("Eens met de bevindingen.") if opinion.agrees else _("Niet eens met de bevindingen.")
        given = _("Gegeven op %(day)s.") % {"day": _day(opinion.given_on)}
        text = "\n".join(filter(None, (f"{agrees} {given}", opinion.words)))
        yield _fact(head, capfirst(opinion.get_role_display()), text)


def _figures(task: WageTask) -> tuple[Any, ...]:
    return task.share, task.pace, task.quality, task.net_time, contribution(task)


def _percent(figure: Any) -> str:
    """As people write it, with a comma."""
    return "–" if figure is None else f"{number_format(figure)}%"


def _contract_words(row: Contract, trajectory: Trajectory, work: Work) -> dict[str, str]:
    notice = notice_by(row)
    return {
        "werkgever": _employer_of(row),
        "functie": work.function,
        "werkplek": work.place,
        **_days_and_hours(row),
        "opleidingsuren": str(row.training_hours or ""),
        "opleiding": work.training,
        "aanzegdag": _day(notice) if notice else "",
        "proeftijd": _months(row.probation_months) if row.probation_months else "",
        "uurloon": euro(row.hourly_wage),
        "minimumloon": euro(row.minimum_wage) if row.minimum_wage else "",
        "vakantiebijslag": law.word(law.Key.HOLIDAY_PAY, on=row.starts_on, client=trajectory.client),
    }


def _unpaid_words(row: Contract, trajectory: Trajectory, work: Work) -> dict[str, str]:
    return {
        "taken": work.function,
        "plek": work.place,
        **_days_and_hours(row),
        "vergoeding": str(allowances.of(row) or ""),
    }


def _days_and_hours(row: Contract) -> dict[str, str]:
    return {
        "begin": _day(row.starts_on),
        "einde": _day(row.ends_on) if row.ends_on else "",
        "uren": str(row.hours_per_week),
    }


def _unpaid_lines(row: Contract, trajectory: Trajectory, work: Work) -> Iterator[PaperLine]:
    head = _("Wie")
    yield from _person(head, _("Naam"), trajectory)
    yield _fact(head, _("Bij"), row.organisation.name)
    yield _fact(head, _("KvK-nummer"), row.organisation.kvk_number)
    head = _("Wat en wanneer")
    yield from _work_and_time(head, _("Wat"), row, work, without_end=_("geen einddatum"))
    yield _fact(head, _("Vergoeding"), str(allowances.of(row) or _("geen")))


def _person(head: str, called: str, trajectory: Trajectory) -> Iterator[PaperLine]:
    youth = trajectory.candidate
    yield _fact(head, called, youth.full_name)
    yield _fact(head, _("Geboren op"), _day(youth.birth_date) if youth.birth_date else "")
    yield _fact(head, _("Woonplaats"), youth.city)


def _work_and_time(head: str, called: str, row: Contract, work: Work, *, without_end: str) -> Iterator[PaperLine]:
    yield _fact(head, called, work.function)
    yield _fact(head, _("Waar"), work.place)
    yield _fact(head, _("Begint op"), _day(row.starts_on))
    yield _fact(head, _("Eindigt op"), _day(row.ends_on) if row.ends_on else without_end)
    yield _fact(head, _("Uren per week"), row.hours_per_week)


def _employer_of(contract: Contract) -> str:
    return "MaatwerQ" if kind_of(contract) in EMPLOYED_BY_MAATWERQ else contract.organisation.name


def _months(months: int) -> str:
    return ngettext("%(n)s maand", "%(n)s maanden", months) % {"n": months}


def _contract_lines(row: Contract, trajectory: Trajectory, work: Work) -> Iterator[PaperLine]:
    head = _("Wie")
    yield from _person(head, _("Werknemer"), trajectory)
    yield _fact(head, _("Werkgever"), _employer_of(row))
    if kind_of(row) in EMPLOYED_BY_MAATWERQ:
        yield _fact(head, _("Werkt bij"), row.organisation.name)
    yield _fact(head, _("KvK-nummer van het bedrijf"), row.organisation.kvk_number)
    head = _("Werk en tijd")
    yield from _work_and_time(head, _("Functie"), row, work, without_end=_("onbepaalde tijd"))
    if row.training_hours:
        yield _fact(head, _("Waarvan opleiding"), _("%(n)s uur per week") % {"n": row.training_hours})
    yield _fact(head, _("Proeftijd"), _months(row.probation_months) if row.probation_months else _("geen"))
    yield _fact(head, _("Bruto loon per uur"), euro(row.hourly_wage))
    if row.minimum_wage:
        yield _fact(head, _("Minimumloon per uur op de eerste dag"), euro(row.minimum_wage))


# What the file says in each kind of document, and what its words in braces stand for; the other kinds are contracts.
_SAYS: dict[str, tuple[Callable[..., Iterator[PaperLine]], Callable[..., dict[str, str]]]] = {
    Kind.EVALUATION: (_evaluation_lines, _evaluation_words),
    Kind.WAGE_VALUE: (_wage_lines, _wage_words),
    **dict.fromkeys(UNPAID, (_unpaid_lines, _unpaid_words)),
}


# --- Who signs -------------------------------------------------------------------------------------------------------
def signers_of(subject: Subject, trajectory: Trajectory, by: User) -> dict[str, dict[str, Any]]:
    """The parties of a paper with how to reach them: taken over from the startplan where that named them.

    Under 18 the legal representative signs as well, whether there was a startplan or not.
    """
    parties = _of_the_youth(trajectory)
    if subject.organisation is not None:
        contacts = list(subject.organisation.employer.contacts.filter(is_active=True))
        parties[Party.EMPLOYER] = contact_facts(contacts, ("tekenbevoegd", "contact"))
    if subject.kind == Kind.EVALUATION:
        parties[Party.JOBCOACH] = {}
    parties |= _named_in_the_plan(parties, subject, trajectory)
    if subject.kind in EMPLOYED_BY_MAATWERQ:
        parties[Party.MAATWERQ] = {"name": by.name, "email": by.email, "phone": by.phone}
    return parties


def _of_the_youth(trajectory: Trajectory) -> dict[str, dict[str, Any]]:
    youth = trajectory.candidate
    parties: dict[str, dict[str, Any]] = {
        Party.YOUTH: {"name": youth.full_name, "email": youth.email, "phone": youth.phone}
    }
    if youth.is_minor_on(clock.today()):
        representative = youth.representatives.first()
        known = {} if representative is None else {name: getattr(representative, name) for name in REACHED_BY}
        parties[Party.REPRESENTATIVE] = known
    return parties


def _named_in_the_plan(
    parties: dict[str, dict[str, Any]], subject: Subject, trajectory: Trajectory
) -> dict[str, dict[str, Any]]:
    """Who of these signed the startplan, as it named them; the employer only at the same company."""
    plan = StartPlan.objects.filter(trajectory=trajectory, status=StartPlan.Status.SIGNED).first()
    if plan is None:
        return {}
    same_company = subject.organisation is not None and plan.application.organisation_id == subject.organisation.pk
    taken_over = {Party.JOBCOACH, *([Party.EMPLOYER] if same_company else [])}
    return {row.party: _reach(row) for row in plan.parties.all() if row.party in parties and row.party in taken_over}


def _reach(row: Any) -> dict[str, Any]:
    names = ("name", "email", "phone", "code_email", "on_paper", "is_stand_in")
    return {name: getattr(row, name) for name in names}
