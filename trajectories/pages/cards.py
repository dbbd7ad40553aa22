"""What is known of a case now, as cards for the case page and for the page of a step; and where the work of a state is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.need_to_know import Part
from employers.models import Vacancy
from employers.models.company import OVERVIEW_ROLES
from topjob import clock
from topjob.dates import nl_date, nl_moment
from topjob.money import euro
from trajectories.journey.access import ONLY_FOR, may_work
from trajectories.journey.need_to_know import opens, sees
from trajectories.models import (
    Application,
    Contract,
    EvaluationView,
    Placement,
    Trajectory,
    TrialInterruption,
)
from trajectories.models.trajectory import TrajectoryQuerySet
from trajectories.money import allowances
from trajectories.process import rules
from trajectories.process.workflow import State
from trajectories.timing.kinds import CASE, PERSON

Pairs = list[tuple[str, Any]]


@dataclass(frozen=True)
class Bar:
    """How far a period is, in days."""

    done: int
    days: int

    @property
    def left(self) -> int:
        return self.days - self.done


@dataclass(frozen=True)
class Card:
    """A few facts with links to where they are kept."""

    title: str
    pairs: Pairs
    links: list[tuple[str, str]] = field(default_factory=list)
    # Only for who sees every company's pages.
    overview_links: list[tuple[str, str]] = field(default_factory=list)
    # What one must need to know to be told one of the facts.
    needs: dict[str, Part] = field(default_factory=dict)
    # Only for who does this work (`work.WORK`).
    work_links: list[tuple[str, str, str]] = field(default_factory=list)
    # How far a period is, and which of the signatures are there.
    bar: Bar | None = None
    signed: list[bool] = field(default_factory=list)

    @property
    def signatures(self) -> int:
        return sum(self.signed)


Maker = Callable[[Trajectory], Card | None]


def with_the_cards(cases: TrajectoryQuerySet) -> TrajectoryQuerySet:
    """Cases with what their cards tell of."""
    return cases.select_related("exit_talk", "completion").prefetch_related(
        Prefetch("applications", Application.objects.with_place()),
        "candidate__consents",
        "permissions",
        "wage_values",
        Prefetch("contracts", Contract.objects.select_related("organisation", "training_end", "agreement")),
        Prefetch("placements", Placement.objects.select_related("organisation")),
        "qualifications",
        "advices",
    )


def _here(name: str, trajectory: Trajectory) -> str:
    return reverse(f"trajectories:{name}", args=[trajectory.pk])


def application_card(trajectory: Trajectory) -> Card | None:
    """The vacancy in play, what was agreed, what may be shared (R16)."""
    application = trajectory.current_application
    if application is None:
        return None
    consents = (row for row in trajectory.candidate.consents.all() if row.is_valid)
    consent = next((row for row in consents if row.organisation_id == application.organisation_id), None)
    pairs: Pairs = [
        (_("Plek"), f"{application.vacancy.title}, {application.organisation}"),
        (_("Stand"), application.get_status_display()),
        (_("Mag de werkgever zien"), consent.shares_in_words if consent else _("nog geen toestemming")),
    ]
    if application.talk_at:
        held = _("gevoerd") if application.talk_held else _("gepland")
        pairs.append((_("Gesprek"), f"{nl_moment(application.talk_at)} ({held})"))
    if application.construction:
        pairs += _terms(application)
    vacancy = (_("Vacature"), reverse("employers:vacancy", args=[application.vacancy_id]))
    sharing = trajectory.state in (State.BEMIDDELBAAR, State.SOLLICITATIE)
    consent_link = ("record_consent", _("Toestemming"), _here("consent", trajectory))
    needs = {_("Mag de werkgever zien"): Part.CONSENT}
    return Card(_("Plek bij een werkgever"), pairs, [], [vacancy], needs, [consent_link] if sharing else [])


def _terms(application: Application) -> Pairs:
    return [
        (_("Constructie"), application.get_construction_display()),
        (_("Route"), application.get_route_display()),
        (_("Niveau"), application.get_level_display()),
        (_("Geplande start"), nl_date(application.planned_start)),
    ]


def plan_card(trajectory: Trajectory) -> Card | None:
    """The startplan and who still has to sign (R4)."""
    plan = trajectory.current_plan
    if plan is None:
        return None
    missing = sorted(plan.missing_signers())
    pairs: Pairs = [
        (_("Versie"), f"{plan.number}, {plan.get_status_display()}"),
        (_("Proefperiode"), f"{nl_date(plan.trial_starts_on)} t/m {nl_date(plan.trial_ends_on)}"),
        (_("Getekend door"), ", ".join(s.get_role_display() for s in plan.signatures.all()) or _("nog niemand")),
    ]
    if missing and not plan.is_draft:
        declined = set(
            plan.links.exclude(declined_at=None).filter(voided_at=None).values_list("party__party", flat=True)
        )
        waits = [_("%(party)s (tekent niet)") % {"party": role} if role in declined else role for role in missing]
        pairs.append((_("Wacht op"), ", ".join(waits)))
    links = [(_("Startplan"), _here("plan", trajectory)), _papers(trajectory)]
    there = len(plan.required_signers()) - len(missing)
    return Card(_("Startplan"), pairs, links, signed=[True] * there + [False] * len(missing))


def _papers(trajectory: Trajectory) -> tuple[str, str]:
    return (_("Documenten om te tekenen"), _here("papers", trajectory))


def trial_card(trajectory: Trajectory) -> Card | None:
    """The trial with its end by R6, and the payer's permission."""
    trial = trajectory.current_trial
    if trial is None:
        return None
    pairs: Pairs = [(_("Van"), nl_date(trial.starts_on)), (_("Tot en met"), nl_date(trial.last_day))]
    if trial.broken_off_on:
        pairs.append((_("Afgebroken op"), nl_date(trial.broken_off_on)))
    pairs += [(_("Onderbroken"), _interruption_in_words(row)) for row in trial.interruptions.all()]
    if trial.last_day != trial.ends_on:
        pairs.append((_("Verlengd, eerst tot en met"), nl_date(trial.ends_on)))
    permissions = trajectory.permissions.all()
    permission = max(permissions, key=lambda row: (row.decided_on, row.pk), default=None)
    if permission is not None:
        outcome = nl_date(permission.valid_until) if permission.is_granted else _("geweigerd")
        pairs.append((_("Toestemming opdrachtgever tot en met"), outcome))
    links = [(_("Toestemming opdrachtgever"), _here("permission", trajectory))]
    return Card(_("Proefperiode"), pairs, links, bar=_bar(trial.starts_on, trial.broken_off_on or trial.last_day))


def _bar(first: date, last: date) -> Bar:
    """Both days are counted, and so is today."""
    days = (last - first).days + 1
    return Bar(min(max((clock.today() - first).days + 1, 0), days), days)


def _interruption_in_words(row: TrialInterruption) -> str:
    last = _("t/m %(day)s") % {"day": nl_date(row.ends_on)} if row.ends_on else _("duurt nog")
    return f"{row.get_kind_display()}, {nl_date(row.starts_on)} {last}"


def evaluation_card(trajectory: Trajectory) -> Card | None:
    """Who gave a view, and loonwaarde where R8 asks it."""
    evaluation = trajectory.current_evaluation
    if evaluation is None:
        return None
    views = [_view_in_words(view) for view in evaluation.views.all()]
    value = next(iter(trajectory.wage_values.all()), None)
    pairs: Pairs = [(_("Oordelen"), "\n".join(views) or _("nog geen"))]
    if missing := rules.missing_views(trajectory):
        pairs.append((_("Wacht op"), ", ".join(missing)))
    if value is not None:
        words = f"{value.percentage}% ({value.get_determined_by_display()}, {nl_date(value.determined_on)})"
        pairs.append((_("Loonwaarde"), words))
    return Card(_("Evaluatie"), pairs, [(_("Evaluatie"), _here("evaluation", trajectory)), _papers(trajectory)])


def _view_in_words(view: EvaluationView) -> str:
    """The verdict; that a guide recorded it on the party's behalf is said wherever the view is."""
    words = f"{view.get_role_display()}: {_('positief') if view.is_positive else _('niet positief')}"
    return words + _(" (ingevuld door %(name)s)") % {"name": view.recorded_by.name} if view.recorded_by else words


def contract_card(trajectory: Trajectory) -> Card | None:
    """The latest contract and, when there is one, the running placement (R13)."""
    contract = trajectory.running_contract or next(iter(trajectory.contracts.all()), None)
    placement = trajectory.running_placement
    if contract is None and placement is None:
        return None
    pairs: Pairs = _contract_pairs(contract) if contract else []
    if placement is not None:
        since = nl_date(placement.period.lower)
        pairs.append(
            (_("Werkt nu bij"), _("%(where)s, sinds %(day)s") % {"where": placement.organisation, "day": since})
        )
    asked = [*_practice_link(trajectory), *_wage_link(trajectory, contract)]
    return Card(
        _("Contract en plaatsing"), pairs + _practice_pairs(trajectory), [_papers(trajectory)], work_links=asked
    )


def _practice_pairs(trajectory: Trajectory) -> Pairs:
    rows = trajectory.practice_agreements.all()
    held = [f"{row.school}, t/m {nl_date(row.ends_on)}" for row in rows if row.stopped_on is None]
    if not held and not trajectory.learns_with_school:
        return []
    return [(_("POK van school"), "\n".join(held) or _("nog niet"))]


def _practice_link(trajectory: Trajectory) -> list[tuple[str, str, str]]:
    if not trajectory.learns_with_school:
        return []
    return [("record_practice_agreement", _("Praktijkovereenkomst"), _here("practice", trajectory))]


def _wage_link(trajectory: Trajectory, contract: Contract | None) -> list[tuple[str, str, str]]:
    """A contract from before wages were kept gets its wage afterwards."""
    if contract is None or contract.is_unpaid or contract.hourly_wage is not None:
        return []
    url = reverse("trajectories:contract_wage", args=[trajectory.pk, contract.pk])
    return [("record_hourly_wage", _("Uurloon vastleggen"), url)]


def _contract_pairs(contract: Contract) -> Pairs:
    training = _(" (waarvan %(n)s opleiding)") % {"n": contract.training_hours} if contract.training_hours else ""
    pairs: Pairs = [
        (_("Soort"), contract.what),
        (_("Contract met"), contract.get_holder_display()),
        (_("Bedrijf"), contract.organisation),
        (_("Periode"), f"{nl_date(contract.starts_on)} t/m {nl_date(contract.last_day)}"),
        (_("Uren per week"), f"{contract.hours_per_week}{training}"),
        *(_for_what(contract)),
    ]
    if contract.ended_early_on is None and (notice := rules.notice_by(contract)) is not None:
        pairs.append((_("Aanzeggen uiterlijk"), nl_date(notice)))
    return pairs


def _for_what(contract: Contract) -> Pairs:
    """The wage with its probation; of an agreement without wage what somebody gets besides."""
    if contract.is_unpaid:
        return [(_("Vergoeding"), str(allowances.of(contract) or _("geen")))]
    months = contract.probation_months
    return [
        (_("Bruto uurloon"), euro(contract.hourly_wage) or _("nog niet vastgelegd")),
        (_("Proeftijd"), _("%(n)s maand(en)") % {"n": months} if months else _("geen")),
    ]


def qualification_card(trajectory: Trajectory) -> Card | None:
    """What was gained."""
    gained = [f"{row.name}, {nl_date(row.on)}" for row in trajectory.qualifications.all()]
    if not gained:
        return None
    return Card(
        _("Kwalificaties"),
        [(_("Behaald"), "\n".join(gained))],
        [(_("Kwalificatie"), _here("qualification", trajectory))],
    )


def advice_card(trajectory: Trajectory) -> Card | None:
    """The advice in the making or, else, the one that holds."""
    drafts = (advice for advice in trajectory.advices.all() if advice.given_at is None)
    advice = next(drafts, None) or rules.standing_advice(trajectory)
    if advice is None:
        return None
    pairs: Pairs = [(_("Advies"), advice.get_direction_display())]
    if advice.housing_and_leisure:
        pairs.append((_("Daarnaast"), _("e: wonen en vrije tijd")))
    if advice.destination:
        pairs.append((_("Bestemming"), advice.destination))
    given = nl_date(advice.given_at) if advice.given_at else _("nog in voorbereiding")
    pairs += [(_("Plan"), advice.plan), (_("Vastgesteld"), given)]
    return Card(_("Advies"), pairs, [(_("Advies"), _here("advice", trajectory))])


def aftercare_card(trajectory: Trajectory) -> Card | None:
    """The running aftercare with its next look-in (R12); it runs in no other state."""
    if trajectory.state != State.NAZORG:
        return None
    aftercare = trajectory.aftercares.filter(stopped_on=None).first()
    if aftercare is None:
        return None
    coming = aftercare.check_ins.filter(held_on=None).first()
    pairs: Pairs = [
        (_("Loopt"), f"{nl_date(aftercare.starts_on)} t/m {nl_date(aftercare.ends_on)}"),
        (_("Volgend contact"), nl_date(coming.due_on) if coming else _("niets gepland")),
    ]
    return Card(_("Nazorg"), pairs, [(_("Nazorg"), _here("aftercare", trajectory))])


def closing_card(trajectory: Trajectory) -> Card | None:
    """What is done for the closing, and until when a closed file is kept (R15)."""
    if trajectory.state not in (State.AFSLUITING, State.AFGESLOTEN):
        return None
    talk, completion = getattr(trajectory, "exit_talk", None), getattr(trajectory, "completion", None)
    exit_words = (
        (_("gevoerd") if talk.was_held else _("niet gevoerd")) + f", {nl_date(talk.on)}" if talk else _("nog niet")
    )
    pairs: Pairs = [
        (_("Exitgesprek"), exit_words),
        (_("Administratie"), _("afgerond") if completion and completion.is_complete else _("nog niet afgerond")),
    ]
    if trajectory.retention_until:
        pairs.append((_("Bewaren tot en met"), nl_date(trajectory.retention_until)))
    links = [(_("Exitgesprek"), _here("exit_talk", trajectory)), (_("Afronding"), _here("completion", trajectory))]
    return Card(_("Afsluiting"), pairs, links if trajectory.state == State.AFSLUITING else [])


# What one must need to know to be told this.
PART_OF_CARD: dict[Any, Part] = {
    advice_card: Part.ADVICE,
    aftercare_card: Part.AFTERCARE,
    contract_card: Part.CONTRACT,
    evaluation_card: Part.EVALUATION,
    plan_card: Part.PLAN,
    trial_card: Part.TRIAL,
}
# The latest of the journey first.
CARDS: tuple[Maker, ...] = (
    closing_card,
    aftercare_card,
    advice_card,
    evaluation_card,
    contract_card,
    qualification_card,
    trial_card,
    plan_card,
    application_card,
)


def cards_of(trajectory: Trajectory, user: User, makers: Iterable[Maker] = CARDS) -> list[Card]:
    """The cards that have something to say now to this reader, with the links that they can follow."""
    known = [maker for maker in makers if sees(trajectory, user, PART_OF_CARD.get(maker))]
    cards = [card for maker in known if (card := maker(trajectory)) is not None]
    return [replace(card, pairs=_pairs(card, trajectory, user), links=_links(card, trajectory, user)) for card in cards]


def _pairs(card: Card, trajectory: Trajectory, user: User) -> Pairs:
    return [pair for pair in card.pairs if sees(trajectory, user, card.needs.get(pair[0]))]


def _links(card: Card, trajectory: Trajectory, user: User) -> list[tuple[str, str]]:
    overview = card.overview_links if user.has_role(*OVERVIEW_ROLES) else []
    work = [(label, url) for name, label, url in card.work_links if may_work(trajectory, user, name)]
    links = [*overview, *card.links, *work]
    return [(label, url) for label, url in links if opens(trajectory, user, url)]


# Where the work of a state is done: label, page, and whether that page belongs to the person or to the case. The pages of
# `ONLY_FOR` have nothing for who doesn't do that work; the others are also read by the rest.
MONEY = (gettext_lazy("Regelingen voor de werkgever"), "trajectories:money", CASE)
PRACTICE = (gettext_lazy("Praktijkovereenkomst"), "trajectories:practice", CASE)
WORK: dict[str, tuple[tuple[Any, str, str], ...]] = {
    State.INTAKE: (
        (gettext_lazy("Gesprekken"), "candidates:contacts", PERSON),
        (gettext_lazy("Foto"), "candidates:foto", PERSON),
        (gettext_lazy("Q-fit"), "candidates:qfit", PERSON),
        (gettext_lazy("Zoekprofiel"), "matching:profile", PERSON),
    ),
    State.BEMIDDELBAAR: (
        (gettext_lazy("Passende vacatures"), "matching:for_candidate", PERSON),
        (gettext_lazy("Toestemming vastleggen"), "trajectories:consent", CASE),
    ),
    State.SOLLICITATIE: ((gettext_lazy("Sollicitatiegesprek vastleggen"), "trajectories:talk", CASE), PRACTICE),
    State.STARTPLAN: (
        (gettext_lazy("Startplan"), "trajectories:plan", CASE),
        (gettext_lazy("Toestemming opdrachtgever"), "trajectories:permission", CASE),
        PRACTICE,
    ),
    State.PROEFPERIODE: (
        (gettext_lazy("Jobcoachgesprekken"), "trajectories:coaching", CASE),
        (gettext_lazy("Startplan"), "trajectories:plan", CASE),
        (gettext_lazy("Onderbreking vastleggen"), "trajectories:interruptions", CASE),
        (gettext_lazy("Proefperiode verlengen"), "trajectories:extend_trial", CASE),
        (gettext_lazy("Loonwaarde"), "trajectories:wage_value", CASE),
        MONEY,
    ),
    State.EVALUATIE: (
        (gettext_lazy("Evaluatie"), "trajectories:evaluation", CASE),
        (gettext_lazy("Loonwaarde"), "trajectories:wage_value", CASE),
        (gettext_lazy("Jobcoachgesprekken"), "trajectories:coaching", CASE),
        MONEY,
    ),
    State.LEERWERK: (
        (gettext_lazy("Jobcoachgesprekken"), "trajectories:coaching", CASE),
        (gettext_lazy("Kwalificatie vastleggen"), "trajectories:qualification", CASE),
        PRACTICE,
        (gettext_lazy("Loonwaarde"), "trajectories:wage_value", CASE),
        MONEY,
    ),
    State.ADVIES: (
        (gettext_lazy("Quick-scan"), "trajectories:quick_scan", CASE),
        (gettext_lazy("Adviesgesprek"), "candidates:contacts", PERSON),
        (gettext_lazy("Advies"), "trajectories:advice", CASE),
    ),
    State.BANENPOOL: (
        (gettext_lazy("Passende vacatures"), "matching:for_candidate", PERSON),
        (gettext_lazy("Advies"), "trajectories:advice", CASE),
    ),
    State.NAZORG: (
        (gettext_lazy("Nazorgcontacten"), "trajectories:aftercare", CASE),
        (gettext_lazy("Jobcoachgesprekken"), "trajectories:coaching", CASE),
        PRACTICE,
        MONEY,
    ),
    State.AFSLUITING: (
        (gettext_lazy("Exitgesprek"), "trajectories:exit_talk", CASE),
        (gettext_lazy("Administratieve afronding"), "trajectories:completion", CASE),
    ),
}


def work_of(trajectory: Trajectory, user: User) -> list[dict[str, Any]]:
    """Links to the pages where the work of this state is done, as far as this person does it."""
    ids = {PERSON: trajectory.candidate_id, CASE: trajectory.pk}
    without = {page for page, work in ONLY_FOR.items() if not may_work(trajectory, user, work)}
    if trajectory.current_application is None:
        without.add("trajectories:consent")
    if not trajectory.learns_with_school:
        without.add("trajectories:practice")
    pages = [link for link in WORK.get(trajectory.state, ()) if link[1] not in without]
    links = [{"label": label, "url": reverse(name, args=[ids[whose]])} for label, name, whose in pages]
    return [link for link in links if opens(trajectory, user, link["url"])]


def earlier_applications(trajectory: Trajectory) -> list[Application]:
    """Places that were tried before."""
    ended = (row for row in trajectory.applications.all() if row.status not in Application.RUNNING)
    return [row for row in ended if row.introduced_at is not None]


def vacancy_words(vacancy: Vacancy) -> Pairs:
    """A vacancy in a few words, before it is chosen."""
    return [
        (_("Werkgever"), vacancy.employer),
        (_("Soort plek"), vacancy.kind_of_place),
        (_("Plaats"), vacancy.city),
        (_("Start"), nl_date(vacancy.starts_on)),
        (_("Uren per week"), f"{vacancy.hours_min}–{vacancy.hours_max}"),
        (_("Vrije plaatsen"), _("%(free)s van %(all)s") % {"free": vacancy.seats_free, "all": vacancy.seats}),
    ]
