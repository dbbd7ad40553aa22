"""`make bench-readings`: what knowing who looked costs with many readings, in milliseconds.

A server of its own with ordinary durability and the product's migrations. It is filled with made-up readings, 98 of 100 of one
person and the others of a list of 25, as they come in: the newest last. Then, for each size, one reading is written and
each page that reads them is fetched through the product, some times in turn; the middle one counts. One JSON line per size.
ARGS="--sizes 10000 10000000 --rounds N".
"""

from __future__ import annotations

import argparse
import logging
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.audit import connected, own_server, tell  # noqa: E402
from topjob import embedded  # noqa: E402

PEOPLE, READERS, DAYS = 100_000, 200, 365
# The indexes are made after filling, as they would be after millions of readings one by one.
INDEXES = (
    "SELECT indexname, indexdef FROM pg_indexes WHERE indexname LIKE 'reading\\_%' AND tablename = 'accounts_reading'"
)
FILL = """
INSERT INTO accounts_reading (at, actor_id, party, page, route, people, trace)
SELECT now() - make_interval(secs => %(days)s::int * 86400.0 * (%(whole)s::bigint - n) / %(whole)s::bigint),
  (SELECT min(id) FROM accounts_user) + n %% %(readers)s::bigint, 'medewerker',
  CASE WHEN n %% 50 = 0 THEN 'trajecten' ELSE 'traject' END, 'trajectories:detail',
  CASE WHEN n %% 50 = 0 THEN array(SELECT (n * 7919 + k) %% %(people)s::bigint + 1 FROM generate_series(1, 25) k)
    ELSE ARRAY[(n * 7919) %% %(people)s::bigint + 1] END, ''
FROM generate_series(%(first)s::bigint, %(whole)s::bigint) n
"""


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 10_000_000])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.home is None:
        with own_server() as server:
            return on_this(server)
    begin()
    before = 0
    for size in sorted(options.sizes):
        fill(embedded.Postgres(options.home), before + 1, size)
        before = size
        tell({"readings": size, **measured(options.rounds)})
    return 0


def on_this(server: embedded.Postgres) -> int:
    """The same program again, whose settings name this server from the beginning."""
    settings = {"DJANGO_SETTINGS_MODULE": "topjob.settings", "TOPJOB_ENV_FILE": os.devnull, "TOPJOB_DB_ROLE": "app"}
    environment = os.environ | settings | {"DATABASE_URL": server.url(embedded.APP)}
    return subprocess.run(
        [sys.executable, *sys.argv, "--home", str(server.home)], env=environment, check=False
    ).returncode


def begin() -> None:
    """People who look, and one who may see who did."""
    import django

    django.setup()
    logging.disable(logging.INFO)  # each request would be a line between the figures
    from accounts.actions import Capacity, add_user
    from accounts.audit import SYSTEM
    from accounts.models import Role, User
    from topjob import clock

    add_user(name="Bram", email="beheer@test.example", capacities=[Capacity(Role.BEHEERDER)], by=SYSTEM)
    User.objects.bulk_create(
        [
            User(email=f"lezer{number}@test.example", name=f"Lezer {number}", date_joined=clock.now())
            for number in range(READERS)
        ]
    )


def fill(server: embedded.Postgres, first: int, whole: int) -> None:
    """Up to so many readings, sealed as if the worker had done it long ago."""
    facts = {"first": first, "whole": whole, "people": PEOPLE, "readers": READERS, "days": DAYS}
    with connected(server, embedded.SUPERUSER) as owner:
        indexes = owner.execute(INDEXES).fetchall()
        owner.execute("SET session_replication_role = replica")  # no queue for the seal, no rule that keeps rows
        for name, _definition in indexes:
            owner.execute(f"DROP INDEX {name}")
        owner.execute(FILL, facts)
        for _name, definition in indexes:
            owner.execute(definition)
        owner.execute("VACUUM ANALYZE accounts_reading")


def measured(rounds: int) -> dict[str, float]:
    """The middle of some rounds in turn, of each thing that is done with readings."""
    ways = {"write": write, **{name: page(address) for name, address in PAGES.items()}}
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _round in range(rounds):
        for name, way in ways.items():
            started = time.perf_counter()
            way()
            taken[name].append(time.perf_counter() - started)
    return {f"{name}_ms": round(1000 * statistics.median(times), 1) for name, times in taken.items()}


PAGES = {
    "newest": "/beheer/inzage/",
    "person": "/beheer/inzage/?person=4711",
    "reader": "/beheer/inzage/?reader=lezer+17",
    "unusual_month": "/beheer/inzage/opvallend/",
}


def write() -> None:
    from accounts.models import Reading, User
    from topjob import clock

    actor = User.objects.order_by("pk")[READERS // 2]
    Reading.objects.create(at=clock.now(), actor=actor, party="medewerker", page="traject", route="", people=[4711])


def page(address: str) -> Callable[[], None]:
    def fetch() -> None:
        answer = client().get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status_code}")

    return fetch


@cache
def client() -> Any:
    """A browser of the beheerder."""
    from django.test import Client

    from accounts.models import User

    browser = Client(HTTP_HOST="localhost")
    browser.force_login(User.objects.get(email="beheer@test.example"))
    return browser


if __name__ == "__main__":
    raise SystemExit(main())
