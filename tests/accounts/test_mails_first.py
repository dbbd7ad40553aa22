"""What a beheerder's button mails is shown before it goes, and opens nothing for who looks."""

from __future__ import annotations

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from tests.accounts.people import PASSWORD, person, with_password
from tests.accounts.test_users import invitation
from tests.mails_first import assert_goes, assert_shown, shown_on, shows
from topjob.mail_first import LOOK
from topjob.rehearsing import NO_TOKEN_YET

pytestmark = pytest.mark.django_db
WHY = {"reason": "Telefoon in het water gevallen."}


@shows("accounts:invite")
def test_an_invitation(browser: Client) -> None:
    assert_shown(browser, reverse("accounts:invite"), invitation(), sent=1)


def test_looking_at_an_invitation_makes_no_account_and_keeps_what_was_typed(browser: Client) -> None:
    page = browser.post(reverse("accounts:invite"), invitation() | {LOOK: "1"}).content.decode()
    assert "Beste Nieuw Iemand," in page and 'value="nieuw@test.example"' in page
    assert not User.objects.filter(email="nieuw@test.example").exists()


def test_who_looks_gets_no_key_to_the_account(browser: Client, fenna: User) -> None:
    page = browser.get(reverse("accounts:send_invitation", args=[fenna.pk])).content.decode()
    assert len(shown_on(page)) == 1 and f"-{NO_TOKEN_YET}/" in page


@shows("accounts:send_invitation")
def test_an_invitation_again(browser: Client, fenna: User) -> None:
    assert_shown(browser, reverse("accounts:send_invitation", args=[fenna.pk]), sent=1)
    assert mail.outbox[0].to == [fenna.email]


@shows("accounts:edit_user")
def test_another_address(browser: Client, fenna: User) -> None:
    data = {"name": fenna.name, "email": "anders@test.example", "phone": ""}
    assert_shown(browser, reverse("accounts:edit_user", args=[fenna.pk]), data, sent=2)


def test_another_name_mails_nothing_and_that_is_said(browser: Client, fenna: User) -> None:
    data = {"name": "Fenna de Wit", "email": fenna.email, "phone": "", LOOK: "1"}
    page = browser.post(reverse("accounts:edit_user", args=[fenna.pk]), data).content.decode()
    assert shown_on(page) == [] and "Hier gaat geen bericht van uit." in page


@shows("accounts:remove_second")
def test_the_second_step_taken_away(browser: Client, fenna: User) -> None:
    TOTP.activate(fenna, generate_totp_secret())
    url = reverse("accounts:remove_second", args=[fenna.pk])
    assert len(shown_on(browser.get(url).content.decode())) == 1
    assert_shown_beside(browser, url)


@shows("accounts:unbind")
def test_the_organisations_login_taken_away(browser: Client, fenna: User) -> None:
    SocialAccount.objects.create(user=fenna, provider="https://login.example", uid="nummer")
    assert_shown_beside(browser, reverse("accounts:unbind", args=[fenna.pk]))


def assert_shown_beside(browser: Client, url: str) -> None:
    """The mail doesn't hang on what is typed: it stands there from the beginning."""
    assert_goes(browser, url, WHY, shown_on(browser.get(url).content.decode()), sent=1)


@shows("accounts:address")
def test_ones_own_other_address(client: Client) -> None:
    nora = with_password(person(Role.REGISSEUR), PASSWORD)
    client.post(reverse("account_login"), {"login": nora.email, "password": PASSWORD})
    assert_shown(client, reverse("accounts:address"), {"email": "nora.nieuw@test.example"}, sent=2)
