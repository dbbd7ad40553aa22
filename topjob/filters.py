"""The filters above a list: one way for every list, on django-filter.

They live in the address, where anybody may write anything. A list declares a `ListFilter`: the boxes that stand above it, and how
each"""

from __future__ import annotations

from datetime import date, timedelta
from enum import Enum, auto
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, cast
from urllib.parse import urlencode

import django_filters
from django import forms
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Model, QuerySet
from django.db.models.expressions import OrderBy
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from topjob import clock
from topjob.dates import nl_date
from topjob.finding import SearchDay, SearchField
from topjob.picking import PickField

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django_stubs_ext import StrOrPromise

ANY = _l("alle")


class Wrong(Enum):
    """What a list does when a value in the address makes no sense."""

    # That value isn't used, the others are.
    LEFT_OUT = auto()
    # None is used: the list stands there as it comes.
    NONE_USED = auto()
    # No row is shown: a log never answers another question than the one that was asked.
    NOTHING_SHOWN = auto()


# Per page, by the name of its address, what is above its list.
PAGES: dict[str, type[ListFilter]] = {}


class ListFilter(django_filters.FilterSet):
    """Which rows of a list are shown. A search that is refused finds nobody, instead of everybody."""

    wrong = Wrong.LEFT_OUT
    # The page of this list, by the name of its address: filters above it can be kept.
    page: ClassVar[str] = ""
    # Per key the columns it sorts by; what has no value comes last, either way.
    orders: ClassVar[dict[str, tuple[str, ...]]] = {}
    # How the list stands when the address doesn't say it, or says something else.
    usual_order: ClassVar[str] = ""
    # What comes before any order.
    always_first: ClassVar[tuple[OrderBy, ...]] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "page" in cls.__dict__:
            PAGES[cls.page] = cls

    @classmethod
    def asked(cls, data: QueryDict, user: Any) -> ListFilter:
        """What this person asks of the list by this address, without its rows."""
        return cls(data, ContentType.objects.none())

    @property
    def to_keep(self) -> str:
        """What was chosen and makes sense, and the order, as an address holds it; never who was searched for."""
        names = [name for name in self.filters if name in self.chosen and name not in self.personal]
        picked = [f"{name}_keuze" for name in names if f"{name}_keuze" in self.data]
        kept = {name: self.data.getlist(name) for name in names + picked}
        if self.data.get("sort") == self.sort:
            kept["sort"] = [self.sort]
        return urlencode(kept, doseq=True)

    @property
    def in_words(self) -> str:
        """What was chosen, for whoever keeps it."""
        fields = self.form.fields
        return " · ".join(
            f"{fields[name].label}: {in_words(fields[name], value)}" for name, value in self.chosen.items()
        )

    @property
    def personal(self) -> set[str]:
        """What was chosen that says who it is about: a name, a birth date, a number."""
        return {name for name in self.chosen if getattr(self.filters[name], "is_personal", False)}

    @property
    def sort(self) -> str:
        """The order that was asked for: a key of `orders`, or -key."""
        asked = str(self.data.get("sort", "")) if self.data else ""
        return asked if asked.removeprefix("-") in self.orders else self.usually()

    def usually(self) -> str:
        """The order when none was asked for that makes sense."""
        return self.usual_order

    def on_page(self) -> dict[str, Any]:
        """What the template of every list takes: its boxes, and what it is sorted by."""
        return {"filter_form": self.form, "sort": self.sort}

    def sorted(self, rows: QuerySet) -> QuerySet:
        """The rows in the order that was asked for; rows alike in that by their number, so that no page repeats one."""
        key = self.sort.removeprefix("-")
        if not key:
            return rows
        asked = in_order(rows.model, self.orders[key], down=self.sort.startswith("-"))
        return rows.order_by(*self.always_first, *asked)

    @cached_property
    def chosen(self) -> dict[str, Any]:
        """What was chosen and makes sense."""
        if self.form.errors and self.wrong is not Wrong.LEFT_OUT:
            return {}
        return {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "", False)}

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        if self._finds_nothing():
            return queryset.none()
        for name, value in self.chosen.items():
            queryset = self.filters[name].filter(queryset, value)
        return self.sorted(queryset)

    def _finds_nothing(self) -> bool:
        refused = [name for name in self.form.errors if isinstance(self.form.fields.get(name), SearchField)]
        return bool(refused or (self.form.errors and self.wrong is Wrong.NOTHING_SHOWN))


def in_words(field: forms.Field, value: Any) -> str:
    """A value that was chosen, as somebody reads it."""
    if value is True:
        return _("ja")
    if isinstance(value, date):
        return nl_date(value)
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        return str(dict(cast("Iterable[tuple[str, str]]", field.choices)).get(value, value))
    return str(value)


def in_order(model: type[Model], columns: tuple[str, ...], *, down: bool = False) -> list[OrderBy]:
    """These columns up or down, what is empty last, then by number. What can't be empty says nothing of it: its index serves."""
    named = [_ordered(F(name), down, _may_be_empty(model, name)) for name in columns]
    return [*named, _ordered(F("pk"), down, False)]


def _ordered(column: F, down: bool, may_be_empty: bool) -> OrderBy:
    last = True if may_be_empty else None
    return column.desc(nulls_last=last) if down else column.asc(nulls_last=last)


def _may_be_empty(model: type[Model], path: str) -> bool:
    for name in path.split("__"):
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            return True
        if getattr(field, "null", False):
            return True
        if field.related_model is not None:
            model = field.related_model
    return False


class StretchForm(forms.Form):
    """From one day to another."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("date_from") and data.get("date_until") and data["date_until"] < data["date_from"]:
            self.add_error("date_until", _("Deze dag ligt vóór de eerste dag."))
        return data


# --- Kinds of filters ------------------------------------------------------------------------------------------------
class SearchFilter(django_filters.Filter):
    """A search box: the rows that their own `search` finds, or that belong to a row (`of`) which its `search` finds."""

    field_class = SearchField

    def __init__(self, *args: Any, of: str = "", is_personal: bool = True, **options: Any) -> None:
        self.of = of
        self.is_personal = is_personal
        super().__init__(*args, **options)

    def filter(self, qs: Any, value: str) -> QuerySet:
        if not self.of:
            return qs.search(value)
        found = qs.model._meta.get_field(self.of).related_model._default_manager.search(value)
        return qs.filter(**{f"{self.of}__in": found.order_by()})


class CodeFilter(django_filters.ModelChoiceFilter):
    """One of the rows of a table, which stands in the address by its code."""

    def __init__(
        self, field_name: str | None = None, *, label: StrOrPromise, queryset: QuerySet, **options: Any
    ) -> None:
        options = {"to_field_name": "code", "empty_label": ANY} | options
        super().__init__(field_name, label=label, queryset=queryset, **options)


class PickFilter(django_filters.Filter):
    """One row, picked by typing its name."""

    field_class = PickField


class FlagFilter(django_filters.Filter):
    """Only the rows of which something is true."""

    field_class = forms.BooleanField


class NumberFilter(django_filters.Filter):
    """A whole number."""

    field_class = forms.IntegerField


class IdFilter(NumberFilter):
    """The number by which a person or a case is known."""

    is_personal = True

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **({"min_value": 1, "max_value": 2**62} | options))


class FromDay(django_filters.Filter):
    """What happened on this day or later."""

    field_class = SearchDay

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        return qs.filter(**{f"{self.field_name}__gte": clock.start_of(value)})


class UntilDay(django_filters.Filter):
    """What happened on this day or before."""

    field_class: type[forms.DateField] = SearchDay

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        return qs.filter(**{f"{self.field_name}__lt": clock.start_of(value + timedelta(days=1))})
