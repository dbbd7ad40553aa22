"""The employer's portal, as far as it is about people: who was introduced, and who works at the company (R16)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef
from django.forms import BaseForm
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import EMPLOYER_PORTAL, access
from accounts.audit import actor
from accounts.models import Page, User
from accounts.reading import shown
from candidates.models import Consent
from candidates.sharing import number_of
from candidates.views.documents import send
from topjob.errors import Reason, Refused
from topjob.pages import crumbs, form_page, page_of, posted
from trajectories import actions
from trajectories.forms.portal import EmployerAcceptForm, EmployerDeclineForm, EmployerTalkForm
from trajectories.journey.access import AvailableAction, name_shared, shared_view
from trajectories.models import (
    Application,
    Contract,
    GeneratedDocument,
    PartyLink,
    StartPlan,
    Trajectory,
    TrialPeriod,
    guides,
)
from trajectories.models.placement import at_work_with
from trajectories.models.plan import known_to_company
from trajectories.pages.plain_words import FOR_EMPLOYER
from trajectories.pages.portal import contract_pairs, running_contracts, waiting_links
from trajectories.process.choices import Party
from trajectories.process.workflow import Journey, step_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


FORM_PAGE = "trajectories/portal/employer_form.html"


@contextmanager
def in_plain_words() -> Iterator[None]:
    """A refusal keeps its words here and loses its links: those lead to pages of staff."""
    try:
        yield
    except Refused as refused:
        raise Refused(*(reason.text for reason in refused.reasons), title=refused.title) from refused


def _trail(*more: tuple[str, str]) -> list[dict[str, str]]:
    return crumbs((_("Voorstellen"), reverse("trajectories:portal_proposals") if more else ""), *more)


# --- Proposals -------------------------------------------------------------------------------------------------------
@access(EMPLOYER_PORTAL, shows=Page.PROPOSALS)
@require_safe
def portal_proposals(request: HttpRequest) -> HttpResponse:
    """The people who were introduced to the own companies; only what each agreed to share."""
    rows = Application.objects.introduced_to(request.user).order_by("introduced_at", "pk")
    page = page_of(rows, request, load=Application.objects.with_names())
    shown(request, *(row.trajectory.candidate_id for row in page.object_list))
    page.object_list = [{"application": row, "name": name_shared(row)} for row in page.object_list]
    context = {"page_obj": page, "has_choice": len(request.user.organisations_as("werkgever")) > 1}
    return render(request, "trajectories/portal/proposals.html", context)


def _proposal(request: HttpRequest, pk: int) -> Application:
    """A proposal to the own companies; whoever took the consent back is gone, as if never introduced."""
    rows = Application.objects.introduced_to(request.user).with_shared()
    found = get_object_or_404(rows.select_related("trajectory__department", "trajectory__job_broker"), pk=pk)
    shown(request, found.trajectory.candidate_id)
    return found


@access(EMPLOYER_PORTAL, shows=Page.PROPOSAL)
@require_safe
def portal_proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """One introduced person: what was shared, the talk, and what the employer can do. Opening it is logged."""
    application = _proposal(request, pk)
    view = shared_view(application)
    context = {
        "application": application,
        "view": view,
        "actions": _can_do(application, request),
        "broker": application.trajectory.job_broker,
        "crumbs": _trail((view.name, "")),
    }
    return render(request, "trajectories/portal/proposal.html", context)


def _can_do(application: Application, request: HttpRequest) -> list[AvailableAction]:
    """What the employer can do with a proposal, in order; a blocked one says why."""
    talk = _("Gesprek wijzigen") if application.talk_held else _("Gesprek vastleggen")
    return [
        AvailableAction("record_talk", talk, reverse("trajectories:portal_talk", args=[application.pk]), True),
        _button(Journey.accept_application, _("Aannemen"), "portal_accept", application, request),
        _button(Journey.decline_application, _("Dit gaat niet door"), "portal_decline", application, request),
    ]


def _button(method: Callable, label: str, page: str, application: Application, request: HttpRequest) -> AvailableAction:
    step, case = step_of(method), application.trajectory
    forbidden = step.forbidden(case, actor(request.user))
    reasons = [Reason(reason.text) for reason in (*step.missing(case), forbidden) if reason is not None]
    url = reverse(f"trajectories:{page}", args=[application.pk])
    return AvailableAction(step.name, label, url, enabled=not reasons, reasons=reasons)


@access(EMPLOYER_PORTAL, shows=Page.PROPOSAL)
@require_safe
def portal_file(request: HttpRequest, pk: int, row_pk: int) -> FileResponse:
    """A document that the person agreed to show this employer."""
    application = _proposal(request, pk)
    document = next((row for row in shared_view(application).documents if row.pk == row_pk), None)
    if document is None:
        raise Http404
    return send(document)


def _form(request: HttpRequest, application: Application, form: BaseForm, title: str, **words: Any) -> HttpResponse:
    back = reverse("trajectories:portal_proposal", args=[application.pk])
    name = name_shared(application)
    words = {"eyebrow": f"{name} · {application.vacancy.title}", **words}
    return form_page(
        request, form, title=title, cancel=back, template=FORM_PAGE, crumbs=_trail((name, back), (title, "")), **words
    )


@access(EMPLOYER_PORTAL, shows=Page.PROPOSAL)
def portal_talk(request: HttpRequest, pk: int) -> HttpResponse:
    """The employer records that the application talk was held, and how it went."""
    application = _proposal(request, pk)
    initial = {"talk_at": application.talk_at, "notes": application.talk_notes}
    form = EmployerTalkForm(posted(request), initial=initial)
    if form.is_bound and form.is_valid():
        with in_plain_words():
            actions.record_talk(application.trajectory, by=request.user, **form.cleaned_data)
        messages.success(request, _what_next(request, pk))
        return redirect("trajectories:portal_proposal", pk)
    return _form(request, application, form, _("Gesprek vastleggen"))


def _what_next(request: HttpRequest, pk: int) -> str:
    """What the employer reads after the talk: that they may take the person on, or what stands in the way."""
    reasons = _button(Journey.accept_application, "", "portal_accept", _proposal(request, pk), request).reasons
    if reasons:
        return _("Het gesprek is vastgelegd. Aannemen kan nu niet: %(why)s") % {"why": reasons[0].text}
    return _("Het gesprek is vastgelegd. Wilt u verder? Dan kunt u de kandidaat nu aannemen.")


@access(EMPLOYER_PORTAL, shows=Page.PROPOSAL)
def portal_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """The employer takes the person on for a trial: construction, route, level and start (R13)."""
    application = _proposal(request, pk)
    case = application.trajectory
    if reasons := _button(Journey.accept_application, "", "portal_accept", application, request).reasons:
        raise Refused(*reasons, title=_("Aannemen"))
    form = EmployerAcceptForm(posted(request), trajectory=case)
    if form.is_bound and form.is_valid():
        with in_plain_words():
            actions.accept_application(case, by=request.user, **form.values())
        messages.success(
            request, _("Fijn! De regisseur maakt nu het startplan. Wie voor uw bedrijf tekent, krijgt een mail.")
        )
        return redirect("trajectories:portal_people")
    return _form(request, application, form, _("Aannemen voor een proefperiode"), submit_label=_("Aannemen"))


@access(EMPLOYER_PORTAL, shows=Page.PROPOSAL)
def portal_decline(request: HttpRequest, pk: int) -> HttpResponse:
    """The employer says no, with a reason."""
    application = _proposal(request, pk)
    form = EmployerDeclineForm(posted(request), trajectory=application.trajectory)
    if form.is_bound and form.is_valid():
        with in_plain_words():
            actions.decline_application(application.trajectory, by=request.user, **form.values())
        messages.success(request, _("Het voorstel gaat niet door. Top Job laat het de kandidaat weten."))
        return redirect("trajectories:portal_proposals")
    words = {"submit_label": _("Dit gaat niet door"), "submit_class": "btn-danger"}
    return _form(request, application, form, _("Dit gaat niet door"), **words)


# --- People at work --------------------------------------------------------------------------------------------------
@access(EMPLOYER_PORTAL, shows=Page.AT_WORK)
@require_safe
def portal_people(request: HttpRequest) -> HttpResponse:
    """The people who start or work at the own companies: phase in plain words, trial, plan, whom to call."""
    rows = at_work_with(request.user).order_by("-state_since", "-pk")
    people = ("candidate", "department", "regisseur", "career_adviser", "jobcoach")
    agreed = Consent.objects.valid().filter(
        share_arrangements=True,
        organisation__in=request.user.organisations_as("werkgever"),
        candidate=OuterRef("candidate"),
    )
    load = Trajectory.objects.select_related(*people).annotate(shares_money=Exists(agreed), **guides.asked_along())
    page = page_of(rows, request, load=load)
    shown(request, *(case.candidate_id for case in page.object_list))
    page.object_list = _people(request, list(page.object_list))
    return render(request, "trajectories/portal/people.html", {"page_obj": page})


@dataclass(frozen=True)
class PersonAtWork:
    """What an employer sees of one person who starts or works there."""

    case: Trajectory
    name: str
    application: Application | None
    trial: TrialPeriod | None
    # In which phase, in plain words.
    now: StrOrPromise
    # Whom to call.
    lead: User | None
    documents: list[GeneratedDocument]
    links: list[PartyLink]
    may_see_money: bool
    contract: list[tuple[str, Any]]


def _people(request: HttpRequest, cases: list[Any]) -> list[PersonAtWork]:
    """Everything the cards of one page show, in a fixed number of queries."""
    companies = request.user.organisations_as("werkgever")
    rows = Application.objects.filter(trajectory__in=cases, organisation__in=companies)
    accepted = rows.filter(status=Application.Status.ACCEPTED).annotate(**_known())
    related = accepted.select_related("vacancy", "organisation", "trial").prefetch_related("trial__extensions")
    applications = {row.trajectory_id: row for row in related}
    guides.keep(cases)
    documents = _documents(request, cases)
    contracts = {
        row.trajectory_id: row for row in reversed(running_contracts(cases).filter(organisation__in=companies))
    }
    links = defaultdict(list)
    for link in waiting_links(Party.EMPLOYER, cases):
        if link.signable.organisation_id in companies:
            links[link.trajectory_id].append(link)
    return [
        _person(case, applications.get(case.pk), contracts.get(case.pk), documents[case.pk], links[case.pk])
        for case in cases
    ]


def _known() -> dict[str, Any]:
    """Asked with an application: whether the company may know who it is (R16), and whether the startplan is signed."""
    known = known_to_company(candidate="trajectory__candidate", trajectory="trajectory", organisation="organisation")
    signed = StartPlan.objects.filter(
        application=OuterRef("pk"), status__in=(StartPlan.Status.SIGNED, StartPlan.Status.SUPERSEDED)
    )
    return {"is_known": ExpressionWrapper(known, BooleanField()), "is_signed": Exists(signed)}


def _documents(request: HttpRequest, cases: list[Trajectory]) -> dict[int, list[GeneratedDocument]]:
    found = defaultdict(list)
    for document in GeneratedDocument.objects.visible_to(request.user).filter(trajectory__in=cases):
        found[document.trajectory_id].append(document)
    return found


def _person(
    case: Any,
    application: Any,
    contract: Contract | None,
    documents: list[GeneratedDocument],
    links: list[PartyLink],
) -> PersonAtWork:
    """Of a case and an application that were asked with what the company may know (`_known`)."""
    return PersonAtWork(
        case=case,
        name=_name(case, application),
        application=application,
        trial=getattr(application, "trial", None),
        now=FOR_EMPLOYER.get(case.state, case.state_label),
        lead=case.contact,
        documents=documents,
        links=links,
        may_see_money=case.shares_money
        and (application is None or application.is_signed)
        and not (contract is not None and contract.is_unpaid),
        contract=contract_pairs(contract) if contract else [],
    )


def _name(case: Trajectory, application: Any) -> str:
    """By consent until the startplan is signed; from then on the contract names the person to both (`known_to_company`, R16)."""
    is_known = application is None or application.is_known
    return case.candidate.full_name if is_known else number_of(case.candidate)


@access(EMPLOYER_PORTAL, shows=Page.AT_WORK)
@require_POST
def portal_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the company's signer a fresh personal link."""
    cases = at_work_with(request.user)
    link = get_object_or_404(waiting_links(Party.EMPLOYER, cases), pk=pk)
    with in_plain_words():
        actions.request_link(link, by=request.user)
    words = {"name": link.party.name, "email": link.party.link_goes_to}
    messages.success(request, _("Er gaat een nieuwe link naar %(name)s (%(email)s). De oude werkt niet meer.") % words)
    return redirect("trajectories:portal_people")


PROPOSAL = "werkgever/voorstellen/<int:pk>/"
urlpatterns = [
    path("werkgever/voorstellen/", portal_proposals, name="portal_proposals"),
    path(PROPOSAL, portal_proposal, name="portal_proposal"),
    path(PROPOSAL + "gesprek/", portal_talk, name="portal_talk"),
    path(PROPOSAL + "aannemen/", portal_accept, name="portal_accept"),
    path(PROPOSAL + "afwijzen/", portal_decline, name="portal_decline"),
    path(PROPOSAL + "bestand/<int:row_pk>/", portal_file, name="portal_file"),
    path("werkgever/deelnemers/", portal_people, name="portal_people"),
    path("werkgever/links/<int:pk>/nieuw/", portal_link, name="portal_link"),
]
