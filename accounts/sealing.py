"""The chains of the log and of the readings, made in batches (R14): what was written waits in a queue until it is linked.

PostgreSQL does the linking itself (`sql/topjob_audit_seal.sql`, `sql/topjob_reading_seal.sql`), one caller at a time; this asks
for it. Beat asks every few seconds and `verify` asks before it looks. Nobody who logs waits for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction

BATCH = 1000
FUNCTIONS = ("topjob_audit_seal", "topjob_reading_seal")
# Longer than this no row waits while a worker runs.
TOO_LONG = timedelta(minutes=10)


@dataclass(frozen=True)
class Waiting:
    """What isn't in the chain yet: how many rows, and how many seconds the oldest has waited."""

    rows: int
    seconds: int


def seal(batch: int = BATCH) -> int:
    """Seal every log row and reading that was committed and isn't in its chain yet; answers how many that were (R14)."""
    return sum(_all_of(function, batch) for function in FUNCTIONS)


def _all_of(function: str, batch: int) -> int:
    total = 0
    while count := _once(function, batch):
        total += count
        if count < batch:
            break
    return total


@transaction.atomic
def _once(function: str, batch: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT public.{function}(%s)", [batch])
        return cursor.fetchone()[0]


def waiting() -> Waiting:
    """How far the sealing is behind, counted on the real clock: nobody moves that."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(since)), 0) FROM"
            " (SELECT since FROM public.accounts_auditunsealed UNION ALL SELECT since FROM public.accounts_readingunsealed) q"
        )
        rows, seconds = cursor.fetchone()
    return Waiting(rows, int(seconds))
