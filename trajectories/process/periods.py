"""Calendar periods as the rules count them (R6, R9, R12). Months are always added in one go, never chained."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from holidays import HolidayBase

ONE_DAY = timedelta(days=1)
FRIDAY, SATURDAY, SUNDAY = 4, 5, 6


def period_end(start: date, months: int) -> date:
    """Last day of a period of whole calendar months (R6).

    The day before the same day of the month `months` later, or that month's last day where the day doesn't exist:
    28 November 2025 + 3 → 27 February 2026; 30 November 2025 + 3 → 28 February 2026.
    """
    later = start + relativedelta(months=months)
    return later - ONE_DAY if later.day == start.day else later


def months_before(day: date, months: int) -> date:
    """The day `months` calendar months earlier, such as the last day to give notice (aanzegtermijn)."""
    return day - relativedelta(months=months)


def months_after(day: date, months: int) -> date:
    """The day so many calendar months later, such as the end of retention; a month without that day gives its last one."""
    return day + relativedelta(months=months)


def weekday_near(day: date) -> date:
    """The day itself, or the Friday before a weekend: nobody plans a talk at work on a Sunday."""
    return day - max(day.weekday() - FRIDAY, 0) * ONE_DAY


def day_off(day: date) -> str:
    """What this day is called when most people don't work: a weekend, or a general holiday in the Netherlands; else empty."""
    if day in _holidays():
        return _holidays()[day].title()
    return {SATURDAY: _("zaterdag"), SUNDAY: _("zondag")}.get(day.weekday(), "")


@cache
def _holidays() -> HolidayBase:
    """The days of the Algemene termijnenwet, art. 3. There 5 May and Goede Vrijdag count every year: the library's "optional"."""
    from holidays import country_holidays  # a fifth of a second that no start has to wait for

    return country_holidays("NL", language="nl", categories=("public", "optional"))


def day_off_notice(day: date | None) -> str:
    """Said beside a first day of work, without refusing it: some jobs begin on a Saturday. Empty for another day."""
    name = day_off(day) if day else ""
    return _("Op deze dag werken de meeste mensen niet (%(name)s). Klopt dat?") % {"name": name} if name else ""
