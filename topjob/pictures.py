"""Figures as pictures that the server draws: where each mark stands. Beside every picture the page says the same in words.

All lengths are whole numbers in the drawing's own units, so that a language with a decimal comma can't break them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.functional import Promise

LOWEST, HIGHEST = 1, 5  # of the ambition scale
WIDTH = 120
EDGE = 10
LANE = 9  # between the lines of two parties


@dataclass(frozen=True)
class Bar:
    """One bar of a row of bars: how many, of what, and how long against the longest (0 to 100)."""

    value: int | None
    label: str | Promise
    length: int


def bars(counted: Sequence[tuple[str | Promise, int | None]]) -> list[Bar]:
    """What is left of a group at each step; a step that nobody counted has no bar."""
    most = max((value for _label, value in counted if value), default=0)
    return [Bar(value, label, round(100 * value / most) if value and most else 0) for label, value in counted]


@dataclass(frozen=True)
class Interval:
    """A share in percent and the bounds it lies between, on a line from 0 to 100."""

    low: int
    middle: int
    high: int

    @property
    def width(self) -> int:
        """Never nothing: bounds that are the same are still to be seen."""
        return max(self.high - self.low, 1)


def interval(middle: float, low: float, high: float) -> Interval:
    return Interval(round(low), round(middle), round(high))


@dataclass(frozen=True)
class Side:
    """One party's figure: its shape says whose it is, its place how high."""

    shape: str
    x: int
    y: int


SHAPES = ("circle", "square", "triangle")


@dataclass(frozen=True)
class Sides:
    """The figures of the parties on one question, each on a line of its own above the same scale."""

    marks: list[Side]
    ticks: list[int]
    height: int = EDGE * 2 + LANE * 2


def sides(figures: Sequence[int | None]) -> Sides | None:
    """Nothing to draw for a question that isn't answered with a figure."""
    marks = [
        Side(shape, _along(figure), EDGE + LANE * lane)
        for lane, (shape, figure) in enumerate(zip(SHAPES, figures, strict=False))
        if figure is not None
    ]
    return Sides(marks, [_along(figure) for figure in range(LOWEST, HIGHEST + 1)]) if marks else None


def _along(figure: int) -> int:
    return EDGE + (WIDTH - 2 * EDGE) * (figure - LOWEST) // (HIGHEST - LOWEST)


@dataclass(frozen=True)
class Course:
    """One figure over time, oldest first: a line and its last point."""

    line: str
    x: int
    y: int


TALL = 28
INSET = 5


def course(figures: Sequence[int | None]) -> Course | None:
    """Moments without a figure are passed over; one figure is a point."""
    step = (WIDTH - 2 * INSET) // max(len(figures) - 1, 1)
    points = [(INSET + step * at, _up(figure)) for at, figure in enumerate(figures) if figure is not None]
    return Course(" ".join(f"{x},{y}" for x, y in points), *points[-1]) if points else None


@dataclass(frozen=True)
class Slope:
    """From what was by what is to what is wished: points at their places, and lines between those that are known."""

    points: list[tuple[int, int, bool]]
    lines: list[tuple[str, bool]]
    width: int = 300
    height: int = 60


def slope(figures: Sequence[int | None]) -> Slope | None:
    """Of three moments in columns of the same width; the last is a wish, and so is the line to it. Needs two at least."""
    last = len(figures) - 1
    points = [(50 + 100 * at, 52 - 11 * (figure - LOWEST), at == last) for at, figure in enumerate(figures) if figure]
    lines = [(f"M{x} {y}L{to} {high}", ahead) for (x, y, _past), (to, high, ahead) in pairwise(points)]
    return Slope(points, lines) if len(points) > 1 else None


def _up(figure: int) -> int:
    """Higher is better, so it is drawn nearer the top."""
    return TALL - INSET - (TALL - 2 * INSET) * (figure - LOWEST) // (HIGHEST - LOWEST)
