"""Vacancies, for staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import NOBODY, access, opens_for
from accounts.drafts import autosave_url, drafted
from employers import actions, rules
from employers.access import MANAGERS, READERS, can_manage
from employers.filters import CompanySearch, VacancyFilter
from employers.forms import CloseForm, VacancyForm
from employers.models import Employer, Vacancy
from employers.models.company import FunctionLoad
from employers.views.companies import company
from topjob import clock
from topjob.pages import Action, Crumbs, crumbs, form_page, page_of, posted, render_page

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def trail(*more: tuple[StrOrPromise, str]) -> list[dict[str, str]]:
    """Vacatures › …"""
    return crumbs((_("Vacatures"), reverse("employers:vacancies")), *more)


def _vacancy(request: HttpRequest, pk: int) -> Vacancy:
    return get_object_or_404(Vacancy.objects.visible_to(request.user).with_names(), pk=pk)


@access(READERS, shows=NOBODY)
@require_safe
def vacancy_list(request: HttpRequest) -> HttpResponse:
    """The vacancies, open ones first and of those the newest; filters and order live in the address."""
    rows = Vacancy.objects.visible_to(request.user)
    found = VacancyFilter(request.GET, queryset=rows)
    page = page_of(found.qs, request, load=Vacancy.objects.with_names())
    add = [{"label": _("Nieuwe vacature"), "url": reverse("employers:vacancy_add"), "primary": True, "key": "n"}]
    context = {
        "page_obj": page,
        **found.on_page(),
        "header_actions": add if can_manage(request.user) else [],
    }
    return render(request, "employers/vacancy_list.html", context)


@dataclass(frozen=True)
class VacancyPage:
    """One vacancy: the place, what it asks of a body, and what this reader can do with it."""

    vacancy: Vacancy
    pairs: list[tuple[str, Any]]
    loads: QuerySet[FunctionLoad]
    may_manage: bool
    steps: list[Action]
    may_match: bool
    crumbs: Crumbs


@access(READERS, shows=NOBODY)
@require_safe
def vacancy_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One vacancy: the place, its seats, and what can be done with it now."""
    vacancy = _vacancy(request, pk)
    may_manage = can_manage(request.user)
    page = VacancyPage(
        vacancy=vacancy,
        pairs=vacancy_pairs(vacancy),
        loads=vacancy.function.loads.all(),
        may_manage=may_manage,
        steps=steps(vacancy) if may_manage else [],
        may_match=opens_for(request.user, reverse("matching:for_vacancy", args=[vacancy.pk])),
        crumbs=trail((vacancy.title, "")),
    )
    return render_page(request, "employers/vacancy.html", page)


def vacancy_pairs(vacancy: Vacancy) -> list[tuple[str, Any]]:
    """A vacancy's terms in words."""
    hours = f"{vacancy.hours_min}–{vacancy.hours_max}" if vacancy.hours_min != vacancy.hours_max else vacancy.hours_max
    return [
        (_("Soort plek"), vacancy.kind_of_place),
        (_("Branche"), vacancy.function.branch),
        (_("Uren per week"), hours),
        (_("Niveau"), vacancy.function.get_level_display()),
        (_("Werkplek"), f"{vacancy.postcode} {vacancy.city}"),
        (_("Arbeidsmarktregio"), vacancy.region),
        (_("Stroom"), vacancy.stream or ""),
        (_("Omschrijving"), vacancy.description),
    ]


def steps(vacancy: Vacancy, *, portal: bool = False) -> list[Action]:
    """Opening and closing as buttons, a blocked one with its reasons."""
    prefix = "employers:portal_vacancy" if portal else "employers:vacancy"
    found = []
    if not vacancy.is_open:
        opening = Action(
            label=_("Vacature openzetten"),
            url=reverse(f"{prefix}_publish", args=[vacancy.pk]),
            method="post",
            reasons=rules.publish_blockers(vacancy, clock.today(), edit_page=f"{prefix}_edit"),
            primary=True,
            description=_("Daarna zoeken we kandidaten voor deze plek."),
        )
        found.append(opening)
    if vacancy.status != Vacancy.Status.CLOSED:
        found.append(Action(_("Vacature sluiten"), reverse(f"{prefix}_close", args=[vacancy.pk]), danger=True))
    return found


@access(MANAGERS, shows=NOBODY)
@require_safe
def vacancy_add(request: HttpRequest) -> HttpResponse:
    """The first step of a new vacancy: whose is it?"""
    rows = Employer.objects.visible_to(request.user).active().order_by("organisation__name", "pk")
    found = CompanySearch(request.GET, queryset=rows)
    page = page_of(found.qs, request, load=Employer.objects.select_related("organisation", "branch"))
    context = {"page_obj": page, "filter_form": found.form, "crumbs": trail((_("Nieuw"), ""))}
    return render(request, "employers/choose_company.html", context)


@access(MANAGERS, shows=NOBODY)
@drafted
def vacancy_for_employer(request: HttpRequest, pk: int) -> HttpResponse:
    """The second step: the vacancy itself. Without a function profile there is nothing to choose yet."""
    employer = company(request, pk)
    if not employer.functions.exists():
        messages.info(request, _("Maak eerst een functieprofiel. Daarna maak je de vacature."))
        return redirect("employers:function_add", pk)
    form = VacancyForm(posted(request), employer=employer, initial={"function": request.GET.get("functie")})
    if form.is_bound and form.is_valid():
        vacancy = actions.add_vacancy(employer, by=request.user, **form.cleaned_data)
        messages.success(request, _("Vacature opgeslagen als concept. Zet de vacature open om te kunnen matchen."))
        return redirect("employers:vacancy", vacancy.pk)
    back = reverse("employers:detail", args=[pk])
    words = {"cancel": back, "eyebrow": str(employer), "autosave_url": autosave_url(request), "form_class": "wide"}
    path = trail((str(employer), back), (_("Nieuwe vacature"), ""))
    return form_page(request, form, title=_("Nieuwe vacature"), crumbs=path, **words)


@access(MANAGERS, shows=NOBODY)
def vacancy_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a vacancy, its seats included (R13)."""
    vacancy = _vacancy(request, pk)
    title, employer, back = vacancy.title, vacancy.employer, reverse("employers:vacancy", args=[pk])
    form = VacancyForm(posted(request), employer=employer, instance=vacancy)
    if form.is_bound and form.is_valid():
        actions.update_vacancy(vacancy, by=request.user, **form.cleaned_data)
        messages.success(request, _("Vacature opgeslagen."))
        return redirect(back)
    path = trail((title, back), (_("Wijzigen"), ""))
    words = {"eyebrow": str(employer), "cancel": back, "form_class": "wide"}
    return form_page(request, form, title=_("Vacature wijzigen"), crumbs=path, **words)


@access(MANAGERS, shows=NOBODY)
@require_POST
def vacancy_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a vacancy to candidates."""
    actions.publish_vacancy(_vacancy(request, pk), by=request.user)
    messages.success(request, _("De vacature staat open."))
    return redirect("employers:vacancy", pk)


@access(MANAGERS, shows=NOBODY)
def vacancy_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a vacancy, with the reason."""
    vacancy = _vacancy(request, pk)
    form = CloseForm(posted(request))
    back = reverse("employers:vacancy", args=[pk])
    if form.is_bound and form.is_valid():
        actions.close_vacancy(vacancy, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("De vacature is gesloten."))
        return redirect(back)
    return form_page(request, form, cancel=back, crumbs=trail((vacancy.title, back)), **closing_words(vacancy))


def closing_words(vacancy: Vacancy) -> dict[str, Any]:
    """What is asked before a vacancy closes, with its consequences."""
    text = _("Er worden geen nieuwe kandidaten meer voorgesteld. Wie een plaats heeft, houdt die.")
    return {
        "template": "components/confirm.html",
        "title": _("Vacature sluiten: %s") % vacancy.title,
        "text": text,
        "submit_label": _("Vacature sluiten"),
        "danger": True,
    }
