"""Undoing what was just done, where that can be: a message with a button, which does the opposite and is logged as such.

Whoever does something that can be undone registers how (`undoing`) and adds `undo_tags` to the message that says it is done.
The button holds what is needed, signed, for this person and for half a minute; doing the opposite asks the same rules as ever.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from topjob import clock
from topjob.errors import Refused

SALT = "topjob.undo"
# Longer than the button is shown as a toast, for whoever reads on without script.
HOLDS = timedelta(seconds=30)
Undo = Callable[..., str]
_UNDO: dict[str, Undo] = {}


def undoing(name: str) -> Callable[[Undo], Undo]:
    """Register what undoes something: gets `by` and what was kept, says in words what was undone; raises `Refused`."""

    def declare(undo: Undo) -> Undo:
        _UNDO[name] = undo
        return undo

    return declare


def undo_tags(name: str, user: Any, /, **kept: Any) -> str:
    """For `messages.success(…, extra_tags=…)`: the button that undoes this, for who did it."""
    asked = {"name": name, "user": user.pk, "until": (clock.now() + HOLDS).timestamp(), "kept": kept}
    return signing.dumps(asked, salt=SALT, compress=True)


def undo(token: str, *, by: Any) -> str:
    """Undo what this button was for, and say so. `Refused` when it is too late, or somebody else's."""
    too_late = Refused(_("Ongedaan maken kan alleen in de eerste halve minuut. Dat is nu voorbij."))
    try:
        asked = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise too_late from None
    if asked["until"] < clock.now().timestamp():
        raise too_late
    if asked["user"] != by.pk:
        raise Refused(_("Alleen wie het deed, kan dit ongedaan maken."))
    return _UNDO[asked["name"]](by=by, **asked["kept"])
