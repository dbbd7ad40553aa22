"""A login that waits for the second step: it ends with the sessions of that person, and leads nobody else on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse

from accounts import actions, recovering, second
from accounts.actions import Capacity
from accounts.models import Membership, Region, Role, User
from tests.accounts.people import PASSWORD, person, with_password
from tests.accounts.test_second import code_of, first_step

pytestmark = pytest.mark.django_db
SECOND = "/account/2fa/authenticate/"


@pytest.fixture
def secret(fenna: User) -> str:
    TOTP.activate(fenna, key := generate_totp_secret())
    return key


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


# --- it ends with the sessions ---------------------------------------------------------------------------------------


def loses_her_second_step(user: User, beheerder: User) -> None:
    recovering.remove_second(user, reason="Telefoon kwijt.", by=beheerder)


def loses_her_organisations_login(user: User, beheerder: User) -> None:
    SocialAccount.objects.create(user=user, provider="https://login.example", uid="nummer-1")
    recovering.unbind(user, reason="Verkeerde persoon gekoppeld.", by=beheerder)


def is_shut_out_and_let_in_again(user: User, beheerder: User) -> None:
    actions.deactivate_user(user, by=beheerder)
    actions.reactivate_user(user, by=beheerder)


def gets_a_role(user: User, beheerder: User) -> None:
    actions.add_membership(user, Capacity(Role.BACKOFFICE, region=Region.objects.first()), by=beheerder)


def loses_a_role(user: User, beheerder: User) -> None:
    actions.remove_membership(Membership.objects.get(user=user), by=beheerder)


def gets_another_address(user: User, beheerder: User) -> None:
    user.email = "fenna.nieuw@topjob.example"
    actions.update_user(user, by=beheerder)


def chooses_another_password(user: User, beheerder: User) -> None:
    with_password(user, "een ander lang wachtwoord")


CHANGES = [
    loses_her_second_step,
    loses_her_organisations_login,
    is_shut_out_and_let_in_again,
    gets_a_role,
    loses_a_role,
    gets_another_address,
    chooses_another_password,
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_ends_sessions_ends_a_login_that_waits(
    fenna: User, secret: str, beheerder: User, change: Callable[[User, User], None]
) -> None:
    waiting, inside = first_step(fenna), Client()
    inside.force_login(fenna)
    change(fenna, beheerder)
    if not second.is_on(fenna):
        TOTP.activate(fenna, secret)
    assert waiting.post(SECOND, {"code": code_of(secret)}).url == reverse("account_login")
    assert not is_in(waiting) and "account_login" not in waiting.session
    assert inside.get(reverse("accounts:profile")).url.startswith("/inloggen/")


def test_what_is_changed_at_the_same_moment_ends_it_too(fenna: User, secret: str, monkeypatch) -> None:
    """Between the gate's question and the page, which reads her row anew."""
    waiting = first_step(fenna)
    monkeypatch.setattr(second, "end_if_over", lambda request: User.objects.get(pk=fenna.pk).end_sessions())
    assert waiting.post(SECOND, {"code": code_of(secret)}).url == reverse("account_login") and not is_in(waiting)


def test_whose_account_is_gone_waits_for_nothing(fenna: User, secret: str) -> None:
    waiting = first_step(fenna)
    User.objects.filter(pk=fenna.pk).delete()
    assert waiting.get(SECOND).url == reverse("account_login")


def test_nothing_changed_and_the_code_logs_in(fenna: User, secret: str) -> None:
    waiting = first_step(fenna)
    actions.update_profile(fenna, by=fenna)
    assert waiting.get(reverse("demo:home")).status_code == 200  # another page meanwhile
    assert waiting.post(SECOND, {"code": code_of(secret)}).status_code == 302 and is_in(waiting)


# --- it leads nobody else on -----------------------------------------------------------------------------------------


def test_the_next_person_at_the_counter_gets_the_login_page(fenna: User, secret: str) -> None:
    counter = first_step(fenna)
    assert '<a href="/inloggen/">Niet jij? Begin opnieuw met inloggen</a>' in counter.get(SECOND).content.decode()
    page = counter.get("/inloggen/", {"next": "/account/"})
    assert page.status_code == 200 and 'name="password"' in page.content.decode()
    assert counter.get(SECOND).url == reverse("account_login")
    assert counter.post(SECOND, {"code": code_of(secret)}).url == reverse("account_login") and not is_in(counter)


def test_who_had_the_login_page_open_gets_in_as_themselves(fenna: User, secret: str) -> None:
    """Opened before somebody else stopped half-way; what is sent from it is one's own login."""
    counter = first_step(fenna)
    colleague = with_password(person(Role.BACKOFFICE), PASSWORD)
    TOTP.activate(colleague, hers := generate_totp_secret())
    assert counter.post("/inloggen/", {"login": colleague.email, "password": PASSWORD}).url == SECOND
    assert counter.post(SECOND, {"code": code_of(secret)}).status_code == 200 and not is_in(counter)
    counter.post(SECOND, {"code": code_of(hers)})
    assert counter.session["_auth_user_id"] == str(colleague.pk)


def test_a_script_of_another_tab_ends_nothing(fenna: User, secret: str) -> None:
    """A page whose session ended asks for more time, and is led to the login page."""
    waiting = first_step(fenna)
    waiting.post(reverse("accounts:keep_alive"), headers={"Sec-Fetch-Mode": "cors"}, follow=True)
    assert waiting.post(SECOND, {"code": code_of(secret)}).status_code == 302 and is_in(waiting)


def test_who_switched_it_off_meanwhile_is_not_sent_round(fenna: User, secret: str) -> None:
    waiting = first_step(fenna)
    Authenticator.objects.filter(user=fenna).delete()
    page = waiting.get(SECOND, follow=True)
    assert page.status_code == 200 and page.redirect_chain == [("/inloggen/", 302)]


def test_who_is_in_stays_in_and_showed_who_they_are(fenna: User, settings) -> None:
    """The login page leads who is logged in on; it asks nothing anew for that."""
    settings.STEP_UP_MINUTES = 10
    fenna.memberships.create(role=Role.BEHEERDER)
    client = Client()
    client.post("/inloggen/", {"login": fenna.email, "password": PASSWORD})
    assert client.get("/inloggen/").status_code == 302
    assert client.get(reverse("accounts:invite")).status_code == 200
