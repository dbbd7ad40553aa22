"""Time: two beats (15), a week of silence (16), clocks that are wrong, summer time and leap days (17). R6 and R17."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day

import pytest

from accounts.models import AuditEntry, User
from demo.walk import Walk
from employers.models import Vacancy
from tests.faults import effects
from tests.faults.stack import FaultStack
from tests.faults.world import World
from topjob import clock
from topjob.models import OutboxMessage
from trajectories import tasks
from trajectories.models import Deadline, TrialPeriod

Kind = Deadline.Kind


def taken(world: World, verb: str, name: str = "signed") -> int:
    return AuditEntry.objects.filter(verb=verb, trajectory_id=getattr(world, name)).count()


def told_of_deadlines(stack: FaultStack) -> Counter:
    """How many mails about deadlines each guide got on each day."""
    return Counter((str(mail["To"]), str(mail["Date"])[:16]) for mail in stack.sink.mails(about="termijn"))


def no_deadline_told_twice() -> None:
    told = Counter(
        pk for row in OutboxMessage.objects.filter(handler="mail_deadlines") for pk in row.payload["deadlines"]
    )
    assert set(told.values()) <= {1}, "I2: a deadline was told twice"


# --- 15 Two beats ----------------------------------------------------------------------------------------------------
@pytest.mark.fault(15)
def test_two_beats_do_everything_once(working: FaultStack, world: World) -> None:
    working.ensure("second beat")
    time.sleep(3)
    start = world.case("signed").signed_plan.trial_starts_on
    working.move_clock(start)
    working.wait_until(lambda: world.case("signed").state == "PROEFPERIODE", "begin van de proefperiode", 60)
    working.wait_until(lambda: told_of_deadlines(working), "mail over termijnen", 60)
    working.sink.quiet(5)
    assert taken(world, "start_trial") == 1
    assert TrialPeriod.objects.filter(trajectory=world.signed).count() == 1
    no_deadline_told_twice()
    assert set(told_of_deadlines(working).values()) == {1}


@pytest.mark.control(15)
def test_a_round_that_counts_on_one_beat_is_done_twice(working: FaultStack) -> None:
    working.ensure("second beat")

    def doubled() -> bool:
        per_period = Counter(effects.keys_like("tick %"))
        return len([count for count in per_period.values() if count > 1]) >= 2

    working.wait_until(doubled, "dubbele ronde", 60)


# --- 16 A week without worker and beat -------------------------------------------------------------------------------
@pytest.mark.fault(16)
def test_after_a_week_of_silence_each_deadline_is_handled_once_and_marked_late(stack: FaultStack, world: World) -> None:
    planned = world.case("signed").signed_plan.trial_starts_on
    missed = list(Deadline.objects.open().filter(due_on__lte=planned + timedelta(days=7)).values_list("pk", flat=True))
    stack.move_clock(planned + timedelta(days=7))
    stack.ensure("worker", "beat")
    stack.wait_until(lambda: world.case("signed").state == "PROEFPERIODE", "begin van de proefperiode", 60)
    stack.wait_until(lambda: told_of_deadlines(stack), "mail over termijnen", 60)
    stack.sink.quiet(5)
    trial = TrialPeriod.objects.get(trajectory=world.signed)
    assert trial.starts_on == planned, "late processing keeps the planned start (decision 8)"
    assert taken(world, "start_trial") == 1
    deadline = Deadline.objects.get(trajectory=world.signed, kind=Kind.TRIAL_START)
    assert deadline.closed_at is not None and deadline.was_late
    owners = {
        User.objects.get(pk=pk).email for pk in Deadline.objects.filter(pk__in=missed).values_list("owner", flat=True)
    }
    told = told_of_deadlines(stack)
    assert {to for to, _day in told} <= owners | {world.user("regisseur").email}
    assert set(told.values()) == {1} and len({day for _to, day in told}) == 1, told
    no_deadline_told_twice()
    open_and_told = Deadline.objects.open().filter(pk__in=missed)
    assert not open_and_told.filter(notified_at=None).exists(), "A missed deadline that nobody heard of"


@pytest.mark.control(16)
def test_work_that_looks_at_today_only_stays_missed(stack: FaultStack, world: World) -> None:
    planned = world.case("signed").signed_plan.trial_starts_on
    stack.move_clock(planned + timedelta(days=7))
    stack.ensure("worker")
    stack.tell("naive.deadlines")
    stack.tell("naive.late", "after the round")
    stack.wait_until(lambda: effects.count("after the round"), "einde van de ronde")
    assert effects.count(f"deadline {Kind.TRIAL_START}") == 0
    assert Deadline.objects.open().filter(trajectory=world.signed, kind=Kind.TRIAL_START, due_on=planned).exists()


# --- 17 The clock ----------------------------------------------------------------------------------------------------
SUMMER_TIME, WINTER_TIME, LEAP_DAY = date(2026, 3, 29), date(2026, 10, 25), date(2028, 2, 29)


def set_clock(stack: FaultStack, day: date, hour: int, minute: int) -> None:
    """This very moment of the Dutch clock, for everybody."""
    moment = datetime.combine(day, time_of_day(hour, minute), tzinfo=clock.AMSTERDAM)
    stack.clock_file.write_text(str(int((moment - datetime.now(UTC)).total_seconds())))


def planned_for(world: World, start: date) -> Walk:
    """A case whose trial begins on this day, with everything signed a month before."""
    walk = world.walk("assigned")
    walk.day = start - timedelta(days=40)
    walk.intake().confirm_profile().complete_intake()
    walk.later(1).choose(Vacancy.objects.get(pk=world.vacancy)).introduce()
    return walk.later(6).hold_talk().accept(start).draft_plan().send_plan().sign().permit()


def state_at(stack: FaultStack, world: World, day: date, hour: int, minute: int) -> str:
    """How the case stands when the round was made at this moment."""
    set_clock(stack, day, hour, minute)
    tasks.handle_due_deadlines()
    return world.case("assigned").state


@pytest.mark.fault(17)
@pytest.mark.parametrize("start", [SUMMER_TIME, WINTER_TIME, LEAP_DAY], ids=["zomertijd", "wintertijd", "29 februari"])
def test_steps_are_taken_on_their_dutch_day_once_however_the_clock_jumps(
    stack: FaultStack, world: World, start: date
) -> None:
    planned_for(world, start)
    before, day = start - timedelta(days=1), timedelta(days=1)
    assert state_at(stack, world, before, 23, 30) == "STARTPLAN"
    assert state_at(stack, world, start, 0, 30) == "PROEFPERIODE"
    # An hour back to before midnight, a day back, through the hour that is there twice or not at all, a day on.
    for moment in [
        (before, 23, 30),
        (before, 0, 30),
        (start, 1, 59),
        (start, 2, 30),
        (start, 3, 1),
        (start + day, 0, 30),
    ]:
        assert state_at(stack, world, *moment) == "PROEFPERIODE"
    end = world.case("assigned").current_trial.last_day
    assert state_at(stack, world, end, 23, 30) == "PROEFPERIODE"
    assert state_at(stack, world, end + day, 0, 30) == "EVALUATIE"
    assert state_at(stack, world, end, 0, 30) == "EVALUATIE"
    assert (taken(world, "start_trial", "assigned"), taken(world, "open_evaluation", "assigned")) == (1, 1)
    no_deadline_told_twice()


@pytest.mark.fault(17)
def test_a_trial_that_ends_in_the_night_of_summer_time_ends_on_its_day(stack: FaultStack, world: World) -> None:
    planned_for(world, date(2025, 12, 29))
    assert state_at(stack, world, date(2025, 12, 29), 0, 30) == "PROEFPERIODE"
    assert world.case("assigned").current_trial.last_day == date(2026, 3, 28)
    assert state_at(stack, world, date(2026, 3, 28), 23, 59) == "PROEFPERIODE"
    assert state_at(stack, world, SUMMER_TIME, 0, 1) == "EVALUATIE"


@pytest.mark.control(17)
def test_the_calendar_of_utc_is_a_day_behind(stack: FaultStack, world: World) -> None:
    planned_for(world, WINTER_TIME)
    set_clock(stack, WINTER_TIME, 0, 30)
    naive_today = clock.now().astimezone(UTC).date()
    due = Deadline.objects.open().filter(trajectory=world.assigned, kind=Kind.TRIAL_START)
    assert due.filter(due_on__lte=clock.today()).exists()
    assert not due.filter(due_on__lte=naive_today).exists()
