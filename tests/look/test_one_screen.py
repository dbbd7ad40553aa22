"""The forms that people use most are one screen: all that must be filled in and the button, without scrolling, at 1280 × 800."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from candidates.models import Registration
from tests import factories
from tests.trajectories.conftest import make_registration, make_walk

pytestmark = pytest.mark.browser
SIZE = {"width": 1280, "height": 800}
FOLDED = "details.fold"


@pytest.fixture(scope="module")
def pages(live_stack) -> dict[str, tuple]:
    """Who opens which form, of a case and a company of theirs."""
    with live_stack.orm():
        team = factories.team()
        walk, item = make_walk(team), make_registration(team)
        function, person = factories.FunctionFactory(), walk.candidate
        Registration.objects.filter(pk=item.pk).update(referrer_name="School")
        return {
            "registration": (team.frontoffice, "/aanmeldingen/nieuw/"),
            "change": (team.frontoffice, f"/aanmeldingen/{item.pk}/bewerken/"),
            "note": (team.regisseur, f"/trajecten/{walk.trajectory.pk}/notitie/"),
            "contact": (team.regisseur, f"/personen/{person.pk}/contact/"),
            "vacancy": (team.job_broker, f"/werkgevers/{function.employer_id}/vacatures/nieuw/"),
        }


@pytest.fixture
def open_as(live_stack, new_page):
    def opened(user, address: str, **options):
        with live_stack.orm():
            browser = Client()
            browser.force_login(user)
        page, name = new_page(**{"viewport": SIZE, **options}), settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": browser.cookies[name].value, "url": live_stack.base_url}])
        page.goto(address)
        return page

    return opened


@pytest.mark.parametrize("density", ["roomy", "compact"])
@pytest.mark.parametrize("name", ["registration", "note", "contact", "vacancy"])
def test_all_that_is_needed_and_the_button_are_in_view(pages, open_as, name: str, density: str) -> None:
    page = open_as(*pages[name])
    page.evaluate("density => document.documentElement.dataset.density = density", density)
    form = page.locator("main form.tj-form").last
    button = form.locator(".form-actions .btn-primary").bounding_box()
    assert button["y"] + button["height"] <= SIZE["height"]
    stuck = form.locator(".form-actions").evaluate("bar => getComputedStyle(bar).position") == "sticky"
    edge = form.locator(".form-actions").bounding_box()["y"] if stuck else SIZE["height"]
    fields = form.locator("input:visible, select:visible, textarea:visible")
    assert fields.count() >= 2
    for field in fields.all():
        box = field.bounding_box()
        assert box["y"] + box["height"] <= edge, field.get_attribute("name")
    assert form.locator(f"{FOLDED} [required]").count() == 0
    assert page.evaluate("window.scrollY") == 0


@pytest.mark.parametrize("name", ["registration", "vacancy"])
def test_on_a_phone_everything_is_one_column(pages, open_as, name: str) -> None:
    page = open_as(*pages[name], viewport={"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    lefts = page.locator("main form.tj-form :is(input[type=text], select):visible").evaluate_all(
        "fields => fields.map((field) => Math.round(field.getBoundingClientRect().left))"
    )
    assert len(set(lefts)) == 1


def test_a_fold_opens_by_itself_for_what_is_wrong_or_filled_in(pages, open_as) -> None:
    page = open_as(*pages["registration"])
    folds = page.locator(f"main form {FOLDED}")
    assert folds.evaluate_all("folds => folds.map((fold) => fold.open)") == [False, False, False]
    page.get_by_text("Adres", exact=True).click()
    page.get_by_label("Postcode").fill("1")
    page.get_by_text("Basis-zoekprofiel", exact=True).click()
    page.get_by_label("Uren per week").fill("24")
    page.get_by_role("button", name="Aanmelding opslaan").click()
    page.locator(".error-summary").wait_for()
    assert folds.evaluate_all("folds => folds.map((fold) => fold.open)") == [True, False, True]
    assert page.get_by_label("Postcode").get_attribute("aria-invalid") == "true"


def test_what_is_pressed_while_a_field_complains_stays_under_the_mouse(pages, open_as) -> None:
    """The complaint comes when the field is left, which pressing does; it makes the form longer once the mouse is up."""
    page = open_as(*pages["registration"])
    fold = page.get_by_text("Basis-zoekprofiel", exact=True)
    fold.scroll_into_view_if_needed()
    page.locator("[name=email]").fill("geen adres")
    before = fold.bounding_box()
    page.mouse.move(before["x"] + 5, before["y"] + 5)
    page.mouse.down()
    page.wait_for_timeout(600)
    assert fold.bounding_box() == before
    page.mouse.up()
    expect(page.locator("[name=email]")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Uren per week")).to_be_visible()


def test_a_registration_that_is_changed_shows_what_was_filled_in(pages, open_as) -> None:
    page = open_as(*pages["change"])
    assert page.locator(f"main form {FOLDED}").nth(1).evaluate("fold => fold.open")
    assert page.locator("#id_referrer_name").input_value() == "School"
