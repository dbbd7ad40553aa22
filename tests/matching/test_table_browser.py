"""The match pages by keyboard alone, beside the list and on a phone; and as the list they are without a script."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import Role
from matching.models import Shortlisted
from tests import factories
from topjob import clock

pytestmark = pytest.mark.browser
ROWS = 25


@pytest.fixture(scope="module")
def market(live_stack):
    """A werkmakelaar, somebody who looks for work, and as many vacancies as a page shows; some share their name."""
    with live_stack.orm():
        broker = factories.staff(Role.WERKMAKELAAR, Role.LOOPBAANADVISEUR)
        profile = factories.ConfirmedProfileFactory(limit_lifting=1, needs_jobcoach=True)
        for number in range(ROWS):
            factories.ConfirmedProfileFactory(level=None if number % 3 else 3, has_licence=None, language_level=None)
            factories.VacancyFactory(
                title=("Magazijnmedewerker", "Stratenmaker in opleiding", "Hulp in de tuin")[number % 3],
                postcode=("8131 AB", "8102 AB")[number % 2],
                function__level=number % 5,
                starts_on=clock.today() + timedelta(days=10 * number - 40),
            )
        return broker, profile.candidate_id, factories.VacancyFactory(function__level=4).pk


@pytest.fixture
def open_as(live_stack, new_page):
    """The match page of a person, for the werkmakelaar."""

    def opened(market, **options):
        user, candidate, _vacancy = market
        with live_stack.orm():
            browser = Client()
            browser.force_login(user)
        page, name = new_page(viewport={"width": 1280, "height": 900}, **options), settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": browser.cookies[name].value, "url": live_stack.base_url}])
        page.goto(reverse("matching:for_candidate", args=[candidate]))
        return page

    return opened


def keep(page, name: str) -> None:
    """A picture to look at, where somebody asks for it."""
    if folder := os.environ.get("TOPJOB_PICTURES"):
        page.screenshot(path=Path(folder) / f"match-{name}.png")


def test_everything_by_key(market, open_as, live_stack) -> None:
    page = open_as(market)
    row = page.locator("[data-row]").nth(2)
    keep(page, "1280")
    for key in ("j", "ArrowDown", "j"):
        page.keyboard.press(key)
    expect(row.locator("[data-open]")).to_be_focused()
    row_id = row.locator("[data-select]").get_attribute("value")
    page.keyboard.press("x")
    expect(page.get_by_role("button", name="Vergelijk (1)")).to_be_visible()
    page.keyboard.press("s")
    expect(row.locator(".star")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#meldingen .tj-toast")).to_contain_text("staat op de shortlist")
    expect(row.locator("[data-open]")).to_be_focused()
    with live_stack.orm():
        assert Shortlisted.objects.filter(vacancy=row_id).exists()
    page.keyboard.press("Enter")
    expect(page.locator("#naast h2")).to_be_focused()
    expect(page.locator("#naast [data-star]")).to_have_text("Van de shortlist")
    keep(page, "beside")
    assert Axe().run(page).violations_count == 0
    page.keyboard.press("Escape")
    expect(row.locator("[data-open]")).to_be_focused()
    expect(page.locator("#naast")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("Kiezen")
    assert page.locator("#keys kbd").all_text_contents().count("k") == 1
    page.keyboard.press("Escape")
    page.keyboard.press("k")
    page.wait_for_url("**/kiezen/**")


def test_a_decision_beside_the_list_shows_in_the_row(market, open_as) -> None:
    page = open_as(market)
    row = page.locator("[data-row]").first
    row.locator("[data-open]").click()
    beside = page.locator("#naast")
    beside.get_by_text("Besluit", exact=True).click()
    beside.get_by_label("Besluit").select_option("afgewezen")
    beside.get_by_role("button", name="Vastleggen").click()
    expect(beside.locator(".error-summary")).to_be_focused()
    beside.get_by_label("Reden").fill("Wil niet")
    beside.get_by_role("button", name="Vastleggen").click()
    expect(row).to_contain_text("afgewezen")
    expect(beside).to_contain_text("Het besluit is vastgelegd.")


def test_the_list_is_short_and_passed_in_forty_presses(market, open_as) -> None:
    page = open_as(market)
    tops = page.locator("[data-row]").evaluate_all("rows => rows.map((row) => row.getBoundingClientRect())")
    assert len(tops) == ROWS
    assert tops[-1]["bottom"] <= 900
    page.locator("#inhoud").focus()
    for _press in range(40):
        page.keyboard.press("Tab")
        if page.locator("[data-row]").last.locator("[data-open]").evaluate("link => link === document.activeElement"):
            break
    else:
        raise AssertionError("After forty presses not at the end of the list.")


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_it_fits_every_screen(market, open_as, width: int) -> None:
    page = open_as(market)
    page.set_viewport_size({"width": width, "height": 900})
    for name, address in (("vacancies", page.url), ("people", reverse("matching:for_vacancy", args=[market[2]]))):
        page.goto(address)
        keep(page, f"{name}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert Axe().run(page).violations_count == 0


@pytest.mark.parametrize("width", [320, 768, 1100, 1280, 1440])
def test_beside_the_panel_every_column_in_view_is_whole(market, open_as, width: int) -> None:
    page = open_as(market)
    page.set_viewport_size({"width": width, "height": 900})
    for name, address in (("vacancies", page.url), ("people", reverse("matching:for_vacancy", args=[market[2]]))):
        page.goto(address)
        if width >= 1100:
            page.locator("[data-row] [data-open]").first.click()
            expect(page.locator("#naast h2")).to_be_focused()
        keep(page, f"open-{name}-{width}")
        room = page.locator(".matches .table-wrap").evaluate("wrap => wrap.clientWidth - wrap.scrollWidth")
        assert room >= 0, f"{name}: {-room} pixels are out of view"
        title = page.locator("[data-row] th").first.bounding_box()
        assert title["width"] >= 180
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_without_a_script_every_row_can_still_be_kept_and_opened(market, open_as) -> None:
    page = open_as(market, java_script_enabled=False)
    row = page.locator("[data-row]").nth(4)
    row.locator(".star").click()
    page.wait_for_url("**/shortlist/")
    page.go_back()
    row.locator("[data-open]").click()
    page.wait_for_url("**/waarom/")
