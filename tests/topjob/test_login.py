"""Logging in through allauth, with axes counting what went wrong."""

import pytest
from axes.models import AccessAttempt
from django.conf import settings

from accounts.models.people import User

PASSWORD = "een lang wachtwoord 42"


@pytest.fixture
def user(db):
    return User.objects.create_user(email="anna@topjob.example", name="Anna de Boer", password=PASSWORD)


def log_in(client, password, address="127.0.0.1"):
    return client.post("/inloggen/", {"login": "anna@topjob.example", "password": password}, REMOTE_ADDR=address)


def test_the_right_password_logs_in(client, user):
    response = log_in(client, PASSWORD)
    assert response.status_code == 302
    assert response.url == settings.LOGIN_REDIRECT_URL
    assert client.session["_auth_user_id"] == str(user.pk)


def test_after_five_wrong_passwords_the_right_one_waits(client, user):
    for _attempt in range(settings.AXES_FAILURE_LIMIT - 1):
        assert log_in(client, "fout").status_code == 200
    assert log_in(client, "fout").status_code == 429
    locked = log_in(client, PASSWORD)
    assert locked.status_code == 429
    assert "lockout.html" in [template.name for template in locked.templates]
    assert "_auth_user_id" not in client.session


def test_a_lock_out_does_not_reach_another_address(client, user):
    for _attempt in range(settings.AXES_FAILURE_LIMIT):
        log_in(client, "fout")
    assert log_in(client, PASSWORD, "127.0.0.2").status_code == 302
    assert not AccessAttempt.objects.filter(ip_address="127.0.0.2").exists()


def test_nobody_signs_up_by_themselves(client, db):
    response = client.post(
        "/account/signup/", {"email": "x@topjob.example", "password1": PASSWORD, "password2": PASSWORD}
    )
    assert "account/signup_closed.html" in [template.name for template in response.templates]
    assert not User.objects.filter(email="x@topjob.example").exists()


def test_there_is_one_address_for_logging_in(client, db):
    assert client.get("/account/login/?next=/x/").url == "/inloggen/?next=/x/"


@pytest.mark.parametrize("address", ["//[", "http://[", "//]/"])
@pytest.mark.parametrize("page", ["/inloggen/", "/uitloggen/", "/account/password/reset/"])
def test_an_address_to_go_to_that_is_none_breaks_nothing(client, db, page, address):
    assert client.get(page, {"next": address}).status_code < 400
    assert client.post(page, {"next": address, "login": "a@b.example", "email": "a@b.example"}).status_code < 400
