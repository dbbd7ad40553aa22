"""A connection as the one database role that may remove protected rows (decisions 11 and 19)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

import psycopg
from django.conf import settings
from django.db import connections

from topjob.settings import database_url


class NoDestroyer(Exception):
    """This installation has no destroyer role: DATABASE_DESTROYER_URL is missing."""


@contextmanager
def transaction() -> Iterator[psycopg.Connection]:
    """One transaction as the destroyer, on the database this process works with; undone when the block fails."""
    if settings.DATABASE_ROLE_NAMES["destroyer"] in ("", settings.DATABASE_ROLE_NAMES["app"]):
        raise NoDestroyer("DATABASE_DESTROYER_URL noemt geen aparte databaserol om te vernietigen")
    parts = urlsplit(database_url("destroyer"))
    with psycopg.connect(
        host=unquote(parts.netloc.rpartition("@")[2].partition(":")[0]),
        port=parts.port or 5432,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or "") or None,
        dbname=connections.settings["default"]["NAME"],
        connect_timeout=3,
    ) as connection:
        yield connection
