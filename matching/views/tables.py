"""Results as a table: vacancies for a person, people for a vacancy, and the shortlist."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import access
from accounts.models import Page, Role, User
from accounts.reading import shown
from candidates.models import Candidate
from employers.models import Vacancy
from matching import results
from matching.access import DECIDER_ROLES, READERS, may_choose, may_decide, regions_of
from matching.forms import MatchFilter, PeopleFilter
from matching.models import SearchProfile
from matching.pairs import Pair
from matching.sorting import TOTAL
from matching.strip import LABELS
from matching.views.pages import (
    choose_url,
    person_trail,
    profile_or_none,
    vacancy_or_404,
    vacancy_trail,
)
from topjob import clock
from topjob.pages import Crumbs, render_page


@dataclass(frozen=True)
class Line:
    """A result with where its pair is explained, kept and chosen; empty where this reader may not."""

    row: results.Result
    pair: str
    why_url: str
    keep_url: str
    choose_url: str


@dataclass(frozen=True)
class Table:
    """A match page: whose it is, the results in their order, and what stands above them."""

    candidate: Candidate | None
    profile: SearchProfile | None
    vacancy: Vacancy | None
    rows: list[results.Result]
    lines: list[Line]
    filter_form: MatchFilter
    compare_url: str
    picks: str
    crumbs: Crumbs

    def shown_to(self, request: HttpRequest, template: str) -> HttpResponse:
        sort = self.filter_form.chosen.get("sort", TOTAL)
        return render_page(request, template, self, sort=sort, bars=LABELS)


def _line(row: results.Result, candidate: int, vacancy: int, *, keeps: bool, chooses: bool) -> Line:
    pair = [candidate, vacancy]
    return Line(
        row,
        f"{candidate}-{vacancy}",
        reverse("matching:why", args=pair),
        reverse("matching:shortlist", args=pair) if keeps else "",
        choose_url(*pair) if chooses else "",
    )


@access(READERS, shows=Page.MATCH)
@require_safe
def for_candidate(request: HttpRequest, candidate_pk: int) -> HttpResponse:
    """The fitting vacancies for a person, in the order of the address: best first where it says nothing."""
    profile = profile_or_none(request, candidate_pk)
    if profile is None:
        return redirect("matching:profile", candidate_pk)
    known, candidate = results.reference(), profile.candidate
    filters = MatchFilter(request.GET, dict(known.names.kinds), dict(known.names.branches))
    rows = results.vacancies(profile, known, clock.today(), filters.chosen)
    keeps, chooses = may_decide(request.user, candidate), may_choose(request.user, candidate)
    page = Table(
        candidate=candidate,
        profile=profile,
        vacancy=None,
        rows=rows,
        lines=[_line(row, candidate_pk, row.pk, keeps=keeps, chooses=chooses) for row in rows],
        filter_form=filters,
        compare_url=reverse("matching:compare_vacancies", args=[candidate_pk]),
        picks="v",
        crumbs=person_trail(candidate, (_("Passende vacatures"), "")),
    )
    return page.shown_to(request, "matching/for_candidate.html")


@access(READERS, shows=Page.MATCH)
@require_safe
def for_vacancy(request: HttpRequest, vacancy_pk: int) -> HttpResponse:
    """The fitting people for a vacancy, the banenpool included, in the order of the address."""
    vacancy = vacancy_or_404(request, vacancy_pk)
    known = results.reference()
    filters = PeopleFilter(request.GET, dict(known.names.kinds), dict(known.names.branches))
    rows = results.people(vacancy.fact, known, clock.today(), filters.chosen, regions=regions_of(request.user))
    people = [row.pk for row in rows]
    shown(request, *people)
    keeps, chooses = _of(request.user, people, *DECIDER_ROLES), _of(request.user, people, Role.WERKMAKELAAR)
    page = Table(
        candidate=None,
        profile=None,
        vacancy=vacancy,
        rows=rows,
        lines=[_line(r, r.pk, vacancy_pk, keeps=r.pk in keeps, chooses=r.pk in chooses) for r in rows],
        filter_form=filters,
        compare_url=reverse("matching:compare_people", args=[vacancy_pk]),
        picks="k",
        crumbs=vacancy_trail(vacancy, (_("Passende kandidaten"), "")),
    )
    return page.shown_to(request, "matching/for_vacancy.html")


def _of(user: User, people: list[int], *roles: Role) -> Collection[int]:
    """Which of these people are of a region where somebody has one of these roles."""
    if set(regions_of(user)) <= set(user.regions_as(*roles)):
        return people
    return set(Candidate.objects.in_regions_of(user, *roles).filter(pk__in=people).values_list("pk", flat=True))


@access(READERS, shows=Page.MATCH)
@require_safe
def shortlisted(request: HttpRequest, candidate_pk: int) -> HttpResponse:
    """The vacancies that were kept beside a person, as they score now."""
    profile = profile_or_none(request, candidate_pk)
    if profile is None:
        return redirect("matching:profile", candidate_pk)
    kept = profile.candidate.shortlist.select_related("vacancy__fact", "vacancy__employer__organisation", "by")
    known = results.reference()
    rows = [(row, Pair(profile, row.vacancy.fact, known.weights, clock.today())) for row in kept[:50]]
    back = reverse("matching:for_candidate", args=[candidate_pk])
    context = {
        "candidate": profile.candidate,
        "rows": rows,
        "may_decide": may_decide(request.user, profile.candidate),
        "crumbs": person_trail(profile.candidate, (_("Passende vacatures"), back), (_("Shortlist"), "")),
    }
    return render(request, "matching/shortlist.html", context)
