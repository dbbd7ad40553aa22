"""The log (R14): searching and exporting. The words of a reason stay in the file they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.core.paginator import Page as PageOfRows
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import actions, verbs
from accounts.access import BEHEERDER, STEP_UP, access
from accounts.filters import LogFilter
from accounts.models import AuditEntry, Organisation, Page
from accounts.reading import shown
from accounts.views import crumbs
from topjob import clock
from topjob.pages import Crumbs, render_page
from topjob.paging import Pages
from topjob.spreadsheet import csv_response, labels

PER_PAGE = 50
MOST_EXPORTED = 50_000
# A row of the log with what kind of thing it is about, and what else it says.
LogRow = tuple[AuditEntry, str, list[tuple[str, object]]]
HEADER = ("nummer", "wanneer", "wie", "hoedanigheid", "wat", "code", "onderwerp", "onderwerpnummer")
HEADER_CASE = ("kandidaat", "traject", "van", "naar", "gegevens")


def _found(request: HttpRequest) -> LogFilter:
    """Log rows that fit the filter, newest first unless the oldest are asked for."""
    return LogFilter(request.GET, queryset=AuditEntry.objects.select_related("actor"))


@dataclass(frozen=True)
class LogPage:
    """Who did what, when: the rows that were asked for."""

    page_obj: PageOfRows
    rows: list[LogRow]
    filter_form: Form
    # The same, whose errors are on top.
    form: Form
    sort: str
    crumbs: Crumbs
    header_actions: list[dict[str, Any]]


@access(BEHEERDER, shows=Page.LOG)
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Who did what, when."""
    found = _found(request)
    page = Pages(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    shown(request, *(entry.candidate_id for entry in page.object_list))
    export_url = f"{reverse('accounts:export_log')}?{request.GET.urlencode()}"
    context = LogPage(
        page_obj=page,
        rows=_shown(page),
        filter_form=found.form,
        form=found.form,
        sort=found.sort,
        crumbs=crumbs((_("Logboek"), "")),
        header_actions=[{"label": _("Exporteren (CSV)"), "url": export_url, "primary": False, "key": ""}],
    )
    return render_page(request, "accounts/log.html", context)


@access(BEHEERDER, shows=Page.LOG, step_up=STEP_UP)
@require_safe
def export_log(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The same rows as a CSV file; that somebody took them is logged too."""
    found = _found(request)
    if not found.is_valid():
        return redirect(f"{reverse('accounts:log')}?{request.GET.urlencode()}")
    if request.method == "GET":
        actions.record_read(verbs.LOG_EXPORTED, request.user)
    shown(request, *found.qs[:MOST_EXPORTED].values_list("candidate_id", flat=True))
    filename = f"logboek-{clock.today():%Y-%m-%d}.csv"
    return csv_response(filename, HEADER + HEADER_CASE, log_rows(found.qs))


def _shown(entries: Iterable[AuditEntry]) -> list[LogRow]:
    """Rows for the page: an organisation is shown by its name, with what tells it apart from another of that name."""
    rows = [(entry, subject_label(entry.subject_type), details(entry)) for entry in entries]
    names = _organisations({value for _entry, _label, pairs in rows for key, value in pairs if key == "organisation"})
    return [
        (entry, label, [(key, names.get(value, value) if key == "organisation" else value) for key, value in pairs])
        for entry, label, pairs in rows
    ]


def _organisations(ids: set[object]) -> dict[object, str]:
    found = Organisation.objects.filter(pk__in=[pk for pk in ids if isinstance(pk, int)])
    return {organisation.pk: organisation.distinct_name for organisation in found}


# What a line of the table is made of; of who did it only the address.
COLUMNS = (
    *("at", "party", "verb", "subject_type", "subject_id", "candidate_id", "trajectory_id"),
    *("state_from", "state_to", "details", "actor__email"),
)


def log_rows(entries: QuerySet[AuditEntry]) -> Iterator[list[object]]:
    """The cells of each log row."""
    parties = labels(AuditEntry, "party")
    for entry in entries.only(*COLUMNS)[:MOST_EXPORTED].iterator(chunk_size=1000):
        moment = entry.at.astimezone(clock.AMSTERDAM).strftime("%Y-%m-%d %H:%M:%S")
        who = entry.actor.email if entry.actor else _("systeem of persoonlijke link")
        subject = [entry.subject_type, entry.subject_id, entry.candidate_id, entry.trajectory_id]
        yield [
            entry.pk,
            moment,
            who,
            parties.get(entry.party, entry.party),
            entry.what,
            entry.verb,
            *subject,
            *_states(entry),
        ]


def _states(entry: AuditEntry) -> list[str]:
    return [entry.state_from, entry.state_to, ", ".join(f"{key}={value}" for key, value in details(entry))]


def details(entry: AuditEntry) -> list[tuple[str, object]]:
    """The ids and codes of a row that say something."""
    return sorted((key, value) for key, value in entry.details.items() if value not in (None, ""))


@cache
def subject_label(subject_type: str) -> str:
    """What kind of thing a row is about, in Dutch."""
    try:
        return str(apps.get_model(subject_type)._meta.verbose_name)
    except (LookupError, ValueError):
        return subject_type
