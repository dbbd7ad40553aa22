"""A trial may begin on a day off; it is said beside the day, and nothing is refused. Days looked up in a calendar."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from tests.trajectories.conftest import START
from tests.trajectories.portals import browser_of, employer_of, on, page
from trajectories import actions
from trajectories.demo.walk import Walk
from trajectories.periods import day_off, day_off_notice

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
NOTICE = "Op deze dag werken de meeste mensen niet"


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
