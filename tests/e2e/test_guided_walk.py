"""The demo's guided walk is true: each of its steps is followed as it is declared, in a real browser, by who it says.

The world is what the demo's own code makes, with somebody in each state in which the walk goes on with somebody prepared.
"""

from __future__ import annotations

import re

import pytest

from accounts.models import Role
from demo.tour import STOPS, Stop, Task
from tests.e2e.people import Person
from tests.live import LiveStack

pytestmark = [pytest.mark.browser, pytest.mark.walk]

CODE = re.compile(r"\b(\d{6}) is de code")
WORLD = """
from topjob import clock
from demo.fill import Filling, steps
filling = Filling.begin(1, clock.today())
for step in steps():
    if step.name in ("bedrijven", "INTAKE-0", "BEMIDDELBAAR-0", "BEMIDDELBAAR-1", "PROEFPERIODE-0", "BANENPOOL-1"):
        filling.take(step)
"""


class Visitor(Person):
    """Somebody who looks round in the demo and does what the walk says."""

    def begin(self, stop: Stop) -> None:
        """Move the clock when the step asks it; one click opens the page as the right person."""
        if stop.day is not None:
            self.press("Zet de klok op")
        opens = self.page.get_by_text(re.compile("^(Log in als|Open de pagina)"))
        self._reload_until(lambda: opens.count() > 0, f"begin van {stop.title}")
        if stop.who:
            self.press("Log in als")
        else:
            self.follow("Open de pagina en begin")

    def do(self, task: Task) -> None:
        {"follow": self._follow, "press": self._press, "fill": self._fill, "mail": self._mail, "sms": self._sms}[
            task.kind
        ](task)

    def _follow(self, task: Task) -> None:
        self.follow(task.label)

    def _press(self, task: Task) -> None:
        self.press(task.label)

    def _fill(self, task: Task) -> None:
        self.page.get_by_role("button", name="Vul het voorbeeld in").click()
        self.page.locator("[data-example=ingevuld]").wait_for()

    def _mail(self, task: Task) -> None:
        """The worker sends it; then the link in it."""
        found = self.page.locator("main a", has_text=re.compile("startplan", re.IGNORECASE))
        self._reload_until(lambda: found.count() > 0, "mail over het startplan")
        for link in (found.first, self.page.locator("main a[href*='/tekenen/']")):
            with self.page.expect_navigation():
                link.click()

    def _sms(self, task: Task) -> None:
        """In a tab of its own, as the bar offers it."""
        with self.page.expect_popup() as opened:
            self.page.locator(".tj-walk a[target=_blank]").last.click()
        tab = opened.value
        tab.wait_for_url("**/demo/**")  # until then the browser may still swap the empty page for this one
        codes = self.stack.wait_until(lambda: tab.reload() and CODE.findall(tab.inner_text("main")), "sms met code")
        tab.close()
        self.fill(code=codes[0])

    def sees_in_time(self, *words: str) -> None:
        """At once, or when the worker has done what goes by itself."""
        self._reload_until(lambda: all(each.lower() in self.text.lower() for each in words), f"{words}: {self.text}")

    def _reload_until(self, question, what: str) -> None:
        def looked() -> bool:
            return question() or bool(self.page.reload() and question())

        self.stack.wait_until(looked, what, seconds=60)


@pytest.fixture(scope="module")
def demo_stack(live_stack: LiveStack) -> LiveStack:
    """A product with a small demo in it; the worker starts when that is there, as it does at `make run`."""
    live_stack.manage("shell", "-c", WORLD)
    live_stack.start("worker", "beat")
    return live_stack


def test_the_guided_walk_can_be_followed_step_by_step(demo_stack, new_page) -> None:
    visitor = Visitor(demo_stack, new_page(), "bezoeker")
    visitor.open("/demo/").is_accessible().follow("Begin de rondleiding")
    for number, stop in enumerate(STOPS, start=1):
        visitor.sees(str(stop.title), str(stop.why), f"stap {number} van {len(STOPS)}").is_accessible()
        visitor.begin(stop)
        bar = " ".join(visitor.page.inner_text(".tj-walk").split())
        assert f"Stap {number} van {len(STOPS)}" in bar, stop.title
        assert [words for words in stop.sees if f"“{words}”" not in bar] == []
        for task in stop.tasks:
            visitor.do(task)
        visitor.sees_in_time(*stop.sees)
        visitor.is_accessible()
        if number < len(STOPS):
            visitor.follow("Volgende stap", within=".tj-walk")
    assert visitor.trouble == []


def test_every_step_has_something_to_do() -> None:
    """The visitor takes each step: nobody only reads."""
    assert [str(stop.title) for stop in STOPS if not stop.tasks] == []


def test_every_role_that_the_walk_needs_is_one_of_the_demos_own() -> None:
    from demo.people import STAFF

    assert {stop.who for stop in STOPS} - {""} <= {row[0] for row in STAFF}
    assert {Role.FRONTOFFICE, Role.REGISSEUR, Role.WERKMAKELAAR, Role.JOBCOACH} <= {
        role for row in STAFF if row[0] in {stop.who for stop in STOPS} for role in row[2]
    }
