"""Stopping and closing: R15 and R18, and that what was followed ends with the file (R13)."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from demo.walk import Walk
from tests.trajectories.conftest import START, Reach
from topjob import clock
from topjob.errors import Refused
from trajectories import actions
from trajectories.models import PartyLink, SeatClaim
from trajectories.process.workflow import Journey, State

RUNNING = [state for state in State if state not in (State.AFSLUITING, State.AFGESLOTEN)]


def test_r18_stopping_is_possible_in_every_phase_and_ends_everything(reach: Reach, vacancy) -> None:
    for state in RUNNING:
        walk = reach(state)
        point = transaction.savepoint()
        walk.step(Journey.stop, reason="Kiest een andere weg.")
        assert walk.fresh().state == State.AFSLUITING, state
        assert walk.trajectory.running_placement is None
        assert not walk.trajectory.contracts.filter(period__endswith=None).exists()
        assert not SeatClaim.objects.filter(cancelled=False, period__endswith=None).exists()
        assert not PartyLink.objects.usable().filter(trajectory=walk.trajectory).exists()
        vacancy.refresh_from_db()
        assert vacancy.seats_free == vacancy.seats
        transaction.savepoint_rollback(point)


def test_r18_stopping_asks_a_reason(reach: Reach) -> None:
    walk = reach(State.INTAKE)
    with pytest.raises(Refused, match="reden"):
        walk.step(Journey.stop, reason="  ")
    assert walk.fresh().state == State.INTAKE


def test_r15_closing_needs_exit_talk_and_completion(closing: Walk) -> None:
    walk = closing.later(3)
    by = walk.team.backoffice
    with clock.at(walk.day):
        with pytest.raises(Refused) as refusal:
            actions.close(walk.fresh(), by=by)
        assert len(refusal.value.reasons) == 2
        actions.record_exit_talk(walk.fresh(), was_held=False, on=walk.day, not_held_reason="Niet bereikbaar.", by=by)
        checks = dict.fromkeys(("documents_complete", "client_informed", "invoice_settled"), True)
        actions.record_completion(walk.fresh(), accounts_closed=False, by=by, **checks)
        with pytest.raises(Refused, match="afronding"):
            actions.close(walk.fresh(), by=by)
        actions.record_completion(walk.fresh(), accounts_closed=True, by=by, **checks)
        actions.close(walk.fresh(), by=by)
    assert walk.fresh().state == State.AFGESLOTEN


def test_r15_the_retention_period_starts_at_closing(reach: Reach) -> None:
    walk = reach(State.AFGESLOTEN)
    closed = clock.local(walk.trajectory.closed_at)
    assert walk.trajectory.retention_until == date(closed.year + 2, closed.month, closed.day)


def test_decision_6_an_exit_talk_is_held_with_feedback_or_not_with_a_reason(closing: Walk) -> None:
    walk = closing
    with clock.at(walk.day), pytest.raises(IntegrityError), transaction.atomic():
        actions.record_exit_talk(walk.fresh(), was_held=False, on=START, by=walk.team.backoffice)


def test_decision_15_closing_keeps_the_last_letter(reach: Reach) -> None:
    assert reach(State.AFGESLOTEN).trajectory.phase == "E"
