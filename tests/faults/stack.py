"""A whole installation to break: servers, mail server and processes of its own, and a world that every fault finds fresh."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import environ
import psycopg
import redis
from django.conf import settings
from django.db import connections
from django.test import Client, override_settings
from kombu import Connection
from psycopg import sql

from accounts.models import User
from tests.databases import Cluster
from tests.faults import effects
from tests.faults.browser import Browser
from tests.faults.points import GO, REACHED
from tests.faults.sink import Sink
from tests.live import COMMANDS, LiveStack
from topjob import clock, embedded, programs
from topjob.celery import app
from topjob.models import OutboxMessage

# How often the sweeper comes by here; in production every twenty seconds.
QUICK = 1.0
DATABASE, WORLD = "topjob_faults", "topjob_faults_world"
ALL = ("worker", "beat")


class Postgres(embedded.Postgres):
    """Keeps its promises (fsync), and writes behind slowly, so that a commit that wasn't waited for is really lost."""

    def _command(self, binaries: Path) -> list[str]:
        return [*super()._command(binaries), "-c", "wal_writer_delay=10s", "-c", "max_connections=60"]

    @property
    def pid(self) -> int:
        return self._pid() or 0

    def end(self, how: signal.Signals) -> None:
        """SIGINT: as for a restart; SIGQUIT: at once, without a word to anybody."""
        pid = self.pid
        os.kill(pid, how)
        assert self._wait_until_gone(pid, 30)

    def checkpoint(self) -> None:
        """A copied database keeps the counters of its rows through a crash only from its first checkpoint on."""
        with psycopg.connect(self.dsn(), autocommit=True) as admin:
            admin.execute("CHECKPOINT")

    def restart(self, how: signal.Signals) -> None:
        self.end(how)
        self.start()


class Broker(embedded.Valkey):
    """The broker; `FAULTS_REDIS` names another server program, such as a real redis-server."""

    def _command(self, data: Path) -> list[str]:
        program = os.environ.get("FAULTS_REDIS", "")
        command = super()._command(data)
        return [shutil.which(program) or program, *command[1:]] if program else command

    @property
    def pid(self) -> int:
        with contextlib.closing(self._client()) as client:
            return int(client.info("server")["process_id"])

    def flush(self) -> None:
        with contextlib.closing(self._client()) as client:
            client.flushall()

    def end(self) -> None:
        pid = self.pid
        os.kill(pid, signal.SIGKILL)
        assert self._wait_until_gone(pid, 10)

    @contextlib.contextmanager
    def hanging(self) -> Iterator[None]:
        """It accepts connections and answers nothing."""
        pid = self.pid
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    def is_up(self) -> bool:
        try:
            return self._answers()
        except redis.RedisError:
            return False


@dataclass
class FaultStack(LiveStack):
    """The installation. Its database always has the same name and is made anew for each fault."""

    postgres: Postgres | None = None
    valkey: Broker | None = None
    sink: Sink | None = None
    sweep_seconds: float = QUICK

    @property
    def points(self) -> Path:
        return self.folder / "points"

    @property
    def media(self) -> Path:
        return self.folder / "media"

    @property
    def journal(self) -> Path:
        """What was destroyed, kept apart from the database (fault 28)."""
        return self.folder / "vernietigd.jsonl"

    @property
    def commands(self) -> dict[str, Callable[[LiveStack], list[str]]]:
        web = ["gunicorn", "tests.faults.wsgi", *COMMANDS["web"](self)[2:]]
        lean = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        worker = ["celery", "-A", "tests.faults.worker", *COMMANDS["worker"](self)[3:], *lean]
        beat = ["celery", "-A", "tests.faults.worker", *COMMANDS["beat"](self)[3:]]
        second = ["celery", "-A", "tests.faults.worker", "beat", "--schedule", str(self.folder / "beat2"), "--pidfile="]
        return {
            name: (lambda stack, command=command: command)
            for name, command in {"web": web, "worker": worker, "beat": beat, "second beat": second}.items()
        }

    @property
    def environment(self) -> dict[str, str]:
        return {
            **super().environment,
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "FAULTS_POINTS": str(self.points),
            "EMAIL_URL": f"smtp://127.0.0.1:{self.sink.port}",
            "SWEEP_SECONDS": str(self.sweep_seconds),
            "DEADLINE_SECONDS": str(QUICK),
            "TMPDIR": str(self.folder / "tmp"),
        }

    # --- Processes ----------------------------------------------------------------------------------------------------
    def ensure(self, *names: str) -> None:
        """These processes run, whatever the fault before did to them."""
        for name in names:
            process = self.processes.get(name)
            if process is None or process.poll() is not None:
                self.processes.pop(name, None)
                self.start(name)
        if "worker" in names:
            self.wait_until(self._worker_has_child, "werkend kind van de worker", 60)

    def _worker_has_child(self) -> bool:
        assert self.processes["worker"].poll() is None, self.last_words()
        return bool(self.children_of("worker"))

    def children_of(self, name: str) -> list[int]:
        pid = self.processes[name].pid
        listed = Path(f"/proc/{pid}/task/{pid}/children")
        return [int(child) for child in listed.read_text().split()]

    def kill_child(self, name: str) -> None:
        for child in self.children_of(name):
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)

    def last_words(self) -> str:
        """With the work that isn't done."""
        told = ("key", "attempts", "started_at", "next_try_at", "outcome", "error")
        rows = OutboxMessage.objects.filter(done_at=None).values_list(*told)
        return "\n".join([super().last_words(), f"== {clock.now()}: not done", *map(str, rows)])

    # --- Points -------------------------------------------------------------------------------------------------------
    def order(self, name: str, what: str = "kill") -> None:
        """The first process that comes by this point does this."""
        (self.points / name).write_text(what)

    def reached(self, name: str) -> bool:
        return (self.points / (name + REACHED)).exists()

    def wait_for(self, name: str, seconds: float = 40) -> None:
        self.wait_until(lambda: self.reached(name), f"proces bij {name}", seconds)

    def go_on(self, name: str) -> None:
        """Whoever waits at this point goes on."""
        (self.points / (name + GO)).write_text("")

    # --- The world ----------------------------------------------------------------------------------------------------
    @contextlib.contextmanager
    def here(self) -> Iterator[None]:
        """This process works in the stack's database, files and time, as one of its own would."""
        with self._database(), override_settings(CLOCK_FILE=str(self.clock_file), MEDIA_ROOT=str(self.media)):
            yield

    @contextlib.contextmanager
    def _database(self) -> Iterator[None]:
        described = connections.settings["default"]
        before = {name: described[name] for name in ("HOST", "PORT", "USER", "PASSWORD", "NAME")}
        address = environ.Env.db_url_config(self.cluster.url("app", self.database))
        connections.close_all()
        described.update({**before, **address, "HOST": str(self.postgres.home), "ENGINE": described["ENGINE"]})
        try:
            yield
        finally:
            connections.close_all()
            described.update(before)

    def make_world(self, tests: Cluster, fill: Callable[[FaultStack], None]) -> None:
        """Fill a database once; every fault gets a copy."""
        self._take_over(tests)
        with psycopg.connect(self.owner_dsn, autocommit=True) as owner:
            owner.execute(effects.TABLE)
            owner.execute(effects.GRANTS)
        fill(self)
        connections.close_all()
        self._copy(DATABASE, WORLD)
        shutil.copytree(self.media, self.folder / "media of the world")

    def _take_over(self, tests: Cluster) -> None:
        """The migrated template of the other tests, with its rights: migrating once more takes most of a minute."""
        dump = self.folder / "template"
        self._tool("pg_dump", "--format=custom", f"--file={dump}", tests.url("owner", tests.template()))
        self._copy("template0", DATABASE)
        self._tool("pg_restore", *self._here, f"--dbname={DATABASE}", "--exit-on-error", str(dump))

    @property
    def owner_dsn(self) -> str:
        return self.postgres.dsn(embedded.OWNER, DATABASE)

    def reset(self, day: date) -> None:
        """Back to the world as it was made: database, files, broker, mail, time and points."""
        if not self.valkey.is_up():
            self.valkey.start()
        if not self.postgres.pid:
            self.postgres.start()
        for name in ("worker",):
            if name in self.processes and self.processes[name].poll() is None:
                self.kill_child(name)
        connections.close_all()
        self._copy(WORLD, DATABASE)
        self.valkey.flush()
        self.sink.reset()
        self.journal.unlink(missing_ok=True)
        for folder, source in ((self.media, self.folder / "media of the world"), (self.points, None)):
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(source, folder) if source else folder.mkdir()
        self.move_clock(day)

    def _copy(self, source: str, target: str) -> None:
        with psycopg.connect(self.postgres.dsn(), autocommit=True) as admin:
            for attempt in range(20):
                admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(target)))
                try:
                    self._expel(admin, source)
                    admin.execute(
                        sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER topjob_owner").format(
                            *map(sql.Identifier, (target, source))
                        )
                    )
                    admin.execute(sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(sql.Identifier(target)))
                    return
                except psycopg.errors.ObjectInUse:
                    time.sleep(0.1 * attempt)
        raise AssertionError(f"{source} can't be copied: somebody stays connected")

    def _expel(self, admin: psycopg.Connection, database: str) -> None:
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [database])

    # --- Backup and restore, as docs/operations.md tells them -----------------------------------------------------------
    def back_up(self) -> Path:
        """The database and the files, while everybody works; answers the folder that holds both."""
        folder = self.folder / "backup"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        self._tool("pg_dump", *self._here, "--format=custom", f"--file={folder / 'database'}", DATABASE)
        shutil.copytree(self.media, folder / "media")
        return folder

    def put_back(self, backup: Path) -> None:
        """An empty database owned by the owner, the backup in it, rights anew; whoever is connected is sent away."""
        connections.close_all()
        self._copy("template0", DATABASE)
        self._tool("pg_restore", *self._here, f"--dbname={DATABASE}", "--exit-on-error", str(backup / "database"))
        for command in ("migrate", "grant_roles"):
            self.cluster.manage(DATABASE, command, "--verbosity", "0")
        shutil.rmtree(self.media)
        shutil.copytree(backup / "media", self.media)

    @property
    def _here(self) -> tuple[str, str]:
        return f"--host={self.postgres.home}", f"--username={embedded.OWNER}"

    def _tool(self, name: str, *arguments: str) -> None:
        program = programs.postgres_binaries(self.postgres.home) / name
        subprocess.run([program, *arguments], check=True, capture_output=True, text=True)

    # --- People -------------------------------------------------------------------------------------------------------
    def visitor(self) -> Browser:
        return Browser(self.port)

    def browser(self, user: User) -> Browser:
        """The browser of somebody who logged in."""
        client = Client()
        client.force_login(user)
        return Browser(self.port, client.cookies["sessionid"].value)

    # --- The broker ---------------------------------------------------------------------------------------------------
    def tell(self, task: str, *arguments: object) -> None:
        """Put a task on the broker, as `delay` in a process of the product does."""
        with Connection(self.broker, transport_options=app.conf.broker_transport_options) as connection:
            app.send_task(task, arguments, connection=connection, retry=False)

    def later(self, **distance: float) -> None:
        """Move the product's clock ahead of where it is now."""
        seconds = int(self.clock_file.read_text() or 0) + int(timedelta(**distance).total_seconds())
        unfinished = self.clock_file.with_suffix(".new")
        unfinished.write_text(str(seconds))
        unfinished.rename(self.clock_file)


@contextlib.contextmanager
def running(folder: Path, port: int, mail_port: int) -> Iterator[FaultStack]:
    """Servers and the web server, for a whole run; worker and beat come when a fault needs them."""
    home = settings.SERVICES_HOME.with_name("faults")
    for name in ("mail", "tmp", "points", "media"):
        (folder / name).mkdir(parents=True)
    postgres, valkey = Postgres(home), Broker(home)
    # What another program kept there the time before, this one may not be able to read.
    shutil.rmtree(home / "valkey", ignore_errors=True)
    with postgres.shared(), valkey.shared():
        cluster = Cluster(*(postgres.url(f"topjob_{role}") for role in ("owner", "app", "destroyer")), is_embedded=True)
        broken = {"postgres": postgres, "valkey": valkey, "sink": Sink(mail_port)}
        stack = FaultStack(cluster, DATABASE, folder, valkey.url, port, **broken)
        app.conf.broker_url = valkey.url
        try:
            yield stack
        finally:
            stack.stop(kill=True)
            stack.sink.stop()


def day_after(day: date) -> date:
    return day + timedelta(days=1)


def in_words(moment: float) -> str:
    return f"{moment:.1f} s"


__all__ = ["ALL", "FaultStack", "clock", "day_after", "in_words", "running"]
