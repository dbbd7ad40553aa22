"""What each kind of paper says, of what it is made, and who signs it. Same way of signing, another template per kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from topjob import clock
from topjob.templatetags.topjob import nl_date
from trajectories.models import Contract, Evaluation, Paper, StartPlan, Trajectory, WageValue
from trajectories.models.plan import Party
from trajectories.parties import contact_facts
from trajectories.workflow import step_named, step_names

Kind = Paper.Kind
Line = tuple[str, str, Any]  # heading, what, text

CONTRACT_KINDS = {
    Contract.Kind.TRIAL: Kind.TRIAL_CONTRACT,
    Contract.Kind.LEARN_WORK: Kind.LEARN_WORK,
    Contract.Kind.TAKEOVER: Kind.TAKEOVER,
    Contract.Kind.SECONDMENT: Kind.SECONDMENT,
    Contract.Kind.AGENCY: Kind.AGENCY,
    Contract.Kind.DIRECT: Kind.DIRECT,
}
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
    for row in trajectory.contracts.select_related("organisation"):
        title = _("%(company)s, vanaf %(day)s") % {"company": row.organisation, "day": nl_date(row.starts_on)}
        yield Subject(kind_of(row), row.pk, title, row.organisation, row)


def kind_of(contract: Contract) -> str:
    """Which document belongs to a contract: with MaatwerQ-flex it is another than with the company."""
    if contract.kind == Contract.Kind.LEARN_WORK and contract.holder == Contract.Holder.MAATWERQ:
        return Kind.FLEX
    return CONTRACT_KINDS[Contract.Kind(contract.kind)]


# --- What it says ----------------------------------------------------------------------------------------------------
def summary_of(subject: Subject) -> str:
    """The one sentence that everybody confirms."""
    row = subject.source
    if subject.kind == Kind.EVALUATION:
        return _("Het besluit na de proefperiode is: %(what)s.") % {"what": _decision(row)}
    if subject.kind == Kind.WAGE_VALUE:
        words = {"n": row.percentage, "who": row.get_determined_by_display(), "day": nl_date(row.determined_on)}
        return _("De loonwaarde is %(n)s procent. %(who)s stelde dat vast op %(day)s.") % words
    words = {"start": nl_date(row.starts_on), "end": nl_date(row.ends_on), "hours": row.hours_per_week}
    if row.ends_on is None:
        return _("Het contract begint op %(start)s en is voor onbepaalde tijd, %(hours)s uur per week.") % words
    return _("Het contract loopt van %(start)s tot en met %(end)s, %(hours)s uur per week.") % words


def _decision(evaluation: Evaluation) -> str:
    known = evaluation.decision in step_names()
    return str(step_named(evaluation.decision).label).lower() if known else evaluation.decision


def lines_of(subject: Subject, trajectory: Trajectory) -> list[Line]:
    """Everything the paper says; empty lines are left out."""
    builders: dict[str, Callable[[Any, Trajectory], Iterator[Line]]] = {
        Kind.EVALUATION: _evaluation_lines,
        Kind.WAGE_VALUE: _wage_lines,
    }
    build = builders.get(subject.kind, _contract_lines)
    return [line for line in build(subject.source, trajectory) if line[2] not in ("", None)]


def _evaluation_lines(row: Evaluation, trajectory: Trajectory) -> Iterator[Line]:
    head = _("De proefperiode")
    yield head, _("Van"), nl_date(row.trial.starts_on)
    yield head, _("Tot en met"), nl_date(row.trial.last_day)
    yield head, _("Bedrijf"), row.trial.application.organisation.name
    yield head, _("Functie"), row.trial.plan.function_name
    for view in row.views.select_related("recorded_by", "party").prefetch_related("scores__item"):
        head = _("Oordeel: %(who)s") % {"who": view.get_role_display()}
        yield head, _("Verder samen"), _("ja") if view.is_positive else _("nee")
        for score in view.scores.all():
            yield head, score.item.name, _("%(n)s van 5") % {"n": score.score}
        yield head, _("Wat ging goed"), view.went_well
        yield head, _("Wat kan beter"), view.can_improve
        if view.recorded_by is not None:
            words = {"name": view.recorded_by.name, "why": view.recorded_reason}
            yield head, _("Vastgelegd door"), _("%(name)s, namens deze partij: %(why)s") % words
    head = _("Het besluit")
    yield head, _("Wat volgt"), _decision(row)
    yield head, _("Besloten op"), nl_date(row.decided_at)


def _wage_lines(row: WageValue, trajectory: Trajectory) -> Iterator[Line]:
    head = _("De loonwaarde")
    yield head, _("Loonwaarde"), _("%(n)s procent") % {"n": row.percentage}
    yield head, _("Vastgesteld door"), row.get_determined_by_display()
    yield head, _("Vastgesteld op"), nl_date(row.determined_on)
    yield head, _("Toelichting"), row.explanation
    head = _("Wat dit betekent")
    yield (
        head,
        "",
        _(
            "De loonwaarde zegt hoeveel iemand nu kan doen in dit werk, vergeleken met een gewone werknemer. "
            "Het zegt niets over wie iemand is. Later kan het anders zijn."
        ),
    )
    yield head, "", _("Wie tekent, zegt: ik heb dit gezien. Tekenen is niet hetzelfde als het ermee eens zijn.")


def _contract_lines(row: Contract, trajectory: Trajectory) -> Iterator[Line]:
    kind = kind_of(row)
    head = _("Wie")
    yield head, _("Werknemer"), trajectory.candidate.full_name
    yield head, _("Werkgever"), "MaatwerQ" if kind in EMPLOYED_BY_MAATWERQ else row.organisation.name
    if kind in EMPLOYED_BY_MAATWERQ:
        yield head, _("Werkt bij"), row.organisation.name
    head = _("Hoe lang en hoeveel")
    yield head, _("Begint op"), nl_date(row.starts_on)
    yield head, _("Eindigt op"), nl_date(row.ends_on) if row.ends_on else _("onbepaalde tijd")
    yield head, _("Uren per week"), str(row.hours_per_week)
    if row.training_hours:
        yield head, _("Waarvan opleiding"), _("%(n)s uur per week") % {"n": row.training_hours}
    head = _("Afspraken")
    for text in AGREEMENTS[kind]():
        yield head, "", text


def _no_probation() -> str:
    return _("Er is geen proeftijd: jullie hebben al samengewerkt in de proefperiode.")


def _pay() -> str:
    return _("Het loon is ten minste het minimumloon, of het loon uit de cao als dat hoger is.")


# The template of each kind of contract: what makes it different from the others.
AGREEMENTS: dict[str, Callable[[], list[str]]] = {
    Kind.TRIAL_CONTRACT: lambda: [
        _("Dit contract is voor de proefperiode en stopt daarna vanzelf. Het startplan hoort erbij."),
        _pay(),
    ],
    Kind.LEARN_WORK: lambda: [
        _("Werken en leren horen bij elkaar. Het contract duurt tot het einde van de opleiding."),
        _no_probation(),
        _pay(),
        _("Een maand voor het einde zegt het bedrijf op papier of het contract verdergaat."),
    ],
    Kind.FLEX: lambda: [
        _("Het contract is met MaatwerQ-flex. Het werk en de leermeester zijn bij het bedrijf."),
        _("Werken en leren horen bij elkaar. Het contract duurt tot het einde van de opleiding."),
        _no_probation(),
        _pay(),
    ],
    Kind.SECONDMENT: lambda: [
        _("MaatwerQ is de werkgever en betaalt het loon. Het bedrijf leidt het werk en zorgt dat het veilig is."),
        _("Het loon is gelijk aan dat van collega's in het bedrijf die hetzelfde werk doen."),
    ],
    Kind.AGENCY: lambda: [
        _("MaatwerQ leent de werknemer uit aan het bedrijf. Het bedrijf leidt het werk en zorgt dat het veilig is."),
        _("Het loon is gelijk aan dat van collega's in het bedrijf die hetzelfde werk doen."),
        _("De afspraken van de cao voor uitzendkrachten horen hierbij."),
    ],
    Kind.TAKEOVER: lambda: [
        _("Het bedrijf neemt de werknemer in dienst. Het contract met MaatwerQ of het leerbedrijf stopt."),
        _no_probation(),
        _pay(),
    ],
    Kind.DIRECT: lambda: [_("Het bedrijf neemt de werknemer in dienst."), _pay()],
}


# --- Who signs -------------------------------------------------------------------------------------------------------
def signers_of(subject: Subject, trajectory: Trajectory, by: User) -> dict[str, dict[str, Any]]:
    """The parties of a paper with how to reach them: taken over from the startplan where that named them."""
    youth = trajectory.candidate
    parties: dict[str, dict[str, Any]] = {
        Party.YOUTH: {"name": youth.full_name, "email": youth.email, "phone": youth.phone}
    }
    if subject.organisation is not None:
        contacts = list(subject.organisation.employer.contacts.filter(is_active=True))
        parties[Party.EMPLOYER] = contact_facts(contacts, ("tekenbevoegd", "contact"))
    if subject.kind == Kind.EVALUATION:
        parties[Party.JOBCOACH] = {}
    plan = StartPlan.objects.filter(trajectory=trajectory, status=StartPlan.Status.SIGNED).first()
    for row in plan.parties.all() if plan else ():
        same_company = subject.organisation is not None and plan.application.organisation_id == subject.organisation.pk
        if row.party == Party.JOBCOACH or (row.party == Party.EMPLOYER and same_company):
            parties |= {row.party: _reach(row)} if row.party in parties else {}
    if youth.is_minor_on(clock.today()):
        representative = youth.representatives.first()
        parties[Party.REPRESENTATIVE] = (
            {"name": representative.name, "email": representative.email, "phone": representative.phone}
            if representative
            else {}
        )
    if subject.kind in EMPLOYED_BY_MAATWERQ:
        parties[Party.MAATWERQ] = {"name": by.name, "email": by.email, "phone": by.phone}
    return parties


def _reach(row: Any) -> dict[str, Any]:
    names = ("name", "email", "phone", "code_email", "on_paper", "is_stand_in")
    return {name: getattr(row, name) for name in names}
