"""The cache that all processes share: Redis, and the database while Redis is away.

What is counted here (limits, codes that were used) must hold whichever process is asked, and must go on when Redis doesn't
answer (RELIABILITY.md, I4): then the counts begin anew in PostgreSQL, as strict as before.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import structlog
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.redis import RedisCache
from django.db import transaction
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from topjob.locks import one_at_a_time

log = structlog.get_logger()

TABLE = "topjob_cache"
# How long a request waits for Redis, and how long after that nobody asks it again.
PATIENCE_SECONDS = 0.3
AWAY_SECONDS = 20.0
MOST_ROWS = 200_000


def redis_address(broker: str) -> str:
    """Celery's address of the broker as the Redis client writes it."""
    parts = urlsplit(broker)
    if parts.scheme != "redis+socket":
        return broker
    number = parse_qs(parts.query).get("virtual_host", ["0"])[0]
    return f"unix://{parts.netloc}{parts.path}?db={number}"


class DatabaseCounts(DatabaseCache):
    """Django's cache in a table, where counting is one step and leaves the end as it was."""

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        from topjob.models import CacheRow

        made = self.make_and_validate_key(key, version=version)
        with transaction.atomic():
            one_at_a_time("cache", made)
            value = self.get(key, version=version)
            if value is None:
                raise ValueError(f"Key '{key}' not found")
            row = CacheRow.objects.filter(pk=made)
            ends = row.get().expires
            self.set(key, value + delta, version=version)
            row.update(expires=ends)
        return value + delta


class SharedCache(BaseCache):
    """Asks Redis; asks the database for a while once Redis didn't answer. Without LOCATION: the database only."""

    # When Redis may be asked again; of the process, for every thread has its own cache object.
    away_until = 0.0

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self.database = DatabaseCounts(TABLE, {**params, "OPTIONS": {"MAX_ENTRIES": MOST_ROWS}})
        limits = {"socket_timeout": PATIENCE_SECONDS, "socket_connect_timeout": PATIENCE_SECONDS}
        options = {**limits, "retry": Retry(NoBackoff(), 0)}
        self.redis = RedisCache(redis_address(location), {**params, "OPTIONS": options}) if location else None

    def _ask(self, question: Callable[[BaseCache], Any]) -> Any:
        if self.redis is not None and time.monotonic() >= SharedCache.away_until:
            try:
                return question(self.redis)
            except (RedisError, OSError) as error:
                SharedCache.away_until = time.monotonic() + AWAY_SECONDS
                log.warning("cache_in_database", error=str(error))
        return question(self.database)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._ask(lambda cache: cache.add(key, value, timeout, version))

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._ask(lambda cache: cache.get(key, default, version))

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._ask(lambda cache: cache.set(key, value, timeout, version))

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._ask(lambda cache: cache.touch(key, timeout, version))

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._ask(lambda cache: cache.delete(key, version))

    def has_key(self, key: str, version: int | None = None) -> bool:
        return self._ask(lambda cache: cache.has_key(key, version))

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        return self._ask(lambda cache: cache.incr(key, delta, version))

    def clear(self) -> None:
        """Only the database's part: in Redis waits other work too."""
        self.database.clear()
