"""A piece of work whose effect can be counted: with the product's outbox, and naively."""

from __future__ import annotations

import os
import signal

from django.db import connection

TICK_SECONDS = 2
TABLE = (
    "CREATE TABLE faults_effect (id bigserial PRIMARY KEY, key text NOT NULL, at timestamptz NOT NULL DEFAULT now())"
)
GRANTS = "GRANT ALL ON faults_effect TO topjob_app; GRANT ALL ON SEQUENCE faults_effect_id_seq TO topjob_app"


def add(key: str) -> None:
    """One effect more."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO faults_effect (key) VALUES (%s)", [key])


def count(key: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM faults_effect WHERE key = %s", [key])
        return cursor.fetchone()[0]


def keys_like(pattern: str) -> list[str]:
    """The keys of what was done, as often as it was done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM faults_effect WHERE key LIKE %s", [pattern])
        return [key for (key,) in cursor.fetchall()]


def fails() -> None:
    """Never works."""
    raise RuntimeError("poison")


def register() -> None:
    """The handlers of the faults, in the processes of the stack."""
    from topjob import mail, outbox

    outbox.handler("faults.effect")(lambda effect: add(effect))
    outbox.handler("faults.poison")(lambda: os.kill(os.getpid(), signal.SIGKILL))
    outbox.handler("faults.fails")(fails)
    outbox.handler("faults.mail", leaves=True)(lambda to: mail.send(to, "Proef", "registration_received", {"name": to}))
