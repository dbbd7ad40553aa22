"""Letting somebody in, told in a real browser with a real worker: from the invitation to the first login."""

from datetime import timedelta

import pytest

pytestmark = pytest.mark.browser

BEHEER = [
    "/beheer/",
    "/beheer/gebruikers/",
    "/beheer/gebruikers/nieuw/",
    "/beheer/gebruikers/1/",
    "/beheer/regels/",
    "/beheer/regels/nieuw/",
    "/beheer/teksten/",
    "/beheer/teksten/startplan-1-bbl1/",
    "/beheer/teksten/startplan-1-bbl1/versie/1/",
    "/beheer/teksten/leerwerk/",
    "/beheer/teksten/loonwaarde/versie/1/",
    "/controle/",
    "/beheer/tabellen/",
    "/beheer/tabellen/branches/",
    "/beheer/tabellen/branches/nieuw/",
    "/beheer/logboek/",
    "/beheer/werk/",
    "/account/",
    "/demo/",
    "/demo/post/",
]


@pytest.fixture(scope="module")
def stack(whole_stack):
    whole_stack.manage("shell", "-c", "from demo.people import make_staff; make_staff()")
    return whole_stack


def log_in(page, name):
    page.goto("/demo/")
    page.get_by_role("button", name=f"Log in als {name}", exact=True).click()
    page.wait_for_url(lambda url: "/demo/" not in url)


def test_from_invitation_to_first_login(stack, new_page):
    beheerder = new_page()
    log_in(beheerder, "Bram Everts")
    beheerder.goto("/beheer/gebruikers/")
    beheerder.get_by_role("link", name="Gebruiker uitnodigen").click()
    beheerder.get_by_label("Naam").fill("Nora Nieuw")
    beheerder.get_by_label("E-mailadres").fill("nora@raalte.example")
    beheerder.get_by_label("Rol").select_option("opdrachtgever")
    organisation = beheerder.get_by_label("Organisatie")
    organisation.press_sequentially("raalte", delay=20)
    suggestion = beheerder.locator("#id_organisation_options option").first
    suggestion.wait_for(state="attached")
    organisation.fill(suggestion.get_attribute("value"))
    beheerder.get_by_role("button", name="Uitnodigen").click()
    beheerder.get_by_role("heading", name="Nora Nieuw").wait_for()
    assert "Gemeente Raalte" in beheerder.get_by_role("main").inner_text()
    stack.wait_for_mail("nora@raalte.example")

    nora = new_page(viewport={"width": 360, "height": 740})
    nora.goto("/demo/post/?to=nora")
    nora.get_by_role("link", name="Een account bij Top Job").click()
    nora.get_by_role("link", name="/account/password/reset/key/").click()
    fields = nora.locator("input[type=password]")
    fields.nth(0).fill("een-heel-lang-woord-77")
    fields.nth(1).fill("een-heel-lang-woord-77")
    nora.locator("main button[type=submit]").first.click()
    nora.wait_for_url(lambda url: "set-password" not in url)
    nora.goto("/inloggen/")
    nora.locator("input[name=login]").fill("nora@raalte.example")
    nora.locator("input[name=password]").fill("een-heel-lang-woord-77")
    nora.locator("main button[type=submit]").first.click()
    nora.wait_for_url(lambda url: "/inloggen/" not in url)
    nora.goto("/account/")
    assert nora.get_by_label("Naam").input_value() == "Nora Nieuw"


def test_the_clock_moves_for_the_whole_product(stack, new_page):
    page, before = new_page(), stack.today()
    page.goto("/demo/")
    page.get_by_role("button", name="+ week").click()
    page.get_by_text("Het is nu").wait_for()
    assert stack.today() == before + timedelta(days=7)


def test_what_is_searched_for_is_not_cut_within_a_letter(stack, new_page):
    """On a telephone "Zoek een persoon of werkgever" ended as "Zoek eer"."""
    page = new_page(viewport={"width": 320, "height": 640})
    log_in(page, "Bram Everts")
    overflow, room = page.locator("#zoek").evaluate(
        "field => [getComputedStyle(field).textOverflow, getComputedStyle(field).paddingRight]"
    )
    assert overflow == "ellipsis"
    assert float(room.removesuffix("px")) < 16  # no keys are shown there
