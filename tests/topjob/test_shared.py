"""Counts that all processes share, with Redis and without."""

from __future__ import annotations

import socket
import time

import pytest

from tests.live import _embedded_broker
from topjob.models import CacheRow
from topjob.shared import SharedCache, redis_address


@pytest.fixture(autouse=True)
def asked_anew(monkeypatch):
    monkeypatch.setattr(SharedCache, "away_until", 0.0)


@pytest.fixture(scope="module")
def broker():
    with _embedded_broker() as address:
        yield address


def test_two_processes_count_together_in_redis(broker):
    """Each process has a cache object of its own; what one counts, the other sees."""
    one, other = SharedCache(broker, {}), SharedCache(broker, {})
    one.add("aanmelden", 0, 60)
    assert [one.incr("aanmelden"), other.incr("aanmelden"), one.incr("aanmelden")] == [1, 2, 3]
    assert other.get("aanmelden") == 3
    one.delete("aanmelden")
    assert not other.has_key("aanmelden")


def test_two_processes_count_together_without_redis(db):
    one, other = SharedCache("", {}), SharedCache("", {})
    assert one.add("aanmelden", 0, 60)
    assert not other.add("aanmelden", 0, 60)
    assert [one.incr("aanmelden"), other.incr("aanmelden")] == [1, 2]
    with pytest.raises(ValueError, match="not found"):
        one.incr("onbekend")


def test_counting_in_the_database_makes_the_hour_no_longer(db):
    cache = SharedCache("", {})
    cache.add("aanmelden", 0, 60 * 60)
    before = CacheRow.objects.get().expires
    cache.incr("aanmelden")
    assert abs((CacheRow.objects.get().expires - before).total_seconds()) <= 1


@pytest.mark.parametrize("kind", ["away", "silent"])
def test_with_redis_away_or_silent_counting_goes_on_in_the_database(db, kind, tmp_path, monkeypatch):
    """Nobody waits for it more than once: after that the database is asked at once."""
    path = tmp_path / "redis.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        if kind == "silent":
            listener.bind(str(path))
            listener.listen()
        cache = SharedCache(f"redis+socket://{path}?virtual_host=0", {})
        assert cache.add("aanmelden", 0, 60)
        assert SharedCache.away_until > time.monotonic()
        monkeypatch.setattr(cache, "redis", None)  # asked again it would fail the test
        assert cache.incr("aanmelden") == 1
        assert SharedCache("", {}).get("aanmelden") == 1


def test_the_address_of_the_broker_is_understood():
    assert redis_address("redis://redis:6379/0") == "redis://redis:6379/0"
    assert redis_address("redis+socket://%2Ftmp%2Fa.sock?virtual_host=2") == "unix://%2Ftmp%2Fa.sock?db=2"
