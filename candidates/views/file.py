"""The person's file for staff: overview, personal data, Foto, Q-fit, CV and portfolio."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import models
from django.db.models import QuerySet
from django.forms import ModelChoiceField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.access import CASE_WORKERS, access
from accounts.models import Page
from accounts.models.roles import REGION_ROLES
from accounts.need_to_know import Part as FilePart
from candidates import actions, rules
from candidates.forms.file import (
    AbilityForm,
    DocumentForm,
    EducationForm,
    ExperienceForm,
    InterestForm,
    LimitationForm,
    PartForm,
    PersonForm,
    ProspectForm,
    QFitSupportForm,
    RepresentativeForm,
    snapshot_forms,
)
from candidates.knowing import parts_of, talks_for
from candidates.models import Candidate, CandidateDocument, ContactMoment, QFit
from candidates.views.common import (
    FILLERS,
    FILLING,
    PERSONAL,
    PERSONAL_FILLERS,
    file_page,
    for_change,
    may_fill,
    open_file,
)
from topjob import clock
from topjob.autosave import kept, not_kept
from topjob.errors import promised
from topjob.forms import field_of
from topjob.merging import hold


@access(CASE_WORKERS, shows=Page.FILE)
@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """What is in the file and what it still lacks."""
    candidate = open_file(request, pk)
    registrations = candidate.registrations.select_related("client", "target_group", "department", "referrer")
    upcoming = candidate.contact_moments.filter(status=ContactMoment.Status.PLANNED).order_by("at")
    parts = parts_of(candidate, request.user)
    return file_page(
        request,
        candidate,
        "person",
        registrations=registrations,
        upcoming=talks_for(upcoming, request.user, parts)[:3] if FilePart.TALKS in parts else None,
        may_open_registrations=may_fill(request, candidate, *REGION_ROLES),
    )


# --- Personal data ---------------------------------------------------------------------------------------------------


def shows_bsn(request: HttpRequest, pk: int) -> bool:
    """Whether this file has a place for a BSN."""
    candidate = Candidate.objects.visible_to(request.user).filter(pk=pk).first()
    return candidate is not None and rules.bsn_allowed(actions.client_of(candidate), clock.today())


@access(CASE_WORKERS, shows=Page.PERSONAL, step_up=shows_bsn)
def personal(request: HttpRequest, pk: int) -> HttpResponse:
    """Personal data and, under 18, who signs along."""
    if request.method == "POST":
        return _save_personal(request, pk)
    candidate = open_file(request, pk)
    form = _person_form(request, candidate) if may_fill(request, candidate, *PERSONAL_FILLERS) else None
    return _personal_page(request, candidate, form)


def _person_form(request: HttpRequest, candidate: Candidate, data: Any = None) -> PersonForm:
    sees = FilePart.BSN in parts_of(candidate, request.user)
    allowed = sees and rules.bsn_allowed(actions.client_of(candidate), clock.today())
    return PersonForm(data, instance=candidate, user=request.user, bsn_allowed=allowed)


def _save_personal(request: HttpRequest, pk: int) -> HttpResponse:
    candidate = for_change(request, pk, *PERSONAL_FILLERS)
    form = _person_form(request, candidate, request.POST)
    if not form.is_valid():
        return _personal_page(request, Candidate.objects.select_related("region").get(pk=pk), form)
    actions.update_person(form.instance, by=request.user, changed=form.changed_data)
    messages.success(request, _("De gegevens zijn opgeslagen."))
    return redirect("candidates:person_data", pk)


def _personal_page(
    request: HttpRequest,
    candidate: Candidate,
    form: PersonForm | None,
    representative: RepresentativeForm | None = None,
) -> HttpResponse:
    editable = may_fill(request, candidate, *PERSONAL_FILLERS)
    return file_page(
        request,
        candidate,
        "person_data",
        form=form,
        editable=editable,
        representatives=candidate.representatives.all(),
        representative_form=representative or RepresentativeForm(auto_id="id_vertegenwoordiger_%s"),
    )


@access(PERSONAL, shows=Page.PERSONAL)
@require_POST
def representative_add(request: HttpRequest, pk: int) -> HttpResponse:
    candidate = for_change(request, pk, *PERSONAL_FILLERS)
    form = RepresentativeForm(request.POST, auto_id="id_vertegenwoordiger_%s")
    if not form.is_valid():
        return _personal_page(request, candidate, _person_form(request, candidate), form)
    actions.add_representative(candidate, form.instance, by=request.user)
    messages.success(request, _("De wettelijk vertegenwoordiger is toegevoegd."))
    return redirect("candidates:person_data", pk)


@access(PERSONAL, shows=Page.PERSONAL)
@require_POST
def representative_remove(request: HttpRequest, pk: int, row_pk: int) -> HttpResponse:
    candidate = for_change(request, pk, *PERSONAL_FILLERS)
    actions.remove_representative(get_object_or_404(candidate.representatives, pk=row_pk), by=request.user)
    messages.success(request, _("De wettelijk vertegenwoordiger is verwijderd."))
    return redirect("candidates:person_data", pk)


# --- Foto ------------------------------------------------------------------------------------------------------------


@access(CASE_WORKERS, shows=Page.FOTO)
def foto(request: HttpRequest, pk: int) -> HttpResponse:
    """Verleden – nu – gewenst per life area: to read once it is whole, else to fill in, saving itself while somebody types."""
    if request.method == "POST":
        return _save_foto(request, pk)
    candidate = open_file(request, pk)
    return _foto_page(request, candidate, snapshot_forms(candidate))


def _save_foto(request: HttpRequest, pk: int) -> HttpResponse:
    candidate = for_change(request, pk, *FILLERS)
    hold(candidate)
    forms = snapshot_forms(candidate, request.POST)
    by_itself = request.headers.get("X-Requested-With") == "XMLHttpRequest"
    if [form for form in forms if not form.is_valid()]:
        clashes = any(form.clashes for form in forms)
        return not_kept(forms, is_clash=clashes) if by_itself else _foto_page(request, candidate, forms)
    actions.save_snapshots(candidate, [edit for form in forms for edit in form.edits], by=request.user)
    if by_itself:
        return kept({name: text for form in forms for name, text in form.shown_after_saving().items()})
    messages.success(request, _("De Foto is opgeslagen."))
    return redirect("candidates:foto", pk)


def _foto_page(request: HttpRequest, candidate: Candidate, forms: list[Any]) -> HttpResponse:
    editable = may_fill(request, candidate, *FILLERS)
    is_whole = all(form.is_complete for form in forms) and request.method != "POST" and "bewerken" not in request.GET
    return file_page(
        request,
        candidate,
        "foto",
        forms=forms,
        editable=editable,
        is_read=is_whole or not editable,
        wrong=[(f.area, f) for f in forms if f.errors],
    )


# --- Q-fit and CV: rows ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """A list of rows on the Q-fit or CV page."""

    slug: str
    label: Any
    hint: Any
    form: type[PartForm]
    related: str

    @property
    def model(self) -> type[models.Model]:
        return self.form._meta.model


EXPERIENCE = Part(
    "ervaring",
    gettext_lazy("Ervaring"),
    gettext_lazy("Werk, stage en vrijwilligerswerk"),
    ExperienceForm,
    "experiences",
)
EDUCATION = Part(
    "opleiding", gettext_lazy("Opleiding"), gettext_lazy("School en cursussen"), EducationForm, "educations"
)
QFIT_PARTS = (
    EXPERIENCE,
    Part("interesse", gettext_lazy("Interesses"), gettext_lazy("Branches die aanspreken"), InterestForm, "interests"),
    Part(
        "vaardigheid",
        gettext_lazy("Kennis en vaardigheden"),
        gettext_lazy("Wat iemand weet en kan"),
        AbilityForm,
        "abilities",
    ),
    Part(
        "beperking",
        gettext_lazy("Beperkingen in het werk"),
        gettext_lazy("Alleen wat op het werk nodig is, nooit een diagnose"),
        LimitationForm,
        "limitations",
    ),
    Part(
        "kans",
        gettext_lazy("Kansen op de arbeidsmarkt"),
        gettext_lazy("Per branche in de regio"),
        ProspectForm,
        "prospects",
    ),
)
CV_PARTS = (EXPERIENCE, EDUCATION)
PARTS = {"qfit": QFIT_PARTS, "cv": CV_PARTS}


def sections(
    candidate: Candidate, parts: tuple[Part, ...], page: str, bound: tuple[Part, PartForm] | None = None
) -> list[dict[str, Any]]:
    """The lists of a page, each with its rows and the form that adds one; `page` names the routes."""
    owner = [] if page.startswith("my_") else [candidate.pk]
    found: list[dict[str, Any]] = [
        {
            "part": part,
            "rows": [
                (row, reverse(f"candidates:{page}_remove", args=[*owner, part.slug, row.pk]))
                for row in _rows(candidate, part)
            ],
            "form": bound[1] if bound and bound[0] is part else part_form(part, candidate),
            "add_url": reverse(f"candidates:{page}_add", args=[*owner, part.slug]),
            "template": f"candidates/parts/{part.slug}.html",
        }
        for part in parts
    ]
    _share_branches([section["form"] for section in found])
    return found


def _share_branches(forms: list[PartForm]) -> None:
    """Several forms on a page offer the same branches: ask for them once."""
    fields = [field_of(form, "branch", ModelChoiceField) for form in forms if "branch" in form.fields]
    if fields:
        choices = [("", "---------"), *promised(fields[0].queryset).values_list("pk", "name")]
        for field in fields:
            field.choices = choices


def _rows(candidate: Candidate, part: Part) -> QuerySet[Any]:
    has_branch = any(field.name == "branch" for field in part.model._meta.fields)
    rows = getattr(candidate, part.related)
    return rows.select_related("branch") if has_branch else rows.all()


def part_form(part: Part, candidate: Candidate, data: Any = None) -> PartForm:
    return part.form(data, candidate=candidate, auto_id=f"id_{part.slug}_%s")


def find_part(page: str, slug: str) -> Part:
    for part in PARTS[page]:
        if part.slug == slug:
            return part
    raise Http404


@access(CASE_WORKERS, shows=Page.QFIT)
@require_safe
def qfit(request: HttpRequest, pk: int) -> HttpResponse:
    """Experience, interests, knowledge and abilities, limitations, prospects, extra support questions."""
    return _qfit_page(request, open_file(request, pk))


def _support_form(settled: QFit | None, data: Any = None) -> QFitSupportForm:
    return QFitSupportForm(data, initial={"extra_support": settled.extra_support if settled else ""})


def _qfit_page(
    request: HttpRequest,
    candidate: Candidate,
    bound: tuple[Part, PartForm] | None = None,
    support_form: QFitSupportForm | None = None,
) -> HttpResponse:
    facts = rules.file_facts(candidate)
    settled = QFit.objects.filter(candidate=candidate).select_related("settled_by").first()
    context: dict[str, Any] = {
        "sections": sections(candidate, QFIT_PARTS, "qfit", bound),
        "qfit": settled,
        "facts": facts,
        "missing": rules.qfit_fillable(candidate, facts),
        "support_form": support_form or _support_form(settled),
        "editable": may_fill(request, candidate, *FILLERS),
    }
    return file_page(request, candidate, "qfit", **context)


@access(CASE_WORKERS, shows=Page.CV)
@require_safe
def cv(request: HttpRequest, pk: int) -> HttpResponse:
    """Experience, education and an uploaded CV."""
    return _cv_page(request, open_file(request, pk))


def _cv_page(
    request: HttpRequest,
    candidate: Candidate,
    bound: tuple[Part, PartForm] | None = None,
    upload_form: DocumentForm | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "sections": sections(candidate, CV_PARTS, "cv", bound),
        "documents": _documents(candidate, "cv"),
        "upload_form": upload_form or _upload_form("cv"),
        "editable": may_fill(request, candidate, *FILLERS),
    }
    return file_page(request, candidate, "cv", **context)


@access(FILLING, shows=Page.QFIT)
@require_POST
def part_add(request: HttpRequest, pk: int, page: str, slug: str) -> HttpResponse:
    """Add a row to Q-fit or CV."""
    candidate = for_change(request, pk, *FILLERS)
    part = find_part(page, slug)
    form = part_form(part, candidate, request.POST)
    if not form.is_valid():
        show = _qfit_page if page == "qfit" else _cv_page
        return show(request, candidate, (part, form))
    actions.add_part(form.instance, by=request.user)
    messages.success(request, _("%(what)s: toegevoegd.") % {"what": part.label})
    return redirect(f"candidates:{page}", pk)


@access(FILLING, shows=Page.QFIT)
@require_POST
def part_remove(request: HttpRequest, pk: int, page: str, slug: str, row_pk: int) -> HttpResponse:
    """Take a row out of Q-fit or CV."""
    candidate = for_change(request, pk, *FILLERS)
    part = find_part(page, slug)
    actions.remove_part(get_object_or_404(getattr(candidate, part.related), pk=row_pk), by=request.user)
    messages.success(request, _("%(what)s: verwijderd.") % {"what": part.label})
    return redirect(f"candidates:{page}", pk)


@access(FILLING, shows=Page.QFIT)
@require_POST
def qfit_support(request: HttpRequest, pk: int) -> HttpResponse:
    candidate = for_change(request, pk, *FILLERS)
    form = _support_form(QFit.objects.filter(candidate=candidate).first(), request.POST)
    if not form.is_valid():
        return _qfit_page(request, candidate, support_form=form)
    actions.save_qfit_support(candidate, extra_support=form.cleaned_data["extra_support"], by=request.user)
    messages.success(request, _("De ondersteuningsvragen voor het werk zijn opgeslagen."))
    return redirect("candidates:qfit", pk)


@access(FILLING, shows=Page.QFIT)
@require_POST
def qfit_settle(request: HttpRequest, pk: int) -> HttpResponse:
    actions.settle_qfit(for_change(request, pk, *FILLERS), by=request.user)
    messages.success(request, _("De Q-fit is vastgesteld. Nu kan het zoekprofiel worden verfijnd."))
    return redirect("candidates:qfit", pk)


# --- Documents -------------------------------------------------------------------------------------------------------

UPLOAD_KINDS = {
    "cv": [CandidateDocument.Kind.CV],
    "portfolio": [CandidateDocument.Kind.PORTFOLIO, CandidateDocument.Kind.CERTIFICATE],
}


def _documents(candidate: Candidate, page: str) -> Any:
    return candidate.documents.filter(kind__in=UPLOAD_KINDS[page]).select_related("uploaded_by")


def _upload_form(page: str, request: HttpRequest | None = None) -> DocumentForm:
    if request is None:
        return DocumentForm(kinds=UPLOAD_KINDS[page])
    return DocumentForm(request.POST, request.FILES, kinds=UPLOAD_KINDS[page])


@access(CASE_WORKERS, shows=Page.PORTFOLIO)
@require_safe
def portfolio(request: HttpRequest, pk: int) -> HttpResponse:
    """Work pieces, certificates and diplomas."""
    return _portfolio_page(request, open_file(request, pk))


def _portfolio_page(
    request: HttpRequest, candidate: Candidate, upload_form: DocumentForm | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "documents": _documents(candidate, "portfolio"),
        "upload_form": upload_form or _upload_form("portfolio"),
        "editable": may_fill(request, candidate, *FILLERS),
    }
    return file_page(request, candidate, "portfolio", **context)


@access(FILLING, shows=Page.PORTFOLIO)
@require_POST
def document_add(request: HttpRequest, pk: int, page: str) -> HttpResponse:
    """Upload a CV or a portfolio item."""
    candidate = for_change(request, pk, *FILLERS)
    form = _upload_form(page, request)
    if not form.is_valid():
        if page == "cv":
            return _cv_page(request, candidate, upload_form=form)
        return _portfolio_page(request, candidate, form)
    given = form.cleaned_data
    actions.add_document(candidate, upload=given["file"], kind=given["kind"], title=given["title"], by=request.user)
    messages.success(request, _("Het document is toegevoegd."))
    return redirect(f"candidates:{page}", pk)
