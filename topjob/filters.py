"""The filters above a list: one way for every list, on django-filter.

They live in the address, where anybody may write anything. A list declares a `ListFilter`: the boxes that stand above it, and how
each narrows the rows. The view gives it `request.GET` and the rows, and takes `.qs` and `.form`.
"""

from __future__ import annotations

from datetime import timedelta
from enum import Enum, auto
from functools import cached_property
from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from topjob import clock
from topjob.finding import SearchDay, SearchField
from topjob.picking import PickField

if TYPE_CHECKING:
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


class ListFilter(django_filters.FilterSet):
    """Which rows of a list are shown. A search that is refused finds nobody, instead of everybody."""

    wrong = Wrong.LEFT_OUT

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
        return queryset

    def _finds_nothing(self) -> bool:
        refused = [name for name in self.form.errors if isinstance(self.form.fields.get(name), SearchField)]
        return bool(refused or (self.form.errors and self.wrong is Wrong.NOTHING_SHOWN))


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

    def __init__(self, *args: Any, of: str = "", **options: Any) -> None:
        self.of = of
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
