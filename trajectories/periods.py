"""Calendar periods as the rules count them (R6, R9, R12). Months are always added in one go, never chained."""

from __future__ import annotations

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

ONE_DAY = timedelta(days=1)
FRIDAY = 4


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
