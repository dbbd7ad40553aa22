"""Work that must follow a change: written beside the change, done after it, once.

`enqueue` belongs in an action's transaction. A handler is a plain function of the payload, registered by name; it runs in a
Celery worker, inside a transaction that also marks the message done. Retries wait longer each time; after `MAX_ATTEMPTS` the
message is given up and shown to the beheerder.

Each attempt is counted, in a transaction of its own, before it begins: work that kills its process is given up as well, and
doesn't hold up the rest. What can't be taken back (a mail) is registered with `leaves=True`: when its process died on the way,
nobody knows whether it left, so it isn't done again but marked "onbekend" for a person.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
from celery import current_app
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from topjob import clock
from topjob.labels import LABELS
from topjob.models import OutboxMessage
from topjob.rehearsing import rehearsal, rehearsed

if TYPE_CHECKING:
    from topjob.mail import Letter

Handler = Callable[..., None]
MAX_ATTEMPTS = 8
# Another party that is away (the mail server) is asked again at least this often, and for this long.
LONGEST_WAIT = timedelta(minutes=15)
KEEP_TRYING = timedelta(days=5)
# After a process that died: soon again, for it may have been the machine's fault.
WAIT_AFTER_A_CRASH = timedelta(seconds=10)
LOCK_SPACE = 7218
HANDLERS: dict[str, Handler] = {}
LEAVING: set[str] = set()
SPREADING: set[str] = set()
GIVEN_UP: dict[str, Handler] = {}

log = structlog.get_logger()


class Postponed(Exception):
    """Somebody else's outage, such as a mail server that is away: try again for days before giving up."""


class Undeliverable(Exception):
    """It will never work, such as an address that doesn't exist: a person has to look."""


class Uncertain(Exception):
    """It may have left the house or not: doing it again could do it twice, so a person has to look."""


def handler(
    name: str,
    *,
    label: str | Promise = "",
    leaves: bool = False,
    spreads: bool = False,
    given_up: Handler | None = None,
) -> Callable[[Handler], Handler]:
    """Register the function that does the work called `name`; the beheerder reads its `label`.

    `leaves`: what it does leaves the house and can't be taken back. `spreads`: all it does is ask for mails, one for each who
    gets it. `given_up` is called with the same payload when the work ends without being done for certain; it tells the people of
    the case.
    """

    def register(function: Handler) -> Handler:
        HANDLERS[name] = function
        LABELS[name] = label or name
        if leaves:
            LEAVING.add(name)
        if spreads:
            SPREADING.add(name)
        if given_up is not None:
            GIVEN_UP[name] = given_up
        return function

    return register


@dataclass
class Attempt:
    """One go at a message; `has_left` once something of it can't be taken back."""

    handler: str
    has_left: bool = False


_attempt: ContextVar[Attempt | None] = ContextVar("outbox_attempt", default=None)


def leaving_the_house() -> None:
    """Called right before what can't be taken back; refused in work that is simply done again after a crash (I2)."""
    attempt = _attempt.get()
    if attempt is None:
        return
    if attempt.handler not in LEAVING:
        raise RuntimeError(f"The handler {attempt.handler!r} sends something: register it with leaves=True.")
    attempt.has_left = True


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
    if (shown := rehearsal()) is not None:
        shown.asked.append(message)
    elif _hints.get():
        transaction.on_commit(partial(tell_celery, message.pk), robust=True)
    return message


def letters_of(do: Callable[[], Any]) -> list[Letter]:
    """What would be mailed if this were done now, in the very words; nothing is done. Raises `Refused` as doing it would."""
    return rehearsed(do, _write)


def _write(message: OutboxMessage) -> None:
    """Only what mails: a document isn't made to look at a mail."""
    if message.handler in LEAVING | SPREADING:
        HANDLERS[message.handler](**message.payload)


def tell_celery(pk: int) -> None:
    """Hint the worker; when the broker is down the sweeper finds the row within its next round."""
    try:
        current_app.send_task("topjob.tasks.deliver", (pk,), retry=False)
    except Exception as error:  # the row is safe in PostgreSQL; the sweeper will find it
        log.warning("outbox_hint_lost", message=pk, error=str(error))


def run(pk: int) -> bool:
    """Do the work of one message, if nobody else is doing it; answers whether this call did it."""
    with _alone(pk) as alone:
        message = _claim(pk) if alone else None
        return message is not None and _do(message)


@contextmanager
def _alone(pk: int) -> Iterator[bool]:
    """Whether nobody else works on this message; the database forgets the claim of a process that dies."""
    numbers = [LOCK_SPACE, pk & 0x7FFFFFFF]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", numbers)
        alone = cursor.fetchone()[0]
    try:
        yield alone
    finally:
        # A connection that was lost has lost its locks as well.
        with suppress(OperationalError, InterfaceError):
            if alone:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(%s, %s)", numbers)


@transaction.atomic
def _claim(pk: int) -> OutboxMessage | None:
    """Count the attempt before it begins; what crashed too often, or may have left the house, isn't begun again."""
    message = OutboxMessage.objects.select_for_update(skip_locked=True).waiting().filter(pk=pk).first()
    if message is None:
        return None
    if message.started_at is not None:  # the earlier attempt never ended: its process died
        message.error = _("Het proces dat hiermee bezig was, is gestopt.")
        if message.handler in LEAVING:
            _end(message, OutboxMessage.Outcome.UNKNOWN)
        elif message.attempts >= MAX_ATTEMPTS:
            _end(message, OutboxMessage.Outcome.DEAD)
        if message.dead_at is not None:
            return None
    message.attempts += 1
    message.started_at = clock.now()
    message.next_try_at = clock.now() + WAIT_AFTER_A_CRASH * message.attempts
    message.save()
    return message


def _do(message: OutboxMessage) -> bool:
    """The work and its being done, in one transaction."""
    attempt = Attempt(message.handler)
    token = _attempt.set(attempt)
    try:
        with transaction.atomic():
            HANDLERS[message.handler](**message.payload)
            OutboxMessage.objects.filter(pk=message.pk).update(
                done_at=clock.now(), outcome=OutboxMessage.Outcome.DONE, error=""
            )
    except Exception as error:
        log.exception("outbox_failed", message=message.pk)
        _note_patiently(message.pk, _what_it_means(error, attempt))
        return False
    finally:
        _attempt.reset(token)
    return True


def _what_it_means(error: Exception, attempt: Attempt) -> Exception:
    """A failure after it left, such as a lost commit, must not lead to doing it again (fault 3)."""
    if attempt.has_left and not isinstance(error, Postponed | Undeliverable | Uncertain):
        return Uncertain(f"{type(error).__name__}: {error}")
    return error


def _note_patiently(pk: int, error: Exception) -> None:
    """Write down how it ended; when the database is just being restarted, wait for it (faults 7 and 8)."""
    for seconds in (0.5, 1, 2, 4, 8):
        try:
            return _note_failure(pk, error)
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block:
                raise
            connection.close()
            time.sleep(seconds)
    return _note_failure(pk, error)


@transaction.atomic
def _note_failure(pk: int, error: Exception) -> None:
    """Plan the next attempt, or end it: after the last one, or at once when trying again is of no use."""
    message = OutboxMessage.objects.select_for_update().waiting().filter(pk=pk).first()
    if message is None:  # ended meanwhile by another process, after this one lost its connection
        return
    message.error = f"{type(error).__name__}: {error}"[:2000]
    message.started_at = None
    wait = timedelta(seconds=20 * 2 ** min(message.attempts, MAX_ATTEMPTS))
    if isinstance(error, Postponed):
        wait, is_last = min(wait, LONGEST_WAIT), clock.now() - message.created_at > KEEP_TRYING
    else:
        is_last = message.attempts >= MAX_ATTEMPTS or isinstance(error, Undeliverable | Uncertain)
    message.next_try_at = clock.now() + wait
    if is_last:
        _end(message, OutboxMessage.Outcome.UNKNOWN if isinstance(error, Uncertain) else OutboxMessage.Outcome.DEAD)
    message.save()


def _end(message: OutboxMessage, outcome: str) -> None:
    """No further attempts; a person has to look, and the people of the case are told when there is somebody to tell."""
    message.dead_at, message.outcome = clock.now(), outcome
    message.save()
    if message.handler in GIVEN_UP:
        try:
            with transaction.atomic():
                GIVEN_UP[message.handler](**message.payload)
        except Exception:  # that it ended must be kept, also when telling so fails
            log.exception("outbox_end_untold", message=message.pk)


def requeue(message: OutboxMessage) -> None:
    """Give a given-up message a fresh start (beheerder)."""
    message.attempts, message.dead_at, message.started_at, message.error = 0, None, None, ""
    message.outcome, message.next_try_at = OutboxMessage.Outcome.WAITING, clock.now()
    message.save()
    transaction.on_commit(partial(tell_celery, message.pk), robust=True)
