"""Days, moments and numbers in every form, read as the Dutch write them and shown the same in every browser.

A browser's own field for a date or a number follows the language of the browser: the same keys give 5 June or 6 May, "1250,50"
becomes 125050 or nothing. So they are text fields that read what people write; a calendar beside a day only fills it in
(`static/js/entry.js`). Done with Django's own fields and not in each form: a form of a model makes its fields itself, and a form
that is written tomorrow can't forget it.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from topjob import clock
from topjob.money import dutch
from topjob.text import fold

MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
# Other ways to begin a month's name.
OTHERWISE = {"maa": 3, "mar": 3, "may": 5, "oct": 10}
WEEKDAYS = re.compile(r"^(ma|di|wo|do|vr|za|zo)([a-z]*dag)?\b\.?,?\s*", re.IGNORECASE)
YEAR_FIRST = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})")
DAY_FIRST = re.compile(r"(\d{1,2})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{4}|\d{2})")
MONTH_NAMED = re.compile(r"(\d{1,2})\s*[-/. ]?\s*([^\W\d_]{3,9})\.?\s*[-/. ]?\s*(\d{4}|\d{2})")
DIGITS_ONLY = re.compile(r"(\d{2})(\d{2})(\d{4})")
HOUR = re.compile(r"[T,\s]+(?:om\s+)?(\d{1,2})(?:[:.](\d{2}))?(?::\d{2})?\s*(?:u|uur)?$", re.IGNORECASE)
# Two figures of a year mean this century up to so many years ahead, and the last one beyond.
YEARS_AHEAD = 10
THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+")
NO_DAY = _("Vul een geldige datum in, zoals 6-5-2004 of 6 mei 2004.")
NO_MOMENT = _("Vul een datum en een tijd in, zoals 6-5-2026 14:30.")


# --- Reading ---------------------------------------------------------------------------------------------------------
def read_day(text: str) -> date:
    """A day as people write it: 6-5-04, 6 mei 2004, 6.5.2004, 06052004, 2004-05-06. Day before month, always.

    Raises ValueError for what is no day. Two figures for the year: 04 is 2004, 98 is 1998.
    """
    text = WEEKDAYS.sub("", text.strip())
    if found := YEAR_FIRST.fullmatch(text):
        year, month, day = map(int, found.groups())
        return date(year, month, day)
    if found := DAY_FIRST.fullmatch(text) or DIGITS_ONLY.fullmatch(text):
        return date(_year(found[3]), int(found[2]), int(found[1]))
    if found := MONTH_NAMED.fullmatch(text):
        return date(_year(found[3]), _month(found[2]), int(found[1]))
    raise ValueError(text)


def _year(written: str) -> int:
    if len(written) == 4:
        return int(written)
    now = clock.today().year
    year = now - now % 100 + int(written)
    return year if year <= now + YEARS_AHEAD else year - 100


def _month(name: str) -> int:
    start = fold(name)[:3]
    if start in MONTHS:
        return MONTHS.index(start) + 1
    if start in OTHERWISE:
        return OTHERWISE[start]
    raise ValueError(name)


def read_moment(text: str) -> datetime:
    """A day with a time in the Netherlands: 6-5-2026 14:30, 6 mei 2026 9.00 uur, 2026-05-06T14:30. Raises ValueError."""
    found = HOUR.search(text.strip())
    if found is None:
        raise ValueError(text)
    day = read_day(text.strip()[: found.start()])
    return datetime.combine(day, time(int(found[1]), int(found[2] or 0)))


def read_number(text: str) -> str:
    """A number as Python reads it, from € 1.250,50, 1250.50, 1 250,50, 0,8 or 40%; what is no number stays as it was.

    One point before three figures at the end separates thousands, as it does in Dutch: 1.250 is twelve hundred and fifty.
    """
    plain = re.sub(r"[€%]|\beuro?\b", " ", text, flags=re.IGNORECASE).replace("−", "-").strip().removesuffix(",-")
    plain = re.sub(r"(?<=\d)\s(?=\d{3}\b)|(?<=[+-])\s", "", plain)
    if "," in plain and "." in plain and plain.rindex(".") > plain.rindex(","):
        return plain.replace(",", "")
    if "," in plain or THOUSANDS.fullmatch(plain):
        return plain.replace(".", "").replace(",", ".")
    return plain


# --- Showing ---------------------------------------------------------------------------------------------------------


class DayInput(forms.DateInput):
    """A day as text, with a calendar beside it where there is JavaScript."""

    def __init__(self, attrs: dict[str, Any] | None = None, format: str | None = None) -> None:
        super().__init__({"data-day": "dag", "data-check": "dag", "autocomplete": "off", **(attrs or {})}, "%d-%m-%Y")


class MomentInput(forms.DateTimeInput):
    """A day with a time as text, with the same calendar."""

    def __init__(self, attrs: dict[str, Any] | None = None, format: str | None = None) -> None:
        super().__init__(
            {"data-day": "moment", "data-check": "moment", "autocomplete": "off", **(attrs or {})}, "%d-%m-%Y %H:%M"
        )


class NumberBox(forms.TextInput):
    """A number as text, with the keyboard of figures on a phone."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", "data-number": True, **(attrs or {})})


# --- Django's own fields -----------------------------------------------------------------------------------------------
def _day_to_python(field: forms.DateField, value: Any) -> date | None:
    if value in field.empty_values:
        return None
    if isinstance(value, (date, datetime)):
        return clock.local(value) if isinstance(value, datetime) else value
    try:
        return read_day(str(value))
    except ValueError:
        raise ValidationError(field.error_messages["invalid"], code="invalid") from None


def _moment_to_python(field: forms.DateTimeField, value: Any) -> datetime | None:
    from django.forms.utils import from_current_timezone

    if value in field.empty_values:
        return None
    if isinstance(value, datetime):
        return value if value.tzinfo else from_current_timezone(value)
    try:
        return from_current_timezone(read_moment(str(value)))
    except ValueError:
        raise ValidationError(field.error_messages["invalid"], code="invalid") from None


def _reading_numbers(kind: type[forms.IntegerField]) -> Any:
    as_django_does = kind.to_python

    def to_python(field: forms.IntegerField, value: Any) -> Any:
        return as_django_does(field, read_number(value) if isinstance(value, str) else value)

    return to_python


def _limits(field: forms.IntegerField, widget: forms.Widget) -> dict[str, Any]:
    """The lowest and highest, for a word at the field when it is left."""
    limits = {"data-min": field.min_value, "data-max": field.max_value}
    return {name: limit for name, limit in limits.items() if limit is not None and isinstance(widget, NumberBox)}


def _shown_decimal(field: forms.DecimalField, value: Any) -> Any:
    return dutch(value) if isinstance(value, Decimal) else value


def _checked_as_phone(field: PhoneNumberField, widget: forms.Widget) -> dict[str, Any]:
    """Looked at when it is left (topjob.forms.CHECKED), in a model's form too."""
    return {**forms.CharField.widget_attrs(field, widget), "data-check": "telefoon"}


def fields_read_dutch() -> None:
    """From now on every day, moment and number of every form is read and shown in the one way of this module."""
    PhoneNumberField.widget_attrs = _checked_as_phone
    forms.DateField.widget = DayInput
    forms.DateField.to_python = _day_to_python  # type: ignore[method-assign,assignment]
    forms.DateField.default_error_messages = {"invalid": NO_DAY}
    forms.DateTimeField.widget = MomentInput
    forms.DateTimeField.to_python = _moment_to_python  # type: ignore[method-assign,assignment]
    forms.DateTimeField.default_error_messages = {"invalid": NO_MOMENT}
    for kind in (forms.IntegerField, forms.DecimalField):
        kind.widget = NumberBox
        kind.to_python = _reading_numbers(kind)  # type: ignore[method-assign]
        kind.widget_attrs = _limits  # type: ignore[method-assign,assignment]
    forms.DecimalField.prepare_value = _shown_decimal  # type: ignore[method-assign,assignment]
