"""Somebody at a browser, without a browser: cookies, forms, and how long an answer took."""

from __future__ import annotations

import http.client
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

CSRF = "f" * 32
# What a form holds without anybody having typed it (`topjob/once.py`, which needs a project to import).
NOT_TYPED = ("csrfmiddlewaretoken", "verzendsleutel")


@dataclass
class Answer:
    """What came back; `status` 0 when the connection broke off."""

    status: int
    text: str
    seconds: float
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Browser:
    """Speaks to the running web server, with a session when logged in."""

    port: int
    session: str = ""

    def get(self, path: str, method: str = "GET") -> Answer:
        return self._ask(method, path)

    def post(self, path: str, **fields: object) -> Answer:
        return self.send(path, list(fields.items()))

    def send(self, path: str, fields: list[tuple[str, object]]) -> Answer:
        """Post a form, with several values of one name where needed."""
        body = urlencode([("csrfmiddlewaretoken", CSRF), *fields])
        return self._ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def _ask(self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None) -> Answer:
        cookies = f"csrftoken={CSRF}; sessionid={self.session}" if self.session else f"csrftoken={CSRF}"
        started = time.monotonic()
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            line.request(method, path, body, {"Cookie": cookies, "Connection": "close", **(headers or {})})
            response = line.getresponse()
            text = response.read().decode(errors="replace")
            self._remember(response.msg.get_all("Set-Cookie") or [])
            return Answer(response.status, text, time.monotonic() - started, dict(response.getheaders()))
        except (http.client.HTTPException, OSError) as error:
            return Answer(0, repr(error), time.monotonic() - started)
        finally:
            line.close()

    def _remember(self, cookies: list[str]) -> None:
        for cookie in cookies:
            if cookie.startswith("sessionid="):
                self.session = cookie.partition("=")[2].partition(";")[0]


class _Fields(HTMLParser):
    """The fields of a page's forms as a browser would send them."""

    def __init__(self, ticked: bool) -> None:
        super().__init__()
        self.ticked = ticked
        self.forms: list[dict[str, list[str]]] = []
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        name = given.get("name") or ""
        if tag == "form":
            self.forms.append({})
        elif tag == "input" and name and self.forms:
            is_ticked = "checked" in given or (self.ticked and given.get("type") == "checkbox")
            if given.get("type") not in ("checkbox", "radio", "submit", "file") or is_ticked:
                self._add(name, given.get("value") or ("on" if given.get("type") == "checkbox" else ""))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self._add(self._select, given.get("value") or "")
        elif tag == "textarea" and name:
            self._area = name
            self._add(name, "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1][self._area][-1] += data.removeprefix("\n") if not self.forms[-1][self._area][-1] else data

    def _add(self, name: str, value: str) -> None:
        self.forms[-1].setdefault(name, []).append(value)


def fields_of(page: str, having: str, *, ticked: bool = False) -> list[tuple[str, object]]:
    """What the form with this field would send when nothing is changed, or with every box ticked."""
    parser = _Fields(ticked)
    parser.feed(page)
    form = next(form for form in parser.forms if having in form)
    for name in NOT_TYPED:  # two people have two renderings: what holds here isn't the form's own key
        form.pop(name, None)
    return [(name, value) for name, values in form.items() for value in values]
