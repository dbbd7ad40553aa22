"""Who has the same form open now, so that two people don't fill it in at once without knowing (`topjob/merging.py` keeps both).

A page whose form merges carries a signed sign of itself: only who was shown that page can ask who else has it open. The
browser asks every twenty seconds, and every four while somebody types in the form; nothing is stored but a name in the shared
cache, for less than a minute after the last sign.
"""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from django.core import signing
from django.core.cache import cache
from django.utils.translation import gettext as _

from topjob import clock
from topjob.names import isolated

SALT = "topjob.presence"
LASTS_SECONDS = 45
VALID_SECONDS = 24 * 60 * 60


def sign_of(path: str, user_pk: int) -> str:
    """What a page gives along, for whoever it was shown to."""
    return signing.dumps([path, user_pk], salt=SALT)


def place_of(sign: str, user_pk: int) -> str | None:
    """Which page it was; nothing when the sign is no sign, too old, or somebody else's."""
    try:
        path, shown_to = signing.loads(sign, salt=SALT, max_age=VALID_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return path if shown_to == user_pk else None


def others_at(place: str, user_pk: int, name: str) -> list[tuple[str, datetime]]:
    """Say that this person has it open; answers who else does, with since when, whoever came first in front."""
    key, now = f"presence:{place}", time.time()
    there: dict[int, Any] = {pk: row for pk, row in (cache.get(key) or {}).items() if now - row[2] < LASTS_SECONDS}
    since = there[user_pk][1] if user_pk in there else clock.now()
    cache.set(key, there | {user_pk: (name, since, now)}, LASTS_SECONDS)
    return sorted(((row[0], row[1]) for pk, row in there.items() if pk != user_pk), key=lambda other: other[1])


def in_words(others: list[tuple[str, datetime]]) -> str:
    """The same as a sentence; empty when nobody else is there."""
    if not others:
        return ""
    names = [isolated(name) for name, _since in others]
    since = f"{others[0][1].astimezone(clock.AMSTERDAM):%H:%M}"
    if len(names) == 1:
        return _("%(name)s bewerkt dit ook, sinds %(since)s.") % {"name": names[0], "since": since}
    listed = _("%(names)s en %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}
    return _("%(names)s bewerken dit ook, sinds %(since)s.") % {"names": listed, "since": since}
