"""When an agreed wage goes up with the minimum wage: a new amount, a birthday, a praktijkovereenkomst that ends (WML art. 7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from accounts import law
from topjob.dates import nl_date
from topjob.errors import promised
from trajectories.money import pay

if TYPE_CHECKING:
    from trajectories.models import Contract, Trajectory

ONE_DAY = timedelta(days=1)
AMOUNTS = 100_000
BIRTHDAYS = range(min(pay.YOUTH_WAGES), pay.ADULT + 1)


@dataclass(frozen=True)
class Rise:
    """From this day on the minimum wage is more than what was paid until then."""

    on: date
    minimum: pay.Minimum

    @property
    def number(self) -> int:
        """What tells it from others of the same contract: the day and the amount, so that another amount is told anew."""
        return self.on.toordinal() * AMOUNTS + self.minimum.cents

    def __str__(self) -> str:
        words = {"day": nl_date(self.on), "amount": pay.of_cents(self.minimum.cents), "age": self.minimum.age}
        if self.minimum.age >= pay.ADULT:
            text = _("Vanaf %(day)s is het loon ten minste %(amount)s per uur: het minimumloon vanaf 21 jaar.")
        else:
            text = _("Vanaf %(day)s is het loon ten minste %(amount)s per uur: het minimumloon voor %(age)s jaar.")
        return text % words


def day_of(number: int) -> date:
    """From which day the rise of this number is."""
    return date.fromordinal(number // AMOUNTS)


def after(day: date) -> int:
    """The number that every rise after this day is above."""
    return (day + ONE_DAY).toordinal() * AMOUNTS - 1


def rises_of(contract: Contract, case: Trajectory, book: law.Versions) -> Iterator[Rise]:
    """Every day of a contract on which its wage goes up by the rules that are known now, the first one first."""
    if contract.hourly_wage is None:
        return
    for day in _days(contract, case, book):
        before, minimum = _least(case, day - ONE_DAY, book), _least(case, day, book)
        if minimum is not None and minimum.amount > pay.at_least(contract.hourly_wage, before):
            yield Rise(day, minimum)


def _least(case: Trajectory, day: date, book: law.Versions) -> pay.Minimum | None:
    return pay.minimum_by(case, day, book)


def _days(contract: Contract, case: Trajectory, book: law.Versions) -> list[date]:
    """After its first day and until its last: when the minimum wage of this person may differ from the day before."""
    last = contract.last_day or date.max
    found = {row.valid_from for key in pay.KEYS for row in book.of(key)}
    found |= {_birthday(promised(case.candidate.birth_date), age) for age in BIRTHDAYS}
    found |= {day for row in case.practice_agreements.all() for day in (row.ends_on + ONE_DAY, row.stopped_on) if day}
    return sorted(day for day in found if contract.starts_on < day <= last)


def _birthday(birth: date, age: int) -> date:
    """Whoever was born on 29 February is older on 1 March."""
    try:
        return birth.replace(year=birth.year + age)
    except ValueError:
        return date(birth.year + age, 3, 1)
