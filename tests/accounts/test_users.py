"""Letting people in: users, roles, the last beheerder, the invitation."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import actions, verbs
from accounts.actions import Capacity
from accounts.models import AuditEntry, Membership, Region, Role, User
from tests.accounts.people import client_organisation, company, person
from topjob import outbox
from topjob.errors import Refused
from topjob.models import OutboxMessage

pytestmark = pytest.mark.django_db


def invitation(**changes):
    region = Region.objects.get(code="20")
    data = {
        "name": "Nieuw Iemand",
        "email": "nieuw@test.example",
        "phone": "06 12345678",
        "role": "regisseur",
        "region": region.pk,
    }
    return data | {"organisation": ""} | changes


def test_inviting_makes_the_account_logs_it_and_mails_a_link(browser, beheerder, settings):
    response = browser.post(reverse("accounts:invite"), invitation(email="Nieuw@Test.example"))
    user = User.objects.get(email="nieuw@test.example")
    assert response.url == reverse("accounts:user", args=[user.pk])
    assert user.roles == {Role.REGISSEUR} and not user.has_usable_password() and user.phone == "+31612345678"
    logged = list(AuditEntry.objects.filter(subject_id=user.pk, actor=beheerder).values_list("verb", flat=True))
    assert sorted(logged) == sorted([verbs.USER_ADDED, verbs.ROLE_GIVEN, verbs.INVITATION_SENT])

    message = OutboxMessage.objects.get(handler="accounts.invitation")
    assert message.payload == {"user": user.pk}
    assert outbox.run(message.pk) and not outbox.run(message.pk)
    assert [sent.to for sent in mail.outbox] == [["nieuw@test.example"]]
    link = re.search(r"http\S+/account/password/reset/key/\S+", mail.outbox[0].body)[0]
    assert link.startswith(settings.SITE_URL)


def test_the_mailed_link_lets_the_person_choose_a_password_and_log_in(beheerder):
    user = actions.invite_user(name="A", email="a@test.example", capacities=[Capacity(Role.BEHEERDER)], by=beheerder)
    outbox.run(OutboxMessage.objects.get().pk)
    path = re.search(r"https?://[^/]+(/account/password/\S+)", mail.outbox[0].body)[1]
    visitor = Client()
    page = visitor.get(path, follow=True)
    form_url = page.redirect_chain[-1][0]
    visitor.post(form_url, {"password1": "een-heel-lang-woord-77", "password2": "een-heel-lang-woord-77"})
    user.refresh_from_db()
    assert user.check_password("een-heel-lang-woord-77")
    response = visitor.post("/inloggen/", {"login": "a@test.example", "password": "een-heel-lang-woord-77"})
    assert response.status_code == 302 and "_auth_user_id" in visitor.session


def test_an_invitation_to_someone_who_was_shut_out_is_not_sent(beheerder):
    user = actions.invite_user(name="A", email="a@test.example", capacities=[Capacity(Role.BEHEERDER)], by=beheerder)
    actions.deactivate_user(user, by=beheerder)
    outbox.run(OutboxMessage.objects.get().pk)
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "\x00"}, "name"),
        ({"email": "geen adres"}, "email"),
        ({"email": "BESTAAT@test.example"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"role": ""}, "role"),
        ({"role": "kandidaat"}, "role"),
        ({"role": "koning"}, "role"),
        ({"region": ""}, "region"),
        ({"region": "99999999"}, "region"),
        ({"role": "werkgever"}, "organisation"),
        ({"role": "werkgever", "organisation": "Gemeente Raalte"}, "organisation"),
        ({"role": "opdrachtgever", "organisation": "Bestaat niet"}, "organisation"),
        ({"role": "opdrachtgever", "organisation": "x (#999999999999999999)"}, "organisation"),
        ({"role": "opdrachtgever", "organisation": "\x00"}, "organisation"),
    ],
)
def test_wrong_input_is_said_at_the_field_and_changes_nothing(browser, changes, field):
    User.objects.create_user(email="bestaat@test.example", name="Bestaat")
    before = User.objects.count()
    response = browser.post(reverse("accounts:invite"), invitation(**changes))
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert User.objects.count() == before and not OutboxMessage.objects.exists()


def test_two_organisations_of_one_name_are_told_apart_by_their_number(browser):
    first, second = company("Dubbel BV", city="Raalte"), company("Dubbel BV", city="Wijhe")
    response = browser.post(reverse("accounts:invite"), invitation(role="werkgever", organisation="dubbel bv"))
    page = response.content.decode()
    assert f"Dubbel BV, Raalte (nr. {first.pk})" in page and f"Dubbel BV, Wijhe (nr. {second.pk})" in page
    written = f"Dubbel BV, Wijhe (nr. {second.pk})"
    browser.post(reverse("accounts:invite"), invitation(role="werkgever", organisation=written))
    assert User.objects.get(email="nieuw@test.example").organisations_as(Role.WERKGEVER) == {second.pk}


def test_suggestions_while_typing(browser):
    company("Zagerij Zomer", is_active=False)
    options = browser.get(reverse("accounts:organisation_options"), {"organisation": "gemeente r"}).content.decode()
    assert "Gemeente Raalte" in options and "Zwolle" not in options
    assert (
        "option"
        not in browser.get(reverse("accounts:organisation_options"), {"organisation": "Zagerij"}).content.decode()
    )
    company("Raalte Bouw")
    clients = browser.get(reverse("accounts:client_options"), {"client": "raalte\x00"}).content.decode()
    assert "Gemeente Raalte" in clients and "Bouw" not in clients


def test_names_in_suggestions_are_escaped(browser):
    company('"><script>alert(1)</script>')
    page = browser.get(reverse("accounts:organisation_options"), {"organisation": "script"}).content.decode()
    assert "<script>" not in page and "&lt;script&gt;" in page


def test_a_second_role_and_taking_it_away(browser, beheerder):
    user = person(Role.FRONTOFFICE)
    url = reverse("accounts:add_role", args=[user.pk])
    browser.post(url, {"role": "opdrachtgever", "organisation": "Gemeente Raalte"})
    assert User.objects.get(pk=user.pk).roles == {Role.FRONTOFFICE, Role.OPDRACHTGEVER}
    assert AuditEntry.objects.latest("pk").details["organisation"] == client_organisation().pk

    membership = Membership.objects.get(user=user, role=Role.OPDRACHTGEVER)
    browser.post(reverse("trajectories:remove_role", args=[user.pk, membership.pk]))
    assert User.objects.get(pk=user.pk).roles == {Role.FRONTOFFICE}
    assert AuditEntry.objects.latest("pk").verb == verbs.ROLE_WITHDRAWN


def test_the_same_role_twice_is_refused_and_changes_nothing(browser):
    user = person(Role.FRONTOFFICE)
    before = AuditEntry.objects.count()
    region = Region.objects.first().pk
    response = browser.post(reverse("accounts:add_role", args=[user.pk]), {"role": "frontoffice", "region": region})
    assert response.status_code == 409 and AuditEntry.objects.count() == before


def test_a_role_of_somebody_else_is_as_nonexistent(browser, beheerder):
    user, other = person(Role.FRONTOFFICE), person(Role.BACKOFFICE)
    url = reverse("trajectories:remove_role", args=[user.pk, other.memberships.get().pk])
    assert browser.post(url).status_code == 404
    assert other.memberships.count() == 1


def test_the_last_beheerder_cant_be_removed(browser, beheerder):
    person(Role.BEHEERDER, active=False)  # whoever is shut out doesn't count
    assert browser.post(reverse("trajectories:deactivate", args=[beheerder.pk])).status_code == 409
    url = reverse("trajectories:remove_role", args=[beheerder.pk, beheerder.memberships.get().pk])
    response = browser.post(url)
    assert response.status_code == 409 and "laatste beheerder" in response.content.decode()
    beheerder.refresh_from_db()
    assert beheerder.is_active and beheerder.memberships.exists()


def test_the_last_beheerder_isnt_offered_to_go(browser, beheerder):
    """One answer for page and action: no button that is refused when it is pressed."""
    ways = ["/uit/", "/weg/"]

    def offered() -> list[str]:
        page = browser.get(reverse("accounts:user", args=[beheerder.pk])).content.decode()
        assert ("Dit is de laatste beheerder" in page) is (not Membership.objects.filter(role="beheerder")[1:].exists())
        return [link for link in re.findall(r'href="([^"]+)"', page) if any(way in link for way in ways)]

    assert offered() == []
    person(Role.BEHEERDER)
    links = offered()
    assert len(links) == 2
    assert [browser.get(link).status_code for link in links] == [200, 200]


def test_one_of_two_beheerders_can_go(beheerder):
    other = person(Role.BEHEERDER)
    actions.deactivate_user(other, by=beheerder)
    with pytest.raises(Refused):
        actions.deactivate_user(beheerder, by=beheerder)


def test_whoever_is_shut_out_is_logged_out_at_once(browser):
    user = person(Role.FRONTOFFICE)
    theirs = Client()
    theirs.force_login(user)
    browser.post(reverse("trajectories:deactivate", args=[user.pk]))
    assert theirs.get(reverse("accounts:profile")).url.startswith("/inloggen/")
    browser.post(reverse("accounts:reactivate", args=[user.pk]))
    theirs.force_login(User.objects.get(pk=user.pk))
    assert theirs.get(reverse("accounts:profile")).status_code == 200


def test_an_action_that_fails_leaves_nothing_behind(beheerder):
    capacities = [Capacity(Role.FRONTOFFICE, region=Region.objects.first()), Capacity(Role.WERKGEVER)]
    with pytest.raises(Refused):
        actions.invite_user(name="A", email="a@test.example", capacities=capacities, by=beheerder)
    assert not User.objects.filter(email="a@test.example").exists()
    assert not AuditEntry.objects.exists() and not OutboxMessage.objects.exists()


def test_changing_data(browser):
    user = person(Role.FRONTOFFICE)
    url = reverse("accounts:edit_user", args=[user.pk])
    browser.post(url, {"name": "Anders", "email": "ANDERS@test.example", "phone": ""})
    user.refresh_from_db()
    assert (user.name, user.email) == ("Anders", "anders@test.example")


def test_the_list_finds_and_filters(browser):
    person(Role.JOBCOACH, name="Karel Kok")
    person(Role.FRONTOFFICE, name="Karin Kuik", active=False)
    names = lambda **query: [u.name for u in browser.get(reverse("accounts:users"), query).context["page_obj"]]  # noqa: E731
    assert names(q="karel") == ["Karel Kok"]
    assert names(q="kar", active="alle") == ["Karel Kok", "Karin Kuik"]
    assert names(q="kar", active="uit") == ["Karin Kuik"]
    assert names(role="jobcoach") == ["Karel Kok"]
    assert names(role="onzin") and names(q="\x00")


@pytest.mark.parametrize("rows", [5, 50])
def test_the_list_asks_the_same_few_questions(browser, rows, django_assert_num_queries):
    for _ in range(rows):
        person(Role.FRONTOFFICE, Role.BACKOFFICE)
    with django_assert_num_queries(8):
        browser.get(reverse("accounts:users"))


def test_own_account(client):
    user = person(Role.WERKGEVER, organisation=company())
    client.force_login(user)
    page = client.get(reverse("accounts:profile"))
    assert page.context["base"] == "base_portal.html"
    client.post(reverse("accounts:profile"), {"name": "Nieuwe Naam", "phone": "0570 123456", "email": "x@y.example"})
    user.refresh_from_db()
    assert user.name == "Nieuwe Naam" and user.phone == "+31570123456" and user.email != "x@y.example"
