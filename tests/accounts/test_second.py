"""The second factor: its own limit, asked of staff from a day on; and showing anew who one is."""

from __future__ import annotations

import re
from datetime import date

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.totp.internal.auth import yield_hotp_counters_from_time as counters
from django.test import Client
from django.urls import reverse

from accounts import second
from accounts.models import LawSetting, Role, User
from candidates.views.file import shows_bsn
from demo import people
from tests.accounts.people import PASSWORD, person
from topjob import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret(fenna: User) -> str:
    """What her app makes codes from."""
    key = generate_totp_secret()
    TOTP.activate(fenna, key)
    RecoveryCodes.activate(fenna)
    return key


@pytest.fixture
def required(settings) -> None:
    settings.SECOND_FACTOR_FROM = clock.today()


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(counters()))))


def first_step(user: User, address: str = "10.0.0.1") -> Client:
    client = Client(REMOTE_ADDR=address)
    answer = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 429 or answer.url == reverse("mfa_authenticate")
    return client


def second_step(client: Client, code: str) -> int:
    return client.post(reverse("mfa_authenticate"), {"code": code}).status_code


# --- guessing -------------------------------------------------------------------------------------------------------


def test_after_five_wrong_codes_the_right_one_waits(fenna: User, secret: str) -> None:
    client = first_step(fenna)
    assert [second_step(client, "000000") for _guess in range(5)] == [200] * 4 + [429]
    assert second_step(client, code_of(secret)) == 429
    assert "_auth_user_id" not in client.session


def test_starting_again_or_elsewhere_gives_few_more_guesses(fenna: User, secret: str) -> None:
    """150 guesses in 13 seconds were possible, and the next one could be right."""
    looked_at = 0
    for number in range(15):
        client = first_step(fenna, f"10.0.0.{number}")
        looked_at += [second_step(client, "000000") for _guess in range(3)].count(200)
    assert looked_at < 10
    assert second_step(first_step(fenna, "10.0.9.9"), code_of(secret)) == 429


def test_a_right_code_logs_in_and_works_once(fenna: User, secret: str) -> None:
    code = code_of(secret)
    assert second_step(first_step(fenna), code) == 302
    assert second_step(first_step(fenna), code) == 200


def test_a_recovery_code_logs_in_when_the_phone_is_lost(fenna: User, secret: str) -> None:
    code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    assert second_step(first_step(fenna), code) == 302
    assert second_step(first_step(fenna), code) == 200


@pytest.mark.parametrize("typed", [{}, {"code": ""}, {"code": "x" * 500}, {"credential": "onzin"}])
def test_what_is_no_code_breaks_nothing(fenna: User, secret: str, typed: dict[str, str]) -> None:
    assert first_step(fenna).post(reverse("mfa_authenticate"), typed).status_code == 200


def test_what_codes_are_made_from_is_not_kept_readable(fenna: User, secret: str) -> None:
    rows = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in rows
    assert not re.search(r"\b\d{8}\b", rows)


# --- required -------------------------------------------------------------------------------------------------------


def test_staff_switch_it_on_before_anything_else(required: None, fenna: User) -> None:
    client = Client()
    client.force_login(fenna)
    for name in ("candidates:registrations", "accounts:profile"):
        page = client.get(reverse(name), follow=True)
        assert page.redirect_chain == [(reverse("mfa_index"), 302)]
        assert "Zet eerst inloggen in twee stappen aan." in page.content.decode()
    TOTP.activate(fenna, generate_totp_secret())
    assert client.get(reverse("accounts:profile")).status_code == 200


def test_switching_it_off_again_ends_working(required: None, fenna: User, secret: str) -> None:
    client = first_step(fenna)
    second_step(client, code_of(secret))
    assert client.get(reverse("accounts:profile")).status_code == 200
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("mfa_deactivate_totp"))
    assert not second.is_on(fenna)
    assert client.get(reverse("accounts:profile")).url == reverse("mfa_index")


def test_not_before_its_day_and_not_of_others(settings, fenna: User) -> None:
    settings.SECOND_FACTOR_FROM = date(2030, 1, 1)
    client = Client()
    client.force_login(fenna)
    assert client.get(reverse("accounts:profile")).status_code == 200
    settings.SECOND_FACTOR_FROM = date(2020, 1, 1)
    client.force_login(person(Role.KANDIDAAT))
    assert client.get(reverse("accounts:profile")).status_code == 200


def test_one_login_of_the_demo_shows_it(client: Client) -> None:
    made = people.make_staff()
    client.post(reverse("demo:login", args=[made["tweestappen"].pk]))
    assert client.get("/", follow=True).redirect_chain[-1][0] == reverse("mfa_index")
    TOTP.activate(made["tweestappen"], generate_totp_secret())
    client.logout()
    assert client.post(reverse("demo:login", args=[made["tweestappen"].pk])).url == "/inloggen/"
    client.post(reverse("demo:login", args=[made["regisseur"].pk]))
    assert client.get(reverse("accounts:profile")).status_code == 200


# --- anew -----------------------------------------------------------------------------------------------------------

ASKING = ["accounts:invite", "accounts:add_law_value", "accounts:export_log", "matching:weights"]


@pytest.mark.parametrize("name", ASKING)
def test_users_settings_and_exports_ask_anew_who_somebody_is(settings, name: str) -> None:
    settings.STEP_UP_MINUTES = 10
    beheerder = person(Role.BEHEERDER)
    beheerder.set_password(PASSWORD)
    beheerder.save()
    client = Client()
    client.force_login(beheerder)
    assert client.get(reverse("accounts:users")).status_code == 200
    asked = client.get(reverse(name))
    assert asked.url.startswith(reverse("account_reauthenticate"))
    assert client.post(asked.url, {"password": PASSWORD}).url == reverse(name)
    assert client.get(reverse(name)).status_code == 200


def test_it_is_asked_again_after_a_while_and_what_was_typed_stays(settings, monkeypatch) -> None:
    settings.STEP_UP_MINUTES = 10
    beheerder = person(Role.BEHEERDER)
    beheerder.set_password(PASSWORD)
    beheerder.save()
    client, page = Client(), reverse("accounts:invite")
    client.post(reverse("account_login"), {"login": beheerder.email, "password": PASSWORD})
    assert client.get(page).status_code == 200  # logging in was showing who one is
    now = second.clock.timezone.now().timestamp()
    monkeypatch.setattr("accounts.proving.time.time", lambda: now + 11 * 60)
    typed = {"name": "Nieuwe Collega", "email": "nieuw@topjob.example", "role": Role.BEHEERDER}
    asked = client.post(page, typed, HTTP_REFERER=f"http://testserver{page}")
    assert not User.objects.filter(email="nieuw@topjob.example").exists()
    shown = client.post(asked.url, {"password": PASSWORD}, follow=True).content.decode()
    assert 'value="Nieuwe Collega"' in shown and "Je moest eerst laten zien dat jij het bent." in shown


def test_of_a_file_only_where_a_bsn_stands(rf, settings) -> None:
    from tests.factories import CandidateFactory

    candidate = CandidateFactory()
    request = rf.get("/")
    request.user = person(Role.REGISSEUR)
    assert not shows_bsn(request, 987654321)
    LawSetting.objects.filter(key=LawSetting.Key.BSN_ALLOWED).update(value="nee")
    assert not shows_bsn(request, candidate.pk)
