"""From latitude and longitude to metres on the national grid."""

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
CELL_METRES = 10_000


def to_grid(latitude: float, longitude: float) -> tuple[int, int]:
    """Whole metres east and north."""
    north, east = 0.36 * (latitude - 52.15517440), 0.36 * (longitude - 5.38720621)
    x = 155_000 + sum(factor * north**p * east**q for p, q, factor in X_TERMS)
    y = 463_000 + sum(factor * north**p * east**q for p, q, factor in Y_TERMS)
    return round(x), round(y)


def cells_within(x: int, y: int, reach: int) -> list[int]:
    """The squares of 10 km that a circle touches, and 0 for unknown places; numbered as in the database."""
    columns = range((x - reach) // CELL_METRES, (x + reach) // CELL_METRES + 1)
    rows = range((y - reach) // CELL_METRES, (y + reach) // CELL_METRES + 1)
    return [0, *(column * 100 + row for column in columns for row in rows if 0 <= column < 100 and 0 <= row < 100)]


def metres_between(x1: int, y1: int, x2: int, y2: int) -> int:
    return isqrt((x1 - x2) ** 2 + (y1 - y2) ** 2)
