"""Logging in with an organisation's own account, against a real OpenID Connect provider in a thread of its own."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from urllib.parse import parse_qs, quote, urlsplit

import jwt
import pytest
import requests
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.core import mail as outgoing
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts import actions, oidc, verbs
from accounts.models import AuditEntry, Role, User
from tests.accounts.people import company, person, with_password
from tests.accounts.test_second import code_of
from tests.provider import account, running_provider
from topjob import clock, outbox
from topjob.models import OutboxMessage

pytestmark = pytest.mark.django_db
PASSWORD = "een heel lang wachtwoord"
REFUSED = "Inloggen is niet gelukt"


@pytest.fixture(scope="module")
def running() -> Iterator[str]:
    with running_provider() as address:
        yield address


@pytest.fixture
def issuer(running: str, settings) -> str:
    settings.OIDC_ISSUER, settings.OIDC_NAME = running, "Gemeente Raalte"
    settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = "topjob", "een geheim"
    return running


@pytest.fixture
def fenna(db) -> User:
    """Staff whose mailbox was shown to be hers."""
    return confirmed(person(Role.FRONTOFFICE, name="Fenna Otten"))


def confirmed(user: User) -> User:
    User.objects.filter(pk=user.pk).update(email_verified_at=clock.now())
    user.refresh_from_db()
    return user


def known(issuer: str, user: User, **more: object) -> str:
    return account(issuer, f"nummer-{user.pk}", email=user.email, email_verified=True, **more)


def to_provider(client: Client, name: str = "accounts:oidc", **asked: str) -> str:
    """Where the button leads."""
    answer = client.get(reverse(name), asked)
    assert answer.status_code == 302
    return answer.url


def way_back(there: str, sub: str) -> str:
    """Log in there; the address that the provider sends the browser back to."""
    answer = requests.post(there, data={"sub": sub}, allow_redirects=False, timeout=5)
    assert answer.status_code == 302
    return answer.headers["Location"].removeprefix("http://127.0.0.1:8000")


def log_in(client: Client, sub: str, **asked: str):
    return client.get(way_back(to_provider(client, **asked), sub))


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


# --- there and back -------------------------------------------------------------------------------------------------


def test_who_works_here_goes_there_and_comes_back_logged_in(issuer: str, fenna: User, client: Client) -> None:
    page = client.get("/inloggen/", {"next": "/personen/"}).content.decode()
    assert "Inloggen met Gemeente Raalte" in page
    assert f'{reverse("accounts:oidc")}?next=/personen/"' in page
    there = to_provider(client, next="/personen/")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(there).query).items()}
    assert asked["redirect_uri"] == "http://127.0.0.1:8000/inloggen/organisatie/terug/"
    assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256"
    assert len(asked["nonce"]) > 20 and len(asked["state"]) > 10
    answer = client.get(way_back(there, known(issuer, fenna)))
    assert answer.url == "/personen/" and is_in(client)
    bound = SocialAccount.objects.get()
    assert (bound.user, bound.uid, bound.provider) == (fenna, f"nummer-{fenna.pk}", issuer)
    assert bound.extra_data == {}
    assert AuditEntry.objects.filter(verb=verbs.LOGIN_BOUND, subject_id=fenna.pk, actor=fenna).count() == 1
    for message in OutboxMessage.objects.waiting():
        outbox.run(message.pk)
    assert [mail.to for mail in outgoing.outbox] == [[fenna.email]]
    assert "Gemeente Raalte" in outgoing.outbox[0].body


def test_once_bound_another_address_there_changes_nothing(issuer: str, fenna: User, client: Client) -> None:
    log_in(client, known(issuer, fenna))
    sub = account(issuer, f"nummer-{fenna.pk}", email="iemand.anders@raalte.example", email_verified=False)
    again = Client()
    log_in(again, sub)
    assert again.session["_auth_user_id"] == str(fenna.pk)


def test_who_gets_the_address_at_the_provider_later_is_somebody_else(issuer: str, fenna: User, client: Client) -> None:
    log_in(client, known(issuer, fenna))
    successor = account(issuer, "opvolger", email=fenna.email, email_verified=True)
    again = Client()
    assert REFUSED in log_in(again, successor).content.decode()
    assert not is_in(again)
    assert SocialAccount.objects.get().uid == f"nummer-{fenna.pk}"


def test_an_address_that_is_given_away_here_takes_no_login_along(issuer: str, fenna: User, client: Client) -> None:
    """The old address goes to a colleague; whoever is bound to the first account opens that one."""
    old = fenna.email
    sub = known(issuer, fenna)
    log_in(client, sub)
    fenna.email = "fenna.nieuw@topjob.example"
    actions.update_user(fenna, by=person(Role.BEHEERDER))
    colleague = person(Role.BACKOFFICE)
    User.objects.filter(pk=colleague.pk).update(email=old)
    confirmed(colleague)
    again = Client()
    log_in(again, sub)
    assert again.session["_auth_user_id"] == str(fenna.pk)


def test_postgresql_holds_a_binding_to_one_person(issuer: str, fenna: User, client: Client) -> None:
    log_in(client, known(issuer, fenna))
    bound, other = SocialAccount.objects.get(), person(Role.BACKOFFICE)
    with pytest.raises(IntegrityError), transaction.atomic():
        SocialAccount.objects.filter(pk=bound.pk).update(user=other)
    with pytest.raises(IntegrityError), transaction.atomic():
        SocialAccount.objects.create(user=fenna, provider=issuer, uid="een ander")


# --- who isn't let in -----------------------------------------------------------------------------------------------


def nobody_gets_in(client: Client, sub: str) -> None:
    people = User.objects.count()
    answer = log_in(client, sub)
    assert answer.status_code == 403 and REFUSED in answer.content.decode()
    assert not is_in(client)
    assert User.objects.count() == people and not SocialAccount.objects.exists()


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_an_address_that_the_provider_does_not_vouch_for_opens_nothing(issuer, fenna, client, verified) -> None:
    nobody_gets_in(client, account(issuer, "los", email=fenna.email, email_verified=verified))


def test_an_unknown_address_gets_no_account(issuer: str, client: Client) -> None:
    nobody_gets_in(client, account(issuer, "vreemd", email="vreemd@raalte.example", email_verified=True))


def test_without_an_address_nobody_is_known(issuer: str, client: Client) -> None:
    nobody_gets_in(client, account(issuer, "zonder"))


def test_letters_that_only_look_the_same_open_nothing(issuer: str, client: Client) -> None:
    confirmed(user := person(Role.FRONTOFFICE))
    User.objects.filter(pk=user.pk).update(email="kees@topjob.example", email_verified_at=clock.now())
    nobody_gets_in(client, account(issuer, "kelvin", email="\u212aees@topjob.example", email_verified=True))


def test_an_account_whose_mailbox_was_never_confirmed_opens_nothing(issuer: str, client: Client) -> None:
    nobody_gets_in(client, known(issuer, person(Role.FRONTOFFICE)))


def test_who_was_shut_out_stays_out(issuer: str, fenna: User, client: Client) -> None:
    sub = known(issuer, fenna)
    actions.deactivate_user(fenna, by=person(Role.BEHEERDER))
    nobody_gets_in(client, sub)
    actions.reactivate_user(fenna, by=person(Role.BEHEERDER))
    log_in(client, sub)
    assert is_in(client)
    actions.deactivate_user(fenna, by=person(Role.BEHEERDER))
    assert client.get(reverse("accounts:profile")).url.startswith("/inloggen/")
    assert log_in(Client(), sub).status_code == 403


@pytest.mark.parametrize("role", [Role.WERKGEVER, Role.KANDIDAAT, Role.OPDRACHTGEVER])
def test_others_than_staff_log_in_here_only(issuer: str, client: Client, role: str) -> None:
    nobody_gets_in(client, known(issuer, confirmed(person(role, organisation=company()))))


def test_who_is_no_staff_any_more_does_not_come_in(issuer: str, fenna: User, client: Client) -> None:
    log_in(client, sub := known(issuer, fenna))
    fenna.memberships.all().delete()
    assert log_in(Client(), sub).status_code == 403


# --- what was made up, or is broken ---------------------------------------------------------------------------------


def test_another_state_or_the_same_twice_is_refused(issuer: str, fenna: User, client: Client) -> None:
    back = way_back(to_provider(client), known(issuer, fenna))
    assert REFUSED in client.get(back.replace("state=", "state=x")).content.decode()
    assert REFUSED in Client().get(back).content.decode()
    assert client.get(back).status_code == 302 and is_in(client)
    client.logout()
    assert client.get(back).status_code == 403


def test_a_token_that_was_made_for_another_login_is_refused(issuer: str, fenna: User, client: Client) -> None:
    there = to_provider(client)
    nonce = parse_qs(urlsplit(there).query)["nonce"][0]
    nobody_back = way_back(there.replace(nonce, "van-een-andere-keer"), known(issuer, fenna))
    assert REFUSED in client.get(nobody_back).content.decode()
    assert not is_in(client) and not SocialAccount.objects.exists()


@pytest.mark.parametrize("query", [{}, {"error": "access_denied"}, {"error": "server_error"}, {"code": "x"}])
def test_coming_back_with_nothing_is_a_plain_page(issuer: str, client: Client, query: dict[str, str]) -> None:
    assert REFUSED in client.get(reverse("accounts:oidc_back"), query).content.decode()


def test_who_cancels_there_is_told_so_plainly(issuer: str, client: Client) -> None:
    there = to_provider(client)
    answer = requests.post(there, data={"action": "deny"}, allow_redirects=False, timeout=5)
    page = client.get(answer.headers["Location"].removeprefix("http://127.0.0.1:8000"))
    assert REFUSED in page.content.decode()


def test_the_page_says_the_commonest_reason_first_and_tells_nobody_apart(issuer: str, client: Client) -> None:
    page = client.get(reverse("accounts:oidc_back"), {"error": "access_denied"}).content.decode()
    said = [page.index(words) for words in ("Heb je het inloggen afgebroken", "de eerste keer", "Vraag je beheerder")]
    assert said == sorted(said)
    stranger = account(issuer, "vreemd", email="vreemd@raalte.example", email_verified=True)
    assert words_of(log_in(client, stranger)) == words_of(client.get(reverse("accounts:oidc_back")))


def words_of(answer) -> str:
    return re.sub(r"(?s).*<main|</main>.*", "", answer.content.decode())


def test_what_the_page_advises_is_of_help(issuer: str, client: Client) -> None:
    """An address is confirmed here by the mailed link, not by logging in with a password."""
    colleague = with_password(person(Role.FRONTOFFICE), PASSWORD)
    client.post("/inloggen/", {"login": colleague.email, "password": PASSWORD})
    client.logout()
    page = log_in(client, sub := known(issuer, colleague)).content.decode()
    assert REFUSED in page and f'href="{reverse("account_reset_password")}"' in page
    client.post(reverse("account_reset_password"), {"email": colleague.email})
    for message in OutboxMessage.objects.waiting():
        outbox.run(message.pk)
    link = re.search(r"http://[^/]+(/account/password/reset/key/\S+)", outgoing.outbox[0].body)[1]
    form = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": "een ander lang wachtwoord", "password2": "een ander lang wachtwoord"})
    log_in(client, sub)
    assert is_in(client)


def broken(answer) -> bool:
    return answer.status_code == 503 and "Inloggen lukt nu niet" in answer.content.decode()


def test_another_issuer_at_the_address_is_refused(issuer: str, fenna: User, client: Client, settings) -> None:
    settings.OIDC_ISSUER = issuer + "/"
    assert broken(client.get(reverse("accounts:oidc")))


def test_a_token_of_another_issuer_is_refused(issuer, fenna, client, settings, monkeypatch) -> None:
    config = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=5).json()
    settings.OIDC_ISSUER = "http://iemand-anders.example"
    monkeypatch.setattr(oidc.Protocol, "openid_config", config | {"issuer": settings.OIDC_ISSUER})
    assert broken(log_in(client, known(issuer, fenna)))
    assert not is_in(client) and not SocialAccount.objects.exists()


def test_a_token_signed_by_another_is_refused(issuer, fenna, client, monkeypatch) -> None:
    with running_provider() as other:
        config = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=5).json()
        keys = {"jwks_uri": f"{other}/jwks"}
        monkeypatch.setattr(oidc.Protocol, "openid_config", config | keys)
        assert broken(log_in(client, known(issuer, fenna)))
    assert not is_in(client)


@pytest.mark.parametrize("token", ["", "onzin", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0."])
def test_what_is_no_signed_token_is_refused(issuer, fenna, client, monkeypatch, token: str) -> None:
    get = oidc.Protocol.get_access_token_data
    monkeypatch.setattr(oidc.Protocol, "get_access_token_data", lambda *a, **k: get(*a, **k) | {"id_token": token})
    assert broken(log_in(client, known(issuer, fenna)))
    assert not is_in(client)


def test_a_person_with_the_longest_number_there_comes_in_here(issuer: str, fenna: User, client: Client) -> None:
    for sub in ("n" * 255, "n" * 254):
        account(issuer, sub, email=fenna.email, email_verified=True)
    log_in(client, "n" * 255)
    assert is_in(client) and log_in(again := Client(), "n" * 255).status_code == 302 and is_in(again)
    assert log_in(Client(), "n" * 254).status_code == 403


@pytest.mark.parametrize("said", [{"sub": "\0"}, {"email": "fenna\0@topjob.example"}, {"auth_time": float("inf")}])
def test_odd_claims_are_a_plain_page(issuer, fenna, client, monkeypatch, said: dict[str, object]) -> None:
    decode = jwt.decode
    monkeypatch.setattr(oidc.jwt, "decode", lambda *args, **kwargs: decode(*args, **kwargs) | said)
    assert broken(log_in(client, known(issuer, fenna)))
    assert not is_in(client)


def test_an_issuer_on_https_may_not_send_us_elsewhere_in_the_open(issuer, client, settings, monkeypatch) -> None:
    config = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=5).json()
    settings.OIDC_ISSUER = "https://login.example"
    said = type(
        "Said",
        (),
        {"raise_for_status": lambda self: None, "json": lambda self: config | {"issuer": settings.OIDC_ISSUER}},
    )
    monkeypatch.setattr(requests.Session, "get", lambda *args, **kwargs: said())
    assert broken(client.get(reverse("accounts:oidc")))


def test_the_provider_is_down(issuer: str, fenna: User, client: Client, settings) -> None:
    back = way_back(to_provider(client), known(issuer, fenna))
    settings.OIDC_ISSUER = "http://127.0.0.1:9"
    assert broken(client.get(reverse("accounts:oidc")))
    settings.OIDC_ISSUER = issuer
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(requests.Session, "request", _away)
        assert broken(client.get(back))
    assert client.get("/inloggen/").status_code == 200


def _away(*args: object, **kwargs: object) -> None:
    raise requests.ConnectionError("weg")


# --- as with any other login ----------------------------------------------------------------------------------------


def test_our_second_step_is_asked_as_well(issuer: str, fenna: User, client: Client) -> None:
    TOTP.activate(fenna, secret := generate_totp_secret())
    answer = log_in(client, known(issuer, fenna, amr=["pwd", "mfa"]), next="/personen/")
    assert answer.url == reverse("mfa_authenticate") and not is_in(client)
    assert client.post(answer.url, {"code": "000000"}).status_code == 200 and not is_in(client)
    assert client.post(answer.url, {"code": code_of(secret)}).url == "/personen/" and is_in(client)


@pytest.mark.parametrize("said", [{"amr": ["pwd", "mfa"]}, {"acr": "mfa"}])
def test_the_providers_second_step_counts_when_the_setting_trusts_it(issuer, fenna, client, settings, said) -> None:
    settings.OIDC_SECOND_FACTOR, settings.SECOND_FACTOR_FROM = ["mfa"], clock.today()
    TOTP.activate(fenna, generate_totp_secret())
    assert log_in(client, known(issuer, fenna, **said)).url == "/" and is_in(client)
    assert client.get(reverse("accounts:profile")).status_code == 200


@pytest.mark.parametrize("said", [{}, {"amr": ["pwd"]}, {"amr": "mfa"}, {"acr": "0"}])
def test_other_words_of_the_provider_do_not_count(issuer, fenna, client, settings, said) -> None:
    settings.OIDC_SECOND_FACTOR, settings.SECOND_FACTOR_FROM = ["mfa"], clock.today()
    log_in(client, known(issuer, fenna, **said))
    assert client.get(reverse("accounts:profile")).url == reverse("mfa_index")


def test_a_login_that_was_left_half_way_helps_nobody_else(issuer, fenna, client, settings) -> None:
    """Who logs in with a password on the same browser is asked for their own second step, whatever was half done before."""
    settings.OIDC_SECOND_FACTOR = ["mfa"]
    TOTP.activate(fenna, hers := generate_totp_secret())
    assert log_in(client, known(issuer, fenna, amr=["pwd"])).url == reverse("mfa_authenticate")
    colleague = person(Role.BACKOFFICE)
    with_password(colleague, PASSWORD)
    TOTP.activate(colleague, generate_totp_secret())
    answer = client.post("/inloggen/", {"login": colleague.email, "password": PASSWORD})
    assert answer.url == reverse("mfa_authenticate") and not is_in(client)
    client.post(answer.url, {"code": code_of(hers)})
    assert not is_in(client), "her code opens nobody else's account"


def test_who_has_only_this_login_shows_anew_there_who_they_are(issuer, fenna, client, settings, monkeypatch) -> None:
    settings.STEP_UP_MINUTES = 10
    fenna.memberships.create(role=Role.BEHEERDER)
    fenna.set_unusable_password()
    fenna.save()
    sub = known(issuer, fenna)
    log_in(client, sub)
    assert client.get(reverse("accounts:invite")).status_code == 200
    now = clock.timezone.now().timestamp()
    monkeypatch.setattr("accounts.proving.time.time", lambda: now + 11 * 60)
    asked = client.post(reverse("accounts:invite"), {"name": "Mila Typte Dit"})
    assert asked.url.startswith(reverse("accounts:oidc_anew"))
    there = client.get(asked.url).url
    assert "prompt=login" in there and "max_age=0" in there
    assert REFUSED in client.get(way_back(there, sub)).content.decode()
    there = client.get(asked.url).url
    known(issuer, fenna, auth_time=int(now) + 11 * 60)
    assert client.get(way_back(there, sub)).url == reverse("accounts:invite")
    assert "Mila Typte Dit" in client.get(reverse("accounts:invite")).content.decode()


def an_hour_later(client: Client) -> None:
    """The same browser, left open since."""
    session = client.session
    kept = "account_authentication_methods"
    session[kept] = [record | {"at": record["at"] - 3600} for record in session[kept]]
    session.save()


def test_who_was_still_logged_in_there_shows_nothing_by_it(issuer, fenna, client, settings) -> None:
    """A browser that was left open comes back from the provider without a question."""
    settings.STEP_UP_MINUTES = 10
    fenna.memberships.create(role=Role.BEHEERDER)
    log_in(client, sub := known(issuer, fenna))
    an_hour_later(client)
    known(issuer, fenna, auth_time=int(time.time()) - 3600)
    log_in(client, sub)
    assert is_in(client) and client.get(reverse("accounts:invite")).url.startswith(reverse("accounts:oidc_anew"))


def test_the_page_that_asks_anew_leads_to_the_provider_as_well(issuer, fenna, client, settings) -> None:
    settings.STEP_UP_MINUTES = 10
    fenna.memberships.create(role=Role.BEHEERDER)
    with_password(fenna, PASSWORD)
    log_in(client, sub := known(issuer, fenna))
    an_hour_later(client)
    page = client.get(client.get(reverse("accounts:invite")).url).content.decode()
    there = f"{reverse('accounts:oidc_anew')}?next={quote(reverse('accounts:invite'), safe='')}"
    assert "Met je account van Gemeente Raalte" in page and there in page
    assert client.get(way_back(client.get(there).url, sub)).url == reverse("accounts:invite")
    assert client.get(reverse("accounts:invite")).status_code == 200


def test_showing_anew_with_a_second_step_here_leads_back_to_the_page(issuer, fenna, client, settings) -> None:
    """The second step was taken at logging in: it isn't asked in between, and the session goes on as it was."""
    settings.STEP_UP_MINUTES = 10
    fenna.memberships.create(role=Role.BEHEERDER)
    TOTP.activate(fenna, secret := generate_totp_secret())
    client.post(log_in(client, sub := known(issuer, fenna)).url, {"code": code_of(secret)})
    an_hour_later(client)
    invite = reverse("accounts:invite")
    assert client.get(invite).status_code == 302
    began = client.session["began_at"]
    assert client.get(way_back(to_provider(client, "accounts:oidc_anew", next=invite), sub)).url == invite
    assert client.get(invite).status_code == 200 and client.session["began_at"] == began


@pytest.mark.parametrize("page", ["mfa_activate_totp", "mfa_add_webauthn"])
def test_who_has_only_this_login_adds_no_factor_with_an_open_browser(issuer, fenna, client, page: str) -> None:
    fenna.set_unusable_password()
    fenna.save()
    log_in(client, known(issuer, fenna))
    assert client.get(reverse(page)).status_code == 200
    an_hour_later(client)
    assert client.get(reverse(page)).url.startswith(reverse("accounts:oidc_anew"))
    assert client.post(reverse(page), {"code": "000000"}).url.startswith(reverse("accounts:oidc_anew"))


def test_often_is_too_often(issuer: str, client: Client, monkeypatch) -> None:
    monkeypatch.setattr(oidc, "MOST_PER_HOUR", 2)
    assert [client.get(reverse("accounts:oidc")).status_code for _time in range(3)] == [302, 302, 429]


def test_without_a_provider_there_is_no_button_and_no_page(client: Client, db) -> None:
    assert reverse("accounts:oidc") not in client.get("/inloggen/").content.decode()
    assert client.get(reverse("accounts:oidc")).status_code == 404
    assert client.get(reverse("accounts:oidc_back"), {"code": "x", "state": "y"}).status_code == 404
    client.force_login(person(Role.FRONTOFFICE))
    assert client.get(reverse("accounts:oidc_anew")).status_code == 404
