"""Beheer → Inzage: who looked at whose data. Looking here is logged as well."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import verbs
from accounts.access import BEHEERDER, CASE_WORKERS, NOBODY, access
from accounts.actions import record_read
from accounts.audit import record
from accounts.models import Page, Reading
from accounts.reading import keep_reason, shown
from accounts.views import crumbs
from candidates.models import Candidate
from candidates.viewed import capacities_of, function_of, reasons_of
from topjob import clock
from topjob.going_back import safe_next
from topjob.pages import Crumbs, form_page, posted, render_page
from topjob.paging import Leaf, newest_first
from trajectories.forms.readings import UnusualForm, WhyForm
from trajectories.keeping.readings import MANY, MANY_OUTSIDE, Unusual, exported, unusual
from trajectories.pages.filters import MOST_MEANT, ReadingFilter

PER_PAGE = 50
MOST_EXPORTED = 20_000
HERE = "trajectories:readings"


def _found(request: HttpRequest) -> ReadingFilter:
    return ReadingFilter(request.GET, Reading.objects.select_related("actor"))


@access(CASE_WORKERS, shows=NOBODY)
def why_outside(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks why, before somebody outside the own work is shown, and goes on to what was asked; named by number until then."""
    candidate = get_object_or_404(Candidate.objects.visible_to(request.user), pk=pk)
    back = safe_next(request, reverse("candidates:person", args=[pk]))
    form = WhyForm(posted(request), initial={"next": back})
    if form.is_bound and form.is_valid():
        entry = record(
            verbs.LOOKED_OUTSIDE_OWN_WORK,
            candidate,
            by=request.user,
            reason=form.cleaned_data["reason"],
            candidate_id=candidate.pk,
        )
        keep_reason(request, candidate.pk, entry.pk)
        return redirect(back)
    words = {
        "eyebrow": _("Dossier %(number)s") % {"number": pk},
        "subtitle": _("Je begeleidt deze persoon niet. Kijken mag als het voor je werk nodig is."),
        "submit_label": _("Doorgaan"),
    }
    return form_page(request, form, title=_("Buiten je eigen werk"), cancel="/", **words)


@dataclass(frozen=True)
class ReadingsPage:
    """Who looked at whose data: the showings that were asked for."""

    rows: list[dict[str, Any]]
    # The people who fit the name that was asked for, and whether there are more than are named.
    meant: list[Candidate]
    more_meant: bool
    page: Leaf
    filter_form: Form
    form: Form
    tabs: list[dict[str, Any]]
    crumbs: Crumbs
    header_actions: list[dict[str, Any]]


@access(BEHEERDER, shows=Page.VIEWED)
@require_safe
def readings(request: HttpRequest) -> HttpResponse:
    """Every showing, newest first, by person, reader, kind of page and day."""
    found = _found(request)
    meant, numbers = found.meant, found.numbers
    leaf = newest_first(found.qs, request, PER_PAGE, few=bool(numbers))
    shown(
        request, *(numbers or (person for row in leaf.rows for person in row.people)), *(one.pk for one in meant or ())
    )
    export = f"{reverse('trajectories:export_readings')}?{request.GET.urlencode()}"
    page = ReadingsPage(
        rows=_rows(leaf.rows, numbers),
        meant=(meant or [])[:MOST_MEANT],
        more_meant=len(meant or ()) > MOST_MEANT,
        page=leaf,
        filter_form=found.form,
        form=found.form,
        tabs=_tabs("readings"),
        crumbs=crumbs((_("Inzage"), "")),
        header_actions=[
            {"label": _("Exporteren voor het Logboek Dataverwerkingen"), "url": export, "primary": False, "key": ""}
        ],
    )
    return render_page(request, "trajectories/readings/list.html", page)


def _rows(rows: list[Reading], numbers: list[int]) -> list[dict[str, Any]]:
    capacities = capacities_of(row.actor for row in rows if row.actor is not None)
    reasons = reasons_of(rows)
    return [
        {
            "row": row,
            "function": function_of(capacities.get(row.actor_id or 0, [])),
            "others": len(row.people) - 1,
            "person": next((person for person in row.people if person in numbers), row.people[0]),
            "reason": reasons.get(row.reason_id or 0, ""),
        }
        for row in rows
    ]


def _tabs(here: str) -> list[dict[str, Any]]:
    pages = (("readings", _("Alle inzage")), ("unusual_readings", _("Opvallend")))
    return [
        {"label": label, "url": reverse(f"trajectories:{name}"), "active": name == here, "count": None}
        for name, label in pages
    ]


@dataclass(frozen=True)
class UnusualPage:
    """Days on which a colleague looked at many people, and how many that is."""

    found: list[Unusual]
    filter_form: UnusualForm
    # The same, whose errors are on top.
    form: UnusualForm
    many: int
    many_outside: int
    tabs: list[dict[str, Any]]
    crumbs: Crumbs


@access(BEHEERDER, shows=Page.VIEWED)
@require_safe
def unusual_readings(request: HttpRequest) -> HttpResponse:
    """Days on which a colleague looked at many people, or at many outside the own cases: a reason to ask, no proof."""
    form = UnusualForm(request.GET)
    found = unusual(form.cleaned_data["date_from"], form.cleaned_data["date_until"]) if form.is_valid() else []
    page = UnusualPage(
        found=found,
        filter_form=form,
        form=form,
        many=MANY,
        many_outside=MANY_OUTSIDE,
        tabs=_tabs("unusual_readings"),
        crumbs=crumbs((_("Inzage"), reverse(HERE)), (_("Opvallend"), "")),
    )
    return render_page(request, "trajectories/readings/unusual.html", page)


@access(BEHEERDER, shows=Page.VIEWED)
@require_safe
def export_readings(request: HttpRequest) -> HttpResponseBase:
    """The same rows in the shape of the Logboek Dataverwerkingen, a line of JSON for each person that was shown."""
    found = _found(request)
    if not found.is_valid():
        return redirect(f"{reverse(HERE)}?{request.GET.urlencode()}")
    numbers = found.numbers
    rows = list(found.qs.order_by("-pk")[:MOST_EXPORTED])
    shown(request, *(numbers or (person for row in rows for person in row.people)))
    if request.method == "GET":
        record_read(verbs.READINGS_EXPORTED, request.user, count=len(rows))
    response = StreamingHttpResponse(
        _json_lines(rows, set(numbers)), content_type="application/x-ndjson; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="inzage-ldv-{clock.today():%Y-%m-%d}.jsonl"'
    return response


def _json_lines(rows: list[Reading], numbers: set[int]) -> Iterator[str]:
    for line in exported(rows, numbers):
        yield json.dumps(line, ensure_ascii=False) + "\n"


urlpatterns = [
    path("inzage/reden/<int:pk>/", why_outside, name="why_outside"),
    path("beheer/inzage/", readings, name="readings"),
    path("beheer/inzage/opvallend/", unusual_readings, name="unusual_readings"),
    path("beheer/inzage/export/", export_readings, name="export_readings"),
]
