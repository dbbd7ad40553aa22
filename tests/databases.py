"""Real PostgreSQL for the tests: one migrated template database, and a clone of it for whoever needs one.

The template is named after what goes into it (migrations, protected tables, locked packages), so it is made once; a clone
takes a fraction of a second. Several test runs may go side by side: each has clones of its own, named after its process.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

from topjob import embedded

CLONE, TEMPLATE = "topjob_test_", "topjob_template_"
ROOT = Path(settings.BASE_DIR)
MEMORY, ROOM = Path("/dev/shm"), 4 * 2**30
numbers = itertools.count(1)


@dataclass(frozen=True)
class Cluster:
    """A server to make databases on: the embedded one, or the one that DATABASE_URL names."""

    owner_url: str
    app_url: str
    destroyer_url: str
    is_embedded: bool

    def url(self, role: str, database: str) -> str:
        """The address of one database as one of the three roles."""
        base = {"owner": self.owner_url, "app": self.app_url, "destroyer": self.destroyer_url}[role]
        return base.rpartition("/")[0] + f"/{quote(database)}"

    def environment(self, database: str) -> dict[str, str]:
        """Variables that point a process of our own at one database."""
        return {
            "DATABASE_URL": self.url("app", database),
            "DATABASE_OWNER_URL": self.url("owner", database),
            "DATABASE_DESTROYER_URL": self.url("destroyer", database),
        }

    @contextlib.contextmanager
    def clone(self, source: str = "") -> Iterator[str]:
        """A fresh copy of the template, or of a clone that somebody filled, removed afterwards."""
        template = source or self.template()
        name = f"{CLONE}{os.getpid()}_{next(numbers)}"
        with self.administration() as admin:
            self._drop(admin, name)
            # Two copies of one template at the same time would refuse each other.
            admin.execute("SELECT pg_advisory_lock(7216)")
            # The files as they are: a fifth of the time that copying through the log takes.
            copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
            admin.execute(copy.format(*map(sql.Identifier, (name, template))))
            # What may be done to a database isn't copied with it.
            admin.execute(sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
        try:
            yield name
        finally:
            with self.administration() as admin:
                self._drop(admin, name)

    def template(self) -> str:
        """The name of the migrated database that clones are made from; made when it isn't there yet."""
        name = TEMPLATE + template_key()
        with self.administration() as admin:
            admin.execute("SELECT pg_advisory_lock(7217)")
            if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate", [name]).fetchone():
                return name
            self._clear_up(admin)
            self._drop(admin, name)
            admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            for command in ("migrate", "grant_roles"):
                self.manage(name, command, "--verbosity", "0")
            admin.execute(sql.SQL("ALTER DATABASE {} IS_TEMPLATE true").format(sql.Identifier(name)))
        return name

    def manage(self, database: str, *arguments: str, **environment: str) -> str:
        """Run manage.py on one database; answers what it printed, raises with what it said when it failed."""
        # No broker is spoken to: a message waits in the outbox.
        variables = {
            "TOPJOB_MODE": "test",
            "TOPJOB_ENV_FILE": os.devnull,
            "REDIS_URL": "redis://127.0.0.1:1/0",
            **self.environment(database),
            **environment,
        }
        result = subprocess.run(
            [sys.executable, ROOT / "manage.py", *arguments],
            cwd=ROOT,
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
        )
        if result.returncode:
            raise RuntimeError(f"manage.py {' '.join(arguments)}:\n{result.stdout}{result.stderr}")
        return result.stdout

    @contextlib.contextmanager
    def temporary_tables(self, database: str) -> Iterator[None]:
        """The application may make temporary tables there for the length of the block; the product itself never may."""
        names = [sql.Identifier(name) for name in (database, unquote(urlsplit(self.app_url).username or ""))]
        with self.administration() as admin:
            admin.execute(sql.SQL("GRANT TEMPORARY ON DATABASE {} TO {}").format(*names))
            try:
                yield
            finally:
                admin.execute(sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM {}").format(*names))

    @contextlib.contextmanager
    def administration(self) -> Iterator[psycopg.Connection]:
        """A connection from which databases are made and dropped. Closing it also ends its advisory locks."""
        with self.owner("postgres") as connection:
            yield connection

    @contextlib.contextmanager
    def owner(self, database: str) -> Iterator[psycopg.Connection]:
        """A connection as the owner, who may do everything; each statement stands by itself."""
        parts = urlsplit(self.url("owner", database))
        connection = psycopg.connect(
            host=unquote(parts.netloc.rpartition("@")[2].partition(":")[0]),
            port=parts.port or 5432,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or "") or None,
            dbname=database,
            autocommit=True,
        )
        with contextlib.closing(connection):
            yield connection

    def _drop(self, admin: psycopg.Connection, name: str) -> None:
        """Autovacuum may be looking at it for a moment; the owner may not send that away."""
        for attempt in range(50):
            try:
                admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
                return
            except psycopg.errors.InsufficientPrivilege:
                if attempt == 49:
                    raise
                time.sleep(0.1)

    def _clear_up(self, admin: psycopg.Connection) -> None:
        """Remove clones of runs that are gone, and all but the latest templates (another run may still need those)."""
        names = [name for (name,) in admin.execute("SELECT datname FROM pg_database ORDER BY oid DESC")]
        stale = [name for name in names if name.startswith(CLONE) and self.is_embedded and not _is_running(name)]
        for name in [n for n in names if n.startswith(TEMPLATE)][4:]:
            admin.execute(sql.SQL("ALTER DATABASE {} IS_TEMPLATE false").format(sql.Identifier(name)))
            stale.append(name)
        for name in stale:
            # PostgreSQL itself may be tidying what a killed run left: the next run removes it.
            with contextlib.suppress(psycopg.errors.InsufficientPrivilege):
                self._drop(admin, name)


@contextlib.contextmanager
def running_cluster() -> Iterator[Cluster]:
    """The server for this test run: the embedded one for as long as needed, or the named one."""
    services = {"postgres": settings.EMBEDDED["postgres"]}
    with embedded.attached(settings.SERVICES_HOME, services, fsync=False, elsewhere=in_memory()):
        from topjob.settings import database_url

        yield Cluster(
            database_url("owner"), database_url("app"), database_url("destroyer"), is_embedded=services["postgres"]
        )


def in_memory() -> Path | None:
    """A folder of this checkout in the machine's memory, where a clone takes a twentieth of the time that it takes on disk; none
    where there is no such place or little room. What a removed checkout left there is cleared away.
    """
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).total < ROOM:
        return None
    for left in MEMORY.glob(f"topjob-{os.geteuid()}-*/checkout"):
        if not Path(os.fsdecode(left.read_bytes())).exists():
            shutil.rmtree(left.parent, ignore_errors=True)
    folder = MEMORY / f"topjob-{os.geteuid()}-{hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:10]}"
    folder.mkdir(exist_ok=True)
    if folder.stat().st_uid != os.geteuid():
        return None
    folder.chmod(0o755)  # the server itself runs as another user when we are root
    (folder / "checkout").write_bytes(os.fsencode(ROOT))
    return folder


def template_key() -> str:
    """Changes when a migrated database would look different."""
    from topjob.management.commands import grant_roles

    files = sorted(
        path for kind in ("*/migrations/**/*.py", "*/migrations/**/*.toml", "*/sql/*.sql") for path in ROOT.glob(kind)
    )
    files += [ROOT / "requirements" / "base.txt", Path(grant_roles.__file__)]
    digest = hashlib.sha256(" ".join(grant_roles.protected_tables()).encode())
    for path in files:
        digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@contextlib.contextmanager
def django_uses(database: str) -> Iterator[None]:
    """Point Django's own connection, in every thread, at another database for the length of the block."""
    described = connections.settings["default"]
    before = described["NAME"]
    connections.close_all()
    described["NAME"] = database
    try:
        yield
    finally:
        connections.close_all()
        described["NAME"] = before


def _is_running(clone: str) -> bool:
    try:
        os.kill(int(clone.removeprefix(CLONE).split("_")[0]), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True
