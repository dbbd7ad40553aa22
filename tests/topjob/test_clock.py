"""The clock of a page: read once, and moved at once by whoever moves it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from topjob import clock


@pytest.fixture(autouse=True)
def movable(settings, tmp_path: Path) -> None:
    settings.CLOCK_FILE = str(tmp_path / "clock")


def test_a_page_has_one_clock() -> None:
    clock.move_to(date(2027, 3, 1))
    with clock.held():
        Path(clock.settings.CLOCK_FILE).write_text("0")
        assert clock.today() == date(2027, 3, 1)
    assert clock.today() != date(2027, 3, 1)


def test_whoever_moves_it_sees_it_moved() -> None:
    with clock.held():
        clock.move_to(date(2027, 3, 1))
        assert clock.today() == date(2027, 3, 1)


def test_a_day_that_was_chosen_goes_first() -> None:
    with clock.held(), clock.at(date(2026, 5, 4)):
        assert clock.today() == date(2026, 5, 4)
