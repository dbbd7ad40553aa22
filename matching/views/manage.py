"""Beheer of matching: the weights with a preview of their effect, and the check on equal chances."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import NOBODY, STEP_UP, access
from accounts.models import KindOfPlace
from matching import actions, fairness, preview
from matching import weights as weights_module
from matching.access import BEHEERDER
from matching.forms import WeightsForm
from matching.models import CriterionWeight, MatchRun
from matching.scoring import WeightSet
from matching.weights import Weights
from topjob import clock
from topjob.locks import one_at_a_time
from topjob.pages import crumbs
from topjob.spreadsheet import csv_response


def _trail(*steps: tuple[Any, str]) -> list[dict[str, str]]:
    return crumbs((_("Beheer"), reverse("accounts:manage")), (_("Gewichten"), reverse("matching:weights")), *steps)


@access(BEHEERDER, shows=NOBODY, step_up=STEP_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def weights(request: HttpRequest) -> HttpResponse:
    """The default weights, and which kinds of place have their own."""
    own = set(CriterionWeight.objects.exclude(kind_of_place=None).values_list("kind_of_place_id", flat=True))
    kinds = KindOfPlace.objects.select_related("department").order_by("department__position", "position")
    listed = [(kind, kind.pk in own) for kind in kinds]
    return _edit(request, None, {"kinds": listed, "crumbs": _trail()})


@access(BEHEERDER, shows=NOBODY, step_up=STEP_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def kind_weights(request: HttpRequest, kind_pk: int) -> HttpResponse:
    """The weights of one kind of place."""
    kind = get_object_or_404(KindOfPlace.objects.select_related("department"), pk=kind_pk)
    return _edit(request, kind, {"kinds": [], "crumbs": _trail((kind.name, ""))})


def _edit(request: HttpRequest, kind: KindOfPlace | None, context: dict[str, Any]) -> HttpResponse:
    """Show, try out (the address holds the weights) or save; compared and saved while nobody else saves weights."""
    if request.method == "POST":
        one_at_a_time("gewichten")
    current = weights_module.current()
    held = current.for_kind(kind.pk) if kind else current.default
    tried = "proef" in request.GET
    form = WeightsForm(request.POST or (request.GET if tried else None), initial=_initial(held))
    if request.method == "POST" and form.is_valid():
        actions.set_weights(kind, form.weights, by=request.user)
        messages.success(request, _("De gewichten zijn opgeslagen en tellen vanaf nu."))
        return redirect("matching:weights")
    shown = None
    if tried and form.is_valid():
        shown = preview.effect(current, _with(current, kind, form.weights), clock.today())
    context |= {"form": form, "kind": kind, "effect": shown, "title": kind.name if kind else _("Gewichten")}
    return render(request, "matching/weights.html", context)


def _initial(held: WeightSet) -> dict[str, int]:
    persons = {f"{code}_person": weight for code, weight in held.person.items()}
    return persons | {f"{code}_employer": weight for code, weight in held.employer.items()}


def _with(current: Weights, kind: KindOfPlace | None, new: dict[str, tuple[int, int]]) -> Weights:
    changed = WeightSet({c: w[0] for c, w in new.items()}, {c: w[1] for c, w in new.items()})
    if kind is None:
        return Weights(changed, current.by_kind)
    return Weights(current.default, {**current.by_kind, kind.pk: changed})


@access(BEHEERDER, shows=NOBODY, step_up=STEP_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def audit(request: HttpRequest) -> HttpResponseBase:
    """Equal chances: who can be matched, who is shown, by group, with the criterion behind each gap."""
    if request.method == "POST":
        actions.start_audit(by=request.user)
        messages.success(request, _("De controle wordt uitgevoerd. Ververs deze pagina over een minuut."))
        return redirect("matching:audit")
    run = MatchRun.objects.filter(kind=MatchRun.Kind.AUDIT).exclude(ended_at=None).first()
    if run is not None and request.GET.get("vorm") == "csv":
        return csv_response(f"gelijke-kansen-{run.pk}.csv", fairness.HEADINGS, fairness.table(run))
    context = {
        "run": run,
        "dimensions": fairness.shown(run) if run else [],
        "runs": MatchRun.objects.all()[:10],
        "crumbs": crumbs((_("Beheer"), reverse("accounts:manage")), (_("Gelijke kansen"), "")),
    }
    return render(request, "matching/audit.html", context)
