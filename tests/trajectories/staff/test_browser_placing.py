"""One person of each department that has no trial, from the talk to the document, by who does that (docs/domain.md §1)."""

from __future__ import annotations

from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import Department, KindOfPlace, User
from demo.walk import Walk
from tests import factories
from tests.e2e.people import Person
from tests.trajectories.conftest import make_vacancy, make_walk, walk_to
from topjob import clock

pytestmark = pytest.mark.browser
WAGE = {"hourly_wage": "15.50"}
ALLOWANCE = {"allowance": "250", "allowance_per": "maand"}
# Where they start, what is filled in besides days and hours, and what the case and the document then say.
STARTS = {
    Department.MATCH: ("baan", WAGE, "Arbeidsovereenkomst", "Je loon is € 15,50 bruto per uur"),
    Department.YOUTH: (
        "stageplaats",
        ALLOWANCE,
        "Stageovereenkomst",
        "Je krijgt een vergoeding van € 250,00 per maand",
    ),
    Department.SOCIAL: ("vrijwilligerswerk", {}, "Vrijwilligersovereenkomst", "Vrijwilligerswerk is geen baan"),
}


def somebody(department: str, kind: str) -> Walk:
    """Of this department, after the talk about a place of this kind."""
    vacancy = make_vacancy(kind_of_place=KindOfPlace.objects.get(code=kind))
    factories.EmployerContactFactory(employer=vacancy.employer, function="tekenbevoegd")
    day = clock.today() - relativedelta(days=30)
    return (
        walk_to(make_walk(factories.team(), department=department, day=day), vacancy, "SOLLICITATIE")
        .later(6)
        .hold_talk()
    )


@pytest.fixture
def browser_of(live_stack: Any, new_page: Any) -> Any:
    def go(user: User) -> Person:
        page = new_page(viewport={"width": 1280, "height": 900})
        with live_stack.orm():
            client = Client()
            client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_stack.base_url}])
        return Person(live_stack, page, user.name)

    return go


@pytest.mark.parametrize(("department", "start"), STARTS.items())
def test_somebody_of_each_department_starts(live_stack, browser_of, department: str, start: tuple) -> None:
    kind, gets, agreement, said = start
    with live_stack.orm():
        walk = somebody(department, kind)
    personnel = browser_of(walk.team.personnel).open(reverse("trajectories:detail", args=[walk.trajectory.pk]))
    personnel.follow("Direct plaatsen").sees(agreement, "Soort plek van de vacature").is_accessible()
    first = clock.today() + relativedelta(days=7)
    personnel.fill(gets, starts_on=first, ends_on=first + relativedelta(months=6), hours_per_week=16)
    personnel.press("Direct plaatsen")
    personnel.open(reverse("trajectories:papers", args=[walk.trajectory.pk])).sees(agreement)
    personnel.press(f"{agreement} maken").sees(agreement, said).is_accessible()
    assert personnel.trouble == []
    with live_stack.orm():
        assert walk.fresh().state == "NAZORG"
