"""The staff's daily screens in a real browser: no sideways emptiness, targets big enough, paper without what is typed in."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.trajectories.conftest import make_company, make_walk, walk_to

pytestmark = pytest.mark.browser
WIDTHS = (320, 768, 1280)


@pytest.fixture(scope="module")
def case(live_stack):
    """Somebody who works, whose arrangements for the employer can be recorded."""
    with live_stack.orm():
        walk = walk_to(make_walk(factories.team()), make_company(), "LEERWERK")
        return walk.trajectory.pk, walk.team.personnel, walk.team.regisseur


@pytest.fixture
def open_as(new_page, live_stack):
    def go(user, address: str, width: int = 1280):
        page = new_page(viewport={"width": width, "height": 900})
        with live_stack.orm():
            client = Client()
            client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_stack.base_url}])
        page.goto(address)
        return page

    return go


@pytest.mark.parametrize("width", WIDTHS)
def test_the_board_scrolls_only_inside_itself(open_as, case, width: int) -> None:
    page = open_as(case[2], reverse("trajectories:list") + "?weergave=bord", width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    last = page.evaluate(
        "(() => { const b = document.querySelector('.board'), s = [...b.querySelectorAll('section')].pop();"
        "return b.scrollWidth - (s.offsetLeft + s.offsetWidth) })()"
    )
    assert last < 40, "the board ends where its last column ends"


def test_every_target_of_the_arrangements_is_big_enough(open_as, case) -> None:
    page = open_as(case[1], reverse("trajectories:money", args=[case[0]]), 320)
    script = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    page.evaluate(script)
    found = page.evaluate("axe.run({runOnly: ['target-size']})")
    assert found["violations"] == [] and found["passes"]


def test_a_printed_case_holds_no_form_to_fill_in(open_as, case) -> None:
    page = open_as(case[2], reverse("trajectories:detail", args=[case[0]]))
    assert page.locator("#notitie form").is_visible()
    page.emulate_media(media="print")
    assert not page.locator("#notitie form").is_visible() and page.locator("main form:visible").count() == 0


def test_a_note_by_key_comes_back_to_its_row_and_is_undone_by_key(open_as, case, live_stack) -> None:
    page = open_as(case[2], reverse("trajectories:list"))
    page.keyboard.press("j")
    row = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("n")
    page.locator(".row-form [name=notes]:focus").wait_for()
    page.keyboard.type("Belt morgen terug.")
    page.keyboard.press("Enter")
    page.locator("#meldingen .tj-toast", has_text="opgeslagen").wait_for()
    assert page.evaluate("document.activeElement.textContent") == row, "the focus is on the row it was on"
    page.keyboard.press("z")
    page.locator("#meldingen", has_text="De notitie is teruggenomen.").wait_for()


def test_a_card_says_why_it_cant_go_where_it_is_dropped_and_else_opens_the_step(open_as, case) -> None:
    page = open_as(case[2], reverse("trajectories:list") + "?weergave=bord")
    card = page.locator("[data-column=LEERWERK] [data-card]").first
    card.drag_to(page.locator("[data-column=EVALUATIE]"))
    card.locator(".card-moves", has_text="gaat niemand rechtstreeks naar “Evaluatie”").wait_for()
    card.drag_to(page.locator("[data-column=LEERWERK] + [data-column]"))
    page.wait_for_url("**/stap/finish_training/")
