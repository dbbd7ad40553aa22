"""A party of the story in a browser of its own: opening pages, filling in forms as people see them, and looking.

Whatever a page says wrong to the console, and every answer that wasn't expected, fails the story.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

from tests.live import LiveStack

PHONE = {"width": 360, "height": 740}
WAIT = 30_000
Opener = Callable[..., Page]


class Person:
    """Somebody with a browser. `page.goto` answers are checked, forms are sent by their own button."""

    def __init__(self, stack: LiveStack, page: Page, name: str) -> None:
        self.stack, self.page, self.name = stack, page, name
        self.trouble: list[str] = []
        self._expected: set[int] = set()
        page.set_default_timeout(WAIT)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.trouble.append(f"{page.url}: {error}"))
        page.on("response", self._see_answer)

    def _hear(self, message: Any) -> None:
        expected = any(f"status of {code}" in message.text for code in self._expected)
        if message.type == "error" and not expected:
            self.trouble.append(f"{self.page.url}: {message.text}")

    def _see_answer(self, response: Any) -> None:
        if response.status >= 400 and response.status not in self._expected:
            self.trouble.append(f"{response.status} {response.url}")

    @contextmanager
    def expecting(self, status: int) -> Iterator[None]:
        """Within this block an answer with this status is what should come."""
        self._expected.add(status)
        yield
        self._expected.discard(status)

    # --- going somewhere ---
    def open(self, path: str, status: int = 200) -> Person:
        with self.expecting(status):
            response = self.page.goto(path)
        assert response is not None
        assert response.status == status, f"{self.name}: {path} antwoordt {response.status}"
        return self

    def log_in(self, email: str, password: str) -> Person:
        """By the login form, as everybody does."""
        self.open("/inloggen/").fill(login=email, password=password)
        self.press("Inloggen")
        assert "/inloggen/" not in self.page.url, f"{email} komt niet binnen"
        return self

    def choose_password(self, link: str, password: str) -> Person:
        """Through the link of an invitation."""
        self.open(link)
        fields = self.page.locator("main input[type=password]")
        for number in range(fields.count()):
            fields.nth(number).fill(password)
        self.press("Bewaar wachtwoord")
        return self

    def follow(self, label: str, within: str = "main") -> Person:
        """Click a link by its words."""
        link = self.page.locator(within).get_by_role("link", name=re.compile(f"^{re.escape(label)}")).first
        self._unfold(link)
        with self.page.expect_navigation():
            link.click()
        return self

    # --- forms ---
    def fill(self, values: dict[str, Any] | None = None, *, within: str = "main", **more: Any) -> Person:
        """Fill in fields by name; for boxes to tick a list of the words beside them."""
        for name, value in {**(values or {}), **more}.items():
            field = self.page.locator(within).locator(f'[name="{name}"]')
            self._unfold(field.first)
            self._put(field, name, value, within)
        return self

    def _put(self, field: Locator, name: str, value: Any, within: str) -> None:
        kind = field.first.evaluate("field => field.type")
        if kind == "radio":
            wanted = self.page.locator(within).locator(f'[name="{name}"][value="{value}"]')
            self.page.locator(f'label[for="{wanted.get_attribute("id")}"]').click()
        elif kind == "checkbox" and isinstance(value, list):
            for words in value:
                box = field.locator("xpath=..").filter(has_text=re.compile(f"^\\s*{re.escape(words)}"))
                box.locator("input").first.check()
        elif kind == "checkbox":
            field.set_checked(bool(value))
        elif kind.startswith("select"):
            field.select_option(str(value))
        elif kind == "file":
            field.set_input_files(value)
        else:
            field.fill(_typed(value))

    def _unfold(self, target: Locator) -> None:
        """Open the folded parts that something is in, the outer one first."""
        closed = target.locator("xpath=ancestor::details[not(@open)]/summary")
        while closed.count():
            closed.first.click()

    def press(self, label: str, within: str = "main") -> Person:
        """Send a form by its button; what comes back may not complain about what was filled in."""
        button = self.page.locator(within).get_by_role("button", name=re.compile(f"^{re.escape(label)}")).first
        self._unfold(button)
        with self.page.expect_navigation():
            button.click()
        complaint = self.page.locator(".error-summary")
        assert complaint.count() == 0, f"{self.name}, {label}: {complaint.first.inner_text()}"
        return self

    def force(self, path: str, **data: str) -> tuple[int, str]:
        """Post what the screen doesn't offer, as somebody who gets round it; answers status and text."""
        token = self.page.locator("[name=csrfmiddlewaretoken]").first.input_value()
        answer = self.page.request.post(
            path,
            form={"csrfmiddlewaretoken": token, **data},
            headers={"Referer": self.stack.base_url + path},
            max_redirects=0,
        )
        return answer.status, answer.text()

    # --- looking ---
    @property
    def text(self) -> str:
        """What the page says."""
        return " ".join(self.page.locator("main").inner_text().split())

    def sees(self, *words: str) -> Person:
        found = self.text.lower()
        missing = [each for each in words if each.lower() not in found]
        assert not missing, f"{self.name} mist {missing} op {self.page.url}: {self.text[:1500]}"
        return self

    def does_not_see(self, *words: str) -> Person:
        source = self.page.content().lower()
        found = [each for each in words if each.lower() in source]
        assert not found, f"{self.name} ziet {found} op {self.page.url}"
        return self

    def is_accessible(self) -> Person:
        """Axe finds nothing wrong and nothing is wider than the screen."""
        found = Axe().run(self.page).response["violations"]
        told = [f"{item['id']}: {[node['target'] for node in item['nodes']][:3]}" for item in found]
        assert told == [], f"{self.page.url}: {told}"
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{self.page.url} is te breed"
        return self


def _typed(value: Any) -> str:
    """A value as it is typed in the browser's own fields."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M")
    return value.isoformat() if isinstance(value, date) else str(value)


def link_in(message: Any, start: str = "http") -> str:
    """The first address in a mail that holds `start`."""
    found = [word for word in message.get_content().split() if word.startswith("http") and start in word]
    assert found, f"Geen link met {start!r} in de mail aan {message['To']}"
    return found[0]
