"""What the arrangements for an employer come to, in whole cents; the figures of the law are handed in."""

from __future__ import annotations

from fractions import Fraction

from trajectories.money.pay import FULL, to_cents

WEEKS_PER_YEAR, MONTHS_PER_YEAR = 52, 12


def wage_costs_per_month(hour: int, hours: int, full_week: int, holiday: int) -> Fraction:
    """Minimum wage with holiday pay in a month: the amount of a full week of 36 hours, pro rata (Participatiewet art. 10d)."""
    whole = Fraction(hour * full_week * WEEKS_PER_YEAR, MONTHS_PER_YEAR) * Fraction(FULL + holiday, FULL)
    return whole * Fraction(hours, full_week)


def subsidy_per_month(hour: int, hours: int, wage_value: int, *, full_week: int, holiday: int, most: int) -> int:
    """LKS in cents: (minimum wage + holiday pay) less the loonwaarde's share of it, at most `most` percent."""
    part = min(FULL - wage_value, most)
    return to_cents(wage_costs_per_month(hour, hours, full_week, holiday) * Fraction(part, FULL))


def charges_on(subsidy: int, percentage: Fraction | int) -> int:
    """Compensation for the employer's charges in cents: a percentage of the subsidy, on top of it."""
    return to_cents(subsidy * Fraction(percentage) / FULL)


def tax_benefit_per_year(per_hour: int, most: int, hours: int) -> int:
    """LKV in cents: an amount per hour paid, up to a maximum a year."""
    return min(per_hour * hours * WEEKS_PER_YEAR, most)
