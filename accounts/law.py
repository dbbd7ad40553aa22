"""Looking up which value of a rule holds on a day, for a client."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Q

from accounts.models import LawSetting, Organisation

Key = LawSetting.Key


def setting(key: str, *, on: date, client: Organisation | None = None) -> LawSetting:
    """The row that holds on this day: the client's own if there is one, else the general one; the latest wins.

    Raises `LawSetting.DoesNotExist` when no value holds yet on that day.
    """
    rows = LawSetting.objects.filter(Q(client=None) | Q(client=client), key=key, valid_from__lte=on)
    row = rows.order_by(F("client").asc(nulls_last=True), "-valid_from").first()
    if row is None:
        raise LawSetting.DoesNotExist(f"{key} on {on}")
    return row


def number(key: str, *, on: date, client: Organisation | None = None) -> int:
    """The value as a whole number (months, days, percent)."""
    return int(setting(key, on=on, client=client).value)


def word(key: str, *, on: date, client: Organisation | None = None) -> str:
    """The value as a word, such as "blokkeren" or "waarschuwen"."""
    return setting(key, on=on, client=client).value


def is_on(key: str, *, on: date, client: Organisation | None = None) -> bool:
    """Whether a yes/no rule says yes ("ja")."""
    return setting(key, on=on, client=client).value == "ja"
