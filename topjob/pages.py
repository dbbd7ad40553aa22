"""What pages share: a page of a list, a page with one form, what can be done now, the trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page
from django.db.models import Model, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from topjob.errors import Reason
from topjob.going_back import came_from
from topjob.paging import Pages

if TYPE_CHECKING:
    from _typeshed import DataclassInstance
    from django_stubs_ext import StrOrPromise


PAGE_SIZE = 25

Crumbs = list[dict[str, str]]


@dataclass(frozen=True)
class Action:
    """What can be done now, as `components/actions.html` shows it: a button, or why it can't be pressed yet."""

    label: str
    url: str
    method: str = "get"
    reasons: Sequence[Reason] = ()
    primary: bool = False
    danger: bool = False
    description: str = ""

    @property
    def enabled(self) -> bool:
        return not self.reasons


def page_of(rows: QuerySet, request: HttpRequest, *, load: QuerySet) -> Page:
    """The page that was asked for: first the ids, then, by `load`, what is shown of these few."""
    page = Pages(rows.values_list("pk", flat=True), PAGE_SIZE).get_page(request.GET.get("page"))
    ids = list(page.object_list)
    found = load.in_bulk(ids)
    page.object_list = [found[pk] for pk in ids if pk in found]
    return page


def by_htmx(request: HttpRequest) -> bool:
    """Whether a page asks for a part of itself, instead of a reader for a page."""
    return bool(request.htmx)  # type: ignore[attr-defined]


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, for a form; nothing on a first visit."""
    return request.POST if request.method == "POST" else None


def crumbs(*steps: tuple[StrOrPromise, str]) -> Crumbs:
    """A trail of (label, address)."""
    return [{"label": str(label), "url": url} for label, url in steps]


def render_page(request: HttpRequest, template: str, page: DataclassInstance, /, **more: Any) -> HttpResponse:
    """A page whose template takes the fields of `page` by their names, as they are, and what stands beside it."""
    context = {field.name: getattr(page, field.name) for field in fields(page)}
    return render(request, template, context | more)


def form_page(
    request: HttpRequest, form: BaseForm, *, title: StrOrPromise, cancel: str, template: str = "", **extra: Any
) -> HttpResponse:
    """A page with one form. Whoever doesn't go on goes back to where it was opened from, else to `cancel`."""
    context = {"form": form, "title": title, "cancel_url": came_from(request) or cancel, **extra}
    return render(request, template or "components/form_page.html", context)


def field_name(model: Model | type[Model], name: str) -> str:
    """What a model's field is called, within a sentence."""
    return str(getattr(model._meta.get_field(name), "verbose_name", name))


def field_label(row: Model, name: str) -> str:
    """The label of a model's field, as a heading."""
    label = field_name(row, name)
    return label[:1].upper() + label[1:]
