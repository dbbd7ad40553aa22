"""What is done every minute: bounded, gone on with where it stopped, and not held up by one that fails."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from demo.walk import Team
from tests.trajectories.conftest import make_walk
from topjob.models import OutboxMessage
from trajectories import tasks
from trajectories.models import Deadline

pytestmark = pytest.mark.django_db


@pytest.fixture
def due(team: Team) -> list[int]:
    """Three deadlines whose day has passed."""
    for _number in range(3):
        make_walk(team)
    Deadline.objects.update(kind=Deadline.Kind.TRIAL_END, due_on=date(2026, 1, 6))
    return list(Deadline.objects.open().order_by("pk").values_list("pk", flat=True))


@pytest.fixture
def acted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    done: list[int] = []
    monkeypatch.setattr(tasks, "act_on", done.append)
    return done


def test_what_a_round_had_no_time_for_comes_first_in_the_next(
    due: list[int], acted: list[int], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """Deadlines that wait, for instance for a signature, would otherwise be all that is ever looked at."""
    monkeypatch.setattr(tasks, "SOME", 1)
    settings.ROUND_SECONDS = 0
    for number in range(3):
        tasks.handle_due_deadlines()
        assert acted == due[: number + 1]


def test_one_deadline_that_fails_keeps_no_other_from_its_turn(
    due: list[int], acted: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def act(pk: int) -> None:
        assert pk != due[0]
        acted.append(pk)

    monkeypatch.setattr(tasks, "act_on", act)
    tasks.handle_due_deadlines()
    assert acted == due[1:]


def test_a_deadline_of_which_somebody_is_told_now_is_told_of_once(due: list[int], acted: list[int]) -> None:
    """Two rounds at the same time see the same rows; whoever comes second finds them told."""
    owner = Deadline.objects.get(pk=due[0]).owner_id
    assert owner is not None
    tasks._tell(owner, due)
    tasks._tell(owner, due)
    assert [message.payload["deadlines"] for message in OutboxMessage.objects.filter(handler="mail_deadlines")] == [due]


def test_what_stays_late_goes_on_some_at_a_time_and_all_of_it_is_mailed(
    due: list[int], acted: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "HANDED_ON_AT_ONCE", 2)
    handed: list[int] = []
    monkeypatch.setattr(tasks, "hand_on", lambda pk: (handed.append(pk), Deadline.objects.get(pk=pk).owner_id)[1])
    tasks.escalate()
    mails = OutboxMessage.objects.filter(handler="mail_escalated")
    assert handed == due[:2] and [mail.payload["deadlines"] for mail in mails] == [due[:2]]
