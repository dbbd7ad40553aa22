"""Work that follows a change, by outbox message."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _lazy

from matching import fairness, tips
from topjob import clock
from topjob.outbox import handler


@handler("vacancy_changed", label=_lazy("Matches van een vacature bijwerken"))
def vacancy_changed(vacancy: int) -> None:
    """Tell the werkmakelaar about people who fit a new or changed vacancy, each pair once."""
    tips.for_vacancy(vacancy)


@handler("profile_changed", label=_lazy("Matches van een kandidaat bijwerken"))
def profile_changed(profile: int) -> None:
    """Tell the werkmakelaar about vacancies that fit a new or changed zoekprofiel, each pair once."""
    tips.for_profile(profile)


@handler("match_audit", label=_lazy("Gelijke kansen narekenen"))
def match_audit() -> None:
    """Check on equal chances, asked for by the beheerder."""
    fairness.run(clock.today())
