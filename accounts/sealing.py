"""The chain of the log, made in batches (R14): what was logged waits in a queue of the database until it is linked.

PostgreSQL does the linking itself (`topjob_audit_seal`, migration 0013), one caller at a time; this asks for it. Beat asks every
few seconds and `verify` asks before it looks. Nobody who logs waits for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction

BATCH = 1000
# Longer than this no row waits while a worker runs.
TOO_LONG = timedelta(minutes=10)


@dataclass(frozen=True)
class Waiting:
    """What isn't in the chain yet: how many rows, and how many seconds the oldest has waited."""

    rows: int
    seconds: int


def seal(batch: int = BATCH) -> int:
    """Link everything that was logged and committed and isn't in the chain yet; answers how many rows that were (R14)."""
    total = 0
    while count := _seal_once(batch):
        total += count
        if count < batch:
            break
    return total


@transaction.atomic
def _seal_once(batch: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT public.topjob_audit_seal(%s)", [batch])
        return cursor.fetchone()[0]


def waiting() -> Waiting:
    """How far the sealing is behind, counted on the real clock: nobody moves that."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(since)), 0)"
            " FROM public.accounts_auditunsealed"
        )
        rows, seconds = cursor.fetchone()
    return Waiting(rows, int(seconds))
