"""Passkeys as a second step: adding, naming, removing, logging in and showing anew who one is."""

from __future__ import annotations

import json
import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse

from accounts import passkeys, second, verbs
from accounts.models import AuditEntry, Role, User
from tests.accounts.people import PASSWORD, person
from tests.accounts.test_second import code_of
from tests.soft_key import HOST, SoftKey
from topjob import clock

pytestmark = pytest.mark.django_db
ENGLISH = re.compile(
    r"\b(security key|passwordless|your|authenticator|sign in|remove|added|incorrect)\b", re.IGNORECASE
)


@pytest.fixture
def browser_of_fenna(fenna: User) -> Client:
    """She logged in and showed a moment ago who she is."""
    client = first_step(fenna)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


@pytest.fixture
def key(browser_of_fenna: Client) -> SoftKey:
    return add(browser_of_fenna, "mijn telefoon")


def first_step(user: User) -> Client:
    client = Client(headers={"host": HOST})
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client


def asked(client: Client, name: str) -> dict:
    """What the page gives the browser to ask the key."""
    page = client.get(reverse(name))
    assert page.status_code == 200 and not ENGLISH.search(words_of(page)), words_of(page)
    return next(iter(page.context["js_data"].values()))


def words_of(page) -> str:
    """What can be read on a page."""
    text = re.sub(r"(?s)<(script|style|head)\b.*?</\1>", " ", page.content.decode())
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())


def add(client: Client, name: str, key: SoftKey | None = None) -> SoftKey:
    key = key or SoftKey()
    credential = key.made(asked(client, "mfa_add_webauthn"))
    answer = client.post(reverse("mfa_add_webauthn"), {"name": name, "credential": json.dumps(credential)})
    assert answer.status_code == 302
    return key


def show(client: Client, key: SoftKey, name: str = "mfa_authenticate", **more: str):
    credential = key.shown(asked(client, name))
    return client.post(reverse(name), {"credential": json.dumps(credential), **more})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def keys_of(user: User) -> list[str]:
    return [str(key) for key in Authenticator.objects.filter(user=user, type="webauthn").order_by("pk")]


def test_who_has_no_app_is_asked_for_no_code_of_an_app(browser_of_fenna, key: SoftKey, fenna: User) -> None:
    ways = browser_of_fenna.get(reverse("account_reauthenticate")).content.decode()
    assert "Met een herstelcode" in ways and "uit de app" not in ways
    assert "een van je herstelcodes" in browser_of_fenna.get(reverse("mfa_reauthenticate")).content.decode()
    TOTP.activate(fenna, generate_totp_secret())
    assert "Met een code uit de app" in browser_of_fenna.get(reverse("account_reauthenticate")).content.decode()
    assert "een code uit de app op je telefoon" in browser_of_fenna.get(reverse("mfa_reauthenticate")).content.decode()


def test_adding_one_gives_recovery_codes_and_switches_two_steps_on(browser_of_fenna, fenna: User) -> None:
    add(browser_of_fenna, "mijn telefoon")
    assert keys_of(fenna) == ["mijn telefoon"] and second.is_on(fenna)
    assert Authenticator.objects.filter(user=fenna, type="recovery_codes").exists()
    assert "mijn telefoon" in words_of(browser_of_fenna.get(reverse("mfa_index")))
    assert AuditEntry.objects.filter(verb=verbs.SECOND_STEP_ADDED, subject_id=fenna.pk).get().details == {
        "kind": "webauthn"
    }


def test_logging_in_with_it(fenna: User, key: SoftKey) -> None:
    client = first_step(fenna)
    assert not is_in(client)
    assert show(client, key).status_code == 302
    assert is_in(client)


def test_a_recovery_code_logs_in_without_the_key(fenna: User, key: SoftKey) -> None:
    client = first_step(fenna)
    code = Authenticator.objects.get(user=fenna, type="recovery_codes").wrap().get_unused_codes()[0]
    assert "Sleutel kwijt? Gebruik dan een herstelcode." in words_of(client.get(reverse("mfa_authenticate")))
    assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302 and is_in(client)


def test_beside_an_app_either_will_do(fenna: User, key: SoftKey) -> None:
    TOTP.activate(fenna, secret := generate_totp_secret())
    with_app, with_key = first_step(fenna), first_step(fenna)
    assert "Of vul de code van 6 cijfers" in words_of(with_app.get(reverse("mfa_authenticate")))
    with_app.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    show(with_key, key)
    assert is_in(with_app) and is_in(with_key)


def test_who_has_an_app_only_is_not_asked_for_a_key(fenna: User) -> None:
    TOTP.activate(fenna, generate_totp_secret())
    page = first_step(fenna).get(reverse("mfa_authenticate")).content.decode()
    assert "toegangssleutel" not in page and "webauthn" not in page


def test_required_of_staff_a_key_is_enough(browser_of_fenna, settings) -> None:
    settings.SECOND_FACTOR_FROM = clock.today()
    assert browser_of_fenna.get(reverse("accounts:profile")).url == reverse("mfa_index")
    add(browser_of_fenna, "mijn telefoon")
    assert browser_of_fenna.get(reverse("accounts:profile")).status_code == 200


def test_another_name_and_removing(browser_of_fenna, fenna: User, key: SoftKey) -> None:
    one = Authenticator.objects.get(user=fenna, type="webauthn")
    rename, remove = reverse("mfa_edit_webauthn", args=[one.pk]), reverse("mfa_remove_webauthn", args=[one.pk])
    assert not ENGLISH.search(words_of(browser_of_fenna.get(rename)))
    wrong = browser_of_fenna.post(rename, {"name": "x" * 61})
    assert wrong.status_code == 200 and keys_of(fenna) == ["mijn telefoon"]
    assert browser_of_fenna.post(rename, {"name": "de oude telefoon"}).url == reverse("mfa_list_webauthn")
    assert keys_of(fenna) == ["de oude telefoon"]
    assert "de oude telefoon" in words_of(browser_of_fenna.get(remove))
    gone = browser_of_fenna.post(remove, follow=True)
    assert "De toegangssleutel is weggehaald." in words_of(gone) and not ENGLISH.search(words_of(gone))
    assert not Authenticator.objects.filter(user=fenna).exists()
    assert AuditEntry.objects.filter(verb=verbs.SECOND_STEP_REMOVED, subject_id=fenna.pk).count() == 1


def test_somebody_elses_key_is_not_there(browser_of_fenna, fenna: User, key: SoftKey) -> None:
    one = Authenticator.objects.get(user=fenna, type="webauthn")
    colleague = person(Role.BACKOFFICE)
    colleague.set_password(PASSWORD)
    colleague.save()
    client = first_step(colleague)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        for answer in (client.get(reverse(name, args=[one.pk])), client.post(reverse(name, args=[one.pk]))):
            assert answer.status_code == 404
    assert keys_of(fenna) == ["mijn telefoon"]


def test_adding_asks_anew_who_somebody_is(fenna: User) -> None:
    client = first_step(fenna)
    assert client.get(reverse("mfa_add_webauthn")).url.startswith(reverse("account_reauthenticate"))
    assert Client().get(reverse("mfa_add_webauthn")).url.startswith("/inloggen/")


def test_showing_anew_with_the_key_leads_back(fenna: User, key: SoftKey, settings, monkeypatch) -> None:
    settings.STEP_UP_MINUTES = 10
    fenna.memberships.create(role=Role.BEHEERDER)
    client, page = first_step(fenna), reverse("accounts:invite")
    show(client, key)
    now = clock.timezone.now().timestamp()
    monkeypatch.setattr("accounts.proving.time.time", lambda: now + 11 * 60)
    asks = client.get(client.get(page).url)
    assert "Met een toegangssleutel" in words_of(asks) and not ENGLISH.search(words_of(asks))
    back = show(client, SoftKey(), "mfa_reauthenticate_webauthn", next=page)
    assert back.url == f"{reverse('mfa_reauthenticate_webauthn')}?next=%2Fbeheer%2Fgebruikers%2Fnieuw%2F"
    assert "hoort niet bij je account" in words_of(client.get(back.url))
    monkeypatch.setattr("allauth.account.internal.flows.login.time.time", lambda: now + 11 * 60)
    assert show(client, key, "mfa_reauthenticate_webauthn", next=page).url == page
    assert client.get(page).status_code == 200


# --- wrong answers --------------------------------------------------------------------------------------------------


def test_an_answer_that_was_given_before_or_by_another_key_is_refused(fenna: User, key: SoftKey) -> None:
    client = first_step(fenna)
    earlier = json.dumps(key.shown(asked(client, "mfa_authenticate")))
    client.get(reverse("mfa_authenticate"))
    page = client.post(reverse("mfa_authenticate"), {"credential": earlier})
    assert page.status_code == 200 and "hoort niet bij je account" in words_of(page)
    forged = SoftKey()
    forged.pk = key.pk
    for other in (SoftKey(), forged):
        page = show(client, other)
        assert page.status_code == 200 and not ENGLISH.search(words_of(page))
    assert not is_in(client)


def test_after_five_wrong_answers_the_right_key_waits(fenna: User, key: SoftKey) -> None:
    client = first_step(fenna)
    assert [show(client, SoftKey()).status_code for _try in range(5)] == [200] * 4 + [429]
    assert show(client, key).status_code == 429
    assert not is_in(client)


def test_codes_and_keys_are_counted_together(fenna: User, key: SoftKey) -> None:
    client = first_step(fenna)
    answers = [client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code for _try in range(3)]
    answers += [show(client, SoftKey()).status_code for _try in range(2)]
    assert answers == [200] * 4 + [429]


DEEP = "[" * 15_000
STRANGE = ["", "onzin", "null", "[]", "{}", '"x"', "1e999", DEEP, '{"a":"\\u0000"}', "x" * 30_000]
STRANGE += ['{"id":"eA","rawId":"eA","type":"public-key","response":{}}']
STRANGE += [f'{{"id":"{x}","rawId":{x},"type":"public-key","response":[1]}}' for x in ("1", "null", '"é"')]
HALF = {"clientDataJSON": "e30", "attestationObject": "oA", "authenticatorData": "AA", "signature": "AA"}
STRANGE += [json.dumps({"id": "eA", "rawId": "eA", "type": "public-key", "response": HALF})]


@pytest.mark.parametrize("credential", STRANGE, ids=range(len(STRANGE)))
def test_what_no_browser_sends_is_refused_in_words(browser_of_fenna, fenna, key, credential: str) -> None:
    second_step, anew = first_step(fenna), reverse("mfa_reauthenticate_webauthn")
    for client, path in (
        (browser_of_fenna, reverse("mfa_add_webauthn")),
        (browser_of_fenna, anew),
        (second_step, reverse("mfa_authenticate")),
    ):
        client.get(path)
        page = client.post(path, {"name": "iets", "credential": credential}, follow=True)
        assert page.status_code == 200 and not ENGLISH.search(words_of(page))
        assert re.search("Dit klopt nog niet|Probeer het opnieuw", words_of(page))
    assert keys_of(fenna) == ["mijn telefoon"] and not is_in(second_step)


def test_nobody_keeps_more_keys_than_can_be_told_apart(browser_of_fenna, fenna, key, monkeypatch) -> None:
    monkeypatch.setattr(passkeys, "MOST_KEYS", 1)
    credential = SoftKey().made(asked(browser_of_fenna, "mfa_add_webauthn"))
    sent = {"name": "nog een", "credential": json.dumps(credential)}
    page = browser_of_fenna.post(reverse("mfa_add_webauthn"), sent)
    assert "Haal er eerst een weg." in words_of(page) and keys_of(fenna) == ["mijn telefoon"]
