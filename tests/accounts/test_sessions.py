"""The session's end is known beforehand and can be put off."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts import actions, sessions
from accounts.actions import Capacity
from accounts.models import Region, Role, User
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
    assert client.get(reverse("demo:home")).context["session_seconds"] == 0


def test_reading_doesnt_keep_a_session_alive(client):
    client.force_login(person(Role.FRONTOFFICE))
    assert "sessionid" not in client.get(reverse("accounts:profile")).cookies


def test_no_click_keeps_somebody_longer_than_a_working_day(client, settings, monkeypatch):
    client.force_login(person(Role.FRONTOFFICE))
    began = sessions.time.time()
    for hours in (7, 11, 11.9):
        monkeypatch.setattr(sessions.time, "time", lambda hours=hours: began + hours * 3600)
        assert client.post(reverse("accounts:keep_alive")).status_code == 200
    monkeypatch.setattr(sessions.time, "time", lambda: began + settings.SESSION_LONGEST_HOURS * 3600 + 1)
    assert client.post(reverse("accounts:keep_alive")).url.startswith("/inloggen/")
    assert "_auth_user_id" not in client.session


def test_a_session_that_ended_by_itself_opens_nothing(client, settings, monkeypatch):
    """Whatever was done meanwhile with that session, such as a message that was put in it."""
    client.force_login(person(Role.FRONTOFFICE))
    began = sessions.time.time()
    monkeypatch.setattr(sessions.time, "time", lambda: began + settings.SESSION_COOKIE_AGE + 1)
    assert client.get(reverse("accounts:profile")).url.startswith("/inloggen/")


def test_a_session_of_before_being_shut_out_never_lives_again(client):
    beheerder, user = person(Role.BEHEERDER), person(Role.FRONTOFFICE)
    client.force_login(user)
    actions.deactivate_user(user, by=beheerder)
    actions.reactivate_user(user, by=beheerder)
    assert client.get(reverse("accounts:profile")).url.startswith("/inloggen/")


def test_another_role_begins_with_logging_in(client):
    beheerder, user = person(Role.BEHEERDER), person(Role.FRONTOFFICE)
    for change in (
        lambda: actions.add_membership(user, Capacity(Role.BACKOFFICE, region=Region.objects.first()), by=beheerder),
        lambda: actions.remove_membership(user.memberships.first(), by=beheerder),
        lambda: user.memberships.all().delete(),
    ):
        user.refresh_from_db()
        client.force_login(user)
        assert client.get(reverse("accounts:profile")).status_code == 200
        change()
        assert client.get(reverse("accounts:profile")).url.startswith("/inloggen/")


def test_a_new_password_ends_every_other_session(client):
    user = User.objects.create_user("els@topjob.example", "Els Vos", "een heel lang wachtwoord")
    other = Client()
    for browser in (client, other):
        browser.post("/inloggen/", {"login": user.email, "password": "een heel lang wachtwoord"})
    new = {"password1": "een ander lang wachtwoord", "password2": "een ander lang wachtwoord"}
    client.post(reverse("account_change_password"), {"oldpassword": "een heel lang wachtwoord", **new})
    assert client.get(reverse("accounts:profile")).status_code == 200
    assert other.get(reverse("accounts:profile")).url.startswith("/inloggen/")


def test_a_stale_copy_of_somebody_does_not_bring_a_session_back(client):
    user = person(Role.FRONTOFFICE)
    stale = User.objects.get(pk=user.pk)
    client.force_login(user)
    actions.deactivate_user(user, by=person(Role.BEHEERDER))
    stale.save()  # is active in this copy, and has the old number
    assert client.get(reverse("accounts:profile")).url.startswith("/inloggen/")
