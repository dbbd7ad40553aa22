"""Who somebody is: an address that was shown to be theirs, and no page or row that says otherwise."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core import mail as outgoing
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts import verbs
from accounts.models import AddressChange, AuditEntry, Role, User
from accounts.verify import CHECKS, all_checks
from employers.actions import give_portal_access
from tests.accounts.people import person
from tests.factories import EmployerContactFactory
from topjob import outbox
from topjob.errors import Refused
from topjob.models import OutboxMessage

pytestmark = pytest.mark.django_db
PASSWORD = "een heel lang wachtwoord"
OLD, NEW = "nora@topjob.example", "nora.nieuw@topjob.example"


@pytest.fixture
def nora(db) -> User:
    user = User.objects.create_user(OLD, "Nora Kuipers", PASSWORD)
    User.objects.filter(pk=user.pk).update(email_verified_at="2026-01-05T09:00Z")
    return user


@pytest.fixture
def browser_of_nora(nora: User) -> Client:
    client = Client()
    assert log_in(client, OLD)
    return client


def log_in(client: Client, email: str, password: str = PASSWORD) -> bool:
    client.post(reverse("account_login"), {"login": email, "password": password})
    return "_auth_user_id" in client.session


def send_all() -> None:
    for message in OutboxMessage.objects.waiting():
        outbox.run(message.pk)


def mailed_to(address: str) -> list[str]:
    """The links that were mailed to an address, without the site's own part."""
    send_all()
    found = [re.search(r"http://\S+", mail.body) for mail in outgoing.outbox if mail.to == [address]]
    return [link.group(0).removeprefix("http://127.0.0.1:8000") for link in found if link]


def wish(client: Client, new: str = NEW) -> None:
    client.post(reverse("accounts:address"), {"email": new})


# --- pages of libraries ---------------------------------------------------------------------------------------------

SERVED = {
    "account_login": "/inloggen/",
    "account_logout": "/uitloggen/",
    "account_inactive": "/account/inactive/",
    "account_reauthenticate": "/account/reauthenticate/",
    "account_change_password": "/account/password/change/",
    "account_set_password": "/account/password/set/",
    "account_reset_password": "/account/password/reset/",
    "account_reset_password_done": "/account/password/reset/done/",
    "account_reset_password_from_key": "/^account/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
    "account_reset_password_from_key_done": "/account/password/reset/key/done/",
    "mfa_index": "/account/2fa/",
    "mfa_authenticate": "/account/2fa/authenticate/",
    "mfa_reauthenticate": "/account/2fa/reauthenticate/",
    "mfa_activate_totp": "/account/2fa/totp/activate/",
    "mfa_deactivate_totp": "/account/2fa/totp/deactivate/",
    "mfa_list_webauthn": "/account/2fa/sleutels/",
    "mfa_add_webauthn": "/account/2fa/sleutels/nieuw/",
    "mfa_reauthenticate_webauthn": "/account/2fa/sleutels/opnieuw/",
    "mfa_edit_webauthn": "/account/2fa/sleutels/<int:pk>/naam/",
    "mfa_remove_webauthn": "/account/2fa/sleutels/<int:pk>/weg/",
    "mfa_view_recovery_codes": "/account/2fa/recovery-codes/",
    "mfa_generate_recovery_codes": "/account/2fa/recovery-codes/generate/",
    "mfa_download_recovery_codes": "/account/2fa/recovery-codes/download/",
}
OWN = ("topjob.", "accounts.", "candidates.", "employers.", "matching.", "trajectories.", "demo.")


def served(patterns: list, prefix: str = "/") -> dict[str, str]:
    """Every address whose view isn't ours, by name."""
    found: dict[str, str] = {}
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found |= served(pattern.url_patterns, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern) and not pattern.callback.__module__.startswith(OWN):
            found[pattern.name or prefix + str(pattern.pattern)] = prefix + str(pattern.pattern)
    return found


def test_exactly_these_pages_of_libraries_are_served() -> None:
    redirects = {"/account/login/": "/account/login/", "/account/logout/": "/account/logout/"}
    assert served(get_resolver().url_patterns) == SERVED | redirects


NOT_CHOSEN = ["/account/email/", "/account/signup/", "/account/confirm-email/", "/account/login/code/confirm/"]
NOT_CHOSEN += [
    "/account/2fa/webauthn/login/",
    "/account/2fa/webauthn/signup/",
    "/account/3rdparty/",
    "/account/social/signup/",
]
NOT_CHOSEN += ["/account/oidc/organisatie/login/", "/account/oidc/organisatie/login/callback/"]
NOT_CHOSEN += ["/beheer/django/", "/beheer/django/login/", "/beheer/django/account/emailaddress/"]


@pytest.mark.parametrize("path", NOT_CHOSEN)
def test_what_the_product_did_not_choose_is_not_there(browser: Client, browser_of_nora: Client, path: str) -> None:
    for client in (browser, browser_of_nora, Client()):
        assert client.get(path).status_code == 404
        assert client.post(path, {"email": "x@topjob.example", "action_add": ""}).status_code == 404


def test_the_first_beheerder_comes_in_from_the_server(monkeypatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command(
        "createsuperuser", interactive=False, email="eerste@topjob.example", name="Eva Eerst", stdout=StringIO()
    )
    client = Client()
    assert log_in(client, "eerste@topjob.example")
    assert client.get(reverse("accounts:manage")).status_code == 200


# --- one's own address ----------------------------------------------------------------------------------------------


def test_the_address_changes_when_both_mailboxes_agree(browser_of_nora: Client, nora: User) -> None:
    wish(browser_of_nora)
    (from_old,), (from_new,) = mailed_to(OLD), mailed_to(NEW)
    visitor = Client(enforce_csrf_checks=True, headers={"origin": "null"})  # as a browser is on a page with no-referrer
    for link in (from_new, from_old):
        assert User.objects.get(pk=nora.pk).email == OLD
        assert visitor.get(link).status_code == 200
        assert User.objects.get(pk=nora.pk).email == OLD  # looking changes nothing
        assert visitor.post(link).status_code == 200
    nora.refresh_from_db()
    assert nora.email == NEW and nora.email_verified_at is not None
    logged = AuditEntry.objects.filter(subject_id=nora.pk, subject_type="accounts.user").values_list("verb", flat=True)
    assert {verbs.EMAIL_CHANGE_ASKED, verbs.EMAIL_CHANGED} <= set(logged)
    assert not log_in(Client(), OLD) and log_in(Client(), NEW)
    send_all()
    assert outgoing.outbox[-1].to == [OLD] and "kan niemand meer inloggen" in outgoing.outbox[-1].body
    assert visitor.get(from_old).status_code == 410


@pytest.mark.parametrize("silent", [OLD, NEW])
def test_one_mailbox_is_not_enough(browser_of_nora: Client, nora: User, silent: str) -> None:
    wish(browser_of_nora)
    (link,) = mailed_to(NEW if silent == OLD else OLD)
    Client().post(link)
    Client().post(link)
    assert User.objects.get(pk=nora.pk).email == OLD


def test_a_later_wish_replaces_an_earlier_one(browser_of_nora: Client) -> None:
    wish(browser_of_nora, "eerst@topjob.example")
    (first,) = mailed_to("eerst@topjob.example")
    wish(browser_of_nora)
    assert Client().post(first).status_code == 410
    assert AddressChange.objects.filter(ended_at=None).count() == 1


def test_the_address_of_somebody_else_is_never_taken(browser_of_nora: Client, nora: User) -> None:
    """Who has it isn't told either: the page answers as always, and its owner's mailbox is asked."""
    other = person(Role.BEHEERDER)
    wish(browser_of_nora, other.email)
    for address in (OLD, other.email):
        answer = Client().post(mailed_to(address)[0])
    assert answer.status_code == 409
    assert User.objects.get(pk=nora.pk).email == OLD


@pytest.mark.parametrize("token", ["onzin", "WzEsIm9sZCJd:1x:nep", "a" * 300])
def test_a_made_up_link_opens_nothing(token: str) -> None:
    assert Client().get(reverse("accounts:confirm_address", args=[token])).status_code == 410


def test_the_page_asks_anew_who_somebody_is(nora: User) -> None:
    """A session that somebody left open isn't enough; what was typed is there again afterwards."""
    client = Client()
    client.force_login(nora)
    client.get("/account/")
    asked = client.post(reverse("accounts:address"), {"email": NEW}, HTTP_REFERER="http://testserver/account/adres/")
    assert asked.url == "/account/reauthenticate/?next=%2Faccount%2Fadres%2F"
    assert not AddressChange.objects.exists()
    assert client.post(asked.url, {"password": "fout"}).status_code == 200
    page = client.post(asked.url, {"password": PASSWORD}, follow=True).content.decode()
    assert "Je moest eerst laten zien dat jij het bent." in page and f'value="{NEW}"' in page


@pytest.mark.parametrize("typed", ["", "geen adres", OLD, OLD.upper(), "a@b", "x" * 300 + "@b.example"])
def test_what_is_no_other_address_is_said_beside_the_field(browser_of_nora: Client, typed: str) -> None:
    page = browser_of_nora.post(reverse("accounts:address"), {"email": typed})
    assert page.status_code == 200 and "error-summary" in page.content.decode()


# --- given by staff -------------------------------------------------------------------------------------------------


def test_access_goes_to_a_shown_address_only(nora: User) -> None:
    """Somebody who is logged in under an address that nobody showed to be theirs doesn't get what was meant for its owner."""
    contact = EmployerContactFactory(email=OLD)
    assert give_portal_access(contact, by=person(Role.BEHEERDER)).user == nora
    User.objects.filter(pk=nora.pk).update(email="ander@bedrijf.example")
    with pytest.raises(Refused, match="nog niet bevestigd"):
        give_portal_access(EmployerContactFactory(email="ander@bedrijf.example"), by=person(Role.BEHEERDER))
    assert not nora.memberships.filter(organisation__name="ander").exists()


def test_a_password_chosen_by_mail_shows_the_address(nora: User) -> None:
    User.objects.filter(pk=nora.pk).update(email_verified_at=None)
    Client().post(reverse("account_reset_password"), {"email": OLD})
    visitor = Client()
    page = visitor.get(mailed_to(OLD)[0], follow=True)
    visitor.post(page.redirect_chain[-1][0], {"password1": "weer een lang woord", "password2": "weer een lang woord"})
    assert User.objects.get(pk=nora.pk).email_verified_at is not None
    assert EmailAddress.objects.get(user=nora).verified


# --- given another by the beheerder ---------------------------------------------------------------------------------


def test_after_a_new_address_the_old_one_opens_nothing(browser: Client, nora: User) -> None:
    assert log_in(Client(), OLD)  # allauth writes down the address it knows
    Client().post(reverse("account_reset_password"), {"email": OLD})
    (link,) = mailed_to(OLD)
    browser.post(reverse("accounts:edit_user", args=[nora.pk]), {"name": nora.name, "email": NEW, "phone": ""})
    assert not log_in(Client(), OLD) and log_in(Client(), NEW)
    assert "Deze link werkt niet" in Client().get(link, follow=True).content.decode()
    outgoing.outbox.clear()
    Client().post(reverse("account_reset_password"), {"email": OLD})
    send_all()
    assert [mail.to for mail in outgoing.outbox if "wachtwoord" in mail.subject.lower()] == []
    assert [(row.email, row.primary, row.verified) for row in EmailAddress.objects.filter(user=nora)] == [
        (NEW, True, False)
    ]


def test_the_library_can_hold_no_other_address(nora: User) -> None:
    with pytest.raises(IntegrityError, match="niet dat van gebruiker"), transaction.atomic():
        EmailAddress.objects.create(user=nora, email="werkgever@bedrijf.example", primary=False, verified=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        EmailAddress.objects.filter(user=nora).update(email="werkgever@bedrijf.example")
    User.objects.filter(pk=nora.pk).update(email_verified_at=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        EmailAddress.objects.filter(user=nora).update(verified=True)


def test_verify_finds_an_address_that_differs(nora: User) -> None:
    all_checks()
    assert list(CHECKS["adressen"].look()) == []
    EmailAddress.objects.filter(user=nora).delete()
    assert list(CHECKS["adressen"].look()) == [f"Gebruiker {nora.pk}: het inlogadres is niet dat van het account."]


# --- a forgotten password -------------------------------------------------------------------------------------------


def test_a_forgotten_password_needs_no_mail_server(nora: User, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert Client().post(reverse("account_reset_password"), {"email": OLD}).status_code == 302
    assert OutboxMessage.objects.get().handler == "accounts.password_reset"


def test_mailed_links_come_from_the_setting_never_from_the_request(nora: User, settings) -> None:
    settings.SITE_URL = "https://topjob.example"
    Client().post(reverse("account_reset_password"), {"email": OLD}, HTTP_HOST="testserver:6666")
    send_all()
    assert "https://topjob.example/account/password/reset/key/" in outgoing.outbox[0].body
    assert "6666" not in outgoing.outbox[0].body


def test_a_known_and_an_unknown_address_get_the_same_answer_and_one_gets_mail(nora: User) -> None:
    answers = [
        Client().post(reverse("account_reset_password"), {"email": e}, follow=True) for e in (OLD, "x@y.example")
    ]
    assert answers[0].redirect_chain == answers[1].redirect_chain
    send_all()
    assert [mail.to for mail in outgoing.outbox] == [[OLD]]


def test_the_library_mails_nothing_by_itself(nora: User) -> None:
    from allauth.account.adapter import get_adapter

    get_adapter().send_mail("account/email/unknown_account", OLD, {})
    assert outgoing.outbox == []
