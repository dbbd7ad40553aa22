"""Dates of one person as a calendar: case numbers only, no names and nothing about health."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from icalendar import Calendar, Event

from accounts.models import Role, User
from topjob import clock, mail
from trajectories.models import Deadline, Trajectory
from trajectories.models.placement import at_work_with
from trajectories.pages.worklists import deadlines_of
from trajectories.timing.kinds import MONEY

Kind = Deadline.Kind
Date = tuple[Deadline, str, str]
ASK_AGAIN = timedelta(hours=4)
ONE_DAY = timedelta(days=1)
# How far back a calendar still shows what is open, and how much of it at most: a client asks for all of it each time.
MOST = 1000

# An arrangement for the employer says something about the person: the calendar only says that there is a day.
MONEY_WORDS = _("Regeling voor de werkgever")
YOUTH_WORDS: dict[str, Any] = {
    Kind.TRIAL_START: _("Je proefperiode begint"),
    Kind.MID_TERM: _("Gesprek over je proefperiode"),
    Kind.TRIAL_END: _("Laatste dag van je proefperiode"),
    Kind.CONTRACT_END: _("Laatste dag van je leerwerkcontract"),
    Kind.AGREEMENT_END: _("We bespreken hoe het verder gaat"),
    Kind.CHECK_IN: _("We vragen hoe het gaat op je plek"),
    Kind.AFTERCARE_END: _("Laatste dag van de nazorg"),
}
EMPLOYER_WORDS: dict[str, Any] = {
    Kind.TRIAL_START: _("Proefperiode begint"),
    Kind.MID_TERM: _("Tussengesprek over de proefperiode"),
    Kind.TRIAL_END: _("Laatste dag van de proefperiode"),
    Kind.CONTRACT_NOTICE: _("Uiterlijk aanzeggen: laat weten of het contract verder gaat"),
    Kind.CONTRACT_END: _("Laatste dag van het leerwerkcontract"),
    Kind.AGREEMENT_END: _("Bespreken of en hoe de overeenkomst verder gaat"),
}


def calendar_of(dates: list[Date]) -> bytes:
    """These dates as a calendar.

    The same dates give the same bytes, so that a client that asks again can be told that nothing changed.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Top Job//MaatwerQ//NL")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Top Job")
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT4H")
    for row, words, url in dates:
        calendar.add_component(_event(row, words, url))
    return calendar.to_ical()


def dates_of(user: User) -> list[Date]:
    """Every open date of this person: of the own work, the own journey, the people at the own company."""
    own = [
        (
            row,
            str(MONEY_WORDS if row.kind in MONEY else row.get_kind_display()),
            reverse("trajectories:detail", args=[row.trajectory_id]),
        )
        for row in deadlines_of(user)[:MOST]
    ]
    youth = _journey(Trajectory.objects.for_candidate(user), YOUTH_WORDS, "trajectories:my_case")
    employer = _journey(at_work_with(user), EMPLOYER_WORDS, "trajectories:portal_people")
    found = [
        *own,
        *(youth if user.has_role(Role.KANDIDAAT) else []),
        *(employer if user.has_role(Role.WERKGEVER) else []),
    ]
    return list({row.pk: (row, words, url) for row, words, url in found}.values())


def _journey(cases: QuerySet[Trajectory], words: dict[str, Any], page: str) -> list[Date]:
    rows = Deadline.objects.open().filter(Q(kind__in=words), trajectory__in=cases).select_related("trajectory")
    rows = rows.order_by("due_on", "pk")
    return [(row, str(words[row.kind]), reverse(page)) for row in rows[:MOST]]


def _event(row: Deadline, words: str, url: str) -> Event:
    """A whole day; a later mail client knows it again by its number."""
    event = Event()
    event.add("uid", f"termijn-{row.pk}@{settings.SITE_URL.partition('://')[2]}")
    event.add("dtstamp", row.created_at)
    event.add("dtstart", row.due_on)
    event.add("dtend", row.due_on + ONE_DAY)
    event.add("summary", f"{words} (traject {row.trajectory_id})")
    event.add("url", mail.absolute(url))
    event.add("transp", "TRANSPARENT")
    if row.due_on < clock.today():
        event.add("categories", ["te laat"])
    return event
