"""Signed on paper: one member of staff uploads the scan, another looks whether it is this document (four eyes)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import CASE_WORKERS, access
from accounts.models import Page
from topjob import clock
from topjob.dates import nl_date, nl_moment
from topjob.errors import Refused, promised
from topjob.pages import Crumbs, form_page, posted, render_page
from trajectories import actions
from trajectories.forms.plans import ReasonForm, ScanForm
from trajectories.journey.core import require_work
from trajectories.journey.need_to_know import require_signable
from trajectories.models import PlanParty, Scan, Trajectory
from trajectories.views.documents import download_scan
from trajectories.views.links import page_of
from trajectories.views.pages import refusals_for, trail, visible_case


def _party_of(request: HttpRequest, case: Trajectory, pk: int) -> PlanParty:
    rows = PlanParty.objects.filter(Q(plan__trajectory=case) | Q(paper__trajectory=case))
    party = get_object_or_404(rows.select_related("plan__document", "paper__document"), pk=pk)
    require_signable(case, request.user, party)
    return party


@access(CASE_WORKERS, shows=Page.PAPER)
def scan_upload(request: HttpRequest, pk: int, party_pk: int) -> HttpResponse:
    """The signed paper of a party: a colleague looks at it afterwards."""
    case = visible_case(request, pk)
    party = _party_of(request, case, party_pk)
    require_work("upload_scan", case, by=request.user)
    if reasons := actions.reasons_not_on_paper(party, party.signable):
        raise Refused(*reasons, title=_("Op papier getekend"))
    form = ScanForm(posted(request), request.FILES or None, initial={"signed_on": clock.today()})
    if form.is_bound and form.is_valid():
        day = form.cleaned_data["signed_on"]
        if reasons := actions.reasons_not_on_paper(party, party.signable, day):
            form.add_error("signed_on", reasons[0].text)
        else:
            actions.upload_scan(party, form.cleaned_data["file"], signed_on=day, by=request.user)
            messages.success(request, _("De scan is geüpload. Vraag een collega om hem na te kijken."))
            return redirect(page_of(party))
    words: dict[str, Any] = {
        "eyebrow": case.candidate.full_name,
        "subtitle": _("Vingerafdruk van het document: %(sha)s…")
        % {"sha": promised(party.signable.document).sha256[:16]},
        "submit_label": _("Uploaden"),
        "crumbs": trail(case, (_("Op papier"), "")),
    }
    return form_page(
        request, form, title=_("%(name)s tekende op papier") % {"name": party.name}, cancel=page_of(party), **words
    )


def _scan(request: HttpRequest, case: Trajectory, pk: int) -> Scan:
    rows = Scan.objects.filter(Q(party__plan__trajectory=case) | Q(party__paper__trajectory=case))
    related = ("party__plan__document", "party__paper__document", "uploaded_by", "confirmed_by", "refused_by")
    row = get_object_or_404(rows.select_related(*related), pk=pk)
    require_signable(case, request.user, row.party)
    return row


@dataclass(frozen=True)
class ScanPage:
    """A signature on paper, for the second member of staff who looks at it."""

    case: Trajectory
    scan: Scan
    form: ReasonForm
    facts: list[tuple[str, str]]
    may_judge: bool
    # Why this member of staff may not confirm it.
    not_by: str
    back: str
    crumbs: Crumbs


@access(CASE_WORKERS, shows=Page.PAPER)
def scan(request: HttpRequest, pk: int, scan_pk: int) -> HttpResponse:
    """A second member of staff looks at the paper: is it this document, and did this person sign it? (four eyes)"""
    case = visible_case(request, pk)
    row = _scan(request, case, scan_pk)
    refusals = refusals_for(request, case, "judge_scan")
    form = ReasonForm(request.POST if "refuse" in request.POST else None)
    if request.method == "POST" and "confirm" in request.POST:
        actions.confirm_scan(row, by=request.user)
        messages.success(request, _("Akkoord: %(name)s heeft op papier getekend.") % {"name": row.party.name})
        return redirect(page_of(row.party))
    if form.is_bound and form.is_valid():
        actions.refuse_scan(row, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("De scan is afgekeurd. Er kan een nieuwe geüpload worden."))
        return redirect(page_of(row.party))
    page = ScanPage(
        case=case,
        scan=row,
        form=form,
        facts=_scan_facts(row),
        may_judge=not refusals,
        not_by=actions.why_not_by(row, request.user),
        back=page_of(row.party),
        crumbs=trail(case, (_("Op papier"), "")),
    )
    return render_page(request, "trajectories/plans/scan.html", page)


def _scan_facts(row: Scan) -> list[tuple[str, str]]:
    printed = "\n".join(actions.printed_for(row.party))
    return [
        (_("Wie"), str(row.party)),
        *([(_("Staat boven de handtekening"), printed)] if printed else []),
        (_("Datum op het papier"), nl_date(row.signed_on)),
        (_("Geüpload door"), f"{row.uploaded_by.name}, {nl_moment(row.uploaded_at)}"),
        (_("Vingerafdruk van het document"), row.document_sha256),
        (_("Vingerafdruk van de scan"), row.sha256),
    ]


@access(CASE_WORKERS, shows=Page.PAPER)
@require_safe
def scan_file(request: HttpRequest, pk: int, scan_pk: int) -> HttpResponseBase:
    row = _scan(request, visible_case(request, pk), scan_pk)
    return download_scan(row, f"handtekening-{row.role}")


urlpatterns = [
    path("trajecten/<int:pk>/op-papier/<int:party_pk>/", scan_upload, name="scan_upload"),
    path("trajecten/<int:pk>/scan/<int:scan_pk>/", scan, name="scan"),
    path("trajecten/<int:pk>/scan/<int:scan_pk>/bestand/", scan_file, name="scan_file"),
]
