"""The money side for the employer: for staff on the case, for the employer in the portal."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import CASE_WORKERS, EMPLOYER_PORTAL, access
from accounts.models import Page, Role, User
from accounts.reading import shown
from candidates.models import Consent
from candidates.sharing import number_of
from topjob.errors import Reason, Refused
from topjob.pages import Crumbs, crumbs, form_page, posted, render_page
from trajectories import actions
from trajectories.forms.money import SupportForm, SupportStepForm
from trajectories.journey.access import is_known_to
from trajectories.journey.core import require_work
from trajectories.models import Application, Contract, StartPlan, SupportStep, Trajectory
from trajectories.models.placement import at_work_with
from trajectories.models.trajectory import TrajectoryQuerySet
from trajectories.money.subsidies import Job, Support, job_of, of_the_job, supports_of, todo_of
from trajectories.views.pages import case_url, refusals_for, trail, visible_case


@dataclass(frozen=True)
class MoneyPage:
    """What an employer may count on for this person, and recording the facts it depends on."""

    case: Trajectory
    job: Job
    supports: list[Support]
    form: SupportForm
    may_record: bool
    # The case for which steps may be recorded; none is 0.
    record_for: int
    cancel_url: str
    crumbs: Crumbs


@access(CASE_WORKERS, shows=Page.MONEY)
def money(request: HttpRequest, pk: int) -> HttpResponse:
    """What this employer may count on for this person, each with its rule; and the facts it depends on."""
    case = visible_case(request, pk, Trajectory.objects.prefetch_related(*of_the_job()))
    job = job_of(case)
    if job is None:
        raise Refused(Reason(_("Er is nog geen startplan of contract om mee te rekenen."), "trajectories:detail", pk))
    may_record = not refusals_for(request, case, "record_support")
    form = SupportForm(posted(request), facts=job.facts)
    if form.is_bound and form.is_valid():
        actions.record_support(case, by=request.user, **form.cleaned_data)
        messages.success(request, _("Vastgelegd."))
        return redirect("trajectories:money", pk)
    page = MoneyPage(
        case=case,
        job=job,
        supports=supports_of(job),
        form=form,
        may_record=may_record,
        record_for=pk if may_record else 0,
        cancel_url=case_url(case),
        crumbs=trail(case, (_("Regelingen voor de werkgever"), "")),
    )
    return render_page(request, "trajectories/trials/money.html", page)


@access(CASE_WORKERS, shows=Page.MONEY)
def money_step(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Record that one step for an arrangement was done, isn't needed, or is still to be done after all."""
    case = visible_case(request, pk, Trajectory.objects.prefetch_related(*of_the_job()))
    job = job_of(case)
    item = todo_of(job, kind) if job is not None and kind in SupportStep.Kind.values else None
    if job is None or item is None:
        raise Http404
    require_work("record_support", case, by=request.user)
    form = SupportStepForm(posted(request), step=item.step)
    back = reverse("trajectories:money", args=[pk])
    if form.is_bound and form.is_valid():
        actions.record_support_step(
            case, organisation=job.organisation, kind=kind, by=request.user, **form.cleaned_data
        )
        messages.success(request, _("Vastgelegd."))
        return redirect(back)
    label = SupportStep.Kind(kind).label
    words = {"eyebrow": case.candidate.full_name, "subtitle": item.text, "submit_label": _("Vastleggen")}
    steps = trail(case, (_("Regelingen voor de werkgever"), back), (label, ""))
    return form_page(request, form, title=label, cancel=back, crumbs=steps, **words)


@access(EMPLOYER_PORTAL, shows=Page.MONEY)
@require_safe
def portal_money(request: HttpRequest, pk: int) -> HttpResponse:
    """The same for the employer, once the startplan or the contract is there and the person agreed to share this (R16).

    That an arrangement is possible tells of a handicap or a benefit: a name and a CV are no yes to that. Opening is logged.
    """
    companies = request.user.organisations_as(Role.WERKGEVER)
    rows = _open_to(request.user, companies).prefetch_related(*of_the_job())
    related = ("candidate", "department", "client", "target_group", "regisseur")
    case = get_object_or_404(rows.select_related(*related), pk=pk)
    job = job_of(case)
    if job is not None and not _agreed_with(case, job.organisation.pk):
        raise Http404
    if job is None or job.organisation.pk not in companies:
        raise Refused(_("Er is nog geen contract bij uw bedrijf om mee te rekenen."))
    shown(request, case.candidate_id)
    name = case.candidate.full_name if is_known_to(case, job.organisation.pk) else number_of(case.candidate)
    here = (_("Mensen bij u aan het werk"), reverse("trajectories:portal_people"))
    context = {
        "case": case,
        "job": job,
        "supports": supports_of(job),
        "lead": case.contact,
        "name": name,
        "crumbs": crumbs(here, (name, "")),
    }
    return render(request, "trajectories/portal/money.html", context)


def _open_to(user: User, companies: Collection[int]) -> TrajectoryQuerySet:
    """Cases with a signed plan or a contract at one of these companies, of people who agreed to share this with it."""
    mine = {"trajectory": OuterRef("pk")}
    signed = StartPlan.objects.filter(
        application__organisation__in=companies,
        application__status=Application.Status.ACCEPTED,
        status__in=(StartPlan.Status.SIGNED, StartPlan.Status.SUPERSEDED),
        **mine,
    )
    hired = Contract.objects.filter(organisation__in=companies, ended_early_on=None, **mine)
    agreed = Consent.objects.valid().filter(
        share_arrangements=True, organisation__in=companies, candidate=OuterRef("candidate")
    )
    return at_work_with(user).filter(Exists(signed) | Exists(hired), Exists(agreed))


def _agreed_with(case: Trajectory, organisation_id: int) -> bool:
    """Somebody may represent two companies, of which one was told."""
    agreed = Consent.objects.valid().filter(share_arrangements=True, candidate=case.candidate_id)
    return agreed.filter(organisation=organisation_id).exists()


urlpatterns = [
    path("trajecten/<int:pk>/regelingen/", money, name="money"),
    path("trajecten/<int:pk>/regelingen/<str:kind>/", money_step, name="money_step"),
    path("werkgever/deelnemers/<int:pk>/regelingen/", portal_money, name="portal_money"),
]
