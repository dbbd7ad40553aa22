"""Every page as everybody who may open it, looked at by axe: WCAG 2.2 AA and best practice, wide and narrow, light and dark.

The pages come from the world of `tests/test_questions.py` (one of everything, people all along the journey) and are handed
to the browser as files: no server, so a crawl of some hundred pages stays short. In `make walks` each page of each role gets one
of six ways to look, another for each role; `make axe` looks in all six and writes down what was tested
(`accounts/accessibility.json`), which the accessibility statement shows.
"""

from __future__ import annotations

import json
import mimetypes
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import transaction
from django.test import Client

from accounts.models import Role
from tests import databases
from tests.test_access_matrix import tried
from tests.test_questions import EVERYBODY, Page, Worlds, worlds  # noqa: F401
from topjob import clock

pytestmark = [pytest.mark.browser, pytest.mark.walk]
SITE = "http://127.0.0.1:9"
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
ASKED = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WAYS = [(width, scheme) for scheme in ("light", "dark") for width in (320, 768, 1280)]
ALL_WAYS = bool(os.environ.get("AXE_ALL"))
RESULT = Path(settings.BASE_DIR) / "accounts/accessibility.json"


@pytest.fixture
def look(chromium: Any) -> Iterator[Callable[[str, tuple[int, str]], list[str]]]:
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

    def found(html: str, way: tuple[int, str]) -> list[str]:
        served["html"] = html
        page.set_viewport_size({"width": way[0], "height": 900})
        page.emulate_media(color_scheme=way[1])
        page.goto(f"{SITE}/", wait_until="load")
        page.evaluate(AXE)
        wrong = page.evaluate("async (asked) => (await axe.run(asked)).violations", ASKED)
        lines = [f"{each['id']}: {each['nodes'][0]['html'][:120]} ({len(each['nodes'])}x)" for each in wrong]
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return lines + ([f"scrolls sideways by {wider}"] if wider > 0 else [])

    yield found
    context.close()


def html_of(page: Page, worlds: Worlds) -> str | None:  # noqa: F811
    """The page in the world with fifty of everything; nothing for a file."""
    with databases.django_uses(worlds.fifty), clock.at(page.day, 12), transaction.atomic():
        browser = Client(raise_request_exception=False)
        browser.force_login(worlds.people.people[page.who])
        response = browser.get(page.address)
        is_html = response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming
        html = response.content.decode() if is_html else None
        response.close()
        transaction.set_rollback(True)
    return html if html and "<html" in html else None


def ways_for(page: Page) -> list[tuple[int, str]]:
    """All six, or the one that falls to this page as this person."""
    place = (sum(map(ord, page.pattern)) + EVERYBODY.index(page.who)) % len(WAYS)
    return WAYS if ALL_WAYS else [WAYS[place]]


@pytest.mark.parametrize("who", EVERYBODY)
def test_no_page_has_a_barrier(worlds: Worlds, django_db_blocker: Any, look: Any, who: str) -> None:  # noqa: F811
    with django_db_blocker.unblock():
        pages = worlds.there(tried(), who)
        shown = {page: html for page in pages if (html := html_of(page, worlds)) is not None}
    assert len(shown) > 3
    wrong = [
        f"{page.pattern} {way}: {line}"
        for page, html in shown.items()
        for way in ways_for(page)
        for line in look(html, way)
    ]
    if ALL_WAYS and not wrong:
        write_down(who, sorted({page.pattern for page in shown}))
    assert not wrong, f"{len(wrong)} of {len(shown)} pages:\n" + "\n".join(wrong)


def write_down(who: str, patterns: list[str]) -> None:
    """What was tested as whom, for the statement; one role at a time."""
    so_far = json.loads(RESULT.read_text()) if RESULT.exists() else {}
    name = Role(who).label if who in Role.values else who
    so_far.setdefault("pages", {})[str(name)] = len(patterns)
    so_far |= {"tested_on": clock.today().isoformat(), "widths": sorted({width for width, _scheme in WAYS})}
    RESULT.write_text(json.dumps(so_far, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
