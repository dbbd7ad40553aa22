"""The startplan for staff: drafting, sending, who has signed (R4, R5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import CASE_WORKERS, access
from accounts.models import Page
from topjob import clock
from topjob.autosave import kept, not_kept
from topjob.dates import nl_date
from topjob.errors import Reason, Refused
from topjob.mail import Letter
from topjob.pages import Action, Crumbs, form_page, posted, render_page
from trajectories import actions
from trajectories.documents.making import plan_content
from trajectories.forms.plans import PartyForm, PlanEdit
from trajectories.journey.access import may_work
from trajectories.journey.core import require_work
from trajectories.models import PlanParty, StartPlan, Trajectory
from trajectories.pages.permission_notice import PermissionNotice, notice_of
from trajectories.process.choices import Party
from trajectories.process.periods import day_off_notice
from trajectories.process.workflow import State
from trajectories.signing.messages import letters_when_sent
from trajectories.signing.parties import PartyProgress, signers
from trajectories.views.pages import trail, visible_case


@dataclass(frozen=True)
class PlanPage:
    """The version in hand, with who has signed it and what the regisseur can do with it."""

    case: Trajectory
    plan: StartPlan | None
    content: dict[str, Any] | None
    signers: list[PartyProgress]
    # Parties for whom nobody was filled in yet.
    unnamed: list[Party]
    next_step: str
    documents: list[dict[str, Any]]
    versions: list[StartPlan]
    actions: list[Action]
    may_draft: bool
    may_resend: bool
    may_send_copy: bool
    # Why nobody can sign it any more.
    closed: str
    notice: PermissionNotice | None
    crumbs: Crumbs


@access(CASE_WORKERS, shows=Page.PLAN)
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """The version in hand: a draft to fill in, or what was sent with who has signed."""
    case = visible_case(request, pk, Trajectory.objects.prefetch_related("permissions"))
    latest = case.current_plan or case.plans.first()
    current = StartPlan.objects.with_progress().get(pk=latest.pk) if latest else None
    if current is not None and current.is_draft and _may_draft(request, case):
        return _edit(request, case, current)
    if request.method == "POST":
        raise Refused(_("Dit startplan ligt vast. Maak een nieuwe versie."))
    return render_page(request, "trajectories/plans/plan.html", _page(request, case, current))


def _may_draft(request: HttpRequest, case: Trajectory) -> bool:
    return may_work(case, request.user, "draft_plan")


def _edit(request: HttpRequest, case: Trajectory, draft: StartPlan) -> HttpResponse:
    edit = PlanEdit(posted(request), draft, case.current_trial)
    if request.method == "POST" and edit.is_valid():
        actions.save_plan(draft, by=request.user, **edit.values())
        messages.success(request, _("Het startplan is opgeslagen."))
        return redirect("trajectories:plan", case.pk)
    # Checking what was sent wrote it into the draft at hand; beside the form the page shows what is stored.
    stored = StartPlan.objects.with_progress().get(pk=draft.pk) if edit.form.is_bound else draft
    page = _page(request, case, stored)
    return render_page(request, "trajectories/plans/edit.html", page, edit=edit, form=edit.form)


def _page(request: HttpRequest, case: Trajectory, current: StartPlan | None) -> PlanPage:
    may_draft, may_resend = _may_draft(request, case), may_work(case, request.user, "resend_link")
    closed, notice = _past_its_start(current), notice_of(case)
    versions = list(case.plans.select_related("document", "signed_document"))
    return PlanPage(
        case=case,
        plan=current,
        content=plan_content(current) if current else None,
        signers=signers(current) if current else [],
        unnamed=current.parties_without_a_name() if current and current.is_draft else [],
        next_step=_next_step(case, current, notice),
        documents=_documents(versions),
        versions=versions,
        actions=_steps(case, current) if may_draft else [],
        may_draft=may_draft,
        may_resend=may_resend and current is not None and current.status == StartPlan.Status.SENT and not closed,
        may_send_copy=may_resend and current is not None and current.status == StartPlan.Status.SIGNED,
        closed=closed,
        notice=notice,
        crumbs=trail(case, (_("Startplan"), "")),
    )


def _past_its_start(current: StartPlan | None) -> str:
    """Nobody can sign it any more, and no link can be sent (R4); empty while people can."""
    if current is None or current.status != StartPlan.Status.SENT or clock.today() <= current.last_day_to_sign:
        return ""
    return _("De startdatum is voorbij: niemand kan dit plan nog tekenen. Maak een nieuwe versie.")


def _next_step(case: Trajectory, current: StartPlan | None, notice: PermissionNotice | None) -> str:
    """What happens now that all have signed; the payer's permission can still be in the way (decision 10)."""
    if current is None or current.status != StartPlan.Status.SIGNED or case.state != State.STARTPLAN:
        return ""
    text = _("Iedereen heeft getekend. De proefperiode begint vanzelf op %(day)s.")
    if notice is not None and notice.blocks:
        text = _("Iedereen heeft getekend. De proefperiode begint op %(day)s, als de toestemming er dan is.")
    return text % {"day": nl_date(current.trial_starts_on)}


def _documents(versions: list[StartPlan]) -> list[dict[str, Any]]:
    """The PDFs of every version, newest first, with their fingerprint."""
    pairs = [(row.number, document) for row in versions for document in (row.signed_document, row.document) if document]
    return [{"number": number, "document": document} for number, document in pairs]


def _steps(case: Trajectory, current: StartPlan | None) -> list[Action]:
    """What the regisseur can do with the plan now."""
    new = reverse("trajectories:plan_new_version", args=[case.pk])
    if current is None or current.status == StartPlan.Status.WITHDRAWN:
        return [Action(_("Startplan maken"), new, "post", primary=True)]
    if current.is_draft:
        reasons = actions.reasons_not_to_send(current)
        return [Action(_("Versturen"), reverse("trajectories:plan_send", args=[case.pk]), reasons=reasons)]
    text = _("Een verstuurd plan verandert niet. In een nieuwe versie kan dat wel; daarna tekent iedereen opnieuw.")
    return [Action(_("Nieuwe versie"), new, description=text)]


@access(CASE_WORKERS, shows=Page.PLAN)
@require_POST
def plan_autosave(request: HttpRequest, pk: int) -> HttpResponse:
    """Keeps what was typed in the draft; answers what the page has to know of it."""
    case = visible_case(request, pk)
    draft = _version(case, status=StartPlan.Status.DRAFT)
    edit = PlanEdit(request.POST, draft, case.current_trial)
    if not edit.is_valid():
        return not_kept([edit.form], is_clash=edit.has_clashes)
    saved = actions.save_plan(draft, by=request.user, **edit.values())
    return kept(edit.shown_after_saving(saved))


def _version(case: Trajectory, **which: Any) -> StartPlan:
    return get_object_or_404(case.plans.with_progress(), **which)


@access(CASE_WORKERS, shows=Page.PLAN)
@require_safe
def plan_preview(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One version as its parties read it; the PDF has the same content."""
    case = visible_case(request, pk)
    row = _version(case, number=number)
    back = reverse("trajectories:plan", args=[pk])
    path_here = trail(case, (_("Startplan"), back), (_("Versie %(n)s") % {"n": number}, ""))
    context = {"case": case, "crumbs": path_here, "signers": signers(row), **plan_content(row)}
    return render(request, "trajectories/plans/preview.html", context)


@dataclass(frozen=True)
class SendPlanPage:
    """The draft before it is sent: who signs, and which mail goes to whom."""

    case: Trajectory
    plan: StartPlan
    signers: list[PartyProgress]
    letters: list[Letter]
    # That the trial would begin on a day on which nobody works; empty when it doesn't.
    day_off: str
    cancel_url: str
    crumbs: Crumbs


@access(CASE_WORKERS, shows=Page.PLAN)
def plan_send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the draft to its parties; from then on it is fixed (R5)."""
    case = visible_case(request, pk)
    back = reverse("trajectories:plan", args=[pk])
    draft = case.plans.with_progress().filter(status=StartPlan.Status.DRAFT).first()
    if draft is None:
        raise Refused(_("Er is geen startplan om te versturen. Misschien is het al verstuurd."))
    require_work("draft_plan", case, by=request.user)
    if request.method == "POST":
        actions.send_plan(draft, by=request.user)
        messages.success(
            request, _("Verstuurd. De pdf wordt gemaakt; daarna krijgt iedereen een eigen link om te tekenen.")
        )
        return redirect(back)
    if reasons := actions.reasons_not_to_send(draft):
        raise Refused(*reasons, title=_("Startplan versturen"))
    page = SendPlanPage(
        case=case,
        plan=draft,
        signers=signers(draft),
        letters=letters_when_sent(draft),
        day_off=day_off_notice(draft.trial_starts_on) if case.current_trial is None else "",
        cancel_url=back,
        crumbs=trail(case, (_("Startplan"), back), (_("Versturen"), "")),
    )
    return render_page(request, "trajectories/plans/send.html", page)


@access(CASE_WORKERS, shows=Page.PLAN)
def plan_new_version(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the first version, or a new one that needs every signature again (R5)."""
    case = visible_case(request, pk)
    require_work("draft_plan", case, by=request.user)
    back = reverse("trajectories:plan", args=[pk])
    if request.method == "POST":
        actions.draft_plan(case, by=request.user)
        return redirect(back)
    is_open = case.current_plan is not None and case.current_plan.status == StartPlan.Status.SENT
    context = {
        "title": _("Nieuwe versie van het startplan"),
        "text": _("De nieuwe versie begint als kopie. Iedereen tekent haar opnieuw."),
        "consequences": [Reason(_("De links om de vorige versie te tekenen werken niet meer."))] if is_open else [],
        "submit_label": _("Nieuwe versie maken"),
        "cancel_url": back,
        "crumbs": trail(case, (_("Startplan"), back), (_("Nieuwe versie"), "")),
    }
    return render(request, "components/confirm.html", context)


@access(CASE_WORKERS, shows=Page.PLAN)
def plan_party(request: HttpRequest, pk: int, party: str) -> HttpResponse:
    """Who signs for a party; in a draft only."""
    case = visible_case(request, pk)
    if party not in Party.values:
        raise Http404
    draft = _version(case, status=StartPlan.Status.DRAFT)
    require_work("draft_plan", case, by=request.user)
    row = draft.parties.filter(party=party).first() or PlanParty(plan=draft, party=party)
    form = PartyForm(posted(request), instance=row)
    back = reverse("trajectories:plan", args=[pk])
    if form.is_bound and form.is_valid():
        actions.set_party(draft, party, by=request.user, **form.cleaned_data)
        return redirect(back)
    title = _("Wie tekent als %(party)s?") % {"party": Party(party).label}
    crumbs = trail(case, (_("Startplan"), back), (Party(party).label.capitalize(), ""))
    return form_page(request, form, title=title, cancel=back, eyebrow=case.candidate.full_name, crumbs=crumbs)


CASE = "trajecten/<int:pk>/startplan/"
urlpatterns = [
    path(CASE, plan, name="plan"),
    path(CASE + "bewaren/", plan_autosave, name="plan_autosave"),
    path(CASE + "versie/<int:number>/", plan_preview, name="plan_preview"),
    path(CASE + "versturen/", plan_send, name="plan_send"),
    path(CASE + "nieuwe-versie/", plan_new_version, name="plan_new_version"),
    path(CASE + "partij/<str:party>/", plan_party, name="plan_party"),
]
