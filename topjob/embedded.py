"""PostgreSQL and a Redis-compatible broker that run from the Python environment, for the demo, development and tests.

Only the servers' binaries are taken from the packages; starting and stopping them is done here. Several processes may
use the same services at once: each holds a shared file lock, and the last one to leave stops them. A process that was
killed loses its lock by itself, so nothing it left behind is in the way of the next start.

`postgres` refuses to run as root. As root, binaries, data and sockets live under a short path that an unprivileged user
can enter (decision 20), and the servers run as that user.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg
from psycopg.conninfo import make_conninfo

from topjob import processes
from topjob.programs import (
    ServiceError,
    alive,
    give_away,
    locale_options,
    make_private_folder,
    plain_environment,
    postgres_binaries,
    unprivileged,
    valkey_binary,
)

SUPERUSER = "postgres"
OWNER, APP, DESTROYER = "topjob_owner", "topjob_app", "topjob_destroyer"
DATABASE = "topjob"
LONGEST_SOCKET = 107


def home_for(checkout: Path, purpose: str = "run") -> Path:
    """Where the services of one checkout live: inside `var/` where that works, else under a short shared path."""
    inside = checkout / "var" / "services" / purpose
    longest = inside / ".s.PGSQL.5432"
    # PostgreSQL's clients take a comma for the next of several servers.
    if os.geteuid() != 0 and len(os.fsencode(longest)) <= LONGEST_SOCKET and "," not in str(inside):
        return inside
    digest = hashlib.sha256(os.fsencode(checkout.resolve())).hexdigest()[:10]
    short = Path("/var/tmp")  # noqa: S108 - the folder below belongs to one user, which is checked
    return short / f"topjob-{os.geteuid()}-{digest}" / purpose


@contextlib.contextmanager
def attached(
    home: Path, services: dict[str, bool], fsync: bool = True, elsewhere: Path | None = None
) -> Iterator[list[Service]]:
    """Keep the asked-for embedded services running while the block runs; the database's own files may lie elsewhere."""
    with contextlib.ExitStack() as stack:
        chosen = _chosen(home, services, fsync, elsewhere)
        for service in chosen:
            stack.enter_context(service.shared())
        yield chosen


def release(home: Path, services: dict[str, bool]) -> None:
    """Stop what a process that was killed left running, unless somebody else uses it."""
    for service in _chosen(home, services):
        if home.exists():
            service.release()


def empty(home: Path, services: dict[str, bool]) -> None:
    """Throw away what running services hold for this checkout."""
    for service in _chosen(home, services):
        service.empty()


def _chosen(home: Path, services: dict[str, bool], fsync: bool = True, elsewhere: Path | None = None) -> list[Service]:
    postgres = [Postgres(home, fsync=fsync, elsewhere=elsewhere)] if services.get("postgres") else []
    return [*postgres, *([Valkey(home)] if services.get("valkey") else [])]


@dataclass
class Service:
    """One server with its own data folder, shared by every process that entered `shared()`."""

    home: Path
    name = "service"
    title = "een dienst"
    _child: subprocess.Popen[bytes] | None = field(default=None, init=False, repr=False)

    @contextlib.contextmanager
    def shared(self) -> Iterator[None]:
        self.prepare_home()
        with self._open_lock("users") as users:
            try:
                with self._exclusively():
                    fcntl.flock(users, fcntl.LOCK_SH)
                    self.start()
                yield
            finally:
                with self._exclusively():
                    self._leave(users)

    def release(self) -> None:
        with self._open_lock("users") as users, self._exclusively():
            self._leave(users)

    def revive(self) -> None:
        """Start the server again after it ended by itself."""
        if self._child is not None:
            self._child.wait(5)
        with self._exclusively():
            self.start()

    def _leave(self, users: IO[str]) -> None:
        """Stop the server if nobody else uses it."""
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.stop()
        except BlockingIOError:
            self._leave_running()
        finally:
            fcntl.flock(users, fcntl.LOCK_UN)

    def _leave_running(self) -> None:
        """Others go on using the server that this process started: it isn't ours to wait for any more."""
        if self._child is not None and self._child.poll() is None:
            self._child.returncode = 0

    def prepare_home(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        if self.home.parent.stat().st_uid != os.geteuid():
            raise ServiceError(
                f"{self.home.parent} is van een andere gebruiker. Verwijder die map of geef DATABASE_URL."
            )
        # Whoever reaches the sockets is trusted, so nobody else may enter this folder.
        self.home.chmod(0o700)
        if os.geteuid() == 0:
            self.home.parent.chmod(0o755)
            give_away(self.home)

    @property
    def log(self) -> Path:
        return self.home / f"{self.name}.log"

    def start(self) -> None:
        raise NotImplementedError

    def is_gone(self) -> bool:
        """Whether the server ended; one that only hangs hasn't."""
        raise NotImplementedError

    def stop(self) -> None:
        raise NotImplementedError

    def empty(self) -> None:
        """Forget everything it holds for us, while it goes on running."""
        raise NotImplementedError

    def _open_lock(self, name: str) -> IO[str]:
        return (self.home / f"{self.name}.{name}.lock").open("a")

    @contextlib.contextmanager
    def _exclusively(self) -> Iterator[None]:
        with self._open_lock("start") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _spawn(self, command: list[str], log: Path) -> None:
        self._has_ended()  # collects the one before, if it fell
        with log.open("ab") as output:
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.home,
                env=plain_environment(),
                # Ctrl-C in the terminal goes to the program that was started there, which then stops its services.
                start_new_session=True,
                **unprivileged(),
            )

    def _has_ended(self) -> bool:
        return self._child is not None and self._child.poll() is not None

    def _wait_until_gone(self, pid: int, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            # Who died and waits to be collected, by us or by another, is gone.
            if not processes.began(pid) or self._has_ended():
                self._collect(pid)
                return True
            time.sleep(0.02)
        return False

    def _collect(self, pid: int) -> None:
        """Ours is collected; it looks gone when its first thread has ended, the others may need a moment more."""
        if self._child is not None and self._child.pid == pid:
            self._child.wait(5)


@dataclass
class Postgres(Service):
    """A PostgreSQL cluster that listens on a Unix socket in `home` only."""

    fsync: bool = True
    elsewhere: Path | None = None
    name = "postgres"
    title = "PostgreSQL"

    @property
    def data(self) -> Path:
        return (self.elsewhere or self.home) / "data"

    def dsn(self, user: str = SUPERUSER, database: str = "postgres") -> str:
        return make_conninfo(host=str(self.home), user=user, dbname=database, connect_timeout=3)

    def url(self, user: str, database: str = DATABASE) -> str:
        return postgres_url(self.home, user, database)

    def start(self) -> None:
        if not self._answers():
            binaries = postgres_binaries(self.home)
            if not (self.data / "PG_VERSION").exists():
                self._initialise(binaries)
            self._remove_stale_files()
            self._spawn(self._command(binaries), self.log)
            self._wait_until_ready()
        self._ensure_roles_and_database()

    def stop(self) -> None:
        pid = self._pid()
        if self._has_ended() or pid is None:
            return
        os.kill(pid, signal.SIGINT)
        if not self._wait_until_gone(pid, 30):
            os.kill(pid, signal.SIGQUIT)
            self._wait_until_gone(pid, 10)

    def empty(self) -> None:
        with psycopg.connect(self.dsn(), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        self._ensure_roles_and_database()

    def _command(self, binaries: Path) -> list[str]:
        # A list of folders, each in quotes when it holds a comma or a space.
        sockets = '"' + str(self.home).replace('"', '""') + '"'
        command = [str(binaries / "postgres"), "-D", str(self.data), "-k", sockets, "-h", ""]
        command += ["-c", "max_connections=200", "-c", "log_min_messages=warning"]
        if not self.fsync:
            command += ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
            # It may lie in memory, and is gone before anything in it needs looking after.
            for setting in ("max_wal_size=256MB", "wal_level=minimal", "max_wal_senders=0", "autovacuum=off"):
                command += ["-c", setting]
            command += ["-c", "track_counts=off", "-c", "update_process_title=off"]
        return command

    def _initialise(self, binaries: Path) -> None:
        """Make the cluster in a folder beside it first, so that an interrupted attempt is never taken for a cluster."""
        unfinished = self.data.with_name("data.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)
        make_private_folder(unfinished)
        command = [str(binaries / "initdb"), "-D", str(unfinished), "-U", SUPERUSER, "-E", "UTF8", "-A", "trust"]
        command += locale_options(binaries)
        result = subprocess.run(
            command,
            cwd=self.home,
            env=plain_environment(),
            capture_output=True,
            text=True,
            errors="replace",
            **unprivileged(),
        )
        if result.returncode:
            raise ServiceError(f"initdb mislukte:\n{result.stdout}{result.stderr}")
        unfinished.rename(self.data)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.dsn()).close()
        except psycopg.OperationalError:
            return False
        return True

    def _wait_until_ready(self, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not self._answers():
            if self._has_ended() or time.monotonic() > deadline:
                raise ServiceError(f"PostgreSQL start niet. Zie {self.log}:\n{self._log_tail()}")
            time.sleep(0.03)

    def _log_tail(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:]) if self.log.exists() else ""

    def _pid(self) -> int | None:
        """The server's process, if the pid file names one that really is the server of this data folder."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
        except (FileNotFoundError, ValueError, IndexError):
            return None
        return pid if alive(pid) and str(self.data) in processes.command_line(pid) else None

    def is_gone(self) -> bool:
        return self._has_ended() or self._pid() is None

    def _remove_stale_files(self) -> None:
        """Clear away what a killed server left when its process number has been given to another process.

        Otherwise the file stays: PostgreSQL itself reads in it whether processes of the killed server still work on the data.
        """
        if self._pid() is None and self._names_a_stranger():
            for path in (self.data / "postmaster.pid", self.home / ".s.PGSQL.5432", self.home / ".s.PGSQL.5432.lock"):
                path.unlink(missing_ok=True)

    def _names_a_stranger(self) -> bool:
        try:
            return alive(int((self.data / "postmaster.pid").read_text().split()[0]))
        except (FileNotFoundError, ValueError, IndexError):
            return False

    def _ensure_roles_and_database(self) -> None:
        with psycopg.connect(self.dsn(), autocommit=True) as connection:
            present = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
            for role, options in ((OWNER, "CREATEDB"), (APP, ""), (DESTROYER, "")):
                if role not in present:
                    connection.execute(f"CREATE ROLE {role} LOGIN {options}")
            exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if not exists:
                connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")


@dataclass
class Valkey(Service):
    """A broker that speaks Redis, on a Unix socket, keeping what it was given on disk (AOF)."""

    name = "valkey"
    title = "De broker (valkey)"

    @property
    def socket(self) -> Path:
        return self.home / "valkey.sock"

    @property
    def url(self) -> str:
        return broker_url(self.home)

    def start(self) -> None:
        if self._answers():
            return
        data = self.home / "valkey"
        if not data.exists():
            make_private_folder(data)
        self.socket.unlink(missing_ok=True)
        self._spawn(self._command(data), self.log)
        deadline = time.monotonic() + 20
        while not self._answers():
            if self._has_ended() or time.monotonic() > deadline:
                raise ServiceError(f"De broker (valkey) start niet. Zie {self.log}.")
            time.sleep(0.03)

    def stop(self) -> None:
        client = self._client()
        try:
            pid = int(client.info("server")["process_id"])
        except (OSError, self._errors()):
            return
        finally:
            client.close()
        os.kill(pid, signal.SIGTERM)
        if not self._wait_until_gone(pid, 10):
            os.kill(pid, signal.SIGKILL)

    def empty(self) -> None:
        with contextlib.closing(self._client()) as client:
            client.flushall()

    def is_gone(self) -> bool:
        if self._has_ended():
            return True
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(2)
            try:
                probe.connect(str(self.socket))
            except (FileNotFoundError, ConnectionRefusedError):
                return True
            except OSError:
                return False
        return False

    def _command(self, data: Path) -> list[str]:
        command = [str(valkey_binary(self.home)), "--port", "0", "--unixsocket", str(self.socket)]
        command += ["--unixsocketperm", "700", "--dir", str(data), "--daemonize", "no"]
        return [*command, "--appendonly", "yes", "--appendfsync", "everysec", "--save", ""]

    def _client(self):
        import redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        once = Retry(NoBackoff(), 0)
        return redis.Redis(unix_socket_path=str(self.socket), socket_timeout=2, socket_connect_timeout=2, retry=once)

    @staticmethod
    def _errors() -> type[Exception]:
        import redis

        return redis.RedisError

    def _answers(self) -> bool:
        client = self._client()
        try:
            return bool(client.ping())
        except (OSError, self._errors()):
            return False
        finally:
            client.close()


def postgres_url(home: Path, user: str, database: str = DATABASE) -> str:
    return f"postgres://{user}@{quote(str(home), safe='')}:5432/{database}"


def broker_url(home: Path) -> str:
    return f"redis+socket://{quote(str(home / 'valkey.sock'))}?virtual_host=0"
