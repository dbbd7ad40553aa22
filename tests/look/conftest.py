"""The gallery of components, as HTML and in a browser."""

from __future__ import annotations

import json
import mimetypes
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.messages import add_message, constants
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import RequestFactory

from topjob import gallery, look

SITE = "http://127.0.0.1:9"
POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; form-action 'self'; frame-ancestors 'none'"


class Somebody(SimpleNamespace):
    """Whoever is logged in, as far as the frame asks."""

    is_authenticated = True
    is_staff_member = True
    role_names = "Regisseur"

    def __str__(self) -> str:
        return "Marieke Jansen"


@pytest.fixture
def render(monkeypatch) -> Callable[..., str]:
    monkeypatch.setattr(
        "accounts.navigation.nav_items_for",
        lambda request: [
            {"label": label, "url": f"/{label.lower()}/", "active": label == "Trajecten"}
            for label in ("Vandaag", "Aanmeldingen", "Trajecten", "Vacatures", "Werkgevers")
        ],
    )

    def render_page(
        template: str,
        context: dict | None = None,
        user: object | None = None,
        session_lasts: int = 28_800,
        chosen: str = "",
    ) -> str:
        request = RequestFactory().get("/beheer/componenten/?phase=A&page=2")
        request.COOKIES[look.COOKIE] = chosen
        request.user = user or Somebody()
        request.session = {"ends_at": int(time.time()) + session_lasts} if session_lasts else {}
        request._messages = CookieStorage(request)
        add_message(request, constants.SUCCESS, "Opgeslagen.")
        add_message(request, constants.ERROR, "De mail kwam terug.")
        return render_to_string(template, context or {}, request)

    return render_page


@pytest.fixture
def gallery_page(chromium, render) -> Iterator[Callable]:
    """The gallery in a browser, without a server: the pages and files are handed over as they are asked for."""
    contexts = []
    served = {}

    def answer(route) -> None:
        path = route.request.url.removeprefix(SITE).split("?")[0].split("#")[0]
        if route.request.method == "POST":
            route.fulfill(
                status=200, content_type="application/json", body=json.dumps({"saved_at": "14:02", "seconds": 28_800})
            )
        elif path == "/zoeken/":
            route.fulfill(status=200, content_type="text/html", body="<p>Niets gevonden</p>")
        elif path.startswith(settings.STATIC_URL):
            found = finders.find(path.removeprefix(settings.STATIC_URL))
            # Wait for the font: these pages are looked at once, by a test.
            body = Path(found).read_bytes().replace(b"font-display:optional", b"font-display:block")
            route.fulfill(status=200, body=body, content_type=mimetypes.guess_type(found)[0] or "font/woff2")
        else:
            route.fulfill(
                status=200, content_type="text/html", body=served["html"], headers={"Content-Security-Policy": POLICY}
            )

    def open_page(width: int = 1280, session_lasts: int = 28_800, chosen: str = "", **options):
        html = render("components/gallery.html", gallery.examples(), session_lasts=session_lasts, chosen=chosen)
        served["html"] = html.replace("data-autosave-url", 'id="example" data-autosave-url')
        context = chromium.new_context(viewport={"width": width, "height": 800}, locale="nl-NL", **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(5_000)
        page.problems = []
        page.on("console", lambda message: message.type == "error" and page.problems.append(message.text))
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.route("**/*", answer)
        page.goto(f"{SITE}/beheer/componenten/")
        return page

    yield open_page
    for context in contexts:
        context.close()
