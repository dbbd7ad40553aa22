"""Doing something to see what would be mailed, and then not having done it: a mail is shown before it goes.

`letters_of` takes the very action that a button takes, lets the handlers of the outbox write what follows, keeps what they
would send, and rolls all of it back. So what is shown can't differ from what goes, and a new mail is shown by itself. What a
link in a mail opens with is never made while rehearsing (`secret`): who looks gets no key to somebody else's page.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction

if TYPE_CHECKING:
    from topjob.mail import Letter
    from topjob.models import OutboxMessage

# Stands where a link holds the token of whoever it goes to.
NO_TOKEN_YET = "eigen-link"


@dataclass
class Rehearsal:
    """What was asked of the outbox, and what its handlers wrote."""

    asked: list[OutboxMessage] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)


_now: ContextVar[Rehearsal | None] = ContextVar("rehearsal", default=None)


def rehearsal() -> Rehearsal | None:
    """What is being rehearsed now, if anything."""
    return _now.get()


def secret(make: Callable[[], str]) -> str:
    """What opens somebody's own page: made for a message that goes, never for one that is only shown."""
    return NO_TOKEN_YET if rehearsal() else make()


class _Undone(Exception):
    """Ends a rehearsal."""


def rehearsed(do: Callable[[], Any], work: Callable[[OutboxMessage], None]) -> list[Letter]:
    """Do it, and by `work` everything that it asked of the outbox; undo all of that, and give what would have been sent."""
    kept = Rehearsal()
    token = _now.set(kept)
    try:
        with transaction.atomic():
            do()
            for message in kept.asked:  # which grows while one message hands out others
                work(message)
            raise _Undone
    except _Undone:
        return kept.letters
    finally:
        _now.reset(token)
