"""Looking up which value of a rule holds on a day, for a client."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import F, Q

from accounts.models import LawSetting, Organisation

Key = LawSetting.Key


def setting(key: str, *, on: date, client: Organisation | None = None) -> LawSetting:
    """The row that holds on this day: the client's own if there is one, else the general one; the latest valid-from wins.

    Raises `LawSetting.DoesNotExist` when no value holds yet on that day.
    """
    return settings_on(key, on=on, client=client)[key]


def settings_on(*keys: str, on: date, client: Organisation | None = None) -> dict[str, LawSetting]:
    """The rows that hold on this day for several rules, in one query."""
    rows = LawSetting.objects.filter(Q(client=None) | Q(client=client), key__in=keys, valid_from__lte=on)
    # The last one of a key wins: general before the client's own, early before late.
    found = {row.key: row for row in rows.order_by(F("client").asc(nulls_first=True), "valid_from")}
    if missing := [key for key in keys if key not in found]:
        raise LawSetting.DoesNotExist(f"{', '.join(missing)} on {on}")
    return found


class Versions:
    """Every value of some rules for one client, to ask for any day without asking the database again."""

    def __init__(self, rows: Iterable[LawSetting]) -> None:
        self._rows: dict[str, list[LawSetting]] = {}
        for row in rows:
            self._rows.setdefault(row.key, []).append(row)

    def at(self, key: str, day: date) -> LawSetting:
        """The row that holds on this day, as `setting` would find it."""
        held = [row for row in self._rows.get(key, []) if row.valid_from <= day]
        if not held:
            raise LawSetting.DoesNotExist(f"{key} on {day}")
        return held[-1]


def versions(*keys: str, client: Organisation | None = None) -> Versions:
    """All values of several rules, general and the client's own, in one query."""
    rows = LawSetting.objects.filter(Q(client=None) | Q(client=client), key__in=keys)
    return Versions(rows.order_by(F("client").asc(nulls_first=True), "valid_from"))


def number(key: str, *, on: date, client: Organisation | None = None) -> int:
    """The value as a whole number (months, days, percent)."""
    return int(setting(key, on=on, client=client).value)


def word(key: str, *, on: date, client: Organisation | None = None) -> str:
    """The value as a word, such as "blokkeren" or "waarschuwen"."""
    return setting(key, on=on, client=client).value


def is_on(key: str, *, on: date, client: Organisation | None = None) -> bool:
    """Whether a yes/no rule says yes ("ja")."""
    return setting(key, on=on, client=client).value == "ja"
