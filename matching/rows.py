"""What the criteria read of a zoekprofiel and of a vacancy: plain values, in Python and as columns of the database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from matching.criteria import LOADS, SUPPORT
from matching.expressions import Value
from matching.models import SearchProfile, VacancyFact

EPOCH = date(1970, 1, 1)

PERSON_FIELDS = (
    "kind_ids",
    "branch_ids",
    "hours_min",
    "hours_max",
    "weekdays",
    "max_distance_km",
    "x",
    "y",
    "level",
    "start_from",
    "start_until",
    "searching_since",
    "has_licence",
    "language_level",
    "must_bits",
    "skill_tokens",
    "eligible_project",
    "eligible_stream_1",
    "eligible_streams_2_3",
    "is_available",
    *(f"limit_{load}" for load in LOADS),
    *(f"needs_{kind}" for kind in SUPPORT),
)
VACANCY_FIELDS = (
    "is_open",
    "kind_id",
    "branch_id",
    "x",
    "y",
    "start_1",
    "start_2",
    "start_3",
    "start_4",
    "closes_on",
    "must_bits",
    "want_total",
    "seats_free",
    "hours_min",
    "hours_max",
    "weekdays",
    "level",
    "language_level",
    "scope",
    "has_intakes",
    "needs_licence",
    "want_tokens",
    *(f"load_{load}" for load in LOADS),
    *(f"offers_{kind}" for kind in SUPPORT),
)
DATES = ("start_from", "start_until", "searching_since")
PERSON_COLUMNS = {name: f"(p.{name} - DATE '1970-01-01')" if name in DATES else f"p.{name}" for name in PERSON_FIELDS}
VACANCY_COLUMNS = {name: f"f.{name}" for name in VACANCY_FIELDS}


def day_number(day: date) -> int:
    return (day - EPOCH).days


def plain(value: Any) -> Value:
    """A stored value as expressions know it: days as numbers, lists as tuples."""
    if isinstance(value, date):
        return day_number(value)
    return tuple(value) if isinstance(value, list) else value


def person_row(profile: SearchProfile) -> dict[str, Value]:
    return {name: plain(getattr(profile, name)) for name in PERSON_FIELDS}


def vacancy_row(fact: VacancyFact) -> dict[str, Value]:
    return {name: plain(getattr(fact, name)) for name in VACANCY_FIELDS}


def query_row(today: date, seed: int = 0) -> dict[str, Value]:
    """What holds of the question itself: the day, and the seed by which equals are shuffled (`matching.ties`)."""
    return {"today": day_number(today), "seed": seed}


def fingerprint(value: Mapping[str, Any]) -> str:
    """SHA-256 of plain data in a fixed order, so that an auditor can see that it is the same."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
