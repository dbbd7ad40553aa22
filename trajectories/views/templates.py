"""Beheer: the texts of the startplan per construction and route, in versions, with a preview for somebody made up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import BEHEERDER, access
from accounts.views import crumbs
from topjob import clock
from trajectories import actions, documents
from trajectories.example import example_plan
from trajectories.forms.templates import PlanTemplateForm
from trajectories.models import PlanTemplate
from trajectories.models.placement import Construction, Route
from trajectories.placeholders import PLACEHOLDERS


@dataclass(frozen=True)
class Texts:
    """The versions for one construction and route, newest first."""

    construction: Construction
    route: Route
    versions: list[PlanTemplate]
    today: date

    @property
    def current(self) -> PlanTemplate:
        begun = [row for row in self.versions if row.valid_from <= self.today]
        return max(begun, key=lambda row: (row.valid_from, row.number))

    @property
    def coming(self) -> list[PlanTemplate]:
        return [row for row in self.versions if row.valid_from > self.today]


def overview() -> list[Texts]:
    """Every combination with its versions, in one query."""
    rows = list(PlanTemplate.objects.order_by("-number"))
    pairs = [(construction, route) for construction in Construction for route in Route]
    return [
        Texts(c, r, [row for row in rows if (row.construction, row.route) == (c, r)], clock.today()) for c, r in pairs
    ]


@access(BEHEERDER)
@require_safe
def plan_templates(request: HttpRequest) -> HttpResponse:
    """Which texts hold now, and which come."""
    context = {"texts": overview(), "crumbs": crumbs((_("Teksten van het startplan"), ""))}
    return render(request, "trajectories/templates/list.html", context)


@access(BEHEERDER)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_template_edit(request: HttpRequest, construction: str, route: str) -> HttpResponse:
    """Write a new version, beginning from the last one; "voorbeeld" shows it without keeping it."""
    if construction not in Construction.values or route not in Route.values:
        raise Http404
    latest = PlanTemplate.objects.filter(construction=construction, route=route).order_by("-number").first()
    begin = {name: getattr(latest, name) for name in PlanTemplate.TEXTS} if latest else {}
    form = PlanTemplateForm(
        request.POST if request.method == "POST" else None,
        instance=PlanTemplate(construction=construction, route=route),
        initial=begin | {"valid_from": clock.today()},
    )
    tried = form.is_bound and form.is_valid()
    if tried and "voorbeeld" not in request.POST:
        made = actions.add_plan_template(form.instance, by=request.user)
        messages.success(request, _("Versie %(n)s van de teksten is bewaard.") % {"n": made.number})
        return redirect("trajectories:plan_template", made.pk)
    context = {
        "form": form,
        "title": Construction(construction).label,
        "route": Route(route).label,
        "placeholders": PLACEHOLDERS.items(),
        "content": documents.plan_content(example_plan(form.instance)) if tried else None,
        "crumbs": _trail((_("Nieuwe versie"), "")),
    }
    return render(request, "trajectories/templates/edit.html", context)


@access(BEHEERDER)
@require_safe
def plan_template(request: HttpRequest, pk: int) -> HttpResponse:
    """One version, as somebody made up would read it; with the other versions beside it."""
    row = get_object_or_404(PlanTemplate.objects.select_related("created_by"), pk=pk)
    same = PlanTemplate.objects.filter(construction=row.construction, route=row.route).order_by("-number")
    context = {
        "template": row,
        "versions": same,
        "content": documents.plan_content(example_plan(row)),
        "crumbs": _trail((_("Versie %(n)s") % {"n": row.number}, "")),
    }
    return render(request, "trajectories/templates/version.html", context)


@access(BEHEERDER)
@require_safe
def plan_template_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The same on paper."""
    row = get_object_or_404(PlanTemplate, pk=pk)
    pdf = documents.render_plan(example_plan(row))
    name = f"voorbeeld-startplan-{row.construction}-{row.route}-{row.number}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def _trail(*steps: tuple[str, str]) -> list[dict[str, str]]:
    return crumbs((_("Teksten van het startplan"), reverse("trajectories:plan_templates")), *steps)


HERE = "beheer/startplan/"
urlpatterns = [
    path(HERE, plan_templates, name="plan_templates"),
    path(HERE + "<str:construction>/<str:route>/", plan_template_edit, name="plan_template_edit"),
    path(HERE + "versie/<int:pk>/bekijken/", plan_template, name="plan_template"),
    path(HERE + "versie/<int:pk>/voorbeeld.pdf", plan_template_pdf, name="plan_template_pdf"),
]
