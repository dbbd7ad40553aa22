"""A trial may begin on a day off; it is said beside the day, and nothing is refused. Days looked up in a calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from demo.walk import Walk
from tests.trajectories.conftest import START
from tests.trajectories.portals import browser_of, employer_of, on, page
from trajectories import actions
from trajectories.process.periods import day_off, day_off_notice

DAYS = [
    (date(2026, 1, 1), "Nieuwjaarsdag"),
    (date(2026, 4, 3), "Goede Vrijdag"),
    (date(2026, 4, 5), "Eerste Paasdag"),
    (date(2026, 4, 6), "Tweede Paasdag"),
    (date(2026, 4, 27), "Koningsdag"),
    (date(2025, 4, 26), "Koningsdag"),  # the 27th was a Sunday
    (date(2025, 4, 27), "zondag"),
    (date(2026, 5, 5), "Bevrijdingsdag"),
    (date(2026, 5, 14), "Hemelvaartsdag"),
    (date(2027, 5, 6), "Hemelvaartsdag"),
    (date(2026, 5, 24), "Eerste Pinksterdag"),
    (date(2026, 5, 25), "Tweede Pinksterdag"),
    (date(2027, 5, 17), "Tweede Pinksterdag"),
    (date(2026, 12, 25), "Eerste Kerstdag"),
    (date(2026, 12, 26), "Tweede Kerstdag"),
    (date(2026, 12, 12), "zaterdag"),
    (date(2026, 12, 13), "zondag"),
    (date(2026, 12, 14), ""),
    (date(2026, 4, 2), ""),
    (date(2026, 12, 24), ""),
    (date(2028, 2, 29), ""),
]
# Per year, written out by hand: Easter Sunday, the King's day, Ascension day, Whit Sunday (month, day).
MOVING = {
    2024: ((3, 31), (4, 27), (5, 9), (5, 19)),
    2025: ((4, 20), (4, 26), (5, 29), (6, 8)),
    2026: ((4, 5), (4, 27), (5, 14), (5, 24)),
    2027: ((3, 28), (4, 27), (5, 6), (5, 16)),
    2028: ((4, 16), (4, 27), (5, 25), (6, 4)),
    2029: ((4, 1), (4, 27), (5, 10), (5, 20)),
    2030: ((4, 21), (4, 27), (5, 30), (6, 9)),
    2031: ((4, 13), (4, 26), (5, 22), (6, 1)),
    2032: ((3, 28), (4, 27), (5, 6), (5, 16)),
    2033: ((4, 17), (4, 27), (5, 26), (6, 5)),
    2034: ((4, 9), (4, 27), (5, 18), (5, 28)),
    2035: ((3, 25), (4, 27), (5, 3), (5, 13)),
}
NOTICE = "Op deze dag werken de meeste mensen niet"


@pytest.mark.parametrize("year", MOVING)
def test_the_days_of_a_year_are_all_of_them_and_no_others(year: int) -> None:
    """All of them and no others; 5 May every year, not only once in five years as many agreements on work have it."""
    easter, king, ascension, whit = (date(year, *day) for day in MOVING[year])
    fixed = {date(year, 1, 1), date(year, 5, 5), date(year, 12, 25), date(year, 12, 26), king, ascension}
    day = timedelta(days=1)
    wanted = fixed | {easter - 2 * day, easter, easter + day, whit, whit + day}
    whole = (date(year, 1, 1) + n * day for n in range(366))
    assert {d for d in whole if d.year == year and day_off(d) not in ("", "zaterdag", "zondag")} == wanted


@pytest.mark.parametrize(("day", "name"), DAYS)
def test_days_off(day: date, name: str) -> None:
    assert day_off(day) == name
    assert (name in day_off_notice(day)) if name else day_off_notice(day) == ""


def test_without_a_day_nothing_is_said() -> None:
    assert day_off_notice(None) == ""


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(("day", "said"), [(date(2026, 2, 7), "(zaterdag)"), (date(2026, 2, 9), "")])
def test_beside_the_start_of_the_plan_and_before_it_is_sent(
    planning: Walk, client: Client, day: date, said: str
) -> None:
    walk = planning.draft_plan()
    client.force_login(walk.team.regisseur)
    with on(walk.day):
        plan = walk.fresh().current_plan
        actions.save_plan(
            plan, by=walk.user_on_lead, trial_starts_on=day, goals=[{"field": "leren", "goal": "Vragen."}]
        )
        for name in ("plan", "plan_send"):
            text = page(client, reverse(f"trajectories:{name}", args=[walk.trajectory.pk]))
            assert (NOTICE in text) == bool(said) and said in text, name
        assert client.post(reverse("trajectories:plan_send", args=[walk.trajectory.pk])).status_code == 302
    assert walk.fresh().current_plan.trial_starts_on == day and walk.trajectory.current_plan.sent_at is not None


@pytest.mark.usefixtures("db")
def test_beside_the_day_that_was_typed_when_something_else_is_wrong(applying: Walk) -> None:
    walk = applying.later(6).hold_talk()
    employer, broker = browser_of(employer_of(walk)), browser_of(walk.team.job_broker)
    application = walk.fresh().current_application.pk
    addresses = {
        employer: reverse("trajectories:portal_accept", args=[application]),
        broker: reverse("trajectories:step", args=[walk.trajectory.pk, "accept_application"]),
    }
    with on(walk.day, 14):
        for browser, address in addresses.items():
            assert NOTICE not in page(browser, address), "the second of February is a Monday"
            assert "(zondag)" in page(browser, address, {"planned_start": "2026-02-08"})
            assert NOTICE not in page(browser, address, {"planned_start": "onzin"})
    assert START.weekday() == 0
