"""The documents of a case: what can be put on paper, what was sent, who has signed. Signing itself is the startplan's."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import CASE_WORKERS, access
from accounts.audit import actor
from accounts.models import Page
from accounts.need_to_know import Part
from topjob.dates import nl_date
from topjob.errors import Refused
from topjob.mail import Letter
from topjob.outbox import letters_of
from topjob.pages import Action, Crumbs, form_page, posted, render_page
from trajectories import actions
from trajectories.documents import papers
from trajectories.documents.making import paper_content
from trajectories.documents.papers import Subject
from trajectories.forms.plans import PartyForm, ReasonForm
from trajectories.forms.steps import ContractWageForm
from trajectories.journey.access import may_work
from trajectories.journey.core import require_work
from trajectories.journey.need_to_know import part_of_paper, sees
from trajectories.models import GeneratedDocument, Paper, StartPlan, Trajectory
from trajectories.pages.cards import Card, cards_of, plan_card
from trajectories.process.choices import Party
from trajectories.process.work import WORK
from trajectories.signing.messages import letters_when_sent
from trajectories.signing.parties import PartyProgress, signers
from trajectories.views.pages import trail, visible_case


def _may_make(request: HttpRequest, case: Trajectory) -> bool:
    return may_work(case, request.user, "make_paper")


def _paper(request: HttpRequest, case: Trajectory, pk: int) -> Paper:
    """A document of the case that this reader may read: what it tells of is theirs to know."""
    row = get_object_or_404(case.papers.with_progress(), pk=pk)
    if not sees(case, request.user, part_of_paper(row.kind)):
        raise Http404
    return row


@dataclass(frozen=True)
class PapersPage:
    """Every document of a case, as far as this reader may read it, and what one can be made of."""

    case: Trajectory
    papers: list[Paper]
    plans: QuerySet[StartPlan]
    cards: list[Card]
    sees_plans: bool
    subjects: list[Subject]
    crumbs: Crumbs


@access(CASE_WORKERS, shows=Page.PAPER)
@require_safe
def case_papers(request: HttpRequest, pk: int) -> HttpResponse:
    """Every document of the case with its state, and what a document can be made of."""
    case = visible_case(request, pk)
    rows = list(case.papers.select_related("organisation", "document", "signed_document"))
    for row in rows:
        row.is_seen = sees(case, request.user, part_of_paper(row.kind))  # type: ignore[attr-defined]
    made = {(row.kind, row.subject_id) for row in rows if row.status != Paper.Status.WITHDRAWN}
    subjects = [row for row in papers.subjects_of(case) if (row.kind, row.pk) not in made]
    page = PapersPage(
        case=case,
        papers=rows,
        plans=case.plans.select_related("document", "signed_document"),
        cards=cards_of(case, request.user, (plan_card,)),
        sees_plans=sees(case, request.user, Part.PLAN),
        subjects=subjects if _may_make(request, case) else [],
        crumbs=trail(case, (_("Plan & documenten"), "")),
    )
    return render_page(request, "trajectories/papers/list.html", page)


@access(CASE_WORKERS, shows=Page.PAPER)
@require_POST
def paper_make(request: HttpRequest, pk: int, kind: str, subject_pk: int) -> HttpResponse:
    """Put an evaluation, loonwaarde or contract on paper."""
    case = visible_case(request, pk)
    paper = actions.make_paper(case, kind=kind, subject_id=subject_pk, by=request.user)
    return redirect("trajectories:paper", pk, paper.pk)


@dataclass(frozen=True)
class PaperPage:
    """One document, who has signed it and what can be done with it now; beside what the document itself says."""

    case: Trajectory
    signers: list[PartyProgress]
    documents: list[GeneratedDocument]
    actions: list[Action]
    letters: list[Letter]
    may_edit: bool
    may_resend: bool
    may_send_copy: bool
    crumbs: Crumbs


@access(CASE_WORKERS, shows=Page.PAPER)
@require_safe
def paper(request: HttpRequest, pk: int, paper_pk: int) -> HttpResponse:
    """One document as its parties read it, who has signed, and what can be done with it now."""
    case = visible_case(request, pk)
    row = _paper(request, case, paper_pk)
    may_make = _may_make(request, case)
    back = reverse("trajectories:papers", args=[pk])
    page = PaperPage(
        case=case,
        signers=signers(row),
        documents=[document for document in (row.signed_document, row.document) if document],
        actions=_steps(row) if may_make else [],
        letters=letters_when_sent(row) if may_make and row.is_draft else [],
        may_edit=may_make and row.is_draft,
        may_resend=may_make and row.status == Paper.Status.SENT,
        may_send_copy=may_make and row.status == Paper.Status.SIGNED,
        crumbs=trail(case, (_("Documenten"), back), (row.get_kind_display(), "")),
    )
    return render_page(request, "trajectories/papers/paper.html", page, **paper_content(row))


def _steps(row: Paper) -> list[Action]:
    """What can be done with a document now."""
    here = [row.trajectory_id, row.pk]
    withdraw = Action(_("Intrekken"), reverse("trajectories:paper_withdraw", args=here), danger=True)
    if row.status == Paper.Status.SENT:
        return [withdraw]
    if not row.is_draft:
        return []
    send = Action(
        label=_("Versturen"),
        url=reverse("trajectories:paper_send", args=here),
        method="post",
        reasons=actions.reasons_not_to_send_paper(row),
        primary=True,
        description=_("Daarna ligt het vast. Iedereen krijgt een eigen link, en bij het tekenen een code."),
    )
    return [send, withdraw]


@access(CASE_WORKERS, shows=Page.PAPER)
@require_POST
def paper_send(request: HttpRequest, pk: int, paper_pk: int) -> HttpResponse:
    """Send it to its parties; from then on it is fixed (R5)."""
    row = _paper(request, visible_case(request, pk), paper_pk)
    actions.send_paper(row, by=request.user)
    messages.success(
        request, _("Verstuurd. De pdf wordt gemaakt; daarna krijgt iedereen een eigen link om te tekenen.")
    )
    return redirect("trajectories:paper", pk, paper_pk)


@access(CASE_WORKERS, shows=Page.PAPER)
def paper_withdraw(request: HttpRequest, pk: int, paper_pk: int) -> HttpResponse:
    """It won't be signed any more, with the reason; the links are void."""
    case = visible_case(request, pk)
    row = _paper(request, case, paper_pk)
    require_work("make_paper", case, by=request.user)
    form = ReasonForm(posted(request))
    back = reverse("trajectories:paper", args=[pk, paper_pk])
    if form.is_bound and form.is_valid():
        actions.withdraw_paper(row, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("Het document is ingetrokken. De links werken niet meer."))
        return redirect(back)
    title = _("%(kind)s intrekken") % {"kind": row.get_kind_display()}
    withdraw = partial(actions.withdraw_paper, row, reason=title, by=request.user)
    words: dict[str, Any] = {
        "eyebrow": case.candidate.full_name,
        "submit_label": _("Intrekken"),
        "submit_class": "btn-danger",
    }
    if row.awaits_signatures:
        words["letters"] = letters_of(withdraw)
        words["subtitle"] = _("Wie heeft getekend of was gevraagd om te tekenen, krijgt bericht.")
    return form_page(request, form, title=title, cancel=back, crumbs=trail(case, (title, "")), **words)


@access(CASE_WORKERS, shows=Page.PAPER)
def paper_party(request: HttpRequest, pk: int, paper_pk: int, party: str) -> HttpResponse:
    """Who signs for a party; in a draft only."""
    case = visible_case(request, pk)
    row = get_object_or_404(case.papers.filter(status=Paper.Status.DRAFT), pk=paper_pk)
    signer = get_object_or_404(row.parties, party=party)
    require_work("make_paper", case, by=request.user)
    form = PartyForm(posted(request), instance=signer)
    back = reverse("trajectories:paper", args=[pk, paper_pk])
    if form.is_bound and form.is_valid():
        actions.set_signer(row, party, by=request.user, **form.cleaned_data)
        return redirect(back)
    title = _("Wie tekent als %(party)s?") % {"party": Party(party).label}
    crumbs = trail(case, (row.get_kind_display(), back), (Party(party).label.capitalize(), ""))
    return form_page(request, form, title=title, cancel=back, eyebrow=case.candidate.full_name, crumbs=crumbs)


@access(CASE_WORKERS, shows=Page.CONTRACT)
def contract_wage(request: HttpRequest, pk: int, contract_pk: int) -> HttpResponse:
    """The wage of a contract from before wages were kept, or put right before the contract is on paper."""
    case = visible_case(request, pk)
    contract = get_object_or_404(case.contracts.select_related("organisation"), pk=contract_pk)
    title = _("Uurloon vastleggen")
    refusals = [*WORK["record_hourly_wage"].refusals(case, actor(request.user)), actions.why_not_wage(contract)]
    if reasons := [reason for reason in refusals if reason is not None]:
        raise Refused(*reasons, title=title)
    form = ContractWageForm(posted(request), contract=contract, trajectory=case)
    if form.is_bound and form.is_valid():
        actions.record_hourly_wage(contract, by=request.user, **form.cleaned_data)
        messages.success(request, _("Vastgelegd. Het contract kan nu op papier."))
        return redirect("trajectories:papers", pk)
    back = reverse("trajectories:papers", args=[pk])
    words = {"eyebrow": case.candidate.full_name, "subtitle": f"{contract}, {nl_date(contract.starts_on)}"}
    crumbs = trail(case, (_("Documenten"), back), (title, ""))
    return form_page(request, form, title=title, cancel=back, crumbs=crumbs, submit_label=_("Vastleggen"), **words)


CASE = "trajecten/<int:pk>/documenten/"
urlpatterns = [
    path(CASE, case_papers, name="papers"),
    path(CASE + "maken/<str:kind>/<int:subject_pk>/", paper_make, name="paper_make"),
    path("trajecten/<int:pk>/contracten/<int:contract_pk>/uurloon/", contract_wage, name="contract_wage"),
    path(CASE + "<int:paper_pk>/", paper, name="paper"),
    path(CASE + "<int:paper_pk>/versturen/", paper_send, name="paper_send"),
    path(CASE + "<int:paper_pk>/intrekken/", paper_withdraw, name="paper_withdraw"),
    path(CASE + "<int:paper_pk>/partij/<str:party>/", paper_party, name="paper_party"),
]
