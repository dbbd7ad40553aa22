"""UX.md: a page asks at most twelve questions of the database, whoever looks and however far the journey is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import User
from tests.trajectories.conftest import Reach
from tests.trajectories.portals import browser_of, client_of, employer_of, on
from trajectories.demo.walk import Walk
from trajectories.models import Trajectory

MOST = 12


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


def too_many(user: User, pages: Iterable[str]) -> tuple[dict[str, list[str]], int]:
    """The pages that ask more, with what they ask; and how many pages were there to open."""
    browser, found, opened = browser_of(user), {}, 0
    for address in pages:
        with CaptureQueriesContext(connection) as asked:
            response = browser.get(address)
        if response.streaming:
            b"".join(response.streaming_content)
        assert response.status_code < 500, address
        opened += response.status_code == 200
        if len(asked) > MOST:
            found[address] = [query["sql"][:150] for query in asked]
    return found, opened


@pytest.mark.parametrize("state", ["INTAKE", "SOLLICITATIE", "STARTPLAN", "EVALUATIE", "LEERWERK"])
def test_no_page_of_a_case_asks_staff_more_than_twelve(reach: Reach, state: str) -> None:
    walk = reach(state)
    with on(walk.day):
        found, opened = too_many(walk.team.regisseur, pages_of(walk.trajectory))
    assert not found
    assert opened > 25


def test_no_page_of_the_portals_asks_more_than_twelve(applying: Walk) -> None:
    walk = applying
    with on(walk.day):
        for user, least in ((employer_of(walk), 5), (client_of(walk.trajectory), 1)):
            found, opened = too_many(user, pages_of(walk.trajectory))
            assert not found
            assert opened >= least
