"""What an hour of work pays at least: the minimum wage (WML) at an age, on a day. Figures come from `accounts/law.py`.

The one definition of it: the contract, its form, its document and the subsidy for the employer all ask here. PostgreSQL holds
new contracts to it as well (`sql/topjob_contract_wage.sql`), and `manage.py verify` asks it of what is stored.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import law
from accounts.models import LawSetting, Organisation
from topjob.errors import Reason
from topjob.money import euro

if TYPE_CHECKING:
    from trajectories.models import StartPlan, Trajectory

Key = law.Key
FULL = 100
ADULT = 21
YOUTH_WAGES = {
    20: Key.WAGE_AGE_20,
    19: Key.WAGE_AGE_19,
    18: Key.WAGE_AGE_18,
    17: Key.WAGE_AGE_17,
    16: Key.WAGE_AGE_16,
    15: Key.WAGE_AGE_15,
}
# What a learner in the BBL is paid at least, as long as the law has a lower share for them; 100 where it has none.
BBL_WAGES = {20: Key.BBL_AGE_20, 19: Key.BBL_AGE_19, 18: Key.BBL_AGE_18}
KEYS = (Key.MINIMUM_WAGE, *YOUTH_WAGES.values(), *BBL_WAGES.values())
# No rule: an hour that pays more is a slip of the hand, such as the wage of a month.
MOST = Decimal(100)


# --- Arithmetic ------------------------------------------------------------------------------------------------------
def to_cents(exact: Fraction) -> int:
    """Whole cents, half a cent upwards: the one moment at which an amount is rounded."""
    return int((2 * exact.numerator + exact.denominator) // (2 * exact.denominator))


def minimum_wage(hour: int, percentage: Fraction | int = FULL) -> int:
    """The minimum wage per hour in cents at an age that has this percentage of the full one (WML)."""
    return to_cents(hour * Fraction(percentage) / FULL)


def of_cents(cents: int) -> str:
    """€ 1.013,37"""
    return euro(Decimal(cents) / 100)


# --- The rule --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Minimum:
    """The minimum wage of an hour at an age, and since when it is this much."""

    cents: int
    age: int
    since: date
    # With a praktijkovereenkomst it is less than for others of this age.
    is_bbl: bool = False

    @property
    def amount(self) -> Decimal:
        return Decimal(self.cents) / 100

    def __str__(self) -> str:
        words = {"age": self.age, "amount": of_cents(self.cents), "day": date_format(self.since, "j F Y")}
        if self.age >= ADULT:
            return _("Het minimumloon vanaf 21 jaar is %(amount)s per uur vanaf %(day)s.") % words
        if self.is_bbl:
            text = _(
                "Het minimumloon voor %(age)s jaar met een praktijkovereenkomst is %(amount)s per uur vanaf %(day)s."
            )
            return text % words
        return _("Het minimumloon voor %(age)s jaar is %(amount)s per uur vanaf %(day)s.") % words


def minimum_at(age: int, row_of: Callable[[str], LawSetting], *, in_bbl: bool = False) -> Minimum | None:
    """What the rows that hold come to at an age; nothing under 15, for whom the law has no minimum wage.

    With a praktijkovereenkomst the share is that of the BBL where that is less (Besluit minimumjeugdloon, until 2027). Raises
    `LawSetting.DoesNotExist` where no value was set.
    """
    if age < min(YOUTH_WAGES):
        return None
    hour = row_of(Key.MINIMUM_WAGE)
    shares = [row_of(key) for key in _share_keys(age, in_bbl)]
    share = min(shares, key=_percent, default=None)
    cents = minimum_wage(int(Decimal(hour.value) * 100), _percent(share) if share else FULL)
    since = max(row.valid_from for row in (hour, *shares))
    return Minimum(cents, age, since, is_bbl=share is not None and share.key in BBL_WAGES.values())


def _share_keys(age: int, in_bbl: bool) -> list[str]:
    """The ordinary share first: it is named where both are the same."""
    return [wages[age] for wages in (YOUTH_WAGES, BBL_WAGES if in_bbl else {}) if age in wages]


def _percent(row: LawSetting) -> Fraction:
    return Fraction(row.value)


def minimum_of(age: int, day: date, client: Organisation | None) -> Minimum | None:
    """The minimum wage at an age by the rules of a day."""
    book = law.versions(*KEYS, client=client)
    return minimum_at(age, lambda key: book.at(key, day))


def minimum_on(trajectory: Trajectory, day: date) -> Minimum | None:
    """The minimum wage of this person, by the age, the rules and the praktijkovereenkomst of a day."""
    return minimum_by(trajectory, day, law.versions(*KEYS, client=trajectory.client))


def minimum_by(trajectory: Trajectory, day: date, book: law.Versions) -> Minimum | None:
    """The same by the rules of a day out of a book of all their values."""
    age = trajectory.candidate.age_on(day)
    return minimum_at(age, lambda key: book.at(key, day), in_bbl=is_in_bbl(trajectory, day))


def is_in_bbl(trajectory: Trajectory, day: date) -> bool:
    """Whether a praktijkovereenkomst holds on this day; not asked at an age at which it makes no difference."""
    at_this_age = trajectory.candidate.age_on(day) in BBL_WAGES
    return at_this_age and any(row.covers(day) for row in trajectory.practice_agreements.all())


def at_least(wage: Decimal, minimum: Minimum | None) -> Decimal:
    """An agreed wage rises with the minimum wage: nobody is paid less (WML art. 7)."""
    return max(wage, minimum.amount) if minimum else wage


def wage_refusal(trajectory: Trajectory, wage: Decimal | None, day: date) -> Reason | None:
    """A contract names its wage (BW 7:655), and that is at least the minimum wage at the age on its first day (WML art. 7).

    Also with loonkostensubsidie, and in beschut werk: the subsidy goes to the employer, who pays at least the minimum wage
    (Participatiewet art. 10d). A learner in the BBL has a minimum of their own as long as the law has one.
    """
    if wage is None:
        return Reason(_("Vul het bruto uurloon in. Een contract zonder loon kan niet (BW 7:655)."))
    if not wage.is_finite() or not 0 < wage <= MOST or wage != round(wage, 2):
        return Reason(
            _("Vul een bedrag per uur in, in hele centen: meer dan nul en ten hoogste %(most)s.") % {"most": euro(MOST)}
        )
    minimum = minimum_on(trajectory, day)
    return Reason(str(minimum)) if minimum and wage < minimum.amount else None


def plan_wage_refusal(plan: StartPlan) -> Reason | None:
    """Construction 2 is a contract from day one, so the startplan names its wage; construction 1 is a trial without wage."""
    if not plan.has_trial_contract:
        return None
    return wage_refusal(plan.trajectory, plan.hourly_wage, plan.effective_on)
