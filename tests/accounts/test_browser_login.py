"""Logging in in a real browser with more than a password: a passkey, and an organisation's own account."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests import live
from tests.live import LiveStack
from tests.provider import account, running_provider

pytestmark = pytest.mark.browser
PASSWORD = "een heel lang wachtwoord"
MAKE = """
from accounts.models import Membership, Region, User
from topjob import clock
for name in ("fenna", "otto"):
    user = User.objects.create_user(f"{name}@raalte.example", f"{name.title()} Otten", %r)
    User.objects.filter(pk=user.pk).update(email_verified_at=clock.now())
    Membership.objects.create(user=user, role="frontoffice", region=Region.objects.first())
"""


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with running_provider() as address:
        yield address


@pytest.fixture(scope="module")
def live_stack(cluster, django_db_blocker, tmp_path_factory, issuer: str) -> Iterator[LiveStack]:
    """The product by the name under which browsers allow keys without TLS, with the organisation's provider."""
    client = {"OIDC_NAME": "Gemeente Raalte", "OIDC_CLIENT_ID": "topjob", "OIDC_CLIENT_SECRET": "geheim"}
    folder = tmp_path_factory.mktemp("stack")
    with live.running_stack(cluster, folder, host="localhost", OIDC_ISSUER=issuer, **client) as stack:
        stack.manage("shell", "-c", MAKE % PASSWORD)
        with django_db_blocker.unblock():
            yield stack


@pytest.fixture
def page(new_page):
    opened = new_page(viewport={"width": 320, "height": 740})
    opened.problems = []
    opened.on(
        "console", lambda message: "Content Security Policy" in message.text and opened.problems.append(message.text)
    )
    opened.on("pageerror", lambda error: opened.problems.append(str(error)))
    yield opened
    assert opened.problems == []


def log_in(page) -> None:
    page.goto("/inloggen/")
    page.locator("input[name=login]").fill("fenna@raalte.example")
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen", exact=True).click()


def looks_right(page) -> None:
    """Dutch, accessible, and within a telephone."""
    words = page.get_by_role("main").inner_text()
    assert not re.search(r"\b(security key|your|sign in|passwordless)\b", words, re.IGNORECASE), words
    assert [violation["id"] for violation in Axe().run(page).response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_adding_a_passkey_and_logging_in_with_it(page) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": kind | {"automaticPresenceSimulation": True}})
    log_in(page)
    page.goto("/account/2fa/")
    looks_right(page)
    page.get_by_role("link", name="Voeg een toegangssleutel toe").click()
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Ga verder").click()
    page.get_by_label("Naam").fill("mijn telefoon")
    looks_right(page)
    page.get_by_role("button", name="Maak de sleutel").click()
    page.get_by_role("heading", name="Herstelcodes").wait_for()
    page.goto("/account/2fa/")
    assert "mijn telefoon" in page.get_by_role("main").inner_text()
    looks_right(page)

    page.context.clear_cookies()
    log_in(page)
    page.get_by_role("heading", name="Inloggen, stap 2").wait_for()
    looks_right(page)
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject('weg') }")
    page.get_by_role("button", name="Gebruik je toegangssleutel").click()
    page.get_by_text("Het is niet gelukt.").wait_for()
    looks_right(page)
    page.reload()
    page.get_by_role("button", name="Gebruik je toegangssleutel").click()
    page.wait_for_url(lambda url: "/2fa/" not in url)
    page.goto("/account/")
    assert page.get_by_label("Naam").input_value() == "Fenna Otten"
    devtools.detach()


def test_there_and_back_by_the_organisations_own_login(page, issuer: str) -> None:
    account(issuer, "otto", email="otto@raalte.example", email_verified=True)
    account(issuer, "vreemd", email="vreemd@raalte.example", email_verified=True)
    page.goto("/inloggen/?next=/account/")
    looks_right(page)
    page.get_by_role("link", name="Inloggen met Gemeente Raalte").click()
    page.locator("input[name=sub]").fill("vreemd")
    page.get_by_role("button", name="Authorize", exact=True).click()
    page.get_by_role("heading", name="Inloggen is niet gelukt").wait_for()
    looks_right(page)
    page.get_by_role("link", name="Terug naar inloggen").click()
    page.get_by_role("link", name="Inloggen met Gemeente Raalte").click()
    page.locator("input[name=sub]").fill("otto")
    page.get_by_role("button", name="Authorize", exact=True).click()
    page.get_by_role("banner").get_by_text("Otto Otten").first.wait_for(state="attached")
    page.goto("/account/")
    assert page.get_by_label("Naam").input_value() == "Otto Otten"
