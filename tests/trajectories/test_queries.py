"""A page asks no more of the database than its kind may, whoever looks and however far the journey is (decision 33)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import User
from demo.walk import Walk
from tests.questions import bound_of
from tests.trajectories.portals import browser_of, client_of, employer_of, on
from trajectories.models import Qualification, Trajectory


def addresses(found: Iterable[Any] | None = None, before: str = "") -> list[str]:
    """Every address of the product as its pattern is written."""
    patterns: list[str] = []
    for row in get_resolver().url_patterns if found is None else found:
        here = before + str(row.pattern)
        if isinstance(row, URLResolver):
            patterns += addresses(row.url_patterns, here)
        elif isinstance(row, URLPattern):
            patterns.append(here)
    return patterns


def pages_of(case: Trajectory) -> list[str]:
    """The pages about this case, its person, its registration, its place and its company; for staff and in the portals."""
    application = case.applications.first()
    numbers = {
        "trajecten/<int:pk>/": case.pk,
        "personen/<int:pk>/": case.candidate_id,
        "personen/<int:candidate_pk>/": case.candidate_id,
        "aanmeldingen/<int:pk>/": case.registration_id,
        "opdrachtgever/<int:pk>/": case.pk,
        "werkgever/deelnemers/<int:pk>/": case.pk,
    }
    if application is not None:
        vacancy = application.vacancy
        numbers |= {
            "vacatures/<int:pk>/": vacancy.pk,
            "vacatures/<int:vacancy_pk>/": vacancy.pk,
            "functies/<int:pk>/": vacancy.function_id,
            "functies/<int:function_pk>/": vacancy.function_id,
            "werkgevers/<int:pk>/": vacancy.employer_id,
            "werkgever/<int:pk>/": vacancy.employer_id,
            "werkgever/vacatures/<int:pk>/": vacancy.pk,
            "werkgever/functies/<int:pk>/": vacancy.function_id,
            "werkgever/voorstellen/<int:pk>/": application.pk,
        }
    found = []
    for pattern in addresses():
        for head, number in numbers.items():
            address = pattern.replace(head, head.partition("<")[0] + f"{number}/")
            if pattern.startswith(head) and "<" not in address:
                found.append(f"/{address}")
    return found


@dataclass(frozen=True)
class Opened:
    """A page as somebody saw it, and what it asked."""

    address: str
    response: HttpResponse
    asked: list[str]

    @property
    def is_page(self) -> bool:
        return self.response.status_code == 200 and self.response.headers["Content-Type"].startswith("text/html")


def opened(user: User, pages: Iterable[str]) -> list[Opened]:
    browser, found = browser_of(user), []
    for address in pages:
        with CaptureQueriesContext(connection) as asked:
            response = browser.get(address)
        if response.streaming:
            b"".join(response.streaming_content)
        assert response.status_code < 500, address
        found.append(Opened(address, response, [query["sql"][:150] for query in asked]))
    return found


def ask_too_much(pages: Iterable[Opened]) -> dict[str, list[str]]:
    return {page.address: page.asked for page in pages if len(page.asked) > bound_of(page.address)}


def there(pages: Iterable[Opened]) -> int:
    return sum(page.response.status_code == 200 for page in pages)


def test_no_page_of_a_case_asks_staff_too_much(applying: Walk) -> None:
    """For who applies; further on in `test_names_on_pages`, which opens the same pages."""
    with on(applying.day):
        pages = opened(applying.team.regisseur, pages_of(applying.trajectory))
    assert not ask_too_much(pages)
    assert there(pages) > 25


def test_no_page_of_the_portals_asks_too_much(applying: Walk) -> None:
    walk = applying
    with on(walk.day):
        for user, least in ((employer_of(walk), 5), (client_of(walk.trajectory), 1)):
            pages = opened(user, pages_of(walk.trajectory))
            assert not ask_too_much(pages)
            assert there(pages) >= least


def test_what_changes_after_reading_is_read_when_asked_again(in_aftercare: Walk) -> None:
    """A guard that is asked after a step knows what the step did."""
    case = Trajectory.objects.prefetch_related("qualifications").get(pk=in_aftercare.trajectory.pk)
    before = len(case.qualifications.all())
    Qualification.objects.create(
        trajectory_id=case.pk, name="Diploma", on=date(2026, 9, 1), level="bbl1", created_at=case.created_at
    )
    assert len(case.qualifications.all()) == before
    case.forget_facts()
    assert len(case.qualifications.all()) == before + 1
