"""A session that ends costs nobody their work: after logging in the page opens, with what was typed (issue 9, 5)."""

from __future__ import annotations

import time
from functools import cache
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import resuming, tasks
from accounts.models import Membership, Role, User
from accounts.refill import Form, refill
from tests import factories
from tests.accounts.people import person
from tests.test_repository import own_routes
from topjob.celery import app

PASSWORD = "een-heel-lang-woord-77"
PROFILE = "/account/"
SAID = "Je sessie was verlopen. Wat je had ingevuld staat er nog; sla het opnieuw op."


def with_password(*roles: str) -> User:
    user = person(*roles)
    user.set_password(PASSWORD)
    user.save()
    return user


def log_in(client: Client, user: User, page: str):
    return client.post(f"/inloggen/?next={page}", {"login": user.email, "password": PASSWORD, "next": page})


def was_here(user: User) -> Client:
    """A browser in which this person was logged in until the session ended."""
    client = Client()
    log_in(client, user, "/")
    client.get(PROFILE)
    Session.objects.all().delete()
    del client.cookies["sessionid"]
    return client


@pytest.fixture
def user(db) -> User:
    return with_password(Role.FRONTOFFICE)


class Values(HTMLParser):
    """The value of each named input."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, str | None] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        had = dict(attrs)
        if tag == "input" and had.get("name"):
            self.found[had["name"]] = had.get("value")


def test_no_address_leads_to_a_page_that_does_not_open_after_login(db) -> None:
    """Every address of the product, sent a form without a session: what comes after login may be nonexistent, never 405.

    Many lead to the same page, which opens or doesn't once for all of them.
    """
    inside, wrong = Client(), []
    inside.force_login(person(*Role.values[:8]))
    status_of = cache(lambda page: inside.get(page).status_code)
    for route in own_routes():
        visitor = Client().post(route.path, HTTP_REFERER=f"http://testserver{route.path}")
        if visitor.status_code == 302 and visitor.url.startswith("/inloggen/"):
            page = parse_qs(urlsplit(visitor.url).query)["next"][0]
            if (status := status_of(page)) == 405:
                wrong.append(f"{route.pattern}: {page} {status}")
    assert not wrong, "\n".join(wrong)


def test_what_opens_is_known_without_asking_the_page() -> None:
    assert not resuming.opens("/beheer/gebruikers/5/aan/")
    assert (
        resuming.opens("/beheer/gebruikers/5/")
        and resuming.opens(PROFILE)
        and resuming.opens("/account/password/reset/")
    )
    assert not resuming.opens("/bestaat/niet/")


def test_an_address_for_forms_only_leads_to_the_page_the_form_stood_on(user) -> None:
    def to(referer: str) -> str:
        return Client().post("/termijnen/5/afvinken/", HTTP_REFERER=referer).url

    assert to("http://testserver/trajecten/5/?page=2") == "/inloggen/?next=/trajecten/5/%3Fpage%3D2"
    assert (
        to("")
        == to("https://elders.example/x/")
        == to("http://testserver/termijnen/5/afvinken/")
        == "/inloggen/?next=/"
    )


def test_what_was_typed_comes_back_after_login_and_is_not_saved_by_itself(user) -> None:
    client = was_here(user)
    sent = client.post(PROFILE, {"name": "Nieuwe <b>Naam</b>", "phone": "06 12 34 56 78"})
    assert sent.url == f"/inloggen/?next={PROFILE}"
    assert "wat je had ingevuld, staat er dan nog" in client.get(sent.url).content.decode()
    page = log_in(client, user, PROFILE)
    assert page.url == PROFILE
    html = client.get(PROFILE).content.decode()
    assert SAID in html
    values = Values(html).found
    assert (values["name"], values["phone"]) == ("Nieuwe <b>Naam</b>", "06 12 34 56 78")
    assert User.objects.get(pk=user.pk).name == user.name
    assert SAID not in client.get(PROFILE).content.decode()  # once


def test_the_qfit_that_was_saved_after_the_session_ended_comes_back_on_its_page(db) -> None:
    user = with_password()
    Membership.objects.create(user=user, role=Role.REGISSEUR, region=factories.region())
    pk = factories.CandidateFactory(region=factories.region()).pk
    page, client = reverse("candidates:qfit", args=[pk]), was_here(user)
    typed = {"extra_support": "Een rustige plek"}
    sent = client.post(reverse("candidates:qfit_support", args=[pk]), typed, HTTP_REFERER=f"http://testserver{page}")
    assert sent.url == f"/inloggen/?next={page}"
    log_in(client, user, page)
    html = client.get(page).content.decode()
    assert SAID in html and "Een rustige plek</textarea>" in html


def test_the_form_that_came_back_can_be_sent(user) -> None:
    client = was_here(user)
    client.post(PROFILE, {"name": "Nieuwe Naam", "phone": ""})
    log_in(client, user, PROFILE)
    values = Values(client.get(PROFILE).content.decode()).found
    client.post(PROFILE, {name: value or "" for name, value in values.items()})
    assert User.objects.get(pk=user.pk).name == "Nieuwe Naam"


def test_somebody_else_who_logs_in_there_sees_nothing_of_it(user) -> None:
    client = was_here(user)
    client.post(PROFILE, {"name": "Van een ander", "phone": ""})
    other = with_password(Role.REGISSEUR)
    log_in(client, other, PROFILE)
    assert "Van een ander" not in client.get(PROFILE).content.decode()
    assert resuming.KEY not in client.session


def test_the_login_page_promises_nothing_when_nothing_was_typed(user) -> None:
    assert "staat er dan nog" not in was_here(user).get(f"/inloggen/?next={PROFILE}").content.decode()


def test_a_browser_in_which_nobody_was_logged_in_keeps_nothing(user) -> None:
    client = Client()
    client.post(PROFILE, {"name": "Vreemd", "phone": ""})
    assert not Session.objects.exists()


def test_a_script_that_finds_the_session_ended_keeps_nothing(user) -> None:
    client = was_here(user)
    client.post("/sessie/", headers={"Sec-Fetch-Mode": "cors"})
    assert not Session.objects.exists()


def test_what_is_kept_is_encrypted_has_no_secrets_and_ends_within_the_hour(user, monkeypatch) -> None:
    client = was_here(user)
    client.post(PROFILE, {"name": "Geheim", "password": "zeer-geheim", "csrfmiddlewaretoken": "x"})
    (row,) = Session.objects.all()
    assert "Geheim" not in str(row.get_decoded())
    assert row.get_decoded()["_session_expiry"] == 3600
    kept = resuming._box().decrypt(client.session[resuming.KEY].encode()).decode()
    assert "Geheim" in kept and "zeer-geheim" not in kept and "csrf" not in kept
    log_in(client, user, PROFILE)
    assert client.session.get("_session_expiry") != 3600
    late = time.time() + 3601
    monkeypatch.setattr(resuming.time, "time", lambda: late)
    assert "Geheim" not in client.get(PROFILE).content.decode()


def test_what_nobody_came_back_for_is_gone_within_two_hours(user) -> None:
    was_here(user).post(PROFILE, {"name": "Geheim", "phone": ""})
    Session.objects.update(expire_date=timezone.now())
    tasks.clear_sessions()
    assert not Session.objects.exists()
    assert app.conf.beat_schedule["clear-sessions"]["schedule"].hour == set(range(24))


def test_what_is_too_large_is_not_kept(user) -> None:
    client = was_here(user)
    client.post(PROFILE, {"name": "x" * resuming.LARGEST})
    assert not Session.objects.exists()


# --- Filling a page --------------------------------------------------------------------------------------------------
PAGE = """<!DOCTYPE html><h1>Kop</h1><form method="post" action="/anders/"><input name="a" value="blijft"></form>
<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="vers"><input name="a" value="oud">
<textarea name="t" rows="3">oud &amp; weg</textarea>
<select name="s"><option value="1" selected>een</option><option value="2">twee</option></select>
<input type="checkbox" name="c" value="x"><input type="checkbox" name="c" value="y" checked>
<input type="radio" name="r" value="j"><input type="radio" name="r" value="n" checked>
<input type="password" name="p"><input type="file" name="f"></form><p>na &eacute; &amp; &#8364;</p>"""


def filled(typed: dict[str, list[str]]) -> tuple[str, list]:
    left: list = []

    def notice(was_typed: bool, rest: list) -> str:
        left.extend(rest)
        return "[MELDING]" if was_typed else "[NIETS]"

    return refill(PAGE, Form("/hier/", "/hier/", typed), notice=notice), left


def test_every_kind_of_field_is_filled_and_the_rest_of_the_page_stays() -> None:
    html, left = filled({"a": ["<é>"], "t": ["regel 1\nregel 2 </textarea>"], "s": ["2"], "c": ["x"], "r": ["j"]})
    assert '<input name="a" value="&lt;é&gt;">' in html and '<input name="a" value="blijft">' in html
    assert "regel 1\nregel 2 &lt;/textarea&gt;</textarea>" in html and "oud" not in html
    assert '<option value="1">' in html and '<option value="2" selected>' in html
    assert 'value="x" checked>' in html and 'name="c" value="y">' in html
    assert 'value="j" checked>' in html and 'name="r" value="n">' in html
    assert 'value="vers"' in html and html.endswith("<p>na &eacute; &amp; &#8364;</p>")
    assert html.index("[MELDING]") < html.index('value="vers"') and not left


def test_what_fits_no_field_is_said_and_not_lost() -> None:
    _html, left = filled({"a": ["x"], "rij-3-naam": ["getypt"], "form-TOTAL_FORMS": ["4"], "leeg": [""]})
    assert left == [("rij-3-naam", "getypt")]


def test_a_button_alone_says_that_nothing_was_done_yet() -> None:
    assert "[NIETS]" in filled({})[0]
