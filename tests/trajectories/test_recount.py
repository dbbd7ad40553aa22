"""The nightly count of all deadlines: in parts, as case by case, from where it stopped, and past who holds a case."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import LawSetting, Role, User
from demo.walk import Team, Walk
from tests import factories
from tests.trajectories.conftest import make_company, make_walk, walk_to
from topjob import clock
from topjob.models import OutboxMessage, Round
from trajectories import tasks
from trajectories.models import Deadline, PartyLink, Trajectory
from trajectories.process.workflow import State
from trajectories.timing import deadlines, makers, recount

NIGHT = date(2026, 6, 1)
COLUMNS = ("trajectory", "kind", "subject_id", "due_on", "reason", "rule_key", "rule_value", "rule_from", "closed_at")
WHOSE = ("owner_role", "owner", "notified_at", "escalated_at", "escalated_to", "was_late")


def walks(team: Team, *states: str) -> list[Walk]:
    return [walk_to(make_walk(team), make_company(), state) for state in states]


def change_the_rules() -> None:
    """Every term in days by which a deadline is counted."""
    for key in (key for key in makers.KEYS if key.name.endswith("_DAYS")):
        LawSetting.objects.create(key=key, value="9", valid_from=date(2025, 1, 1), source="test")


def forget_the_days() -> None:
    """As if every cause had moved since the rows were written."""
    Deadline.objects.open().update(due_on=date(2030, 1, 1), notified_at=clock.now())
    Trajectory.objects.open().update(due_on=date(2030, 1, 1))


def standing() -> list[tuple]:
    rows = Deadline.objects.order_by("trajectory", "kind", "subject_id", "due_on", "pk").values_list(*COLUMNS, *WHOSE)
    return [*rows, *Trajectory.objects.order_by("pk").values_list("pk", "due_on")]


def one_by_one() -> list[tuple]:
    """What `refresh` makes of it, case by case; nothing of that stays."""
    with transaction.atomic():
        for case in Trajectory.objects.open().order_by("pk"):
            deadlines.refresh(case)
            case.save(update_fields=["due_on"])
        found = standing()
        transaction.set_rollback(True)
    return found


@pytest.mark.django_db
def test_all_at_once_comes_to_the_same_as_one_by_one(team: Team, light_pdf: None) -> None:
    """Also with a rule that changed, a guide who left, a message that came back, and something that was ticked off."""
    walks(team, *(state for state in State if state not in (State.AANGEMELD, State.AFGESLOTEN)))
    factories.staff(Role.BEHEERDER)
    User.objects.filter(pk__in=[team.jobcoach.pk, team.regisseur.pk]).update(is_active=False)
    change_the_rules()
    with clock.at(NIGHT):
        link = PartyLink.objects.filter(used_at=None, voided_at=None, declined_at=None).first()
        assert link is not None
        values = {"handler": "send_link", "payload": {"link": link.pk}, "created_at": clock.now()}
        OutboxMessage.objects.create(key="terug", dead_at=clock.now(), next_try_at=clock.now(), **values)
        ticked = Deadline.objects.open().filter(kind=Deadline.Kind.FOLLOW_UP).earliest("pk")
        deadlines.close(ticked)
        before, expected = standing(), one_by_one()
        assert before == standing() != expected
        tasks.refresh_deadlines()
        assert standing() == expected
        assert recount.differing(Trajectory.objects.values_list("pk", flat=True)) == []


@pytest.mark.django_db
def test_a_part_asks_as_much_for_fifty_cases_as_for_ten(team: Team, light_pdf: None) -> None:
    """Of each kind of rows there are twice as many in the fifty, and four times as many of people just begun."""
    states = (State.STARTPLAN, State.EVALUATIE, State.NAZORG)
    one, other = ([walk.trajectory.pk for walk in walks(team, *states)] for _time in range(2))
    begun = [make_walk(team).trajectory.pk for _number in range(44)]
    asked = []
    for chosen in (sorted(one + begun[:7]), sorted(one + other + begun)):
        forget_the_days()
        with CaptureQueriesContext(connection) as looking:
            assert recount.differing(chosen) == chosen
        with CaptureQueriesContext(connection) as writing:
            recount.recount(chosen)
        assert recount.differing(chosen) == []
        asked.append((len(looking), len(writing)))
    assert asked[0] == asked[1] and max(asked[0]) <= 40


@pytest.mark.django_db
def test_two_nights_reach_every_case_though_the_time_of_each_is_up_half_way(
    team: Team, monkeypatch: pytest.MonkeyPatch, settings: Any, light_pdf: None
) -> None:
    walks(team, *[State.INTAKE] * 4)
    forget_the_days()
    cases = list(Trajectory.objects.open().order_by("pk").values_list("pk", flat=True))
    monkeypatch.setattr(recount, "PART", 2)
    monkeypatch.setattr(tasks.rounds, "follow_up", lambda task: None)
    settings.ROUND_SECONDS = 0
    tasks.refresh_deadlines()
    assert recount.differing(cases) == cases[2:] and Round.objects.get().reached == cases[1]
    tasks.refresh_deadlines()
    assert recount.differing(cases) == []


@pytest.mark.django_db
def test_out_of_time_it_goes_on_the_same_night(
    team: Team, monkeypatch: pytest.MonkeyPatch, settings: Any, light_pdf: None
) -> None:
    walks(team, *[State.INTAKE] * 3)
    forget_the_days()
    monkeypatch.setattr(recount, "PART", 1)
    monkeypatch.setattr(tasks.go_on_refreshing, "apply_async", lambda *_, **__: tasks.go_on_refreshing())
    settings.ROUND_SECONDS = 0
    tasks.refresh_deadlines()
    assert recount.differing(Trajectory.objects.values_list("pk", flat=True)) == []
    assert Round.objects.get().ended_at is not None


@pytest.mark.django_db
def test_a_case_that_changed_since_it_was_looked_at_is_counted_anew(team: Team, light_pdf: None) -> None:
    [walk] = walks(team, State.INTAKE)
    forget_the_days()
    with clock.at(walk.day + timedelta(days=1)):
        looked_at = recount.differing([walk.trajectory.pk])
        walk.confirm_profile().complete_intake()
        expected = standing()
        recount.recount(looked_at)
        assert standing() == expected


@pytest.mark.django_db
def test_one_that_cannot_be_counted_keeps_no_other_from_it(
    team: Team, monkeypatch: pytest.MonkeyPatch, light_pdf: None
) -> None:
    broken, *others = [walk.trajectory.pk for walk in walks(team, *[State.INTAKE] * 3)]
    forget_the_days()
    write = deadlines.write

    def fails(found: Any) -> None:
        changes = list(found)
        assert broken not in {row.trajectory_id for case in changes for row in case.moved}
        write(changes)

    monkeypatch.setattr(deadlines, "write", fails)
    tasks.refresh_deadlines()
    assert recount.differing([broken, *others]) == [broken]


def test_a_case_that_somebody_holds_is_passed_by_without_waiting(own_database: str, light_pdf: None) -> None:
    held, free = [walk.trajectory.pk for walk in walks(factories.team(), State.INTAKE, State.INTAKE)]
    forget_the_days()
    holding, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Trajectory.objects.select_for_update().get(pk=held)
            holding.set()
            done.wait(60)
        connection.close()

    somebody = threading.Thread(target=hold)
    somebody.start()
    try:
        assert holding.wait(30)
        tasks.refresh_deadlines()
        assert recount.differing([held, free]) == [held]
    finally:
        done.set()
        somebody.join()
