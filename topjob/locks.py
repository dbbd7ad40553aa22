"""Holding others who do the very same thing, where there is no row yet to lock."""

from __future__ import annotations

from django.db import connection


def one_at_a_time(*what: object) -> None:
    """Wait for whoever does this same thing now, and hold others until this transaction ends (fault 13)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [repr(what)])
