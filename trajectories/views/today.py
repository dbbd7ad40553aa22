""" "Vandaag": what someone has to do now, most urgent first, each with the button that does it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Page as PageOfRows
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import LOGGED_IN, access
from accounts.models import Absence, Page, Role, User
from accounts.models.roles import GUIDE_ROLES
from accounts.reading import shown
from candidates.models import ContactMoment, Registration
from matching.models import Tip
from matching.tips import unseen_by
from topjob import clock
from topjob.pages import PAGE_SIZE, render_page
from topjob.paging import Pages
from trajectories.pages import today as pages
from trajectories.pages.today import Day, Entry, New, Row, Waiting
from trajectories.pages.worklists import (
    MOST_COUNTED,
    Attention,
    Completion,
    attention_of,
    completion_from,
    counted,
    views_asked_of,
)
from trajectories.timing.owners import coordinated_by

HOMES = (
    (Role.KANDIDAAT, "trajectories:my_case"),
    (Role.WERKGEVER, "employers:portal"),
    (Role.OPDRACHTGEVER, "trajectories:client_overview"),
    (Role.BEHEERDER, "accounts:manage"),
)
# What may be asked for in the address (`?wat=`): a group of the own deadlines, or one of the other sections.
NEW, WAITING, COLLEAGUES = "nieuw", "wachten", "collega"
FEW_NEW = 5
A_YEAR = timedelta(days=366)


@dataclass(frozen=True)
class Counter:
    """How many there are of something, with the address that shows them."""

    label: str
    count: str
    url: str
    is_chosen: bool = False
    tone: str = ""


@dataclass(frozen=True)
class Worklist:
    """What a member of staff has to do today."""

    counters: list[Counter]
    attention: list[Counter]
    week: list[Day]
    chosen: str  # of the groups and sections; empty for all of it
    day: date | None  # chosen
    page_obj: PageOfRows
    rows: list[Row]
    is_whole: bool
    has_list: bool  # whether the deadlines were asked for
    new: list[New]
    registrations: list[Registration]
    more_new: bool
    turn_rows: list[Row]
    more_turn: bool
    waiting: list[Waiting]
    more_waiting: bool
    contacts: list[ContactMoment]
    completion: Completion | None
    covers: list[Absence]
    coordinates: bool
    is_frontoffice: bool
    only_registers: bool  # there is nothing for them to do in a trajectory
    here: str
    my_turn_url: str

    @property
    def people(self) -> Iterator[int]:
        """Whom the page shows."""
        cases = [row.case for row in (*self.rows, *self.turn_rows)] + [row.case for row in self.waiting]
        yield from (case.candidate_id for case in (*cases, *(row.trajectory for row in self.new)))
        yield from (talk.candidate_id for talk in self.contacts)
        yield from (row.candidate_id for row in self.registrations)


@access(LOGGED_IN, shows=Page.TODAY)
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """The worklist of staff; everybody else goes to the own portal."""
    user = request.user
    if not user.is_case_worker:
        home = next((url for role, url in HOMES if user.has_role(role)), "accounts:profile")
        return redirect(home)
    found = _worklist(request, user)
    shown(request, *found.people)
    return render_page(request, "trajectories/cases/today.html", found)


def _worklist(request: HttpRequest, user: User) -> Worklist:
    what, day = request.GET.get("wat", ""), _day_of(request.GET.get("dag", ""))
    away = pages.absences_of(user)
    own, handed_on = pages.work_of(user, away)
    shown_ones = _chosen(own, handed_on, what, day)
    page = Pages(shown_ones, PAGE_SIZE).get_page(request.GET.get("page"))
    talks = pages.talks_of_the_week(user, day)
    cases = pages.cases_for([*page.object_list], [entry.line.case_id for entry in own], user, away)
    is_whole = not what and day is None
    registrations, waiting = _registrations(user), pages.waiting_of(user, away)
    attention, completion, coordinates = _counted(user)
    return Worklist(
        counters=_counters(own, handed_on, len(cases.new) + len(registrations), len(waiting), what),
        attention=attention,
        week=pages.week_of(day, own, talks),
        chosen=what,
        day=day,
        page_obj=page,
        rows=cases.rows,
        has_list=is_whole or day is not None or what in (*pages.GROUPS, COLLEAGUES),
        new=_few(cases.new, what, is_whole),
        registrations=_few(registrations, what, is_whole),
        more_new=is_whole and max(len(cases.new), len(registrations)) > FEW_NEW,
        turn_rows=cases.turns[: pages.FEW] if is_whole and not page.has_next() else [],
        more_turn=len(cases.turns) > pages.FEW,
        waiting=waiting if what == WAITING else waiting[: pages.FEW] if is_whole else [],
        more_waiting=len(waiting) > pages.FEW and what != WAITING,
        contacts=pages.talks_on(day or clock.today(), talks) if is_whole or day else [],
        completion=completion,
        is_whole=is_whole,
        covers=away if user.has_role(*GUIDE_ROLES) else [],
        coordinates=coordinates,
        is_frontoffice=user.has_role(Role.FRONTOFFICE),
        only_registers=user.has_role(Role.FRONTOFFICE) and len(user.roles) == 1,
        here=request.get_full_path(),
        my_turn_url=f"{reverse('trajectories:list')}?turn=ik",
    )


def _day_of(text: str) -> date | None:
    """The day in the address; nothing when it is none, or further away than a year."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if abs(day - clock.today()) <= A_YEAR else None


def _chosen(own: list[Entry], handed_on: list[Entry], what: str, day: date | None) -> Sequence[Entry]:
    """The deadlines that were asked for: of a day, of a group, or those that came from colleagues."""
    if day is not None:
        return [entry for entry in own if entry.line.due_on == day]
    if what in pages.GROUPS:
        return [entry for entry in own if entry.group == what]
    return handed_on if what == COLLEAGUES else own


def _few(rows: list[Any], what: str, is_whole: bool) -> list[Any]:
    """What is new: all of it where that was asked for, else the first, so that what is to be done stands in view."""
    return rows if what == NEW else rows[:FEW_NEW] if is_whole else []


# --- Counters --------------------------------------------------------------------------------------------------------
def _counters(own: list[Entry], handed_on: list[Entry], new: int, waiting: int, what: str) -> list[Counter]:
    """How many of each there are, as links that show them; what there is none of isn't told."""
    groups = [entry.group for entry in own]
    found = [
        ("laat", _("te laat"), groups.count("laat"), pages.MOST_READ, "bad"),
        ("vandaag", _("vandaag"), groups.count("vandaag"), pages.MOST_READ, "care"),
        ("week", _("deze week"), groups.count("week"), pages.MOST_READ, ""),
        (NEW, _("nieuw"), new, pages.MOST_FEW, ""),
        (WAITING, _("wachten op anderen"), waiting, pages.MOST_FEW, ""),
        (COLLEAGUES, _("blijft liggen bij collega's"), len(handed_on), pages.MOST_READ, ""),
    ]
    return [
        Counter(label, _said(count, most), f"/?wat={key}", key == what, tone)
        for key, label, count, most, tone in found
        if count
    ]


def _said(count: int, most: int) -> str:
    """A number, or that there are at least so many."""
    return f"{most - 1}+" if count >= most else str(count)


def _counted(user: User) -> tuple[list[Counter], Completion | None, bool]:
    """What asks attention, how complete the own evaluations are, and whether this person coordinates: one question."""
    attention, asked = attention_of(user), views_asked_of(user)
    rows = [coordinated_by(user), _new_fits(user), *attention.values()]
    coordinates, fits, *counts = counted(user, rows, whole=asked)
    found = _attention(dict(zip(attention, counts, strict=False)), fits)
    completion = completion_from(*counts[-len(asked) :]) if user.has_role(Role.REGISSEUR) else None
    return found, completion, bool(coordinates)


def _attention(counts: dict[Attention, int], fits: int) -> list[Counter]:
    """What asks attention, with how many; what there is none of isn't told."""
    url = reverse("trajectories:list")
    found = [
        Counter(str(item.label), _said(count, MOST_COUNTED), f"{url}?{urlencode({'let_op': item.key})}")
        for item, count in counts.items()
        if count
    ]
    label = ngettext("nieuwe passende combinatie", "nieuwe passende combinaties", fits)
    return found + ([Counter(label, _said(fits, MOST_COUNTED), reverse("matching:tips"))] if fits else [])


def _new_fits(user: User) -> QuerySet[Tip]:
    """Good fits that matching found and that whoever places people hasn't seen yet."""
    found = unseen_by(user)
    return found if user.has_role(Role.WERKMAKELAAR, Role.LOOPBAANADVISEUR) else found.none()


# --- New -------------------------------------------------------------------------------------------------------------
def _registrations(user: User) -> list[Registration]:
    """Who waits longest at the frontoffice."""
    if not user.has_role(Role.FRONTOFFICE):
        return []
    here = Registration.objects.visible_to(user).open().filter(candidate__region__in=user.regions_as(Role.FRONTOFFICE))
    return list(here.select_related("candidate", "referrer").order_by("created_at", "pk")[: pages.MOST_FEW])
