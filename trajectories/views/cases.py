"""The staff's daily screens: worklist, table and board, the case page, its steps, assignment and choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Page as PageOfRows
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import CASE_WORKERS, access
from accounts.models import Page, Role, User
from accounts.reading import shown
from candidates import actions as candidate_actions
from candidates.models import ContactMoment
from candidates.rules import eligibility_of
from employers.models.company import OVERVIEW_ROLES
from topjob import clock
from topjob.dates import nl_date
from topjob.going_back import safe_next
from topjob.pages import Crumbs, form_page, page_of, posted, render_page
from trajectories import actions
from trajectories.forms.cases import AdmitForm, GuidesForm, NoteForm
from trajectories.journey.access import available_actions, may_work
from trajectories.journey.core import require_work
from trajectories.journey.need_to_know import deadlines_for, opens, parts_of
from trajectories.models import Application, Deadline, Trajectory
from trajectories.models.guides import GUIDES
from trajectories.models.guides import asked_along as guides_asked
from trajectories.models.guides import keep as keep_guides
from trajectories.models.guides import take as take_guides
from trajectories.pages import permission_notice, worklists
from trajectories.pages.cards import Card, cards_of, earlier_applications, with_the_cards, work_of
from trajectories.pages.filters import CaseFilter
from trajectories.pages.timeline import entries_of, timeline
from trajectories.process.workflow import PHASE_LABELS, PHASES, State
from trajectories.views import introductions, pool, search, steps
from trajectories.views.pages import deadline_facts, name_and, trail, visible_case
from trajectories.views.today import today

HISTORY_PAGE = 20


# --- Table and board -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class CasesPage:
    """The trajectories that were found, as a table or as a board."""

    filter_form: Form
    filters_closed: bool
    sort: str
    tabs: list[dict[str, Any]]
    shortcuts: list[dict[str, Any]]
    here: str
    view: str
    # Where whoever looks is the one to act.
    mine: set[int]
    page_obj: PageOfRows | None = None
    columns: Sequence[dict[str, Any]] = ()


@access(CASE_WORKERS, shows=Page.CASES)
@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """The trajectories, as a table or as a board; filters and order live in the address."""
    found = CaseFilter(request.GET, Trajectory.objects.visible_to(request.user), user=request.user)
    rows = found.qs
    sort = request.GET.get("sort", "due")
    is_board = request.GET.get("weergave") == "bord"
    leaf, columns = None, []
    if is_board:
        columns = worklists.board(rows)
        cases = [case for column in columns for case in column["cards"]]
    else:
        rows = rows.order_by(*worklists.ORDERS.get(sort, worklists.ORDERS["due"]))
        leaf = page_of(rows, request, load=Trajectory.objects.with_people().select_related("career_adviser"))
        cases = list(leaf.object_list)
        keep_guides(cases)
    shown(request, *(case.candidate_id for case in cases))
    page = CasesPage(
        filter_form=found.form,
        filters_closed=not found.chosen,
        sort=sort,
        tabs=_views(request),
        shortcuts=_shortcuts(request),
        here=request.get_full_path(),
        view="bord" if is_board else "",
        mine=worklists.turns_among(cases, request.user),
        page_obj=leaf,
        columns=columns,
    )
    return render_page(request, "trajectories/cases/board.html" if is_board else "trajectories/cases/list.html", page)


def _views(request: HttpRequest) -> list[dict[str, Any]]:
    query = request.GET.copy()
    is_board = query.pop("weergave", [""])[-1] == "bord"
    query.pop("page", None)
    table = f"?{query.urlencode()}"
    query["weergave"] = "bord"
    return [
        {"label": _("Tabel"), "url": table, "active": not is_board, "count": None},
        {"label": _("Bord"), "url": f"?{query.urlencode()}", "active": is_board, "count": None},
    ]


def _shortcuts(request: HttpRequest) -> list[dict[str, Any]]:
    """Ready-made filters; the present one is marked."""
    ready: tuple[tuple[str, dict[str, str]], ...] = (
        (_("Ik ben aan zet"), {"turn": "ik"}),
        (_("Mijn trajecten"), {"guide": "ik"}),
        (_("Te laat"), {"due": "laat"}),
        (_("Alle open trajecten"), {}),
    )
    chosen = {key: value for key, value in request.GET.items() if value and key not in ("page", "sort", "weergave")}
    keep = {"weergave": "bord"} if request.GET.get("weergave") == "bord" else {}
    return [
        {
            "label": label,
            "url": "?" + "&".join(f"{k}={v}" for k, v in (query | keep).items()),
            "active": chosen == query,
        }
        for label, query in ready
    ]


# --- The case page ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class CasePage:
    """Everything about one case, for whoever works on it."""

    case: Trajectory
    steps: list[dict[str, Any]]
    notices: list[dict[str, Any]]
    work: list[dict[str, Any]]
    forward: list[dict[str, Any]]
    others: list[dict[str, Any]]
    ways_out: list[dict[str, Any]]
    cards: list[Card]
    earlier: list[Application]
    sees_companies: bool
    deadlines: list[dict[str, Any]]
    guides: list[tuple[str, str]]
    entries: list[dict[str, Any]]
    page_obj: PageOfRows
    note_form: NoteForm
    may_set_guides: bool
    may_invite: bool
    is_mine: bool
    crumbs: Crumbs


@access(CASE_WORKERS, shows=Page.CASE)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one case: where it stands, what can be done, what is known, what happened. Opening it is logged."""
    cases = with_the_cards(Trajectory.objects.all()).select_related(*GUIDES.values(), "stream", "target_group")
    case = visible_case(request, pk, cases.prefetch_related("deadlines"), **guides_asked())
    take_guides(case)
    case.take_application()
    page = Paginator(entries_of(case, request.user), HISTORY_PAGE).get_page(request.GET.get("page"))
    context = CasePage(
        case=case,
        steps=phases_of(case),
        notices=notices_of(case, request.user),
        work=work_of(case, request.user),
        **_buttons(case, request.user),
        cards=cards_of(case, request.user),
        earlier=earlier_applications(case),
        sees_companies=request.user.has_role(*OVERVIEW_ROLES),
        deadlines=_open_deadlines(case, request.user),
        guides=_guides(case),
        entries=timeline(case, request.user, page.object_list),
        page_obj=page,
        note_form=NoteForm(auto_id="id_notitie_%s"),
        may_set_guides=may_work(case, request.user, "set_guides"),
        may_invite=may_work(case, request.user, "invite_candidate"),
        is_mine=worklists.is_turn_of(case, request.user),
        crumbs=trail(case),
    )
    return render_page(request, "trajectories/cases/detail.html", context)


def _open_deadlines(case: Trajectory, user: User) -> list[dict[str, Any]]:
    """What is still to be done by a day, as far as this reader needs to know it."""
    rows = deadlines_for(list(case.deadlines.all()), parts_of(case, user))
    return [{"row": row, **deadline_facts(row)} for row in rows if row.is_open]


def phases_of(case: Trajectory) -> list[dict[str, Any]]:
    """The stepper A–E; a closed case has every phase behind it up to its last."""
    letters = list(PHASE_LABELS)
    at = letters.index(case.phase)
    is_running = case.state in PHASES
    days = (clock.today() - clock.local(case.state_since)).days
    return [
        {
            "letter": letter,
            "label": PHASE_LABELS[letter],
            "status": "done"
            if place < at or (place == at and not is_running)
            else "current"
            if place == at
            else "todo",
            "current": place == at and is_running,
            "note": _("%(state)s, dag %(n)s") % {"state": case.state_label, "n": days + 1} if place == at else "",
        }
        for place, letter in enumerate(letters)
    ]


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


def _buttons(case: Trajectory, user: User) -> dict[str, list[dict[str, Any]]]:
    """The steps as buttons: forward, those of other roles, and the ways out; a blocked one says what is missing."""
    found: dict[str, list[dict[str, Any]]] = {"forward": [], "others": [], "ways_out": []}
    for action in available_actions(case, user):
        button = {
            "label": action.label,
            "url": action.url,
            "method": action.method,
            "enabled": action.enabled,
            "reasons": action.reasons,
            "danger": action.is_way_out,
        }
        where = "others" if not action.is_mine else "ways_out" if action.is_way_out else "forward"
        button["primary"] = where == "forward" and action.enabled and not found["forward"]
        found[where].append(button)
    return found


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


# --- Beside the steps ------------------------------------------------------------------------------------------------
@access(CASE_WORKERS, shows=Page.CASE)
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """A note of a contact that just took place; afterwards back to where somebody was."""
    case = visible_case(request, pk)
    back = safe_next(request, reverse("trajectories:detail", args=[pk]))
    form = NoteForm(posted(request), initial={"next": back})
    if form.is_bound and form.is_valid():
        kind, notes = form.cleaned_data["kind"], form.cleaned_data["notes"]
        moment = ContactMoment(
            candidate=case.candidate, kind=kind, notes=notes, status=ContactMoment.Status.HELD, at=clock.now()
        )
        candidate_actions.add_contact(moment, by=request.user)
        messages.success(request, _("Notitie bij %(name)s opgeslagen.") % {"name": case.candidate.full_name})
        return redirect(back)
    title = _("Notitie")
    return form_page(request, form, title=title, **name_and(case, cancel=back, crumbs=trail(case, (title, ""))))


@access(CASE_WORKERS, shows=Page.CASE)
def guides(request: HttpRequest, pk: int) -> HttpResponse:
    """Who guides the person from now on."""
    case = visible_case(request, pk)
    require_work("set_guides", case, by=request.user)
    form = GuidesForm(posted(request), trajectory=case)
    if form.is_bound and form.is_valid():
        actions.set_guides(case, by=request.user, **form.cleaned_data)
        messages.success(request, _("De begeleiders zijn gewijzigd. Open termijnen gaan met hen mee."))
        return redirect("trajectories:detail", pk)
    title = _("Begeleiders")
    return form_page(request, form, title=title, **name_and(case, crumbs=trail(case, (title, ""))))


@access(CASE_WORKERS, shows=Page.CASE)
def admit(request: HttpRequest, pk: int) -> HttpResponse:
    """R2: admit somebody the table doesn't, as long as the intake hasn't started."""
    case = visible_case(request, pk)
    require_work("admit", case, by=request.user)
    form = AdmitForm(posted(request))
    if form.is_bound and form.is_valid():
        actions.admit(case, by=request.user, **form.cleaned_data)
        messages.success(request, _("Toch toegelaten. De reden blijft zichtbaar bij de aanmelding."))
        return redirect("trajectories:detail", pk)
    title, verdict = _("Toch toelaten"), eligibility_of(case.registration).reason_text
    words = {"subtitle": verdict, "crumbs": trail(case, (title, ""))}
    return form_page(request, form, title=title, **name_and(case, **words))


@access(CASE_WORKERS, shows=Page.CASE)
@require_POST
def tick_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick off a deadline that only a person can judge."""
    rows = Deadline.objects.visible_to(request.user).select_related("trajectory__candidate", "trajectory__department")
    deadline = get_object_or_404(rows, pk=pk)
    if not deadlines_for([deadline], parts_of(deadline.trajectory, request.user)):
        raise Http404
    actions.tick_off(deadline, by=request.user)
    words = {"what": deadline.get_kind_display(), "name": deadline.trajectory.candidate.full_name}
    messages.success(request, _("Afgevinkt: %(what)s bij %(name)s.") % words)
    return redirect(safe_next(request, reverse("trajectories:detail", args=[deadline.trajectory_id])))


urlpatterns = [
    path("", today, name="today"),
    path("trajecten/", case_list, name="list"),
    path("trajecten/<int:pk>/", detail, name="detail"),
    path("trajecten/<int:pk>/toelaten/", admit, name="admit"),
    path("trajecten/<int:pk>/stap/<str:name>/", steps.step, name="step"),
    path("trajecten/<int:pk>/notitie/", note, name="note"),
    path("trajecten/<int:pk>/begeleiders/", guides, name="guides"),
    path("trajecten/<int:pk>/toestemming/", introductions.consent, name="consent"),
    path("trajecten/<int:pk>/sollicitatiegesprek/", introductions.talk, name="talk"),
    path("aanmeldingen/<int:pk>/toewijzen/", steps.assign, name="assign"),
    path("termijnen/<int:pk>/afvinken/", tick_off, name="tick_off"),
    path("personen/<int:candidate_pk>/vacatures/<int:vacancy_pk>/kiezen/", introductions.choose, name="choose"),
    path("banenpool/", pool.pool, name="pool"),
    path("zoeken/", search.search, name="search"),
]
