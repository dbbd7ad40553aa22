"""The employer portal: only the own companies, whatever other roles the person holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import EMPLOYER_PORTAL, NOBODY, access
from accounts.models import Page
from accounts.reading import shown
from employers import actions
from employers.forms import CloseForm, ContactForm, FunctionForm, PortalProfileForm, PortalVacancyForm
from employers.models import Employer, EmployerContact, FunctionProfile, LearnWorkProject, SroiObligation, Vacancy
from employers.portal import PortalTask, tasks_for
from employers.rules import Quota
from employers.views.companies import function_pairs, offers, organisation_pairs, profile_pairs, quota_of, readiness
from employers.views.vacancies import closing_words, steps, vacancy_pairs
from topjob.pages import crumbs, form_page, page_of, posted, render_page

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


FORM_PAGE = "employers/portal/form.html"


def trail(employer: Employer, *more: tuple[StrOrPromise, str]) -> list[dict[str, str]]:
    """The company › …"""
    return crumbs((str(employer), reverse("employers:portal_company", args=[employer.pk])), *more)


def _company(request: HttpRequest, pk: int) -> Employer:
    rows = Employer.objects.represented_by(request.user)
    return get_object_or_404(rows.select_related("organisation__region", "branch", "top_sector"), pk=pk)


def _vacancy(request: HttpRequest, pk: int) -> Vacancy:
    return get_object_or_404(Vacancy.objects.represented_by(request.user).with_names(), pk=pk)


@access(EMPLOYER_PORTAL, shows=Page.AT_WORK)
@require_safe
def portal(request: HttpRequest) -> HttpResponse:
    """The employer's own page; a contact of two companies chooses one."""
    rows = Employer.objects.represented_by(request.user)
    companies = list(rows.select_related("organisation__region", "branch"))
    if len(companies) == 1:
        return _overview(request, companies[0])
    counted = Employer.objects.with_open_vacancies().in_bulk([company.pk for company in companies])
    rows = [{"company": company, "counts": counted[company.pk]} for company in companies]
    tasks = tasks_for(request.user)
    shown(request, *(task.candidate_id for task in tasks))
    return render(request, "employers/portal/choose.html", {"rows": rows, "tasks": tasks})


@access(EMPLOYER_PORTAL, shows=Page.AT_WORK)
@require_safe
def portal_company(request: HttpRequest, pk: int) -> HttpResponse:
    """One of the own companies."""
    return _overview(request, _company(request, pk))


@dataclass(frozen=True)
class PortalCompanyPage:
    """One company in its own portal: what can be done now, and what Top Job knows of it."""

    employer: Employer
    tasks: list[PortalTask]
    vacancies: QuerySet[Vacancy]
    functions: QuerySet[FunctionProfile]
    contacts: QuerySet[EmployerContact]
    projects: QuerySet[LearnWorkProject]
    obligations: QuerySet[SroiObligation]
    quota: Quota
    has_choice: bool


def _overview(request: HttpRequest, employer: Employer) -> HttpResponse:
    """What can be done now, then the vacancies, functions, people and obligations of the company."""
    tasks = [task for task in tasks_for(request.user) if task.organisation_id in (None, employer.organisation_id)]
    shown(request, *(task.candidate_id for task in tasks))
    page = PortalCompanyPage(
        employer=employer,
        tasks=tasks,
        vacancies=employer.vacancies.with_names().exclude(status=Vacancy.Status.CLOSED),
        functions=employer.functions.select_related("branch"),
        contacts=employer.contacts.filter(is_active=True),
        projects=LearnWorkProject.objects.filter(employer=employer).select_related("branch"),
        obligations=employer.sroi_obligations.all(),
        quota=quota_of(employer),
        has_choice=len(request.user.organisations_as("werkgever")) > 1,
    )
    return render_page(request, "employers/portal/company.html", page)


# --- Profile ---


@access(EMPLOYER_PORTAL, shows=NOBODY)
@require_safe
def portal_profile(request: HttpRequest, pk: int) -> HttpResponse:
    """The company profile as candidates and Top Job know it."""
    employer = _company(request, pk)
    context = {
        "employer": employer,
        "organisation_pairs": organisation_pairs(employer),
        "profile_pairs": profile_pairs(employer),
        "readiness": readiness(employer),
        "offers": offers(employer),
        "crumbs": trail(employer, (_("Bedrijfsprofiel"), "")),
    }
    return render(request, "employers/portal/profile.html", context)


@access(EMPLOYER_PORTAL, shows=NOBODY)
def portal_profile_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the own profile; name and KvK number are changed by Top Job."""
    employer = _company(request, pk)
    form = PortalProfileForm(posted(request), instance=employer)
    if form.is_bound and form.is_valid():
        actions.update_profile(employer, by=request.user, **form.cleaned_data)
        messages.success(request, _("Uw bedrijfsprofiel is opgeslagen."))
        return redirect("employers:portal_profile", pk)
    return _form(request, employer, form, _("Bedrijfsprofiel wijzigen"))


def _form(
    request: HttpRequest, employer: Employer, form: BaseForm, title: str, *, cancel: str = "", **extra: Any
) -> HttpResponse:
    cancel = cancel or reverse("employers:portal_company", args=[employer.pk])
    extra = {"template": FORM_PAGE, "title": title, "eyebrow": str(employer.organisation), **extra}
    return form_page(request, form, cancel=cancel, crumbs=trail(employer, (extra["title"], "")), **extra)


@access(EMPLOYER_PORTAL, shows=NOBODY)
@require_safe
def portal_sroi(request: HttpRequest, pk: int) -> HttpResponse:
    """SROI and quota of the own company."""
    employer = _company(request, pk)
    context = {
        "employer": employer,
        "obligations": employer.sroi_obligations.all(),
        "quota": quota_of(employer),
        "crumbs": trail(employer, (_("SROI en quotum"), "")),
    }
    return render(request, "employers/portal/sroi.html", context)


# --- Contacts ---


@access(EMPLOYER_PORTAL, shows=NOBODY)
def portal_contact_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a contact person, leermeester or jobcoach of the own company."""
    employer = _company(request, pk)
    form = ContactForm(posted(request))
    if form.is_bound and form.is_valid():
        actions.add_contact(employer, by=request.user, **form.cleaned_data)
        messages.success(request, _("De contactpersoon is toegevoegd."))
        return redirect("employers:portal_company", pk)
    return _form(request, employer, form, _("Contactpersoon toevoegen"))


@access(EMPLOYER_PORTAL, shows=NOBODY)
def portal_contact_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a contact person of the own company."""
    rows = EmployerContact.objects.represented_by(request.user).filter(is_active=True)
    contact = get_object_or_404(rows.select_related("employer__organisation"), pk=pk)
    form = ContactForm(posted(request), instance=contact)
    if form.is_bound and form.is_valid():
        actions.update_contact(contact, by=request.user, **form.cleaned_data)
        messages.success(request, _("De contactpersoon is opgeslagen."))
        return redirect("employers:portal_company", contact.employer_id)
    return _form(request, contact.employer, form, _("Contactpersoon wijzigen"))


# --- Functions ---


def _function(request: HttpRequest, pk: int) -> FunctionProfile:
    rows = FunctionProfile.objects.represented_by(request.user)
    return get_object_or_404(rows.select_related("employer__organisation", "branch"), pk=pk)


@access(EMPLOYER_PORTAL, shows=NOBODY)
@require_safe
def portal_function(request: HttpRequest, pk: int) -> HttpResponse:
    """One function of the own company."""
    function = _function(request, pk)
    context = {
        "function": function,
        "loads": function.loads.all(),
        "pairs": function_pairs(function),
        "crumbs": trail(function.employer, (str(function), "")),
    }
    return render(request, "employers/portal/function.html", context)


@access(EMPLOYER_PORTAL, shows=NOBODY)
def portal_function_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Describe a function of the own company."""
    employer = _company(request, pk)
    form = FunctionForm(posted(request), initial={"branch": employer.branch_id})
    if form.is_bound and form.is_valid():
        function = actions.add_function(employer, by=request.user, **form.values())
        messages.success(request, _("De functie is opgeslagen. U kunt er nu een vacature bij maken."))
        return redirect("employers:portal_function", function.pk)
    return _form(request, employer, form, _("Functie toevoegen"))


@access(EMPLOYER_PORTAL, shows=NOBODY)
def portal_function_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a function of the own company."""
    function = _function(request, pk)
    form = FunctionForm(posted(request), instance=function)
    back = reverse("employers:portal_function", args=[pk])
    if form.is_bound and form.is_valid():
        actions.update_function(function, by=request.user, **form.values())
        messages.success(request, _("De functie is opgeslagen."))
        return redirect(back)
    return _form(request, function.employer, form, _("Functie wijzigen"), cancel=back)


# --- Vacancies ---


@access(EMPLOYER_PORTAL, shows=NOBODY)
@require_safe
def portal_vacancies(request: HttpRequest, pk: int) -> HttpResponse:
    """All vacancies of the own company, closed ones too."""
    employer = _company(request, pk)
    page = page_of(employer.vacancies.all(), request, load=Vacancy.objects.with_names())
    context = {"employer": employer, "page_obj": page, "crumbs": trail(employer, (_("Vacatures"), ""))}
    return render(request, "employers/portal/vacancies.html", context)


@access(EMPLOYER_PORTAL, shows=NOBODY)
@require_safe
def portal_vacancy(request: HttpRequest, pk: int) -> HttpResponse:
    """One vacancy of the own company and what can be done with it."""
    vacancy = _vacancy(request, pk)
    context = {
        "vacancy": vacancy,
        "pairs": vacancy_pairs(vacancy),
        "steps": steps(vacancy, portal=True),
        "crumbs": trail(vacancy.employer, (vacancy.title, "")),
    }
    return render(request, "employers/portal/vacancy.html", context)


@access(EMPLOYER_PORTAL, shows=NOBODY)
def portal_vacancy_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a vacancy; without a function there is nothing to choose yet."""
    employer = _company(request, pk)
    if not employer.functions.exists():
        messages.info(request, _("Beschrijf eerst de functie. Daarna maakt u de vacature."))
        return redirect("employers:portal_function_add", pk)
    form = PortalVacancyForm(posted(request), employer=employer, initial={"function": request.GET.get("functie")})
    if form.is_bound and form.is_valid():
        vacancy = actions.add_vacancy(employer, by=request.user, **form.cleaned_data)
        messages.success(request, _("De vacature is opgeslagen. Zet de vacature open als alles klopt."))
        return redirect("employers:portal_vacancy", vacancy.pk)
    return _form(request, employer, form, _("Vacature maken"))


@access(EMPLOYER_PORTAL, shows=NOBODY)
def portal_vacancy_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a vacancy of the own company, its seats included (R13)."""
    vacancy = _vacancy(request, pk)
    employer, back = vacancy.employer, reverse("employers:portal_vacancy", args=[pk])
    form = PortalVacancyForm(posted(request), employer=employer, instance=vacancy)
    if form.is_bound and form.is_valid():
        actions.update_vacancy(vacancy, by=request.user, **form.cleaned_data)
        messages.success(request, _("De vacature is opgeslagen."))
        return redirect(back)
    return _form(request, employer, form, _("Vacature wijzigen"), cancel=back)


@access(EMPLOYER_PORTAL, shows=NOBODY)
@require_POST
def portal_vacancy_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a vacancy of the own company to candidates."""
    actions.publish_vacancy(_vacancy(request, pk), by=request.user)
    messages.success(request, _("De vacature staat open. Top Job zoekt nu kandidaten voor u."))
    return redirect("employers:portal_vacancy", pk)


@access(EMPLOYER_PORTAL, shows=NOBODY)
def portal_vacancy_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a vacancy of the own company."""
    vacancy = _vacancy(request, pk)
    form = CloseForm(posted(request))
    back = reverse("employers:portal_vacancy", args=[pk])
    if form.is_bound and form.is_valid():
        actions.close_vacancy(vacancy, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("De vacature is gesloten."))
        return redirect(back)
    words = closing_words(vacancy) | {"template": "employers/portal/confirm.html"}
    return _form(request, vacancy.employer, form, cancel=back, **words)
