"""The session's end is known beforehand and can be put off."""

import pytest
from django.urls import reverse

from accounts import sessions
from accounts.models import Role
from tests.accounts.people import person

pytestmark = pytest.mark.django_db


def test_logging_in_starts_the_time(client, settings):
    client.force_login(person(Role.FRONTOFFICE))
    page = client.get(reverse("accounts:profile"))
    assert settings.SESSION_COOKIE_AGE - 5 <= page.context["session_seconds"] <= settings.SESSION_COOKIE_AGE
    assert f'data-session-url="{reverse("accounts:keep_alive")}"' in page.content.decode()


def test_one_click_to_stay(client, settings, monkeypatch):
    client.force_login(person(Role.FRONTOFFICE))
    now = sessions.time.time()
    monkeypatch.setattr(sessions.time, "time", lambda: now + settings.SESSION_COOKIE_AGE - 60)
    assert client.get(reverse("accounts:profile")).context["session_seconds"] <= 60
    response = client.post(reverse("accounts:keep_alive"))
    assert response.json()["seconds"] > 60 and "sessionid" in response.cookies
    assert client.get(reverse("accounts:profile")).context["session_seconds"] > 60


def test_a_visitor_has_no_session_to_keep(client):
    assert client.post(reverse("accounts:keep_alive")).url.startswith("/inloggen/")
    assert client.get(reverse("accounts:demo")).context["session_seconds"] == 0


def test_reading_doesnt_keep_a_session_alive(client):
    client.force_login(person(Role.FRONTOFFICE))
    assert "sessionid" not in client.get(reverse("accounts:profile")).cookies
