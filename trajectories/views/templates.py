"""Beheer: the texts of every document that is signed, in versions, with a preview for somebody made up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import BEHEERDER, NOBODY, STEP_UP, access
from accounts.views import crumbs
from topjob import clock
from trajectories import actions
from trajectories.documents import making
from trajectories.documents.example import example_paper, example_plan
from trajectories.forms.templates import texts_form
from trajectories.models import PaperTemplate, PlanTemplate
from trajectories.models.placement import Construction, Route
from trajectories.models.template import PaperKind

OneVersion = PlanTemplate | PaperTemplate


@dataclass(frozen=True)
class Document:
    """A document whose texts the beheerder writes, and which versions are its own."""

    key: str
    group: Any
    name: Any
    model: type[PlanTemplate] | type[PaperTemplate]
    which: Mapping[str, str]
    is_contract: bool = False

    @property
    def versions(self) -> Any:
        return self.model._default_manager.filter(**self.which).order_by("-number")


def _documents() -> Iterable[Document]:
    for construction in Construction:
        group = format_lazy("{} {}", gettext_lazy("Startplan bij constructie"), construction.label)
        for route in Route:
            which = {"construction": construction.value, "route": route.value}
            yield Document(f"startplan-{construction}-{route}", group, route.label, PlanTemplate, which)
    for kind in PaperKind:
        group = gettext_lazy("Contracten") if kind.is_contract else gettext_lazy("Verslag en verklaring")
        yield Document(kind.value, group, kind.label, PaperTemplate, {"kind": kind.value}, kind.is_contract)


DOCUMENTS = {document.key: document for document in _documents()}


@dataclass(frozen=True)
class Texts:
    """A document with its versions, newest first."""

    document: Document
    versions: list[OneVersion]
    today: date

    @property
    def group(self) -> Any:
        return self.document.group

    @property
    def current(self) -> OneVersion:
        begun = [row for row in self.versions if row.valid_from <= self.today]
        return max(begun, key=lambda row: (row.valid_from, row.number))

    @property
    def coming(self) -> list[OneVersion]:
        return [row for row in self.versions if row.valid_from > self.today]


def overview() -> list[Texts]:
    """Every document with its versions, in one query per sort of document."""
    rows: list[OneVersion] = [
        *PlanTemplate.objects.order_by("-number"),
        *PaperTemplate.objects.order_by("-number"),
    ]
    return [
        Texts(document, [row for row in rows if row.which == document.which], clock.today())
        for document in DOCUMENTS.values()
    ]


@access(BEHEERDER, shows=NOBODY)
@require_safe
def texts(request: HttpRequest) -> HttpResponse:
    """Which texts hold now, and which come."""
    context = {"texts": overview(), "crumbs": crumbs((_("Teksten van documenten"), ""))}
    return render(request, "trajectories/templates/list.html", context)


@access(BEHEERDER, shows=NOBODY, step_up=STEP_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def text_new(request: HttpRequest, key: str) -> HttpResponse:
    """Write a new version, beginning from the last one; "voorbeeld" shows it without keeping it."""
    document = _document(key)
    latest = document.versions.first()
    form = texts_form(document.model)(
        request.POST if request.method == "POST" else None,
        instance=document.model(**document.which),
        initial=(latest.texts if latest else {}) | {"valid_from": clock.today()},
    )
    tried = form.is_bound and form.is_valid()
    if tried and "voorbeeld" not in request.POST:
        made = actions.add_texts(form.instance, by=request.user)
        messages.success(request, _("Versie %(n)s van de teksten is bewaard.") % {"n": made.number})
        return redirect("trajectories:text_version", key, made.number)
    context = {
        "document": document,
        "form": form,
        "placeholders": form.instance.words.items(),
        "crumbs": _trail((_("Nieuwe versie"), "")),
        **(_as_example(form.instance) if tried else {"content_template": ""}),
    }
    return render(request, "trajectories/templates/edit.html", context)


@access(BEHEERDER, shows=NOBODY)
@require_safe
def text_version(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One version, as somebody made up would read it; with the other versions beside it."""
    document = _document(key)
    row = get_object_or_404(document.versions.select_related("created_by"), number=number)
    context = {
        "document": document,
        "version": row,
        "versions": document.versions,
        "crumbs": _trail((_("Versie %(n)s") % {"n": row.number}, "")),
        **_as_example(row),
    }
    return render(request, "trajectories/templates/version.html", context)


@access(BEHEERDER, shows=NOBODY)
@require_safe
def text_pdf(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """The same on paper."""
    row = get_object_or_404(_document(key).versions, number=number)
    is_plan = isinstance(row, PlanTemplate)
    pdf = making.render_plan(example_plan(row)) if is_plan else making.render_paper(example_paper(row))
    name = f"voorbeeld-{key}-{number}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


@access(BEHEERDER, shows=NOBODY)
@require_safe
def plan_texts(request: HttpRequest) -> HttpResponse:
    """Where the texts of the startplan were kept before those of the other documents joined them."""
    return redirect("trajectories:texts", permanent=True)


def _document(key: str) -> Document:
    if key not in DOCUMENTS:
        raise Http404
    return DOCUMENTS[key]


def _as_example(version: OneVersion) -> dict[str, Any]:
    """What somebody who doesn't exist would read, and the template that shows it."""
    if isinstance(version, PlanTemplate):
        return making.plan_content(example_plan(version)) | {"content_template": "documents/_plan.html"}
    return making.paper_content(example_paper(version)) | {"content_template": "documents/_paper.html"}


def _trail(*steps: tuple[str, str]) -> list[dict[str, str]]:
    return crumbs((_("Teksten van documenten"), reverse("trajectories:texts")), *steps)


HERE = "beheer/teksten/"
urlpatterns = [
    path(HERE, texts, name="texts"),
    path(HERE + "<str:key>/", text_new, name="text_new"),
    path(HERE + "<str:key>/versie/<int:number>/", text_version, name="text_version"),
    path(HERE + "<str:key>/versie/<int:number>/voorbeeld.pdf", text_pdf, name="text_pdf"),
    path("beheer/startplan/", plan_texts, name="plan_texts"),
]
