"""Looking up which value of a rule holds on a day, for a client."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date

from django.db.models import F, Q, QuerySet

from accounts.models import LawSetting, Organisation

Key = LawSetting.Key

_remembered: ContextVar[list[LawSetting] | None] = ContextVar("law_remembered", default=None)


@contextmanager
def remembered() -> Iterator[None]:
    """Within this block the rules are read once: for one transaction of bulk work that changes none of them."""
    token = _remembered.set(list(_in_order(LawSetting.objects.all())))
    try:
        yield
    finally:
        _remembered.reset(token)


def _rows(keys: Iterable[str], client: Organisation | None, until: date = date.max) -> list[LawSetting]:
    """The values of these rules up to a day, general and the client's own; the last one of a key wins: general before the
    client's own, early before late.
    """
    kept = _remembered.get()
    if kept is None:
        rows = LawSetting.objects.filter(Q(client=None) | Q(client=client), key__in=keys, valid_from__lte=until)
        return list(_in_order(rows))
    wanted, clients = set(keys), {None, client.pk if client else None}
    return [row for row in kept if row.key in wanted and row.client_id in clients and row.valid_from <= until]


def _in_order(rows: QuerySet[LawSetting]) -> QuerySet[LawSetting]:
    return rows.order_by(F("client").asc(nulls_first=True), "valid_from")


def setting(key: str, *, on: date, client: Organisation | None = None) -> LawSetting:
    """The row that holds on this day: the client's own if there is one, else the general one; the latest valid-from wins.

    Raises `LawSetting.DoesNotExist` when no value holds yet on that day.
    """
    return settings_on(key, on=on, client=client)[key]


def settings_on(*keys: str, on: date, client: Organisation | None = None) -> dict[str, LawSetting]:
    """The rows that hold on this day for several rules, in one query."""
    found = held(*keys, on=on, client=client)
    if missing := [key for key in keys if key not in found]:
        raise LawSetting.DoesNotExist(f"{', '.join(missing)} on {on}")
    return found


class Versions:
    """Every value of some rules for one client, to ask for any day without asking the database again."""

    def __init__(self, rows: Iterable[LawSetting]) -> None:
        self._rows: dict[str, list[LawSetting]] = {}
        for row in rows:
            self._rows.setdefault(row.key, []).append(row)

    def of(self, key: str) -> list[LawSetting]:
        """Every value of a rule."""
        return self._rows.get(key, [])

    def at(self, key: str, day: date) -> LawSetting:
        """The row that holds on this day, as `setting` would find it."""
        held = [row for row in self._rows.get(key, []) if row.valid_from <= day]
        if not held:
            raise LawSetting.DoesNotExist(f"{key} on {day}")
        return held[-1]


def held(*keys: str, on: date, client: Organisation | None = None) -> dict[str, LawSetting]:
    """The rows that hold on this day for those of the rules that have a value by then, in one query."""
    return {row.key: row for row in _rows(keys, client, on)}


def versions(*keys: str, client: Organisation | None = None) -> Versions:
    """All values of several rules, general and the client's own, in one query."""
    return Versions(_rows(keys, client))


def number(key: str, *, on: date, client: Organisation | None = None) -> int:
    """The value as a whole number (months, days, percent)."""
    return int(setting(key, on=on, client=client).value)


def word(key: str, *, on: date, client: Organisation | None = None) -> str:
    """The value as a word, such as "blokkeren" or "waarschuwen"."""
    return setting(key, on=on, client=client).value


def is_on(key: str, *, on: date, client: Organisation | None = None) -> bool:
    """Whether a yes/no rule says yes ("ja")."""
    return setting(key, on=on, client=client).value == "ja"
