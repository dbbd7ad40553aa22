"""What a page weighs on its way to somebody, and that nothing on it moves once it is there."""

from __future__ import annotations

import gzip
import io
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from tests import factories
from tests.trajectories.conftest import make_company, make_walk, walk_to
from topjob.middleware import CompressMiddleware

FIRST_LOAD = 75_000
PAGE = "<p>De aanmelding is binnen.</p>" * 200


def answered(response: HttpResponse | StreamingHttpResponse) -> HttpResponse | StreamingHttpResponse:
    request = RequestFactory().get("/", headers={"accept-encoding": "gzip, br"})
    return CompressMiddleware(lambda _request: response)(request)


def test_a_page_is_compressed_for_who_can_read_that() -> None:
    sent = answered(HttpResponse(PAGE))
    assert sent["Content-Encoding"] == "gzip" and "Accept-Encoding" in sent["Vary"]
    assert len(sent.content) < len(PAGE) / 10 and gzip.decompress(sent.content).decode() == PAGE
    plain = CompressMiddleware(lambda _request: HttpResponse(PAGE))(RequestFactory().get("/"))
    assert plain.content.decode() == PAGE


def test_the_length_of_a_page_says_nothing_of_what_is_secret_in_it() -> None:
    """BREACH: who may have words put into a page sees whether they are there already, unless chance has a say in its length."""
    assert len({len(answered(HttpResponse(PAGE)).content) for _time in range(20)}) > 3


@pytest.mark.parametrize(
    "response",
    [
        lambda: HttpResponse(b"%PDF-1.7 " * 100, content_type="application/pdf"),
        lambda: FileResponse(io.BytesIO(PAGE.encode()), content_type="text/html"),
        lambda: StreamingHttpResponse(["naam;dag\n"] * 100, content_type="text/csv; charset=utf-8"),
        lambda: HttpResponse("BEGIN:VCALENDAR\n" * 50, content_type="text/calendar", headers={"ETag": '"abc"'}),
    ],
    ids=["pdf", "file", "csv", "calendar"],
)
def test_a_download_stays_what_it_is(response) -> None:
    made = response()
    etag = made.get("ETag")
    sent = answered(made)
    assert not sent.has_header("Content-Encoding") and sent.get("ETag") == etag
    sent.close()


def sent_with(html: str) -> dict[str, int]:
    """Every file a browser asks for to show this page for the first time, with its size on the way."""
    asked = re.findall(r'<link[^>]*?href="([^"]+)"', html, re.S) + re.findall(r'<script[^>]*?src="([^"]+)"', html)
    asked += re.findall(r'<use href="([^"#]+)', html)
    sizes = {}
    for address in {address for address in asked if address.startswith(settings.STATIC_URL)}:
        content = Path(finders.find(address.removeprefix(settings.STATIC_URL))).read_bytes()
        sizes[address] = len(content) if address.endswith(".woff2") else len(gzip.compress(content))
    return sizes


@pytest.mark.django_db
def test_the_first_load_of_the_two_pages_of_every_day() -> None:
    walk = walk_to(make_walk(factories.team()), make_company(), "LEERWERK")
    client = Client(headers={"accept-encoding": "gzip"})
    client.force_login(walk.team.regisseur)
    for address in ("/", reverse("trajectories:detail", args=[walk.trajectory.pk])):
        page = client.get(address)
        sizes = sent_with(gzip.decompress(page.content).decode())
        assert {f"{settings.STATIC_URL}vendor/{name}" for name in ("tekst.woff2", "cijfers.woff2", "bootstrap.css")} < {
            *sizes
        }
        assert sum(sizes.values()) + len(page.content) <= FIRST_LOAD, (address, len(page.content), sizes)


# Bootstrap's utilities that pages use without naming them here would have no effect: they aren't built.
UTILITY = re.compile(
    r"^(?:[mp][tbsexy]?-\d|gap-\d|d-\w+|fs-\d|w-\d+|text-(?:start|end|center|break|wrap)|flex-\w+|(?:align|justify)-.+)$"
)


def test_every_class_of_bootstrap_that_a_page_uses_is_built() -> None:
    folder = Path(settings.BASE_DIR)
    built = (folder / "build/static/vendor/bootstrap.css").read_text()
    used = {
        name
        for path in (folder / "templates").rglob("*.html")
        for classes in re.findall(r'class="([^"]*)"', path.read_text())
        for name in classes.split()
        if UTILITY.match(name)
        or re.match(
            r"^(?:row|col|navbar|card-body|alert|badge|list-group|input-group)$|^(?:col|nav|alert|badge|input)-", name
        )
    }
    used |= {"row", "col-md-3", "col-md-12"}  # of crispy's Row and Column, in forms
    assert {name for name in used if f".{name}" not in built} == set()


SHIFTS = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => { if (!entry.hadRecentInput) sum += entry.value; }))
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 600);
})"""


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_moves_while_a_page_loads(new_page, live_stack, width: int) -> None:
    with live_stack.orm():
        walk = walk_to(make_walk(factories.team()), make_company(), "LEERWERK")
        client = Client()
        client.force_login(walk.team.regisseur)
        address = reverse("trajectories:detail", args=[walk.trajectory.pk])
    page = new_page(viewport={"width": width, "height": 800})
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
    page.context.add_cookies([{**cookie, "url": live_stack.base_url}])
    # The fonts come late, as they do on a telephone.
    page.route("**/*.woff2", lambda route: (page.wait_for_timeout(200), route.continue_()))
    for path in ("/", address):
        page.goto(path)
        assert page.evaluate(SHIFTS) == 0, path
