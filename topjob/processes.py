"""The processes of one run: written down when they start, ended when the run ends, however it ends.

`make run` writes every process it starts in a file, with the moment it began, so that a number which the machine has given
to somebody else since is never taken for ours. Beside it waits a guard: when the run dies without a word (`kill -9`, no
memory left) the guard ends what the file names, and the embedded servers when nobody else uses them. When the guard died
as well, the next start does it.

The guard is this file, run by itself. It loads nothing else of ours before it has something to do.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STOP_SECONDS = 15
# Behind the name of a file that is still being written: it is put in its place whole, or not at all.
UNFINISHED = ".deel"


@dataclass(frozen=True)
class Noted:
    """A process as it was when it started. It leads a group of its own: what it starts itself is in there."""

    name: str
    pid: int
    began: str

    def lives(self) -> bool:
        return bool(self.began) and began(self.pid) == self.began

    def is_ours(self) -> bool:
        """Whether this group may be ended: its leader lives, or died and left processes that run our program."""
        if began(self.pid):
            return self.lives()
        return any(sys.executable in command_line(member) for member in group_members(self.pid))


class Book:
    """The file with the processes of the run that goes on now; there is none when a run ended as it should."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, name: str, pid: int) -> None:
        self._write([*(row for row in self.rows() if row.name != name), Noted(name, pid, began(pid))])

    def remove(self, name: str) -> None:
        self._write([row for row in self.rows() if row.name != name])

    def rows(self) -> list[Noted]:
        try:
            return [Noted(**row) for row in json.loads(self.path.read_text(encoding="utf-8"))]
        except (FileNotFoundError, ValueError, TypeError):
            return []

    def close(self) -> None:
        self.path.unlink(missing_ok=True)

    def _write(self, rows: list[Noted]) -> None:
        unfinished = self.path.with_suffix(UNFINISHED)
        unfinished.write_text(json.dumps([asdict(row) for row in rows]), encoding="utf-8")
        unfinished.replace(self.path)


def end(rows: list[Noted], seconds: float = STOP_SECONDS) -> list[str]:
    """Ask these processes to stop, and end what doesn't, with all they started. Answers who had to be asked."""
    ours = [row for row in rows if row.is_ours()]
    for row in ours:
        _signal_group(row.pid, signal.SIGTERM)
    deadline = time.monotonic() + seconds
    while any(row.is_ours() for row in ours) and time.monotonic() < deadline:
        time.sleep(0.05)
    for row in ours:
        if row.is_ours():
            kill_group(row.pid)
    return [row.name for row in ours]


def kill_group(leader: int, seconds: float = 5) -> None:
    """End what is left of a group, and see it gone: until then it may hold a lock, a port or a server."""
    _signal_group(leader, signal.SIGKILL)
    deadline = time.monotonic() + seconds
    while any(began(member) for member in group_members(leader)) and time.monotonic() < deadline:
        time.sleep(0.02)


def _signal_group(leader: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)


# --- What the machine knows of a process -----------------------------------------------------------------------------
def began(pid: int) -> str:
    """The moment a process started, as this machine writes it; nothing when it is no more."""
    if Path("/proc/self/stat").exists():
        try:
            # The name in the middle, in brackets, may hold anything; 20 places after it comes the start.
            fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return ""
        return "" if fields[0] in "ZX" else fields[19]
    status, _space, start = _ps("stat=,lstart=", pid).partition(" ")
    return "" if status.startswith("Z") else start.strip()


def command_line(pid: int) -> str:
    """The command a process runs, with its arguments."""
    if Path("/proc/self/cmdline").exists():
        try:
            return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" "))
        except (FileNotFoundError, ProcessLookupError):
            return ""
    return _ps("command=", pid)


def group_members(leader: int) -> list[int]:
    """Who is in a process group."""
    if Path("/proc/self/stat").exists():
        numbers = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
        return [number for number in numbers if _group_of(number) == leader]
    rows = subprocess.run(["ps", "-A", "-o", "pid=,pgid="], capture_output=True, text=True).stdout.split()
    return [int(pid) for pid, group in zip(rows[::2], rows[1::2], strict=True) if int(group) == leader]


def _group_of(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except (ProcessLookupError, PermissionError):
        return 0


def _ps(columns: str, pid: int) -> str:
    command = ["ps", "-o", columns, "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"}).stdout.strip()


# --- The guard -------------------------------------------------------------------------------------------------------
@contextlib.contextmanager
def guarded(book: Book, lock: IO[str], log: Path) -> Iterator[None]:
    """While the block runs a guard waits beside it. It shares the run's lock: nobody starts before it has finished."""
    with log.open("ab") as output:
        guard = subprocess.Popen(
            [sys.executable, "-P", __file__, str(book.path)],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            pass_fds=[lock.fileno()],
            start_new_session=True,
        )
    assert guard.stdin is not None
    try:
        yield
    finally:
        guard.stdin.close()
        guard.wait()


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """A process that starts is written down before a Ctrl-C is heard: otherwise nobody would end it."""
    asked: list[int] = []
    before = {number: signal.signal(number, lambda number, _frame: asked.append(number)) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if asked:
            os.kill(os.getpid(), asked[0])


def guard(book: Book) -> None:
    """Wait for the run to end; when it left its book behind, it had no chance to tidy up."""
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)
    sys.stdin.buffer.read()
    if not book.path.exists():
        return
    end(book.rows())
    # The book stays: the lock is free only when this process is gone, and whoever waits for it reads there why.
    subprocess.run([sys.executable, "-m", "topjob.releasing"], cwd=ROOT, check=True)


if __name__ == "__main__":
    guard(Book(Path(sys.argv[1])))
