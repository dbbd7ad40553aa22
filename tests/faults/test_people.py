"""People who do the same, the opposite, or something stale at the same moment (faults 10–13)."""

from __future__ import annotations

import random
from collections import Counter
from threading import Barrier

import pytest
from django.db import OperationalError, transaction

from accounts.models import AuditEntry
from candidates.models import Candidate, Registration
from employers.models import Vacancy
from tests import factories
from tests.faults import effects
from tests.faults.browser import Browser, fields_of
from tests.faults.stack import FaultStack
from tests.faults.together import at_once
from tests.faults.world import World
from topjob import clock
from topjob.errors import Refused
from topjob.merging import FIELD
from trajectories import actions
from trajectories.models import StartPlan, Trajectory

FIFTY = 50


# --- 10 Fifty identical transitions ----------------------------------------------------------------------------------
@pytest.mark.fault(10)
def test_fifty_times_the_same_step_is_taken_once(stack: FaultStack, world: World) -> None:
    session = stack.browser(world.user("regisseur")).session
    address = f"/trajecten/{world.assigned}/stap/start_intake/"
    answers = at_once(*[lambda: Browser(stack.port, session).post(address)] * FIFTY)
    statuses = Counter(answer.status for answer in answers)
    assert statuses == {302: 1, 409: FIFTY - 1}, statuses
    assert all("Deze stap kan nu niet" in answer.text for answer in answers if answer.status == 409)
    assert world.case("assigned").state == "INTAKE"
    assert AuditEntry.objects.filter(verb="start_intake", trajectory_id=world.assigned).count() == 1


@pytest.mark.control(10)
def test_without_a_lock_several_win(stack: FaultStack, world: World) -> None:
    looked = Barrier(10)

    def naive() -> None:
        state = Trajectory.objects.values_list("state", flat=True).get(pk=world.assigned)
        looked.wait(30)
        if state == "AANGEMELD":
            effects.add("intake started")

    at_once(*[naive] * 10)
    assert effects.count("intake started") > 1


# --- 11 Opposite transitions -----------------------------------------------------------------------------------------
@pytest.mark.fault(11)
def test_opposite_steps_come_out_as_if_one_came_first(stack: FaultStack, world: World, dice: random.Random) -> None:
    session = stack.browser(world.user("regisseur")).session
    case = f"/trajecten/{world.assigned}/stap/"
    steps = [
        lambda: Browser(stack.port, session).post(case + "start_intake/"),
        lambda: Browser(stack.port, session).post(case + "stop/", reason="Verhuisd.", reason_kind="anders"),
    ] * 5
    dice.shuffle(steps)
    answers = at_once(*steps)
    assert all(answer.status in (200, 302, 409) for answer in answers), Counter(answer.status for answer in answers)
    assert max(answer.seconds for answer in answers) < 20
    taken = Counter(AuditEntry.objects.filter(trajectory_id=world.assigned).values_list("verb", flat=True))
    # Stopping is possible from either state, starting only before it: once each, or stopping alone.
    assert taken["stop"] == 1 and taken["start_intake"] <= 1
    assert world.case("assigned").state == "AFSLUITING"


@pytest.mark.fault(11)
def test_starting_and_withdrawing_leave_one_of_the_two(stack: FaultStack, world: World, dice: random.Random) -> None:
    lead = world.user("regisseur")
    with clock.at(world.case("signed").signed_plan.trial_starts_on):

        def start() -> None:
            with clock.at(world.case("signed").signed_plan.trial_starts_on):
                actions.start_trial(world.case("signed"), by=lead)

        def withdraw() -> None:
            with clock.at(world.case("signed").signed_plan.trial_starts_on):
                actions.withdraw_plan(world.case("signed"), reason="Bedrijf stopt.", by=lead)

        steps = [start, withdraw]
        dice.shuffle(steps)
        answers = at_once(*steps)
    assert Counter(type(answer) for answer in answers) == {type(None): 1, Refused: 1}, answers
    state = world.case("signed").state
    assert state in ("PROEFPERIODE", "BEMIDDELBAAR")
    vacancy = Vacancy.objects.get(pk=world.vacancy)
    # The other case of this world holds a seat as well.
    assert vacancy.seats - vacancy.seats_free == (2 if state == "PROEFPERIODE" else 1)


@pytest.mark.control(11)
def test_without_an_order_of_locking_they_wait_for_each_other(stack: FaultStack, world: World) -> None:
    both_hold_one = Barrier(2)

    def lock(first: type, first_pk: int, second: type, second_pk: int) -> None:
        with transaction.atomic():
            first.objects.select_for_update().get(pk=first_pk)
            both_hold_one.wait(30)
            second.objects.select_for_update().get(pk=second_pk)

    answers = at_once(
        lambda: lock(Trajectory, world.signed, Vacancy, world.vacancy),
        lambda: lock(Vacancy, world.vacancy, Trajectory, world.signed),
    )
    assert any(isinstance(answer, OperationalError) and "deadlock" in str(answer) for answer in answers), answers


# --- 12 Two editors --------------------------------------------------------------------------------------------------
@pytest.mark.fault(12)
def test_a_stale_form_overwrites_nothing_and_keeps_what_was_typed(stack: FaultStack, world: World) -> None:
    first = stack.browser(world.user("regisseur"))
    second = Browser(stack.port, first.session)
    address = f"/trajecten/{world.draft}/startplan/"
    mine, theirs = fields_of(first.get(address).text, FIELD), fields_of(second.get(address).text, FIELD)

    assert first.send(address, _with(mine, "mentor_name", "Eerste Schrijver")).status == 302
    answer = second.send(address, _with(theirs, "mentor_name", "Tweede Schrijver"))

    assert answer.status == 200
    assert "Iemand anders heeft dit intussen gewijzigd in “Eerste Schrijver”" in answer.text
    assert "Tweede Schrijver" in answer.text, "what was typed is lost"
    assert StartPlan.objects.get(trajectory=world.draft).mentor_name == "Eerste Schrijver"


def _with(fields: list[tuple[str, object]], name: str, value: str) -> list[tuple[str, object]]:
    assert name in dict(fields)
    return [(key, value if key == name else old) for key, old in fields]


@pytest.mark.control(12)
def test_without_asking_what_was_seen_the_first_is_overwritten(stack: FaultStack, world: World) -> None:
    lead, plan = world.user("regisseur"), StartPlan.objects.get(trajectory=world.draft)
    for name in ("Eerste Schrijver", "Tweede Schrijver"):
        actions.save_plan(plan, by=lead, mentor_name=name)  # without the form that compares
    assert StartPlan.objects.get(pk=plan.pk).mentor_name == "Tweede Schrijver"


# --- 13 Double submit ------------------------------------------------------------------------------------------------
def _registration(stack: FaultStack) -> list[tuple[str, object]]:
    filled = {
        "first_name": "Noa",
        "last_name": "Dubbel",
        "birth_date": "2005-05-05",
        "phone": "0612345678",
        "email": "noa@post.example",
        "region": factories.region().pk,
        "situation": "school",
        "wish": "leerwerkplek",
        "motivation": "Ik wil met mijn handen werken.",
        "consent": "on",
    }
    fields = dict(fields_of(stack.visitor().get("/aanmelden/").text, "last_name"))
    return list({**fields, **filled}.items())


@pytest.mark.fault(13)
def test_pressing_twice_and_going_back_give_one_registration(stack: FaultStack, world: World) -> None:
    fields = _registration(stack)
    answers = at_once(*[lambda: stack.visitor().send("/aanmelden/", fields)] * 4)
    assert [answer.status for answer in answers] == [302] * 4, answers[0].text[-3000:]
    assert stack.visitor().send("/aanmelden/", fields).status == 302, "the back button and once more"
    assert Candidate.objects.filter(last_name="Dubbel").count() == 1
    assert Registration.objects.filter(candidate__last_name="Dubbel").count() == 1


@pytest.mark.fault(13)
def test_sending_a_plan_twice_sends_it_once(stack: FaultStack, world: World) -> None:
    session = stack.browser(world.user("regisseur")).session
    address = f"/trajecten/{world.draft}/startplan/versturen/"
    answers = at_once(*[lambda: Browser(stack.port, session).post(address)] * 6)
    assert Counter(answer.status for answer in answers) == {302: 1, 409: 5}


@pytest.mark.control(13)
def test_without_looking_back_there_are_two(stack: FaultStack, world: World) -> None:
    looked = Barrier(2)

    def naive() -> None:
        known = Candidate.objects.filter(last_name="Dubbel").exists()
        looked.wait(30)
        if not known:
            Candidate.objects.create(
                first_name="Noa",
                last_name="Dubbel",
                birth_date="2005-05-05",
                created_at=clock.now(),
                region_id=world.case("draft").candidate.region_id,
            )

    at_once(naive, naive)
    assert Candidate.objects.filter(last_name="Dubbel").count() == 2
