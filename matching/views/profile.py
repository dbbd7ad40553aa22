"""Zoekprofiel: what counts now, its versions, changing and confirming it; and what a function asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import NOBODY, access
from accounts.models import Branch, KindOfPlace, Page
from candidates.models import Candidate
from employers.models import FunctionProfile
from matching import actions
from matching.access import CONFIRMERS, DEMANDERS, EDITOR_ROLES, EDITORS, FILE_READERS, may_confirm, may_edit, may_match
from matching.criteria import CHOOSABLE, LOADS, codes_of
from matching.forms import LANGUAGE_CHOICES, DemandForm, RefineForm
from matching.models import SearchProfile
from matching.rules import profile_usable
from matching.sentences import days_in_words, load_words
from matching.views.pages import candidate_or_404, person_trail
from topjob.dates import nl_date
from topjob.errors import Reason
from topjob.pages import Crumbs, crumbs, render_page


@dataclass(frozen=True)
class ProfilePage:
    """The zoekprofiel of a person: one version in words, what it lacks, and the other versions."""

    candidate: Candidate
    versions: list[SearchProfile]
    shown: SearchProfile | None
    sections: list[tuple[str, list[tuple[str, Any]]]]
    missing: list[Reason]
    may_edit: bool
    may_confirm: bool
    may_match: bool
    crumbs: Crumbs


@access(FILE_READERS, shows=Page.SEARCH_PROFILE)
@require_safe
def profile(request: HttpRequest, candidate_pk: int) -> HttpResponse:
    """The zoekprofiel of a person: one version in full, all versions listed."""
    candidate = candidate_or_404(request, candidate_pk)
    versions = list(candidate.search_profiles.select_related("created_by", "confirmed_by"))
    shown = _shown(request, versions)
    page = ProfilePage(
        candidate=candidate,
        versions=versions,
        shown=shown,
        sections=described(shown) if shown else [],
        missing=profile_usable(shown) if shown and shown.is_concept else [],
        may_edit=may_edit(request.user, candidate),
        may_confirm=may_confirm(request.user, candidate),
        may_match=may_match(request.user, candidate),
        crumbs=person_trail(candidate, (_("Zoekprofiel"), "")),
    )
    return render_page(request, "matching/profile.html", page)


def _shown(request: HttpRequest, versions: list[SearchProfile]) -> SearchProfile | None:
    """The version that was asked for, else the concept, else the confirmed one."""
    asked = [version for version in versions if str(version.version) == request.GET.get("versie")]
    return next(iter(asked or versions), None)


def described(row: SearchProfile) -> list[tuple[str, list[tuple[str, Any]]]]:
    """A version in words: sections of (label, value)."""
    kinds = KindOfPlace.objects.filter(pk__in=row.kind_ids).values_list("name", flat=True)
    branches = Branch.objects.filter(pk__in=row.branch_ids).values_list("name", flat=True)
    return [
        (
            _("Wat zoekt iemand"),
            [(_("Soorten plek"), ", ".join(kinds)), (_("Branches"), ", ".join(branches) or _("elke branche"))],
        ),
        (_("Wanneer en waar"), _when_and_where(row)),
        (_("Wat kan iemand"), _abilities(row)),
        (_("Wat is er nodig"), [(_("Begeleiding"), _support(row)), (_("Beperkingen in het werk"), _limits(row))]),
        (_("Verplicht of wens"), [(_("Verplicht"), _musts(row)), (_("Toelichting"), row.remark)]),
    ]


def _when_and_where(row: SearchProfile) -> list[tuple[str, Any]]:
    low, high = row.hours_min, row.hours_max
    hours = "" if low is None and high is None else f"{low or 1}–{high or 40}" if low != high else str(low)
    distance = f"{row.max_distance_km} km" if row.max_distance_km else ""
    start = nl_date(row.start_from) if row.start_from else _("zo snel mogelijk")
    return [
        (_("Uren per week"), hours),
        (_("Dagen"), days_in_words(row.weekdays) if row.weekdays else _("geen voorkeur")),
        (_("Vervoer"), row.get_transport_display()),
        (_("Reisafstand ten hoogste"), distance),
        (_("Vertrekt uit postcodegebied"), row.pc4 or ""),
        (_("Kan beginnen vanaf"), start),
        (_("Wil uiterlijk beginnen op"), nl_date(row.start_until) if row.start_until else _("geen grens")),
    ]


def _abilities(row: SearchProfile) -> list[tuple[str, Any]]:
    language = dict(LANGUAGE_CHOICES).get(row.language_level if row.language_level is not None else "")
    skills = row.skills.select_related("skill")
    licence = {True: _("ja"), False: _("nee"), None: _("onbekend")}[row.has_licence]
    return [
        (_("Niveau"), row.get_level_display() if row.level is not None else _("onbekend")),
        (_("Nederlands"), language),
        (_("Rijbewijs B"), licence),
        (_("Competenties"), ", ".join(f"{item.skill.name} ({item.level})" for item in skills)),
    ]


def _support(row: SearchProfile) -> str:
    needs = ((row.needs_mentor, _("leermeester")), (row.needs_jobcoach, _("jobcoach")))
    all_needs = (*needs, (row.needs_quiet_place, _("rustige plek")))
    return ", ".join(words for needed, words in all_needs if needed) or _("geen bijzondere begeleiding")


def _limits(row: SearchProfile) -> str:
    limits = ((load_words(load), getattr(row, f"limit_{load}")) for load in LOADS)
    return ", ".join(f"{words} ({limit} van 4)" for words, limit in limits if limit is not None) or _("geen vastgelegd")


def _musts(row: SearchProfile) -> str:
    codes = codes_of(row.must_bits)
    return ", ".join(str(criterion.label) for criterion in CHOOSABLE if criterion.code in codes) or _("niets")


@dataclass(frozen=True)
class RefinePage:
    """The form with which the zoekprofiel of a person is changed."""

    form: RefineForm
    title: str
    eyebrow: str
    form_class: str
    submit_label: str
    cancel_url: str
    crumbs: Crumbs


@access(EDITORS, shows=Page.SEARCH_PROFILE)
@require_http_methods(["GET", "HEAD", "POST"])
def refine(request: HttpRequest, candidate_pk: int) -> HttpResponse:
    """Change the concept, or begin a new version; the confirmed one stays as it is."""
    candidate = candidate_or_404(request, candidate_pk)
    actions.require_here(candidate, *EDITOR_ROLES, by=request.user)
    latest = candidate.search_profiles.order_by("-version").first()
    form = RefineForm(request.POST or None, instance=_copy(candidate, latest), initial=_skills_of(latest))
    if request.method == "POST" and form.is_valid():
        actions.refine_profile(candidate, form.cleaned_data, by=request.user)
        messages.success(request, _("Het concept is opgeslagen. Bevestig het als het klopt."))
        return redirect("matching:profile", candidate.pk)
    back = reverse("matching:profile", args=[candidate.pk])
    page = RefinePage(
        form=form,
        title=_("Zoekprofiel wijzigen"),
        eyebrow=candidate.full_name,
        form_class="wide",
        submit_label=_("Concept opslaan"),
        cancel_url=back,
        crumbs=person_trail(candidate, (_("Zoekprofiel"), back), (_("Wijzigen"), "")),
    )
    return render_page(request, "components/form_page.html", page)


def _copy(candidate: Candidate, latest: SearchProfile | None) -> SearchProfile:
    """A row for the form to fill; what is saved goes through the action."""
    row = SearchProfile(candidate=candidate)
    if latest is not None:
        for name in actions.KEPT:
            setattr(row, name, getattr(latest, name))
    return row


def _skills_of(latest: SearchProfile | None) -> dict[str, Any]:
    if latest is None:
        return {}
    return {"skills": [(item.skill.name, item.level) for item in latest.skills.select_related("skill")]}


@access(CONFIRMERS, shows=Page.SEARCH_PROFILE)
@require_POST
def confirm(request: HttpRequest, candidate_pk: int) -> HttpResponse:
    """R3: the loopbaanadviseur confirms the concept."""
    candidate = candidate_or_404(request, candidate_pk)
    asked = request.POST.get("version", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0
    concept = get_object_or_404(candidate.search_profiles, version=number)
    actions.confirm_profile(concept, by=request.user)
    messages.success(request, _("Het zoekprofiel is bevestigd. Vanaf nu telt deze versie bij het matchen."))
    return redirect("matching:profile", candidate.pk)


@access(DEMANDERS, shows=NOBODY)
@require_http_methods(["GET", "HEAD", "POST"])
def demand(request: HttpRequest, function_pk: int) -> HttpResponse:
    """What a function requires and wishes of a person."""
    rows = FunctionProfile.objects.filter(employer__in=_employers(request)).select_related("demand")
    if request.method == "POST":
        FunctionProfile.objects.select_for_update().filter(pk=function_pk).first()
    function = get_object_or_404(rows, pk=function_pk)
    form = DemandForm(request.POST if request.method == "POST" else None, initial=demanded(function))
    back = reverse("employers:function", args=[function.pk])
    if request.method == "POST" and form.is_valid():
        actions.set_demand(function, form.cleaned_data, by=request.user)
        messages.success(request, _("De eisen zijn opgeslagen."))
        return redirect(back)
    title, trail = _("Eisen en wensen"), crumbs((function.name, back), (_("Eisen en wensen"), ""))
    context = {
        "form": form,
        "title": title,
        "eyebrow": function.name,
        "cancel_url": back,
        "crumbs": trail,
        "form_class": "wide",
    }
    return render(request, "components/form_page.html", context)


def _employers(request: HttpRequest) -> Any:
    from employers.models import Employer

    return Employer.objects.visible_to(request.user)


def demanded(function: FunctionProfile) -> dict[str, Any]:
    """What stands for a function now, as the form starts."""
    asked = getattr(function, "demand", None)
    skills = [(item.skill.name, item.level) for item in function.skills.select_related("skill")]
    return {
        "must_bits": asked.must_bits if asked else 0,
        "weekdays": asked.weekdays if asked else 0,
        "skills": skills,
    }
