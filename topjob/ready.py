"""Looks whether Top Job can be set up and started here, before anything is installed; `make` runs it first.

`ready.py [--serving] COMMAND…` says in one sentence what is in the way, or waits until nobody else installs in this folder
and becomes that command. Nothing but the standard library: there may be nothing else yet.
"""

from __future__ import annotations

import contextlib
import ctypes
import ctypes.util
import errno
import fcntl
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
POSTGRES_SCHEMES = {"postgres", "postgresql", "psql", "pgsql"}
INSTALL_LIBRARIES = ["bash", "requirements/system.sh", "pango"]
MADE_HERE = (".venv", "node_modules", "build", "var")
MEGABYTE = 1024 * 1024
NEEDED_FIRST, NEEDED_LATER = 1000, 100
# What WeasyPrint loads, by the names it looks for.
LIBRARIES = {
    "gobject-2.0": "libgobject-2.0.so.0",
    "pango-1.0": "libpango-1.0.so.0",
    "pangoft2-1.0": "libpangoft2-1.0.so.0",
    "harfbuzz": "libharfbuzz.so.0",
    "harfbuzz-subset": "libharfbuzz-subset.so.0",
    "fontconfig": "libfontconfig.so.1",
}


class NotReady(Exception):
    """The text says in words for the person at the terminal what is in the way."""


def main(arguments: list[str]) -> int:
    serving = arguments[:1] == ["--serving"]
    os.chdir(ROOT)
    try:
        check_python()
        check_folder()
        if serving:
            check_services(variables())
        wait_for_our_turn()
    except NotReady as problem:
        print(f"Top Job start niet: {problem}", file=sys.stderr)
        return 1
    if missing_libraries() and subprocess.call(INSTALL_LIBRARIES, env={**os.environ, "PYTHON": sys.executable}):
        return 1
    command = arguments[1:] if serving else arguments
    os.execvp(command[0], command)  # noqa: S606
    raise AssertionError("it has become the command")


# --- The machine -----------------------------------------------------------------------------------------------------
def check_python() -> None:
    if not (3, 11) <= sys.version_info < (3, 14):
        this = ".".join(map(str, sys.version_info[:2]))
        raise NotReady(f"Python 3.11, 3.12 of 3.13 is nodig; dit is {this}. Kies een andere: make PYTHON=python3.12 …")
    if not (ROOT / ".venv" / ".stamp-venv").exists():
        try:
            import ensurepip  # noqa: F401
            import venv  # noqa: F401
        except ImportError:
            raise NotReady(
                f"bij {sys.executable} ontbreken venv en pip. Op Debian en Ubuntu: apt-get install python3-venv"
            ) from None


def check_folder() -> None:
    if os.pathsep in str(ROOT):
        raise NotReady(f"in het pad {ROOT} staat een dubbelepunt; daar kan Python geen omgeving maken.")
    made = [ROOT / name for name in MADE_HERE]
    for folder in [*([] if all(path.exists() for path in made) else [ROOT]), *made]:
        if folder.exists() and not os.access(str(folder), os.W_OK):
            raise NotReady(f"in de map {folder} mag jij niet schrijven. Van wie is die map?")
    needed = NEEDED_LATER if (ROOT / ".venv" / ".stamp-base").exists() else NEEDED_FIRST
    free = shutil.disk_usage(str(ROOT)).free // MEGABYTE
    if free < needed:
        raise NotReady(f"de schijf is (bijna) vol: {free} MB vrij, nodig is ongeveer {needed} MB.")


def missing_libraries() -> list[str]:
    """Libraries for PDFs that this machine hasn't; elsewhere than on Linux that shows when they are used."""
    return [name for name in LIBRARIES if sys.platform.startswith("linux") and not loads(name)]


def loads(name: str) -> bool:
    for candidate in (LIBRARIES[name], ctypes.util.find_library(name)):
        with contextlib.suppress(OSError):
            if candidate and ctypes.CDLL(candidate):
                return True
    return False


def wait_for_our_turn() -> None:
    """One at a time installs here. The lock stays with what this program becomes, and with all that starts."""
    folder = os.open(str(ROOT), os.O_RDONLY)
    os.set_inheritable(folder, True)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Hier wordt al iets geïnstalleerd; even wachten tot dat klaar is …", flush=True)
        fcntl.flock(folder, fcntl.LOCK_EX)


# --- Where it serves and what it speaks to ----------------------------------------------------------------------------
def variables() -> dict[str, str]:
    """The environment, and under it what the settings file says."""
    path = Path(os.environ.get("TOPJOB_ENV_FILE", str(ROOT / ".env")))
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    found = [re.match(r"(?:export )?(\w+)=(.*)", line) for line in lines]
    return {**{match[1]: match[2].strip().strip("'\"") for match in found if match}, **os.environ}


def check_services(given: dict[str, str]) -> None:
    port = number_of_port(given.get("PORT", "8000"))
    # What an earlier run left is ended first; whether the port is free shows after that.
    folder = Path(given.get("TOPJOB_VAR", str(ROOT / "var")))
    if not (folder / "run.json").exists():
        check_port_is_free(port)
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        if given.get(name):
            check_database(name, given[name])
    if given.get("REDIS_URL"):
        check_broker(given["REDIS_URL"])


def number_of_port(text: str) -> int:
    if not re.match(r"[0-9]{1,5}\Z", text) or not 1 <= int(text) <= 65535:
        raise NotReady(f"PORT is “{text}”; geef een getal van 1 tot en met 65535, of laat PORT weg.")
    return int(text)


def check_port_is_free(port: int) -> None:
    problem = why_not_bound(port)
    if problem == errno.EACCES:
        raise NotReady(f"poort {port} mag alleen de beheerder (root) gebruiken. Kies een andere: PORT=8000 make run")
    if problem:
        # Looking further up, and around the corner at the highest number.
        others = (1024 + (port - 1023 + step) % 64512 for step in range(1000))
        other = next((number for number in others if not why_not_bound(number)), 8000)
        raise NotReady(f"poort {port} is bezet. Kies een andere: PORT={other} make run")


def why_not_bound(port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            return error.errno or errno.EIO
    return 0


def check_database(name: str, address: str) -> None:
    example = "postgres://gebruiker:wachtwoord@localhost:5432/topjob"
    parts = split(address)
    if parts is None or parts.scheme not in POSTGRES_SCHEMES or not parts.path.strip("/"):
        raise NotReady(f"{name} is geen adres van een PostgreSQL-database. Een voorbeeld: {example}")
    host, port = host_of(parts), parts.port or 5432
    socket_file = f"{host}/.s.PGSQL.{port}" if host.startswith("/") else ""
    if host:
        check_answers(name, host, port, socket_file)


def check_broker(address: str) -> None:
    parts = split(address)
    if parts is None or parts.scheme not in {"redis", "rediss", "redis+socket", "sentinel"}:
        raise NotReady("REDIS_URL is geen adres van een Redis-server. Een voorbeeld: redis://localhost:6379/0")
    if parts.scheme != "sentinel":
        socket_file = unquote(parts.path) if parts.scheme == "redis+socket" else ""
        check_answers("REDIS_URL", host_of(parts) or "localhost", parts.port or 6379, socket_file)


def split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - raises when it isn't a number
    except ValueError:
        return None
    return parts


def host_of(parts: SplitResult) -> str:
    """The host as it was written: a socket's folder keeps its capitals."""
    host = parts.netloc.rpartition("@")[2]
    return unquote(parts.hostname or "") if host.startswith("[") else unquote(host.partition(":")[0])


def check_answers(name: str, host: str, port: int, socket_file: str) -> None:
    try:
        if socket_file:
            with socket.socket(socket.AF_UNIX) as probe:
                probe.settimeout(3)
                probe.connect(socket_file)
        else:
            socket.create_connection((host, port), timeout=3).close()
    except OSError:
        where = socket_file or f"{host}:{port}"
        raise NotReady(
            f"de server van {name} ({where}) antwoordt niet. Start die, of laat {name} weg: dan komt er hier een eigen server."
        ) from None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
