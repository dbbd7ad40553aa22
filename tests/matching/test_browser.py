"""Matching's pages in a real browser: on a phone and on a desk, without a script that is refused or a page that runs over."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import Role, User
from candidates.models import WorkLimitation
from matching import actions, fairness
from matching.criteria import WEIGHTED
from matching.models import MatchDecision, Skill
from tests import factories
from topjob import clock

pytestmark = pytest.mark.browser
WEIGHTS = {f"{c.code}_{side}": getattr(c, side) * 2 for c in WEIGHTED for side in ("person", "employer")}
SIZES = ((320, 700), (1280, 900))


@pytest.fixture(scope="module")
def people(live_stack):
    """A werkmakelaar, a beheerder, somebody who looks for work and vacancies that fit more or less."""
    with live_stack.orm():
        broker, manager = factories.staff(Role.WERKMAKELAAR, Role.LOOPBAANADVISEUR), factories.staff(Role.BEHEERDER)
        profile = factories.ConfirmedProfileFactory(limit_lifting=1, needs_jobcoach=True)
        factories.ConfirmedProfileFactory(level=5)
        WorkLimitation.objects.create(candidate=profile.candidate, load="tillen", maximum=1)
        vacancies = [
            factories.VacancyFactory(title="Stratenmaker in opleiding"),
            factories.VacancyFactory(title="Magazijnmedewerker", postcode="8102 AB", function__level=3),
            factories.VacancyFactory(title="Monteur", function__needs_licence=True),
            factories.VacancyFactory(title="Lasser", postcode="7511 AB", seats_free=0),
        ]
        actions.shortlist(profile.candidate, vacancies[1], by=broker)
        decision = actions.decide(profile.candidate, vacancies[0], MatchDecision.Decision.PROPOSED, by=broker)
        actions.refine_profile(profile.candidate, {"hours_max": 36}, by=broker)
        fairness.run(clock.today())
        company = factories.representative(vacancies[0].employer.organisation)
        demand = {"must_bits": 4, "weekdays": 0, "skills": [(Skill.objects.get(name="Lassen").pk, 3)]}
        actions.set_demand(vacancies[0].function, demand, by=company)
        profile.candidate.user = factories.candidate_user()
        profile.candidate.save()
        return {
            "candidate": profile.candidate.user,
            "company": company,
            "broker": broker,
            "manager": manager,
            "profile": profile,
            "vacancies": vacancies,
            "decision": decision,
        }


def addresses(people) -> dict[str, list[str]]:
    candidate, near = people["profile"].candidate_id, people["vacancies"]
    pair = [candidate, near[0].pk]
    compared = "&".join(f"v={vacancy.pk}" for vacancy in near)
    return {
        "broker": [
            reverse("matching:for_candidate", args=[candidate]),
            reverse("matching:for_vacancy", args=[near[0].pk]),
            reverse("matching:why", args=pair),
            reverse("matching:why", args=[candidate, near[3].pk]),
            reverse("matching:profile", args=[candidate]),
            reverse("matching:refine", args=[candidate]),
            reverse("matching:left_out", args=[candidate]),
            reverse("matching:compare_vacancies", args=[candidate]) + "?" + compared,
            reverse("matching:shortlisted", args=[candidate]),
            reverse("matching:decision", args=[people["decision"].pk]),
            reverse("matching:demand", args=[near[0].function_id]),
            reverse("matching:tips"),
            reverse("matching:how_it_works"),
        ],
        "company": [
            reverse("matching:portal_demand", args=[near[0].function_id]),
            reverse("employers:portal_function", args=[near[0].function_id]),
            reverse("matching:how_it_works"),
        ],
        "candidate": [
            reverse("matching:my_why", args=[near[0].pk]),
            reverse("candidates:my_data"),
        ],
        "manager": [
            reverse("accounts:edit_row", args=["plaatsen", 8131]),
            reverse("accounts:add_row", args=["competenties"]),
            reverse("matching:weights") + "?proef=1&" + urlencode(WEIGHTS),
            reverse("matching:weights"),
            reverse("matching:audit"),
        ],
    }


@pytest.fixture
def open_as(live_stack, new_page):
    """A page of somebody who is logged in."""

    def opened(user: User):
        with live_stack.orm():
            browser = Client()
            browser.force_login(user)
        page, name = new_page(viewport={"width": 1280, "height": 900}), settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": browser.cookies[name].value, "url": live_stack.base_url}])
        return page

    return opened


@pytest.mark.walk
@pytest.mark.parametrize("who", ["broker", "company", "candidate", "manager"])
def test_every_page_on_a_phone_and_on_a_desk(people, open_as, who: str) -> None:
    page = open_as(people[who])
    complaints: list[str] = []
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None
    )
    for number, address in enumerate(addresses(people)[who]):
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            response = page.goto(address)
            assert response is not None
            assert (response.status, page.url.partition("?")[0][-len(address.partition("?")[0]) :]) == (
                200,
                address.partition("?")[0],
            )
            keep(page, f"{who}-{number}-{width}")
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (address, width)
        found = Axe().run(page)
        assert found.violations_count == 0, (address, found.generate_report())
    assert complaints == []


def keep(page, name: str) -> None:
    """A picture to look at, where somebody asks for it."""
    folder = os.environ.get("TOPJOB_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"matching-{name}.png", full_page=True)


def test_comparing_and_keeping(people, open_as) -> None:
    page = open_as(people["broker"])
    page.goto(reverse("matching:for_candidate", args=[people["profile"].candidate_id]))
    for box in page.locator("input[form=vergelijk]").all()[:2]:
        box.check()
    page.get_by_role("button", name="Vergelijk (2)").click()
    page.wait_for_url("**/vergelijken/**")
    assert page.locator("table thead th").count() == 3
    page.go_back()
    star = page.locator(".star[aria-pressed=false]").first
    star.click()
    expect(page.locator(".star[aria-pressed=true]")).to_have_count(2)
    page.get_by_role("link", name="Shortlist", exact=True).click()
    page.wait_for_url("**/shortlist/")
    assert page.locator("tbody tr").count() == 2


def test_a_competence_is_found_while_typing_and_a_row_is_added(people, open_as) -> None:
    page = open_as(people["company"])
    page.goto(reverse("matching:portal_demand", args=[people["vacancies"][0].function_id]))
    rows = page.locator(".skill-row")
    assert rows.count() == 4
    page.get_by_role("button", name="Nog een competentie").click()
    rows.nth(4).wait_for()
    # Nobody types sooner than htmx has taken in the new row; on a busy machine this test would.
    expect(page.locator(".htmx-added, .htmx-settling")).to_have_count(0)
    rows.nth(4).get_by_role("combobox", name="Competentie").press_sequentially("bestra")
    page.locator("#id_skills_options option[value=Bestraten]").wait_for(state="attached")
    rows.nth(4).get_by_role("combobox", name="Competentie").fill("Bestraten")
    rows.nth(4).get_by_role("combobox", name="Hoe goed").select_option("5 – heel goed")
    page.get_by_role("button", name="Opslaan").click()
    page.get_by_text("Uw eisen en wensen zijn opgeslagen").wait_for()
    page.goto(reverse("matching:portal_demand", args=[people["vacancies"][0].function_id]))
    assert rows.first.get_by_role("combobox", name="Competentie").input_value() == "Bestraten"
