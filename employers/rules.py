"""Facts and guards of employers and vacancies: pure functions that answer nothing or a reason in Dutch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from employers.models import Employer, IntakeDate, LearnWorkProject, Vacancy
from topjob.errors import Reason


def seats_can_become(vacancy: Vacancy, seats: int) -> Reason | None:
    """R13: a vacancy can't have fewer seats than are in use."""
    used = vacancy.seats_in_use
    if seats >= used:
        return None
    text = ngettext(
        "Er is %(used)s plaats bezet. Het aantal plaatsen kan niet lager zijn.",
        "Er zijn %(used)s plaatsen bezet. Het aantal plaatsen kan niet lager zijn.",
        used,
    )
    return Reason(text % {"used": used})


def group_can_become(now_in: int, size: int | None) -> Reason | None:
    """R13: a group isn't made smaller than the people who are in it now; whoever left doesn't count."""
    if size is None or size >= now_in:
        return None
    return Reason(_("Er zitten %(count)s deelnemers in deze groep.") % {"count": now_in})


# As many as matching looks at; half-yearly intakes (stream 1) then reach two years ahead.
MOST_UPCOMING_INTAKES = 4


def intake_can_be_added(project: LearnWorkProject, on: date, today: date) -> Reason | None:
    """A project has at most four intake dates ahead, so that matching can count every one of them."""
    ahead = IntakeDate.objects.filter(project=project, on__gte=today).count()
    if on < today or ahead < MOST_UPCOMING_INTAKES:
        return None
    text = _(
        "Er staan al %(count)s instroomdata in de toekomst. Meer kan niet: het matchen telt er %(count)s. "
        "Haal er eerst een weg, of voeg deze later toe."
    )
    return Reason(text % {"count": ahead})


def publish_blockers(vacancy: Vacancy, today: date, *, edit_page: str = "employers:vacancy_edit") -> list[Reason]:
    """What keeps a vacancy from being open to candidates; `edit_page` is where this person puts it right."""
    found = []
    if vacancy.is_open:
        found.append(Reason(_("Deze vacature staat al open.")))
    if not vacancy.employer.organisation.is_active:
        found.append(Reason(_("Dit bedrijf is niet meer actief.")))
    if vacancy.closes_on and vacancy.closes_on < today:
        found.append(Reason(_("De sluitingsdatum is voorbij. Kies een nieuwe datum."), edit_page, vacancy.pk))
    if vacancy.ends_on and vacancy.ends_on < today:
        found.append(Reason(_("De einddatum is voorbij. Kies een nieuwe datum."), edit_page, vacancy.pk))
    return found


@dataclass(frozen=True)
class Quota:
    """How the quota for people with a work handicap stands for a company (§4.4)."""

    text: str
    applies: bool


def quota_of(employer: Employer, *, is_active: bool, exempt_below: int) -> Quota:
    """Whether the quota binds this company: only when the law is active and the company isn't too small."""
    if employer.employees is None:
        return Quota(_("Vul het aantal medewerkers in. Dan is te zien of het quotum geldt."), applies=False)
    if employer.employees < exempt_below:
        return Quota(_("Vrijgesteld: minder dan %(count)s medewerkers.") % {"count": exempt_below}, applies=False)
    if not is_active:
        return Quota(_("Het quotum staat nu uit in de wet. Er is nu geen boete."), applies=False)
    return Quota(_("Het quotum geldt voor dit bedrijf."), applies=True)
