"""Options, marks and the last line of `make faults`: `faults: N run, N violations, N controls silent`."""

from __future__ import annotations

import random
import signal
import sys
from collections import Counter

import pytest

FAULT, CONTROL = "fault", "control"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("faults")
    group.addoption("--seed", type=int, default=1, help="decides where kills fall and who comes first")
    group.addoption("--repeat", type=int, default=1, help="how many rounds, each with dice of its own")
    group.addoption("--short", action="store_true", help="for CI: shorter waits, one case of each test")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "fault(number): asserts the invariants under this fault of RELIABILITY.md")
    config.addinivalue_line("markers", "control(number): the same fault without the protection, which must do harm")
    signal.signal(signal.SIGTERM, _tidily)
    config.stash[TALLY] = Counter()
    config.stash[FIGURES] = []


def _tidily(*_: object) -> None:
    """Ended from outside: everything that was started is still stopped."""
    raise KeyboardInterrupt


TALLY = pytest.StashKey[Counter]()
FIGURES = pytest.StashKey[list]()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "round_number" in metafunc.fixturenames:
        rounds = range(1, metafunc.config.getoption("--repeat") + 1)
        metafunc.parametrize("round_number", rounds, ids=lambda number: f"round{number}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What needs no worker first: starting one takes seconds. A short round takes one of each test's cases, by chance."""
    items.sort(key=lambda item: "working" in getattr(item, "fixturenames", ()))
    if config.getoption("--short"):
        kept = _one_case_each(items, random.Random(config.getoption("--seed")))
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = [item for item in items if item in kept]


def _one_case_each(items: list[pytest.Item], chance: random.Random) -> set[pytest.Item]:
    cases: dict[tuple, list[pytest.Item]] = {}
    for item in items:
        place = (item.path, getattr(item, "originalname", item.name), item.callspec.params["round_number"])
        cases.setdefault(place, []).append(item)
    return {chance.choice(several) for several in cases.values()}


@pytest.fixture(autouse=True)
def dice(request: pytest.FixtureRequest, round_number: int) -> random.Random:
    """Chance, the same again for the same seed and round."""
    return random.Random(f"{request.config.getoption('--seed')} {round_number} {request.node.originalname}")


@pytest.fixture
def figure(request: pytest.FixtureRequest):
    """Keeps a measured figure for the report at the end."""

    def keep(what: str, seconds: float) -> None:
        request.config.stash[FIGURES].append((what, seconds))

    return keep


def kind_of(item: pytest.Item) -> str:
    return next((kind for kind in (FAULT, CONTROL) if item.get_closest_marker(kind)), "")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    report = yield
    tally, kind = item.config.stash[TALLY], kind_of(item)
    if kind and call.when == "setup":
        tally[kind] += 1
    if kind and report.failed and not getattr(item, "is_counted", False):
        item.is_counted = True
        tally[f"{kind} failed"] += 1
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for what, seconds in config.stash[FIGURES]:
        terminalreporter.write_line(f"gemeten: {what}: {seconds:.1f} s")


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    tally = config.stash[TALLY]
    violations, silent = tally[f"{FAULT} failed"], tally[f"{CONTROL} failed"]
    sys.stdout.write(f"faults: {tally[FAULT]} run, {violations} violations, {silent} controls silent\n")
