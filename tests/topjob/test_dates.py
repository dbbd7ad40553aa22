"""Days the way they are read: what "deze week" is, said once for all pages."""

from __future__ import annotations

from datetime import date

import pytest

from topjob import clock
from topjob.dates import this_week, urgency


@pytest.mark.parametrize(
    ("today", "day", "says"),
    [
        ((2026, 3, 4), (2026, 3, 3), "laat"),
        ((2026, 3, 4), (2026, 3, 4), "vandaag"),
        ((2026, 3, 4), (2026, 3, 8), "week"),
        ((2026, 3, 4), (2026, 3, 9), "later"),  # five days on, but next week
        ((2026, 3, 2), (2026, 3, 8), "week"),
        ((2026, 3, 8), (2026, 3, 9), "later"),  # on a Sunday nothing is left of the week
    ],
)
def test_this_week_ends_on_sunday(today, day, says: str) -> None:
    with clock.at(date(*today)):
        assert urgency(date(*day)) == says
        assert (date(*day) in this_week()) == (says in ("week", "vandaag") or (says == "laat" and day[2] > 1))


def test_it_begins_on_monday() -> None:
    with clock.at(date(2026, 3, 8)):
        assert [this_week()[0], this_week()[-1]] == [date(2026, 3, 2), date(2026, 3, 8)]
