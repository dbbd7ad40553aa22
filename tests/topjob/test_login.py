"""Logging in through allauth: who has to wait after wrong passwords, and who hasn't."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from accounts.models.people import User
from topjob import clock

PASSWORD = "een lang wachtwoord 42"
ANNA, BRAM = "anna@topjob.example", "bram@topjob.example"


@pytest.fixture
def user(db):
    return User.objects.create_user(email=ANNA, name="Anna de Boer", password=PASSWORD)


@pytest.fixture
def colleague(db):
    return User.objects.create_user(email=BRAM, name="Bram Smit", password=PASSWORD)


def log_in(client, password, address="127.0.0.1", email=ANNA, **headers):
    return client.post("/inloggen/", {"login": email, "password": password}, REMOTE_ADDR=address, **headers)


def guess(times, address="127.0.0.1", email=ANNA, **headers):
    """Wrong passwords, each from a browser without anything; the answers."""
    return [log_in(Client(), "fout", address, email, **headers).status_code for _try in range(times)]


def test_the_right_password_logs_in(client, user):
    response = log_in(client, PASSWORD)
    assert response.status_code == 302
    assert response.url == settings.LOGIN_REDIRECT_URL
    assert client.session["_auth_user_id"] == str(user.pk)


def test_after_five_wrong_passwords_the_right_one_waits(client, user):
    assert guess(5) == [200, 200, 200, 200, 429]
    locked = log_in(client, PASSWORD)
    assert locked.status_code == 429
    assert locked["Retry-After"] == "900"
    assert "lockout.html" in [template.name for template in locked.templates]
    assert "over 15 minuten" in locked.content.decode()
    assert "_auth_user_id" not in client.session


def test_after_waiting_somebody_comes_in(client, user):
    with clock.at(clock.today(), 9):
        guess(5)
        assert log_in(client, PASSWORD).status_code == 429
    with clock.at(clock.today(), 10):
        assert log_in(client, PASSWORD).status_code == 302


def test_a_right_password_makes_up_for_wrong_ones(client, user):
    guess(4)
    log_in(client, PASSWORD)
    assert guess(4) == [200] * 4


def test_a_lock_out_does_not_reach_another_address(client, user):
    guess(5)
    assert log_in(client, PASSWORD, "127.0.0.2").status_code == 302


def test_a_lock_out_does_not_reach_a_colleague_at_the_same_address(client, user, colleague):
    guess(7)
    assert log_in(client, PASSWORD, email=BRAM).status_code == 302


def test_names_nobody_has_lock_nobody_out_and_get_the_same_answers(client, user):
    assert guess(6, email="niemand@elders.example") == guess(6, "127.0.0.9")
    pages = [log_in(Client(), "fout", "127.0.0.8", email) for email in (ANNA, "iemand@elders.example")]
    words = [page.content.decode().split("error-summary")[1].split("</div>")[0] for page in pages]
    assert words[0].replace(ANNA, "") == words[1].replace("iemand@elders.example", "")
    assert log_in(client, PASSWORD).status_code == 302


def test_capitals_make_no_other_account(user):
    assert [log_in(Client(), "fout", email=name).status_code for name in (ANNA, ANNA.upper()) * 3][-2:] == [429, 429]


def test_thirty_two_guesses_from_eight_addresses_lock_the_account(client, user):
    answers = [answer for number in range(8) for answer in guess(4, f"10.0.0.{number}")]
    assert answers.count(200) < 10
    assert log_in(client, PASSWORD, "10.0.1.1").status_code == 429


def test_the_pause_of_an_account_grows(user):
    moments = []
    with clock.at(clock.today(), 9):
        for number in range(9):
            guess(1, f"10.0.0.{number}")
        for number in range(3):
            with pytest.MonkeyPatch.context() as patch:
                later = clock.now() + timedelta(minutes=sum(moments) + number)
                patch.setattr(clock, "now", lambda later=later: later)
                answer = log_in(Client(), "fout", f"10.0.1.{number}")
            moments.append(round(int(answer["Retry-After"]) / 60))
    assert moments == [1, 2, 4]


def test_a_colleague_is_not_shut_out_by_somebody_who_guesses(client, user):
    """On the device where Anna logged in before, what strangers do doesn't count; not even from her own address."""
    log_in(client, PASSWORD)
    client.post("/uitloggen/")
    for number in range(8):
        guess(5, f"10.0.0.{number}")
    guess(5)
    assert log_in(client, PASSWORD).status_code == 302


def test_a_device_has_its_own_limit(client, user):
    log_in(client, PASSWORD)
    client.post("/uitloggen/")
    assert [log_in(client, "fout", f"10.0.0.{number}").status_code for number in range(5)] == [200] * 4 + [429]
    assert log_in(client, PASSWORD).status_code == 429


def test_a_device_of_somebody_else_or_a_made_up_one_counts_for_nothing(client, user, colleague):
    log_in(client, PASSWORD, email=BRAM)
    client.post("/uitloggen/")
    answers = [log_in(client, "fout", f"10.0.0.{number}").status_code for number in range(12)]
    client.cookies["toestel"] = "eyJhIjoiYiJ9:1x:nep"
    answers.append(log_in(client, PASSWORD, "10.0.3.1").status_code)
    assert answers[-3:] == [429] * 3


def test_a_new_password_by_mail_opens_the_account_on_that_device(client, user):
    from accounts.mails import password_link

    for number in range(8):
        guess(5, f"10.0.0.{number}")
    assert log_in(client, PASSWORD, "10.0.1.1").status_code == 429
    page = client.get(password_link(user).removeprefix(settings.SITE_URL), follow=True)
    new = "een ander lang wachtwoord"
    client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert log_in(client, new, "10.0.1.1").status_code == 302


def test_behind_a_proxy_each_visitor_is_counted_apart(client, user, settings):
    """One honest entry, as the proxy sets it: five wrong logins of one person lock nobody else out."""
    settings.PROXY_COUNT = 1
    guess(6, "172.16.0.2", HTTP_X_FORWARDED_FOR="198.51.100.7")
    answer = log_in(client, PASSWORD, "172.16.0.2", HTTP_X_FORWARDED_FOR="198.51.100.8")
    assert answer.status_code == 302


def test_made_up_entries_give_no_more_tries(user, settings):
    settings.PROXY_COUNT = 1
    answers = [
        log_in(Client(), "fout", "172.16.0.2", HTTP_X_FORWARDED_FOR=f"9.9.9.{number}, 5.5.5.5").status_code
        for number in range(6)
    ]
    assert answers == [200] * 4 + [429] * 2


def test_guesses_at_the_same_moment_are_all_counted(own_database):
    """Counted before the password is looked at, in rows that all processes share."""
    User.objects.create_user(email=ANNA, name="Anna de Boer", password=PASSWORD)
    answers: list[int] = []

    def guess_here() -> None:
        try:
            answers.extend(guess(2))
        finally:
            connection.close()

    threads = [threading.Thread(target=guess_here) for _thread in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count(200) <= 4


def test_there_is_one_address_for_logging_in(client, db):
    assert client.get("/account/login/?next=/x/").url == "/inloggen/?next=/x/"


@pytest.mark.parametrize("address", ["//[", "http://[", "//]/"])
@pytest.mark.parametrize("page", ["/inloggen/", "/uitloggen/", "/account/password/reset/"])
def test_an_address_to_go_to_that_is_none_breaks_nothing(client, db, page, address):
    assert client.get(page, {"next": address}).status_code < 400
    assert client.post(page, {"next": address, "login": "a@b.example", "email": "a@b.example"}).status_code < 400
