"""How something may be asked: by GET, HEAD and POST and in no other way, whoever asks and whatever it is about.

The matrix of who may do what (`test_access_matrix.py`) asks every page by GET and POST as everybody. That HEAD, PUT, DELETE and
a request by a script tell nobody more follows from how the house is built; here it is held to that.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from django.urls import resolve

from tests.test_repository import APPS, ROOT, methods_of, own_routes, routes
from topjob.incoming import TAKEN

REFUSED = (405, "GET, HEAD, POST", b"")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
def test_what_no_page_takes_is_refused_for_all_alike(method: str) -> None:
    """There is no database here, so neither who asks nor any row was looked up: it can't differ by either."""
    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = "somebody"
    answers = {
        path: browser.generic(method, path, headers={"hx-request": "true"})
        for path in ("/bestaat-niet/", *(route.path for route in routes()))
    }
    told = {path: (answer.status_code, answer.get("Allow"), answer.content) for path, answer in answers.items()}
    assert {path: answer for path, answer in told.items() if answer != REFUSED} == {}
    assert len(told) > 250


def test_a_page_refuses_what_it_does_not_take_before_looking_at_anything() -> None:
    """By a request of nobody, without a database: foreign, closed and nonexistent can't be told apart by it."""
    refused, wrong = 0, []
    for route in own_routes():
        for method in set(TAKEN) - methods_of(route.view):
            request = RequestFactory().generic(method, route.path)
            request.is_being_answered = True  # or it would begin a transaction, as for every form
            response = route.view(request, **resolve(route.path).kwargs)
            refused += 1
            wrong += [f"{method} {route.pattern}: {response.status_code}"] if response.status_code != 405 else []
    assert not wrong, "\n".join(wrong)
    assert refused > 150


def test_every_page_that_can_be_fetched_can_be_asked_for_its_head() -> None:
    """The same view answers it; a page that knew GET alone would refuse HEAD, which says that it is there."""
    wrong = [
        route.pattern
        for route in own_routes()
        if ("GET" in methods_of(route.view)) != ("HEAD" in methods_of(route.view))
    ]
    assert wrong == []


# Where it matters that something is fetched and not only its head: it is written down that it was taken, or asked why.
BY_METHOD = {
    "accounts/reading.py",
    "accounts/resuming.py",
    "accounts/views/log.py",
    "candidates/middleware.py",
    "topjob/incoming.py",
    "trajectories/views/client.py",
    "trajectories/views/readings.py",
}
COMPARED = re.compile(r"request\.method\b(?! (?:==|!=) \"POST\")")


def test_a_page_asks_no_more_of_the_method_than_whether_something_was_sent() -> None:
    """So HEAD goes the way of GET, to the end; its answer only loses what it holds."""
    assert files_with(COMPARED) == BY_METHOD


# What code of ours reads of a request besides its address and form. Where a page asks for a part of itself by htmx (`by_htmx`),
# it is of a page that opens for whoever asks: the matrix asks every address with that header too, as everybody.
HEADERS = {
    "accounts/resuming.py": {"referer", "Sec-Fetch-Mode"},
    "candidates/middleware.py": {"QUERY_STRING"},
    "candidates/views/file.py": {"X-Requested-With"},
    "topjob/going_back.py": {"referer"},
    "topjob/incoming.py": {"content-length", "content-type"},
    "topjob/pages.py": {""},
    "topjob/visitor.py": {"REMOTE_ADDR", "x-forwarded-for"},
    "trajectories/views/evaluating.py": {"X-Requested-With"},
    "trajectories/views/personal.py": {"User-Agent"},
    "trajectories/views/wages.py": {"X-Requested-With"},
}
READ = re.compile(r"(?<!response)\.(?:headers|META|htmx|accepts|get_preferred_type)\b(?:\.get\(\"([\w-]+)\")?")


def test_no_page_is_another_one_when_a_script_asks() -> None:
    found = {path: set(READ.findall((ROOT / path).read_text("utf-8"))) for path in files_with(READ)}
    assert found == HEADERS
    asked = re.compile(r"\brequest\.(?:headers|META|htmx|method)\b")
    assert [path for path in (ROOT / "templates").rglob("*.html") if asked.search(path.read_text("utf-8"))] == []


def files_with(words: re.Pattern[str]) -> set[str]:
    files = [path for app in APPS for path in Path(ROOT / app).rglob("*.py")]
    return {path.relative_to(ROOT).as_posix() for path in files if words.search(path.read_text("utf-8"))}
