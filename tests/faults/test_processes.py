"""Processes that die: the worker's child, the whole worker, the web worker (faults 1–4), and what is delivered again (14, 26)."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import pytest

from accounts.models import AuditEntry
from tests.faults import effects, invariants
from tests.faults.stack import QUICK, FaultStack
from tests.faults.together import at_once
from tests.faults.world import World
from topjob import outbox
from topjob.models import OutboxMessage
from trajectories.models import GeneratedDocument, PartyLink, StartPlan

Outcome = OutboxMessage.Outcome
# Where the child is killed: taken up, begun, in the middle, done but not committed, committed but not acknowledged.
STEPS = ["run.before", "render_plan.before", "store.after", "render_plan.after", "run.after"]
REAL_SWEEP = 20


def send_the_plan(stack: FaultStack, world: World) -> StartPlan:
    """The regisseur presses "Versturen"; whatever is killed, this was acknowledged (I1)."""
    answer = stack.browser(world.user("regisseur")).post(f"/trajecten/{world.draft}/startplan/versturen/")
    assert answer.status == 302, answer.text[-2000:]
    return StartPlan.objects.get(trajectory=world.draft)


def addresses(plan: StartPlan) -> list[str]:
    return sorted(plan.parties.values_list("email", flat=True))


def link_mails(stack: FaultStack, plan: StartPlan) -> list[str]:
    """To whom a mail with the link went, as often as it went."""
    wanted = set(addresses(plan))
    return sorted(
        str(mail["To"]) for mail in stack.sink.mails() if mail["To"] in wanted and "tekenen" in mail.get_content()
    )


def everybody_has_the_link(stack: FaultStack, plan: StartPlan) -> Callable[[], bool]:
    return lambda: len(link_mails(stack, plan)) >= len(addresses(plan))


def once_and_all_of_it(stack: FaultStack, plan: StartPlan) -> None:
    """One document, one link and one mail per party, all work done."""
    stack.wait_until(everybody_has_the_link(stack, plan), "link bij iedereen", 60)
    stack.sink.quiet()
    assert link_mails(stack, plan) == addresses(plan), "I2: a mail too many"
    assert GeneratedDocument.objects.filter(trajectory=plan.trajectory_id, kind="startplan").count() == 1
    assert PartyLink.objects.filter(plan=plan).count() == len(addresses(plan))
    assert AuditEntry.objects.filter(verb="plan_rendered", trajectory_id=plan.trajectory_id).count() == 1
    stack.wait_until(
        lambda: (
            not OutboxMessage.objects.exclude(outcome=Outcome.DONE).filter(handler__in=("render_plan", "send_link"))
        ),
        "einde van het werk",
    )


def never_twice_and_nothing_forgotten(stack: FaultStack, plan: StartPlan) -> None:
    """Each link was mailed once, or a person is told that nobody knows whether it was."""
    links = set(plan.links.values_list("pk", flat=True))

    def ended() -> bool:
        links.update(plan.links.values_list("pk", flat=True))
        rows = OutboxMessage.objects.filter(handler="send_link", payload__link__in=list(links))
        return rows.count() == len(addresses(plan)) and not rows.filter(outcome=Outcome.WAITING).exists()

    stack.wait_until(ended, "einde van elke mail", 90)
    stack.sink.quiet()
    mailed = link_mails(stack, plan)
    rows = OutboxMessage.objects.filter(handler="send_link", payload__link__in=list(links))
    assert len(mailed) == len(set(mailed)), "I2: a mail too many"
    assert len(mailed) >= rows.filter(outcome=Outcome.DONE).count()
    assert not rows.exclude(outcome__in=(Outcome.DONE, Outcome.UNKNOWN)).exists()


def ask(name: str, called: str, **payload: object) -> OutboxMessage:
    return outbox.enqueue(name, key=called, **payload)


def outcome(message: OutboxMessage) -> str:
    return OutboxMessage.objects.get(pk=message.pk).outcome


# --- 1 The worker's child --------------------------------------------------------------------------------------------
@pytest.mark.fault(1)
@pytest.mark.parametrize("step", STEPS)
def test_a_child_killed_at_any_step_loses_and_doubles_nothing(working: FaultStack, world: World, step: str) -> None:
    working.order(step)
    plan = send_the_plan(working, world)
    working.wait_for(step)
    once_and_all_of_it(working, plan)
    orphans = invariants.files_without_row(working.media)
    assert len(orphans) <= (1 if step in ("store.after", "render_plan.after") else 0), orphans
    assert not invariants.rows_without_file(working.media)


@pytest.mark.control(1)
def test_a_task_that_only_the_broker_knows_is_lost(working: FaultStack, dice: random.Random) -> None:
    key = f"naive {dice.random()}"
    working.order("naive.before")
    working.tell("naive.effect", key)
    working.wait_for("naive.before")
    working.tell("naive.effect", key + " later")
    working.wait_until(lambda: effects.count(key + " later"), "volgende taak")
    time.sleep(3)
    assert effects.count(key) == 0


# --- 2 The whole worker ----------------------------------------------------------------------------------------------
@pytest.mark.fault(2)
def test_work_of_a_killed_worker_is_back_within_ninety_seconds(
    working: FaultStack, world: World, dice: random.Random, figure: Callable, request: pytest.FixtureRequest
) -> None:
    working.stop("beat")
    working.sweep_seconds = 3 if request.config.getoption("--short") else REAL_SWEEP
    working.start("beat")
    step = dice.choice(STEPS[1:4])
    working.order(step, "pause")
    plan = send_the_plan(working, world)
    working.wait_for(step)
    working.stop("worker", kill=True)
    started = time.monotonic()
    working.start("worker")
    working.wait_until(everybody_has_the_link(working, plan), "link bij iedereen", 90)
    figure(f"hele worker gedood, werk gedaan (veger elke {working.sweep_seconds:g} s)", time.monotonic() - started)
    once_and_all_of_it(working, plan)
    working.sweep_seconds = QUICK
    working.stop("beat")


@pytest.mark.control(2)
def test_without_the_sweeper_it_isnt_back(working: FaultStack, world: World, request: pytest.FixtureRequest) -> None:
    working.stop("beat")
    working.order("render_plan.before", "pause")
    plan = send_the_plan(working, world)
    working.wait_for("render_plan.before")
    working.stop("worker", kill=True)
    working.start("worker")
    time.sleep(15 if request.config.getoption("--short") else 1.5 * REAL_SWEEP)
    assert link_mails(working, plan) == []
    assert StartPlan.objects.get(pk=plan.pk).document is None


# --- 3 Between the mail server's answer and the commit ---------------------------------------------------------------
@pytest.mark.fault(3)
def test_a_mail_that_may_have_left_is_not_sent_again_but_shown(working: FaultStack, world: World) -> None:
    working.order("mail.after")
    message = ask("faults.mail", "unsure", to="unsure@post.example")
    working.wait_for("mail.after")
    working.wait_until(lambda: outcome(message) == Outcome.UNKNOWN, "uitkomst onbekend", 60)
    working.later(hours=3)
    time.sleep(5)
    assert len(working.sink.mails("unsure@post.example")) == 1, "I2: sent twice"
    page = working.browser(world.user("beheerder")).get("/beheer/werk/")
    assert page.status == 200 and "faults.mail" in page.text and "onbekend" in page.text


@pytest.mark.control(3)
def test_a_mail_in_a_task_that_is_done_again_is_sent_twice(working: FaultStack) -> None:
    working.order("naive.mailed")
    working.tell("naive.mail", "twice@post.example")
    working.wait_until(lambda: len(working.sink.mails("twice@post.example")) == 2, "tweede mail")


# --- 4 The web worker in the middle of a POST ------------------------------------------------------------------------
@pytest.mark.fault(4)
@pytest.mark.parametrize("moment", ["logged", "answered"])
def test_a_web_worker_killed_during_a_post_does_all_or_nothing(stack: FaultStack, world: World, moment: str) -> None:
    person = stack.browser(world.user("regisseur"))
    address = f"/trajecten/{world.draft}/startplan/versturen/"
    stack.order(moment)
    broken = person.post(address)
    assert stack.reached(moment)
    assert broken.status == 0, "I1: no answer was promised"
    is_sent = StartPlan.objects.get(trajectory=world.draft).status == StartPlan.Status.SENT
    assert is_sent == (moment == "answered")
    invariants.check(stack.media)
    again = stack.wait_until(lambda: (answer := person.post(address)).status and answer, "antwoord", 30)
    assert again.status == (409 if is_sent else 302)
    assert AuditEntry.objects.filter(verb="send_plan", trajectory_id=world.draft).count() == 1


@pytest.mark.control(4)
def test_two_writes_without_a_transaction_are_left_half(stack: FaultStack) -> None:
    stack.order("naive.between")
    assert stack.visitor().post("/naive/two-writes/").status == 0
    assert (effects.count("naive change"), effects.count("naive trace")) == (1, 0)


# --- 14 The same task five times -------------------------------------------------------------------------------------
@pytest.mark.fault(14)
def test_a_message_delivered_five_times_has_one_effect(working: FaultStack, dice: random.Random) -> None:
    key = f"five {dice.random()}"
    message = ask("faults.effect", key, effect=key)
    tasks = [lambda: working.tell("topjob.tasks.deliver", message.pk)] * 5
    # In this process as well: two workers that get it at the same moment.
    answers = at_once(*tasks, lambda: outbox.run(message.pk), lambda: outbox.run(message.pk))
    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    working.wait_until(lambda: outcome(message) == Outcome.DONE, "uitkomst")
    last = ask("faults.effect", key + " last", effect=key + " last")
    working.wait_until(lambda: outcome(last) == Outcome.DONE, "einde van de rij")
    assert effects.count(key) == 1


@pytest.mark.control(14)
def test_a_naive_task_delivered_five_times_has_five_effects(working: FaultStack, dice: random.Random) -> None:
    key = f"five {dice.random()}"
    for _again in range(5):
        working.tell("naive.late", key)
    working.wait_until(lambda: effects.count(key) == 5, "vijf keer hetzelfde")


# --- 26 A poison task ------------------------------------------------------------------------------------------------
@pytest.mark.fault(26)
@pytest.mark.parametrize("kind", ["faults.poison", "no such handler"])
def test_poison_is_given_up_and_the_queue_moves_on(
    working: FaultStack, world: World, kind: str, request: pytest.FixtureRequest
) -> None:
    poison = ask(kind, f"poison {kind}")
    if request.config.getoption("--short"):  # its earlier attempts are behind it
        OutboxMessage.objects.filter(pk=poison.pk).update(attempts=outbox.MAX_ATTEMPTS - 3)
    others = [ask("faults.effect", f"after {number}", effect="after") for number in range(5)]
    working.wait_until(lambda: effects.count("after") == 5, "werk achter het gif", 60)

    def given_up() -> bool:
        working.later(hours=1)
        return outcome(poison) == Outcome.DEAD

    working.wait_until(given_up, "opgegeven gif", 60)
    assert all(outcome(message) == Outcome.DONE for message in others)
    page = working.browser(world.user("beheerder")).get("/beheer/werk/")
    assert kind in page.text and "opgegeven" in page.text
    assert effects.count("after") == 5


@pytest.mark.control(26)
def test_poison_at_the_head_of_a_naive_queue_stops_it(working: FaultStack) -> None:
    working.stop("beat")
    with outbox.without_hints():
        ask("faults.fails", "naive 0")
        for number in range(1, 4):
            ask("faults.effect", f"naive {number}", effect="behind")
    for _round in range(3):
        working.tell("naive.sweep", "naive")
    working.tell("naive.late", "naive end")
    working.wait_until(lambda: effects.count("naive end"), "einde van de rondes")
    assert effects.count("behind") == 0
