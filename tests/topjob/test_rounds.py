"""Rounds that remember where they were: stopped half-way, asked for again, gone on with by two at once, without a broker."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from topjob import rounds
from topjob.models import Round

pytestmark = pytest.mark.django_db
NUMBERS = [3, 5, 8, 13, 21]


@pytest.fixture
def done() -> list[int]:
    return []


@pytest.fixture
def part(done: list[int]) -> Callable[[int], int | None]:
    def one(after: int) -> int | None:
        number = next((n for n in NUMBERS if n > after), None)
        done.extend([number] if number else [])
        return number

    return one


@pytest.fixture
def short(settings: Any) -> None:
    """The time is up after each part."""
    settings.ROUND_SECONDS = 0


def test_a_round_goes_through_everything_once(part: Callable, done: list[int]) -> None:
    rounds.ask("proef")
    assert rounds.go_on("proef", part) and done == NUMBERS
    assert rounds.go_on("proef", part) and done == NUMBERS  # nobody asked for another
    rounds.ask("proef")
    assert rounds.go_on("proef", part) and done == NUMBERS * 2


def test_out_of_time_the_next_goes_on_from_there(part: Callable, done: list[int], short: Any, settings: Any) -> None:
    rounds.ask("proef")
    assert not rounds.go_on("proef", part) and done == [3]
    assert not rounds.go_on("proef", part) and done == [3, 5]
    settings.ROUND_SECONDS = 60
    assert rounds.go_on("proef", part) and done == NUMBERS


def test_asked_for_half_way_everything_is_looked_at_after_that(
    part: Callable, done: list[int], short: Any, settings: Any
) -> None:
    rounds.ask("proef")
    rounds.go_on("proef", part)
    settings.ROUND_SECONDS = 60
    rounds.ask("proef")
    assert rounds.go_on("proef", part)
    assert done == NUMBERS * 2


def test_what_another_process_went_on_with_is_left_to_it(part: Callable, done: list[int]) -> None:
    rounds.ask("proef")

    def overtaken(after: int) -> int | None:
        Round.objects.update(reached=13)
        return part(after)

    assert rounds.go_on("proef", overtaken)
    assert done == [3] and Round.objects.get().reached == 13


def test_a_part_that_fails_is_where_the_next_begins(part: Callable, done: list[int], short: Any, settings: Any) -> None:
    rounds.ask("proef")
    rounds.go_on("proef", part)
    settings.ROUND_SECONDS = 60
    with pytest.raises(ZeroDivisionError):
        rounds.go_on("proef", lambda after: after // 0)
    assert rounds.go_on("proef", part) and done == NUMBERS


def test_without_a_broker_the_next_time_by_the_clock_goes_on() -> None:
    def away(*_: object, **__: object) -> None:
        raise ConnectionError

    rounds.follow_up(SimpleNamespace(apply_async=away, name="proef"))
