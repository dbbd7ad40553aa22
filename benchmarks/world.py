"""Made-up zoekprofielen and vacancies as plain rows: for the benchmark and for tests of exactness, edges included."""

from __future__ import annotations

import random
from typing import Any

from matching.criteria import CHOOSABLE, LOADS, SUPPORT
from matching.models.skill import tokens

TODAY = 20_781  # 24 November 2026, in days since 1970
KINDS, BRANCHES, SKILLS = tuple(range(1, 16)), tuple(range(1, 23)), tuple(range(1, 61))


def some(random_: random.Random, items: tuple[int, ...], most: int) -> tuple[int, ...]:
    return tuple(sorted(random_.sample(items, random_.randint(0, most))))


def maybe(random_: random.Random, value: Any, chance: float = 0.15) -> Any:
    """Now and then nothing is known."""
    return None if random_.random() < chance else value


def skill_levels(random_: random.Random, most: int) -> tuple[int, ...]:
    return tuple(tokens({skill: random_.randint(1, 5) for skill in some(random_, SKILLS, most)}))


def musts(random_: random.Random, chance: float) -> int:
    return sum(criterion.mask for criterion in CHOOSABLE if random_.random() < chance)


def point(random_: random.Random, points: list[tuple[int, int]] | None) -> tuple[int | None, int | None]:
    """One of the points, or a round one: many equal ones, so that distances fall exactly on a limit."""
    if random_.random() < 0.05:
        return None, None
    if points:
        return random_.choice(points)
    return 20_000 + 100 * random_.randint(-40, 40), 49_000 + 100 * random_.randint(-40, 40)


def person(random_: random.Random, points: list[tuple[int, int]] | None = None, must: float = 0.15) -> dict[str, Any]:
    """Any zoekprofiel, unknown values and limits included."""
    low, high = sorted(random_.choices(range(4, 41), k=2))
    start = TODAY + random_.randint(-60, 120)
    x, y = point(random_, points)
    return {
        "kind_ids": some(random_, KINDS, 4),
        "branch_ids": some(random_, BRANCHES, 5),
        "hours_min": maybe(random_, low),
        "hours_max": maybe(random_, high),
        "weekdays": maybe(random_, random_.choice((31, 31, 15, 7, 96, 127, 21, 0))),
        "max_distance_km": maybe(random_, random_.choice((4, 5, 10, 12, 13, 20, 25, 30, 35, 50, 100))),
        "x": x,
        "y": y,
        "level": maybe(random_, random_.randint(0, 7)),
        "start_from": maybe(random_, start, 0.3),
        "start_until": maybe(random_, start + random_.randint(0, 200), 0.5),
        "searching_since": maybe(random_, TODAY - random_.choice((0, 0, 30, 30, 90, 365))),
        "has_licence": maybe(random_, random_.random() < 0.5),
        "language_level": maybe(random_, random_.randint(0, 4)),
        "must_bits": musts(random_, must),
        "skill_tokens": skill_levels(random_, 10),
        "eligible_project": maybe(random_, random_.random() < 0.7),
        "eligible_stream_1": maybe(random_, random_.random() < 0.7),
        "eligible_streams_2_3": maybe(random_, random_.random() < 0.8),
        "is_available": random_.random() < 0.95,
        **{f"limit_{load}": maybe(random_, random_.randint(0, 4), 0.8) for load in LOADS},
        **{f"needs_{kind}": random_.random() < 0.3 for kind in SUPPORT},
    }


def vacancy(random_: random.Random, points: list[tuple[int, int]] | None = None, must: float = 0.08) -> dict[str, Any]:
    """Any vacancy, unknown values and limits included."""
    low, high = sorted(random_.choices(range(4, 41), k=2))
    intakes = sorted(TODAY + random_.randint(-100, 400) for _ in range(random_.randint(1, 4)))
    has_intakes = random_.random() < 0.2
    starts = intakes if has_intakes else [TODAY + random_.randint(-40, 200)]
    wants = skill_levels(random_, 5)
    x, y = point(random_, points)
    needs_licence = random_.random() < 0.25
    return {
        "is_open": random_.random() < 0.97,
        "kind_id": random_.choice(KINDS),
        "branch_id": random_.choice(BRANCHES),
        "x": x,
        "y": y,
        **{f"start_{n + 1}": starts[n] if n < len(starts) else None for n in range(4)},
        "closes_on": maybe(random_, TODAY + random_.randint(-3, 90), 0.6),
        "must_bits": musts(random_, must) | (256 if needs_licence else 0),
        "want_total": len(wants),
        "seats_free": random_.choice((0, 1, 1, 2, 3, 5)),
        "hours_min": low,
        "hours_max": high,
        "weekdays": random_.choice((0, 0, 0, 31, 96, 15)),
        "level": random_.randint(0, 7),
        "language_level": random_.randint(0, 4),
        "scope": random_.choice((0, 0, 0, 1, 2, 3)),
        "has_intakes": has_intakes,
        "needs_licence": needs_licence,
        "want_tokens": wants,
        **{f"load_{load}": random_.choice((0, 0, 1, 2, 3, 4)) for load in LOADS},
        **{f"offers_{kind}": random_.random() < 0.6 for kind in SUPPORT},
    }
