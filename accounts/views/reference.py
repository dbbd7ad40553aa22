"""Reference tables: one set of pages for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import Page as PageOfRows
from django.db import models
from django.db.models import ProtectedError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import actions
from accounts.access import BEHEERDER, NOBODY, STEP_UP, access
from accounts.filters import ReferenceFilter
from accounts.forms import reference_form
from accounts.reference import REGISTRY, Table
from accounts.views import crumbs
from topjob.errors import Refused
from topjob.pages import Crumbs, field_name, render_page
from topjob.paging import Pages

PER_PAGE = 25


def find_table(slug: str) -> Table:
    """The table of this address, or 404."""
    try:
        return REGISTRY[slug]
    except KeyError:
        raise Http404 from None


def cell(row: models.Model, name: str) -> str:
    """A value the way people read it."""
    value = getattr(row, f"get_{name}_display", lambda: getattr(row, name))()
    if isinstance(value, bool):
        return _("ja") if value else _("nee")
    return "" if value is None else str(value)


def column_labels(table: Table) -> list[str]:
    return [field_name(table.model, name) for name in table.columns]


def table_rows(table: Table) -> models.QuerySet:
    """The rows, with what their columns refer to, in the table's own order."""
    related = [name for name in table.columns if _is_relation(table.model, name)]
    return table.model._default_manager.select_related(*related) if related else table.model._default_manager.all()


def _is_relation(model: type[models.Model], name: str) -> bool:
    try:
        return model._meta.get_field(name).is_relation
    except FieldDoesNotExist:
        return False


def fixed_values(table: Table, row: models.Model) -> list[tuple[str, str]]:
    """What can't be changed any more, once the row is there."""
    if row._state.adding:
        return []
    return [(field_name(table.model, name).capitalize(), cell(row, name)) for name in table.fixed]


def _path(*steps: tuple[str, str]) -> list[dict[str, str]]:
    return crumbs((_("Keuzelijsten"), reverse("accounts:tables")), *steps)


@access(BEHEERDER, shows=NOBODY)
@require_safe
def tables(request: HttpRequest) -> HttpResponse:
    """All reference tables, by group."""
    ordered = sorted(REGISTRY.values(), key=lambda table: (str(table.group), table.label))
    groups = [(group, list(found)) for group, found in groupby(ordered, key=lambda table: str(table.group))]
    return render(request, "accounts/tables.html", {"groups": groups, "crumbs": crumbs((_("Keuzelijsten"), ""))})


@dataclass(frozen=True)
class TablePage:
    """The rows of one table that were asked for, with what can be read of each."""

    table: Table
    # A column with the key by which it sorts; empty when it doesn't.
    columns: list[tuple[str, str]]
    rows: list[tuple[models.Model, list[tuple[str, str]]]]
    page_obj: PageOfRows
    filter_form: Form
    sort: str
    crumbs: Crumbs
    header_actions: list[dict[str, Any]]


@access(BEHEERDER, shows=NOBODY)
@require_safe
def table(request: HttpRequest, slug: str) -> HttpResponse:
    """The rows of one table."""
    found = find_table(slug)
    asked = ReferenceFilter(request.GET, queryset=table_rows(found), table=found)
    page = Pages(asked.qs, PER_PAGE).get_page(request.GET.get("page"))
    columns = list(zip(column_labels(found), found.columns, strict=True))
    add = {"label": _("Toevoegen"), "url": reverse("accounts:add_row", args=[slug]), "primary": True, "key": "n"}
    context = TablePage(
        table=found,
        columns=[(label, name if name in asked.orders else "") for label, name in columns],
        rows=[(row, [(label, cell(row, name)) for label, name in columns]) for row in page],
        page_obj=page,
        filter_form=asked.form,
        sort=asked.sort,
        crumbs=_path((found.label, "")),
        header_actions=[add],
    )
    return render_page(request, "accounts/table.html", context)


@access(BEHEERDER, shows=NOBODY, step_up=STEP_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def add_row(request: HttpRequest, slug: str) -> HttpResponse:
    found = find_table(slug)
    form = reference_form(found, adding=True)(request.POST or None, instance=found.model(**found.defaults))
    return _row_page(request, found, form, _("Toevoegen: %(row)s") % {"row": found.row_label})


@access(BEHEERDER, shows=NOBODY, step_up=STEP_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_row(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = find_table(slug)
    row = get_object_or_404(found.model, pk=pk)
    form = reference_form(found, adding=False)(request.POST or None, instance=row)
    return _row_page(request, found, form, str(row))


def _row_page(request: HttpRequest, table: Table, form, title: str) -> HttpResponse:
    list_url = reverse("accounts:table", args=[table.slug])
    if request.method == "POST" and form.is_valid():
        row = actions.save_reference_row(form.save(commit=False), by=request.user, **form.many)
        messages.success(request, _("%(row)s is opgeslagen.") % {"row": row})
        return redirect(list_url)
    context = {
        "form": form,
        "title": title,
        "eyebrow": table.label,
        "fixed": fixed_values(table, form.instance),
        "cancel_url": list_url,
        "crumbs": _path((table.label, list_url), (title, "")),
    }
    return render(request, "accounts/row_form.html", context)


@access(BEHEERDER, shows=NOBODY, step_up=STEP_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def remove_row(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Only in tables whose rows may go; elsewhere a row is put out of use."""
    found = find_table(slug)
    if not found.removable:
        raise Http404
    row = get_object_or_404(found.model, pk=pk)
    list_url = reverse("accounts:table", args=[slug])
    if request.method == "POST":
        try:
            actions.remove_reference_row(row, by=request.user)
        except ProtectedError as error:
            raise Refused(_("Deze rij wordt gebruikt in dossiers en kan niet weg.")) from error
        messages.success(request, _("De rij is verwijderd."))
        return redirect(list_url)
    text = _("Deze rij verdwijnt uit de tabel.")
    context = {"title": _("%(row)s verwijderen?") % {"row": row}, "text": text, "danger": True, "cancel_url": list_url}
    return render(request, "components/confirm.html", context | {"submit_label": _("Verwijderen")})
