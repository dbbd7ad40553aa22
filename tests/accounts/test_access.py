"""The gate: who may open a page, and where a visitor goes."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpResponse
from django.urls import reverse

from accounts import access
from accounts.models import Role
from accounts.navigation import nav_items_for
from tests.accounts.people import company, person

BEHEER = ["manage", "gallery", "users", "invite", "law", "add_law_value", "tables", "log", "export_log", "outbox"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.BEHEERDER}))
@pytest.mark.parametrize("name", BEHEER)
def test_beheer_is_nonexistent_for_everybody_else(client, role, name):
    client.force_login(person(role, organisation=company()))
    assert client.get(reverse(f"accounts:{name}")).status_code == 404


@pytest.mark.parametrize("name", BEHEER)
def test_beheer_opens_for_the_beheerder(browser, name):
    assert browser.get(reverse(f"accounts:{name}")).status_code == 200


def test_a_visitor_goes_to_the_login_page_and_back(client):
    response = client.get(reverse("accounts:users"), {"q": "jan"})
    assert response.url == "/inloggen/?next=/beheer/gebruikers/%3Fq%3Djan"


def test_a_view_without_a_rule_is_a_mistake_of_ours(rf):
    gate = access.GateMiddleware(lambda request: HttpResponse())
    with pytest.raises(ImproperlyConfigured, match="no access rule"):
        gate.process_view(rf.get("/"), lambda request: HttpResponse(), (), {})


def test_the_demo_pages_dont_exist_in_production(client, settings):
    assert client.get(reverse("demo:home")).status_code == 200
    settings.TOPJOB_MODE = "production"
    for name in ("home", "mails"):
        assert client.get(reverse(f"demo:{name}")).status_code == 404
    user = person(Role.BEHEERDER)
    assert client.post(reverse("demo:login", args=[user.pk])).status_code == 404
    assert client.post(reverse("demo:clock"), {"step": "dag"}).status_code == 404


def test_changing_needs_a_post(browser, beheerder):
    for name in ("reactivate", "add_role"):
        assert browser.get(reverse(f"accounts:{name}", args=[beheerder.pk])).status_code == 405


def test_roles_rule_asks_for_one_of_the_roles(rf):
    rule = access.roles(Role.REGISSEUR, Role.BACKOFFICE)
    request = rf.get("/")
    request.user, request.session = person(Role.BACKOFFICE), {}
    assert rule.allows(request)
    request.user = person(Role.FRONTOFFICE)
    assert not rule.allows(request)
    gate = access.GateMiddleware(lambda request: HttpResponse())
    with pytest.raises(Http404):
        gate.process_view(request, access.access(rule, shows=access.NOBODY)(lambda request: HttpResponse()), (), {})


def test_one_menu_entry_is_the_present_one(rf):
    request = rf.get("/werkgever/voorstellen/")
    request.user = person(Role.WERKGEVER, organisation=company())
    assert [item["label"] for item in nav_items_for(request) if item["active"]] == ["Voorstellen"]
    request.path = "/werkgever/gegevens/"
    assert [item["label"] for item in nav_items_for(request) if item["active"]] == ["Bedrijf"]
    request.path = "/"
    assert not any(item["active"] for item in nav_items_for(request))


def test_a_visitor_has_no_menu(client):
    assert client.get(reverse("demo:home")).context["nav_items"] == []
