"""`make run`: services, migrations, demo data, worker, beat and web server, started together and stopped together.

This program migrates, so `make run` starts it as the owner; what it starts itself runs as the application (DECISIONS 19).
"""

from __future__ import annotations

import contextlib
import fcntl
import io
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import django
from django.core.management import call_command

from topjob import embedded
from topjob.settings import BASE_DIR, BUILD_DIR, EMBEDDED, PORT, SERVICES_HOME, STATIC_ROOT, VAR_DIR

HOST = "127.0.0.1"
STOP_SECONDS = 15


class Stop(Exception):
    """Somebody pressed Ctrl-C, or the machine asks us to end."""


def main() -> int:
    """Run everything until asked to stop, or until one of the processes ends by itself."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _ask_to_stop)
    try:
        with only_one_run(), embedded.attached(SERVICES_HOME, EMBEDDED):
            check_port_is_free(PORT)
            prepare()
            return serve(PORT)
    except embedded.ServiceError as error:
        print(f"Top Job start niet: {error}", file=sys.stderr)
        return 1
    except Stop:
        print("Top Job is gestopt.")
        return 0


def _ask_to_stop(number: int, _frame: object) -> None:
    # A second Ctrl-C must not interrupt the tidy ending that the first one asked for.
    for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN)
    raise Stop


@contextlib.contextmanager
def only_one_run() -> Iterator[None]:
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    with (VAR_DIR / "run.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise embedded.ServiceError("er draait al een `make run` in deze map. Stop die eerst (Ctrl-C).") from None
        yield


def check_port_is_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise embedded.ServiceError(f"poort {port} is bezet. Kies een andere: PORT={port + 1} make run") from None


def prepare() -> None:
    """Bring the database and the static files up to date, and fill an empty database."""
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("grant_roles", stdout=io.StringIO())
    if static_files_changed():
        call_command("collectstatic", interactive=False, verbosity=0)
    if is_empty():
        print("De voorbeeldgegevens worden gemaakt; dat gebeurt alleen de eerste keer …", flush=True)
        manage("demo_data", "--seed", "1")


def static_files_changed() -> bool:
    """Whether something is newer than what was gathered last time."""
    gathered = STATIC_ROOT / "staticfiles.json"
    if not gathered.exists():
        return True
    sources = [path for folder in (BASE_DIR / "static", BUILD_DIR / "static") for path in folder.rglob("*")]
    libraries = BASE_DIR / "requirements" / "base.txt"
    return max(path.stat().st_mtime for path in [*sources, libraries]) > gathered.stat().st_mtime


def is_empty() -> bool:
    """Whether anybody has ever been registered here."""
    from django.db import connection

    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute("SELECT NOT EXISTS (SELECT 1 FROM candidates_candidate)")
        return bool(cursor.fetchone()[0])


def manage(*arguments: str) -> None:
    """Run one command as the application; its failure ends the start, with its own message above ours."""
    command = [sys.executable, str(BASE_DIR / "manage.py"), *arguments]
    if subprocess.run(command, cwd=BASE_DIR, env=as_the_application()).returncode:
        raise embedded.ServiceError(f"`manage.py {arguments[0]}` is niet gelukt.")


def as_the_application() -> dict[str, str]:
    return {**os.environ, "TOPJOB_DB_ROLE": "app"}


def commands(port: int) -> dict[str, list[str]]:
    """The three processes of the product."""
    beat_file = str(VAR_DIR / "celerybeat-schedule")
    web = ["gunicorn", "topjob.wsgi", "--bind", f"{HOST}:{port}", "--workers", "2", "--threads", "4"]
    web += ["--preload", "--no-control-socket", "--graceful-timeout", "5", "--log-level", "warning"]
    return {
        "web": web,
        "worker": ["celery", "-A", "topjob", "worker", "--concurrency", "1", "--loglevel", "WARNING"],
        "beat": ["celery", "-A", "topjob", "beat", "--schedule", beat_file, "--pidfile=", "--loglevel", "WARNING"],
    }


def serve(port: int) -> int:
    """Start the processes, say how to log in, and stay until the end."""
    processes: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in commands(port).items():
            processes[name] = start(name, command)
        wait_until_served(port, processes)
        welcome(port)
        return watch(processes)
    finally:
        stop(processes)


def start(name: str, command: list[str]) -> subprocess.Popen[bytes]:
    with (VAR_DIR / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=BASE_DIR,
            env=as_the_application(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # Ctrl-C reaches only this program, which then ends its processes in order.
            start_new_session=True,
        )


def wait_until_served(port: int, processes: dict[str, subprocess.Popen[bytes]], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not answers(f"http://{HOST}:{port}/gezond/leeft/"):
        ended = ended_among(processes)
        if ended or time.monotonic() > deadline:
            name = ended or "web"
            raise embedded.ServiceError(f"{name} start niet. Het einde van {VAR_DIR / f'{name}.log'}:\n{tail(name)}")
        time.sleep(0.1)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - our own address
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def welcome(port: int) -> None:
    print(
        f"\nTop Job draait op http://{HOST}:{port}/   (stoppen: Ctrl-C; logboeken en e-mail: {VAR_DIR})\n", flush=True
    )
    manage("logins")
    sys.stdout.flush()


def watch(processes: dict[str, subprocess.Popen[bytes]]) -> int:
    """Wait; when one process ends by itself something is wrong, and everything ends."""
    while not (ended := ended_among(processes)):
        time.sleep(0.5)
    print(f"{ended} is onverwacht gestopt. Het einde van {VAR_DIR / f'{ended}.log'}:\n{tail(ended)}", file=sys.stderr)
    return 1


def ended_among(processes: dict[str, subprocess.Popen[bytes]]) -> str:
    return next((name for name, process in processes.items() if process.poll() is not None), "")


def stop(processes: dict[str, subprocess.Popen[bytes]]) -> None:
    for process in processes.values():
        process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in processes.values():
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.1, deadline - time.monotonic()))
        # Each leads a group: what it left behind, or the whole of it when it took too long, ends now.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def tail(name: str) -> str:
    path: Path = VAR_DIR / f"{name}.log"
    return "\n".join(path.read_text(errors="replace").splitlines()[-20:])


if __name__ == "__main__":
    sys.exit(main())
