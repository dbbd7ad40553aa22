"""How long somebody under 18 may work (Arbeidstijdenwet, Nadere regeling kinderarbeid). Figures come from `accounts/law.py`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from accounts import law
from topjob.dates import nl_date
from topjob.errors import Reason

if TYPE_CHECKING:
    from trajectories.models import Trajectory

Key = law.Key
OUT_OF_CHILDHOOD = 16


def why_too_young(trajectory: Trajectory, day: date, hours_per_week: int) -> Reason | None:
    """Why somebody of this age can't start on a day for so many hours a week: work, a stage and volunteering alike.

    Times of the day, holidays and what school takes of the hours are for who plans the week.
    """
    if not trajectory.candidate.is_minor_on(day):
        return None
    age = trajectory.candidate.age_on(day)
    rows = law.settings_on(Key.WORK_FROM_AGE, Key.HOURS_UNDER_16, Key.HOURS_UNDER_18, on=day, client=trajectory.client)
    first = int(rows[Key.WORK_FROM_AGE].value)
    if age < first:
        text = _("Op %(day)s is deze persoon %(age)s jaar. Werken mag vanaf %(first)s jaar.")
        return Reason(text % {"day": nl_date(day), "age": age, "first": first})
    most = int(rows[Key.HOURS_UNDER_16 if age < OUT_OF_CHILDHOOD else Key.HOURS_UNDER_18].value)
    if hours_per_week <= most:
        return None
    text = _("Op deze leeftijd (%(age)s jaar) mag iemand ten hoogste %(most)s uur per week werken.")
    return Reason(text % {"age": age, "most": most})
