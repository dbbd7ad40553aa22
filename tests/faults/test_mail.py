"""The mail server is away for a day, puts off, refuses (fault 25)."""

from __future__ import annotations

import pytest

from tests.faults import effects
from tests.faults.stack import FaultStack
from tests.faults.test_processes import addresses, link_mails, once_and_all_of_it, send_the_plan
from tests.faults.world import World
from topjob import outbox
from topjob.models import OutboxMessage
from trajectories.models import StartPlan

HOURS = 24
Outcome = OutboxMessage.Outcome


def attempts() -> list[int]:
    return list(OutboxMessage.objects.filter(handler="send_link", done_at=None).values_list("attempts", flat=True))


def all_tried() -> bool:
    """Nobody is in the middle of an attempt, whose next one would count from after the jump."""
    return not OutboxMessage.objects.filter(done_at=None).exclude(started_at=None).exists()


def waiting() -> list[tuple]:
    return list(
        OutboxMessage.objects.filter(done_at=None).values_list("key", "attempts", "next_try_at", "outcome", "error")
    )


def a_day_goes_by(stack: FaultStack, plan: StartPlan, steps: int) -> None:
    """So many times some hours, each with another attempt at every mail."""
    stack.wait_until(lambda: len(attempts()) == len(addresses(plan)) and min(attempts()) >= 1, "eerste poging", 60)
    for _step in range(steps):
        before = min(attempts())
        stack.wait_until(all_tried, "einde van de pogingen")
        stack.later(hours=HOURS / steps)
        stack.wait_until(lambda before=before: min(attempts()) > before, f"volgende poging: {waiting()}", 15)


@pytest.mark.fault(25)
@pytest.mark.parametrize("how", ["away", "451 try later"])
def test_after_a_day_without_a_mail_server_everything_goes_out_once(
    working: FaultStack, world: World, how: str, request: pytest.FixtureRequest
) -> None:
    if how == "away":
        working.sink.stop()
    else:
        working.sink.answers["*"] = how
    plan = send_the_plan(working, world)
    a_day_goes_by(working, plan, steps=9 if request.config.getoption("--short") else 24)
    assert min(attempts()) > outbox.MAX_ATTEMPTS, "the outage outlived what counts as a fault of our own"
    assert link_mails(working, plan) == []
    working.sink.reset()
    working.wait_until(all_tried, "einde van de pogingen")
    working.later(hours=1)
    once_and_all_of_it(working, plan)


@pytest.mark.fault(25)
def test_a_refused_address_becomes_a_task_and_the_others_get_their_mail(working: FaultStack, world: World) -> None:
    plan = StartPlan.objects.get(trajectory=world.draft)
    refused, *others = addresses(plan)
    working.sink.answers[refused] = "550 no such user"
    send_the_plan(working, world)
    working.wait_until(lambda: link_mails(working, plan) == others, "mail aan de anderen", 60)
    working.wait_until(lambda: OutboxMessage.objects.filter(outcome=Outcome.DEAD).exists(), "teruggekomen mail", 60)
    message = OutboxMessage.objects.get(outcome=Outcome.DEAD)
    assert (message.handler, message.attempts) == ("send_link", 1) and "550" in message.error
    page = working.browser(world.user("beheerder")).get("/beheer/werk/")
    assert "Persoonlijke link sturen" in page.text and "opgegeven" in page.text
    case = working.browser(world.user("regisseur")).get(f"/trajecten/{world.draft}/")
    assert "Bericht niet aangekomen" in case.text


@pytest.mark.fault(25)
def test_a_server_that_hangs_up_after_the_mail_is_not_asked_again(working: FaultStack, world: World) -> None:
    working.sink.hangs_up = True
    message = outbox.enqueue("faults.mail", key="cut", to="cut@post.example")
    working.wait_until(lambda: OutboxMessage.objects.get(pk=message.pk).outcome == Outcome.UNKNOWN, "onbekend", 60)
    working.sink.hangs_up = False
    working.later(hours=2)
    working.sink.quiet(4)
    assert len(working.sink.mails("cut@post.example")) == 1


@pytest.mark.control(25)
def test_a_mail_that_is_given_up_when_the_server_is_away_is_lost(working: FaultStack) -> None:
    working.sink.stop()
    working.tell("naive.fleeting_mail", "lost@post.example")
    working.wait_until(lambda: effects.count("given up lost@post.example"), "opgegeven mail")
    working.sink.start()
    working.later(hours=HOURS)
    working.sink.quiet(4)
    assert working.sink.mails("lost@post.example") == []
