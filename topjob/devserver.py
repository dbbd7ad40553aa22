"""`make run`: services, migrations, demo data, worker, beat and web server, started together and stopped together.

This program migrates, so `make run` starts it as the owner; what it starts itself runs as the application (decision 19).
What ends by itself is started again, a few times. When this program is killed, its guard ends the rest (processes.py).
"""

from __future__ import annotations

import contextlib
import fcntl
import io
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO

import django
from django.core.management import call_command

from topjob import anew, embedded, processes, programs, ready, storage
from topjob.settings import BASE_DIR, BUILD_DIR, EMBEDDED, PORT, SERVICES_HOME, STATIC_ROOT, TOPJOB_MODE, VAR_DIR

FILLING, FILL = "voorbeeldwereld", ("demo_data", "--seed", "1")
# What ends by itself is started again so often within so many seconds; after that something is really wrong.
MOST_RESTARTS = 4
WITHIN_SECONDS = 300
# So long a run that is beginning or ending may hold the lock without having written down that it runs.
HANDING_OVER_SECONDS = 3
BOOK = processes.Book(VAR_DIR / "run.json")
STARTED_BY_MAKE = "MAKELEVEL" in os.environ
PARENT = os.getppid()


class Stop(Exception):
    """Somebody pressed Ctrl-C, or the machine asks us to end."""


class GivenUp(Exception):
    """Something of ours keeps ending by itself."""


def main() -> int:
    """Run everything until asked to stop, or until something keeps ending by itself."""
    for number in processes.ENDING:
        # Under nohup the end of the terminal isn't ours.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _ask_to_stop)
    try:
        with only_one_run() as lock, tidied_up(lock), embedded.attached(SERVICES_HOME, EMBEDDED) as services:
            ready.check_port_is_free(PORT)
            is_unfinished = prepare()
            return serve(PORT, services, is_unfinished)
    except (programs.ServiceError, ready.NotReady) as error:
        say(f"Top Job start niet: {error}", sys.stderr)
        return 1
    except GivenUp as error:
        say(f"Top Job stopt: {error}", sys.stderr)
        return 1
    except Stop:
        say("Top Job is gestopt.")
        return 0


def _ask_to_stop(number: int, _frame: object) -> None:
    # A second Ctrl-C must not interrupt the tidy ending that the first one asked for.
    for other in processes.ENDING:
        signal.signal(other, signal.SIG_IGN)
    raise Stop


def say(sentence: str, stream: IO[str] | None = None) -> None:
    """Tell the person at the terminal, who may be gone by now."""
    with contextlib.suppress(OSError):
        print(sentence, file=stream or sys.stdout, flush=True)


@contextlib.contextmanager
def only_one_run() -> Iterator[IO[str]]:
    """One `make run` in this folder; one that was killed a moment ago is waited for until its guard has tidied up."""
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    with (VAR_DIR / "run.lock").open("a") as lock:
        deadline = time.monotonic() + HANDING_OVER_SECONDS
        while not _locked(lock):
            without_word = not BOOK.path.exists() and time.monotonic() > deadline
            if without_word or any(row.lives() for row in BOOK.rows() if row.name == "run"):
                raise programs.ServiceError("er draait al een `make run` in deze map. Stop die eerst (Ctrl-C).")
            time.sleep(0.1)
        yield lock


def _locked(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def tidied_up(lock: IO[str]) -> Iterator[None]:
    """End what an earlier run left, and see to it that nothing is left of this one."""
    if processes.end([row for row in BOOK.rows() if row.name != "run"]):
        say("Wat een eerdere `make run` achterliet, is gestopt.")
    BOOK.close()
    with processes.guarded(BOOK, lock, VAR_DIR / "guard.log"):
        BOOK.add("run", os.getpid())
        try:
            yield
        finally:
            BOOK.close()


def prepare() -> bool:
    """Bring the database and the static files up to date, and fill an empty database as far as people need to be let in.

    Answers whether there is more to fill.
    """
    django.setup()
    check_database()
    leave_what_is_from_before()
    call_command("migrate", verbosity=0)
    call_command("grant_roles", stdout=io.StringIO())
    if EMBEDDED["postgres"]:
        # Nobody else works here now: what a killed run left has no row to wait for.
        storage.sweep(0)
    if static_files_changed():
        call_command("collectstatic", interactive=False, verbosity=0)
    is_unfinished = needs_filling()
    if is_unfinished:
        say("De voorbeeldwereld wordt gemaakt; dat gebeurt alleen de eerste keer …")
        manage(*FILL, "--first")
    return is_unfinished


def check_database() -> None:
    """A server that was named may refuse us: a wrong password, a database that isn't there."""
    from django.db import OperationalError, connection

    try:
        connection.ensure_connection()
    except OperationalError as error:
        why = str(error).strip().splitlines()[-1]
        raise programs.ServiceError(f"de database laat ons niet binnen. Dit zegt zij: {why}") from None


def leave_what_is_from_before() -> None:
    """Begin anew where older migrations made the demo, and say so; a database that somebody named isn't ours to empty."""
    if anew.is_from_before():
        if not (EMBEDDED["postgres"] and TOPJOB_MODE == "demo"):
            raise programs.ServiceError(anew.STOPS)
        say(anew.BEGINS)
        anew.begin(SERVICES_HOME, EMBEDDED)


def static_files_changed() -> bool:
    """Whether something is newer than what was gathered last time."""
    gathered = STATIC_ROOT / "staticfiles.json"
    if not gathered.exists():
        return True
    sources = [path for folder in (BASE_DIR / "static", BUILD_DIR / "static") for path in folder.rglob("*")]
    libraries = BASE_DIR / "requirements" / "base.txt"
    return max(path.stat().st_mtime for path in [*sources, libraries]) > gathered.stat().st_mtime


def needs_filling() -> bool:
    """Whether nobody was ever registered here, or the voorbeeldwereld isn't whole yet."""
    from django.db import connection

    nobody = "NOT EXISTS (SELECT 1 FROM candidates_candidate)"
    unfinished = "EXISTS (SELECT 1 FROM topjob_demofill WHERE finished_at IS NULL)"
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute(f"SELECT {nobody} OR {unfinished}")
        return bool(cursor.fetchone()[0])


def manage(*arguments: str) -> None:
    """Run one command as the application; its failure ends the start, with its own message above ours."""
    name = arguments[0]
    process = start(name, [sys.executable, str(BASE_DIR / "manage.py"), *arguments])
    try:
        while process.poll() is None:
            stop_without_make()
            time.sleep(0.05)
    finally:
        stop({name: process})
    if process.returncode:
        raise programs.ServiceError(f"`manage.py {name}` is niet gelukt.")


def as_the_application() -> dict[str, str]:
    return {**os.environ, "TOPJOB_DB_ROLE": "app"}


def commands(port: int) -> dict[str, list[str]]:
    """The three processes of the product."""
    beat_file = str(VAR_DIR / "celerybeat-schedule")
    web = ["gunicorn", "topjob.wsgi", "--bind", f"{ready.HOST}:{port}", "--workers", "2", "--threads", "4"]
    web += ["--preload", "--no-control-socket", "--graceful-timeout", "5", "--log-level", "warning"]
    return {
        "web": web,
        "worker": ["celery", "-A", "topjob", "worker", "--concurrency", "1", "--loglevel", "WARNING"],
        "beat": ["celery", "-A", "topjob", "beat", "--schedule", beat_file, "--pidfile=", "--loglevel", "WARNING"],
    }


def serve(port: int, services: list[embedded.Service], is_unfinished: bool) -> int:
    """Start the processes, say how to log in, and stay until the end."""
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name in commands(port):
            running[name] = start_logged(name, port)
        wait_until_served(port, running)
        welcome(port)
        if is_unfinished:
            running[FILLING] = start_filling()
        return watch(port, running, services)
    finally:
        stop(running)


def start_filling() -> subprocess.Popen[bytes]:
    """The rest of the voorbeeldwereld, beside the people who are at work in it already."""
    return start(FILLING, [sys.executable, str(BASE_DIR / "manage.py"), *FILL])


def start_logged(name: str, port: int) -> subprocess.Popen[bytes]:
    with (VAR_DIR / f"{name}.log").open("ab") as log:
        return start(name, [sys.executable, "-m", *commands(port)[name]], log)


def start(name: str, command: list[str], log: IO[bytes] | None = None) -> subprocess.Popen[bytes]:
    """Start a process that ends with this program, whatever happens to it. Without a log it speaks to the terminal."""
    with processes.uninterrupted():
        process = subprocess.Popen(
            command,
            cwd=BASE_DIR,
            env=as_the_application(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # Ctrl-C reaches only this program, which then ends its processes in order.
            start_new_session=True,
        )
        BOOK.add(name, process.pid)
    return process


def wait_until_served(port: int, running: dict[str, subprocess.Popen[bytes]], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not answers(f"http://{ready.HOST}:{port}/gezond/leeft/"):
        stop_without_make()
        ended = next((name for name, process in running.items() if process.poll() is not None), "")
        if ended or time.monotonic() > deadline:
            name = ended or "web"
            raise programs.ServiceError(f"{name} start niet. {end_of(VAR_DIR / f'{name}.log')}")
        time.sleep(0.1)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - our own address
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def welcome(port: int) -> None:
    say(f"\nTop Job draait op http://{ready.HOST}:{port}/   (stoppen: Ctrl-C; logboeken en e-mail: {VAR_DIR})\n")
    manage("logins")


def watch(port: int, running: dict[str, subprocess.Popen[bytes]], services: list[embedded.Service]) -> int:
    """Stay, and start again what ends by itself: the three processes and the servers that are ours."""
    names = {service.title: service for service in services}
    falls = {name: Falls(name, service.log) for name, service in names.items()}
    falls |= {name: Falls(name, VAR_DIR / f"{name}.log") for name in running}
    while True:
        stop_without_make()
        for name, service in names.items():
            if service.is_gone():
                falls[name].again(service.revive)
        for name in [name for name, process in running.items() if process.poll() is not None]:
            if name == FILLING and running[name].returncode == 0:
                stop({name: running.pop(name)})
                continue
            try:
                falls[name].again(partial(renew, name, port, running))
            except GivenUp:
                if name != FILLING:
                    raise
                # Whoever is at work here goes on.
                stop({name: running.pop(name)})
                say(
                    "De voorbeeldwereld komt niet verder; wat er is, blijft bruikbaar. Een volgende start probeert het weer."
                )
        time.sleep(0.5)


def renew(name: str, port: int, running: dict[str, subprocess.Popen[bytes]]) -> None:
    """Start a process again, after what it left behind has ended: never two of one."""
    stop({name: running[name]})
    running[name] = start_filling() if name == FILLING else start_logged(name, port)


@dataclass
class Falls:
    """How often something ended by itself lately."""

    name: str
    log: Path
    moments: list[float] = field(default_factory=list)

    def again(self, start: Callable[[], None]) -> None:
        """Start it again after a pause that grows, and say so; too often is the end of the run."""
        now = time.monotonic()
        self.moments = [*(moment for moment in self.moments if now - moment < WITHIN_SECONDS), now]
        if len(self.moments) > MOST_RESTARTS:
            raise GivenUp(f"{self.name} stopt steeds opnieuw. {end_of(self.log)}")
        time.sleep(len(self.moments) - 1)
        with contextlib.suppress(programs.ServiceError):
            start()
            say(f"{self.name} was onverwacht gestopt en is opnieuw gestart.")


def stop_without_make() -> None:
    """`make` was killed: nobody sees this program any more, so it stops as well."""
    if STARTED_BY_MAKE and os.getppid() != PARENT:
        raise Stop


def stop(running: dict[str, subprocess.Popen[bytes]]) -> None:
    for process in running.values():
        process.terminate()
    deadline = time.monotonic() + processes.STOP_SECONDS
    for name, process in running.items():
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.1, deadline - time.monotonic()))
        # Each leads a group: what it left behind, or the whole of it when it took too long, ends now.
        processes.kill_group(process.pid)
        process.wait()
        BOOK.remove(name)


def end_of(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:] if log.exists() else []
    return "\n".join([f"Het einde van {log}:", *lines])


if __name__ == "__main__":
    sys.exit(main())
