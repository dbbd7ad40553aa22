"""The trial: the payer's permission, an extension, the evaluation with its three views, loonwaarde (R6–R8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import CASE_WORKERS, access
from accounts.models import Page
from candidates.models import TargetGroup
from topjob import pictures
from topjob.dates import nl_date
from topjob.errors import Reason, Refused, promised
from topjob.pages import Action, Crumbs, form_page, posted, render_page
from trajectories import actions
from trajectories.forms.trials import (
    SCALE,
    ExtendForm,
    InterruptionForm,
    PermissionForm,
    RecordViewForm,
    ResumeForm,
    WageDecisionForm,
    WageValueForm,
)
from trajectories.journey.access import available_actions, may_work
from trajectories.journey.core import require_work
from trajectories.models import (
    Evaluation,
    EvaluationScore,
    EvaluationView,
    NoShow,
    PayerPermission,
    StartPlan,
    Trajectory,
    TrialInterruption,
    TrialPeriod,
    WageAssessment,
    WageOpinion,
    WageValue,
)
from trajectories.pages.permission_notice import PermissionNotice, notice_of
from trajectories.process import rules
from trajectories.process.choices import THREE_PARTIES, Party
from trajectories.process.workflow import Journey, State, name_of
from trajectories.signing.parties import PartyProgress, evaluators
from trajectories.views.pages import case_url, refusals_for, trail, visible_case


def measured() -> tuple[str | Prefetch, ...]:
    """Outcomes with the measurement they came from, for showing what they rest on."""
    opinions = Prefetch("wage_values__assessment__opinions", WageOpinion.objects.select_related("recorded_by"))
    values = Prefetch("wage_values", WageValue.objects.select_related("assessment"))
    return values, "wage_values__assessment__tasks", opinions


# --- Permission and extension ----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class PermissionPage:
    """What the payer decided on the trial, what that means for it now, and recording the next."""

    case: Trajectory
    form: PermissionForm
    permissions: QuerySet[PayerPermission]
    may_record: bool
    notice: PermissionNotice | None
    cancel_url: str
    crumbs: Crumbs


@access(CASE_WORKERS, shows=Page.PERMISSION)
def permission(request: HttpRequest, pk: int) -> HttpResponse:
    """The payer's decisions on the proefplaatsing, and recording the next (decision 10)."""
    permissions = Prefetch("permissions", PayerPermission.objects.select_related("client"))
    case = visible_case(request, pk, Trajectory.objects.prefetch_related(permissions))
    if case.client is None:
        raise Refused(_("Dit traject heeft geen opdrachtgever, dus ook geen toestemming nodig."))
    refusals = refusals_for(request, case, "record_permission")
    form = PermissionForm(posted(request), trajectory=case)
    if form.is_bound and form.is_valid():
        actions.record_permission(case, client=case.client, by=request.user, **form.cleaned_data)
        messages.success(request, _("Het besluit is vastgelegd."))
        return redirect("trajectories:permission", pk)
    page = PermissionPage(
        case=case,
        form=form,
        permissions=case.permissions.all(),
        may_record=not refusals,
        notice=notice_of(case),
        cancel_url=case_url(case),
        crumbs=trail(case, (_("Toestemming opdrachtgever"), "")),
    )
    return render_page(request, "trajectories/trials/permission.html", page)


@access(CASE_WORKERS, shows=Page.TRIAL)
def extend_trial(request: HttpRequest, pk: int) -> HttpResponse:
    """A longer trial after an interruption, with the payer's permission where one is needed (decision 8)."""
    case = visible_case(request, pk)
    trial = case.current_trial
    if trial is None:
        raise Refused(Reason(_("Er loopt geen proefperiode die verlengd kan worden."), "trajectories:detail", pk))
    require_work("extend_trial", case, by=request.user)
    form = ExtendForm(posted(request), trajectory=case, trial=trial)
    if form.is_bound and form.is_valid():
        actions.extend_trial(case, by=request.user, **form.cleaned_data)
        messages.success(request, _("De proefperiode is verlengd."))
        return redirect(case_url(case))
    subtitle = _("Nu tot en met %(day)s") % {"day": nl_date(trial.last_day)}
    words: dict[str, Any] = {"eyebrow": case.candidate.full_name, "subtitle": subtitle, "submit_label": _("Verlengen")}
    crumbs = trail(case, (_("Proefperiode verlengen"), ""))
    words |= {"title": _("Proefperiode verlengen"), "cancel": case_url(case), "case": case}
    return form_page(request, form, crumbs=crumbs, template="trajectories/trials/extend.html", **words)


@dataclass(frozen=True)
class InterruptionsPage:
    """What interrupted the trial, and what can be recorded of it."""

    case: Trajectory
    trial: TrialPeriod
    rows: QuerySet[TrialInterruption]
    form: InterruptionForm
    may_record: bool
    may_end: bool
    may_extend: bool
    cancel_url: str
    crumbs: Crumbs


@access(CASE_WORKERS, shows=Page.TRIAL)
def interruptions(request: HttpRequest, pk: int) -> HttpResponse:
    """What interrupted the trial, and recording the next; the end stays where it is unless it is extended."""
    case = visible_case(request, pk)
    trial = case.current_trial
    if trial is None:
        raise Refused(Reason(_("Er is geen proefperiode."), "trajectories:detail", pk))
    refusals = refusals_for(request, case, "record_interruption")
    form = InterruptionForm(posted(request), trial=trial)
    if form.is_bound and form.is_valid():
        actions.record_interruption(case, by=request.user, **form.cleaned_data)
        messages.success(request, _("Vastgelegd. De einddatum blijft staan, tenzij de proefperiode wordt verlengd."))
        return redirect("trajectories:interruptions", pk)
    page = InterruptionsPage(
        case=case,
        trial=trial,
        rows=trial.interruptions.select_related("recorded_by"),
        form=form,
        may_record=not refusals,
        may_end=may_work(case, request.user, "end_interruption"),
        may_extend=may_work(case, request.user, "extend_trial"),
        cancel_url=case_url(case),
        crumbs=trail(case, (_("Onderbrekingen"), "")),
    )
    return render_page(request, "trajectories/trials/interruptions.html", page)


@access(CASE_WORKERS, shows=Page.TRIAL)
def resume(request: HttpRequest, pk: int, row_pk: int) -> HttpResponse:
    """The interruption is over: its last day."""
    case = visible_case(request, pk)
    row = get_object_or_404(TrialInterruption, pk=row_pk, trial__trajectory=case, ends_on=None)
    require_work("end_interruption", case, by=request.user)
    back = reverse("trajectories:interruptions", args=[pk])
    form = ResumeForm(posted(request), interruption=row)
    if form.is_bound and form.is_valid():
        actions.end_interruption(row, by=request.user, **form.cleaned_data)
        messages.success(request, _("Vastgelegd."))
        return redirect(back)
    crumbs = trail(case, (_("Onderbrekingen"), back), (_("Weer begonnen"), ""))
    words: dict[str, Any] = {"eyebrow": case.candidate.full_name, "submit_label": _("Vastleggen"), "crumbs": crumbs}
    return form_page(request, form, title=_("Weer begonnen met werken"), cancel=back, **words)


# --- Evaluation ------------------------------------------------------------------------------------------------------
def evaluation_of(case: Trajectory) -> Evaluation:
    """The evaluation of the present trial, or of the latest one that had any: who said what, who didn't come, who was asked."""
    earlier = Evaluation.objects.filter(trial__trajectory=case).select_related("trial").order_by("-pk")
    found = case.current_evaluation or earlier.first()
    if found is None:
        raise Refused(Reason(_("De evaluatie is nog niet geopend."), "trajectories:detail", case.pk))
    views = Prefetch("views", EvaluationView.objects.select_related("recorded_by"))
    scores = Prefetch("views__scores", EvaluationScore.objects.select_related("item"))
    no_shows = Prefetch("no_shows", NoShow.objects.select_related("recorded_by"))
    prefetch_related_objects([found], views, scores, no_shows, "links", "trial__extensions")
    found.trial.trajectory = case
    return found


@dataclass(frozen=True)
class WageFacts:
    """Loonwaarde within the evaluation: whether it is needed, why, and what was settled."""

    # That asks for it, if it does.
    group: TargetGroup | None
    needed: bool | None
    reason: str
    wants_subsidy: bool
    values: list[WageValue]
    # What is still to be settled.
    missing: Reason | None


@dataclass(frozen=True)
class EvaluationPage:
    """The three views of a trial beside each other, and what can be decided by them."""

    case: Trajectory
    evaluation: Evaluation
    trial: TrialPeriod
    parties: list[PartyProgress]
    columns: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    is_open: bool
    may_record: bool
    may_resend: bool
    wage: WageFacts
    may_settle_wage: bool
    actions: list[Action]
    notice: PermissionNotice | None
    scale: tuple[tuple[int, Any], ...]
    crumbs: Crumbs


@access(CASE_WORKERS, shows=Page.EVALUATION)
@require_safe
def evaluation(request: HttpRequest, pk: int) -> HttpResponse:
    """The three views side by side, who is missing, loonwaarde, and the decision (R7, R8)."""
    case = visible_case(request, pk, Trajectory.objects.prefetch_related(*measured(), "permissions"))
    found = evaluation_of(case)
    views = {view.role: view for view in found.views.all()}
    parties = parties_of(case, found)
    page = EvaluationPage(
        case=case,
        evaluation=found,
        trial=found.trial,
        parties=parties,
        columns=_columns(parties, views, found),
        rows=_comparison(parties, views),
        is_open=case.state == State.EVALUATIE and found.decided_at is None,
        may_record=may_work(case, request.user, "record_view"),
        may_resend=may_work(case, request.user, "resend_link"),
        wage=_wage_facts(case, found),
        may_settle_wage=any(may_work(case, request.user, work) for work in ("decide_wage_value", "record_wage_value")),
        actions=_decisions(request, case),
        notice=notice_of(case),
        scale=SCALE,
        crumbs=trail(case, (_("Evaluatie"), "")),
    )
    return render_page(request, "trajectories/trials/evaluation.html", page)


def parties_of(case: Trajectory, found: Evaluation) -> list[PartyProgress]:
    """Youth, employer and jobcoach of the version that was in force when the evaluation opened."""
    first = min(found.links.all(), key=lambda link: link.pk, default=None)
    rows = StartPlan.objects.select_related("trajectory__candidate").prefetch_related("parties")
    return evaluators(found, rows.get(pk=promised(first.plan_id) if first else found.trial.plan_id))


def _columns(parties: list[PartyProgress], views: dict[str, EvaluationView], found: Evaluation) -> list[dict[str, Any]]:
    """Each party with its view, who filled it in on its behalf, and when it didn't come."""
    absences: dict[str, list[NoShow]] = {}
    for row in found.no_shows.all():
        absences.setdefault(row.role, []).append(row)
    return [
        {
            "party": row,
            "shape": shape,
            "view": views.get(row.party.party),
            "no_shows": absences.get(row.party.party, []),
        }
        for row, shape in zip(parties, pictures.SHAPES, strict=False)
    ]


def _comparison(parties: list[PartyProgress], views: dict[str, EvaluationView]) -> list[dict[str, Any]]:
    """One row per question with the three answers beside each other, and whether they differ."""
    given = [views.get(row.party.party) for row in parties]
    scores = [{score.item_id: score.score for score in view.scores.all()} if view else {} for view in given]
    used = {score.item for view in given if view for score in view.scores.all()}
    verdict: list[Any] = [view and (_("ja, verder") if view.is_positive else _("nee")) for view in given]
    lines: list[tuple[Any, list[Any], bool]] = [(_("Verder samen"), verdict, True)]
    for item in sorted(used, key=lambda item: (item.position, item.pk)):
        lines.append((item.name, [answers.get(item.pk) for answers in scores], True))
    lines.append((_("Wat ging goed"), [view and view.went_well for view in given], False))
    lines.append((_("Wat kan beter"), [view and view.can_improve for view in given], False))
    return [_row(parties, label, answers, compare) for label, answers, compare in lines]


def _row(parties: list[PartyProgress], label: str, answers: list[Any], compare: bool) -> dict[str, Any]:
    differs = compare and len({answer for answer in answers if answer is not None}) > 1
    shown = ["–" if answer in (None, "") else answer for answer in answers]
    cells = [{"role": row.role, "answer": answer} for row, answer in zip(parties, shown, strict=True)]
    drawn = pictures.sides([answer if isinstance(answer, int) else None for answer in answers])
    return {"label": label, "cells": cells, "differs": differs, "sides": drawn}


def _wage_facts(case: Trajectory, found: Evaluation) -> WageFacts:
    is_current = case.current_evaluation is not None and case.current_evaluation.pk == found.pk
    return WageFacts(
        group=_asking_group(case),
        needed=found.wage_value_needed,
        reason=found.wage_value_reason,
        wants_subsidy=found.wants_wage_subsidy,
        values=rules.wage_values_of(found),
        missing=rules.wage_value_known(case) if is_current else None,
    )


def _asking_group(case: Trajectory) -> TargetGroup | None:
    """The target group, when it asks for loonwaarde (R8)."""
    return case.target_group if case.target_group and case.target_group.needs_wage_value else None


def _decisions(request: HttpRequest, case: Trajectory) -> list[Action]:
    """What can follow the evaluation, from the machine itself (R7)."""
    if case.state != State.EVALUATIE:
        return []
    learn_on = name_of(Journey.continue_learning)
    return [
        Action(
            label=step.label,
            url=step.url,
            method=step.method,
            reasons=step.reasons,
            primary=step.name == learn_on,
            danger=step.is_way_out,
        )
        for step in available_actions(case, request.user)
        if step.is_mine
    ]


@dataclass(frozen=True)
class RecordViewPage:
    """The view of a party that a guide records on its behalf."""

    case: Trajectory
    form: RecordViewForm
    scale: tuple[tuple[int, Any], ...]
    title: str
    role: str
    cancel_url: str
    crumbs: Crumbs


@access(CASE_WORKERS, shows=Page.EVALUATION)
def record_view(request: HttpRequest, pk: int, party: str) -> HttpResponse:
    """A guide records a party's view on its behalf, with the reason and visibly so."""
    case = visible_case(request, pk)
    if party not in THREE_PARTIES:
        raise Http404
    found = evaluation_of(case)
    row = next((row for row in parties_of(case, found) if row.party.party == party), None)
    back = reverse("trajectories:evaluation", args=[pk])
    if row is None or row.is_done:
        raise Refused(rules.view_is_given(case))
    require_work("record_view", case, by=request.user)
    form = RecordViewForm(posted(request))
    if form.is_bound and form.is_valid():
        actions.record_view(case, party=row.party, by=request.user, **form.values())
        messages.success(request, _("Het oordeel is vastgelegd namens %(name)s.") % {"name": row.party.name})
        return redirect(back)
    page = RecordViewPage(
        case=case,
        form=form,
        scale=SCALE,
        title=_("Oordeel namens %(name)s") % {"name": row.party.name},
        role=row.role,
        cancel_url=back,
        crumbs=trail(case, (_("Evaluatie"), back), (Party(party).label.capitalize(), "")),
    )
    return render_page(request, "trajectories/trials/record_view.html", page)


# --- Loonwaarde ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class WageValuePage:
    """Loonwaarde: whether it is needed, and what was settled; the forms that this reader may use."""

    case: Trajectory
    # The one that was sent, whose errors are on top.
    form: WageDecisionForm | WageValueForm
    decision: WageDecisionForm | None
    value: WageValueForm | None
    values: QuerySet[WageValue]
    measuring: WageAssessment | None
    group: TargetGroup | None
    crumbs: Crumbs


@access(CASE_WORKERS, shows=Page.WAGE)
def wage_value(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether loonwaarde is needed, and what UWV or gemeente settled (R8)."""
    case = visible_case(request, pk, Trajectory.objects.prefetch_related(*measured()))
    if case.state not in (State.PROEFPERIODE, State.EVALUATIE, State.LEERWERK):
        raise Refused(Reason(_("Loonwaarde hoort bij de proefperiode en het leerwerk."), "trajectories:detail", pk))
    which = request.POST.get("which") if request.method == "POST" else ""
    decision = WageDecisionForm(
        request.POST if which == "decision" else None, trajectory=case, initial=_decided(case), prefix="besluit"
    )
    value = WageValueForm(request.POST if which == "value" else None)
    if which == "decision" and decision.is_valid():
        actions.decide_wage_value(case, by=request.user, **decision.cleaned_data)
        return _saved(request, case)
    if which == "value" and value.is_valid():
        actions.record_wage_value(case, by=request.user, **value.cleaned_data)
        return _saved(request, case)
    page = WageValuePage(
        case=case,
        form=decision if which == "decision" else value,
        decision=decision if may_work(case, request.user, "decide_wage_value") else None,
        value=value if may_work(case, request.user, "record_wage_value") else None,
        values=case.wage_values.all(),
        measuring=actions.open_assessment(case),
        group=_asking_group(case),
        crumbs=trail(case, (_("Loonwaarde"), "")),
    )
    return render_page(request, "trajectories/trials/wage_value.html", page)


def _decided(case: Trajectory) -> dict[str, Any]:
    """What was decided before; where the target group asks for loonwaarde, that is the proposal (R8)."""
    found = case.current_evaluation
    by_group = case.target_group is not None and case.target_group.needs_wage_value
    if found is None or found.wage_value_needed is None:
        return (
            {"needed": True, "reason": _("Gevraagd bij doelgroep %(group)s.") % {"group": case.target_group}}
            if by_group
            else {}
        )
    return {
        "wants_wage_subsidy": found.wants_wage_subsidy,
        "needed": found.wage_value_needed,
        "reason": found.wage_value_reason,
    }


def _saved(request: HttpRequest, case: Trajectory) -> HttpResponse:
    messages.success(request, _("Vastgelegd."))
    return redirect("trajectories:evaluation" if case.state == State.EVALUATIE else "trajectories:wage_value", case.pk)


CASE = "trajecten/<int:pk>/"
urlpatterns = [
    path(CASE + "toestemming-opdrachtgever/", permission, name="permission"),
    path(CASE + "onderbrekingen/", interruptions, name="interruptions"),
    path(CASE + "onderbrekingen/<int:row_pk>/einde/", resume, name="resume"),
    path(CASE + "proefperiode-verlengen/", extend_trial, name="extend_trial"),
    path(CASE + "evaluatie/", evaluation, name="evaluation"),
    path(CASE + "evaluatie/namens/<str:party>/", record_view, name="record_view"),
    path(CASE + "loonwaarde/", wage_value, name="wage_value"),
]
