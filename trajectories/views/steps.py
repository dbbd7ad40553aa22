"""The page of a step: what it does, what it asks, or why it can't be taken; and the step that begins a case, assignment."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import CASE_WORKERS, access, roles
from accounts.models import Page, Role
from accounts.reading import shown
from candidates import rules as candidate_rules
from candidates.models import Registration
from topjob.errors import Reason, Refused
from topjob.mail_first import looks, mails, seen
from topjob.outbox import letters_of
from topjob.pages import Crumbs, crumbs, posted, render_page
from trajectories import actions
from trajectories.forms.cases import AssignForm
from trajectories.forms.steps import StepForm
from trajectories.models import Trajectory
from trajectories.pages.cards import Card, cards_of
from trajectories.pages.steps import PAGES, StepPage, reasons_against
from trajectories.process.workflow import step_named
from trajectories.views.pages import case_url, trail, visible_case


@dataclass(frozen=True)
class TakeStepPage:
    """A step of a case: what it does and asks, or why it can't be taken; beside the mails that would go."""

    title: str
    # Nothing when it can't be taken.
    form: StepForm | None
    reasons: list[Reason]
    case: Trajectory
    page: StepPage
    is_way_out: bool
    cards: list[Card]
    cancel_url: str
    crumbs: Crumbs


@access(CASE_WORKERS, shows=Page.CASE)
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One page for every step; what isn't allowed is explained (GET) or refused (POST), and changes nothing."""
    if name not in PAGES:
        raise Http404
    case = visible_case(request, pk)
    label = str(step_named(name).label)
    reasons = reasons_against(name, case, request.user)
    if reasons and request.method == "POST":
        raise Refused(*reasons, title=label)
    form = None if reasons else PAGES[name].form(posted(request), trajectory=case)
    if form is not None and form.is_bound and form.is_valid() and not looks(request):
        actions.STEPS[name](case, by=request.user, **form.values())
        messages.success(request, _what_next(case, label))
        return redirect("trajectories:detail", pk)
    page = TakeStepPage(
        title=label,
        form=form,
        reasons=reasons,
        case=case,
        page=PAGES[name],
        is_way_out=step_named(name).ends,
        cards=cards_of(case, request.user, PAGES[name].cards),
        cancel_url=case_url(case),
        crumbs=trail(case, (label, "")),
    )
    return render_page(request, "trajectories/cases/step.html", page, **_letters(request, name, form))


def _letters(request: HttpRequest, name: str, form: StepForm | None) -> dict[str, Any]:
    """What this step mails: at once where it asks nothing, else once what it asks was filled in and somebody looks."""
    if form is None or not PAGES[name].mails:
        return {}
    if form.fields and not (form.is_bound and form.is_valid()):
        return mails()
    case = Trajectory.objects.get(pk=form.trajectory.pk)  # which the rehearsal changes
    take = partial(actions.STEPS[name], case, by=request.user)
    return seen(partial(take, **form.values())) if form.fields else {"letters": letters_of(take)}


def _what_next(case: Trajectory, label: str) -> str:
    """What was done, and whose turn it is now."""
    words = {
        "step": label,
        "name": case.candidate.full_name,
        "state": case.state_label,
        "turn": case.turn_label.lower(),
    }
    if not case.turn:
        return _("%(step)s: gedaan. Het dossier van %(name)s is gesloten.") % words
    return _("%(step)s: gedaan. %(name)s staat nu op “%(state)s”; aan zet: %(turn)s.") % words


@dataclass(frozen=True)
class AssignPage:
    """A registration, whether the person can be admitted, and to whom it is assigned."""

    title: str
    eyebrow: str
    registration: Registration
    form: AssignForm
    verdict: candidate_rules.Eligibility
    cancel_url: str
    crumbs: Crumbs


@access(roles(Role.FRONTOFFICE), shows=Page.REGISTRATION)
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """The frontoffice assigns a registration to a department and its guides; the case begins (step 1f)."""
    rows = Registration.objects.visible_to(request.user).select_related("candidate__region", "target_group", "client")
    registration = get_object_or_404(rows, pk=pk)
    shown(request, registration.candidate_id)
    form = AssignForm(posted(request), registration=registration)
    if form.is_bound and form.is_valid():
        case = actions.assign(registration, by=request.user, **form.cleaned_data)
        words = {"name": case.candidate.full_name, "department": case.department, "turn": case.turn_label.lower()}
        messages.success(request, _("%(name)s is toegewezen aan %(department)s. Aan zet: %(turn)s.") % words)
        return redirect("trajectories:detail", case.pk)
    name, back = registration.candidate.full_name, reverse("candidates:registration", args=[pk])
    page = AssignPage(
        title=_("Toewijzen aan een afdeling"),
        eyebrow=name,
        registration=registration,
        form=form,
        verdict=candidate_rules.shown_eligibility(registration),
        cancel_url=back,
        crumbs=crumbs((_("Aanmeldingen"), reverse("candidates:registrations")), (name, back), (_("Toewijzen"), "")),
    )
    return render_page(request, "trajectories/cases/assign.html", page)
