"""What the portals show of trajectories: who still waits for whom, an employer's tasks, the group of a project, results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    DateField,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, Role, User
from candidates.sharing import number_of
from employers.models import LearnWorkProject
from employers.portal import GroupMember, PortalTask
from topjob import clock
from topjob.dates import nl_date
from topjob.errors import promised
from topjob.money import euro
from topjob.paging import COUNTED_TO, in_words
from trajectories.journey.access import name_shared
from trajectories.models import (
    Application,
    Contract,
    Deadline,
    EvaluationView,
    Paper,
    PartyLink,
    PayerPermission,
    PlanParty,
    ProjectParticipation,
    Qualification,
    Signature,
    StartPlan,
    Trajectory,
    TrialPeriod,
    guides,
)
from trajectories.models.placement import at_work_with
from trajectories.models.plan import known_to_company
from trajectories.money import allowances, rises
from trajectories.pages.worklists import counted
from trajectories.process.choices import Party
from trajectories.process.workflow import PHASE_LABELS, PHASES, Journey, State, name_of, names_of

TRIAL_ENDS_SOON = timedelta(days=21)
# Deadlines that people outside may know: dates of the journey, not who of us has work to do.
MILESTONES = (
    Deadline.Kind.TRIAL_START,
    Deadline.Kind.TRIAL_END,
    Deadline.Kind.CONTRACT_END,
    Deadline.Kind.AFTERCARE_END,
)
PLACED = (
    Contract.Kind.TAKEOVER,
    Contract.Kind.SECONDMENT,
    Contract.Kind.AGENCY,
    Contract.Kind.DIRECT,
)


# --- Personal links --------------------------------------------------------------------------------------------------
def waiting_links(party: str, trajectories: QuerySet[Trajectory] | Iterable[Trajectory]) -> QuerySet[PartyLink]:
    """The newest link of each request that this party still has to answer and still can, open or expired."""
    signed = Signature.objects.filter(party=OuterRef("party"))
    viewed = EvaluationView.objects.filter(evaluation=OuterRef("evaluation"), role=party)
    in_time = Q(plan__effective_on__gte=clock.today())  # R4: nobody signs after that day
    sent = Q(plan__status=StartPlan.Status.SENT) & in_time | Q(paper__status=Paper.Status.SENT)
    to_sign = Q(purpose=PartyLink.Purpose.SIGN) & sent & ~Exists(signed)
    to_view = Q(purpose=PartyLink.Purpose.EVALUATE, trajectory__state=State.EVALUATIE) & ~Exists(viewed)
    # Asked first: among so many tables the database would begin with the links of everybody.
    numbers = [case.pk for case in trajectories]
    rows = PartyLink.objects.filter(to_sign | to_view, party__party=party, trajectory__in=numbers)
    each = ("trajectory_id", "purpose", "paper_id")
    known = known_to_company(candidate="trajectory__candidate", trajectory="trajectory", organisation="company")
    company = Coalesce("plan__application__organisation", "paper__organisation")
    rows = rows.annotate(company=company).annotate(is_known=ExpressionWrapper(known, BooleanField()))
    newest = rows.order_by(*each, "-pk").distinct(*each)
    return newest.select_related("party__plan", "party__paper", "plan__application", "paper", "trajectory__candidate")


# --- The employer ----------------------------------------------------------------------------------------------------
def employer_tasks(user: User) -> list[PortalTask]:
    """What an employer's contact can do now: answer a proposal, sign, give a view, prepare the end of a trial."""
    return [*_proposals(user), *_to_answer(user), *_ending(user)]


def _proposals(user: User) -> Iterator[PortalTask]:
    for row in Application.objects.introduced_to(user).with_names():
        yield PortalTask(
            title=_("Voorstel: %(name)s voor %(vacancy)s") % {"name": name_shared(row), "vacancy": row.vacancy.title},
            url=reverse("trajectories:portal_proposal", args=[row.pk]),
            text=_("Na het gesprek laat u weten of u verder wilt."),
            due_on=clock.local(row.talk_at) if row.talk_at else None,
            organisation_id=row.organisation_id,
            candidate_id=row.trajectory.candidate_id,
        )


def _to_answer(user: User) -> Iterator[PortalTask]:
    people = reverse("trajectories:portal_people")
    titles = {
        PartyLink.Purpose.SIGN: _("Startplan van %(name)s tekenen"),
        PartyLink.Purpose.EVALUATE: _("Uw oordeel over %(name)s geven"),
    }
    for link in waiting_links(Party.EMPLOYER, at_work_with(user).only("pk")):
        title = titles[PartyLink.Purpose(link.purpose)]
        if link.paper_id is not None:
            title = promised(link.paper).get_kind_display() + _(" van %(name)s tekenen")
        until = link.signable.last_day_to_sign if link.purpose == PartyLink.Purpose.SIGN else None
        yield PortalTask(
            title=title % {"name": _name_in(link)},
            url=people,
            text=_where_the_link_is(link.party, user),
            due_on=until or clock.local(link.expires_at),
            organisation_id=link.signable.organisation_id,
            candidate_id=link.trajectory.candidate_id,
        )


def _where_the_link_is(party: PlanParty, user: User) -> str:
    """Whoever signs for a company need not be who is logged in."""
    if party.email.lower() == user.email.lower():
        return _("De link staat in uw mail.")
    return _("De link gaat per mail of sms naar %(name)s.") % {"name": party.name}


def _name_in(row: Any) -> str:
    """The person of a row that says whether the company may know (`is_known`, R16)."""
    candidate = row.trajectory.candidate
    return candidate.full_name if row.is_known else number_of(candidate)


def _ending(user: User) -> Iterator[PortalTask]:
    rows = running_trials(user).filter(trajectory__state=State.PROEFPERIODE)
    for trial in rows:
        if trial.last_day <= clock.today() + TRIAL_ENDS_SOON:
            yield PortalTask(
                title=_("De proefperiode van %(name)s loopt af") % {"name": _name_in(trial)},
                url=reverse("trajectories:portal_people"),
                text=_("Wilt u samen verder? Wie voor uw bedrijf tekende, krijgt een mail om dat te zeggen."),
                due_on=trial.last_day,
                organisation_id=trial.application.organisation_id,
                candidate_id=trial.trajectory.candidate_id,
            )


def running_trials(user: User) -> QuerySet[TrialPeriod]:
    """Trials at the companies someone represents that belong to a present placement."""
    here = TrialPeriod.objects.filter(
        application__organisation__in=user.organisations_as(Role.WERKGEVER),
        application__status=Application.Status.ACCEPTED,
    )
    known = known_to_company(
        candidate="trajectory__candidate", trajectory="trajectory", organisation="application__organisation"
    )
    marked = here.annotate(is_known=ExpressionWrapper(known, BooleanField()))
    return marked.select_related("trajectory__candidate", "application").prefetch_related("extensions")


def group_members(project: LearnWorkProject, user: User) -> list[GroupMember]:
    """Who is in a project and who was, with what it came to: of the cases this person may open, and of files that are gone."""
    rows = ProjectParticipation.objects.filter(project=project).exclude(started_on=None, left_on__isnull=False)
    mine = rows.filter(Q(trajectory__in=Trajectory.objects.visible_to(user)) | Q(trajectory=None))
    ordered = mine.select_related("trajectory__candidate").order_by("left_on", "seat_number", "pk")
    return [_member(row) for row in ordered]


def people_in(project: LearnWorkProject) -> int:
    """How many have a place in the group now (R13)."""
    return ProjectParticipation.objects.filter(project=project, left_on=None).count()


def _member(row: ProjectParticipation) -> GroupMember:
    case, has_left = row.trajectory, row.left_on is not None
    outcome = _outcome(row) if has_left else ""
    if case is None:
        return GroupMember(_("Iemand van wie het dossier is vernietigd"), "", has_left=has_left, outcome=outcome)
    url = reverse("trajectories:detail", args=[case.pk])
    name = case.candidate.full_name
    return GroupMember(name, case.state_label, case.phase, url, has_left, outcome, case.candidate_id)


def _outcome(row: ProjectParticipation) -> str:
    gained = ((row.passed_trial_on, _("proefperiode gehaald")), (row.job_on, _("baan")), (row.diploma_on, _("diploma")))
    return ", ".join(words for day, words in gained if day) or _("proefperiode niet gehaald")


# --- The contract ----------------------------------------------------------------------------------------------------
def running_contracts(rows: Iterable[Trajectory]) -> QuerySet[Contract]:
    """The contracts of these people that run or begin later, the last one first, with the minimum wage of now."""
    running = Contract.objects.filter(trajectory__in=rows, ended_early_on=None)
    day = Greatest(F("starts_on"), Value(clock.today(), DateField()))
    least = Func(F("trajectory_id"), day, function="topjob_minimum_wage", output_field=DecimalField())
    coming = {"kind": Deadline.Kind.WAGE_RISE, "subject_id__gt": rises.after(clock.today())}
    told = Deadline.objects.filter(trajectory=OuterRef("trajectory"), **coming)
    rise = Subquery(told.order_by(F("subject_id") / rises.AMOUNTS, "-pk").values("reason")[:1])
    running = running.filter(Q(ends_on=None) | Q(ends_on__gte=clock.today())).annotate(least_now=least, rise=rise)
    return running.select_related("organisation", "agreement")


def contract_pairs(contract: Any) -> list[tuple[str, Any]]:
    """What the person and the company of a contract both read of it. The client reads no wage (R16)."""
    until = nl_date(contract.ends_on) if contract.ends_on else _("geen einddatum")
    pairs = [
        (_("Afspraak") if contract.is_unpaid else _("Contract"), contract.what),
        (_("Bij") if contract.is_unpaid else _("Werkt bij"), contract.organisation),
        (_("Vanaf"), nl_date(contract.starts_on)),
        (_("Tot en met"), until),
        (_("Uren per week"), contract.hours_per_week),
    ]
    if contract.hourly_wage is not None:
        pairs.append((_("Loon"), _wage_in_words(contract)))
        if contract.rise:
            pairs.append((_("Gaat omhoog"), contract.rise))
    if agreed := allowances.of(contract):
        pairs.append((_("Vergoeding"), str(agreed)))
    return pairs


def _wage_in_words(contract: Any) -> str:
    """As agreed; where the minimum wage is more by now, that is what somebody gets."""
    words = {"wage": euro(contract.hourly_wage), "least": euro(contract.least_now)}
    if contract.least_now > contract.hourly_wage:
        return _("%(wage)s bruto per uur; nu ten minste het minimumloon: %(least)s") % words
    return _("%(wage)s bruto per uur") % words


# --- The client ------------------------------------------------------------------------------------------------------
def milestones(rows: Iterable[Trajectory | int]) -> dict[int, Deadline]:
    """The next date of the journey itself, per trajectory."""
    coming = Deadline.objects.open().filter(trajectory__in=rows, kind__in=MILESTONES).order_by("-due_on", "-pk")
    return {row.trajectory_id: row for row in coming.only("trajectory", "kind", "due_on")}


def results(rows: QuerySet[Trajectory], reader: User) -> dict[str, int]:
    """How many of these people passed a trial, got a contract, a diploma, a job, or stopped before their goal; in one query.

    A place without wage is no job: those are counted apart. Counted until one beyond `COUNTED_TO`.
    """
    came_to = {
        "passed": TrialPeriod.objects.filter(evaluation__decision=name_of(Journey.continue_learning)),
        "contracts": Contract.objects.filter(kind=Contract.Kind.LEARN_WORK),
        "diplomas": Qualification.objects.all(),
        "placed": Contract.objects.filter(kind__in=PLACED),
        "unpaid": Contract.objects.filter(kind=Contract.Kind.UNPAID),
    }
    found = {name: rows.filter(pk__in=facts.order_by().values("trajectory_id")) for name, facts in came_to.items()}
    found["stopped"] = _stopped(rows)
    return dict(zip(found, counted(reader, found.values(), most=COUNTED_TO + 1), strict=True))


def _stopped(rows: QuerySet[Trajectory]) -> QuerySet[Trajectory]:
    """Who of these ended before the goal: by stopping, or after a trial that was broken off (R18)."""
    ended = AuditEntry.objects.filter(trajectory_id=OuterRef("pk"), state_to=State.AFSLUITING)
    stopped = ended.filter(verb__in=names_of(Journey.stop, Journey.break_off_trial))
    return rows.filter(Exists(stopped), state__in=(State.AFSLUITING, State.AFGESLOTEN))


def open_permissions(rows: QuerySet[Trajectory], most: int) -> list[dict[str, Any]]:
    """So many trials at most whose first or last day the payer's decision doesn't cover yet (decision 10)."""
    plans = StartPlan.objects.filter(
        trajectory__in=rows.filter(state__in=(State.STARTPLAN, State.PROEFPERIODE)),
        application__status=Application.Status.ACCEPTED,
        status__in=(StartPlan.Status.SENT, StartPlan.Status.SIGNED),
        construction="1",
        keeps_benefit=True,
    )
    uncovered = plans.filter(~_granted("trial_starts_on") | ~_granted("trial_ends_on"))
    newest = uncovered.order_by("trajectory_id", "-number").distinct("trajectory_id")[:most]
    people = (f"trajectory__{name}" for name in ("candidate", "department", "regisseur", "career_adviser"))
    found = StartPlan.objects.filter(pk__in=list(newest.values_list("pk", flat=True))).order_by("trajectory_id")
    rows_found = list(found.select_related(*people, "application__organisation"))
    guides.keep(plan.trajectory for plan in rows_found)
    return [{"plan": plan, "case": plan.trajectory, "lead": plan.trajectory.contact} for plan in rows_found]


def _granted(day: str) -> Exists:
    granted = PayerPermission.objects.filter(trajectory=OuterRef("trajectory"), is_granted=True)
    return Exists(granted.filter(valid_from__lte=OuterRef(day), valid_until__gte=OuterRef(day)))


def passed_states(trajectory: Trajectory) -> list[dict[str, Any]]:
    """When the trajectory came in which state, newest first: dates and states, no texts and nothing of the file."""
    rows = AuditEntry.objects.filter(trajectory_id=trajectory.pk).exclude(state_to="").order_by("-pk")
    moments = rows.values_list("at", "state_to")
    return [
        {"at": at, "title": State(state).label, "actor": "", "text": "", "icon": "flag", "url": ""}
        for at, state in moments
    ]


def counts_per_phase(rows: QuerySet[Trajectory], reader: User) -> list[dict[str, Any]]:
    """How many people are in each phase now, closing and closed ones apart; counted until one beyond `COUNTED_TO`."""
    states = {letter: [state for state, phase in PHASES.items() if phase == letter] for letter in PHASE_LABELS}
    found = counted(reader, (rows.filter(state__in=each) for each in states.values()), most=COUNTED_TO + 1)
    return [
        {"letter": letter, "label": PHASE_LABELS[letter], "count": in_words(count)}
        for letter, count in zip(states, found, strict=True)
    ]
