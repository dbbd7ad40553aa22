"""Light, dark and high contrast, roomy and compact: chosen by a button, kept by the browser, drawn by the server."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import Role
from tests.accounts.people import person
from topjob import look

ROOT = Path(settings.BASE_DIR)
STYLES = sorted((ROOT / "static/css").glob("*.css"))
THEME = (ROOT / "frontend/_theme.scss").read_text()
COLOUR = re.compile(
    r"#[0-9a-fA-F]{3,8}\b|\b(?:rgba?|hsla?|oklch|color-mix)\(|:\s*(?:white|black|red|green|blue|gr[ae]y)\b"
)


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.stem)
def test_colours_stand_in_the_theme_only(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    assert COLOUR.findall(text) == []
    assert set(re.findall(r"var\((--tj-[\w-]+)", text)) <= set(re.findall(r"(--tj-[\w-]+):", THEME))


def test_no_template_paints() -> None:
    """Drawings take their colour from a class."""
    painted = re.compile(r'\b(?:fill|stroke)="(?!none|currentColor)')
    templates = [path for path in (ROOT / "templates").rglob("*.html") if "/documents/" not in str(path)]
    assert [path.name for path in templates if painted.search(path.read_text())] == []


@pytest.mark.django_db
def test_a_look_is_chosen_by_a_button_and_stays() -> None:
    client = Client()
    client.force_login(person(Role.FRONTOFFICE))
    address = reverse("accounts:profile")
    assert '<html lang="nl">' in client.get(address).content.decode()
    before = {"referer": f"http://testserver{address}"}
    answer = client.post(reverse("accounts:look"), {"theme": "dark"}, headers=before)
    assert answer.url == before["referer"] and answer.cookies[look.COOKIE]["httponly"]
    client.post(reverse("accounts:look"), {"density": "compact"})
    page = client.get(address).content.decode()
    assert '<html lang="nl" data-theme="dark" data-density="compact">' in page
    assert '<button type="submit" name="theme" value="dark" aria-pressed="true">' in page
    assert '<button type="submit" name="theme" value="light" aria-pressed="false">' in page
    client.post(reverse("accounts:look"), {"theme": "system"})
    assert '<html lang="nl" data-density="compact">' in client.get(address).content.decode()


@pytest.mark.django_db
def test_a_portal_and_the_login_page_have_the_look_too() -> None:
    client = Client()
    client.cookies[look.COOKIE] = "theme-dark.contrast-more"
    assert (
        '<html lang="nl" data-theme="dark" data-contrast="more">'
        in client.get(reverse("account_login")).content.decode()
    )


@pytest.mark.django_db
def test_nobody_is_sent_elsewhere_by_it() -> None:
    client = Client()
    client.force_login(person(Role.FRONTOFFICE))
    assert (
        client.post(reverse("accounts:look"), {"theme": "dark"}, headers={"referer": "https://evil.example/"}).url
        == "/"
    )


@pytest.mark.parametrize(
    "said", ["", "theme", "theme-pink", 'theme-"><script>', "size-huge.theme-", "theme-system", "theme-dark-dark"]
)
def test_what_we_dont_know_of_a_look_counts_for_nothing(said: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES[look.COOKIE] = said
    assert look.chosen(request) == {}
