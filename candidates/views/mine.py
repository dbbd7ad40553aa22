"""The candidate's own data, CV, portfolio and consents (B1)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import CANDIDATE_PORTAL, access
from accounts.models import Page
from accounts.reading import shown
from candidates import actions
from candidates.forms.file import DocumentForm, PartForm
from candidates.forms.public import OwnConsentForm, OwnDataForm
from candidates.models import Candidate, Consent
from candidates.views import documents
from candidates.views.consents import consent_views
from candidates.views.file import CV_PARTS, UPLOAD_KINDS, Part, find_part, part_form, sections
from topjob import clock

TABS = (
    ("my_data", "Mijn gegevens"),
    ("my_cv", "Mijn CV"),
    ("my_portfolio", "Mijn portfolio"),
    ("my_consents", "Wie ziet mij?"),
    ("my_who_sees", "Wie ziet wat?"),
    ("my_viewed", "Wie keek er?"),
)


def own_file(request: HttpRequest) -> Candidate:
    """The file of whoever is logged in; showing it is logged."""
    me = get_object_or_404(Candidate.objects.select_related("region"), user=request.user)
    shown(request, me.pk)
    return me


def _page(request: HttpRequest, me: Candidate, tab: str, **context: Any) -> HttpResponse:
    tabs = [{"label": label, "url": reverse(f"candidates:{name}"), "active": name == tab} for name, label in TABS]
    context |= {"candidate": me, "tabs": tabs}
    return render(request, f"candidates/{tab}.html", context)


@access(CANDIDATE_PORTAL, shows=Page.PERSONAL)
def data(request: HttpRequest) -> HttpResponse:
    """See and correct the own data."""
    me = own_file(request)
    form = OwnDataForm(request.POST or None, instance=me)
    if request.method == "POST" and form.is_valid():
        actions.update_person(form.instance, by=request.user, changed=form.changed_data)
        messages.success(request, _("Je gegevens zijn opgeslagen."))
        return redirect("candidates:my_data")
    context = {"form": form, "representatives": me.representatives.all(), "is_minor": me.is_minor_on(clock.today())}
    return _page(request, me, "my_data", **context)


# --- CV --------------------------------------------------------------------------------------------------------------


@access(CANDIDATE_PORTAL, shows=Page.CV)
@require_safe
def cv(request: HttpRequest) -> HttpResponse:
    return _cv_page(request, own_file(request))


def _cv_page(
    request: HttpRequest, me: Candidate, bound: tuple[Part, PartForm] | None = None, upload: DocumentForm | None = None
) -> HttpResponse:
    context = {
        "sections": sections(me, CV_PARTS, "my_cv", bound),
        "documents": me.documents.filter(kind__in=UPLOAD_KINDS["cv"]),
        "upload_form": upload or DocumentForm(kinds=UPLOAD_KINDS["cv"]),
    }
    return _page(request, me, "my_cv", **context)


@access(CANDIDATE_PORTAL, shows=Page.CV)
@require_POST
def part_add(request: HttpRequest, slug: str) -> HttpResponse:
    me = own_file(request)
    part = find_part("cv", slug)
    form = part_form(part, me, request.POST)
    if not form.is_valid():
        return _cv_page(request, me, (part, form))
    actions.add_part(form.instance, by=request.user)
    messages.success(request, _("Toegevoegd aan je CV."))
    return redirect("candidates:my_cv")


@access(CANDIDATE_PORTAL, shows=Page.CV)
@require_POST
def part_remove(request: HttpRequest, slug: str, row_pk: int) -> HttpResponse:
    me = own_file(request)
    part = find_part("cv", slug)
    actions.remove_part(get_object_or_404(getattr(me, part.related), pk=row_pk), by=request.user)
    messages.success(request, _("Weggehaald uit je CV."))
    return redirect("candidates:my_cv")


# --- Portfolio -------------------------------------------------------------------------------------------------------


@access(CANDIDATE_PORTAL, shows=Page.PORTFOLIO)
@require_safe
def portfolio(request: HttpRequest) -> HttpResponse:
    return _portfolio_page(request, own_file(request))


def _portfolio_page(request: HttpRequest, me: Candidate, upload: DocumentForm | None = None) -> HttpResponse:
    context = {
        "documents": me.documents.filter(kind__in=UPLOAD_KINDS["portfolio"]),
        "upload_form": upload or DocumentForm(kinds=UPLOAD_KINDS["portfolio"]),
    }
    return _page(request, me, "my_portfolio", **context)


@access(CANDIDATE_PORTAL, shows=Page.PORTFOLIO)
@require_POST
def document_add(request: HttpRequest, page: str) -> HttpResponse:
    me = own_file(request)
    form = DocumentForm(request.POST, request.FILES, kinds=UPLOAD_KINDS[page])
    if not form.is_valid():
        return _cv_page(request, me, upload=form) if page == "cv" else _portfolio_page(request, me, form)
    given = form.cleaned_data
    actions.add_document(me, upload=given["file"], kind=given["kind"], title=given["title"], by=request.user)
    messages.success(request, _("Je bestand is toegevoegd."))
    return redirect(f"candidates:my_{page}")


@access(CANDIDATE_PORTAL, shows=Page.DOCUMENT)
@require_safe
def document(request: HttpRequest, row_pk: int) -> FileResponse:
    return documents.send(get_object_or_404(own_file(request).documents, pk=row_pk))


@access(CANDIDATE_PORTAL, shows=Page.DOCUMENT)
@require_POST
def document_remove(request: HttpRequest, row_pk: int) -> HttpResponse:
    row = get_object_or_404(own_file(request).documents, pk=row_pk)
    page = "cv" if row.kind in UPLOAD_KINDS["cv"] else "portfolio"
    actions.remove_document(row, by=request.user)
    messages.success(request, _("Je bestand is verwijderd."))
    return redirect(f"candidates:my_{page}")


# --- Consent ---------------------------------------------------------------------------------------------------------


@access(CANDIDATE_PORTAL, shows=Page.CONSENT)
def consents(request: HttpRequest) -> HttpResponse:
    """Which employer sees what, and taking that back."""
    me = own_file(request)
    form = OwnConsentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        consent = actions.give_consent(me, by=request.user, channel=Consent.Channel.PORTAL, **form.cleaned_data)
        text = _("Opgeslagen. %(company)s mag nu zien wat je hebt gekozen.")
        messages.success(request, text % {"company": consent.organisation.name_and_place})
        return redirect("candidates:my_consents")
    return _page(request, me, "my_consents", form=form, views=consent_views(me))


@access(CANDIDATE_PORTAL, shows=Page.CONSENT)
@require_POST
def consent_withdraw(request: HttpRequest, row_pk: int) -> HttpResponse:
    actions.withdraw_consent(get_object_or_404(own_file(request).consents, pk=row_pk), by=request.user)
    messages.success(request, _("Ingetrokken. Het bedrijf ziet niet meer wat je had laten zien."))
    return redirect("candidates:my_consents")
