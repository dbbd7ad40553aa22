"""The praktijkovereenkomst of whoever learns at a company: recording it, the paper itself, and that it holds no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import CASE_WORKERS, access
from accounts.models import Page
from topjob.errors import Reason
from topjob.pages import Crumbs, form_page, posted, render_page
from trajectories import actions
from trajectories.forms.school import PracticeAgreementForm, StopPracticeForm
from trajectories.journey.core import require_work
from trajectories.models import PracticeAgreement, Trajectory
from trajectories.views.documents import download_scan
from trajectories.views.pages import case_url, refusals_for, trail, visible_case


@dataclass(frozen=True)
class PracticePage:
    """The praktijkovereenkomsten of a case, and recording the next."""

    case: Trajectory
    title: str
    form: PracticeAgreementForm | None
    refusals: list[Reason]
    rows: QuerySet[PracticeAgreement]
    cancel_url: str
    crumbs: Crumbs


@access(CASE_WORKERS, shows=Page.CONTRACT)
def practice(request: HttpRequest, pk: int) -> HttpResponse:
    """What the school made, and recording it with its paper."""
    case = visible_case(request, pk)
    title = _("Praktijkovereenkomst (POK)")
    refusals = refusals_for(request, case, "record_practice_agreement", title)
    form = None if refusals else PracticeAgreementForm(posted(request), request.FILES or None)
    if form is not None and form.is_bound and form.is_valid():
        actions.record_practice_agreement(case, by=request.user, **form.cleaned_data)
        messages.success(request, _("De praktijkovereenkomst is vastgelegd."))
        return redirect(request.path)
    page = PracticePage(
        case=case,
        title=title,
        form=form,
        refusals=refusals,
        rows=case.practice_agreements.select_related("recorded_by"),
        cancel_url=case_url(case),
        crumbs=trail(case, (title, "")),
    )
    return render_page(request, "trajectories/followup/practice.html", page)


def _row(case: Trajectory, pk: int) -> PracticeAgreement:
    return get_object_or_404(case.practice_agreements, pk=pk)


@access(CASE_WORKERS, shows=Page.CONTRACT)
def stop_practice(request: HttpRequest, pk: int, practice_pk: int) -> HttpResponse:
    """It holds no more: the training stopped, or it was a mistake."""
    case = visible_case(request, pk)
    row, back = _row(case, practice_pk), reverse("trajectories:practice", args=[pk])
    require_work("record_practice_agreement", case, by=request.user)
    form = StopPracticeForm(posted(request), agreement=row)
    if form.is_bound and form.is_valid():
        actions.stop_practice_agreement(row, by=request.user, **form.cleaned_data)
        messages.success(request, _("Vastgelegd: deze praktijkovereenkomst geldt niet meer."))
        return redirect(back)
    words: dict[str, Any] = {
        "eyebrow": case.candidate.full_name,
        "subtitle": str(row),
        "submit_label": _("Vastleggen"),
        "crumbs": trail(case, (_("Praktijkovereenkomst"), back), (_("Geldt niet meer"), "")),
    }
    return form_page(request, form, title=_("Praktijkovereenkomst geldt niet meer"), cancel=back, **words)


@access(CASE_WORKERS, shows=Page.CONTRACT)
@require_safe
def practice_file(request: HttpRequest, pk: int, practice_pk: int) -> HttpResponseBase:
    """The paper itself."""
    row = _row(visible_case(request, pk), practice_pk)
    return download_scan(row, "praktijkovereenkomst")


CASE = "trajecten/<int:pk>/praktijkovereenkomst/"
urlpatterns = [
    path(CASE, practice, name="practice"),
    path(CASE + "<int:practice_pk>/geldt-niet-meer/", stop_practice, name="stop_practice"),
    path(CASE + "<int:practice_pk>/bestand/", practice_file, name="practice_file"),
]
