"""Work that must follow a change: written beside the change, done after it, once.

`enqueue` belongs in an action's transaction. A handler is a plain function of the payload, registered by name; it runs in a
Celery worker, inside a transaction that also marks the message done. Retries wait longer each time; after `MAX_ATTEMPTS` the
message is given up and shown to the beheerder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from django.db import transaction

from topjob import clock
from topjob.models import OutboxMessage

Handler = Callable[..., None]
MAX_ATTEMPTS = 8
CLAIM_SECONDS = 60
HANDLERS: dict[str, Handler] = {}

log = structlog.get_logger()


def handler(name: str) -> Callable[[Handler], Handler]:
    """Register the function that does the work called `name`."""

    def register(function: Handler) -> Handler:
        HANDLERS[name] = function
        return function

    return register


_hints: ContextVar[bool] = ContextVar("outbox_hints", default=True)


@contextmanager
def without_hints() -> Iterator[None]:
    """Leave what is asked within this block to the sweeper: for bulk work such as filling the demo."""
    token = _hints.set(False)
    try:
        yield
    finally:
        _hints.reset(token)


def enqueue(name: str, *, key: str, **payload: Any) -> OutboxMessage:
    """Ask for work after this transaction; a second request with the same key is the same request (I2)."""
    moment = clock.now()
    message, _created = OutboxMessage.objects.get_or_create(
        key=key,
        defaults={"handler": name, "payload": payload, "created_at": moment, "next_try_at": moment},
    )
    if _hints.get():
        transaction.on_commit(partial(tell_celery, message.pk), robust=True)
    return message


def tell_celery(pk: int) -> None:
    """Hint the worker; when the broker is down the sweeper finds the row within its next round."""
    from topjob.tasks import deliver

    try:
        deliver.apply_async((pk,), retry=False)
    except Exception as error:  # the row is safe in PostgreSQL; the sweeper will find it
        log.warning("outbox_hint_lost", message=pk, error=str(error))


def run(pk: int) -> bool:
    """Do the work of one message, if nobody else is doing it; answers whether this call did it."""
    try:
        with transaction.atomic():
            message = OutboxMessage.objects.select_for_update(skip_locked=True).waiting().filter(pk=pk).first()
            if message is None:
                return False
            HANDLERS[message.handler](**message.payload)
            OutboxMessage.objects.filter(pk=pk).update(
                done_at=clock.now(), outcome=OutboxMessage.Outcome.DONE, attempts=message.attempts + 1, error=""
            )
    except Exception as error:
        log.exception("outbox_failed", message=pk)
        _note_failure(pk, error)
        return False
    return True


def _note_failure(pk: int, error: Exception) -> None:
    """Count the failed attempt and plan the next, or give up after the last (dead letter)."""
    with transaction.atomic():
        message = OutboxMessage.objects.select_for_update().get(pk=pk)
        message.attempts += 1
        message.error = f"{type(error).__name__}: {error}"[:2000]
        message.next_try_at = clock.now() + timedelta(seconds=20 * 2**message.attempts)
        if message.attempts >= MAX_ATTEMPTS:
            message.dead_at, message.outcome = clock.now(), OutboxMessage.Outcome.DEAD
        message.save()


def requeue(message: OutboxMessage) -> None:
    """Give a given-up message a fresh start (beheerder)."""
    message.attempts, message.dead_at, message.error = 0, None, ""
    message.outcome, message.next_try_at = OutboxMessage.Outcome.WAITING, clock.now()
    message.save()
    transaction.on_commit(partial(tell_celery, message.pk), robust=True)
