"""Who may do what, whole: every address as everybody, about everybody's things, against the table in `access_matrix.csv`.

A cell says about whose things somebody gets an answer: e(igen), c(ollega's), v(reemd), d(icht); `+` for a page that names
nobody's, `-` for nothing. Everything that a cell doesn't say must look exactly like something that doesn't exist, whatever
the method. A new address fails until it has a row: the failure prints the row as it was found, to be judged and written down.
"""

from __future__ import annotations

import copy
import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pytest
from django.contrib.auth import middleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import get_messages
from django.contrib.sessions.backends.db import SessionStore
from django.core.signals import request_finished
from django.db import close_old_connections, connection, transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.backends.django import Template
from django.test import Client
from django.urls import reverse
from django.views import defaults

from accounts.access import rule_of
from accounts.models import Role, User
from tests import databases, links, matrix
from tests.matrix import RELATIONS, World
from tests.test_repository import Route, allows, methods_of, own_routes, routes
from tests.trajectories.conftest import render_lightly
from tests.trajectories.personal import TICKED
from topjob import clock, outbox
from trajectories.documents import making

TABLE = Path(__file__).with_name("access_matrix.csv")
SCRIPT = {"hx-request": "true", "x-requested-with": "XMLHttpRequest", "accept": "*/*"}
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


def declared(table: Path = TABLE) -> dict[str, dict[str, str]]:
    with table.open(encoding="utf-8", newline="") as file:
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
    monkeypatch.setattr(making, "render_paper", lambda paper: b"%PDF")
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


METHODS: dict[str, tuple[str, dict[str, str]]] = {
    "get": ("GET", {}),
    "post": ("POST", {}),
    "head": ("HEAD", {}),
    "htmx": ("GET", SCRIPT),
    "script": ("POST", SCRIPT),
}
# What is named by what is sent: a zoekprofiel.
SENT = {"version": "1"}


@dataclass
class Visit:
    """What one person gets to see of every address.

    Whoever the gate keeps out is tried with the most tempting thing, their own: it doesn't look at rows. Whoever belongs here
    is tried with everybody's things. A page is asked by the methods that it takes: what it refuses, it refuses before it looks
    at anything (`test_methods.py`, which also shows that HEAD and a script get what a browser gets). Whether they really do is
    tried on one page of each kind and on those that answer a script in another shape.
    """

    world: World
    client: Client
    user: User | None
    wrong: list[str] = field(default_factory=list)

    @cached_property
    def nothing(self) -> dict[str, HttpResponse]:
        """What this person gets at an address that was never made: so does whoever the gate keeps out."""
        return {how: self.ask(how, "/bestaat-niet/") for how in METHODS}

    def cell(self, route: Route) -> str:
        """About whose things this person gets an answer here; what they don't is compared with what doesn't exist."""
        nowhere = matrix.address(route.pattern, None)
        let_in = self.user is not None and allows(route, self.user)
        by_number = matrix.names_rows(route.pattern)
        asked_here = let_in or not self.user or not by_number
        unknown = {how: self.ask(how, nowhere) if asked_here else self.nothing[how] for how in ways(route)}
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
                    f"{how} {route.pattern} ({relation}): {told(answer)}, not as for nothing: {told(nothing)}"
                )
        return ""

    def ask(self, how: str, url: str, sent: dict[str, str] = SENT) -> HttpResponse:
        """Ask, and take back whatever it did."""
        with transaction.atomic():
            cookies = self.client.cookies.copy()
            method, headers = METHODS[how]
            data = {"data": sent} if method == "POST" else {}
            response = getattr(self.client, method.lower())(url, headers=headers, **data)
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


def ways(route: Route) -> list[str]:
    """How a page is asked: by what it takes, and on the sample also by its head alone and as a script does."""
    takes = methods_of(route.view)
    if route.pattern not in SAMPLE:
        return [how for how in ("get", "post") if how.upper() in takes]
    return [how for how, (method, _headers) in METHODS.items() if method in takes]


def told(response: HttpResponse) -> tuple[int, str, bytes, tuple[tuple[str, str], ...]]:
    """Everything that an answer tells whoever asked."""
    where = response.get("Location", "")
    if where.startswith("/inloggen/"):
        where = "/inloggen/"  # with the way back, which they typed themselves
    return response.status_code, where, CHANGES.sub(b"", response.body), headers_of(response)


def headers_of(response: HttpResponse) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, value) for name, value in response.headers.items() if name not in LEFT_OUT))


# Told above, or in the page; `Vary` says whether a page was drawn, which it isn't in `without_looks`.
LEFT_OUT = {"Location", "Content-Security-Policy", "Content-Length", "Vary"}


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
    return Visit(world, client, user)


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
# And those that answer a script in another shape than a browser.
SAMPLE = {
    *SEVERAL,
    "/personen/<int:pk>/foto/",
    "/trajecten/<int:pk>/loonwaarde/meting/taken/",
    "/trajecten/<int:pk>/loonwaarde/meting/taken/<int:position>/",
    "/trajecten/<int:pk>/loonwaarde/meting/zienswijzen/",
    "/trajecten/<int:pk>/loonwaarde/meting/vaststellen/",
}


def without_menu(page: tuple) -> tuple:
    """In the menu the entry under which an address falls is marked, whether it exists or not."""
    return (*page[:2], re.sub(rb'aria-current="page"|\s', b"", page[2]), *page[3:])


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


ANYTHING = "(whatever it is called)"
# The beheerder who answers "who looked at me?" finds whoever is asked for, to choose between people of one name.
FOUND_BY = {"/beheer/inzage/": "?name="}
# What such a page reads of its address. By these somebody is found: a text that is typed, or the number of a person or case.
TYPED = {"q", "name", "employer", "skills", "reader", "user", ANYTHING}
NUMBERED = dict.fromkeys(("candidate", "kandidaat", "person"), matrix.PERSON)
NUMBERED |= dict.fromkeys(("trajectory", "traject"), matrix.CASE)
# These choose from a list, or say where to go on in one.
CHOSEN = {
    *("active", "advice", "birth_date", "branch", "client", "dag", "date_from", "date_until", "department", "doen"),
    *("due", "free", "guide", "handler", "hours", "key", "kind", "let_op", "looks_automatic", "next", "outcome"),
    *("page", "page_kind", "phase", "place", "planned_start", "proef", "region", "rij", "role", "since", "sort"),
    *("source", "state", "status", "still", "stream", "target_group", "terug", "toon", "turn", "verb", "voor"),
    *("vorm", "wants_project", "wat", "weergave", "wie", "wish"),
}


@pytest.mark.walk
@pytest.mark.parametrize("who", [who for who in PEOPLE if who not in VISITORS])
def test_no_list_search_suggestion_or_export_names_whom_somebody_may_not_see(
    world: World, db: None, reads: set[str], who: str
) -> None:
    """Every page without a row of its own, as it comes and asked for each person by all that it can be asked by.

    Asked in small letters: what was typed comes back in the search box, a name that is found has its capital.
    """
    hidden = {relation: name for relation, name in matrix.NAMES.items() if relation not in MAY_READ[who]}
    wrong, read = [], b""
    with clock.at(world.day, 12):
        visit = visit_of(world, who)
        for route in lists(visit):
            reads.clear()
            pages = {"": visit.ask("get", route.path), BOUND: visit.ask("get", route.path + BOUND)}
            assert reads - {"niets"} <= TYPED | NUMBERED.keys() | CHOSEN, f"{route.path} reads {reads}"
            for asked in searches(world, set(reads), hidden):
                pages[asked] = visit.ask("get", route.path + asked)
            read += pages[""].body
            wrong += [
                f"{route.path}{asked}: {name}"
                for asked, page in pages.items()
                for name in hidden.values()
                if name.encode() in page.body and not asked.startswith(FOUND_BY.get(route.path, "-") + name.lower())
            ]
    assert not wrong, "\n".join(wrong)
    # The beheerder finds people by searching only.
    assert who == Role.BEHEERDER or any(name.encode() in read for name in matrix.NAMES.values()), (
        "nothing was looked at"
    )


BOUND = "?niets=1"  # a form that filters reads its fields only when something was asked


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names that are looked up in what was asked, while somebody looks."""
    looked_up: set[str] = set()

    def watched(name: str, real: Callable) -> Callable:
        def look_up(self: QueryDict, *key: str) -> object:
            looked_up.update(key[:1] or (ANYTHING,))
            return real(self, *key)

        return look_up

    for name in ("__getitem__", "__contains__", "getlist", "values", "items"):
        monkeypatch.setattr(QueryDict, name, watched(name, getattr(QueryDict, name)), raising=False)
    return looked_up


def searches(world: World, read: set[str], hidden: dict[str, str]) -> Iterator[str]:
    """Each of these people, by everything that the page reads."""
    for relation, name in hidden.items():
        for key in read & TYPED:
            yield f"?{key}={name.lower()}"
            yield f"?{key}={name.lower()}@post.example"
        for key in read & NUMBERED.keys():
            yield f"?{key}={NUMBERED[key](world.subjects[relation])}"


def lists(visit: Visit) -> list[Route]:
    """What can be fetched by this person without naming anything."""
    plain = [route for route in tried() if "<" not in route.pattern and "GET" in methods_of(route.view)]
    return [route for route in plain if allows(route, visit.user)]


@pytest.mark.walk
@pytest.mark.parametrize("who", [who for who in PEOPLE if who not in VISITORS])
def test_a_feed_names_only_the_people_of_whom_it_is(world: World, db: None, client: Client, who: str) -> None:
    """By the numbers of their cases, never by name; whoever guides nobody gets an empty one."""
    with clock.at(world.subjects["own"].day, 12):  # later there is nothing to come
        client.force_login(world.people[who])
        answer = client.get(FEED.search(client.post(reverse("accounts:renew_calendar")).text)[0])
    assert answer.status_code == 200
    lines = answer.text.replace("\r\n ", "")
    assert not [name for name in matrix.NAMES.values() if name in lines]
    shown = {relation for relation, subject in world.subjects.items() if f"/trajecten/{subject.case.pk}/" in lines}
    assert shown <= MAY_READ[who]
    assert shown or who not in {Role.REGISSEUR, "andere regio"}


# --- By a link -------------------------------------------------------------------------------------------------------
LINK_TABLE = Path(__file__).with_name("link_matrix.csv")
# Everything that any of these pages could be asked to do.
ACT = TICKED | {"code": "123456", "reason": "Nee.", "vraag": "controle"}


def by_link() -> list[str]:
    return [route.pattern for route in routes() if "<str:token>" in route.pattern]


@pytest.mark.walk
@pytest.mark.parametrize("pattern", by_link())
def test_a_link_that_has_ended_says_no_more_than_that(world: World, db: None, pattern: str) -> None:
    """A cell holds what GET is answered, and POST where that differs: `*` when somebody is named, `!` when something is
    written. A link may tell its holder that it has ended (410), and once used what follows; one that never was is unknown.
    """
    with clock.at(world.day, 12):
        names = links.names_in(world.subjects["own"])
        found = {state: answer_by_link(world, pattern, state, names) for state in links.STATES}
    assert found == declared(LINK_TABLE).get(pattern), ",".join((pattern, *found.values()))


def answer_by_link(world: World, pattern: str, state: str, names: list[str]) -> str:
    with transaction.atomic():
        token = links.token_for(pattern, world, state)
        url = pattern.replace("<str:token>", token or "")
        hows = METHODS if state == "verlopen" else ("get", "post")
        told_by = {how: told_by_link(how, url, names) for how in hows} if token else {}
        transaction.set_rollback(True)
    if state == "verlopen" and token:
        assert told_by["head"] == told_by["htmx"] == told_by["get"] and told_by["script"] == told_by["post"]
    return " ".join(dict.fromkeys(told_by.values()))


def told_by_link(how: str, url: str, names: list[str]) -> str:
    """What somebody without an account gets, whom it names and whether it wrote more than that somebody looked."""
    written = []

    def watch(execute: Callable, sql: str, params: object, many: bool, context: dict) -> object:
        result = execute(sql, params, many, context)
        if re.match("INSERT|UPDATE|DELETE", sql) and "accounts_reading" not in sql and context["cursor"].rowcount:
            written.append(sql)
        return result

    with connection.execute_wrapper(watch):
        answer = Visit(World({}, {}, clock.today()), Client(raise_request_exception=False), None).ask(how, url, ACT)
    is_named = any(name in answer.body.decode(errors="replace") for name in names)
    return f"{answer.status_code}{'*' * is_named}{'!' * bool(written)}"


# Nobody here can open these, and why not.
NOT_NOW = {
    "/mijn/afzeggen/": "for a youth who was introduced; this one works already (`trajectories/test_portal_candidate.py`)",
    "/filters/bewaren/": "asked with the list whose filter is kept (`accounts/test_saved_filters.py`)",
    "/trajecten/samen/": "asked with the trajecten that were ticked (`trajectories/staff/test_lists.py`)",
    "/bezig/": "asked with the sign of a page that was shown (`topjob/test_presence.py`)",
    "/concepten/": "asked for a page that keeps drafts (`accounts/test_drafts.py`)",
    "/concepten/weg/": "asked for a page that keeps drafts (`accounts/test_drafts.py`)",
}


def test_the_table_holds_the_addresses_that_there_are_and_each_opens_for_somebody() -> None:
    table = declared()
    assert set(table) == {route.pattern for route in tried()}
    opens = {pattern for pattern, row in table.items() if any(cell.strip("-") for cell in row.values())}
    unseen = [pattern for pattern in table if pattern not in opens and pattern not in NOT_NOW]
    assert not unseen, "nobody can open these, or the world has no example: " + ", ".join(unseen)
