"""The rules about dates once more, from docs/domain.md and decision 9 alone: days and months counted on one's fingers.

No date library and nothing of the product: a day is (year, month, day) or the number of days since 1 January of the year 1.
"""

from __future__ import annotations

Day = tuple[int, int, int]
LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def leap(year: int) -> bool:
    return year % 400 == 0 or (year % 4 == 0 and year % 100 != 0)


def days_in(year: int, month: int) -> int:
    return 29 if month == 2 and leap(year) else LENGTHS[month - 1]


def number(day: Day) -> int:
    """Days since 1-1-1, which is number 1."""
    year, month, of_month = day
    before = year - 1
    days = before * 365 + before // 4 - before // 100 + before // 400
    return days + sum(days_in(year, earlier) for earlier in range(1, month)) + of_month


def next_day(day: Day) -> Day:
    year, month, of_month = day
    if of_month < days_in(year, month):
        return year, month, of_month + 1
    return (year, month + 1, 1) if month < 12 else (year + 1, 1, 1)


def day_before(day: Day) -> Day:
    year, month, of_month = day
    if of_month > 1:
        return year, month, of_month - 1
    return (year, month - 1, days_in(year, month - 1)) if month > 1 else (year - 1, 12, 31)


def in_months(day: Day, months: int) -> tuple[int, int]:
    """Year and month so many months later (or earlier), counted one by one."""
    year, month = day[0], day[1]
    for _ in range(abs(months)):
        if months > 0:
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        else:
            year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return year, month


def last_day(start: Day, months: int) -> Day:
    """R6: the day before the same day of that month, or that month's last day where it has no such day."""
    year, month = in_months(start, months)
    if start[2] > days_in(year, month):
        return year, month, days_in(year, month)
    return day_before((year, month, start[2]))


def same_day(day: Day, months: int) -> Day:
    """The same day so many months later or earlier; a month that has no such day gives its last one."""
    year, month = in_months(day, months)
    return year, month, min(day[2], days_in(year, month))


def age(born: Day, on: Day) -> int:
    """Birthdays passed; whoever was born on 29 February has it on 1 March in a year without one."""
    years = 0
    while True:
        year = born[0] + years + 1
        birthday = (year, born[1], born[2])
        if born[1:] == (2, 29) and not leap(year):
            birthday = (year, 3, 1)
        if birthday > on:
            return years
        years += 1


def length_allowed(start: Day, end: Day, shortest: int, longest: int) -> bool:
    """R9: at least and at most so many months, both counted from the first day."""
    return last_day(start, shortest) <= end <= last_day(start, longest)


def last_sunday(year: int, month: int) -> int:
    """1-1-1 was a Monday, so Sundays are the multiples of seven."""
    return number((year, month, days_in(year, month))) // 7 * 7


def hours_ahead(day_number: int, hour: int, year: int) -> int:
    """Dutch clocks against universal time: two hours from the last Sunday of March to that of October, at 1:00; else one."""
    summer = (last_sunday(year, 3), 1) <= (day_number, hour) < (last_sunday(year, 10), 1)
    return 2 if summer else 1


def dutch_day(day: Day, hour: int) -> Day:
    """The Dutch calendar day of a whole hour in universal time."""
    return next_day(day) if hour + hours_ahead(number(day), hour, day[0]) >= 24 else day


def end_of_dutch_day(day: Day) -> tuple[Day, int]:
    """The universal day and hour at which a Dutch day is over. The clock changes at night, so midnight is certain."""
    # At midnight the clock still shows what it showed at 22:00 universal time of this day.
    return day, 24 - hours_ahead(number(day), 22, day[0])
