"""Leafing through what only grows, newest first: by number, so that no page counts or skips millions of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest


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
