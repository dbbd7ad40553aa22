"""`make bench-start`: how long somebody waits who starts Top Job for the first time, in a clone of its own.

Prints JSON lines: seconds from `make run` to the first page, to the whole voorbeeldwereld with everybody's documents, and to the
first page of a later start. Installing libraries isn't counted. Run it on a machine that does nothing else.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import psycopg  # noqa: E402

from topjob import embedded  # noqa: E402

LONGEST = 1800
IS_WHOLE = """
    SELECT EXISTS (SELECT 1 FROM topjob_demofill WHERE finished_at IS NOT NULL) AND NOT EXISTS (
      SELECT 1 FROM topjob_outboxmessage WHERE handler LIKE 'render%' AND done_at IS NULL AND dead_at IS NULL)
"""
# What the caller's own `make` and program were told isn't meant for the clone.
NOT_OURS = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "TOPJOB_VAR", "TOPJOB_MODE", "DATABASE_URL", "REDIS_URL", "SITE_URL")


def main() -> int:
    # A shell makes what it runs in the background deaf to Ctrl-C, and so what that starts: the first run would never end.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with own_clone() as clone:
        tell(cores=os.cpu_count(), load_before=round(os.getloadavg()[0], 2))
        with running(clone) as (port, began):
            wait_for_page(port, began)
            tell(first_page_seconds=since(began))
            slowest = wait_until_whole(clone, port, began)
            tell(demo_complete_seconds=since(began), slowest_page_meanwhile_seconds=slowest)
        with running(clone) as (port, began):
            wait_for_page(port, began)
            tell(second_start_seconds=since(began))
    return 0


def tell(**figures: object) -> None:
    print(json.dumps(figures), flush=True)


def since(began: float) -> float:
    return round(time.monotonic() - began, 1)


@contextlib.contextmanager
def own_clone() -> Iterator[Path]:
    """What was committed last, with its libraries, in a folder that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="topjob-start-") as folder:
        clone = Path(folder) / "topjob"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        try:
            subprocess.run(["make", "setup"], cwd=clone, env=environment(), check=True, stdout=sys.stderr)
            yield clone
        finally:
            shutil.rmtree(embedded.home_for(clone).parent, ignore_errors=True)


def environment(**more: str) -> dict[str, str]:
    return {**{name: value for name, value in os.environ.items() if name not in NOT_OURS}, **more}


@contextlib.contextmanager
def running(clone: Path) -> Iterator[tuple[int, float]]:
    """`make run` on a free port, ended as Ctrl-C does."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    began = time.monotonic()
    process = subprocess.Popen(
        ["make", "run"], cwd=clone, env=environment(PORT=str(port)), stdout=sys.stderr, start_new_session=True
    )
    try:
        yield port, began
        if process.poll() is not None:
            raise RuntimeError("`make run` stopped by itself.")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)
        process.wait(60)


def page_seconds(port: int) -> float | None:
    """How long the first page takes to come; nothing when it doesn't."""
    began = time.monotonic()
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as answer:
            return time.monotonic() - began if answer.status == 200 and answer.read() else None
    except (urllib.error.URLError, OSError):
        return None


def wait_for_page(port: int, began: float) -> None:
    while page_seconds(port) is None:
        if since(began) > LONGEST:
            raise TimeoutError("No page came.")
        time.sleep(0.1)


def wait_until_whole(clone: Path, port: int, began: float) -> float:
    """Until everybody and their documents are there; answers how long a page took at most meanwhile."""
    slowest = 0.0
    dsn = embedded.Postgres(embedded.home_for(clone)).dsn(embedded.APP, embedded.DATABASE)
    with psycopg.connect(dsn, autocommit=True) as connection:
        while not connection.execute(IS_WHOLE).fetchone()[0]:  # type: ignore[index]
            if since(began) > LONGEST:
                raise TimeoutError("The voorbeeldwereld didn't become whole.")
            slowest = max(slowest, page_seconds(port) or 30.0)
            time.sleep(1)
    return round(slowest, 2)


if __name__ == "__main__":
    sys.exit(main())
