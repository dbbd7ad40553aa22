"""One installation for the whole run; for each fault the world as it was made."""

from __future__ import annotations

import fcntl
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.databases import Cluster
from tests.faults import invariants
from tests.faults.stack import ALL, FaultStack, running
from tests.faults.world import PASSWORD, World, fill
from tests.live import free_port

# Only `make faults` runs these: they take minutes and want the machine to themselves.
collect_ignore_glob = [] if "tests.faults.plugin" in sys.modules else ["test_*.py"]


@pytest.fixture(scope="session")
def installation(
    cluster: Cluster, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: pytest.FixtureRequest
) -> Iterator[tuple[FaultStack, World]]:
    """Servers, web server and world; one run at a time, for it kills what it shares."""
    folder = tmp_path_factory.mktemp("faults")
    settings.SERVICES_HOME.parent.mkdir(parents=True, exist_ok=True)
    with (settings.SERVICES_HOME.parent / "faults.lock").open("a") as lock, django_db_blocker.unblock():
        fcntl.flock(lock, fcntl.LOCK_EX)
        with running(folder, free_port(), free_port()) as stack:
            made: list[World] = []
            stack.make_world(cluster, lambda stack: made.append(fill(stack)))
            stack.start("web")
            stack.wait_until(lambda: stack._answers("/gezond/leeft/"), "webserver", 60)
            for page in ("/inloggen/", "/aanmelden/", "/inloggen/", "/aanmelden/"):  # warm, as it is when a fault comes
                stack.visitor().get(page)
                stack.visitor().post("/inloggen/", login="niemand@test.example", password=PASSWORD)
            yield stack, made[0]


@pytest.fixture
def world(installation: tuple[FaultStack, World]) -> World:
    return installation[1]


@pytest.fixture
def stack(installation: tuple[FaultStack, World], request: pytest.FixtureRequest) -> Iterator[FaultStack]:
    """The installation with the web server only, fresh; after a fault the invariants are looked at."""
    stack, world = installation
    stack.stop(*ALL, "second beat", kill=True)
    yield from _fresh(stack, world, request)


@pytest.fixture
def working(installation: tuple[FaultStack, World], request: pytest.FixtureRequest) -> Iterator[FaultStack]:
    """The same with worker and beat."""
    stack, world = installation
    yield from _fresh(stack, world, request, *ALL)


def _fresh(stack: FaultStack, world: World, request: pytest.FixtureRequest, *names: str) -> Iterator[FaultStack]:
    stack.stop("second beat", kill=True)
    stack.reset(world.day)
    stack.ensure("web", *names)
    with stack.here():
        yield stack
        if request.node.get_closest_marker("fault"):
            invariants.check(Path(stack.media))
