"""The product's Celery application with the points in it, and the naive tasks of the controls."""

from __future__ import annotations

import smtplib
import time

import django
from celery import Task

import topjob.celery  # before the settings, which are inside the package that this import makes

django.setup()

from django.conf import settings  # noqa: E402
from django.utils import timezone  # noqa: E402

from tests.faults import effects, points  # noqa: E402
from topjob import outbox  # noqa: E402
from topjob.models import OutboxMessage  # noqa: E402

app = topjob.celery.app
effects.register()
points.install()


@app.task(name="naive.effect", acks_late=False)
def naive_effect(key: str) -> None:
    """Work that only the broker knows of, acknowledged when it is taken: Celery's default."""
    points.point("naive.before")
    effects.add(key)
    points.point("naive.after")


@app.task(name="naive.late", acks_late=True)
def naive_late(key: str) -> None:
    """Work that only the broker knows of, acknowledged when it is done, with nothing that makes it happen once."""
    points.point("naive.before")
    effects.add(key)
    points.point("naive.after")


@app.task(name="naive.unheard", acks_late=True, base=Task)
def naive_unheard(key: str) -> None:
    """The same with Celery's own idea of an acknowledgement that isn't heard."""
    naive_late(key)


@app.task(name="naive.mail", acks_late=True)
def naive_mail(to: str) -> None:
    """A mail in a task that is simply done again after a crash."""
    with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=5) as server:
        server.sendmail("post@topjob.example", [to], f"Subject: naief\r\nTo: {to}\r\n\r\nHallo\r\n")
    points.point("naive.mailed")


@app.task(name="naive.fleeting_mail")
def naive_fleeting_mail(to: str) -> None:
    """A mail that is given up when the server is away, as many do: the error is logged and that is that."""
    try:
        naive_mail(to)
    except (OSError, smtplib.SMTPException):
        effects.add(f"given up {to}")


@app.task(name="naive.sweep")
def naive_sweep(prefix: str) -> None:
    """Everything that waits, one after another, in one go: the first that fails ends it."""
    for message in OutboxMessage.objects.waiting().filter(key__startswith=prefix).order_by("pk"):
        outbox.HANDLERS[message.handler](**message.payload)
        OutboxMessage.objects.filter(pk=message.pk).update(done_at=timezone.now())


@app.task(name="naive.tick")
def naive_tick() -> None:
    """A round that counts on being asked once per period."""
    effects.add(f"tick {int(time.time() / effects.TICK_SECONDS)}")


@app.task(name="naive.deadlines")
def naive_deadlines() -> None:
    """What falls due today, by the calendar of the machine: whatever was missed stays missed."""
    from topjob import clock
    from trajectories.models import Deadline

    for deadline in Deadline.objects.open().filter(due_on=clock.now().date()):
        effects.add(f"deadline {deadline.kind}")


app.conf.beat_schedule = {
    **app.conf.beat_schedule,
    "naive-tick": {"task": "naive.tick", "schedule": float(effects.TICK_SECONDS)},
}
