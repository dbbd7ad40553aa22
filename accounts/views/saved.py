"""Filters that somebody keeps: keep one, give it another name or other readers, take it away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions
from accounts.access import NOBODY, STAFF, access, opens_for
from accounts.forms import SavedFilterForm
from accounts.models import SavedFilter
from topjob.filters import PAGES, ListFilter
from topjob.pages import crumbs, form_page, posted
from topjob.undo import undo_tags

ASK = ["GET", "HEAD", "POST"]


@access(STAFF, shows=NOBODY)
@require_safe
def saved_filters(request: HttpRequest) -> HttpResponse:
    """One's own filters, with the list each belongs to."""
    rows = SavedFilter.objects.filter(owner=request.user).select_related("region").order_by("page", "name")
    context = {
        "rows": [{"row": row, "url": list_url(row.page, row.query)} for row in rows if row.page in PAGES],
        "crumbs": crumbs((_("Mijn filters"), "")),
    }
    return render(request, "accounts/saved_filters.html", context)


@access(STAFF, shows=NOBODY)
@require_http_methods(ASK)
def keep(request: HttpRequest) -> HttpResponse:
    """Give the filter that stands above a list a name."""
    asked = _asked(request)
    back = list_url(request.GET["page"], request.GET.get("query", ""))
    form = SavedFilterForm(posted(request), user=request.user, asked=asked)
    if form.is_bound and form.is_valid():
        saved = actions.save_filter(
            form.save(commit=False), page=request.GET["page"], query=asked.to_keep, by=request.user
        )
        messages.success(request, _("Filter “%(name)s” bewaard. Het staat boven de lijst.") % {"name": saved.name})
        return redirect(list_url(saved.page, saved.query))
    return form_page(request, form, title=_("Filter bewaren"), cancel=back, subtitle=asked.in_words)


def _asked(request: HttpRequest) -> ListFilter:
    """What was chosen above a list that this person may open."""
    page = request.GET.get("page", "")
    if page not in PAGES or not opens_for(request.user, reverse(page)):
        raise Http404
    return PAGES[page].asked(QueryDict(request.GET.get("query", "")[:2000]), request.user)


def list_url(page: str, query: str) -> str:
    return f"{reverse(page)}?{query}"


def _own(request: HttpRequest, pk: int) -> SavedFilter:
    return get_object_or_404(SavedFilter, pk=pk, owner=request.user)


@access(STAFF, shows=NOBODY)
@require_http_methods(ASK)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name, or other readers."""
    row = _own(request, pk)
    form = SavedFilterForm(posted(request), user=request.user, instance=row)
    back = reverse("accounts:saved_filters")
    if form.is_bound and form.is_valid():
        actions.change_filter(form.save(commit=False), by=request.user)
        messages.success(request, _("Filter “%(name)s” gewijzigd.") % {"name": row.name})
        return redirect(back)
    trail = crumbs((_("Mijn filters"), back), (row.name, ""))
    return form_page(request, form, title=_("Filter wijzigen"), cancel=back, crumbs=trail)


@access(STAFF, shows=NOBODY)
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Nobody sees it any more; for a moment it can be put back."""
    row = _own(request, pk)
    held: dict[str, Any] = actions.remove_filter(row, by=request.user)
    tags = undo_tags("saved_filter", request.user, **held)
    messages.success(request, _("Filter “%(name)s” verwijderd.") % {"name": row.name}, extra_tags=tags)
    return redirect("accounts:saved_filters")
