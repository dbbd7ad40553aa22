"""Days and distances the way Dutch people read them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from topjob import clock
from topjob.entry import MONTHS

WEEKDAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")

# Of any two days that begin and end something.
END_BEFORE_BEGIN = gettext_lazy("De einddatum ligt vóór de begindatum.")


def _day(value: date | datetime) -> date:
    return clock.local(value) if isinstance(value, datetime) else value


def nl_date(value: date | datetime | None) -> str:
    """A date as "ma 3 nov 2026"; a dash when there is none."""
    if not value:
        return "–"
    day = _day(value)
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def nl_moment(value: datetime | None) -> str:
    """A moment as "ma 3 nov 2026 14:02"."""
    if not value:
        return "–"
    return f"{nl_date(value)} {value.astimezone(clock.AMSTERDAM):%H:%M}"


def distance(value: date | datetime | None) -> str:
    """How far away a deadline is: "over 5 dagen", "vandaag", "3 dagen te laat"."""
    if not value:
        return ""
    days = (_day(value) - clock.today()).days
    if days == 0:
        return _("vandaag")
    if days < 0:
        return ngettext("%(n)s dag te laat", "%(n)s dagen te laat", -days) % {"n": -days}
    return ngettext("over %(n)s dag", "over %(n)s dagen", days) % {"n": days}


def why_not_yet(day: date | datetime, words: str = "") -> str:
    """Why something can't have happened on this day, in these words: it still has to come. Empty when it can."""
    return (words or _("De datum ligt in de toekomst.")) if _day(day) > clock.today() else ""


def why_passed(day: date) -> str:
    """Why something can't be planned on this day: it was; empty when it can."""
    return _("Kies vandaag of een latere dag.") if day < clock.today() else ""


def why_backwards(first: date, last: date) -> str:
    """Why these can't be the first and the last day of something; empty when they can."""
    return _("De laatste dag ligt vóór de eerste.") if last < first else ""


def this_week() -> list[date]:
    """The days of the calendar week that today is in, from Monday: what "deze week" means wherever it is said."""
    today = clock.today()
    return [today + timedelta(days=n - today.weekday()) for n in range(7)]


def urgency(value: date | datetime | None) -> str:
    """CSS word for a deadline: laat, vandaag, week (later this week) or later."""
    if not value:
        return "later"
    day, today = _day(value), clock.today()
    if day <= today:
        return "laat" if day < today else "vandaag"
    return "week" if day <= this_week()[-1] else "later"


def days_since(value: date | datetime | None) -> int:
    """Whole days passed since a moment, as in "dagen in fase"."""
    return (clock.today() - _day(value)).days if value else 0
