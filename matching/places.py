"""From latitude and longitude to the national grid (Rijksdriehoek), in tens of metres: their squares fit in 32 bits."""

from __future__ import annotations

from math import isqrt

# The usual approximation of the RD projection (Schreutelkamp and Strang van Hees); exact to about a metre.
X_TERMS = (
    (0, 1, 190094.945),
    (1, 1, -11832.228),
    (2, 1, -114.221),
    (0, 3, -32.391),
    (1, 0, -0.705),
    (3, 1, -2.340),
    (1, 3, -0.608),
    (0, 2, -0.008),
    (2, 3, 0.148),
)
Y_TERMS = (
    (1, 0, 309056.544),
    (0, 2, 3638.893),
    (2, 0, 73.077),
    (1, 2, -157.984),
    (3, 0, 59.788),
    (0, 1, 0.433),
    (2, 2, -6.439),
    (1, 1, -0.032),
    (0, 4, 0.092),
    (1, 4, -0.054),
)
# Squares by which indexes find what is near: those of vacancies, and the coarser ones within a person's reach.
CELL, REACH_CELL = 500, 1_000
# The Netherlands; beyond these a square of a distance would no longer fit.
EAST, SOUTH, NORTH = 29_000, 30_000, 62_500


def to_grid(latitude: float, longitude: float) -> tuple[int, int]:
    """Tens of metres east and north."""
    north, east = 0.36 * (latitude - 52.15517440), 0.36 * (longitude - 5.38720621)
    x = 155_000 + sum(factor * north**p * east**q for p, q, factor in X_TERMS)
    y = 463_000 + sum(factor * north**p * east**q for p, q, factor in Y_TERMS)
    return round(x / 10), round(y / 10)


def cell_of(x: int, y: int, size: int) -> int:
    """The number of the square a point lies in; the database numbers them the same way."""
    return x // size * 200 + y // size


def cells_within(x: int, y: int, reach: int) -> list[int]:
    """The squares of 5 km that a circle touches, and 0 for vacancies whose place is unknown."""
    size = CELL
    columns = range(max(x - reach, 0) // size, (x + reach) // size + 1)
    rows = range(max(y - reach, 0) // size, (y + reach) // size + 1)
    touched = (
        column * 200 + row
        for column in columns
        for row in rows
        if _short_of(x, column * size, size) ** 2 + _short_of(y, row * size, size) ** 2 <= reach * reach
    )
    return [0, *touched]


def _short_of(value: int, start: int, size: int) -> int:
    """How far a coordinate lies from a square's side of the same axis; 0 within."""
    return max(start - value, value - (start + size - 1), 0)


def metres_between(x1: int, y1: int, x2: int, y2: int) -> int:
    return 10 * isqrt((x1 - x2) ** 2 + (y1 - y2) ** 2)
