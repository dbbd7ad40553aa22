"""The staff's daily screens: worklist, table and board, steps, assignment and choice; and what is done beside the steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Page as PageOfRows
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import CASE_WORKERS, access
from accounts.models import Page
from accounts.reading import shown
from candidates import actions as candidate_actions
from candidates.models import ContactMoment
from candidates.rules import eligibility_of
from topjob import clock
from topjob.going_back import safe_next
from topjob.pages import by_htmx, form_page, page_of, posted, render_page
from topjob.undo import undo_tags
from trajectories import actions
from trajectories.forms.cases import AdmitForm, GuidesForm, NoteForm
from trajectories.journey.core import require_work
from trajectories.journey.need_to_know import deadlines_for, parts_of
from trajectories.models import Deadline, Trajectory
from trajectories.models.guides import keep as keep_guides
from trajectories.pages import worklists
from trajectories.pages.filters import CaseFilter
from trajectories.pages.together import TOGETHER, Together
from trajectories.views import introductions, pool, search, steps
from trajectories.views.pages import name_and, trail, visible_case
from trajectories.views.today import today


# --- Table and board -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class CasesPage:
    """The trajectories that were found, as a table or as a board."""

    filter_form: Form
    sort: str
    tabs: list[dict[str, Any]]
    shortcuts: list[dict[str, Any]]
    here: str
    view: str
    # Where whoever looks is the one to act.
    mine: set[int]
    together: dict[str, Together]
    page_obj: PageOfRows | None = None
    columns: Sequence[dict[str, Any]] = ()


@access(CASE_WORKERS, shows=Page.CASES)
@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """The trajectories, as a table or as a board; filters and order live in the address."""
    found = CaseFilter(request.GET, Trajectory.objects.visible_to(request.user), user=request.user)
    rows = found.qs
    is_board = request.GET.get("weergave") == "bord"
    leaf, columns = None, []
    if is_board:
        columns = worklists.board(rows)
        cases = [case for column in columns for case in column["cards"]]
    else:
        leaf = page_of(rows, request, load=Trajectory.objects.for_rows())
        cases = list(leaf.object_list)
    keep_guides(cases)
    shown(request, *(case.candidate_id for case in cases))
    page = CasesPage(
        filter_form=found.form,
        sort=found.sort,
        tabs=_views(request),
        shortcuts=_shortcuts(request),
        here=request.get_full_path(),
        view="bord" if is_board else "",
        mine=worklists.turns_among(cases, request.user),
        together=TOGETHER,
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


# --- Beside the steps ------------------------------------------------------------------------------------------------
@access(CASE_WORKERS, shows=Page.CASE)
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """A note of a contact that just took place; afterwards back to where somebody was."""
    case = visible_case(request, pk)
    back = safe_next(request, reverse("trajectories:detail", args=[pk]))
    form = NoteForm(posted(request), initial={"next": back})
    columns = _columns(request)
    if form.is_bound and form.is_valid():
        kind, notes = form.cleaned_data["kind"], form.cleaned_data["notes"]
        moment = ContactMoment(
            candidate=case.candidate, kind=kind, notes=notes, status=ContactMoment.Status.HELD, at=clock.now()
        )
        candidate_actions.add_contact(moment, by=request.user)
        said, tags = _("Notitie bij %(name)s opgeslagen."), undo_tags("note", request.user, pk=moment.pk)
        messages.success(request, said % {"name": case.candidate.full_name}, extra_tags=tags)
        return redirect(f"{request.path}?rij={columns}&klaar=1&{urlencode({'next': back})}" if columns else back)
    if columns:
        context = {"case": case, "form": form, "columns": columns, "done": "klaar" in request.GET}
        return render(request, "trajectories/cases/_note_row.html", context)
    title = _("Notitie")
    return form_page(request, form, title=title, **name_and(case, cancel=back, crumbs=trail(case, (title, ""))))


def _columns(request: HttpRequest) -> int:
    """Of how many columns the row is in which a list asks for the note; 0 for the page."""
    asked = request.GET.get("rij", "")
    return int(asked) if by_htmx(request) and asked.isascii() and asked.isdigit() and len(asked) < 3 else 0


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
    kept = actions.tick_off(deadline, by=request.user)
    words = {"what": deadline.get_kind_display(), "name": deadline.trajectory.candidate.full_name}
    tags = undo_tags("tick_off", request.user, **kept)
    messages.success(request, _("Afgevinkt: %(what)s bij %(name)s.") % words, extra_tags=tags)
    return redirect(safe_next(request, reverse("trajectories:detail", args=[deadline.trajectory_id])))


urlpatterns = [
    path("", today, name="today"),
    path("trajecten/", case_list, name="list"),
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
