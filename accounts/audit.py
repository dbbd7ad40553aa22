"""Writing the log (R14): every action calls `record` inside its own transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models

from accounts.models import AuditEntry, AuditText, User
from accounts.verbs import Verb
from topjob import clock

Party = AuditEntry.Party


@dataclass(frozen=True)
class Actor:
    """Who acts: a user, a party through a personal link, or the product itself when a date arrives."""

    party: str
    user: User | None = None

    @property
    def is_system(self) -> bool:
        return self.party == Party.SYSTEM


SYSTEM = Actor(party=Party.SYSTEM)
# Who may be told to have done something.
By = User | Actor


def actor(by: By) -> Actor:
    """Anyone who acts, as an `Actor`."""
    return by if isinstance(by, Actor) else Actor(party=_party_of(by), user=by)


def _party_of(user: User) -> str:
    if user.is_staff_member:
        return Party.STAFF
    return Party.YOUTH if user.has_role("kandidaat") else Party.EMPLOYER


def record(
    verb: Verb,
    subject: models.Model,
    *,
    by: By,
    candidate_id: int | None = None,
    trajectory_id: int | None = None,
    reason: str = "",
    states: tuple[str, str] = ("", ""),
    **details: Any,
) -> AuditEntry:
    """Add a log row. `details` holds ids and codes only; personal words go in `reason`, stored apart (decision 11)."""
    if not isinstance(verb, Verb):
        raise ValueError(f"{verb!r} is no verb of accounts/verbs.py.")
    who = actor(by)
    text = AuditText.objects.create(text=reason, candidate_id=candidate_id) if reason else None
    return AuditEntry.objects.create(
        at=clock.now(),
        actor=who.user,
        party=who.party,
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        candidate_id=candidate_id,
        trajectory_id=trajectory_id,
        state_from=states[0],
        state_to=states[1],
        details=details,
        text=text,
    )
