"""The steps of the arrangements for the employer are deadlines like the others: day, reason, owner, rule; they move and close.

Worked out by hand: the trial runs from 2 February to 1 May 2026, the contract would begin or begins on 2 May 2026.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import LawSetting, Role
from demo.walk import Walk
from tests import factories
from tests.trajectories.conftest import Reach
from tests.trajectories.test_deadline_kinds import refresh, row_of, rule, the
from topjob import clock
from trajectories import actions, tasks
from trajectories.models import Deadline, SupportStep, TrialExtension
from trajectories.money import subsidies
from trajectories.pages.calendar import calendar_of, dates_of
from trajectories.pages.worklists import deadlines_of
from trajectories.process.workflow import State
from trajectories.timing.kinds import MONEY

pytestmark = pytest.mark.usefixtures("db")

Kind, Key = Deadline.Kind, LawSetting.Key
CONTRACT = date(2026, 5, 2)


def record(walk: Walk, kind: str, outcome: str = "gedaan", on: date | None = None, note: str = "") -> None:
    with clock.at(walk.day, 20):
        job = subsidies.job_of(walk.fresh())
        facts = {"organisation": job.organisation, "kind": kind, "outcome": outcome, "note": note}
        actions.record_support_step(walk.trajectory, on=on or walk.day, by=walk.team.personnel, **facts)
    walk.fresh()


def facts(walk: Walk, in_register: bool | None, regime: str = "") -> None:
    with clock.at(walk.day, 20):
        checked = walk.day if in_register is not None else None
        actions.record_support(
            walk.fresh(), in_register=in_register, checked_on=checked, coach_regime=regime, by=walk.team.regisseur
        )


def days(walk: Walk) -> dict[str, date]:
    return {row.kind: row.due_on for row in walk.trajectory.deadlines.open().filter(kind__in=MONEY)}


def test_during_the_trial_by_the_contract_that_may_follow(on_trial: Walk) -> None:
    walk = on_trial
    assert days(walk) == {
        Kind.LKS_ASK: date(2026, 3, 28),  # five weeks before
        Kind.REGISTER: CONTRACT,
    }
    row = the(walk, Kind.LKS_ASK)
    assert (row.rule_key, row.rule_value, row.rule_from) == (Key.LKS_DECISION_WEEKS, "5", date(2012, 1, 1))
    assert row.owner_role == Role.PERSONEEL and row.owner is not None
    assert "Na de proefperiode" in row.reason and "za 2 mei 2026" in row.reason
    assert the(walk, Kind.REGISTER).owner == walk.team.regisseur
    facts(walk, True)
    assert days(walk) == {
        Kind.LKS_ASK: date(2026, 3, 28),
        Kind.LKV_RETURN: CONTRACT,
        Kind.LKV_STATEMENT: date(2026, 8, 1),  # three months
    }
    assert "Daarna kan het niet meer" in the(walk, Kind.LKV_STATEMENT).reason
    facts(walk, False)
    assert days(walk) == {Kind.LKS_ASK: date(2026, 3, 28), Kind.NO_RISK: CONTRACT}


def test_before_the_trial_and_after_the_work_there_are_none(reach: Reach) -> None:
    for state in (State.STARTPLAN, State.ADVIES, State.AFSLUITING):
        assert days(reach(state)) == {}, state


@pytest.mark.parametrize("state", [State.EVALUATIE, State.LEERWERK, State.NAZORG])
def test_as_long_as_there_is_work(reach: Reach, state: str) -> None:
    walk = reach(state)
    starts = subsidies.job_of(walk.trajectory, on_first_day=True).starts_on
    assert days(walk)[Kind.LKS_ASK] == starts - timedelta(weeks=5)
    assert days(walk)[Kind.REGISTER] == starts


def test_they_move_with_the_trial(reach: Reach) -> None:
    walk = reach(State.PROEFPERIODE, construction="2")
    number = the(walk, Kind.LKS_ASK).pk
    TrialExtension.objects.create(
        trial=walk.trajectory.current_trial,
        until=date(2026, 5, 22),
        reason="Drie weken ziek.",
        created_at=clock.now(),
        created_by=walk.team.regisseur,
    )
    refresh(walk)
    row = the(walk, Kind.LKS_ASK)
    assert (row.pk, row.due_on) == (number, date(2026, 4, 18))
    assert the(walk, Kind.REGISTER).due_on == date(2026, 5, 23)


def test_they_follow_a_changed_rule(on_trial: Walk) -> None:
    walk = on_trial
    rule(Key.LKS_DECISION_WEEKS, "8", date(2026, 5, 1))
    refresh(walk)
    row = the(walk, Kind.LKS_ASK)
    assert (row.due_on, row.rule_value, row.rule_from) == (date(2026, 3, 7), "8", date(2026, 5, 1))


def test_the_day_it_is_changes_nothing(learning: Walk) -> None:
    """R17: whether it is counted in time or late, the days are the same."""
    walk = learning
    before = days(walk)
    with clock.at(walk.day + timedelta(days=150)):
        refresh(walk)
    assert days(walk) == before


def test_done_closes_it_and_the_decision_follows(learning: Walk) -> None:
    walk = learning
    late = the(walk, Kind.LKS_ASK)
    record(walk, "lks")
    late.refresh_from_db()
    assert late.closed_at is not None and late.was_late
    assert row_of(walk, Kind.LKS_ASK) is None
    assert the(walk, Kind.LKS_DECISION).due_on == walk.day + timedelta(weeks=5)
    assert the(walk, Kind.LKS_FLAT_END).due_on == date(2026, 11, 1)  # six months
    record(walk, "lks-besluit")
    assert row_of(walk, Kind.LKS_DECISION) is None


def test_not_needed_closes_it_with_what_hung_on_it(learning: Walk) -> None:
    walk = learning
    record(walk, "lks", "niet_nodig", note="Werkgever wil dit niet.")
    assert not {Kind.LKS_ASK, Kind.LKS_DECISION, Kind.LKS_FLAT_END} & set(days(walk))


def test_put_back_to_be_done_it_is_there_again(learning: Walk) -> None:
    walk = learning
    facts(walk, False)
    due = the(walk, Kind.NO_RISK).due_on
    record(walk, "no-risk")
    assert row_of(walk, Kind.NO_RISK) is None
    record(walk, "no-risk", "")
    assert the(walk, Kind.NO_RISK).due_on == due


def test_what_was_looked_up_and_agreed_decides(learning: Walk) -> None:
    walk = learning
    facts(walk, True, "licht")
    assert set(days(walk)) & {Kind.REGISTER, Kind.NO_RISK, Kind.COACH_ASK, Kind.LKV_RETURN} == {
        Kind.COACH_ASK,
        Kind.LKV_RETURN,
    }
    facts(walk, False)
    assert set(days(walk)) & {Kind.REGISTER, Kind.NO_RISK, Kind.COACH_ASK, Kind.LKV_RETURN} == {Kind.NO_RISK}


def test_another_company_asks_anew(learning: Walk) -> None:
    walk = learning
    facts(walk, False)
    record(walk, "no-risk")
    first = walk.trajectory.contracts.first()
    other = factories.EmployerFactory().organisation
    type(first).objects.filter(pk=first.pk).update(organisation=other)
    refresh(walk)
    assert the(walk, Kind.NO_RISK).subject_id == other.pk


def test_late_it_goes_on_to_the_coordinator(learning: Walk) -> None:
    walk = learning
    with clock.at(CONTRACT + timedelta(days=30)):
        tasks.escalate()
    row = the(walk, Kind.REGISTER)
    assert row.escalated_at is not None and row.escalated_to is not None


def test_on_vandaag_with_where_it_is_recorded(learning: Walk, client: Client) -> None:
    walk = learning
    client.force_login(walk.team.personnel)
    with clock.at(walk.day, 20):
        assert Kind.LKS_ASK in {row.kind for row in deadlines_of(walk.team.personnel)}
        page = client.get("/").content.decode()
        here = reverse("trajectories:money", args=[walk.trajectory.pk])
        assert "Loonkostensubsidie aanvragen" in page and here in page
        assert here in client.get(reverse("trajectories:detail", args=[walk.trajectory.pk])).content.decode()
        assert client.get(here).status_code == 200


def test_nobody_ticks_it_off(learning: Walk, client: Client) -> None:
    walk = learning
    row = the(walk, Kind.LKS_ASK)
    client.force_login(walk.team.personnel)
    with clock.at(walk.day, 20):
        assert client.post(reverse("trajectories:tick_off", args=[row.pk])).status_code == 409
    assert row_of(walk, Kind.LKS_ASK) is not None


def test_the_calendar_says_that_there_is_a_day_and_not_what(learning: Walk) -> None:
    walk = learning
    facts(walk, False, "licht")
    with clock.at(walk.day, 20):
        text = calendar_of(dates_of(walk.team.personnel)).decode()
    assert f"Regeling voor de werkgever (traject {walk.trajectory.pk})" in text
    for word in ("Loonkosten", "isk", "register", "Bakker", "jobcoach aanvragen"):
        assert word not in text, word


def test_the_demo_sees_to_what_came_due(learning: Walk) -> None:
    walk = learning
    today = CONTRACT + timedelta(days=120)
    walk.arrange_due(today)
    with clock.at(today):
        refresh(walk)
    assert [kind for kind, due in days(walk).items() if due < today] == []
    assert SupportStep.objects.get(kind="lks").outcome == "niet_nodig"
