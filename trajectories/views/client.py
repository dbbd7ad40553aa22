"""The client's portal: progress and results of the people it pays for, nobody else's (R16); nothing of health or the Foto."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page as PageOfRows
from django.db.models import F, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import verbs
from accounts.access import CLIENT_PORTAL, STEP_UP, access
from accounts.actions import record_read
from accounts.models import Page, User
from accounts.reading import shown
from candidates.models.person import whole_name
from topjob import clock
from topjob.dates import nl_date
from topjob.names import shown as name_shown
from topjob.pages import Crumbs, crumbs, page_of, render_page
from topjob.paging import in_words
from topjob.spreadsheet import csv_response, labels
from trajectories.models import Contract, Deadline, PayerPermission, Qualification, Trajectory
from trajectories.models.trajectory import TrajectoryQuerySet, phase_label
from trajectories.pages.filters import ClientFilter
from trajectories.pages.portal import counts_per_phase, milestones, open_permissions, passed_states, results
from trajectories.process.workflow import PHASE_LABELS, State

CHUNK = 500
# Of whom a decision is asked at once: what is decided makes room for the next.
MOST_WAITING = 25
# Who is on the way first, then who was closed last.
ORDER = (F("closed_at").desc(nulls_first=True), "phase", "state_since", "pk")


def _mine(request: HttpRequest) -> TrajectoryQuerySet:
    return Trajectory.objects.for_client(request.user)


def _found(request: HttpRequest) -> ClientFilter:
    return ClientFilter(request.GET, _mine(request).order_by(*ORDER))


@dataclass(frozen=True)
class ParticipantsPage:
    """The people an opdrachtgever pays for, with what came of it and which decisions we wait for."""

    page_obj: PageOfRows
    filter_form: Form
    phases: list[dict[str, Any]]
    # How many, by what came of it; in words.
    results: dict[str, str]
    permissions: list[dict[str, Any]]
    more_permissions: bool
    csv_url: str


@access(CLIENT_PORTAL, shows=Page.PARTICIPANTS)
@require_safe
def client_overview(request: HttpRequest) -> HttpResponse:
    """The people a client pays for, with what came of it and which decisions we wait for."""
    mine, found = _mine(request), _found(request)
    page = page_of(found.qs, request, load=Trajectory.objects.select_related("candidate", "department"))
    coming = milestones(page.object_list)
    waiting = open_permissions(mine, MOST_WAITING + 1)
    waiting, more_waiting = waiting[:MOST_WAITING], len(waiting) > MOST_WAITING
    shown(
        request,
        *(case.candidate_id for case in page.object_list),
        *(row["plan"].trajectory.candidate_id for row in waiting),
    )
    page.object_list = [{"case": case, "milestone": coming.get(case.pk)} for case in page.object_list]
    context = ParticipantsPage(
        page_obj=page,
        filter_form=found.form,
        phases=counts_per_phase(mine, request.user),
        results={name: in_words(count) for name, count in results(mine, request.user).items()},
        permissions=waiting,
        more_permissions=more_waiting,
        csv_url=f"{reverse('trajectories:client_export')}?{request.GET.urlencode()}",
    )
    return render_page(request, "trajectories/portal/client.html", context)


@access(CLIENT_PORTAL, shows=Page.EXPORT, step_up=STEP_UP)
@require_safe
def client_export(request: HttpRequest) -> HttpResponseBase:
    """The same people as a table for a spreadsheet; the export is logged."""
    numbers, people = array("q"), array("q")
    for number, person in _found(request).qs.values_list("pk", "candidate_id").iterator(chunk_size=CHUNK):
        numbers.append(number)
        people.append(person)
    if request.method == "GET":
        record_read(verbs.PARTICIPANTS_EXPORTED, request.user, count=len(people))
    shown(request, *people)
    header = (
        _("Naam"),
        _("Opdrachtgever"),
        _("Afdeling"),
        _("Fase"),
        _("Stand"),
        _("Sinds"),
        _("Volgende mijlpaal"),
        _("Datum mijlpaal"),
        _("Begonnen op"),
        _("Afgesloten op"),
    )
    return csv_response(f"deelnemers-{clock.today():%Y-%m-%d}.csv", header, _lines(numbers))


COLUMNS = (
    *("candidate__first_name", "candidate__name_prefix", "candidate__last_name"),
    *("client__name", "department__name", "phase", "state", "state_since", "created_at", "closed_at"),
)


def _lines(numbers: Sequence[int]) -> Iterator[list[Any]]:
    """Line by line, some hundreds of cases at a time: these, of whom it was logged that they are shown, and no others."""
    kinds = labels(Deadline, "kind")
    phases = {phase: phase_label(phase) for phase in PHASE_LABELS}
    for start in range(0, len(numbers), CHUNK):
        part = numbers[start : start + CHUNK]
        rows = {pk: row for pk, *row in Trajectory.objects.filter(pk__in=part).order_by().values_list("pk", *COLUMNS)}
        coming = milestones(part)
        for pk in (pk for pk in part if pk in rows):
            first, prefix, last, client, department, phase, state, since, begun, closed = rows[pk]
            next_one = coming.get(pk)
            yield [
                whole_name(first, prefix, last),
                name_shown(client or ""),
                department,
                phases[phase],
                State(state).label,
                clock.local(since),
                kinds[next_one.kind] if next_one else "",
                next_one.due_on if next_one else "",
                clock.local(begun),
                clock.local(closed) if closed else "",
            ]


@dataclass(frozen=True)
class ParticipantPage:
    """How far one person is, for the opdrachtgever that pays: dates, contracts and diplomas."""

    case: Trajectory
    pairs: list[tuple[str, Any]]
    contracts: QuerySet[Contract]
    qualifications: QuerySet[Qualification]
    permissions: QuerySet[PayerPermission]
    # Which decisions on the trial we wait for.
    missing: list[dict[str, Any]]
    entries: list[dict[str, Any]]
    lead: User | None
    crumbs: Crumbs


@access(CLIENT_PORTAL, shows=Page.PARTICIPANT)
@require_safe
def client_case(request: HttpRequest, pk: int) -> HttpResponse:
    """One person's milestones: dates, contracts and diplomas, nothing of the file. Opening it is logged."""
    rows = _mine(request).select_related("candidate", "department", "client", "regisseur", "career_adviser")
    case = get_object_or_404(rows.prefetch_related("trials__extensions"), pk=pk)
    shown(request, case.candidate_id)
    page = ParticipantPage(
        case=case,
        pairs=_facts(case),
        contracts=case.contracts.select_related("organisation", "agreement"),
        qualifications=case.qualifications.all(),
        permissions=case.permissions.all(),
        missing=open_permissions(Trajectory.objects.filter(pk=case.pk), most=1),
        entries=passed_states(case),
        lead=case.contact,
        crumbs=crumbs((_("Deelnemers"), reverse("trajectories:client_overview")), (case.candidate.full_name, "")),
    )
    return render_page(request, "trajectories/portal/client_case.html", page)


def _facts(case: Trajectory) -> list[tuple[str, Any]]:
    trial = next(iter(case.trials.all()), None)
    milestone = milestones([case]).get(case.pk)
    pairs = [
        (_("Fase"), case.phase_label),
        (_("Stand"), case.state_label),
        (_("Sinds"), nl_date(case.state_since)),
        (_("Begonnen op"), nl_date(case.created_at)),
    ]
    if trial is not None:
        pairs.append(
            (_("Proefperiode"), f"{nl_date(trial.starts_on)} t/m {nl_date(trial.broken_off_on or trial.last_day)}")
        )
    if milestone is not None:
        pairs.append((_("Volgende mijlpaal"), f"{milestone.get_kind_display()}, {nl_date(milestone.due_on)}"))
    if case.closed_at:
        pairs.append((_("Afgesloten op"), nl_date(case.closed_at)))
    return pairs


urlpatterns = [
    path("opdrachtgever/", client_overview, name="client_overview"),
    path("opdrachtgever/deelnemers.csv", client_export, name="client_export"),
    path("opdrachtgever/<int:pk>/", client_case, name="client_case"),
]
