"""Filters above a list: what was chosen stands as tags, can be kept, shared, renamed and taken away; and the undoing of that."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from accounts import verbs
from accounts.models import AuditEntry, Role, SavedFilter, User
from accounts.rules import MOST_FILTERS
from tests import factories
from tests.screens import form_with
from topjob import clock
from topjob.undo import undo_tags

pytestmark = pytest.mark.django_db
LIST = "/trajecten/"


@pytest.fixture
def regisseur(client: Client) -> User:
    user = factories.staff(Role.REGISSEUR)
    client.force_login(user)
    return user


def keep(client: Client, query: str, name: str = "Mijn werk", share: str = "", page: str = "trajectories:list"):
    address = f"{reverse('accounts:keep_filter')}?{urlencode({'page': page, 'query': query})}"
    return client.post(address, {"name": name, "share": share})


def names_above(client: Client, address: str = LIST) -> list[str]:
    page = client.get(address).content.decode()
    return [row.name for row in SavedFilter.objects.all() if f">{row.name}" in page]


def test_what_was_chosen_stands_as_tags_with_the_way_to_take_each_away(client: Client, regisseur: User) -> None:
    page = client.get(
        LIST, {"due": "laat", "turn": "ik", "state": "TOVENAAR", "sort": "-name", "page": "3"}
    ).content.decode()
    assert 'href="?turn=ik&amp;state=TOVENAAR&amp;sort=-name"' in page
    assert 'href="?due=laat&amp;state=TOVENAAR&amp;sort=-name"' in page
    assert "Termijn: te laat" in page
    assert "TOVENAAR:" not in page
    assert "Gekozen filters" not in client.get(LIST).content.decode()


def test_a_filter_is_kept_by_what_the_list_knows_and_opens_that_list(client: Client, regisseur: User) -> None:
    answer = keep(client, "due=laat&turn=niemand-bestaat&onzin=1&sort=-name&page=4&csrf=x")
    (saved,) = SavedFilter.objects.all()
    assert (saved.query, saved.owner, saved.role) == ("due=laat&sort=-name", regisseur, "")
    assert answer.url == "/trajecten/?due=laat&sort=-name"
    assert (
        f'<a href="?due=laat&amp;sort=-name" aria-current="true">{saved.name}'
        in client.get(answer.url).content.decode()
    )
    assert names_above(client) == ["Mijn werk"]
    assert names_above(client, "/banenpool/") == []


@pytest.mark.parametrize("query", ["", "sort=tovenaar", "state=tovenaar", "page=2"])
def test_nothing_chosen_is_nothing_to_keep(client: Client, regisseur: User, query: str) -> None:
    assert b"Kies eerst boven de lijst" in keep(client, query).content
    assert not SavedFilter.objects.exists()


def test_an_address_that_says_it_a_hundred_times_is_too_much_to_keep(client: Client, regisseur: User) -> None:
    assert b"te veel om te bewaren" in keep(client, "&".join(["due=laat"] * 100)).content
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize("query", ["q=Eigenweide", "q=Eigenweide&due=laat"])
@pytest.mark.parametrize("share", ["", "regisseur"])
def test_who_was_searched_for_is_never_kept(client: Client, regisseur: User, query: str, share: str) -> None:
    share = share and f"regisseur-{factories.region().pk}"
    assert b"op een persoon" in keep(client, query, share=share).content
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize("page", ["accounts:users", "trajectories:detail", "onzin", ""])
def test_a_list_that_isnt_ones_own_to_open_keeps_nothing(client: Client, regisseur: User, page: str) -> None:
    assert keep(client, "role=regisseur", page=page).status_code == 404


def test_a_filter_is_shared_with_who_holds_that_role_in_that_region(client: Client, regisseur: User) -> None:
    keep(client, "due=laat", "Alleen van mij")
    keep(client, "due=week", "Van ons", share=f"regisseur-{factories.region().pk}")
    seen = {}
    for who, role, region in (
        ("colleague", Role.REGISSEUR, "20"),
        ("another role", Role.BACKOFFICE, "20"),
        ("another region", Role.REGISSEUR, "29"),
    ):
        client.force_login(factories.staff(role, region_code=region))
        seen[who] = names_above(client)
    assert seen == {"colleague": ["Van ons"], "another role": [], "another region": []}
    client.force_login(regisseur)
    assert names_above(client) == ["Alleen van mij", "Van ons"]


def test_nobody_shares_with_a_role_they_dont_hold(client: Client, regisseur: User) -> None:
    assert keep(client, "due=laat", share=f"backoffice-{factories.region().pk}").status_code == 200
    assert not SavedFilter.objects.exists()


def test_each_name_once_per_list_and_no_more_than_enough(client: Client, regisseur: User) -> None:
    keep(client, "due=laat")
    assert b"al een filter met deze naam" in keep(client, "due=week").content
    row = SavedFilter.objects.get()
    SavedFilter.objects.bulk_create(
        SavedFilter(owner=regisseur, page=row.page, name=str(n), query="due=week", created_at=row.created_at)
        for n in range(MOST_FILTERS - 1)
    )
    assert b"Verwijder er eerst een" in keep(client, "due=week", "nog een").content


def test_only_the_owner_renames_and_removes(client: Client, regisseur: User) -> None:
    keep(client, "due=laat", share=f"regisseur-{factories.region().pk}")
    saved = SavedFilter.objects.get()
    address = reverse("accounts:change_filter", args=[saved.pk])
    fields = form_with(client.get(address), "name")
    client.post(address, fields | {"name": "Beter", "share": ""})
    saved.refresh_from_db()
    assert (saved.name, saved.role) == ("Beter", "")
    client.force_login(factories.staff(Role.REGISSEUR))
    assert client.get(address).status_code == 404
    assert client.post(reverse("accounts:remove_filter", args=[saved.pk])).status_code == 404


def test_a_filter_that_was_removed_comes_back_by_the_button_and_the_log_keeps_both(
    client: Client, regisseur: User
) -> None:
    keep(client, "due=laat", share=f"regisseur-{factories.region().pk}")
    before = SavedFilter.objects.values("name", "query", "role", "region").get()
    gone = client.post(reverse("accounts:remove_filter", args=[SavedFilter.objects.get().pk]), follow=True)
    assert not SavedFilter.objects.exists()
    fields = form_with(gone, "token")
    there = f"http://testserver{reverse('accounts:saved_filters')}"
    back = client.post(reverse("accounts:undo"), fields, headers={"referer": there})
    assert back.url == there
    assert SavedFilter.objects.values("name", "query", "role", "region").get() == before
    for elsewhere in ("https://elders.example/x", "", "javascript:alert(1)"):
        answer = client.post(reverse("accounts:undo"), {"token": fields["token"]}, headers={"referer": elsewhere})
        assert "Location" not in answer or answer.url == "/"
    said = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert said[-3:] == [verbs.FILTER_SAVED, verbs.FILTER_REMOVED, verbs.FILTER_SAVED]
    assert b"ander filter met deze naam" in client.post(reverse("accounts:undo"), {"token": fields["token"]}).content


def test_undoing_is_for_who_did_it_and_for_half_a_minute(client: Client, regisseur: User) -> None:
    kept = {"page": "trajectories:list", "name": "x", "query": "due=laat", "role": "", "region_id": None}
    token, foreign = (
        undo_tags("saved_filter", regisseur, **kept),
        undo_tags("saved_filter", factories.UserFactory(), **kept),
    )
    address = reverse("accounts:undo")
    with clock.at(clock.today() + timedelta(days=1)):
        assert "eerste halve minuut" in client.post(address, {"token": token}).content.decode()
    assert "Alleen wie het deed" in client.post(address, {"token": foreign}).content.decode()
    assert "eerste halve minuut" in client.post(address, {"token": token[:-1]}).content.decode()
    assert not SavedFilter.objects.exists()
