"""One match: why (not), side by side with others, on the shortlist or off it, and decisions. The lists: `tables.py`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import access
from accounts.models import Page
from accounts.reading import shown
from candidates.knowing import require
from candidates.models import Candidate
from employers.models import Vacancy
from matching import actions, pairs, results
from matching.access import DECIDERS, READER_ROLES, READERS, may_choose, may_decide
from matching.criteria import CRITERIA
from matching.explain import EMPLOYER_SIDE, Explained, Line, explain
from matching.forms import DecisionForm
from matching.models import MatchDecision, SearchProfile, Skill
from matching.pairs import Pair
from matching.sentences import Names
from matching.views.pages import (
    about,
    candidate_or_404,
    choose_url,
    chosen_ids,
    person_trail,
    profile_or_none,
    vacancy_or_404,
    vacancy_trail,
)
from topjob import clock
from topjob.errors import Refused
from topjob.pages import Crumbs, by_htmx, render_page
from topjob.undo import undo_tags

MOST_SIDE_BY_SIDE = 4


@access(READERS, shows=Page.MATCH)
@require_safe
def left_out(request: HttpRequest, candidate_pk: int) -> HttpResponse:
    """What ruled the other vacancies out, and those that came close."""
    profile = profile_or_none(request, candidate_pk)
    if profile is None:
        return redirect("matching:profile", candidate_pk)
    back = reverse("matching:for_candidate", args=[candidate_pk])
    found = results.left_out(profile, clock.today())
    known = results.reference()
    near = [(vacancy, _knock_outs(profile, vacancy, known)) for vacancy in found.near]
    context = {
        "candidate": profile.candidate,
        "found": found,
        "near": near,
        "crumbs": person_trail(profile.candidate, (_("Passende vacatures"), back), (_("Wat viel af"), "")),
    }
    return render(request, "matching/left_out.html", context)


def _knock_outs(profile: Any, vacancy: Vacancy, known: results.Reference) -> list[Any]:
    pair = Pair(profile, vacancy.fact, known.weights, clock.today())
    return explain(pair.person, pair.vacancy, pair.today, pair.weights, known.names).knock_outs


@dataclass(frozen=True)
class WhyPage:
    """One pair in full, and what can be decided about it."""

    candidate: Candidate
    vacancy: Vacancy
    profile: SearchProfile
    explained: Explained
    rank: int | None
    decisions: QuerySet[MatchDecision]
    form: DecisionForm
    may_decide: bool
    choose_url: str
    is_shortlisted: bool
    crumbs: Crumbs


@access(READERS, shows=Page.MATCH)
@require_safe
def why(request: HttpRequest, candidate_pk: int, vacancy_pk: int) -> HttpResponse:
    """One pair in full: every criterion, all knock-outs, both totals, what would help, and what was decided."""
    return _shown(request, _why(request, candidate_pk, vacancy_pk))


def _shown(request: HttpRequest, page: WhyPage, *, is_decided: bool = False) -> HttpResponse:
    """As a page of its own; asked for by htmx, as what stands beside the list."""
    template = "matching/_why_beside.html" if by_htmx(request) else "matching/why.html"
    response = render_page(request, template, page, is_decided=is_decided)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _why(request: HttpRequest, candidate_pk: int, vacancy_pk: int) -> WhyPage:
    candidate, vacancy = candidate_or_404(request, candidate_pk), vacancy_or_404(request, vacancy_pk)
    pair = pairs.pair_of(candidate, vacancy)
    decisions = MatchDecision.objects.filter(candidate=candidate, vacancy=vacancy).select_related("by")
    here = reverse("matching:for_candidate", args=[candidate.pk])
    return WhyPage(
        candidate=candidate,
        vacancy=vacancy,
        profile=pair.profile,
        explained=explained(pair),
        rank=pair.rank(),
        decisions=decisions,
        form=DecisionForm(),
        may_decide=may_decide(request.user, candidate),
        choose_url=choose_url(candidate.pk, vacancy.pk) if may_choose(request.user, candidate) else "",
        is_shortlisted=candidate.shortlist.filter(vacancy=vacancy).exists(),
        crumbs=person_trail(candidate, (_("Passende vacatures"), here), (vacancy.title, "")),
    )


def explained(pair: Pair, side: str = "person") -> Explained:
    """A pair in words, with the names of the skills that are asked."""
    known = results.reference()
    ids = {token // 8 for token in pair.fact.want_tokens}
    names = Names(
        known.names.kinds, known.names.branches, dict(Skill.objects.filter(pk__in=ids).values_list("pk", "name"))
    )
    return explain(pair.person, pair.vacancy, pair.today, pair.weights, names, side)


@access(DECIDERS, shows=Page.MATCH)
@require_POST
def decide(request: HttpRequest, candidate_pk: int, vacancy_pk: int) -> HttpResponse:
    """Keep a decision about a pair, with what was shown."""
    candidate, vacancy = candidate_or_404(request, candidate_pk), vacancy_or_404(request, vacancy_pk)
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            actions.decide(candidate, vacancy, by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error("reason", str(refused))
        else:
            if by_htmx(request):
                return _shown(request, _why(request, candidate_pk, vacancy_pk), is_decided=True)
            messages.success(request, _("Het besluit is vastgelegd."))
            return redirect("matching:why", candidate.pk, vacancy.pk)
    return _shown(request, replace(_why(request, candidate_pk, vacancy_pk), form=form))


@access(DECIDERS, shows=Page.MATCH)
@require_POST
def shortlist(request: HttpRequest, candidate_pk: int, vacancy_pk: int) -> HttpResponse:
    """Put a vacancy on a person's shortlist, or take it off."""
    candidate, vacancy = candidate_or_404(request, candidate_pk), vacancy_or_404(request, vacancy_pk)
    kept = bool(request.POST.get("weg"))
    if kept:
        actions.unshortlist(candidate, vacancy, by=request.user)
        said = _("‘%(title)s’ staat niet meer op de shortlist.") % {"title": vacancy.title}
    else:
        actions.shortlist(candidate, vacancy, by=request.user)
        said = _("‘%(title)s’ staat op de shortlist.") % {"title": vacancy.title}
    tags = undo_tags("shortlist", request.user, candidate=candidate.pk, vacancy=vacancy.pk, was_kept=kept)
    messages.success(request, said, extra_tags=tags)
    if by_htmx(request):
        return _star(request, candidate, vacancy)
    return redirect("matching:shortlisted", candidate.pk)


def _star(request: HttpRequest, candidate: Candidate, vacancy: Vacancy) -> HttpResponse:
    """The row's own button as it stands now; the row stays where it is."""
    context = {
        "pair": f"{candidate.pk}-{vacancy.pk}",
        "keep_url": reverse("matching:shortlist", args=[candidate.pk, vacancy.pk]),
        "is_shortlisted": not request.POST.get("weg"),
        "done": True,
    }
    return render(request, "matching/_star.html", context)


@access(READERS, shows=Page.MATCH)
@require_safe
def compare_vacancies(request: HttpRequest, candidate_pk: int) -> HttpResponse:
    """Up to four vacancies for one person, side by side."""
    profile = profile_or_none(request, candidate_pk)
    if profile is None:
        return redirect("matching:profile", candidate_pk)
    ids = chosen_ids(request, "v", MOST_SIDE_BY_SIDE)
    rows = Vacancy.objects.visible_to(request.user).select_related("fact", "employer__organisation").in_bulk(ids)
    known = results.reference()
    columns = []
    for vacancy in (rows[pk] for pk in ids if pk in rows):
        pair = Pair(profile, vacancy.fact, known.weights, clock.today())
        said = explain(pair.person, pair.vacancy, pair.today, pair.weights, known.names)
        columns.append(
            {"title": vacancy.title, "sub": str(vacancy.employer), "said": said, "ids": (candidate_pk, vacancy.pk)}
        )
    back = reverse("matching:for_candidate", args=[candidate_pk])
    trail = person_trail(profile.candidate, (_("Passende vacatures"), back), (_("Vergelijken"), ""))
    return _compared(request, profile.candidate.full_name, columns, back, trail)


@access(READERS, shows=Page.MATCH)
@require_safe
def compare_people(request: HttpRequest, vacancy_pk: int) -> HttpResponse:
    """Up to four people for one vacancy, side by side."""
    vacancy = vacancy_or_404(request, vacancy_pk)
    ids = chosen_ids(request, "k", MOST_SIDE_BY_SIDE)
    visible = Candidate.objects.in_regions_of(request.user, *READER_ROLES)
    profiles = {
        row.candidate_id: row
        for row in pairs.SearchProfile.objects.confirmed()
        .filter(candidate__in=visible, candidate_id__in=ids)
        .select_related("candidate")
    }
    shown(request, *profiles)
    known = results.reference()
    columns = []
    for profile in (profiles[pk] for pk in ids if pk in profiles):
        pair = Pair(profile, vacancy.fact, known.weights, clock.today())
        said = explain(pair.person, pair.vacancy, pair.today, pair.weights, known.names, EMPLOYER_SIDE)
        columns.append(
            {
                "title": profile.candidate.full_name,
                "sub": profile.candidate.city,
                "said": said,
                "ids": (profile.candidate_id, vacancy.pk),
            }
        )
    back = reverse("matching:for_vacancy", args=[vacancy_pk])
    trail = vacancy_trail(vacancy, (_("Passende kandidaten"), back), (_("Vergelijken"), ""))
    return _compared(request, vacancy.title, columns, back, trail)


@dataclass(frozen=True)
class ComparePage:
    """A few pairs side by side, a column each: what every criterion says of them."""

    subject: str
    columns: list[dict[str, Any]]
    rows: list[tuple[str, list[Line]]]
    back: str
    crumbs: Crumbs
    # How many were asked for that aren't shown, and how many can be at once.
    left_out: int
    most: int


def _compared(
    request: HttpRequest, subject: str, columns: list[dict[str, Any]], back: str, trail: Crumbs
) -> HttpResponse:
    rows = [
        (str(criterion.label), [column["said"].lines[number] for column in columns])
        for number, criterion in enumerate(CRITERIA)
    ]
    asked = len(request.GET.getlist("v") + request.GET.getlist("k"))
    page = ComparePage(
        subject=subject,
        columns=columns,
        rows=rows,
        back=back,
        crumbs=trail,
        left_out=asked - len(columns) if columns else 0,
        most=MOST_SIDE_BY_SIDE,
    )
    return render_page(request, "matching/compare.html", page)


@access(READERS, shows=Page.MATCH)
@require_safe
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """A decision with everything that was kept: repeatable."""
    rows = MatchDecision.objects.visible_to(request.user).select_related("candidate", "vacancy", "by")
    row = get_object_or_404(rows, pk=pk)
    require(request, row.candidate)
    shown(request, row.candidate_id)
    about(request, row.candidate)
    again = pairs.repeat(row)
    context = {
        "row": row,
        "again": again,
        "lines": [
            (
                criterion.label,
                row.scores.get(criterion.code),
                row.weights["person"].get(criterion.code),
                criterion.code in row.knock_outs,
            )
            for criterion in CRITERIA
        ],
        "crumbs": person_trail(row.candidate, (_("Besluit"), "")),
    }
    return render(request, "matching/decision.html", context)
