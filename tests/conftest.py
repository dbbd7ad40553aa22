"""What every test gets: real PostgreSQL, no network but this machine's, undefined template variables that fail."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.template import engines
from django.test import override_settings

from tests import databases, live, mails_first, names_on_pages, undefined_variables
from tests.databases import Cluster
from tests.live import LiveStack

CHROMIUM_OPTIONS = [
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    "--disable-dev-shm-usage",
]

# The same engine without the browser's own windows takes half the processor time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")

# Files that take more than half a minute by themselves, without a browser; the longest first.
LONG = [
    "test_access_matrix",
    "test_offered",
    "test_world",
    "test_steps",
    "test_devserver",
    "test_repository",
    "test_texts",
    "test_documents",
]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long by itself starts first, so that no core waits for it at the end; the rest stays in random order.

    A file goes to one process as a whole. By turns one that mostly waits for a browser and one that doesn't, so that while
    one process waits the other works.
    """
    files = dict.fromkeys(item.path for item in items)
    live = dict.fromkeys(item.path for item in items if "live_stack" in getattr(item, "fixturenames", ()))
    waiting = sorted(live, key=lambda path: "e2e" not in path.parts)
    busy = sorted(
        (path for path in files if path.stem in LONG and path not in live), key=lambda path: LONG.index(path.stem)
    )
    first = [path for pair in zip_longest(waiting, busy) for path in pair if path]
    place = {path: number for number, path in enumerate(dict.fromkeys([*first, *files]))}
    items.sort(key=lambda item: place[item.path])


def pytest_collection_finish() -> None:
    """What is loaded by now stays until the end: the garbage collector needn't look through it thousands of times."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The PostgreSQL server of this test run."""
    with databases.running_cluster() as running:
        yield running


@pytest.fixture(scope="session")
def django_db_setup(cluster: Cluster, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """A clone of the migrated template for this run; each test works in a transaction that is rolled back."""
    with cluster.clone() as name, django_db_blocker.unblock(), databases.django_uses(name):
        yield


@pytest.fixture
def own_database(cluster: Cluster, django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    """A database for this test alone, for what needs real commits: threads, locks, outbox. Use instead of `db`."""
    with cluster.clone() as name, django_db_blocker.unblock(), databases.django_uses(name):
        yield name


@pytest.fixture
def temporary_tables(cluster: Cluster, db: None) -> Iterator[None]:
    """For a test that makes temporary tables, which the application may not."""
    with cluster.temporary_tables(connections["default"].settings_dict["NAME"]):
        yield


@pytest.fixture(autouse=True, scope="session")
def own_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Uploads, mail and the clock file of this run stay in a folder of this run."""
    folder = tmp_path_factory.mktemp("var")
    journal = folder / "vernietigd.jsonl"
    with override_settings(MEDIA_ROOT=folder / "media", CLOCK_FILE=str(folder / "clock"), DESTRUCTION_JOURNAL=journal):
        yield


@pytest.fixture(autouse=True, scope="session")
def undefined_variables_fail() -> None:
    """A variable that a template of ours uses and that isn't there fails the test."""
    engines["django"].engine.string_if_invalid = undefined_variables.Undefined()


@pytest.fixture(autouse=True, scope="session")
def names_stand_where_elements_may() -> Iterator[None]:
    """A page with `<bdi>` in a title, an attribute or an option fails the test that opened it (topjob/names.py)."""
    with names_on_pages.watched():
        yield


@pytest.fixture(autouse=True, scope="session")
def mails_are_shown_first() -> Iterator[None]:
    """A page that mails what `mails.csv` doesn't name with it fails the test that used it."""
    with mails_first.watched():
        yield


@pytest.fixture(scope="module")
def live_stack(
    cluster: Cluster, django_db_blocker: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveStack]:
    """The web server in processes of its own, for one test module."""
    with live.running_stack(cluster, tmp_path_factory.mktemp("stack")) as stack, django_db_blocker.unblock():
        yield stack


@pytest.fixture(scope="module")
def whole_stack(live_stack: LiveStack) -> LiveStack:
    """The same with worker and beat."""
    live_stack.start("worker", "beat")
    return live_stack


@pytest.fixture(scope="module")
def chromium() -> Iterator:
    """Debian's Chromium, driven by Playwright. Missing: a loud skip at home, a failure in CI."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        explain = "Chromium ontbreekt: de browsertests zijn NIET gedraaid (apt-get install chromium-headless-shell)."
        if os.environ.get("CI"):
            pytest.fail(explain)
        pytest.skip(explain)
    from playwright.sync_api import sync_playwright

    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    # Playwright's own event loop runs in this thread; Django takes that for asynchronous code.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_OPTIONS + sandbox)
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium, live_stack: LiveStack, request: pytest.FixtureRequest) -> Iterator[Callable]:
    """Opens a page for one more person: each has a browser context of their own. `new_page(viewport=…)`."""
    contexts = []

    def open_page(**options):
        defaults = {"base_url": live_stack.base_url, "locale": "nl-NL", "timezone_id": "Europe/Amsterdam"}
        context = chromium.new_context(**{**defaults, **options})
        context.set_default_timeout(10_000)
        contexts.append(context)
        return context.new_page()

    yield open_page
    if getattr(request.node, "has_failed", False):
        _keep_screenshots(request.node.name, contexts)
    for context in contexts:
        context.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    report = yield
    item.has_failed = getattr(item, "has_failed", False) or report.failed
    return report


def _keep_screenshots(name: str, contexts: list) -> None:
    folder = Path(settings.BASE_DIR) / "test-results"
    folder.mkdir(exist_ok=True)
    for number, page in enumerate(page for context in contexts for page in context.pages):
        safe = "".join(letter if letter.isalnum() else "_" for letter in name)
        page.screenshot(path=folder / f"{safe}-{number}.png", full_page=True)
