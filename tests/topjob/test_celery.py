"""Real tasks, by a worker in a process of its own, on a real broker."""

import os
import signal
import time
from contextlib import contextmanager

import pytest
from django.conf import settings
from kombu import Connection

from topjob import clock, embedded
from topjob.celery import app
from topjob.models import OutboxMessage

pytestmark = pytest.mark.celery


def test_tasks_are_acknowledged_late_and_have_no_results():
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.task_ignore_result
    assert not app.conf.task_always_eager


def test_the_beat_schedule_names_tasks_that_exist():
    app.loader.import_default_modules()
    for entry in app.conf.beat_schedule.values():
        assert entry["task"] in app.tasks


def test_a_message_that_nobody_told_celery_about_is_swept_up(whole_stack):
    """The sweeper finds it: whatever its outcome, somebody tried."""
    with whole_stack.orm():
        message = OutboxMessage.objects.create(
            key="test", handler="no such handler", created_at=clock.now(), next_try_at=clock.now()
        )

        def tried() -> bool:
            return OutboxMessage.objects.get(pk=message.pk).attempts == 1

        whole_stack.wait_until(tried, "poging van de veger", 30)


def test_work_goes_on_after_the_whole_worker_was_killed(whole_stack):
    whole_stack.stop("worker", kill=True)
    with whole_stack.orm():
        message = OutboxMessage.objects.create(
            key="after", handler="no such handler", created_at=clock.now(), next_try_at=clock.now()
        )
        whole_stack.start("worker")
        whole_stack.wait_until(lambda: OutboxMessage.objects.get(pk=message.pk).attempts, "poging na de herstart", 60)


@contextmanager
def frozen(pid: int):
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def test_a_broker_that_hangs_costs_a_request_at_most_two_seconds():
    broker = embedded.Valkey(settings.SERVICES_HOME.with_name(f"hang-{os.getpid()}"))
    with broker.shared():
        client = broker._client()
        pid = client.info("server")["process_id"]
        client.close()
        with app.connection_for_write(broker.url) as connection, frozen(pid):
            started = time.monotonic()
            with pytest.raises(Exception):  # noqa: B017 - which one is the library's business
                app.send_task("topjob.tasks.deliver", (1,), connection=connection, retry=False)
            assert time.monotonic() - started < 2
        assert isinstance(connection, Connection)
