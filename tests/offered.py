"""Walks through the product as one person does: every link followed, every button and form proved to be theirs to use.

What is the same thing is tried once: a link or form counts by its route, its words in the address and the state of the case
it is about. A POST is proved in a savepoint that is rolled back, with what the form itself holds; so nothing happens. What is
shown again because something is missing is sent filled in as well; a form that marks an empty box as required only filled in,
for without it the product says nothing but that.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, ResolverMatch
from django.urls import resolve as resolved_anew
from lxml import html

from accounts.models import User
from topjob import clock
from topjob.once import FIELD

# A form that is shown again, or what followed from it; anything else isn't offered to who may not.
DONE = {200, 302}
BUTTONS = ".//button[(not(@type) or @type='submit') and not(@disabled)] | .//input[@type='submit' and not(@disabled)]"
A_DAY = re.compile(r"(^|_)(on|at|date|day|from|until|datum)$")

# The same few hundred addresses stand on every page; Django goes through all its routes each time it is asked.
resolve: Callable[[str], ResolverMatch] = cache(resolved_anew)

Sent = tuple[tuple[str, str], ...]
Place = tuple[str, date]  # the state of a case, and the day it stands there


@dataclass(frozen=True)
class Offer:
    """Something a page offers: a link or a form, with what is sent along."""

    url: str
    label: str
    found_on: str
    state: str
    day: date
    data: Sent | None = None
    filled: Sent = ()  # what somebody might type in the boxes that are empty
    is_incomplete: bool = False  # a box that must be filled is empty

    @property
    def key(self) -> tuple:
        """What makes it another thing than one that was tried already."""
        parts = urlsplit(self.url)
        match = resolve(parts.path)
        words = tuple(
            value for name, value in sorted(match.kwargs.items()) if not isinstance(value, int) and len(value) < 32
        )
        asked = tuple(sorted(name for name, _value in parse_qsl(parts.query))[:1])
        names = tuple(sorted({name for name, _value in self.data})) if self.data is not None else None
        return (match.view_name, words, self.state, asked, names)

    def __str__(self) -> str:
        how = "POST" if self.data is not None else "GET"
        return f"[{self.state or '-'}] {how} {self.url} “{self.label}” on {self.found_on}"


@dataclass
class Walkabout:
    """One person's way through all pages that they can reach."""

    user: User
    today: date
    place_of: Callable[[str], Place | None]
    leave: Callable[[str], bool] = lambda view_name: False
    faults: list[str] = field(default_factory=list)
    pages: list[tuple[Offer, str]] = field(default_factory=list)
    tried: set[tuple] = field(default_factory=set)
    _browsers: dict[date, Client] = field(default_factory=dict)
    _places: dict[str, Place | None] = field(default_factory=dict)

    def go(self, *starts: str) -> Walkabout:
        waiting = deque(Offer(start, "begin", "", "", self.today) for start in starts)
        while waiting:
            offer = waiting.popleft()
            if offer.key in self.tried:
                continue
            self.tried.add(offer.key)
            waiting.extend(self._try(offer))
        return self

    def _try(self, offer: Offer) -> list[Offer]:
        """Open or send it; what the page offers further on."""
        response = self._answer(offer)
        if response.status_code not in DONE or response.get("Location", "").startswith("/inloggen/"):
            self.faults.append(f"{response.status_code}: {offer}{_reasons_in(response)}")
            return []
        if offer.data is not None:
            return []
        if response.status_code == 302:
            return list(self._as_offer(urljoin(offer.url, response.url), offer.label, offer))
        if not response.headers["Content-Type"].startswith("text/html"):
            return []
        self.pages.append((offer, response.content.decode()))
        return list(self._offers_on(offer, response.content))

    def _answer(self, offer: Offer) -> HttpResponse:
        with clock.at(offer.day, 12), transaction.atomic():
            browser = self._browser(offer.day)
            if offer.data is None:
                response = browser.get(offer.url)
                if response.streaming:
                    b"".join(response.streaming_content)
                return response
            if not offer.is_incomplete:  # else it would only be shown again
                response = self._post(browser, offer.url, offer.data)
                if response.status_code != 200 or not offer.filled:
                    return response
            # Something is missing: filled in as well as we can guess.
            return self._post(browser, offer.url, _joined(offer.data, offer.filled))

    @staticmethod
    def _post(browser: Client, url: str, data: Sent) -> HttpResponse:
        """Send it and take everything back."""
        cookies, point = browser.cookies.copy(), transaction.savepoint()
        response = browser.post(url, urlencode(data), content_type="application/x-www-form-urlencoded")
        transaction.savepoint_rollback(point)
        browser.cookies = cookies
        return response

    def _browser(self, day: date) -> Client:
        if day not in self._browsers:
            self._browsers[day] = Client(raise_request_exception=False)
            self._browsers[day].force_login(self.user)
        return self._browsers[day]

    def _place(self, path: str) -> Place | None:
        """Nothing changes on the way, so it is looked up once."""
        if path not in self._places:
            self._places[path] = self.place_of(path)
        return self._places[path]

    def _offers_on(self, page: Offer, content: bytes) -> Iterator[Offer]:
        document = html.document_fromstring(content, base_url=f"http://testserver{page.url}")
        document.make_links_absolute()
        for link in document.xpath("//a[@href]"):
            yield from self._as_offer(link.get("href"), link.text_content(), page)
        for form in document.forms:
            for button in [*form.xpath(BUTTONS), *_outside(document, form)]:
                action = button.get("formaction") or form.get("action") or page.url
                data = [
                    *_values(form),
                    *([(button.get("name"), button.get("value", ""))] if button.get("name") else []),
                ]
                label = button.text_content() or button.get("value") or ""
                if (button.get("formmethod") or form.get("method") or "get").lower() == "get":
                    yield from self._as_offer(f"{action.partition('?')[0]}?{urlencode(data)}", label, page)
                else:
                    yield from self._as_offer(action, label, page, tuple(data), _filled(form), _is_incomplete(form))

    def _as_offer(
        self,
        url: str,
        label: str,
        page: Offer,
        data: Sent | None = None,
        filled: Sent = (),
        is_incomplete: bool = False,
    ) -> Iterator[Offer]:
        parts = urlsplit(urljoin(f"http://testserver{page.url}", url))
        if parts.scheme not in ("http", "https") or parts.netloc != "testserver":
            return
        here = parts.path + (f"?{parts.query}" if parts.query else "")
        try:
            match = resolve(parts.path)
        except Resolver404:
            if not parts.path.startswith("/static/"):
                self.faults.append(f"nowhere: {here} “{' '.join(label.split())}” on {page.url}")
            return
        if self.leave(match.view_name):
            return
        state, day = self._place(parts.path) or ("", self.today)
        if not state and match.kwargs and match.namespace == "trajectories":
            state, day = page.state, page.day  # a deadline, a document: of the case whose page it stands on
        yield Offer(here, " ".join(label.split()), page.url, state, day, data, filled, is_incomplete)


def _outside(document: Any, form: Any) -> list[Any]:
    """Buttons that stand elsewhere and name the form they belong to."""
    name = form.get("id")
    return document.xpath("//button[@form=$name]", name=name) if name else []


def _values(form: Any) -> list[tuple[str, str]]:
    """What a browser sends of this form, untouched."""
    return [(name, value or "") for name, value in form.form_values() if name not in ("csrfmiddlewaretoken", FIELD)]


def _joined(data: Sent, filled: Sent) -> Sent:
    """What was in the form, and a guess for what was empty."""
    guessed = dict(filled)
    kept = tuple((name, value) for name, value in data if name not in guessed)
    return kept + filled


def _is_incomplete(form: Any) -> bool:
    """Whether a browser would refuse to send it as it stands, and the product shows it again: a box that must be filled is
    empty, and we can guess what somebody types there.
    """
    filled, given = dict(_filled(form)), {name for name, value in _values(form) if value}
    must = {box.get("name") for box in form.xpath(".//*[@required and not(@disabled)]")}
    return any(name in filled and name not in given for name in must)


def _filled(form: Any) -> Sent:
    """Something for every box that is empty: the first choice, a day, a number, a word."""
    given = {name for name, value in _values(form) if value}
    found = {}
    for box in form.xpath(".//input | .//select | .//textarea"):
        name = box.get("name")
        if name and name not in given and name not in found and (value := _guess(box)):
            found[name] = value
    return tuple(found.items())


def _guess(box: Any) -> str:
    kind = (box.get("type") or "text").lower() if box.tag == "input" else box.tag
    if box.get("disabled") is not None or kind in ("hidden", "file", "submit", "button", "image", "search"):
        return ""
    if kind == "select":
        return next((option.get("value") for option in box.iter("option") if option.get("value")), "")
    if kind in ("radio", "checkbox"):
        return box.get("value") or "on"
    today = clock.today()
    by_kind = {"email": "iemand@post.example", "tel": "0612345678", "number": box.get("min") or "1", "time": "10:00"}
    by_kind |= {"date": today.isoformat(), "datetime-local": f"{today.isoformat()}T10:00"}
    if kind in by_kind:
        return by_kind[kind]
    if A_DAY.search(box.get("name")):
        return f"{today:%d-%m-%Y}"
    return "1" if box.get("inputmode") in ("decimal", "numeric") else "Een woord"


def _reasons_in(response: HttpResponse) -> str:
    """What the page says why it is refused, for the message of the test."""
    if response.status_code == 500 and response.exc_info:
        return f" — {response.exc_info[1]!r}"
    refused = (response.context or {}).get("refused") if response.status_code == 409 else None
    return f" — {refused}" if refused else ""
