"""Dates and distances the way Dutch staff read them."""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import urlencode

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from topjob import clock
from topjob.entry import MONTHS, euro
from topjob.names import in_plain_text

register = template.Library()

WEEKDAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")


def _day(value: date | datetime) -> date:
    return clock.local(value) if isinstance(value, datetime) else value


@register.filter
def nl_date(value: date | datetime | None) -> str:
    """A date as "ma 3 nov 2026"; a dash when there is none."""
    if not value:
        return "–"
    day = _day(value)
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


@register.filter
def nl_moment(value: datetime | None) -> str:
    """A moment as "ma 3 nov 2026 14:02"."""
    if not value:
        return "–"
    return f"{nl_date(value)} {value.astimezone(clock.AMSTERDAM):%H:%M}"


register.filter("in_euro", euro)


@register.filter
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


@register.filter
def urgency(value: date | datetime | None) -> str:
    """CSS word for a deadline: laat, vandaag, week or later."""
    if not value:
        return "later"
    days = (_day(value) - clock.today()).days
    if days < 0:
        return "laat"
    if days == 0:
        return "vandaag"
    return "week" if days <= 7 else "later"


@register.filter
def days_since(value: date | datetime | None) -> int:
    """Whole days passed since a moment, as in "dagen in fase"."""
    return (clock.today() - _day(value)).days if value else 0


@register.filter
def plain(value: object) -> str:
    """A name for where no elements can stand, such as an attribute; held apart by signs where it needs that."""
    return str(str(value))


@register.simple_block_tag
def plain_text(content: str) -> str:
    """The same for a whole text with names in it, such as the title of a page."""
    return in_plain_text(content)


@register.simple_tag(takes_context=True)
def keep_query(context, **changes) -> str:
    """The present query string with these parameters changed, for links that keep filters."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        query[key] = value
    return "?" + urlencode([(key, item) for key, values in query.lists() for item in values])
