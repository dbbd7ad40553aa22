"""Leafing: through a list by page, through what only grows by number; neither counts or skips more rows than it shows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.translation import gettext as _

# How far the rows of a list are counted: that there are more says enough. And a page that no list has.
COUNTED_TO, NO_PAGE = 1000, 10**9


def in_words(count: int) -> str:
    """A number of rows that was counted until one beyond `COUNTED_TO`."""
    most = number_format(COUNTED_TO, force_grouping=True)
    return _("meer dan %(n)s") % {"n": most} if count > COUNTED_TO else str(count)


def in_short(count: int) -> str:
    """The same where there is room for a number only."""
    return f"{number_format(COUNTED_TO, force_grouping=True)}+" if count > COUNTED_TO else str(count)


class Pages(Paginator):
    """The pages of a list, however long it is.

    Of a long list (`is_long`) it isn't known how many pages there are. Whoever leafs on gets there: whether a page follows is
    read with the rows of the one that is asked for.
    """

    @cached_property
    def count(self) -> int:
        """How many rows there are, or one more than are counted."""
        rows = self.object_list
        return rows.order_by()[: COUNTED_TO + 1].count() if isinstance(rows, QuerySet) else len(rows)

    @property
    def is_long(self) -> bool:
        return isinstance(self.object_list, QuerySet) and self.count > COUNTED_TO

    @property
    def total(self) -> str:
        """How many there are, as a page says it."""
        return in_words(self.count) if self.is_long else str(self.count)

    def page(self, number: int | str) -> Page:
        """Raises `InvalidPage` for a page that isn't there; `get_page` takes another then."""
        if not self.is_long:
            return super().page(number)
        number = self._whole(number)
        first = (number - 1) * self.per_page
        rows = list(self.object_list[first : first + self.per_page + 1])
        if not rows:
            raise EmptyPage
        self.num_pages = max(self.num_pages, number + (len(rows) > self.per_page))
        return _PageOfLongList(rows[: self.per_page], number, self)

    def _whole(self, number: int | str) -> int:
        try:
            return self.validate_number(number)
        except EmptyPage:
            if 0 < int(number) < NO_PAGE:
                return int(number)
            raise


class _PageOfLongList(Page):
    def end_index(self) -> int:
        """The last one isn't known by the count."""
        return self.start_index() + len(self.object_list) - 1


@dataclass(frozen=True)
class Leaf:
    """Some rows, and from which number the next ones are older; nothing when these are the last."""

    rows: list[Any]
    older: int | None
    is_first: bool


def newest_first(rows: QuerySet[Any], request: HttpRequest, size: int, *, few: bool = False) -> Leaf:
    """The newest rows, or those before the number in the address (`?voor=`); a strange number is the beginning.

    `few` of all rows fit: they are looked up and sorted, for leafing back until enough fit could take all of millions.
    """
    before = request.GET.get("voor", "")
    is_number = before.isascii() and before.isdigit() and len(before) < 18
    asked = rows.filter(pk__lt=int(before)) if is_number else rows
    found = list(asked.order_by((F("pk") + 0).desc() if few else F("pk").desc())[: size + 1])
    older = found[size - 1].pk if len(found) > size else None
    return Leaf(found[:size], older, not is_number)
