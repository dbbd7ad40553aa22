"""The product as it runs in production, for tests in the browser and against faults: gunicorn, worker and beat as processes
of their own, a real broker, a database of their own, mail in files and a clock that can be moved."""

from __future__ import annotations

import contextlib
import email
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from email.message import EmailMessage
from email.policy import default as email_policy
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.test import override_settings

from tests.databases import ROOT, Cluster, django_uses
from topjob import clock, embedded

BETWEEN_MAILS = "-" * 79
T = TypeVar("T")


@dataclass
class LiveStack:
    """A running product. `base_url` is where it answers; `manage(...)` runs a command in it; `orm()` reads its database."""

    cluster: Cluster
    database: str
    folder: Path
    broker: str
    port: int
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    # Settings that a test adds, and by which name people find it.
    extra: dict[str, str] = field(default_factory=dict)
    host: str = "127.0.0.1"

    @property
    def base_url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def commands(self) -> dict[str, Callable[[LiveStack], list[str]]]:
        return COMMANDS

    @property
    def mail_dir(self) -> Path:
        return self.folder / "mail"

    @property
    def clock_file(self) -> Path:
        return self.folder / "clock"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "TOPJOB_MODE": "test",
            "TOPJOB_ENV_FILE": os.devnull,
            "TOPJOB_VAR": str(self.folder),
            "CLOCK_FILE": str(self.clock_file),
            "SITE_URL": self.base_url,
            "REDIS_URL": self.broker,
            "SWEEP_SECONDS": "2",
            "DEADLINE_SECONDS": "2",
            "LOG_LEVEL": "INFO",
            **self.cluster.environment(self.database),
            **self.extra,
        }

    def move_clock(self, day: date) -> None:
        """Make it nine o'clock in the morning of another day, for every process of this stack."""
        with override_settings(CLOCK_FILE=str(self.clock_file)):
            clock.move_to(day)

    def today(self) -> date:
        """The day it is in this stack."""
        with override_settings(CLOCK_FILE=str(self.clock_file)):
            return clock.today()

    def manage(self, *arguments: str) -> str:
        """Run a management command in this stack."""
        return self.cluster.manage(self.database, *arguments, **self.environment)

    def mails(self, to: str = "") -> list[EmailMessage]:
        """What was mailed, oldest first; only to one address when asked."""
        found = []
        for path in sorted(self.mail_dir.glob("*.log"), key=lambda path: (path.stat().st_mtime_ns, path.name)):
            for text in path.read_text(encoding="utf-8").split(BETWEEN_MAILS):
                if text.strip():
                    found.append(email.message_from_string(text.lstrip(), policy=email_policy))
        return [message for message in found if not to or to.lower() in str(message["To"]).lower()]

    def wait_for_mail(self, to: str, about: str = "", seconds: float = 30) -> EmailMessage:
        """The latest mail to somebody, when it has come."""

        def latest() -> EmailMessage | None:
            return next((m for m in reversed(self.mails(to)) if about.lower() in str(m["Subject"]).lower()), None)

        return self.wait_until(latest, f"mail aan {to} over {about!r}", seconds)

    def wait_until(self, question: Callable[[], T], what: str, seconds: float = 30) -> T:
        """Ask until the answer is true; fail with the processes' last words when it stays false."""
        deadline = time.monotonic() + seconds
        while not (answer := question()):
            if time.monotonic() > deadline:
                raise AssertionError(f"Na {seconds} s nog geen {what}.\n{self.last_words()}")
            time.sleep(0.1)
        return answer

    @contextlib.contextmanager
    def orm(self) -> Iterator[None]:
        """Read this stack's database through the models. Tests that tell a story only read (DECISIONS 22)."""
        with django_uses(self.database):
            yield

    # --- its processes ------------------------------------------------------------------------------------------------
    def start(self, *names: str) -> None:
        """Start all processes, or the named ones again after a fault."""
        for name in names or self.commands:
            with (self.folder / f"{name}.log").open("ab") as log:
                self.processes[name] = subprocess.Popen(
                    [sys.executable, "-m", *self.commands[name](self)],
                    cwd=ROOT,
                    env={**os.environ, **self.environment},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )

    def stop(self, *names: str, kill: bool = False) -> None:
        """Stop all processes, or the named ones; `kill` is a pulled plug for the process and its children."""
        chosen = {name: self.processes.pop(name) for name in (names or list(self.processes)) if name in self.processes}
        for process in chosen.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL) if kill else process.terminate()
        for process in chosen.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def wait_until_ready(self) -> None:
        self.wait_until(lambda: self._answers("/gezond/gereed/"), "antwoord van de webserver", 180)

    def last_words(self) -> str:
        """The ends of the log files, for a failing test's message."""
        parts = [
            f"== {path.name}\n" + "\n".join(path.read_text(errors="replace").splitlines()[-15:])
            for path in sorted(self.folder.glob("*.log"))
        ]
        return "\n".join(parts)

    def _answers(self, path: str) -> bool:
        try:
            with urllib.request.urlopen(self.base_url + path, timeout=5) as response:
                return response.status == 200
        except (urllib.error.URLError, OSError):
            return False


COMMANDS: dict[str, Callable[[LiveStack], list[str]]] = {
    "web": lambda stack: [
        *("gunicorn", "topjob.wsgi", "--bind", f"127.0.0.1:{stack.port}", "--workers", "2", "--threads", "4"),
        *("--worker-tmp-dir", str(stack.folder), "--graceful-timeout", "5", "--no-control-socket", "--preload"),
    ],
    "worker": lambda stack: ["celery", "-A", "topjob", "worker", "--concurrency", "1", "--loglevel", "INFO"],
    "beat": lambda stack: ["celery", "-A", "topjob", "beat", "--schedule", str(stack.folder / "beat"), "--pidfile="],
}


@contextlib.contextmanager
def running_stack(cluster: Cluster, folder: Path, *, host: str = "127.0.0.1", **extra: str) -> Iterator[LiveStack]:
    """The web server on a database of its own, started and stopped around the block; worker and beat when asked for."""
    with contextlib.ExitStack() as exits:
        database = exits.enter_context(cluster.clone())
        broker = settings.REDIS_URL or exits.enter_context(_embedded_broker())
        (folder / "mail").mkdir(parents=True, exist_ok=True)
        stack = LiveStack(cluster, database, folder, broker, free_port(), extra=extra, host=host)
        exits.callback(stack.stop, kill=True)
        stack.start("web")
        stack.wait_until_ready()
        yield stack


@contextlib.contextmanager
def _embedded_broker() -> Iterator[str]:
    valkey = embedded.Valkey(settings.SERVICES_HOME.with_name(f"live-{os.getpid()}"))
    with valkey.shared():
        yield valkey.url
    shutil.rmtree(valkey.home)


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
