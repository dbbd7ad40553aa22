"""Logging in, forgetting a password, two steps: the library's pages in our frame and in Dutch."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from topjob import outbox
from topjob.models import OutboxMessage

pytestmark = pytest.mark.django_db
PASSWORD = "een heel lang wachtwoord"


@pytest.fixture
def user() -> User:
    return User.objects.create_user("marieke@topjob.example", "Marieke Jansen", PASSWORD)


def title_of(response) -> str:
    text = re.search(r"<title>(.*?)</title>", response.content.decode(), re.S).group(1)
    return " ".join(text.split())


def test_a_wrong_password_is_said_at_the_top_and_in_the_title(client: Client, user: User) -> None:
    response = client.post(reverse("account_login"), {"login": user.email, "password": "verkeerd wachtwoord"})
    assert title_of(response).startswith("Fout: Inloggen")
    assert 'class="error-summary"' in response.content.decode()


def test_after_too_many_wrong_passwords_the_page_says_what_to_do(client: Client, user: User) -> None:
    for _attempt in range(6):
        response = client.post(reverse("account_login"), {"login": user.email, "password": "verkeerd wachtwoord"})
    assert title_of(response).startswith("Even wachten")
    assert "Nieuw wachtwoord kiezen" in response.content.decode()


@pytest.mark.parametrize("name", ["account_login", "account_reset_password", "account_reset_password_done"])
def test_pages_for_visitors(client: Client, name: str) -> None:
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert "tj-portal" in response.content.decode()


def test_a_forgotten_password(client: Client, user: User, mailoutbox) -> None:
    response = client.post(reverse("account_reset_password"), {"email": user.email}, follow=True)
    outbox.run(OutboxMessage.objects.get().pk)
    assert title_of(response).startswith("Kijk in je mail")
    link = re.search(r"http://\S+", mailoutbox[0].body).group(0)
    page = client.get(link, follow=True)
    assert title_of(page).startswith("Nieuw wachtwoord kiezen")
    new = "een ander lang wachtwoord"
    done = client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new}, follow=True)
    assert title_of(done).startswith("Je wachtwoord is gewijzigd")
    assert "Je nieuwe wachtwoord is bewaard." in done.content.decode()
    assert title_of(client.get(link, follow=True)).startswith("Nieuw wachtwoord kiezen")
    user.refresh_from_db()
    assert user.check_password(new)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("te kort", "Dit is te kort: gebruik minstens 12 tekens."),
        ("administrator", "Dit wachtwoord gebruiken te veel mensen."),
        ("519283746501", "Gebruik niet alleen cijfers."),
        ("marieke jansen", "Dit lijkt te veel op de eigen naam of het eigen e-mailadres."),
    ],
)
def test_what_a_password_must_be_is_said_in_our_words(client: Client, user: User, typed: str, said: str) -> None:
    """Not half in English, and not with "u" (Django's own Dutch)."""
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    address = reverse("account_change_password")
    page = client.post(address, {"oldpassword": PASSWORD, "password1": typed, "password2": typed})
    assert page.context["form"].errors["password1"] == [said]
    asked = str(page.context["form"]["password1"].help_text)
    assert asked.count("<li>") == 4 and "Minstens 12 tekens" in asked and not re.search(r"\b[Uu]w?\b", asked)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("account_change_password", "Wachtwoord wijzigen"),
        ("account_logout", "Uitloggen"),
        ("mfa_index", "Inloggen in twee stappen"),
        ("account_reauthenticate", "Even controleren"),
    ],
)
def test_pages_of_ones_own_account(client: Client, user: User, name: str, title: str) -> None:
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    response = client.get(reverse(name))
    assert title_of(response).startswith(title)
    assert "Marieke Jansen" in response.content.decode()


def test_two_steps_from_switching_on_to_logging_in_and_off_again(client: Client, user: User) -> None:
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    def code(secret: str) -> str:
        return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))

    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    asked = client.get(reverse("mfa_activate_totp"), follow=True)
    assert title_of(asked).startswith("Even controleren")
    page = client.post(asked.redirect_chain[-1][0], {"password": PASSWORD}, follow=True)
    assert title_of(page).startswith("Twee stappen aanzetten")
    assert page.context["form"]["code"].label == "Code uit de app"
    secret = page.context["form"].secret
    done = client.post(reverse("mfa_activate_totp"), {"code": code(secret)}, follow=True)
    assert title_of(done).startswith("Herstelcodes")
    assert "Staat aan." in client.get(reverse("mfa_index")).content.decode()
    assert title_of(client.get(reverse("mfa_generate_recovery_codes"))).startswith("Herstelcodes")
    recovery = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"][0]

    client.post(reverse("account_logout"))
    second = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD}, follow=True)
    assert title_of(second).startswith("Inloggen, stap 2")
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert title_of(wrong).startswith("Fout: Inloggen, stap 2")
    assert client.post(reverse("mfa_authenticate"), {"code": recovery}).status_code == 302
    asked = client.get(reverse("mfa_deactivate_totp"), follow=True)
    page = client.post(asked.redirect_chain[-1][0], {"password": PASSWORD}, follow=True)
    assert title_of(page).startswith("Twee stappen uitzetten")
    client.post(reverse("mfa_deactivate_totp"))
    assert "Staat nog niet aan." in client.get(reverse("mfa_index")).content.decode()
