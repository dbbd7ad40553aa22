"""What the pages of matching share."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse

from accounts.reading import shown
from candidates.frame import Here, frame_of, stand_in_frame
from candidates.knowing import for_reader, require
from candidates.models import Candidate
from employers.models import Vacancy
from matching.models import SearchProfile
from topjob.pages import crumbs


def candidate_or_404(request: HttpRequest, pk: int) -> Candidate:
    """The person, when this reader may see them and needs what this page shows of them."""
    candidate = get_object_or_404(for_reader(Candidate.objects.visible_to(request.user), request.user), pk=pk)
    require(request, candidate)
    shown(request, candidate.pk)
    about(request, candidate)
    return candidate


def about(request: HttpRequest, candidate: Candidate) -> None:
    """The page is about what this person looks for: it stands in their frame."""
    stand_in_frame(request, lambda: frame_of(candidate, request.user, Here.PROFILE))


def vacancy_or_404(request: HttpRequest, pk: int) -> Vacancy:
    rows = Vacancy.objects.visible_to(request.user).select_related("fact", "employer__organisation", "kind_of_place")
    return get_object_or_404(rows, pk=pk)


def profile_or_none(request: HttpRequest, candidate_pk: int) -> SearchProfile | None:
    """The version that counts, with its person, in one query; 404 when the person isn't to be seen."""
    rows = SearchProfile.objects.visible_to(request.user).exclude(status=SearchProfile.Status.SUPERSEDED)
    found = rows.filter(candidate=candidate_pk).select_related("candidate").order_by("status").first()
    if found is None and not Candidate.objects.visible_to(request.user).filter(pk=candidate_pk).exists():
        raise Http404
    if found is not None:
        require(request, found.candidate)
        about(request, found.candidate)
    shown(request, candidate_pk)
    return found


def person_trail(candidate: Candidate, *steps: tuple[Any, str]) -> list[dict[str, str]]:
    return crumbs((candidate.full_name, reverse("candidates:person", args=[candidate.pk])), *steps)


def vacancy_trail(vacancy: Vacancy, *steps: tuple[Any, str]) -> list[dict[str, str]]:
    return crumbs((vacancy.title, reverse("employers:vacancy", args=[vacancy.pk])), *steps)


def choose_url(candidate_pk: int, vacancy_pk: int) -> str:
    """Where trajectories lets the werkmakelaar choose this vacancy for this person."""
    try:
        return reverse("trajectories:choose", args=[candidate_pk, vacancy_pk])
    except NoReverseMatch:
        return ""


def chosen_ids(request: HttpRequest, name: str, most: int) -> list[int]:
    """Up to so many ids from the address, in their order; what isn't a number is left out."""
    values = (value for value in request.GET.getlist(name) if value.isascii() and value.isdigit() and len(value) < 16)
    return list(dict.fromkeys(int(value) for value in values))[:most]
