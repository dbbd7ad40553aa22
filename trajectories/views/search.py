"""Going to a person, employer or vacancy by a few letters (Ctrl-K)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.access import STAFF, access
from accounts.models import Page, User
from accounts.reading import shown
from candidates.models import Candidate
from employers.models import Employer, Vacancy
from topjob.finding import LONGEST, Term
from topjob.pages import by_htmx, render_page
from topjob.text import clean
from trajectories.models import Trajectory
from trajectories.pages.commands import Command, commands

MOST = 12


@dataclass(frozen=True)
class SearchPage:
    """What a few letters find, as far as this person may see it; and what can be done by them."""

    q: str
    # Why nothing was looked up.
    problem: str
    people: list[Candidate]
    employers: list[Employer]
    vacancies: list[Vacancy]
    commands: list[Command]


@access(STAFF, shows=Page.SEARCH)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Only what this person may see; typing errors are forgiven."""
    text = clean(request.GET.get("q", ""))[:LONGEST]
    problem = Term.of(text).problem
    is_asked = bool(text) and not problem
    page = SearchPage(
        q=text,
        problem=problem,
        people=people(text, request.user) if is_asked else [],
        employers=employers(text, request.user) if is_asked else [],
        vacancies=vacancies(text, request.user) if is_asked else [],
        commands=commands(text, request.user),
    )
    shown(request, *(person.pk for person in page.people), *(row.candidate for row in page.commands))
    # While somebody types in the box on top of every page, only what was found.
    return render_page(request, f"trajectories/cases/{'_found' if by_htmx(request) else 'search'}.html", page)


def people(text: str, user: User) -> list[Candidate]:
    """By name, birth date, phone number or e-mail address, the closest names first, each with the running case."""
    rows = Candidate.objects.visible_to(user).search(text)
    running = Prefetch("trajectories", queryset=Trajectory.objects.open().visible_to(user), to_attr="running")
    closest = Term.of(text).closest(rows, "last_name", "first_name", "pk")
    return list(closest.select_related("region").prefetch_related(running)[:MOST])


def employers(text: str, user: User) -> list[Employer]:
    rows = Employer.objects.visible_to(user).search(text).select_related("organisation", "branch")
    column = "organisation__search_text"
    return list(Term.of(text).closest(rows, "organisation__name", "pk", column=column)[:MOST])


def vacancies(text: str, user: User) -> list[Vacancy]:
    """By title, function, place or company, the open ones first."""
    rows = Vacancy.objects.visible_to(user).search(text).with_names()
    return list(rows.open_first()[:MOST])
