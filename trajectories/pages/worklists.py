"""Which trajectories somebody looks at: the worklists, what asks attention, the board, the banenpool."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from accounts.need_to_know import NEEDS
from matching.models import SearchProfile
from topjob import clock
from topjob.conditions import OneOf, any_of, no_row
from topjob.filters import in_order
from topjob.paging import COUNTED_TO, in_short
from trajectories.journey.need_to_know import part_of_paper
from trajectories.models import (
    Advice,
    Application,
    Deadline,
    Evaluation,
    EvaluationView,
    Paper,
    PartyLink,
    Scan,
    StartPlan,
    Trajectory,
)
from trajectories.models.guides import (
    GUIDES,
    LEADS,
    answered_by,
    answers,
    led_by,
    led_by_nobody,
    nobodys,
    without_lead,
)
from trajectories.models.trajectory import TrajectoryQuerySet
from trajectories.process.choices import THREE_PARTIES
from trajectories.process.workflow import OPEN_STATES, State
from trajectories.timing.owners import covered_as_coordinator

# Roles whose work belongs to whoever of them picks it up; the others are named on the case.
SHARED_ROLES = frozenset({Role.FRONTOFFICE, Role.PERSONEEL, Role.BACKOFFICE})
SOON = timedelta(days=7)
NOTICE_AHEAD = timedelta(days=30)
BOARD_CARDS = 8

Cases = TrajectoryQuerySet


# --- Whose work ------------------------------------------------------------------------------------------------------
def turn_of(user: User) -> Q:
    """Cases whose turn is this person's: the guide for that role or the cover, or it is nobody's and they hold it here."""
    mine = no_row()
    for role in user.roles:
        regions = user.regions_as(role)
        if role in SHARED_ROLES:
            mine |= Q(turn=role, region__in=regions)
        elif role in GUIDES:
            mine |= Q(turn=role) & (answered_by(user, role) | nobodys(role) & Q(region__in=regions))
    return mine | Q(turn=Role.JOBCOACH) & nobodys(Role.JOBCOACH) & _looks_after(user)


def _looks_after(user: User) -> Q:
    """Where nobody coaches, the lead keeps an eye on it; without one, whoever could lead here."""
    regions = user.regions_as(*LEADS)
    return led_by(user) | led_by_nobody() & Q(region__in=regions) if regions else no_row()


def is_turn_of(case: Trajectory, user: User) -> bool:
    """The same of one case that was read, without a question: only writing that one down takes half the time of a page."""
    role = case.turn
    holds_it_here = case.region_id in user.regions_as(role)
    if role in SHARED_ROLES:
        return holds_it_here
    if role not in case.at_work:
        return holds_it_here or (role == Role.JOBCOACH and _looks_after_this(case, user))
    return role in user.roles and answers(case, user, role)


def _looks_after_this(case: Trajectory, user: User) -> bool:
    regions = user.regions_as(*LEADS)
    lead = next((role for role in LEADS if role in case.at_work), None)
    return bool(regions) and (answers(case, user, lead) if lead else case.region_id in regions)


def turns_among(cases: Iterable[Trajectory], user: User) -> set[int]:
    """Which of these cases have this person's turn, of cases with their guides (`guides.keep`)."""
    return {case.pk for case in cases if is_turn_of(case, user)}


def deadlines_of(user: User) -> QuerySet[Deadline]:
    """Open deadlines of this person, of a role they share in their region, or handed on to them; the most urgent first."""
    theirs = in_their_name(user) | of_their_roles(user) | handed_on_to(user)
    rows = Deadline.objects.visible_to(user).open().with_answerer().filter(theirs)
    return rows.select_related("trajectory__candidate", "trajectory__department", "owner").order_by("due_on", "pk")


def in_their_name(user: User) -> Q:
    """Of deadlines `with_answerer`: those that this person answers for by name, or covering today."""
    return Q(answerer=user.pk) & ~Q(owner_role__in=SHARED_ROLES)


def of_their_roles(user: User) -> Q:
    """Deadlines of whoever of a role picks them up, in the regions where this person holds it."""
    held = user.roles & SHARED_ROLES
    return any_of(*(Q(owner_role=role, trajectory__region__in=user.regions_as(role)) for role in held))


def handed_on_to(user: User) -> Q:
    """What stayed late and came to this person as coordinator, or to the coordinator they cover for today."""
    away = covered_as_coordinator().filter(person=OuterRef("escalated_to"), region=OuterRef("trajectory__region"))
    return Q(escalated_to=user) & ~Exists(away) | Q(Exists(away.filter(cover=user)))


# --- What asks attention ---------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Attention:
    """Cases in which a role has something to do that isn't a date."""

    key: str
    label: Any
    roles: tuple[str, ...]
    select: Callable[[Cases], Cases]


def _applications(**which: Any) -> QuerySet[Application]:
    return Application.objects.filter(trajectory=OuterRef("pk"), **which)


def _without_vacancy(rows: Cases) -> Cases:
    chosen = _applications(status=Application.Status.CHOSEN)
    return rows.filter(~Exists(chosen), state=State.BEMIDDELBAAR)


def _talk_to_record(rows: Cases) -> Cases:
    talk = _applications(status=Application.Status.INTRODUCED, talk_held=False, talk_at__lte=clock.now())
    return rows.filter(Exists(talk), state=State.SOLLICITATIE)


def _declined_signature(rows: Cases) -> Cases:
    """Somebody doesn't sign the startplan or another document. There are few, so the cases are looked up from them."""
    declined = PartyLink.objects.declined().filter(purpose=PartyLink.Purpose.SIGN)
    of_plan = Q(plan__status=StartPlan.Status.SENT, trajectory__state=State.STARTPLAN)
    of_either = declined.filter(of_plan | Q(paper__status=Paper.Status.SENT))
    return rows.filter(pk__in=of_either.values("trajectory"))


def _scan_to_check(rows: Cases, kinds: Iterable[str] = Paper.Kind.values) -> Cases:
    """A signature on paper waits for the second pair of eyes (R4). There are few: the cases are looked up from them."""
    of_plan = Q(party__plan__status=StartPlan.Status.SENT)
    of_paper = Q(party__paper__status=Paper.Status.SENT, party__paper__kind__in=list(kinds))
    waiting = Scan.objects.filter(of_plan | of_paper, confirmed_at=None, refused_at=None).order_by()
    return rows.filter(pk__in=waiting.values(case=Coalesce("party__plan__trajectory", "party__paper__trajectory")))


def _scan_of_plan_or_contract(rows: Cases) -> Cases:
    """The same, of what the backoffice may read."""
    return _scan_to_check(rows, [kind for kind in Paper.Kind if part_of_paper(kind) in NEEDS[Role.BACKOFFICE]])


def _views_missing(rows: Cases) -> Cases:
    """R7: three parties are heard."""
    trial = {"evaluation__trial__trajectory": OuterRef("pk"), "evaluation__decided_at": None}
    given = EvaluationView.objects.filter(**trial).values("evaluation__trial__trajectory").annotate(n=Count("pk"))
    return rows.filter(~Exists(given.filter(n__gte=3)), state=State.EVALUATIE)


@dataclass(frozen=True)
class Completion:
    """How many of the views asked for were given, and how many of those by a guide on the party's behalf (R7)."""

    asked: int
    given: int
    on_behalf: int

    @property
    def percentage(self) -> int:
        """Whole percentage, rounded half up."""
        return (200 * self.given + self.asked) // (2 * self.asked) if self.asked else 0


def completion_of(user: User) -> Completion | None:
    """The views of the own cases whose evaluation opened in the last twelve months; nothing for who isn't regisseur."""
    if not user.has_role(Role.REGISSEUR):
        return None
    return completion_from(*counted(user, (), whole=views_asked_of(user)))


def completion_from(evaluations: int, given: int, on_behalf: int) -> Completion:
    """The same of what was counted by `views_asked_of`."""
    return Completion(asked=len(THREE_PARTIES) * evaluations, given=given, on_behalf=on_behalf)


def views_asked_of(user: User) -> list[QuerySet[Any]]:
    """What `Completion` counts: the evaluations, the views that were given, and those of them on a party's behalf."""
    since = clock.now() - relativedelta(months=12)
    mine = Evaluation.objects.filter(trial__trajectory__regisseur=user, opened_at__gt=since)
    evaluations = mine if user.has_role(Role.REGISSEUR) else mine.none()
    views = EvaluationView.objects.filter(evaluation__in=evaluations)
    return [evaluations, views, views.exclude(recorded_by=None)]


def _permission(rows: Cases) -> Cases:
    kinds = (Deadline.Kind.PERMISSION_MISSING, Deadline.Kind.PERMISSION_ENDING)
    return rows.filter(_has_deadline(kind__in=kinds))


def _notice(rows: Cases) -> Cases:
    due = clock.today() + NOTICE_AHEAD
    soon = _has_deadline(kind=Deadline.Kind.CONTRACT_NOTICE, due_on__lte=due)
    return rows.filter(soon, state=State.LEERWERK)


def _has_deadline(**which: Any) -> Q:
    """Cases with an open deadline like that, looked up from the deadlines."""
    return Q(OneOf("pk", Deadline.objects.open().filter(**which).order_by().values("trajectory")))


def _advice_to_give(rows: Cases) -> Cases:
    return rows.filter(state=State.ADVIES)


def _profile_to_confirm(rows: Cases) -> Cases:
    confirmed = SearchProfile.objects.confirmed().filter(candidate=OuterRef("candidate"))
    return rows.filter(~Exists(confirmed), state=State.INTAKE)


def _to_close(rows: Cases) -> Cases:
    return rows.filter(state=State.AFSLUITING)


def _without_lead(rows: Cases) -> Cases:
    return rows.open().filter(without_lead())


# Who may change the guides of a case.
FINDS_GUIDES = (Role.FRONTOFFICE, Role.REGISSEUR)
ATTENTION = (
    Attention("geen_vacature", _("Bemiddelbaar, nog geen vacature gekozen"), (Role.WERKMAKELAAR,), _without_vacancy),
    Attention("gesprek_vastleggen", _("Sollicitatiegesprek nog vastleggen"), (Role.WERKMAKELAAR,), _talk_to_record),
    Attention("niet_getekend", _("Iemand tekent niet"), (Role.REGISSEUR,), _declined_signature),
    Attention(
        "scan_nakijken",
        _("Op papier getekend: scan nakijken"),
        (Role.PERSONEEL,),
        _scan_to_check,
    ),
    Attention(
        "getekend_nakijken",
        _("Startplan of contract op papier getekend: scan nakijken"),
        (Role.BACKOFFICE,),
        _scan_of_plan_or_contract,
    ),
    Attention("oordelen", _("Oordelen ontbreken nog"), (Role.REGISSEUR,), _views_missing),
    Attention("toestemming", _("Toestemming opdrachtgever ontbreekt of loopt af"), (Role.REGISSEUR,), _permission),
    Attention("aanzeggen", _("Contract loopt af: aanzeggen"), (Role.PERSONEEL,), _notice),
    Attention("zoekprofiel", _("Zoekprofiel nog niet bevestigd"), (Role.LOOPBAANADVISEUR,), _profile_to_confirm),
    Attention("adviespunt", _("Op het Adviespunt"), (Role.LOOPBAANADVISEUR,), _advice_to_give),
    Attention("afsluiten", _("Dossiers om af te sluiten"), (Role.BACKOFFICE,), _to_close),
    Attention("geen_begeleider", _("Nog geen regisseur of loopbaanadviseur"), FINDS_GUIDES, _without_lead),
)


def may_choose(user: User) -> list[Attention]:
    """What somebody may filter the cases by: what their own role has to do, and all of it for who leads cases.

    Whose evaluation isn't complete, or who doesn't sign, isn't for everybody to know (`accounts.need_to_know`).
    """
    return [item for item in ATTENTION if user.has_role(*item.roles, *LEADS)]


def attention_of(user: User) -> dict[Attention, Cases]:
    """What asks this person's attention, with the cases that do."""
    rows = Trajectory.objects.visible_to(user)
    return {item: item.select(rows) for item in ATTENTION if user.has_role(*item.roles)}


# How far is counted where "99+" says enough.
MOST_COUNTED = 100


def counted(
    user: User, rows: Iterable[QuerySet[Any]], *, whole: Iterable[QuerySet[Any]] = (), most: int = MOST_COUNTED
) -> list[int]:
    """How many there are of each, in one question, which is about who asks; of `rows` no more than `most`."""
    counts = [*(_CountOf(each.order_by().values("pk")[:most]) for each in rows)]
    counts += (_CountOf(each.order_by().values("pk")) for each in whole)
    return list(User.objects.filter(pk=user.pk).values_list(*counts).get())


class _CountOf(Subquery):
    """How many rows, as part of another question."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()
    empty_result_set_value = 0


# --- The list --------------------------------------------------------------------------------------------------------
ORDERS: dict[str, tuple[str, ...]] = {
    "due": ("due_on",),
    "since": ("state_since",),
    "name": ("candidate__last_name", "candidate__first_name"),
    "state": ("phase", "state", "state_since"),
    "turn": ("turn", "due_on"),
    "client": ("client__name",),
}
MOST_URGENT = in_order(Trajectory, ORDERS["due"])


def board(rows: Cases) -> list[dict[str, Any]]:
    """The columns of the board: per open state how many, and the most urgent few. Two queries, however many cases."""
    columns = _of_each_state(rows)
    shown = Trajectory.objects.filter(pk__in=[pk for _count, first in columns.values() for pk in first])
    cards: dict[str, list[Trajectory]] = {}
    for case in shown.for_rows().order_by(*MOST_URGENT):
        cards.setdefault(case.state, []).append(case)
    return [_column(state, columns[state][0], cards.get(state, [])) for state in OPEN_STATES]


def _of_each_state(rows: Cases) -> dict[str, tuple[int, list[int]]]:
    """How many of these cases stand in each open state, until one beyond `COUNTED_TO`, and the numbers of the most urgent.

    Each state is asked by itself, so that no more is read than is shown: a window over all of them reads every case.
    """
    there = rows.order_by().filter(state=RawSQL("s.state", ())).values("pk")
    try:
        count, counted_by = there[: COUNTED_TO + 1].query.sql_with_params()
        first, found_by = there.order_by(*MOST_URGENT)[:BOARD_CARDS].query.sql_with_params()
    except EmptyResultSet:  # Django knows already that there are none
        return {state: (0, []) for state in OPEN_STATES}
    asked = f"""SELECT s.state, (SELECT count(*) FROM ({count}) counted), ARRAY({first})
                FROM unnest(%s::varchar[]) AS s(state)"""  # noqa: S608 - what Django wrote
    with connection.cursor() as cursor:
        cursor.execute(asked, [*counted_by, *found_by, [str(state) for state in OPEN_STATES]])
        return {State(state): (count, numbers) for state, count, numbers in cursor.fetchall()}


def _column(state: State, count: int, cards: list[Trajectory]) -> dict[str, Any]:
    more = "" if count > COUNTED_TO else str(count - len(cards))
    told = {"state": state.value, "label": state.label, "count": count, "said": in_short(count)}
    return told | {"cards": cards, "has_more": count > len(cards), "more": more}


# --- The banenpool ---------------------------------------------------------------------------------------------------
def in_pool(user: User) -> Cases:
    """People in the banenpool whom this person may see, longest waiting first."""
    given = Advice.objects.filter(trajectory=OuterRef("pk")).exclude(given_at=None).order_by("-given_at", "-pk")
    rows = Trajectory.objects.visible_to(user).in_pool().annotate(advice=Subquery(given.values("direction")[:1]))
    return rows.order_by("state_since", "pk")


def profiles_of(cases: Iterable[Trajectory]) -> dict[int, SearchProfile]:
    """The confirmed zoekprofiel of each person on a page."""
    rows = SearchProfile.objects.confirmed().filter(candidate__in=[case.candidate_id for case in cases])
    return {profile.candidate_id: profile for profile in rows}
