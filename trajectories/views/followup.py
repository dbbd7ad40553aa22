"""After the trial: coaching, qualification, quick-scan, advice, aftercare, exit talk and completion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from accounts.access import CASE_WORKERS, access
from accounts.models import Page
from topjob import clock
from topjob.dates import nl_date
from topjob.errors import Reason, Refused
from topjob.pages import Crumbs, form_page, posted, render_page
from trajectories import actions
from trajectories.forms.followup import (
    AdviceForm,
    CheckInForm,
    CoachingForm,
    CompletionForm,
    ExitTalkForm,
    PlanCheckInForm,
    QualificationForm,
    QuickScanForm,
)
from trajectories.journey.access import AvailableAction, available_actions
from trajectories.models import Advice, AmbitionItem, CheckIn, Completion, ExitTalk, QuickScan, Trajectory
from trajectories.pages.ambition_scale import progress_of, talks_of
from trajectories.process import rules
from trajectories.process.workflow import Journey, State, names_of
from trajectories.views.pages import case_url, name_and, refusals_for, trail, visible_case


@dataclass(frozen=True)
class FollowUpPage:
    """What every page after the trial shows: its form, or why this reader can only look; beside what is its own."""

    case: Trajectory
    title: str
    form: BaseForm | None
    refusals: list[Reason]
    cancel_url: str
    crumbs: Crumbs


def _page(
    request: HttpRequest,
    case: Trajectory,
    name: str,
    title: str,
    *,
    form: BaseForm | None,
    refusals: list[Reason],
    **own: Any,
) -> HttpResponse:
    page = FollowUpPage(
        case=case,
        title=title,
        form=form,
        refusals=refusals,
        cancel_url=case_url(case),
        crumbs=trail(case, (title, "")),
    )
    return render_page(request, f"trajectories/followup/{name}.html", page, **own)


def _done(request: HttpRequest, done: str, following: str, to: str) -> HttpResponse:
    """Say what was saved and what happens next."""
    messages.success(request, f"{done} {following}".strip())
    return redirect(to)


# What the adviespunt and the banenpool lead to.
ADVISED = (Journey.give_advice, Journey.revise_advice, Journey.place, Journey.learn_on, Journey.refer_out)


def _steps(case: Trajectory, request: HttpRequest, *methods: Callable) -> list[AvailableAction]:
    """The steps that this work leads to, with what they still lack."""
    found = [action for action in available_actions(case, request.user) if action.name in names_of(*methods)]
    return sorted(found, key=lambda action: action.is_way_out)


# --- B. Jobcoaching --------------------------------------------------------------------------------------------------
@access(CASE_WORKERS, shows=Page.COACHING)
def coaching(request: HttpRequest, pk: int) -> HttpResponse:
    """The coaching talks with progress on the ambition scale, and recording the next."""
    case = visible_case(request, pk)
    title = _("Jobcoaching")
    refusals = refusals_for(request, case, "record_coaching", title)
    items = list(AmbitionItem.objects.filter(is_active=True))
    form = None if refusals else CoachingForm(posted(request), items=items)
    if form is not None and form.is_bound and form.is_valid():
        session = actions.record_coaching(case, by=request.user, **form.values())
        return _done(request, _("Het gesprek is vastgelegd."), _next_talk(session.next_on), request.path)
    sessions = talks_of(case)
    own = {"sessions": sessions, "progress": progress_of(sessions)}
    return _page(request, case, "coaching", title, form=form, refusals=refusals, **own)


def _next_talk(day: Any) -> str:
    if day is None:
        return _("Plan op tijd een volgend gesprek.")
    return _("Het volgende gesprek staat op %(day)s en komt in de werklijst.") % {"day": nl_date(day)}


@access(CASE_WORKERS, shows=Page.CASE)
def qualification(request: HttpRequest, pk: int) -> HttpResponse:
    """What was gained, and recording a certificate, startkwalificatie or diploma (R11)."""
    case = visible_case(request, pk)
    title = _("Kwalificatie")
    refusals = refusals_for(request, case, "record_qualification", title)
    form = None if refusals else QualificationForm(posted(request))
    if form is not None and form.is_bound and form.is_valid():
        actions.record_qualification(case, by=request.user, **form.cleaned_data)
        following = _("Is de opleiding klaar? Rond die dan af.") if case.state == State.LEERWERK else ""
        return _done(request, _("De kwalificatie is vastgelegd."), following, request.path)
    own = {"rows": case.qualifications.all(), "steps": _steps(case, request, Journey.finish_training)}
    return _page(request, case, "qualification", title, form=form, refusals=refusals, **own)


# --- C. Adviespunt ---------------------------------------------------------------------------------------------------
@access(CASE_WORKERS, shows=Page.QUICKSCAN)
def quick_scan(request: HttpRequest, pk: int) -> HttpResponse:
    """Where somebody stands at the Adviespunt, in six scores."""
    case = visible_case(request, pk)
    title = _("Quick-scan")
    refusals = refusals_for(request, case, "record_quick_scan", title)
    form = None if refusals else QuickScanForm(posted(request))
    if form is not None and form.is_bound and form.is_valid():
        actions.record_quick_scan(case, by=request.user, **form.cleaned_data)
        return _done(request, _("De quick-scan is vastgelegd."), _after_scan(case), request.path)
    scans = [{"scan": scan, "scores": _scores(scan)} for scan in case.quick_scans.select_related("by")]
    return _page(request, case, "quick_scan", title, form=form, refusals=refusals, scans=scans)


def _scores(scan: QuickScan) -> list[tuple[str, int]]:
    fields = QuickScanForm.base_fields
    return [(str(fields[name].label), getattr(scan, name)) for name in QuickScanForm.SCORES]


def _after_scan(case: Trajectory) -> str:
    if rules.advice_talk_held(case) is not None:
        return _("Daarna volgt het adviesgesprek.")
    return _("Vul nu het advies in.")


@access(CASE_WORKERS, shows=Page.ADVICE)
def advice(request: HttpRequest, pk: int) -> HttpResponse:
    """The advice a–d (+ e) in the making, what it lacks to be settled, and earlier advices."""
    case = visible_case(request, pk)
    title = _("Advies")
    refusals = refusals_for(request, case, "draft_advice", title)
    draft = case.advices.filter(given_at=None).first() or Advice(trajectory=case)
    form = None if refusals else AdviceForm(posted(request), instance=draft)
    if form is not None and form.is_bound and form.is_valid():
        actions.draft_advice(case, by=request.user, **form.values())
        return _done(request, _("Het advies staat klaar."), _("Stel het hieronder vast als alles er is."), request.path)
    steps = _steps(case, request, *ADVISED)
    earlier = case.advices.exclude(given_at=None).select_related("by")
    return _page(request, case, "advice", title, form=form, refusals=refusals, steps=steps, earlier=earlier)


# --- E. Nazorg -------------------------------------------------------------------------------------------------------
@access(CASE_WORKERS, shows=Page.AFTERCARE)
def aftercare(request: HttpRequest, pk: int) -> HttpResponse:
    """The look-ins of at most twelve months (R12), and planning one more."""
    case = visible_case(request, pk)
    title = _("Nazorg")
    refusals = refusals_for(request, case, "add_check_in", title)
    rows = list(case.aftercares.prefetch_related("check_ins__by"))
    running = next((row for row in rows if row.stopped_on is None), None)
    form = None if refusals or running is None else PlanCheckInForm(posted(request), aftercare=running)
    if form is not None and form.is_bound and form.is_valid():
        check_in = actions.add_check_in(case, by=request.user, **form.cleaned_data)
        following = _("Het staat in de werklijst op %(day)s.") % {"day": nl_date(check_in.due_on)}
        return _done(request, _("Het contact is gepland."), following, request.path)
    steps = _steps(case, request, Journey.finish_aftercare, Journey.job_lost)
    own = {"rows": rows, "running": running, "steps": steps}
    return _page(request, case, "aftercare", title, form=form, refusals=refusals, **own)


@access(CASE_WORKERS, shows=Page.AFTERCARE)
def check_in(request: HttpRequest, pk: int, row_pk: int) -> HttpResponse:
    """Record how one look-in went."""
    case = visible_case(request, pk)
    rows = CheckIn.objects.filter(aftercare__trajectory=case).select_related("aftercare")
    row = get_object_or_404(rows, pk=row_pk)
    title, back = _("Nazorgcontact vastleggen"), reverse("trajectories:aftercare", args=[pk])
    refusals = refusals_for(request, case, "record_check_in", title)
    if refusals or row.held_on is not None:
        raise Refused(*(refusals or [rules.check_in_is_recorded(row.aftercare.trajectory_id)]), title=title)
    form = CheckInForm(posted(request), aftercare=row.aftercare)
    if form.is_bound and form.is_valid():
        actions.record_check_in(row, by=request.user, **form.cleaned_data)
        return _done(request, _("Het contact is vastgelegd."), _after_check_in(form.cleaned_data["mood"]), back)
    words = {"subtitle": _("Gepland op %(day)s") % {"day": nl_date(row.due_on)}, "crumbs": trail(case, (title, ""))}
    return form_page(request, form, title=title, **name_and(case, **words) | {"cancel": back})


def _after_check_in(mood: str) -> str:
    if mood == CheckIn.Mood.RISK:
        return _("De baan is in gevaar: plan snel een extra contact. Is de baan weg? Leg dat dan vast.")
    return ""


# --- Closing ---------------------------------------------------------------------------------------------------------
@access(CASE_WORKERS, shows=Page.EXIT)
def exit_talk(request: HttpRequest, pk: int) -> HttpResponse:
    """The exit talk with the person's feedback, or why it wasn't held (R15, decision 6)."""
    case = visible_case(request, pk)
    title = _("Exitgesprek")
    refusals = refusals_for(request, case, "record_exit_talk", title)
    talk = ExitTalk.objects.filter(trajectory=case).select_related("by").first()
    form = None if refusals else ExitTalkForm(posted(request), initial=_of_talk(talk))
    if form is not None and form.is_bound and form.is_valid():
        actions.record_exit_talk(case, by=request.user, **form.values())
        return _done(request, _("Het exitgesprek is vastgelegd."), _to_close(case), case_url(case))
    return _page(request, case, "exit_talk", title, form=form, refusals=refusals, talk=talk)


def _of_talk(talk: ExitTalk | None) -> dict[str, Any]:
    names = ("was_held", "on", "feedback", "grade", "not_held_reason")
    return {name: getattr(talk, name) for name in names} if talk else {"on": clock.today()}


@access(CASE_WORKERS, shows=Page.COMPLETION)
def completion(request: HttpRequest, pk: int) -> HttpResponse:
    """The administrative completion: what is done and what isn't yet (R15)."""
    case = visible_case(request, pk)
    title = _("Administratieve afronding")
    refusals = refusals_for(request, case, "record_completion", title)
    row = Completion.objects.filter(trajectory=case).select_related("by").first()
    initial = {name: getattr(row, name) for name in CompletionForm.base_fields} if row else {}
    form = None if refusals else CompletionForm(posted(request), initial=initial)
    if form is not None and form.is_bound and form.is_valid():
        saved = actions.record_completion(case, by=request.user, **form.cleaned_data)
        following = _to_close(case) if saved.is_complete else _("Nog niet alles is afgevinkt.")
        return _done(request, _("De afronding is opgeslagen."), following, case_url(case))
    steps = _steps(case, request, Journey.close)
    return _page(request, case, "completion", title, form=form, refusals=refusals, row=row, steps=steps)


def _to_close(case: Trajectory) -> str:
    """What still stands between here and a closed file."""
    fresh = Trajectory.objects.get(pk=case.pk)
    missing = [guard(fresh) for guard in (rules.exit_talk_recorded, rules.completion_done)]
    words = " ".join(reason.text for reason in missing if reason is not None)
    return words or _("De backoffice kan het dossier sluiten.")


CASE = "trajecten/<int:pk>/"
urlpatterns = [
    path(CASE + "jobcoaching/", coaching, name="coaching"),
    path(CASE + "kwalificatie/", qualification, name="qualification"),
    path(CASE + "quick-scan/", quick_scan, name="quick_scan"),
    path(CASE + "advies/", advice, name="advice"),
    path(CASE + "nazorg/", aftercare, name="aftercare"),
    path(CASE + "nazorg/<int:row_pk>/", check_in, name="check_in"),
    path(CASE + "exitgesprek/", exit_talk, name="exit_talk"),
    path(CASE + "afronding/", completion, name="completion"),
]
