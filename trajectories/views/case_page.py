"""The tabs of a person that are of the trajectory: what stands now and can be done (Nu), and what happened (Tijdlijn)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page as PageOfRows
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.access import CASE_WORKERS, access
from accounts.models import Page, Role, User
from accounts.need_to_know import Part
from candidates.frame import Here
from employers.models.company import OVERVIEW_ROLES
from topjob.dates import nl_date
from topjob.going_back import returning
from topjob.pages import Crumbs, render_page
from topjob.paging import Pages
from trajectories.forms.cases import NoteForm
from trajectories.journey.access import may_work
from trajectories.journey.need_to_know import deadlines_for, opens, parts_of, sees
from trajectories.models import Application, Deadline, Trajectory
from trajectories.models.guides import GUIDES
from trajectories.pages import permission_notice
from trajectories.pages.cards import Card, cards_of, earlier_applications, with_the_cards, work_of
from trajectories.pages.doing import button_of
from trajectories.pages.next_step import Steps, steps_of
from trajectories.pages.timeline import Wanted, entries_of, latest_notes, narrowed, timeline
from trajectories.process.workflow import State
from trajectories.timing.kinds import doing_of
from trajectories.views.pages import case_url, trail, visible_case

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

HISTORY_PAGE = 20
LATEST_NOTES = 3


# --- Nu ---------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class CasePage:
    """Where a trajectory stands and what can be done now, for whoever works on it."""

    case: Trajectory
    notices: list[dict[str, Any]]
    steps: Steps
    work: list[dict[str, Any]]
    cards: list[Card]
    earlier: list[Application]
    sees_companies: bool
    deadlines: list[dict[str, Any]]
    guides: list[tuple[str, str]]
    notes: list[dict[str, Any]]
    note_form: NoteForm
    may_set_guides: bool
    may_invite: bool
    crumbs: Crumbs


@access(CASE_WORKERS, shows=Page.CASE)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a trajectory stands, what can be done, what is known, and what was noted last. Opening it is logged."""
    cases = with_the_cards(Trajectory.objects.all()).select_related(*GUIDES.values(), "target_group")
    case = visible_case(request, pk, cases.prefetch_related("deadlines"))
    case.take_application()
    here = case_url(case)
    context = CasePage(
        case=case,
        notices=notices_of(case, request.user),
        steps=steps_of(case, request.user, here),
        work=[link | {"url": returning(link["url"], here)} for link in work_of(case, request.user)],
        cards=cards_of(case, request.user),
        earlier=earlier_applications(case),
        sees_companies=request.user.has_role(*OVERVIEW_ROLES),
        deadlines=_open_deadlines(case, request.user, here),
        guides=_guides(case),
        notes=latest_notes(case, request.user, LATEST_NOTES),
        note_form=NoteForm(auto_id="id_notitie_%s"),
        may_set_guides=may_work(case, request.user, "set_guides"),
        may_invite=may_work(case, request.user, "invite_candidate"),
        crumbs=trail(case),
    )
    return render_page(request, "trajectories/cases/detail.html", context)


def _open_deadlines(case: Trajectory, user: User, here: str) -> list[dict[str, Any]]:
    """What is still to be done by a day, as far as this reader needs to know it, with its button where it is theirs.

    Following up has none: what brings the case further stands above, under the next step.
    """
    rows = [row for row in deadlines_for(list(case.deadlines.all()), parts_of(case, user)) if row.is_open]
    return [{"row": row, **_to_do(row, case, user, here)} for row in rows]


def _to_do(row: Deadline, case: Trajectory, user: User, here: str) -> dict[str, Any]:
    if row.kind == Deadline.Kind.FOLLOW_UP:
        return {"by_hand": True, "verb": "", "url": ""}
    doing = doing_of(row.kind, case.state)
    button = button_of(doing, case, user, row.subject_id)
    return {"by_hand": doing.by_hand, "verb": button.verb, "url": returning(button.url, here)}


def notices_of(case: Trajectory, user: User) -> list[dict[str, Any]]:
    """What everybody must know who opens the case."""
    found = []
    if (missing := permission_notice.notice_of(case)) is not None:
        text = _("%(text)s %(consequence)s Bron: %(source)s.") % vars(missing)
        label = _("Vastleggen") if may_work(case, user, "record_permission") else _("Bekijken")
        found.append(_notice(missing.tone, _("Toestemming van de opdrachtgever"), text, missing.url, label))
    if case.registration.override_reason:
        text = _("Toegelaten in afwijking van de tabel: %(why)s") % {"why": case.registration.override_reason}
        url = reverse("candidates:registration", args=[case.registration_id])
        found.append(_notice("info", _("Afwijking"), text, url if opens(case, user, url) else "", _("Aanmelding")))
    if case.state == State.AFGESLOTEN:
        text = _("Dit dossier is gesloten en verandert niet meer. Voor nieuwe hulp is een nieuwe aanmelding nodig.")
        found.append(_notice("info", _("Gesloten"), text))
    return found


def _notice(tone: str, title: str, text: str, url: str = "", label: str = "") -> dict[str, str]:
    return {"tone": tone, "title": title, "text": text, "url": url, "label": label}


def _guides(case: Trajectory) -> list[tuple[str, str]]:
    return [(str(role.label), _guide(case, role)) for role in GUIDES]


def _guide(case: Trajectory, role: Role) -> str:
    """Who it is; that somebody who is named doesn't work here, or who covers and until when."""
    person, cover = getattr(case, GUIDES[role]), case.covers.get(role)
    if person is None:
        return _("nog niemand")
    if role not in case.at_work:
        words = {"name": person.name, "role": str(role.label).lower()}
        return _("niemand: %(name)s werkt hier niet meer als %(role)s") % words
    if cover is not None:
        words = {"name": person.name, "cover": cover.cover.name, "day": nl_date(cover.ends_on)}
        return _("%(name)s, waargenomen door %(cover)s t/m %(day)s") % words
    return person.name


# What is said where nothing of what is asked for happened, though other things did.
NOTHING: dict[str, StrOrPromise] = {
    Wanted.NOTES: gettext_lazy("Er zijn nog geen notities."),
    Wanted.SYSTEM: gettext_lazy("Er is nog niets met het traject gedaan."),
}


# --- Tijdlijn ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class TimelinePage:
    """What happened in a trajectory, newest first: what people wrote, what was done, or both."""

    case: Trajectory
    tabs: list[dict[str, Any]]
    entries: list[dict[str, Any]]
    nothing: StrOrPromise
    all_url: str
    page_obj: PageOfRows
    note_form: NoteForm
    crumbs: Crumbs


@access(CASE_WORKERS, shows=Page.CASE)
@require_safe
def case_timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """What people wrote first; all that was done with the case by a filter in the address (`?toon=`)."""
    case = visible_case(request, pk, here=Here.TIMELINE)
    first = Wanted.NOTES if sees(case, request.user, Part.TALKS) else Wanted.ALL
    wanted = request.GET.get("toon", first)
    rows = narrowed(entries_of(case, request.user), wanted)
    page = Pages(rows, HISTORY_PAGE).get_page(request.GET.get("page"))
    here = reverse("trajectories:timeline", args=[pk])
    context = TimelinePage(
        case=case,
        tabs=_narrowings(here, wanted, first),
        entries=timeline(case, request.user, page.object_list),
        nothing=NOTHING.get(wanted, ""),
        all_url=f"{here}?toon={Wanted.ALL}" if wanted in NOTHING else "",
        page_obj=page,
        note_form=NoteForm(auto_id="id_notitie_%s", initial={"next": here}),
        crumbs=trail(case, (_("Tijdlijn"), "")),
    )
    return render_page(request, "trajectories/cases/timeline.html", context)


def _narrowings(here: str, wanted: str, first: str) -> list[dict[str, Any]]:
    """What of the timeline can be asked for; the address by itself shows what comes first."""
    urls = {part: here if part == first else f"{here}?toon={part}" for part in Wanted}
    return [{"label": part.label, "url": urls[part], "active": wanted == part, "count": None} for part in Wanted]


urlpatterns = [
    path("trajecten/<int:pk>/", detail, name="detail"),
    path("trajecten/<int:pk>/tijdlijn/", case_timeline, name="timeline"),
]
