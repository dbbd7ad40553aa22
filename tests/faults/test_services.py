"""Services that end, hang, come back or are full: the broker (faults 5, 6) and PostgreSQL (7, 8, 9)."""

from __future__ import annotations

import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import psycopg
import pytest
from celery import Celery
from django.conf import settings
from django.db import connection, connections
from django.db.models.signals import post_save
from django.test import Client, override_settings

from accounts.models import AuditEntry
from tests.faults import effects
from tests.faults.browser import Answer
from tests.faults.stack import FaultStack
from tests.faults.test_processes import (
    everybody_has_the_link,
    never_twice_and_nothing_forgotten,
    once_and_all_of_it,
    send_the_plan,
)
from tests.faults.world import PASSWORD, World
from topjob import embedded
from topjob.celery import app
from topjob.models import OutboxMessage
from trajectories.models import StartPlan

MOST_SECONDS = 2.0
SENDING = "/trajecten/{}/startplan/versturen/"


def log_in(stack: FaultStack, world: World) -> Answer:
    return stack.visitor().post("/inloggen/", login=world.user("regisseur").email, password=PASSWORD)


# --- 5 The broker is gone --------------------------------------------------------------------------------------------
@pytest.mark.fault(5)
def test_without_a_broker_people_go_on_and_the_mail_catches_up(
    working: FaultStack, world: World, figure: Callable
) -> None:
    working.valkey.end()
    answers = [log_in(working, world), working.browser(world.user("regisseur")).get(f"/trajecten/{world.draft}/")]
    started = time.monotonic()
    plan = send_the_plan(working, world)
    assert time.monotonic() - started < MOST_SECONDS
    assert [answer.status for answer in answers] == [302, 200]
    assert max(answer.seconds for answer in answers) < MOST_SECONDS
    working.valkey.start()
    started = time.monotonic()
    working.wait_until(everybody_has_the_link(working, plan), "link bij iedereen", 90)
    figure("broker terug na uitval, mail ingehaald", time.monotonic() - started)
    once_and_all_of_it(working, plan)


@pytest.mark.fault(5)
def test_a_broker_that_forgot_everything_costs_nothing(working: FaultStack, world: World) -> None:
    working.stop("worker")
    plan = send_the_plan(working, world)
    working.valkey.flush()
    working.ensure("worker")
    once_and_all_of_it(working, plan)


@pytest.mark.control(5)
def test_work_that_only_the_broker_knew_is_gone(working: FaultStack, dice: random.Random) -> None:
    key = f"flushed {dice.random()}"
    working.stop("worker")
    working.tell("naive.late", key)
    working.valkey.flush()
    working.tell("naive.late", key + " later")
    working.ensure("worker")
    working.wait_until(lambda: effects.count(key + " later"), "latere taak")
    assert effects.count(key) == 0


# --- 6 The broker hangs ----------------------------------------------------------------------------------------------
@pytest.mark.fault(6)
def test_a_hanging_broker_costs_a_request_at_most_two_seconds(
    working: FaultStack, world: World, figure: Callable
) -> None:
    person = working.browser(world.user("regisseur"))
    with working.valkey.hanging():
        answers = [
            person.post(SENDING.format(world.draft)),
            person.get(f"/trajecten/{world.draft}/"),
            log_in(working, world),
            working.visitor().get("/gezond/gereed/"),
            working.visitor().get("/gezond/werk/"),
        ]
    assert [answer.status for answer in answers] == [302, 200, 302, 200, 503]
    figure("langste verzoek bij een hangende broker", max(answer.seconds for answer in answers))
    assert max(answer.seconds for answer in answers) < MOST_SECONDS
    once_and_all_of_it(working, StartPlan.objects.get(trajectory=world.draft))


@pytest.mark.control(6)
def test_with_celerys_own_settings_a_request_hangs(stack: FaultStack) -> None:
    naive = Celery("naive", broker=stack.broker, set_as_current=False)
    thread = threading.Thread(target=lambda: naive.send_task("naive.late", ("hangs",)), daemon=True)
    with stack.valkey.hanging():
        thread.start()
        thread.join(2 * MOST_SECONDS)
        assert thread.is_alive()
    thread.join(20)


def hang_while_acknowledging(stack: FaultStack, point: str) -> None:
    """The broker hangs from before the end of the work at this point until its acknowledgement was given up."""
    stack.wait_for(point)
    with stack.valkey.hanging():
        stack.go_on(point)
        time.sleep(2 * app.conf.broker_transport_options["socket_timeout"] + 1)


@pytest.mark.fault(6)
def test_a_broker_that_hangs_while_it_is_told_the_end_gets_more_work_done(working: FaultStack, world: World) -> None:
    working.order("run.after", "pause")
    plan = send_the_plan(working, world)
    hang_while_acknowledging(working, "run.after")
    once_and_all_of_it(working, plan)


@pytest.mark.control(6)
def test_with_celerys_own_acknowledgement_the_worker_takes_no_more(working: FaultStack, dice: random.Random) -> None:
    key = f"unheard {dice.random()}"
    working.order("naive.after", "pause")
    working.tell("naive.unheard", key)
    hang_while_acknowledging(working, "naive.after")
    working.tell("naive.late", key + " later")
    time.sleep(10)
    assert effects.count(key) == 1 and effects.count(key + " later") == 0
    working.stop("worker", kill=True)


# --- 7 PostgreSQL is restarted in the middle of a request ------------------------------------------------------------
@pytest.mark.fault(7)
def test_a_restart_within_a_request_answers_503_and_writes_nothing(
    working: FaultStack, world: World, figure: Callable
) -> None:
    person = working.browser(world.user("regisseur"))
    answers: list[Answer] = []
    working.order("logged", "pause")
    asking = threading.Thread(target=lambda: answers.append(person.post(SENDING.format(world.draft))))
    asking.start()
    working.wait_for("logged")
    working.postgres.restart(signal.SIGINT)
    connections.close_all()
    started = time.monotonic()
    working.go_on("logged")
    asking.join(30)
    assert (answers[0].status, answers[0].headers.get("Retry-After")) == (503, "30"), answers[0].text[:500]
    plan = StartPlan.objects.get(trajectory=world.draft)
    assert plan.is_draft and not AuditEntry.objects.filter(verb="send_plan", trajectory_id=world.draft).exists()
    assert person.get(f"/trajecten/{world.draft}/").status == 200
    once_and_all_of_it(working, send_the_plan(working, world))
    figure("PostgreSQL herstart tijdens een verzoek, alles daarna gedaan", time.monotonic() - started)


@contextmanager
def cut_off_at_the_first_log_row(stack: FaultStack) -> Iterator[None]:
    """The connection of this process is ended by the server in the middle of what it does."""

    def cut(**_: object) -> None:
        with psycopg.connect(stack.postgres.dsn(), autocommit=True) as admin:
            admin.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])

    post_save.connect(cut, sender=AuditEntry, weak=False, dispatch_uid="cut")
    try:
        yield
    finally:
        post_save.disconnect(sender=AuditEntry, dispatch_uid="cut")


def in_this_process(world: World) -> Client:
    """A client that takes its middleware from the settings at its first page."""
    client = Client(raise_request_exception=False)
    client.force_login(world.user("regisseur"))
    return client


def without_protection() -> override_settings:
    """The pages without our own answer to an outage."""
    left = [name for name in settings.MIDDLEWARE if name != "topjob.middleware.RefusedMiddleware"]
    return override_settings(MIDDLEWARE=left, ROOT_URLCONF="tests.faults.bare_urls")


@pytest.mark.control(7)
def test_without_our_answer_a_lost_connection_is_a_500(stack: FaultStack, world: World) -> None:
    ours, bare = in_this_process(world), in_this_process(world)
    with cut_off_at_the_first_log_row(stack):
        assert ours.post(SENDING.format(world.draft)).status_code == 503
        with without_protection():
            assert bare.post(SENDING.format(world.draft)).status_code == 500


# --- 8 PostgreSQL stops at once after a commit -----------------------------------------------------------------------
def committed_before_the_end(stack: FaultStack, dice: random.Random, *, asynchronous: bool) -> tuple[int, int]:
    """How many effects were acknowledged until the server stopped at once, and how many are there afterwards."""
    acknowledged = 0
    connections.close_all()
    ending = threading.Timer(dice.uniform(0.1, 0.6), lambda: stack.postgres.end(signal.SIGQUIT))
    with psycopg.connect(stack.owner_dsn, autocommit=True) as writer:
        writer.execute("SET synchronous_commit = " + ("off" if asynchronous else "on"))
        ending.start()
        with suppress(psycopg.Error):
            while True:
                writer.execute("INSERT INTO faults_effect (key) VALUES ('promised')")
                acknowledged += 1
    ending.join(30)
    stack.postgres.start()
    return acknowledged, effects.count("promised")


@pytest.mark.fault(8)
def test_what_was_acknowledged_survives_an_immediate_stop(
    working: FaultStack, world: World, dice: random.Random
) -> None:
    working.postgres.checkpoint()
    plan = send_the_plan(working, world)
    working.postgres.restart(signal.SIGQUIT)
    connections.close_all()
    assert StartPlan.objects.get(pk=plan.pk).status == StartPlan.Status.SENT
    assert AuditEntry.objects.filter(verb="send_plan", trajectory_id=world.draft).count() == 1
    assert OutboxMessage.objects.filter(key=f"render-plan-{plan.pk}").count() == 1
    acknowledged, kept = committed_before_the_end(working, dice, asynchronous=False)
    assert kept >= acknowledged > 0
    never_twice_and_nothing_forgotten(working, plan)


@pytest.mark.control(8)
def test_a_commit_that_does_not_wait_for_the_disk_is_lost(stack: FaultStack, dice: random.Random) -> None:
    acknowledged, kept = committed_before_the_end(stack, dice, asynchronous=True)
    assert kept < acknowledged


# --- 9 No connections left -------------------------------------------------------------------------------------------
@contextmanager
def every_connection_taken(stack: FaultStack) -> Iterator[None]:
    taken: list[psycopg.Connection] = []
    with psycopg.connect(stack.postgres.dsn(), autocommit=True) as admin:
        connections.close_all()
        with suppress(psycopg.OperationalError):
            while len(taken) < 200:
                taken.append(psycopg.connect(stack.postgres.dsn(embedded.APP, "postgres")))
        # What the web server held goes as well, and is taken at once.
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'topjob_faults'")
        with suppress(psycopg.OperationalError):
            for _attempt in range(200):
                taken.append(psycopg.connect(stack.postgres.dsn(embedded.APP, "postgres")))
        try:
            yield
        finally:
            for one in taken:
                one.close()


@pytest.mark.fault(9)
def test_without_a_connection_pages_answer_503_and_nothing_is_half_done(stack: FaultStack, world: World) -> None:
    person = stack.browser(world.user("regisseur"))
    with every_connection_taken(stack):
        answers = [
            person.get(f"/trajecten/{world.draft}/"),
            person.post(SENDING.format(world.draft)),
            log_in_blindly(stack),
            stack.visitor().get("/gezond/gereed/"),
            stack.visitor().get("/gezond/leeft/"),
        ]
    assert [answer.status for answer in answers] == [503, 503, 503, 503, 200]
    assert all(answer.headers.get("Retry-After") for answer in answers[:3])
    assert max(answer.seconds for answer in answers) < 5
    assert StartPlan.objects.get(trajectory=world.draft).is_draft
    assert person.post(SENDING.format(world.draft)).status == 302


def log_in_blindly(stack: FaultStack) -> Answer:
    return stack.visitor().post("/inloggen/", login="iemand@test.example", password=PASSWORD)


@pytest.mark.control(9)
def test_without_our_answer_a_full_server_is_a_500(stack: FaultStack, world: World) -> None:
    ours, bare = in_this_process(world), in_this_process(world)
    with every_connection_taken(stack):
        assert ours.get(f"/trajecten/{world.draft}/").status_code == 503
        with without_protection():
            assert bare.get(f"/trajecten/{world.draft}/").status_code == 500
