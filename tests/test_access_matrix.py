"""Who may do what, whole: every address as everybody, about everybody's things, against the table in `access_matrix.csv`.

A cell says about whose things somebody gets an answer: e(igen), c(ollega's), v(reemd), d(icht); `+` for a page that names
nobody's, `-` for nothing. Everything that a cell doesn't say must look exactly like something that doesn't exist, whatever
the method. A new address fails until it has a row: the failure prints the row as it was found, to be judged and written down.
"""

from __future__ import annotations

import copy
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pytest
from django.contrib.auth import middleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import get_messages
from django.contrib.sessions.backends.db import SessionStore
from django.core.signals import request_finished
from django.db import close_old_connections, transaction
from django.http import HttpRequest, HttpResponse
from django.template.backends.django import Template
from django.test import Client
from django.urls import reverse
from django.views import defaults

from accounts.access import rule_of
from accounts.models import Role, User
from tests import databases, matrix
from tests.matrix import RELATIONS, World
from tests.test_repository import Route, allows, own_routes
from tests.trajectories.conftest import render_lightly
from topjob import clock, outbox

TABLE = Path(__file__).with_name("access_matrix.csv")
HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_ACCEPT": "text/html"}
CHANGES = re.compile(
    rb'nonce="[^"]*"|name="(csrfmiddlewaretoken|verzendsleutel)" value="[^"]*"|"X-CSRFToken": "[^"]*"|data-session-seconds="\d+"'
)
FEED = re.compile(r"/agenda/[\w-]+/topjob\.ics")
# Addresses that take the asker somewhere else for good, or wait for a service: they have tests of their own.
ELSEWHERE = re.compile(r"^/(demo/(inloggen|klok)/|sessie/)")


def tried() -> list[Route]:
    """Everything that asks who is looking; what is open to all has nobody to refuse."""
    return [
        route
        for route in own_routes()
        if rule_of(route.view).needs_login and not ELSEWHERE.match(route.pattern) and "(?P" not in route.pattern
    ]


def declared() -> dict[str, dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row.pop("adres"): row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def matrix_database(cluster, django_db_setup, django_db_blocker, own_files) -> Iterator[tuple[str, World]]:
    with cluster.clone() as name:
        with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), databases.django_uses(name):
            patch.setitem(outbox.HANDLERS, "render_plan", render_lightly)
            patch.setattr(outbox, "tell_celery", lambda pk: None)
            made = matrix.build()
        yield name, made


@pytest.fixture
def world(matrix_database: tuple[str, World]) -> Iterator[World]:
    name, made = matrix_database
    with databases.django_uses(name):
        yield made


@pytest.fixture
def without_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages aren't drawn, a third of the work: whether there is one is known before. What isn't there tells all that its page
    could; the drawn one is in `test_what_may_not_be_seen_is_the_same_page_as_what_isn_t_there`.
    """

    def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
        return HttpResponse("; ".join(map(str, get_messages(request))), status=404)

    monkeypatch.setattr(defaults, "page_not_found", not_found)
    monkeypatch.setattr(Template, "render", lambda self, context=None, request=None: self.template.name or "")


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks, and with which session, is looked up once: whatever a request does to them is taken back."""
    look_up, found, load, sessions = middleware.get_user, {}, SessionStore.load, {}

    def kept(session: SessionStore) -> dict[str, object]:
        if session.session_key not in sessions:
            sessions[session.session_key] = load(session)
        return copy.deepcopy(sessions[session.session_key])

    def get_user(request: HttpRequest) -> User | AnonymousUser:
        key = request.session.session_key
        if key not in found:
            found[key] = look_up(request)
            getattr(found[key], "membership_list", None)
        return copy.copy(found[key])

    monkeypatch.setattr(middleware, "get_user", get_user)
    monkeypatch.setattr(SessionStore, "load", kept)


@dataclass
class Visit:
    """What one person gets to see of every address.

    Whoever the gate keeps out is tried with the most tempting thing, their own: it doesn't look at rows. Whoever belongs here
    is tried with everybody's things; outsiders, to whom all of it is foreign, with every method as well.
    """

    world: World
    client: Client
    user: User | None
    is_outsider: bool
    wrong: list[str] = field(default_factory=list)

    @cached_property
    def nothing(self) -> dict[str, HttpResponse]:
        """What this person gets at an address that was never made: so does whoever the gate keeps out."""
        return {how: self.ask(how, "/bestaat-niet/") for how in ASKING}

    def cell(self, route: Route) -> str:
        """About whose things this person gets an answer here; what they don't is compared with what doesn't exist."""
        nowhere = matrix.address(route.pattern, None)
        let_in = not self.user or allows(route, self.user)
        by_number = matrix.names_rows(route.pattern)
        unknown = {how: self.ask(how, nowhere) for how in ASKING} if let_in or not by_number else self.nothing
        if not by_number:
            return "+" if any(map(there, unknown.values())) else "-"
        relations = list(RELATIONS) if let_in else ["own"]
        return "".join(self._letter(route, relation, unknown) for relation in relations) or "-"

    def _letter(self, route: Route, relation: str, unknown: dict[str, HttpResponse]) -> str:
        url = matrix.address(route.pattern, self.world.subjects[relation])
        if url is None:
            return ""
        for how, nothing in unknown.items():
            answer = self.ask(how, url)
            if there(answer):
                return RELATIONS[relation]
            if told(answer) != told(nothing):
                self.wrong.append(
                    f"{how} {route.pattern} ({relation}): {told(answer)[:2]}, not as for nothing: {told(nothing)[:2]}"
                )
        if self.is_outsider and relation == "own":
            self.wrong += [f"{how} {url}" for how in set(METHODS) - set(ASKING) if there(self.ask(how, url))]
        return ""

    def ask(self, how: str, url: str) -> HttpResponse:
        """Ask, and take back whatever it did."""
        with transaction.atomic():
            cookies = self.client.cookies.copy()
            response = METHODS[how](self.client, url)
            self.client.cookies = cookies
            transaction.set_rollback(True)
        if response.status_code >= 500:
            self.wrong.append(f"{how} {url}: {response.status_code}")
        response.body = b"".join(response.streaming_content) if response.streaming else response.content
        close(response)
        return response


def close(response: HttpResponse) -> None:
    """Close its file, but not the connection to the database, which goes on in this test."""
    request_finished.disconnect(close_old_connections)
    response.close()
    request_finished.connect(close_old_connections)


def there(response: HttpResponse) -> bool:
    """Whether an answer says that there is something."""
    to_login = response.status_code == 302 and response.url.startswith("/inloggen/")
    return response.status_code not in (404, 405) and not to_login


ASKING = ("get", "post")
METHODS = {
    "get": lambda client, url: client.get(url),
    "head": lambda client, url: client.head(url),
    "post": lambda client, url: client.post(url),
    "put": lambda client, url: client.put(url),
    "delete": lambda client, url: client.delete(url),
    "htmx": lambda client, url: client.get(url, **HTMX),
}


def told(response: HttpResponse) -> tuple[int, str, bytes]:
    """Everything that an answer tells whoever asked."""
    where = response.get("Location", "")
    if where.startswith("/inloggen/"):
        where = "/inloggen/"  # with the way back, which they typed themselves
    return response.status_code, where, CHANGES.sub(b"", response.body)


OUTSIDERS = ["niemand", "andere werkgever", "andere opdrachtgever", "andere regio", "afgesloten account"]
PEOPLE = [*Role.values, *OUTSIDERS]
VISITORS = ["niemand", "afgesloten account"]  # they are sent to the login page


def visit_of(world: World, who: str) -> Visit:
    """Somebody's browser; one account was closed while its session went on, which makes a visitor of them."""
    client, user = Client(raise_request_exception=False), world.people[who]
    if user:
        client.force_login(user)
    if who == "afgesloten account":
        User.objects.filter(pk=user.pk).update(is_active=False)
        user = None
    return Visit(world, client, user, who in OUTSIDERS)


@pytest.mark.walk
@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_gets_what_the_table_says_and_nothing_else(
    world: World, db: None, without_looks: None, known: None, who: str
) -> None:
    with clock.at(world.day, 12):
        visit = visit_of(world, who)
        found = {route.pattern: visit.cell(route) for route in tried()}
    table = declared()
    said = {pattern: table.get(pattern, {}).get(who, "(no row)") for pattern in found}
    differ = [
        f"{pattern}: found {cell}, declared {said[pattern]}" for pattern, cell in found.items() if cell != said[pattern]
    ]
    assert not visit.wrong + differ, "\n".join(visit.wrong + differ)


@pytest.mark.walk
@pytest.mark.parametrize("who", [who for who in PEOPLE if who not in VISITORS])
def test_what_may_not_be_seen_is_the_same_page_as_what_isn_t_there(world: World, db: None, who: str) -> None:
    """Every letter of it, whatever kept it from being seen: the gate, the row, or that there is no such address or row."""
    with clock.at(world.day, 12):
        visit = visit_of(world, who)
        pages = {told(visit.nothing["get"])}
        for route in (route for route in tried() if route.pattern in SEVERAL):
            for subject in (None, *world.subjects.values()):
                url = matrix.address(route.pattern, subject)
                if url and not there(answer := visit.ask("get", url)):
                    pages.add(told(answer))
    assert len({without_menu(page) for page in pages}) == 1, "\n".join(str(page) for page in pages)


# One of each kind: a case, a person, companies, the opdrachtgever's, the candidate's own, the beheerder's.
SEVERAL = [
    "/trajecten/<int:pk>/",
    "/personen/<int:pk>/",
    "/werkgevers/<int:pk>/",
    "/werkgever/deelnemers/<int:pk>/",
    "/opdrachtgever/<int:pk>/",
    "/mijn/documenten/<int:row_pk>/",
    "/beheer/gebruikers/<int:pk>/",
]


def without_menu(page: tuple[int, str, bytes]) -> tuple[int, str, bytes]:
    """In the menu the entry under which an address falls is marked, whether it exists or not."""
    return (*page[:2], re.sub(rb'aria-current="page"|\s', b"", page[2]))


# Whose names may stand on a page that lists or finds people. Nobody else's, however it is asked.
MAY_READ = {role: {"own", "colleague", "closed"} for role in matrix.TEAM} | {
    Role.JOBCOACH: {"own", "closed"},
    Role.KANDIDAAT: {"own"},
    Role.WERKGEVER: {"own", "closed"},
    Role.OPDRACHTGEVER: {"own"},
    Role.BEHEERDER: {"closed"},  # whose file is to be destroyed
    "andere werkgever": {"foreign"},
    "andere opdrachtgever": {"foreign"},
    "andere regio": {"foreign"},
}


@pytest.mark.walk
@pytest.mark.parametrize("who", PEOPLE)
def test_no_list_search_suggestion_or_export_names_whom_somebody_may_not_see(world: World, db: None, who: str) -> None:
    """Every page without a row of its own, as it comes and asked for each person by name and by e-mail address.

    Asked in small letters: what was typed comes back in the search box, a name that is found has its capital.
    """
    hidden = [name for relation, name in matrix.NAMES.items() if relation not in MAY_READ.get(who, set())]
    searches = ["", *(f"?q={name.lower()}" for name in hidden), *(f"?q={name.lower()}@post.example" for name in hidden)]
    wrong = []
    with clock.at(world.day, 12):
        visit = visit_of(world, who)
        for url in (route.path + asked for route in lists(visit) for asked in searches):
            page = visit.ask("get", url).body
            wrong += [f"{url}: {name}" for name in hidden if name.encode() in page]
    assert not wrong, "\n".join(wrong)


def lists(visit: Visit) -> list[Route]:
    """What opens for this person without naming anything."""
    plain = [route for route in tried() if "<" not in route.pattern and (not visit.user or allows(route, visit.user))]
    return [route for route in plain if there(visit.ask("get", route.path))]


@pytest.mark.walk
def test_a_feed_names_only_the_people_of_whom_it_is(world: World, db: None, client: Client) -> None:
    with clock.at(world.day, 12):
        for who, relation in ((Role.REGISSEUR, "own"), ("andere regio", "foreign")):
            client.force_login(world.people[who])
            link = FEED.search(client.post(reverse("accounts:renew_calendar")).text)
            answer = client.get(link[0])
            assert answer.status_code == 200
            shown = {name for name, last in matrix.NAMES.items() if last in answer.text}
            assert shown <= {relation, "closed"} - ({"closed"} if relation == "foreign" else set())


# Pages of a state that nobody here is in: a draft, an open proposal, somebody shut out. `staff/test_offered.py` opens them.
NOT_NOW = [
    "/trajecten/<int:pk>/startplan/bewaren/",
    "/trajecten/<int:pk>/startplan/partij/<str:party>/",
    "/trajecten/<int:pk>/documenten/<int:paper_pk>/partij/<str:party>/",
    "/trajecten/<int:pk>/onderbrekingen/<int:row_pk>/einde/",
    "/trajecten/<int:pk>/regelingen/<str:kind>/",
    "/personen/<int:pk>/contact/<int:row_pk>/",
    "/personen/<int:candidate_pk>/zoekprofiel/bevestigen/",
    "/mijn/afzeggen/",
    "/werkgever/voorstellen/<int:pk>/",
    "/werkgever/voorstellen/<int:pk>/gesprek/",
    "/werkgever/voorstellen/<int:pk>/aannemen/",
    "/werkgever/voorstellen/<int:pk>/afwijzen/",
    "/werkgever/voorstellen/<int:pk>/bestand/<int:row_pk>/",
    "/beheer/teksten/<str:key>/versie/<int:number>/",
    "/beheer/teksten/<str:key>/versie/<int:number>/voorbeeld.pdf",
    "/beheer/gebruikers/<int:pk>/aan/",
    "/beheer/tabellen/<slug:slug>/<int:pk>/weg/",
]


def test_the_table_holds_the_addresses_that_there_are_and_each_opens_for_somebody() -> None:
    table = declared()
    assert set(table) == {route.pattern for route in tried()}
    opens = {pattern for pattern, row in table.items() if any(cell.strip("-") for cell in row.values())}
    unseen = [pattern for pattern in table if pattern not in opens and pattern not in NOT_NOW]
    assert not unseen, "nobody can open these, or the world has no example: " + ", ".join(unseen)
