"""Bewaren en vernietigen: what is due, what is kept longer and why, what was destroyed. Numbers, no names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import BEHEERDER, STEP_UP, access
from accounts.models import Page
from accounts.reading import shown
from accounts.views import crumbs
from topjob import clock
from topjob.errors import Reason
from topjob.pages import Crumbs, render_page
from topjob.paging import COUNTED_TO, in_words
from trajectories.forms.retention import HoldForm, LiftForm
from trajectories.keeping import retention
from trajectories.models import DestructionRecord, LegalHold, Trajectory

SOON = timedelta(days=90)
MOST = 100
HERE = "trajectories:retention"
CONSEQUENCES = (
    _lazy("Dossiers, startplannen, handtekeningen, verslagen en bestanden verdwijnen."),
    _lazy("Logregels zonder persoonlijke tekst, uitkomsten van projecten en een bewijs van vernietiging blijven."),
    _lazy("Wie op “langer bewaren” staat, blijft."),
)


@dataclass(frozen=True)
class RetentionPage:
    """What is due and what comes soon, what is kept longer and why, what was destroyed."""

    due: list[retention.DueFile]
    due_count: str
    more_due: bool
    soon: Sequence[Mapping[str, object]]
    holds: list[LegalHold]
    records: list[DestructionRecord]
    crumbs: Crumbs


@access(BEHEERDER, shows=Page.RETENTION)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The preview: exactly what would go now, what comes soon, what is held, what went."""
    people_due = retention.due_people(COUNTED_TO + 1)
    due = retention.due_files(clock.today(), *people_due[:MOST]) if people_due else []
    soon = Trajectory.objects.filter(retention_until__range=(clock.today(), clock.today() + SOON))
    coming = list(soon.order_by("retention_until", "pk").values("pk", "candidate_id", "retention_until")[:MOST])
    holds = list(LegalHold.objects.filter(lifted_at=None).select_related("placed_by")[:MOST])
    people = [*people_due[:MOST], *(row.candidate_id for row in holds)]
    shown(request, *(row["candidate_id"] for row in coming), *people)
    page = RetentionPage(
        due=due,
        due_count=in_words(len(people_due)),
        more_due=len(people_due) > len(due),
        soon=coming,
        holds=holds,
        records=list(DestructionRecord.objects.select_related("by")[:MOST]),
        crumbs=crumbs((_("Bewaren en vernietigen"), "")),
    )
    return render_page(request, "trajectories/retention/overview.html", page)


@dataclass(frozen=True)
class DestroyPage:
    """Asks before it is done: how many people, and what goes and stays of them."""

    title: str
    text: str
    consequences: list[Reason]
    submit_label: str
    danger: bool
    cancel_url: str
    crumbs: Crumbs


@access(BEHEERDER, shows=Page.RETENTION, step_up=STEP_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def destroy(request: HttpRequest) -> HttpResponse:
    """Asks before it is done; the worker does it, one person at a time."""
    if request.method == "POST":
        count = retention.ask_destruction(by=request.user)
        messages.success(
            request, _("Het vernietigen is begonnen: %(n)s personen. Het staat zo in de lijst.") % {"n": count}
        )
        return redirect(HERE)
    text = _("Van %(n)s personen is de bewaartermijn voorbij. Dit kan niet ongedaan gemaakt worden.")
    page = DestroyPage(
        title=_("Vernietigen"),
        text=text % {"n": len(retention.due_files())},
        consequences=[Reason(str(text)) for text in CONSEQUENCES],
        submit_label=_("Vernietigen"),
        danger=True,
        cancel_url=reverse(HERE),
        crumbs=_trail(_("Vernietigen")),
    )
    return render_page(request, "components/confirm.html", page)


@access(BEHEERDER, shows=Page.RETENTION, step_up=STEP_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: HttpRequest) -> HttpResponse:
    """Keep one person's file longer, with the reason."""
    form = HoldForm(request.POST or None, initial={"candidate": _number(request.GET.get("kandidaat", ""))})
    if request.method == "POST" and form.is_valid():
        retention.place_hold(form.cleaned_data["candidate"], reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("Dit dossier wordt langer bewaard."))
        return redirect(HERE)
    return _form_page(request, _("Langer bewaren"), form)


@access(BEHEERDER, shows=Page.RETENTION, step_up=STEP_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """The reason to keep it longer is gone."""
    row = get_object_or_404(LegalHold, pk=pk)
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        retention.lift_hold(row, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("Dit dossier wordt niet meer langer bewaard."))
        return redirect(HERE)
    context = {
        "title": _("Niet langer bewaren"),
        "form": form,
        "crumbs": _trail(_("Niet langer bewaren")),
        "cancel_url": reverse(HERE),
    }
    return render(request, "components/form_page.html", context)


def _form_page(request: HttpRequest, title: str, form: forms.Form) -> HttpResponse:
    context = {"title": title, "form": form, "crumbs": _trail(title), "cancel_url": reverse(HERE)}
    return render(request, "components/form_page.html", context)


def _number(text: str) -> str:
    return text if text.isascii() and text.isdigit() and len(text) < 18 else ""


def _trail(label: str) -> list[dict[str, str]]:
    return crumbs((_("Bewaren en vernietigen"), reverse(HERE)), (label, ""))


urlpatterns = [
    path("beheer/bewaren/", overview, name="retention"),
    path("beheer/bewaren/vernietigen/", destroy, name="destroy_due"),
    path("beheer/bewaren/langer/", hold, name="hold"),
    path("beheer/bewaren/langer/<int:pk>/opheffen/", lift, name="lift_hold"),
]
