"""Looking up which value of a rule holds on a day, for a client."""

from __future__ import annotations

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


def number(key: str, *, on: date, client: Organisation | None = None) -> int:
    """The value as a whole number (months, days, percent)."""
    return int(setting(key, on=on, client=client).value)


def word(key: str, *, on: date, client: Organisation | None = None) -> str:
    """The value as a word, such as "blokkeren" or "waarschuwen"."""
    return setting(key, on=on, client=client).value


def is_on(key: str, *, on: date, client: Organisation | None = None) -> bool:
    """Whether a yes/no rule says yes ("ja")."""
    return setting(key, on=on, client=client).value == "ja"
