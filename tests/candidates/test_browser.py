"""In a real browser: registering without a mouse, R2 at once, a Foto that saves itself, the website on a phone."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
import pytest
from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.test import Client

from accounts.models import Role, User
from candidates.models import Candidate, LifeArea, LifeSnapshot, Registration
from tests.factories import CandidateFactory, RegistrationFactory, candidate_user, client, staff, team
from tests.trajectories.conftest import make_walk
from topjob import clock

pytestmark = pytest.mark.browser
PHONE = {"width": 320, "height": 640}


@pytest.fixture
def open_as(live_stack, new_page):
    """A page of somebody who is logged in."""

    def opened(user: User, **options):
        with live_stack.orm():
            browser = Client()
            browser.force_login(user)
        page = new_page(**options)
        value = browser.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_stack.base_url}])
        return page

    return opened


def axe(page) -> list[str]:
    """What axe finds wrong on this page."""
    script = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    page.evaluate(script)
    found = page.evaluate("axe.run()")["violations"]
    return [f"{item['id']}: {[node['target'] for node in item['nodes']][:3]}" for item in found]


def test_register_by_keyboard_with_the_verdict_at_once(live_stack, open_as) -> None:
    with live_stack.orm():
        user = staff(Role.FRONTOFFICE)
        payer = client(name="Gemeente Verweggistan")
    page = open_as(user)
    page.goto("/aanmeldingen/nieuw/")
    keys = page.keyboard
    born = clock.today() - relativedelta(years=17)
    first, last, date_parts = (
        page.locator("#id_first_name"),
        page.locator("#id_last_name"),
        page.locator("#id_birth_date"),
    )
    assert first.evaluate("field => field === document.activeElement")
    keys.type("Noor")
    keys.press("Tab")
    keys.type("van der")
    keys.press("Tab")
    assert last.evaluate("field => field === document.activeElement")
    keys.type("Toetsenbord")
    keys.press("Tab")
    date_parts.fill(born.isoformat())
    page.locator("#id_phone").focus()
    keys.type("0612345678")
    page.locator("#id_situation").select_option("thuis")
    page.locator("#id_wish").select_option("leerwerkplek")
    page.locator("#id_client").press_sequentially("verweg")
    page.wait_for_selector("#id_client_options option[value^='Gemeente Verweggistan']", state="attached")
    page.locator("#id_target_group").select_option(label="Jongere zonder uitkering")
    page.locator("#past .tone-bad").wait_for()
    page.locator("#id_wants_project").focus()
    keys.press("Space")
    page.locator("#past .tone-good").wait_for()
    page.locator("#id_motivation").fill("Ik wil leren straten maken.")
    page.locator("button:has-text('Aanmelding opslaan')").focus()
    keys.press("Enter")
    page.locator("h1:has-text('Noor van der Toetsenbord')").wait_for()
    with live_stack.orm():
        item = Registration.objects.get(candidate__last_name="Toetsenbord")
        assert (item.client_id, item.wants_project, item.created_by) == (payer.pk, True, user)


def test_the_foto_saves_itself(live_stack, open_as) -> None:
    with live_stack.orm():
        user, person, area = staff(Role.REGISSEUR), CandidateFactory(), LifeArea.objects.first()
    page = open_as(user)
    page.goto(f"/personen/{person.pk}/foto/")
    field = page.locator(f"#id_gebied-{area.pk}-present")
    field.fill("Woont bij een oom\nen een tante")
    page.locator("[data-autosave-status]:has-text('opgeslagen')").wait_for()
    field.press_sequentially(" in Raalte")
    page.wait_for_function("document.querySelector('[data-autosave-status]').textContent.includes('opgeslagen')")

    def stored() -> bool:
        with live_stack.orm():
            return LifeSnapshot.objects.filter(candidate=person, present__endswith="Raalte").exists()

    live_stack.wait_until(stored, "opgeslagen Foto")
    page.reload()
    assert field.input_value() == "Woont bij een oom\nen een tante in Raalte"


def test_the_website_on_a_phone(live_stack, new_page) -> None:
    page = new_page(viewport=PHONE, bypass_csp=True)
    page.goto("/aanmelden/")
    assert axe(page) == []
    page.locator("button:has-text('Aanmelden')").click()
    assert page.locator(".error-summary").evaluate("box => box === document.activeElement")
    assert page.title().startswith("Fout:")
    page.locator("#id_first_name").fill("Jip")
    page.locator("#id_last_name").fill("Telefoon")
    page.locator("#id_birth_date").fill((clock.today() - relativedelta(years=19)).isoformat())
    page.locator("#id_phone").fill("0687654321")
    page.locator("#id_region").select_option(index=1)
    page.locator("#id_situation").select_option("school")
    page.locator("#id_wish").select_option("stage")
    page.locator("#id_motivation").fill("Ik wil leren.")
    page.locator("#id_consent").check()
    page.locator("button:has-text('Aanmelden')").click()
    page.locator("h1:has-text('Bedankt')").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    with live_stack.orm():
        assert Registration.objects.open().filter(candidate__last_name="Telefoon", source="website").count() == 1


def test_a_second_registration_is_compared_and_hung_on_the_file_that_is_there(live_stack, open_as) -> None:
    """From the registration to one file and back to two, without a script where none is needed."""
    with live_stack.orm():
        user = staff(Role.FRONTOFFICE)
        known = CandidateFactory(first_name="Zoë", last_name="Bergkamp-Dossier", city="Wijhe", email="")
        RegistrationFactory(candidate=known, status="AFGEWEZEN", end_reason="Verhuisd.", ended_at=clock.now())
        again = {
            "first_name": "Zoe",
            "last_name": "Bergkamp - Dossier",
            "birth_date": known.birth_date,
            "city": "Zwolle",
        }
        item = RegistrationFactory(candidate=CandidateFactory(**again), source="website")
    page = open_as(user, viewport=PHONE)
    page.goto(f"/aanmeldingen/{item.pk}/")
    page.get_by_role("link", name="Vergelijk en beslis").click()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("link", name="Dezelfde persoon: zet bij dit dossier").click()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("radio", name="Zwolle").check()
    page.get_by_role("button", name="Samenvoegen").click()
    page.get_by_role("link", name="Ongedaan maken").wait_for()
    with live_stack.orm():
        assert Registration.objects.get(pk=item.pk).candidate == known
    page.goto(f"/personen/{item.candidate_id}/")
    assert page.url.endswith(f"/personen/{known.pk}/")
    assert page.get_by_text("Zwolle").count() > 0
    page.get_by_role("link", name="Samenvoegen").click()
    page.get_by_role("link", name="Ongedaan maken").click()
    page.get_by_role("button", name="Ongedaan maken").click()
    page.wait_for_url(f"**/personen/{item.candidate_id}/")
    with live_stack.orm():
        assert Registration.objects.get(pk=item.pk).candidate_id == item.candidate_id


@pytest.mark.parametrize("size", [PHONE, {"width": 1280, "height": 800}], ids=["phone", "desk"])
def test_who_sees_what_is_read_on_any_screen(live_stack, open_as, size: dict) -> None:
    """By the person with the names of the own guides, and by the beheerder (decision 28)."""
    with live_stack.orm():
        walk = make_walk(team())
        youth = candidate_user()
        Candidate.objects.filter(pk=walk.candidate.pk).update(user=youth, phone="")  # others here register that number
        guide, beheerder = walk.team.regisseur.name, staff(Role.BEHEERDER)
    for user, address, words in ((youth, "/mijn/wie-ziet-wat/", guide), (beheerder, "/beheer/wie-ziet-wat/", "BSN")):
        page = open_as(user, viewport=size)
        page.goto(address)
        assert words in page.locator("main").inner_text()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert axe(page) == []
