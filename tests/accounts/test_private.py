"""What somebody with a session gets is kept by no browser and no proxy, files and refusals included."""

import pytest
from django.urls import reverse

from accounts.access import BEHEERDER
from tests.test_repository import own_routes, rule_of

pytestmark = pytest.mark.django_db


def test_no_page_within_a_session_may_be_kept(browser):
    """Every page of the beheerder, and what doesn't exist."""
    paths = [route.path for route in own_routes() if rule_of(route.view) is BEHEERDER]
    kept = [
        path for path in [*paths, "/bestaat-niet/", "/"] if "no-store" not in browser.get(path).get("Cache-Control", "")
    ]
    assert len(paths) > 20 and kept == []


def test_the_profile_and_a_public_page_within_a_session_may_not_be_kept_either(browser):
    for name in ("accounts:profile", "matching:how_it_works"):
        assert "no-store" in browser.get(reverse(name))["Cache-Control"]


def test_without_a_session_a_public_page_says_nothing_about_it(client):
    assert "no-store" not in client.get(reverse("matching:how_it_works")).get("Cache-Control", "")


def test_static_files_may_be_kept_by_whoever_is_logged_in(browser):
    assert "no-store" not in browser.get("/static/bestaat-niet.css").get("Cache-Control", "")
