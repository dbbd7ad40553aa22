"""`make bench-audit`: what the chain of the log costs whoever logs, in transactions a second.

A server of its own with ordinary durability (fsync, synchronous commit), the product's migrations and its own role. Each
transaction writes one log row, as an action does. Rounds with and without the chain follow each other in turn; beside those
with it the sealing runs as the worker does it. `waiting` is what wasn't sealed yet when the last round ended.
ARGS="--seconds N --rounds N".
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import psycopg  # noqa: E402

from topjob import embedded, programs  # noqa: E402

CLIENTS = (1, 4, 16)
SEAL_EVERY = 1.0
ROW = """INSERT INTO accounts_auditentry (at, party, verb, subject_type, subject_id, candidate_id, state_from, state_to, details)
VALUES (now(), 'systeem', 'person_changed', 'candidates.candidate', 1, 1, '', '', '{"kind": "meting"}');
"""


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with own_server() as server:
        script = server.home / "row.sql"
        script.write_text(ROW)
        for clients in CLIENTS:
            tell(measured(server, script, clients, options))
    return 0


def tell(figures: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(figures) + "\n")
    sys.stdout.flush()


@contextlib.contextmanager
def own_server() -> Iterator[embedded.Postgres]:
    """An empty database of the product, in a folder that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="topjob-audit-") as folder:
        home = embedded.home_for(Path(folder), "run")
        try:
            with embedded.attached(home, {"postgres": True}) as services:
                server = services[0]
                assert isinstance(server, embedded.Postgres)
                for command in ("migrate", "grant_roles"):
                    manage(server, command)
                yield server
        finally:
            shutil.rmtree(home.parent, ignore_errors=True)


def manage(server: embedded.Postgres, command: str) -> None:
    variables = {role: server.url(f"topjob_{name}") for role, name in ROLES.items()}
    environment = {**os.environ, **variables, "TOPJOB_DB_ROLE": "owner", "TOPJOB_ENV_FILE": os.devnull}
    program = [sys.executable, str(ROOT / "manage.py"), command, "--verbosity", "0"]
    subprocess.run(program, cwd=ROOT, env=environment, check=True, stdout=sys.stderr)


ROLES = {"DATABASE_URL": "app", "DATABASE_OWNER_URL": "owner", "DATABASE_DESTROYER_URL": "destroyer"}


def measured(server: embedded.Postgres, script: Path, clients: int, options: argparse.Namespace) -> dict[str, object]:
    """Both sorts of rounds in turn; the middle one of each counts."""
    plain, chained, waiting = [], [], 0
    for _round in range(options.rounds):
        with without_chain(server):
            plain.append(transactions(server, script, clients, options.seconds))
        with sealing_beside(server):
            chained.append(transactions(server, script, clients, options.seconds))
            waiting = unsealed(server)
    with_chain, without = statistics.median(chained), statistics.median(plain)
    ratio = round(with_chain / without, 2)
    return {
        "clients": clients,
        "with_chain": round(with_chain),
        "without": round(without),
        "ratio": ratio,
        "waiting": waiting,
    }


def transactions(server: embedded.Postgres, script: Path, clients: int, seconds: int) -> float:
    """Transactions a second that so many writers do at once, by PostgreSQL's own program."""
    program = [str(programs.postgres_binaries(server.home) / "pgbench"), "--no-vacuum", "--protocol=prepared"]
    program += [f"--file={script}", f"--client={clients}", f"--jobs={min(clients, 2)}", f"--time={seconds}"]
    program += ["-h", str(server.home), "-U", embedded.APP, embedded.DATABASE]
    answer = subprocess.run(program, check=True, capture_output=True, text=True).stdout
    found = re.search(r"tps = ([\d.]+)", answer)
    if found is None:
        raise RuntimeError(answer)
    return float(found[1])


@contextlib.contextmanager
def without_chain(server: embedded.Postgres) -> Iterator[None]:
    """As if there were no chain: the rows of this round stay outside it."""
    switch = "ALTER TABLE accounts_auditentry {} TRIGGER accounts_auditentry_queued"
    with connected(server, "topjob_owner") as owner:
        owner.execute(switch.format("DISABLE"))
        try:
            yield
        finally:
            owner.execute(switch.format("ENABLE"))


@contextlib.contextmanager
def sealing_beside(server: embedded.Postgres) -> Iterator[None]:
    """The worker's sealing, more often than the product asks for it; at the end what is left is sealed, uncounted."""
    enough = threading.Event()
    worker = threading.Thread(target=seal_until, args=[server, enough])
    worker.start()
    try:
        yield
    finally:
        enough.set()
        worker.join()


def seal_until(server: embedded.Postgres, enough: threading.Event) -> None:
    with connected(server, embedded.APP) as app:
        while not enough.wait(SEAL_EVERY):
            seal(app)
        seal(app)


def seal(app: psycopg.Connection) -> None:
    """As `accounts.sealing.seal`: batches until there is nothing more to seal."""
    while app.execute("SELECT public.topjob_audit_seal(1000)").fetchone()[0] == 1000:  # type: ignore[index]
        pass


def unsealed(server: embedded.Postgres) -> int:
    with connected(server, embedded.APP) as app:
        return app.execute("SELECT count(*) FROM accounts_auditunsealed").fetchone()[0]  # type: ignore[index]


def connected(server: embedded.Postgres, role: str) -> psycopg.Connection:
    return psycopg.connect(server.dsn(role, embedded.DATABASE), autocommit=True)


if __name__ == "__main__":
    raise SystemExit(main())
