"""Companies, their contacts, functions and SROI, for staff."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import law
from accounts.access import NOBODY, access
from accounts.drafts import autosave_url, drafted
from employers import actions, rules
from employers.access import MANAGERS, READERS, can_manage
from employers.filters import EmployerFilter
from employers.forms import ContactForm, EmployerForm, FunctionForm, SroiForm
from employers.models import Employer, EmployerContact, FunctionProfile, LearnWorkProject, SroiObligation, Vacancy
from topjob import clock
from topjob.mail_first import letters_page
from topjob.pages import Crumbs, crumbs, field_label, form_page, page_of, posted, render_page
from topjob.picking import suggestions

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


SHOWN_VACANCIES = 10


def trail(employer: Employer, *more: tuple[StrOrPromise, str]) -> list[dict[str, str]]:
    """Werkgevers › the company › …"""
    start = (
        (_("Werkgevers"), reverse("employers:list")),
        (str(employer), reverse("employers:detail", args=[employer.pk])),
    )
    return crumbs(*start, *more)


def company(request: HttpRequest, pk: int) -> Employer:
    """A company this person may see."""
    rows = Employer.objects.visible_to(request.user).select_related("organisation__region", "branch", "top_sector")
    return get_object_or_404(rows, pk=pk)


def quota_of(employer: Employer) -> rules.Quota:
    """The quota's state today, by the settings of the law."""
    today = clock.today()
    rows = law.settings_on(law.Key.QUOTA_ACTIVE, law.Key.QUOTA_EXEMPT_BELOW, on=today)
    is_active, exempt_below = rows[law.Key.QUOTA_ACTIVE].value == "ja", int(rows[law.Key.QUOTA_EXEMPT_BELOW].value)
    return rules.quota_of(employer, is_active=is_active, exempt_below=exempt_below)


@access(READERS, shows=NOBODY)
@require_safe
def employer_list(request: HttpRequest) -> HttpResponse:
    """The companies, by name; filters live in the address."""
    rows = Employer.objects.visible_to(request.user)
    found = EmployerFilter(request.GET, queryset=rows)
    load = Employer.objects.select_related("organisation__region", "branch").with_open_vacancies()
    page = page_of(found.qs, request, load=load)
    add = [{"label": _("Nieuwe werkgever"), "url": reverse("employers:add"), "primary": True, "key": "n"}]
    context = {
        "page_obj": page,
        **found.on_page(),
        "header_actions": add if can_manage(request.user) else [],
    }
    return render(request, "employers/employer_list.html", context)


@access(MANAGERS, shows=NOBODY)
@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Names that hold what was typed, for a field that asks for a company."""
    rows = Employer.objects.visible_to(request.user).select_related("organisation")
    return render(request, "picking/options.html", {"names": suggestions(rows, request.GET.get("employer", ""))})


@dataclass(frozen=True)
class CompanyPage:
    """Everything about one company, for staff."""

    employer: Employer
    contacts: QuerySet[EmployerContact]
    functions: QuerySet[FunctionProfile]
    vacancies: QuerySet[Vacancy]
    projects: QuerySet[LearnWorkProject]
    obligations: QuerySet[SroiObligation]
    quota: rules.Quota
    may_manage: bool
    crumbs: Crumbs
    organisation_pairs: list[tuple[str, Any]]
    profile_pairs: list[tuple[str, Any]]
    readiness: list[tuple[str, bool]]
    offers: list[tuple[str, bool]]


@access(READERS, shows=NOBODY)
@require_safe
def employer_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one company: profile, people, functions, vacancies, projects, SROI."""
    employer = company(request, pk)
    vacancies = employer.vacancies.with_names().open_first()
    page = CompanyPage(
        employer=employer,
        contacts=employer.contacts.all(),
        functions=employer.functions.select_related("branch"),
        vacancies=vacancies[:SHOWN_VACANCIES],
        projects=LearnWorkProject.objects.filter(employer=employer).select_related("branch", "stream"),
        obligations=employer.sroi_obligations.all(),
        quota=quota_of(employer),
        may_manage=can_manage(request.user),
        crumbs=trail(employer),
        organisation_pairs=organisation_pairs(employer),
        profile_pairs=profile_pairs(employer),
        readiness=readiness(employer),
        offers=offers(employer),
    )
    return render_page(request, "employers/employer.html", page)


def organisation_pairs(employer: Employer) -> list[tuple[str, Any]]:
    """Where the company is and how to reach it."""
    company = employer.organisation
    address = "\n".join(part for part in (company.street, f"{company.postcode} {company.city}".strip()) if part)
    return [
        (_("KvK-nummer"), company.kvk_number),
        (_("Adres"), address),
        (_("Telefoon"), company.phone or ""),
        (_("E-mailadres"), company.email),
        (_("Regio"), company.region),
        (_("Branche"), employer.branch),
        (_("Topsector"), employer.top_sector),
        (_("Medewerkers"), employer.employees),
        (_("SBB-nummer"), employer.sbb_code),
    ]


def profile_pairs(employer: Employer) -> list[tuple[str, Any]]:
    """The company in its own words."""
    names = ("vision", "culture", "identity", "team", "management", "training_chances", "growth_chances")
    return [(field_label(employer, name), getattr(employer, name)) for name in names]


def readiness(employer: Employer) -> list[tuple[str, bool]]:
    """Whether the company is ready for the target group (§4.4)."""
    names = ("wants_skilled", "motivated_for_target_group", "invests_in_learning", "result_driven")
    return [(field_label(employer, name), getattr(employer, name)) for name in names]


def offers(employer: Employer) -> list[tuple[str, bool]]:
    """What the company makes available (§4.4)."""
    names = (
        "has_project_leader",
        "has_practice_room",
        "has_theory_room",
        "has_quiet_place",
        "offers_contract_during",
        "offers_contract_after",
    )
    return [(field_label(employer, name), getattr(employer, name)) for name in names]


@access(MANAGERS, shows=NOBODY)
@drafted
def employer_add(request: HttpRequest) -> HttpResponse:
    """Enter a company."""
    form = EmployerForm(posted(request))
    if form.is_bound and form.is_valid():
        employer = actions.add_employer(by=request.user, **form.cleaned_data)
        messages.success(request, _("Werkgever toegevoegd. Voeg nu een contactpersoon en een functie toe."))
        return redirect("employers:detail", employer.pk)
    words = {"cancel": reverse("employers:list"), "autosave_url": autosave_url(request)}
    trail = crumbs((_("Werkgevers"), words["cancel"]), (_("Nieuw"), ""))
    return form_page(request, form, title=_("Nieuwe werkgever"), crumbs=trail, **words)


@access(MANAGERS, shows=NOBODY)
def employer_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a company's data and profile."""
    employer = company(request, pk)
    form = EmployerForm(posted(request), instance=employer)
    if form.is_bound and form.is_valid():
        actions.update_profile(employer, by=request.user, **form.cleaned_data)
        messages.success(request, _("Bedrijfsprofiel opgeslagen."))
        return redirect("employers:detail", pk)
    return _company_form(request, employer, form, _("Bedrijfsprofiel wijzigen"))


def _company_form(request: HttpRequest, employer: Employer, form: Any, title: str) -> HttpResponse:
    back = reverse("employers:detail", args=[employer.pk])
    return form_page(
        request, form, title=title, eyebrow=str(employer.organisation), cancel=back, crumbs=trail(employer, (title, ""))
    )


# --- Contacts ---


@access(MANAGERS, shows=NOBODY)
def contact_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a contact person, leermeester, jobcoach or signatory."""
    employer = company(request, pk)
    form = ContactForm(posted(request))
    if form.is_bound and form.is_valid():
        actions.add_contact(employer, by=request.user, **form.cleaned_data)
        messages.success(request, _("Contactpersoon toegevoegd."))
        return redirect("employers:detail", pk)
    return _company_form(request, employer, form, _("Nieuwe contactpersoon"))


def _contact(request: HttpRequest, pk: int) -> EmployerContact:
    rows = EmployerContact.objects.visible_to(request.user).select_related("employer__organisation")
    return get_object_or_404(rows, pk=pk)


@access(MANAGERS, shows=NOBODY)
def contact_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a contact person's data."""
    contact = _contact(request, pk)
    form = ContactForm(posted(request), instance=contact)
    if form.is_bound and form.is_valid():
        actions.update_contact(contact, by=request.user, **form.cleaned_data)
        messages.success(request, _("Contactpersoon opgeslagen."))
        return redirect("employers:detail", contact.employer_id)
    return _company_form(request, contact.employer, form, _("Contactpersoon wijzigen"))


@access(MANAGERS, shows=NOBODY)
@require_POST
def contact_switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop offering a contact who left, or offer them again."""
    contact = _contact(request, pk)
    action = actions.deactivate_contact if contact.is_active else actions.activate_contact
    action(contact, by=request.user)
    messages.success(request, _("Opgeslagen."))
    return redirect("employers:detail", contact.employer_id)


@access(MANAGERS, shows=NOBODY)
@require_http_methods(["GET", "HEAD", "POST"])
def contact_access(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a contact into the employer portal, or shut them out again."""
    contact = _contact(request, pk)
    give = partial(actions.give_portal_access, contact, by=request.user)
    if request.method != "POST":
        return _before_access(request, contact, give)
    # What was meant stands in the form: by now a colleague may have done the same.
    if "intrekken" in request.POST:
        actions.withdraw_portal_access(contact, by=request.user)
        messages.success(request, _("%s heeft geen toegang meer tot het portaal van dit bedrijf.") % contact.name)
    elif contact.user_id is None:
        give()
        messages.success(request, _("%s heeft nu toegang tot het werkgeversportaal.") % contact.name)
    else:
        messages.info(request, _("%s had al toegang tot het werkgeversportaal.") % contact.name)
    return redirect("employers:detail", contact.employer_id)


def _before_access(request: HttpRequest, contact: EmployerContact, give: Callable[[], Any]) -> HttpResponse:
    """What somebody who is let in is mailed; whoever is in already has nothing to be shown."""
    back = reverse("employers:detail", args=[contact.employer_id])
    if contact.user_id is not None:
        return redirect(back)
    title = _("%(name)s toegang geven tot het werkgeversportaal") % {"name": contact.name}
    label, path_here = _("Portaal geven"), trail(contact.employer, (_("Portaal geven"), ""))
    return letters_page(request, give, title=title, cancel=back, crumbs=path_here, submit_label=label)


# --- Functions ---


@access(READERS, shows=NOBODY)
@require_safe
def function_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One function profile with its loads and vacancies."""
    function = _function(request, pk)
    context = {
        "function": function,
        "loads": function.loads.all(),
        "vacancies": function.vacancies.with_names().open_first(),
        "pairs": function_pairs(function),
        "may_manage": can_manage(request.user),
        "crumbs": trail(function.employer, (str(function), "")),
    }
    return render(request, "employers/function.html", context)


def function_pairs(function: FunctionProfile) -> list[tuple[str, Any]]:
    """A function profile in words."""
    return [
        (_("Branche"), function.branch),
        (_("Uren per week"), function.hours_per_week),
        (_("Niveau"), function.get_level_display()),
        (_("Nederlands"), function.get_language_level_display()),
        (_("Rijbewijs B nodig"), _("ja") if function.needs_licence else _("nee")),
        (_("Taken"), function.tasks),
        (_("Eisen"), function.requirements),
        (_("Begeleiding"), function.supervision),
        (_("Opleiding"), function.training),
        (_("Leermeester"), _("ja") if function.offers_mentor else _("nee")),
        (_("Jobcoach"), _("ja") if function.offers_jobcoach else _("nee")),
        (_("Rustige plek"), _("ja") if function.offers_quiet_place else _("nee")),
    ]


def _function(request: HttpRequest, pk: int) -> FunctionProfile:
    rows = FunctionProfile.objects.visible_to(request.user).select_related("employer__organisation", "branch")
    return get_object_or_404(rows, pk=pk)


@access(MANAGERS, shows=NOBODY)
def function_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Describe a function of a company."""
    employer = company(request, pk)
    form = FunctionForm(posted(request), initial={"branch": employer.branch_id})
    if form.is_bound and form.is_valid():
        function = actions.add_function(employer, by=request.user, **form.values())
        messages.success(request, _("Functieprofiel toegevoegd. Je kunt er nu een vacature bij maken."))
        return redirect("employers:function", function.pk)
    return _company_form(request, employer, form, _("Nieuw functieprofiel"))


@access(MANAGERS, shows=NOBODY)
def function_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a function profile; its vacancies are matched again."""
    function = _function(request, pk)
    form = FunctionForm(posted(request), instance=function)
    if form.is_bound and form.is_valid():
        actions.update_function(function, by=request.user, **form.values())
        messages.success(request, _("Functieprofiel opgeslagen."))
        return redirect("employers:function", pk)
    return _company_form(request, function.employer, form, _("Functieprofiel wijzigen"))


# --- SROI ---


@access(MANAGERS, shows=NOBODY)
def sroi_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter an SROI obligation of a company."""
    employer = company(request, pk)
    form = SroiForm(posted(request))
    if form.is_bound and form.is_valid():
        actions.add_sroi(employer, by=request.user, **form.cleaned_data)
        messages.success(request, _("SROI-verplichting toegevoegd."))
        return redirect("employers:detail", pk)
    return _company_form(request, employer, form, _("Nieuwe SROI-verplichting"))


@access(MANAGERS, shows=NOBODY)
def sroi_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an SROI obligation, or note how much is fulfilled."""
    rows = SroiObligation.objects.visible_to(request.user).select_related("employer__organisation")
    obligation = get_object_or_404(rows, pk=pk)
    form = SroiForm(posted(request), instance=obligation)
    if form.is_bound and form.is_valid():
        actions.update_sroi(obligation, by=request.user, **form.cleaned_data)
        messages.success(request, _("SROI-verplichting opgeslagen."))
        return redirect("employers:detail", obligation.employer_id)
    return _company_form(request, obligation.employer, form, _("SROI-verplichting wijzigen"))
