"""What somebody gets who isn't employed: nothing, an allowance, or a volunteer's, which has maxima (`accounts/law.py`).

PostgreSQL holds the amounts of an hour and a month as well (`sql/topjob_contract_agreement.sql`); the year is held here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _

from accounts import law
from accounts.rules import VOLUNTEER_KEYS
from topjob.errors import Reason
from topjob.money import euro
from trajectories.models import AgreementKind, Contract
from trajectories.money.pay import ADULT

if TYPE_CHECKING:
    from trajectories.models import Trajectory

Key = law.Key
Per = Contract.Per
# No rule: more a month than this is a wage, or a slip of the hand.
MOST = Decimal(2000)
WEEKS_A_YEAR, MONTHS_A_YEAR = 52, 12


@dataclass(frozen=True)
class Allowance:
    """An amount with how often it is given."""

    amount: Decimal
    per: str

    def __str__(self) -> str:
        return f"{euro(self.amount)} {Per(self.per).label}"

    def a_month(self, hours_per_week: int) -> Decimal:
        """What it comes to in a month of these hours."""
        return self.amount if self.per == Per.MONTH else self.amount * hours_per_week * WEEKS_A_YEAR / MONTHS_A_YEAR

    def a_year(self, hours_per_week: int, first: date, last: date | None) -> Decimal:
        """The most in any twelve months, of the months that it lasts; one that began is counted whole."""
        return self.a_month(hours_per_week) * _months(first, last)


def _months(first: date, last: date | None) -> int:
    if last is None:
        return MONTHS_A_YEAR
    length = relativedelta(last + timedelta(days=1), first)
    return min(MONTHS_A_YEAR, length.years * MONTHS_A_YEAR + length.months + bool(length.days))


def of(contract: Contract) -> Allowance | None:
    """What was agreed; nothing when nobody gets anything."""
    return None if contract.allowance is None else Allowance(contract.allowance, contract.allowance_per)


def refusal(
    trajectory: Trajectory,
    agreement: AgreementKind,
    allowance: Allowance | None,
    days: tuple[date, date | None],
    hours_per_week: int,
) -> Reason | None:
    """Why this can't be given from the first to the last of these days.

    A volunteer gets at most so much per hour, month and year, of all organisations together; more than that is a wage
    (Wet op de loonbelasting art. 2 lid 6). What was agreed is counted as if every week were worked.
    """
    if allowance is None:
        return None
    if not agreement.allows_allowance:
        return Reason(_("Bij deze overeenkomst hoort geen vergoeding. Laat het bedrag leeg."))
    if (
        not allowance.amount.is_finite()
        or not 0 < allowance.amount <= MOST
        or allowance.amount != round(allowance.amount, 2)
    ):
        return Reason(
            _("Vul een bedrag in hele centen in: meer dan nul en ten hoogste %(most)s.") % {"most": euro(MOST)}
        )
    return _above_the_most(trajectory, allowance, days, hours_per_week) if agreement.is_volunteering else None


def _above_the_most(
    trajectory: Trajectory, allowance: Allowance, days: tuple[date, date | None], hours_per_week: int
) -> Reason | None:
    day, last = days
    rows = law.settings_on(*VOLUNTEER_KEYS, on=day, client=trajectory.client)
    most = {key: Decimal(row.value) for key, row in rows.items()}
    is_young = trajectory.candidate.age_on(day) < ADULT
    an_hour = most[Key.VOLUNTEER_HOUR_YOUNG if is_young else Key.VOLUNTEER_HOUR]
    if allowance.per == Per.HOUR and allowance.amount > an_hour:
        return Reason(
            _("Een vrijwilliger krijgt op deze leeftijd ten hoogste %(most)s per uur.") % {"most": euro(an_hour)}
        )
    if allowance.a_month(hours_per_week) > most[Key.VOLUNTEER_MONTH]:
        text = _("Bij %(hours)s uur per week is dit meer dan %(most)s per maand. Dat is te veel voor een vrijwilliger.")
        return Reason(text % {"hours": hours_per_week, "most": euro(most[Key.VOLUNTEER_MONTH])})
    if allowance.a_year(hours_per_week, day, last) > most[Key.VOLUNTEER_YEAR]:
        text = _("In een jaar is dit meer dan %(most)s. Dat is te veel voor een vrijwilliger.")
        return Reason(text % {"most": euro(most[Key.VOLUNTEER_YEAR])})
    return None
