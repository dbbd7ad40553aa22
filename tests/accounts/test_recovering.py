"""Who lost telephone, keys and recovery codes gets in again, and nobody gets round their own second step."""

from __future__ import annotations

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.core import mail as outgoing
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts import recovering, second, verbs
from accounts.models import AuditEntry, Role, User
from tests.accounts.people import person
from topjob import clock, outbox
from topjob.errors import Refused
from topjob.models import OutboxMessage

pytestmark = pytest.mark.django_db
PASSWORD = "een heel lang wachtwoord"
WHY = "Telefoon in het water gevallen; stond zelf aan de balie."


@pytest.fixture
def fenna(db) -> User:
    return with_second(person(Role.FRONTOFFICE, name="Fenna Otten"))


def with_second(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    return user


def mailed() -> list[list[str]]:
    for message in OutboxMessage.objects.waiting():
        outbox.run(message.pk)
    return [mail.to for mail in outgoing.outbox]


def test_the_beheerder_takes_it_away_and_she_sets_it_up_anew(browser, beheerder, fenna, settings) -> None:
    settings.SECOND_FACTOR_FROM = clock.today()
    with_second(beheerder)
    browser.force_login(beheerder)
    her_browser = Client()
    her_browser.force_login(fenna)
    assert her_browser.get(reverse("accounts:profile")).status_code == 200
    page = browser.get(reverse("accounts:user", args=[fenna.pk])).content.decode()
    assert reverse("accounts:remove_second", args=[fenna.pk]) in page
    answer = browser.post(reverse("accounts:remove_second", args=[fenna.pk]), {"reason": WHY})
    assert answer.url == reverse("accounts:user", args=[fenna.pk])
    assert not Authenticator.objects.filter(user=fenna).exists()
    assert her_browser.get(reverse("accounts:profile")).url.startswith("/inloggen/")
    entry = AuditEntry.objects.get(verb=verbs.SECOND_STEP_REMOVED_BY_BEHEER, subject_id=fenna.pk)
    assert (entry.actor, entry.text.text) == (beheerder, WHY)
    assert mailed() == [[fenna.email]]
    assert her_browser.post("/inloggen/", {"login": fenna.email, "password": PASSWORD}).url == "/"
    assert her_browser.get(reverse("accounts:profile")).url == reverse("mfa_index")


def test_it_is_asked_why_and_what_was_typed_stays(browser, fenna: User) -> None:
    page = browser.post(reverse("accounts:remove_second", args=[fenna.pk]), {"reason": ""})
    assert page.status_code == 200 and "Dit klopt nog niet" in page.content.decode()
    long = browser.post(reverse("accounts:remove_second", args=[fenna.pk]), {"reason": WHY * 40})
    assert WHY in long.content.decode() and second.is_on(fenna)


def test_the_beheerder_shows_first_who_they_are(browser, fenna: User, settings) -> None:
    settings.STEP_UP_MINUTES = 10
    bound(fenna)
    for path in ("remove_second", "unbind"):
        answer = browser.post(reverse(f"accounts:{path}", args=[fenna.pk]), {"reason": WHY})
        assert answer.status_code == 302 and "reauthenticate" in answer.url
    assert second.is_on(fenna) and SocialAccount.objects.exists()


def test_never_ones_own(browser, beheerder: User) -> None:
    with_second(beheerder)
    browser.force_login(beheerder)
    page = browser.get(reverse("accounts:user", args=[beheerder.pk])).content.decode()
    assert "Je eigen tweede stap kan alleen een andere beheerder weghalen." in page
    answer = browser.post(reverse("accounts:remove_second", args=[beheerder.pk]), {"reason": WHY})
    assert answer.status_code == 409 and second.is_on(beheerder)


def test_who_has_none_loses_none(browser, beheerder: User) -> None:
    colleague = person(Role.BACKOFFICE)
    address = reverse("accounts:remove_second", args=[colleague.pk])
    assert address not in browser.get(reverse("accounts:user", args=[colleague.pk])).content.decode()
    assert browser.get(address).status_code == 409
    with pytest.raises(Refused):
        recovering.remove_second(colleague, reason=WHY, by=beheerder)


def test_the_last_beheerder_is_helped_on_the_server(beheerder: User) -> None:
    with_second(beheerder)
    said = StringIO()
    call_command("remove_second_factor", beheerder.email.upper(), reason=WHY, stdout=said)
    assert beheerder.email in said.getvalue() and not second.is_on(beheerder)
    entry = AuditEntry.objects.get(verb=verbs.SECOND_STEP_REMOVED_BY_BEHEER)
    assert (entry.party, entry.actor, entry.text.text) == ("systeem", None, WHY)
    assert mailed() == [[beheerder.email]]


@pytest.mark.parametrize(("email", "reason"), [("niemand@test.example", WHY), ("", WHY), (None, " "), (None, WHY)])
def test_the_command_says_what_it_can_not_do(beheerder: User, email: str | None, reason: str) -> None:
    with pytest.raises(CommandError):
        call_command("remove_second_factor", beheerder.email if email is None else email, reason=reason)
    assert not AuditEntry.objects.filter(verb=verbs.SECOND_STEP_REMOVED_BY_BEHEER).exists()


# --- the organisation's own login ------------------------------------------------------------------------------------


def bound(user: User) -> User:
    SocialAccount.objects.create(user=user, provider="https://login.example", uid=f"nummer-{user.pk}")
    return user


def test_a_binding_with_the_organisations_login_is_taken_away(browser, beheerder: User, fenna: User, settings) -> None:
    settings.OIDC_NAME = "Gemeente Raalte"
    address, her_page = reverse("accounts:unbind", args=[bound(fenna).pk]), reverse("accounts:user", args=[fenna.pk])
    her_browser = Client()
    her_browser.force_login(fenna)
    assert her_browser.get(reverse("accounts:profile")).status_code == 200
    assert address in browser.get(her_page).content.decode()
    assert "Deze persoon wordt uitgelogd." in browser.get(address).content.decode()
    assert SocialAccount.objects.exists(), "looking changes nothing"
    done = browser.post(address, {"reason": WHY}, follow=True)
    assert done.redirect_chain == [(her_page, 302)] and "krijgt een mail" in done.content.decode()
    assert not SocialAccount.objects.exists() and second.is_on(fenna)
    entry = AuditEntry.objects.get(verb=verbs.LOGIN_UNBOUND, subject_id=fenna.pk)
    assert (entry.actor, entry.text.text) == (beheerder, WHY)
    assert mailed() == [[fenna.email]]
    assert "Log opnieuw in, met Gemeente Raalte of met je e-mailadres" in outgoing.outbox[0].body
    assert her_browser.get(reverse("accounts:profile")).url.startswith("/inloggen/")


def test_it_is_asked_why_before_unbinding(browser, fenna: User) -> None:
    page = browser.post(reverse("accounts:unbind", args=[bound(fenna).pk]), {"reason": " "})
    assert page.status_code == 200 and "Dit klopt nog niet" in page.content.decode()
    assert SocialAccount.objects.exists() and mailed() == []


def test_who_is_bound_to_nothing_is_not_unbound(browser, beheerder: User, fenna: User) -> None:
    address = reverse("accounts:unbind", args=[fenna.pk])
    assert address not in browser.get(reverse("accounts:user", args=[fenna.pk])).content.decode()
    assert browser.get(address).status_code == 409
    with pytest.raises(Refused):
        recovering.unbind(fenna, reason=WHY, by=beheerder)
    assert not AuditEntry.objects.filter(verb=verbs.LOGIN_UNBOUND).exists()


def test_who_was_shut_out_is_unbound_without_a_mail(browser, fenna: User) -> None:
    """So that another account of hers can be bound; there is nothing that she can do with this one."""
    User.objects.filter(pk=bound(fenna).pk).update(is_active=False)
    address = reverse("accounts:unbind", args=[fenna.pk])
    assert address in browser.get(reverse("accounts:user", args=[fenna.pk])).content.decode()
    assert "Het account blijft uit." in browser.get(address).content.decode()
    done = browser.post(address, {"reason": WHY}, follow=True).content.decode()
    assert "Het account is losgemaakt." in done and "krijgt een mail" not in done
    assert not SocialAccount.objects.exists() and mailed() == []
    assert AuditEntry.objects.get(verb=verbs.LOGIN_UNBOUND).text.text == WHY


def test_without_a_provider_any_more_the_mail_names_none(beheerder: User, fenna: User, settings) -> None:
    settings.OIDC_NAME = ""
    recovering.unbind(bound(fenna), reason=WHY, by=beheerder)
    mailed()
    assert "Log opnieuw in met je e-mailadres en wachtwoord:" in outgoing.outbox[0].body
