"""Every page as everybody who may open it, looked at by axe: WCAG 2.2 AA and best practice, wide and narrow, light and dark.

The pages come from the worlds of `tests/test_questions.py`, with people at every place of the journey, and are handed to the
browser as files. In `make walks` an address that is built the same for somebody else is looked at once, in one of six ways, dealt
out in turn; `make axe` looks at everything in all six, at lists with fifty of everything, and writes down what it saw
(`accounts/accessibility.json`) for the accessibility statement. 320 pixels is what a screen of 1280 has left at 400 %.
"""

from __future__ import annotations

import mimetypes
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.views import defaults

from accounts.access import rule_of
from accounts.accessibility import Statement, Tried
from accounts.models import Role
from tests import databases
from tests.questions import declared
from tests.test_access_matrix import ELSEWHERE, close, tried
from tests.test_questions import APPLYING, EVERYBODY, Page, Worlds, alone, worlds  # noqa: F401
from tests.test_repository import Route, routes
from topjob import clock

pytestmark = [pytest.mark.browser, pytest.mark.walk]
SITE = "http://127.0.0.1:9"
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ASKED = {"runOnly": RULES, "resultTypes": ["violations"]}
WIDTHS, SCHEMES = (320, 768, 1280), ("light", "dark")
WAYS = [(width, scheme) for scheme in SCHEMES for width in WIDTHS]
ALL_WAYS = bool(os.environ.get("AXE_ALL"))
VISITOR = "bezoeker zonder account"
NAMES = {"andere regio": "Medewerker met meer rollen"}
# Of a tag only what it is and how it looks counts, not what it says or where it leads.
SAYS = re.compile(
    r"hx-headers='[^']*'|\s(?:id|for|name|value|href|src|action|form|formaction|content|title|placeholder|datetime|d|[xy]|points"
    r'|width|height|aria-label|aria-labelledby|aria-describedby|aria-controls|data-[\w-]+|hx-[\w-]+)="[^"]*"'
)
Way = tuple[int, str]


@pytest.fixture(scope="module")
def look(chromium: Any) -> Iterator[Callable[[str, Way], list[str]]]:
    """What axe finds on this HTML at this width and in this theme; sideways scrolling counts as well."""
    served = {}

    def answer(route: Any) -> None:
        path = route.request.url.removeprefix(SITE).split("?")[0]
        if path.startswith(settings.STATIC_URL):
            found = finders.find(path.removeprefix(settings.STATIC_URL))
            route.fulfill(path=found, content_type=mimetypes.guess_type(found)[0] or "font/woff2")
        elif route.request.resource_type == "document":
            route.fulfill(content_type="text/html", body=served["html"])
        else:
            route.fulfill(status=204)

    context = chromium.new_context(locale="nl-NL", reduced_motion="reduce")
    page = context.new_page()
    page.route("**/*", answer)

    def found(html: str, way: Way) -> list[str]:
        served["html"] = html
        page.set_viewport_size({"width": way[0], "height": 900})
        page.emulate_media(color_scheme=way[1])
        page.goto(f"{SITE}/", wait_until="load")
        page.evaluate(AXE)
        wrong = page.evaluate("async (asked) => (await axe.run(asked)).violations", ASKED)
        lines = [f"{each['id']}: {each['nodes'][0]['html'][:120]} ({len(each['nodes'])}x)" for each in wrong]
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return lines + ([f"reflow: scrolls sideways by {wider}"] if wider > 0 else [])

    yield found
    context.close()


@pytest.fixture(scope="module")
def crawl(request: pytest.FixtureRequest) -> Crawl:
    """In the walks with one of everything: each thing of which a page is built occurs, and axe is done in a third of the time."""
    return Crawl(request.getfixturevalue("worlds" if ALL_WAYS else "alone"))


class Crawl:
    """Opens everything as one after the other; remembers what there was, and what was looked at already."""

    def __init__(self, worlds: Worlds) -> None:  # noqa: F811
        self.worlds = worlds
        self.there: dict[str, set[str]] = {}
        self.looked_at: dict[str, list[object]] = {}

    def shown_to(self, who: str) -> dict[str, str]:
        """Of each address the first page that there is for this person, as HTML."""
        found = {}
        for is_list in (True, False):
            with databases.django_uses(self.worlds.fifty if is_list else self.worlds.one):
                for route in self.routes(who):
                    if (declared().get(route.pattern, {}).get("soort") == "lijst") == is_list:
                        found[route.pattern] = self._first(route, who)
        return {pattern: html for pattern, html in found.items() if "<html" in html}

    def routes(self, who: str) -> list[Route]:
        return open_to_all() if who == VISITOR else tried()

    def _first(self, route: Route, who: str) -> str:
        """Empty for a file or for nothing. Where others got to see something, only that and the own is tried."""
        there = self.there.setdefault(route.pattern, set())
        pages = list(self._pages(route, who))
        for page in [page for page in pages if page.address in there or page is pages[0]] if there else pages:
            html = self._html_of(page)
            if html is not None:
                there.add(page.address)
                return html
        return ""

    def _pages(self, route: Route, who: str) -> Iterator[Page]:
        if who == VISITOR:
            return iter([Page(route.pattern, route.path, who, self.worlds.people.day)])
        return self.worlds.pages(route, who)

    def _html_of(self, page: Page) -> str | None:
        """The page; nothing when there is none for this person."""
        with clock.at(page.day, 12), transaction.atomic():
            response = self._browser(page).get(page.address)
            is_html = response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming
            html = response.content.decode() if is_html else ""
            close(response)
            transaction.set_rollback(True)
        assert response.status_code < 500 or not html, page.address
        return html if response.status_code == 200 else None

    def _browser(self, page: Page) -> Client:
        """Logged in with this request, which is taken back with it."""
        browser = Client(raise_request_exception=False)
        if page.who != VISITOR:
            browser.force_login(self.worlds.people.people[page.who])
        return browser

    def ways_for(self, pattern: str, html: str) -> list[Way]:
        """All six; or the one that this page's turn is, and none when it was looked at as somebody else."""
        if ALL_WAYS:
            return WAYS
        built = self.looked_at.setdefault(pattern, [])
        if building(html) in built:
            return []
        built.append(building(html))
        return [WAYS[(sum(map(ord, pattern)) + len(built)) % len(WAYS)]]


def open_to_all() -> list[Route]:
    """What whoever comes along opens without a link that was sent to them."""
    rules = {
        route: rule_of(route.view) for route in routes() if "<" not in route.pattern and "(?P" not in route.pattern
    }
    return [
        route for route, rule in rules.items() if rule and not rule.needs_login and not ELSEWHERE.match(route.pattern)
    ]


def building(html: str) -> object:
    """What a page is built of, without its words: the tags that occur, and how its headings follow each other."""
    tags = {re.sub(r"\d+|\s+", " ", SAYS.sub("", tag)) for tag in re.findall(r"<[a-z][^>]*>", html)}
    headings = re.findall(r"<h(\d)", html)
    return frozenset(tags), tuple(
        level for level, before in zip(headings, ["", *headings], strict=False) if level != before
    )


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that isn't there isn't drawn, dozens of times per address."""
    monkeypatch.setattr(defaults, "page_not_found", lambda request, exception: HttpResponse(status=404))


@pytest.mark.parametrize("who", [*EVERYBODY, APPLYING, VISITOR])
def test_no_page_has_a_barrier(crawl: Crawl, django_db_blocker: Any, look: Any, undrawn: None, who: str) -> None:
    with django_db_blocker.unblock():
        shown = crawl.shown_to(who)
    assert len(shown) > 3
    wrong = [
        f"{pattern} {way}: {line}"
        for pattern, html in shown.items()
        for way in crawl.ways_for(pattern, html)
        for line in look(html, way)
    ]
    if ALL_WAYS:
        write_down(who, len(shown), wrong)
    assert not wrong, f"{len(shown)} pages:\n" + "\n".join(wrong)


def write_down(who: str, pages: int, wrong: list[str]) -> None:
    """What was tested as whom, for the statement."""
    broken = tuple(sorted({line.split("): ")[1].split(":")[0] for line in wrong}))
    version = re.search(r"axe v([\d.]+)", AXE[:100])
    assert version
    before = Statement.read()
    tested = Statement(version[1], WIDTHS, SCHEMES, before.tried if before else ())
    name = str(Role(who).label) if who in Role.values else NAMES.get(who, who.capitalize())
    tested.with_(Tried(name, pages, clock.today().isoformat(), broken)).write()
