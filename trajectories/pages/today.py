"""What "Vandaag" shows: the own deadlines as one row per case, whose turn it is, whom others keep waiting, and the talks.

Whoever has a thousand deadlines sees the thousand most urgent: nothing here is read without an end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import CharField, DateTimeField, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from phonenumber_field.phonenumber import to_python

from accounts.models import Absence, Role, User
from accounts.models.roles import REGION_ROLES
from candidates.models import Candidate, ContactMoment
from topjob import clock
from topjob.conditions import no_row
from topjob.dates import days_since, this_week, urgency
from trajectories.journey.access import may_work
from trajectories.models import Application, Deadline, PartyLink, Received, Trajectory
from trajectories.models.deadline import DeadlineQuerySet
from trajectories.models.guides import GUIDES, LEADS, keep_covers
from trajectories.models.trajectory import TrajectoryQuerySet
from trajectories.pages.doing import Button, button_of
from trajectories.pages.worklists import (
    MOST_URGENT,
    SHARED_ROLES,
    handed_on_to,
    in_their_name,
    of_their_roles,
)
from trajectories.process.workflow import TURN, State
from trajectories.timing.kinds import TICKED_BY_HAND, TURNS, doing_of

Kind = Deadline.Kind
AHEAD = timedelta(days=14)
MOST_READ = 1000
MOST_TALKS = 60
# Rows of what stands below the own deadlines, and how many are looked for.
FEW, MOST_FEW = 10, 25
MOST_WORDS = 8
GROUPS = {
    "laat": gettext_lazy("Te laat"),
    "vandaag": gettext_lazy("Vandaag"),
    "week": gettext_lazy("Deze week"),
    "later": gettext_lazy("Daarna"),
    "zet": gettext_lazy("Jij bent ook aan zet"),
}


# --- The own deadlines -----------------------------------------------------------------------------------------------
class Line(NamedTuple):
    """A deadline, as far as its row needs it."""

    pk: int
    case_id: int
    kind: str
    subject_id: int
    due_on: date
    reason: str
    is_escalated: bool  # and to another than this reader
    owner: str | None
    # It came to this reader as coordinator, from whoever let it lie.
    is_handed_on: bool


@dataclass(frozen=True)
class Entry:
    """The most urgent deadline of a case, and how many others it has."""

    line: Line
    more: int

    @property
    def group(self) -> str:
        return urgency(self.line.due_on)


def absences_of(user: User) -> list[Absence]:
    """For whom this person covers today, and who covers for them."""
    rows = Absence.objects.now().filter(Q(cover=user) | Q(person=user))
    return list(rows.select_related("person", "cover", "region").order_by("ends_on", "pk"))


def work_of(user: User, away: Sequence[Absence]) -> tuple[list[Entry], list[Entry]]:
    """What this person has to do, one entry for each case, and what stays with colleagues in other cases."""
    lines = lines_of(user, away)
    own = entries_of(line for line in lines if not line.is_handed_on)
    listed = {entry.line.case_id for entry in own}
    return own, entries_of(line for line in lines if line.is_handed_on and line.case_id not in listed)


def lines_of(user: User, away: Sequence[Absence]) -> list[Line]:
    """Every open deadline of this person until two weeks from now, and what was handed on to them, the most urgent first."""
    rows = Deadline.objects.visible_to(user).open().filter(due_on__lte=clock.today() + AHEAD)
    parts = [_by_name(rows, user, away), *_shared(rows, user), _handed_on(rows, user, away)]
    found = parts[0].union(*parts[1:], all=True).order_by("due_on", "pk", "is_handed_on")[:MOST_READ]
    lines = [Line(*row) for row in found]
    return list({line.pk: line for line in reversed(lines)}.values())[::-1]


def _by_name(rows: DeadlineQuerySet, user: User, away: Sequence[Absence]) -> Any:
    """By name. Only where somebody is away it has to be asked of each who answers for it."""
    if not away:
        return _as_lines(user, rows.filter(owner=user).exclude(owner_role__in=SHARED_ROLES))
    owners = {user.pk, *(row.person_id for row in away)}
    return _as_lines(user, rows.filter(owner__in=owners).with_answerer().filter(in_their_name(user)))


def _handed_on(rows: DeadlineQuerySet, user: User, away: Sequence[Absence]) -> Any:
    """What was handed on to this person; that of others only where they cover for somebody."""
    coordinators = {user.pk, *(row.person_id for row in away)}
    found = rows.filter(escalated_to__in=coordinators)
    return _as_lines(user, found.filter(handed_on_to(user)) if away else found, is_handed_on=True)


def _shared(rows: DeadlineQuerySet, user: User) -> list[Any]:
    return [_as_lines(user, rows.filter(of_their_roles(user)))] if user.roles & SHARED_ROLES else []


def _as_lines(user: User, rows: DeadlineQuerySet, *, is_handed_on: bool = False) -> Any:
    """The most urgent of these, with the columns of `Line`."""
    columns = ("pk", "trajectory_id", "kind", "subject_id", "due_on", "reason")
    told = rows.annotate(
        is_escalated=Q(escalated_to__isnull=False) & ~Q(escalated_to=user.pk), is_handed_on=Value(is_handed_on)
    )
    listed = told.values_list(*columns, "is_escalated", "owner__name", "is_handed_on")
    return listed.order_by("due_on", "pk")[:MOST_READ]


def entries_of(lines: Iterable[Line]) -> list[Entry]:
    """One for each case, the most urgent first. That somebody looks at it again counts only where nothing else runs."""
    cases: dict[int, list[Line]] = {}
    for line in lines:
        cases.setdefault(line.case_id, []).append(line)
    found = [Entry(_first(rows), len(rows) - 1) for rows in cases.values()]
    return sorted(found, key=lambda entry: (entry.line.due_on, entry.line.pk))


def _first(rows: list[Line]) -> Line:
    return next((line for line in rows if line.kind != Kind.FOLLOW_UP), rows[0])


# --- A row -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Row:
    """A case with what is to be done there now."""

    case: Trajectory
    button: Button
    why: str
    due_on: date | None
    group: str = ""
    more: int = 0
    tick_off: int = 0  # the deadline that can be ticked off here
    note: str = ""

    @property
    def group_label(self) -> str:
        return str(GROUPS[self.group])

    @property
    def days(self) -> int:
        """How many days the case stands there, today included."""
        return days_since(self.case.state_since) + 1


def cases_of(user: User) -> TrajectoryQuerySet:
    """Cases with what a row shows and what its button asks."""
    return Trajectory.objects.visible_to(user).select_related("candidate", "department").only(*CASE_FIELDS)


CASE_FIELDS = (
    "state", "phase", "turn", "state_since", "due_on", "region", "candidate_id", "department__code",
    *GUIDES.values(), "candidate__first_name", "candidate__name_prefix", "candidate__last_name", "candidate__user_id",
)  # fmt: skip


@dataclass(frozen=True)
class New:
    """A case that came to this person and that they haven't opened."""

    trajectory: Trajectory
    role: str  # as what it came, in words
    at: datetime


class Cases(NamedTuple):
    """The cases of one Vandaag: those of a page of deadlines, those whose turn it is besides, and those that are new."""

    rows: list[Row]
    turns: list[Row]
    new: list[New]


def cases_for(entries: Sequence[Entry], listed: Iterable[int], user: User, away: Sequence[Absence]) -> Cases:
    """All cases that are shown, in one question; `listed` are those whose turn isn't told beside their deadline."""
    page = _part(cases_of(user).filter(pk__in=[entry.line.case_id for entry in entries]), "rows")
    parts = [part for part in (_turns(user, listed, away), _new_to(user)) if part is not None]
    found: dict[str, list[Trajectory]] = {"rows": [], "turns": [], "new": []}
    for case in page.union(*parts, all=True) if parts else page:
        found[case.part].append(case)  # type: ignore[attr-defined]
    keep_covers((*found["rows"], *found["turns"]), away)
    return Cases(_rows(entries, found["rows"], user), _turn_rows(found["turns"], user), _new_ones(found["new"]))


def _part(cases: TrajectoryQuerySet, part: str, role: Any = None, at: Any = None) -> TrajectoryQuerySet:
    """As part of the question for all: for what it is, and of a new case as what and when it came."""
    came = {"came_as": role or Cast(Value(None), CharField()), "came_at": at or Cast(Value(None), DateTimeField())}
    return cases.annotate(part=Value(part), **came)


def _rows(entries: Sequence[Entry], cases: Iterable[Trajectory], user: User) -> list[Row]:
    found = {case.pk: case for case in cases}
    return [_row(entry, found[entry.line.case_id], user) for entry in entries if entry.line.case_id in found]


def _new_to(user: User) -> TrajectoryQuerySet | None:
    if not user.has_role(*GUIDES):
        return None
    newest = Received.objects.new_to(user).order_by("-at", "-pk")[:MOST_FEW]
    mine = cases_of(user).filter(pk__in=newest.values("trajectory"))
    came = Received.objects.filter(trajectory=OuterRef("pk"), user=user)
    return _part(mine, "new", Subquery(came.values("role")), Subquery(came.values("at")))


def _new_ones(cases: list[Trajectory]) -> list[New]:
    """The newest first."""
    found = [New(case, str(Role(case.came_as).label), case.came_at) for case in cases]  # type: ignore[attr-defined]
    return sorted(found, key=lambda new: (new.at, new.trajectory.pk), reverse=True)


def _row(entry: Entry, case: Trajectory, user: User) -> Row:
    line = entry.line
    return Row(
        case=case,
        button=button_of(doing_of(line.kind, case.state), case, user, line.subject_id),
        why=why_of(line),
        due_on=line.due_on,
        group=entry.group,
        more=entry.more,
        tick_off=line.pk if line.kind in TICKED_BY_HAND else 0,
        note=_lies_with(line),
    )


def why_of(line: Line) -> str:
    """The reason in a few words: the deadline's own, or else what kind it is."""
    return line.reason if 0 < len(line.reason.split()) <= MOST_WORDS else str(Kind(line.kind).label)


def _lies_with(line: Line) -> str:
    if line.is_handed_on:
        return _("blijft liggen bij %(name)s") % {"name": line.owner} if line.owner else _("blijft liggen")
    return _("doorgegeven aan de coördinator") if line.is_escalated else ""


def _turns(user: User, listed: Iterable[int], away: Sequence[Absence]) -> TrajectoryQuerySet | None:
    """Cases whose turn is this person's without a deadline in the list, one more than is shown; nothing where none can be.

    Those in their name or in nobody's; of who left `worklists.turn_of` knows as well.
    """
    if not user.roles & {*TURN.values(), *LEADS}:
        return None
    mine = cases_of(user).filter(_turn_by_name(user, away)).exclude(pk__in=list(listed))
    return _part(mine, "turns").order_by(*MOST_URGENT)[: FEW + 1]


def _turn_rows(cases: list[Trajectory], user: User) -> list[Row]:
    first = _("eerste termijn van het traject")
    urgent = sorted(cases, key=lambda case: (case.due_on or date.max, case.pk))
    return [Row(case, button_of(TURNS[State(case.state)], case, user), first, case.due_on, "zet") for case in urgent]


def _turn_by_name(user: User, away: Sequence[Absence]) -> Q:
    found = no_row()
    for role in user.roles & SHARED_ROLES:
        found |= Q(turn=role, region__in=user.regions_as(role))
    for role in user.roles & set(GUIDES):
        nobodys = Q(**{GUIDES[Role(role)]: None}, region__in=user.regions_as(role))
        found |= Q(turn=role) & (_named([role], user, away) | nobodys)
    if user.has_role(*LEADS):
        found |= Q(turn=Role.JOBCOACH, jobcoach=None) & _named(LEADS, user, away)
    return found


def _named(roles: Iterable[str], user: User, away: Sequence[Absence], case: str = "") -> Q:
    """Cases in which this person is named in one of these roles and not away, or covers for who is."""
    found = Q(**{f"{case}region__in": ()})
    for role in roles:
        people = [row.person_id for row in away if row.role == role and row.cover_id == user.pk]
        if not any(row.role == role and row.person_id == user.pk for row in away):
            people.append(user.pk)
        found |= Q(**{f"{case}{GUIDES[Role(role)]}__in": people})
    return found


# --- Whom others keep waiting ----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Waiting:
    """Somebody outside who has to answer: who, for what, since when, and the link that can be sent again."""

    case: Trajectory
    who: str
    what: str
    since: datetime
    link: int = 0
    reminded: datetime | None = None


def waiting_of(user: User, away: Sequence[Absence]) -> list[Waiting]:
    """Who must sign, give a view or answer a proposal in the own cases, the longest waiting first."""
    found = [*_links_of(user, away), *_proposals_of(user, away)]
    return sorted(found, key=lambda row: row.since)[:MOST_FEW]


def _links_of(user: User, away: Sequence[Absence]) -> list[Waiting]:
    if not user.has_role(*LEADS, Role.PERSONEEL):
        return []
    asks = _named(LEADS, user, away, "trajectory__") if user.has_role(*LEADS) else no_row()
    asks |= Q(paper__isnull=False, trajectory__region__in=user.regions_as(Role.PERSONEEL))
    links = PartyLink.objects.unanswered().filter(asks, trajectory__region__in=user.regions_as(*REGION_ROLES))
    related = ("party", "plan", "paper", "evaluation", "trajectory__candidate", "trajectory__department")
    told = links.select_related(*related).only(*LINK_FIELDS).order_by("created_at")
    return [_of_link(link, user) for link in told[:MOST_FEW]]


LINK_FIELDS = (
    "created_at", "party__name", "party__party", "plan__sent_at", "paper__sent_at", "paper__kind", "evaluation__opened_at",
    *(f"trajectory__{name}" for name in CASE_FIELDS),
)  # fmt: skip


def _of_link(link: PartyLink, user: User) -> Waiting:
    what, asked = _asked_by(link)
    work = "resend_link" if link.paper_id is None else "make_paper"
    return Waiting(
        case=link.trajectory,
        who=f"{link.party.name} ({link.party.get_party_display()})",
        what=what,
        since=min(asked or link.created_at, link.created_at),
        link=link.pk if may_work(link.trajectory, user, work) else 0,
        reminded=link.created_at if asked and clock.local(link.created_at) > clock.local(asked) else None,
    )


def _asked_by(link: PartyLink) -> tuple[str, datetime | None]:
    """What is asked, and since when."""
    if link.evaluation is not None:
        return _("oordeel voor de evaluatie"), link.evaluation.opened_at
    if link.paper is not None:
        return link.paper.get_kind_display(), link.paper.sent_at
    return _("startplan tekenen"), link.plan.sent_at if link.plan else None


def _proposals_of(user: User, away: Sequence[Absence]) -> list[Waiting]:
    """Companies that were told of somebody and haven't agreed on a day to talk."""
    if not user.has_role(Role.WERKMAKELAAR):
        return []
    waits = Application.objects.filter(
        _named([Role.WERKMAKELAAR], user, away, "trajectory__"),
        status=Application.Status.INTRODUCED, talk_at=None, introduced_at__isnull=False,
        trajectory__state=State.SOLLICITATIE, trajectory__region__in=user.regions_as(*REGION_ROLES),
    )  # fmt: skip
    related = ("organisation", "trajectory__candidate", "trajectory__department")
    rows = waits.select_related(*related).order_by("introduced_at")[:MOST_FEW]
    return [
        Waiting(row.trajectory, str(row.organisation), _("antwoord op voorstel"), row.introduced_at)
        for row in rows
        if row.introduced_at is not None
    ]


# --- Talks and the week ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Day:
    """A day of this week, with how much stands on it."""

    day: date
    count: int
    is_today: bool
    is_chosen: bool


def talks_of_the_week(user: User, chosen: date | None) -> list[ContactMoment]:
    """Planned talks of this person until the end of this week, or the day that was asked for; the latest, the first on top.

    With those that were, of which nobody wrote down how they went.
    """
    last = max(this_week()[-1], chosen or date.min)
    planned = ContactMoment.objects.filter(by=user, status=ContactMoment.Status.PLANNED)
    seen = planned.filter(
        at__lt=clock.start_of(last) + timedelta(days=1), candidate__in=Candidate.objects.visible_to(user)
    )
    told = seen.select_related("candidate").annotate(phone=F("candidate__phone")).only(*TALK_FIELDS)
    found: list[ContactMoment] = [*told.order_by("-at", "-pk")[:MOST_TALKS]]
    return found[::-1]


TALK_FIELDS = (
    "kind", "at", "place", "candidate_id",
    "candidate__first_name", "candidate__name_prefix", "candidate__last_name",
)  # fmt: skip


def talks_on(day: date, talks: Iterable[ContactMoment]) -> list[ContactMoment]:
    """The talks of that day; today those before it as well, which still have to be written down. With how to call."""
    is_today = day == clock.today()
    found = [talk for talk in talks if clock.local(talk.at) == day or (is_today and clock.local(talk.at) < day)]
    for talk in found:
        talk.number = to_python(talk.phone)  # type: ignore[attr-defined]
    return found


def week_of(chosen: date | None, entries: Iterable[Entry], talks: Iterable[ContactMoment]) -> list[Day]:
    """This week, from Monday: how many cases have their day then, and how many talks there are."""
    today = clock.today()
    days = [*(entry.line.due_on for entry in entries), *(clock.local(talk.at) for talk in talks)]
    return [Day(day, days.count(day), day == today, day == chosen) for day in this_week()]
