"""Measuring loonwaarde: tasks, each task, both views, settling. Every page keeps what was filled in; the order is free (R8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import CASE_WORKERS, access
from accounts.models import Page
from topjob import clock
from topjob.errors import Reason, Refused, promised
from topjob.merging import MergingMixin
from topjob.pages import Crumbs, posted, render_page
from trajectories import actions
from trajectories.forms.wages import FinishForm, MeasuredForm, OpinionForm, ReferenceForm, task_rows
from trajectories.journey.core import require_work
from trajectories.models import Trajectory, WageAssessment, WageOpinion
from trajectories.money import wages
from trajectories.process.workflow import State
from trajectories.views.pages import trail, visible_case


@access(CASE_WORKERS, shows=Page.WAGE)
@require_POST
def wage_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a measurement, or go on with the one in the making."""
    case = visible_case(request, pk)
    actions.start_assessment(case, by=request.user)
    return redirect("trajectories:wage_tasks", pk)


def _assessment(request: HttpRequest, case: Trajectory) -> WageAssessment:
    require_work("record_wage_value", case, by=request.user)
    found = actions.open_assessment(case)
    if found is None:
        raise Refused(Reason(_("Er is geen meting in de maak."), "trajectories:wage_value", case.pk))
    return found


@dataclass(frozen=True)
class MeasurementPage:
    """What every page of a measurement shows: the way through it, and what comes of it so far."""

    case: Trajectory
    assessment: WageAssessment
    steps: list[dict[str, Any]]
    # Of a hundred.
    total: int
    outcome: int | None
    crumbs: Crumbs


def _page(
    request: HttpRequest, case: Trajectory, assessment: WageAssessment, step: str, *, template: str, **own: Any
) -> HttpResponse:
    if _by_itself(request):  # something is wrong, or somebody else changed it: said once it is sent by hand
        forms = [own.get("form"), *(form for _heading, form in own.get("wrong", ()))]
        return JsonResponse({}, status=409 if any(getattr(form, "clashes", None) for form in forms) else 422)
    back = reverse("trajectories:wage_value", args=[case.pk])
    page = MeasurementPage(
        case=case,
        assessment=assessment,
        steps=_steps(case, assessment, step),
        total=sum(task.share for task in assessment.tasks.all()),
        outcome=wages.outcome(assessment.tasks.all()),
        crumbs=trail(case, (_("Loonwaarde"), back), (_("Meting"), "")),
    )
    return render_page(request, template, page, **own)


def _steps(case: Trajectory, assessment: WageAssessment, current: str) -> list[dict[str, Any]]:
    """The way through the measurement, with what is done already."""
    tasks = list(assessment.tasks.all())
    heard = {opinion.role for opinion in assessment.opinions.all()}
    shares = sum(task.share for task in tasks) == wages.WHOLE
    rows = [("taken", _("Hoofdtaken"), reverse("trajectories:wage_tasks", args=[case.pk]), shares)]
    for task in tasks:
        url = reverse("trajectories:wage_task", args=[case.pk, task.position])
        rows.append((f"taak-{task.position}", task.name, url, task.is_measured))
    heard_all = heard >= set(WageOpinion.PARTIES)
    rows.append(("zienswijzen", _("Zienswijzen"), reverse("trajectories:wage_opinions", args=[case.pk]), heard_all))
    rows.append(("vaststellen", _("Vaststellen"), reverse("trajectories:wage_finish", args=[case.pk]), False))
    return [{"label": label, "url": url, "done": done, "current": key == current} for key, label, url, done in rows]


def _by_itself(request: HttpRequest) -> bool:
    """Whether the script sent this, which keeps while somebody types."""
    return request.headers.get("X-Requested-With") == "XMLHttpRequest"


def _kept(request: HttpRequest, to: str, forms: Iterable[MergingMixin]) -> HttpResponse:
    """After keeping: the next page, or for the script that keeps while typing a word and what to compare with from now on."""
    if not _by_itself(request):
        return redirect(to)
    fields = {name: value for form in forms for name, value in form.shown_after_saving().items()}
    return JsonResponse({"saved_at": f"{clock.now().astimezone(clock.AMSTERDAM):%H:%M}", "fields": fields})


def _next_after(case: Trajectory, position: int) -> str:
    """The following task, or the views when all tasks were passed."""
    task = promised(actions.open_assessment(case)).tasks.filter(position__gt=position).first()
    if task is not None:
        return reverse("trajectories:wage_task", args=[case.pk, task.position])
    return reverse("trajectories:wage_opinions", args=[case.pk])


def _with_errors(forms: Iterable[tuple[str, BaseForm]]) -> list[tuple[str, BaseForm]]:
    """Of several forms on a page those with something wrong, for the summary on top."""
    return [(heading, form) for heading, form in forms if form.errors]


@access(CASE_WORKERS, shows=Page.WAGE)
def wage_tasks(request: HttpRequest, pk: int) -> HttpResponse:
    """The reference function and the main tasks; their shares come to a hundred together."""
    case = visible_case(request, pk)
    assessment = _assessment(request, case)
    form = ReferenceForm(posted(request), initial={"reference_function": assessment.reference_function})
    rows = task_rows(posted(request), assessment)
    if form.is_bound and form.is_valid() and rows.is_valid():
        tasks = rows.values()
        actions.save_tasks(case, tasks=tasks, by=request.user, **form.cleaned_data)
        if (total := sum(share for _n, _name, share in tasks)) == wages.WHOLE:
            return _kept(request, _next_after(case, 0), [form, *rows])
        if not _by_itself(request):
            messages.warning(request, _("Bewaard. Samen is het %(n)s%%; maak er 100%% van.") % {"n": total})
        return _kept(request, reverse("trajectories:wage_tasks", args=[pk]), [form, *rows])
    named = [("", form), *((_("Taak %(n)s") % {"n": number}, row) for number, row in enumerate(rows, start=1))]
    return _page(
        request,
        case,
        assessment,
        "taken",
        template="trajectories/trials/wage_tasks.html",
        form=form,
        rows=rows,
        wrong=_with_errors(named),
    )


@access(CASE_WORKERS, shows=Page.WAGE)
def wage_task(request: HttpRequest, pk: int, position: int) -> HttpResponse:
    """Pace, quality and net working time of one main task."""
    case = visible_case(request, pk)
    assessment = _assessment(request, case)
    task = next((row for row in assessment.tasks.all() if row.position == position), None)
    if task is None:
        raise Http404
    form = MeasuredForm(posted(request), instance=task)
    if form.is_bound and form.is_valid():
        actions.save_task(case, position=position, by=request.user, **form.cleaned_data)
        return _kept(request, _next_after(case, position), [form])
    return _page(
        request,
        case,
        assessment,
        f"taak-{position}",
        template="trajectories/trials/wage_task.html",
        form=form,
        task=task,
    )


@access(CASE_WORKERS, shows=Page.WAGE)
def wage_opinions(request: HttpRequest, pk: int) -> HttpResponse:
    """The zienswijze of employer and youth on what was found."""
    case = visible_case(request, pk)
    assessment = _assessment(request, case)
    known = {opinion.role: opinion for opinion in assessment.opinions.all()}
    forms = [OpinionForm(posted(request), role=role, opinion=known.get(role)) for role in WageOpinion.PARTIES]
    wrong = _with_errors((form.title, form) for form in forms)
    if request.method == "POST" and not wrong:
        given = {form.role: form.cleaned_data for form in forms if form.cleaned_data["agrees"] is not None}
        actions.save_opinions(case, opinions=given, by=request.user)
        return _kept(request, reverse("trajectories:wage_finish", args=[pk]), forms)
    return _page(
        request,
        case,
        assessment,
        "zienswijzen",
        template="trajectories/trials/wage_opinions.html",
        forms=forms,
        wrong=wrong,
    )


@access(CASE_WORKERS, shows=Page.WAGE)
def wage_finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything once more with the formula; then the outcome is settled and fixed."""
    case = visible_case(request, pk)
    assessment = _assessment(request, case)
    form = FinishForm(posted(request), instance=assessment)
    if form.is_bound and form.is_valid():
        actions.save_measured(case, by=request.user, **form.cleaned_data)
        if request.POST.get("klaar"):
            value = actions.finish_assessment(case, by=request.user)
            messages.success(request, _("De loonwaarde is vastgesteld op %(n)s%%.") % {"n": value.percentage})
            return redirect(
                "trajectories:evaluation" if case.state == State.EVALUATIE else "trajectories:wage_value", pk
            )
        return _kept(request, reverse("trajectories:wage_finish", args=[pk]), [form])
    # The bound form has written on the row; what is missing is asked of what is stored.
    stored = actions.open_assessment(case) if form.is_bound else assessment
    rows = [{"task": task, "adds": wages.contribution(task)} for task in assessment.tasks.all()]
    reasons = wages.missing(stored) if stored else []
    return _page(
        request,
        case,
        assessment,
        "vaststellen",
        template="trajectories/trials/wage_finish.html",
        form=form,
        rows=rows,
        reasons=reasons,
    )


CASE = "trajecten/<int:pk>/loonwaarde/meting/"
urlpatterns = [
    path(CASE, wage_start, name="wage_start"),
    path(CASE + "taken/", wage_tasks, name="wage_tasks"),
    path(CASE + "taken/<int:position>/", wage_task, name="wage_task"),
    path(CASE + "zienswijzen/", wage_opinions, name="wage_opinions"),
    path(CASE + "vaststellen/", wage_finish, name="wage_finish"),
]
