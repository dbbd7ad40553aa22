"""The person's file for staff: overview and one page per part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import models
from django.db.models import QuerySet, prefetch_related_objects
from django.forms import ModelChoiceField
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.access import CASE_WORKERS, access, roles
from accounts.models import Page
from accounts.models.roles import REGION_ROLES
from accounts.need_to_know import Part as FilePart
from candidates import actions, rules
from candidates.forms.file import (
    AbilityForm,
    ConsentForm,
    ContactForm,
    DocumentForm,
    EducationForm,
    ExperienceForm,
    FinanceForm,
    InterestForm,
    LimitationForm,
    NeedForm,
    PartForm,
    PersonForm,
    ProspectForm,
    QFitSupportForm,
    RecordContactForm,
    RepresentativeForm,
    ReviewForm,
    SettleNeedForm,
    snapshot_forms,
)
from candidates.knowing import parts_of, talks_for
from candidates.models import Candidate, CandidateDocument, Consent, ContactMoment, FinanceCheck, QFit, SupportNeed
from candidates.sharing import employer_view, to_share
from candidates.views.common import (
    CONSENT_FILLERS,
    FILLERS,
    IN_REGION,
    PERSONAL_FILLERS,
    file_page,
    for_change,
    may_fill,
    open_file,
)
from topjob import clock
from topjob.errors import promised
from topjob.forms import field_of
from topjob.merging import hold

FILLING = roles(*FILLERS)
PERSONAL = roles(*PERSONAL_FILLERS)
CONSENTING = roles(*CONSENT_FILLERS)


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
    """Verleden – nu – gewenst per life area; saves itself while somebody types."""
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
        return HttpResponse(status=409 if clashes else 422) if by_itself else _foto_page(request, candidate, forms)
    actions.save_snapshots(candidate, [edit for form in forms for edit in form.edits], by=request.user)
    if by_itself:
        fields = {name: text for form in forms for name, text in form.shown_after_saving().items()}
        return JsonResponse({"saved_at": f"{clock.now().astimezone(clock.AMSTERDAM):%H:%M}", "fields": fields})
    messages.success(request, _("De Foto is opgeslagen."))
    return redirect("candidates:foto", pk)


def _foto_page(request: HttpRequest, candidate: Candidate, forms: list[Any]) -> HttpResponse:
    editable = may_fill(request, candidate, *FILLERS)
    return file_page(
        request, candidate, "foto", forms=forms, editable=editable, wrong=[(f.area, f) for f in forms if f.errors]
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


# --- Support and finances --------------------------------------------------------------------------------------------


@access(CASE_WORKERS, shows=Page.SUPPORT)
def support(request: HttpRequest, pk: int) -> HttpResponse:
    """Support questions per life area, and the toets that all were asked."""
    if request.method != "POST":
        return _support_page(request, open_file(request, pk))
    candidate = for_change(request, pk, *FILLERS)
    form = NeedForm(request.POST, instance=SupportNeed(candidate=candidate))
    if not form.is_valid():
        return _support_page(request, candidate, form)
    actions.add_support_need(form.instance, by=request.user)
    messages.success(request, _("De vraag is vastgelegd. Geef aan hoe die wordt opgepakt."))
    return redirect("candidates:support", pk)


def _support_page(
    request: HttpRequest, candidate: Candidate, form: NeedForm | None = None, review_form: ReviewForm | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "needs": candidate.support_needs.select_related("area", "owner"),
        "reviews": candidate.support_reviews.select_related("by")[:5],
        "form": form or NeedForm(),
        "review_form": review_form or ReviewForm(auto_id="id_toets_%s"),
        "editable": may_fill(request, candidate, *FILLERS),
    }
    return file_page(request, candidate, "support", **context)


@access(FILLING, shows=Page.SUPPORT)
def need(request: HttpRequest, pk: int, row_pk: int) -> HttpResponse:
    """How one support question is taken up, and by whom."""
    candidate = for_change(request, pk, *FILLERS)
    row = get_object_or_404(candidate.support_needs.select_related("area", "candidate__region"), pk=row_pk)
    form = SettleNeedForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        actions.settle_support_need(row, by=request.user, **form.cleaned_data)
        messages.success(request, _("De aanpak is opgeslagen."))
        return redirect("candidates:support", pk)
    return file_page(request, candidate, "need", form=form, need=row)


@access(FILLING, shows=Page.SUPPORT)
@require_POST
def support_review(request: HttpRequest, pk: int) -> HttpResponse:
    """The toets: everything was asked (R3)."""
    candidate = for_change(request, pk, *FILLERS)
    form = ReviewForm(request.POST, auto_id="id_toets_%s")
    if not form.is_valid():
        return _support_page(request, candidate, review_form=form)
    actions.review_support(candidate, conclusion=form.cleaned_data["conclusion"], by=request.user)
    messages.success(request, _("De toets is vastgelegd."))
    return redirect("candidates:support", pk)


@access(IN_REGION, shows=Page.FINANCE)
def finance(request: HttpRequest, pk: int) -> HttpResponse:
    """The toets of finances (R3). Neither jobcoach nor employer sees it."""
    if request.method != "POST":
        return _finance_page(request, open_file(request, pk))
    candidate = for_change(request, pk, *FILLERS)
    form = FinanceForm(request.POST, instance=FinanceCheck(candidate=candidate))
    if not form.is_valid():
        return _finance_page(request, candidate, form)
    actions.check_finance(form.instance, by=request.user)
    messages.success(request, _("De toets financiën is vastgelegd."))
    return redirect("candidates:finance", pk)


def _finance_page(request: HttpRequest, candidate: Candidate, form: FinanceForm | None = None) -> HttpResponse:
    payer = actions.client_of(candidate)
    initial = {"client": payer, "source": FinanceCheck.Source.CLIENT if payer else ""}
    context: dict[str, Any] = {
        "checks": candidate.finance_checks.select_related("client", "by")[:10],
        "form": form or FinanceForm(initial=initial),
        "editable": may_fill(request, candidate, *FILLERS),
    }
    return file_page(request, candidate, "finance", **context)


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


# --- Contact moments -------------------------------------------------------------------------------------------------


@access(CASE_WORKERS, shows=Page.CONTACT)
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Talks: planned, held or fallen through."""
    if request.method != "POST":
        return _contact_page(request, open_file(request, pk))
    candidate = for_change(request, pk, *PERSONAL_FILLERS)
    form = ContactForm(request.POST, instance=ContactMoment(candidate=candidate, by=request.user))
    if not form.is_valid():
        return _contact_page(request, candidate, form)
    planned = form.instance.status == ContactMoment.Status.PLANNED
    (actions.plan_contact if planned else actions.add_contact)(form.instance, by=request.user)
    messages.success(request, _("Het gesprek is gepland.") if planned else _("Het gesprek is vastgelegd."))
    return redirect("candidates:contacts", pk)


def _contact_page(request: HttpRequest, candidate: Candidate, form: ContactForm | None = None) -> HttpResponse:
    moments = talks_for(candidate.contact_moments.all(), request.user, parts_of(candidate, request.user))
    facts = rules.file_facts(candidate)
    context: dict[str, Any] = {
        "facts": facts,
        "planned": [moment for moment in moments if moment.status == ContactMoment.Status.PLANNED][::-1],
        "past": [moment for moment in moments if moment.status != ContactMoment.Status.PLANNED],
        "form": form or ContactForm(initial=_likely_talk(facts)),
        "editable": may_fill(request, candidate, *PERSONAL_FILLERS),
    }
    return file_page(request, candidate, "contacts", **context)


def _likely_talk(facts: rules.FileFacts) -> dict[str, str]:
    """The first talk is the intake."""
    return {} if facts.intake_held else {"kind": ContactMoment.Kind.INTAKE}


@access(CASE_WORKERS, shows=Page.CONTACT)
def contact_record(request: HttpRequest, pk: int, row_pk: int) -> HttpResponse:
    """Write down how a planned talk went; whoever was to hold it may always do so."""
    candidate = open_file(request, pk)
    planned = candidate.contact_moments.filter(status=ContactMoment.Status.PLANNED)
    row = next(iter(talks_for(planned.filter(pk=row_pk), request.user, parts_of(candidate, request.user))), None)
    if row is None:
        raise Http404
    if row.by_id != request.user.pk:
        for_change(request, pk, *PERSONAL_FILLERS)
    initial = {"status": ContactMoment.Status.HELD}
    form = RecordContactForm(request.POST or None, instance=row, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        actions.record_contact(row, status=given["status"], notes=given["notes"], at=given["at"], by=request.user)
        messages.success(request, _("Het gesprek is vastgelegd."))
        return redirect("candidates:contacts", pk)
    return file_page(request, candidate, "contact_record", form=form, moment=row)


# --- Consent ---------------------------------------------------------------------------------------------------------


@access(CASE_WORKERS, shows=Page.CONSENT)
def consents(request: HttpRequest, pk: int) -> HttpResponse:
    """Who may see what (R16), with "zo ziet de werkgever jou"."""
    if request.method != "POST":
        return _consent_page(request, open_file(request, pk))
    candidate = for_change(request, pk, *CONSENT_FILLERS)
    form = ConsentForm(request.POST)
    if not form.is_valid():
        return _consent_page(request, candidate, form)
    consent = actions.give_consent(candidate, by=request.user, **form.cleaned_data)
    text = _("De toestemming voor %(company)s is vastgelegd.")
    messages.success(request, text % {"company": consent.organisation.name_and_place})
    return redirect("candidates:consents", pk)


def _consent_page(request: HttpRequest, candidate: Candidate, form: ConsentForm | None = None) -> HttpResponse:
    context: dict[str, Any] = {
        "views": consent_views(candidate),
        "withdrawn": candidate.consents.exclude(withdrawn_at=None).select_related("organisation")[:10],
        "form": form or ConsentForm(),
        "editable": may_fill(request, candidate, *CONSENT_FILLERS),
    }
    return file_page(request, candidate, "consents", **context)


def consent_views(candidate: Candidate) -> list[Any]:
    """Each valid consent with what that employer sees."""
    prefetch_related_objects([candidate], *to_share())
    valid = Consent.objects.valid().filter(candidate=candidate).select_related("organisation", "recorded_by")
    return [employer_view(candidate, consent) for consent in valid]


@access(CONSENTING, shows=Page.CONSENT)
@require_POST
def consent_withdraw(request: HttpRequest, pk: int, row_pk: int) -> HttpResponse:
    candidate = for_change(request, pk, *CONSENT_FILLERS)
    actions.withdraw_consent(get_object_or_404(candidate.consents, pk=row_pk), by=request.user)
    messages.success(request, _("De toestemming is ingetrokken. De werkgever ziet niet meer wat er gedeeld was."))
    return redirect("candidates:consents", pk)
