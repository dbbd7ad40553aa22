"""`make bench-dates`: every date rule of the product against an independent count, on a million random cases each.

One JSON object per line: `name`, `n`, `mismatches`, `seconds`. Half of the days are awkward ones: ends and beginnings of months,
29 February, the days around both changes of the clock.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "topjob.settings")
    import django

    django.setup()

from benchmarks import oracle
from candidates.models.person import age_on
from topjob import clock
from trajectories.process import periods, rules

SEED, CASES = 20261124, 1_000_000
YEARS = (1996, 2104)  # with a century that is no leap year in it
Case = Callable[[random.Random], tuple[Any, Any, Any]]


def some_day(dice: random.Random) -> oracle.Day:
    """A random day, often an awkward one."""
    year, month = dice.randrange(*YEARS), dice.randrange(1, 13)
    kind = dice.random()
    if kind < 0.25:
        return year, month, oracle.days_in(year, month) - dice.randrange(3)
    if kind < 0.35:
        return year, month, dice.randrange(1, 3)
    if kind < 0.42:
        return (year, 2, 29) if oracle.leap(year) else (year, 2, 28)
    if kind < 0.5:
        return year, dice.choice((3, 10)), dice.randrange(24, 32)
    return year, month, dice.randrange(1, oracle.days_in(year, month) + 1)


def as_date(day: oracle.Day) -> date:
    return date(*day)


def as_day(day: date) -> oracle.Day:
    return day.year, day.month, day.day


# Each answers: the case, what the product says, what the count says.
def three_months(dice: random.Random) -> tuple[Any, Any, Any]:
    """R6."""
    start = some_day(dice)
    return start, as_day(periods.period_end(as_date(start), 3)), oracle.last_day(start, 3)


def any_period(dice: random.Random) -> tuple[Any, Any, Any]:
    """R9, R10, R12, permissions: one to thirty-six months."""
    start, months = some_day(dice), dice.randrange(1, 37)
    return (start, months), as_day(periods.period_end(as_date(start), months)), oracle.last_day(start, months)


def notice(dice: random.Random) -> tuple[Any, Any, Any]:
    """Aanzegtermijn: so many months before the last day."""
    end, months = some_day(dice), dice.randrange(1, 7)
    return (end, months), as_day(periods.months_before(as_date(end), months)), oracle.same_day(end, -months)


def retention(dice: random.Random) -> tuple[Any, Any, Any]:
    """R15 and the check-ins of R12: so many months after a day."""
    day, months = some_day(dice), dice.choice((1, 3, 6, 9, 11, 12, 24, 60))
    return (day, months), as_day(periods.months_after(as_date(day), months)), oracle.same_day(day, months)


def contract_length(dice: random.Random) -> tuple[Any, Any, Any]:
    """R9: twelve to twenty-four months, near both borders."""
    start = some_day(dice)
    border = oracle.last_day(start, dice.choice((12, 24)))
    end = as_day(as_date(border) + timedelta(days=dice.randrange(-3, 4)))
    contract: Any = SimpleNamespace(starts_on=as_date(start), ends_on=as_date(end), min_months=12, max_months=24)
    return (start, end), rules.contract_length_ok(contract), oracle.length_allowed(start, end, 12, 24)


def age(dice: random.Random) -> tuple[Any, Any, Any]:
    """R2, R4: age in whole years, near birthdays."""
    born = some_day(dice)
    later = dice.randrange(0, 66)
    near = oracle.same_day((born[0] + later, born[1], 1), 0)
    on = as_day(as_date(near) + timedelta(days=born[2] - 1 + dice.randrange(-2, 3)))
    on = max(on, born)
    return (born, on), age_on(as_date(born), as_date(on)), oracle.age(born, on)


def dutch_day(dice: random.Random) -> tuple[Any, Any, Any]:
    """R4, R17: the Dutch calendar day of a moment, both changes of the clock included."""
    day, hour = some_day(dice), dice.choice((0, 1, 2, 21, 22, 23, dice.randrange(24)))
    moment = datetime(*day, hour, dice.randrange(60), tzinfo=UTC)
    return (day, hour), as_day(clock.local(moment)), oracle.dutch_day(day, hour)


def day_over(dice: random.Random) -> tuple[Any, Any, Any]:
    """R17: the instant at which a Dutch day is over is the first one of the next day."""
    day = some_day(dice)
    (utc_day, hour) = oracle.end_of_dutch_day(day)
    over = datetime(*utc_day, tzinfo=UTC) + timedelta(hours=hour)
    said = (as_day(clock.local(over - timedelta(seconds=1))), as_day(clock.local(over)))
    return day, said, (day, oracle.next_day(day))


RULES: dict[str, Case] = {
    "three_months": three_months,
    "any_period": any_period,
    "notice": notice,
    "retention": retention,
    "contract_length": contract_length,
    "age": age,
    "dutch_day": dutch_day,
    "day_over": day_over,
}


def mismatches(rule: Case, cases: int, seed: int = SEED) -> Iterator[tuple[Any, Any, Any]]:
    """The cases in which the product and the count differ."""
    dice = random.Random(seed)
    for _ in range(cases):
        case, said, counted = rule(dice)
        if said != counted:
            yield case, said, counted


def main() -> int:
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else CASES
    total = 0
    for name, rule in RULES.items():
        began = time.perf_counter()
        wrong = list(mismatches(rule, cases))
        total += len(wrong)
        line = {"name": name, "n": cases, "mismatches": len(wrong), "seconds": round(time.perf_counter() - began, 1)}
        sys.stdout.write(json.dumps(line | ({"first": str(wrong[0])} if wrong else {})) + "\n")
        sys.stdout.flush()
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main())
