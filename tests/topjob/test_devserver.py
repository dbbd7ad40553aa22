"""`make run`: one at a time, on a free port, nothing is left of it however it ends, and what falls is started again."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings

from topjob import devserver, embedded, processes, programs
from topjob.devserver import answers

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks in /proc")
# The database is migrated already; filling it is another command's work.
PREPARED = "import sys, topjob.devserver as d; d.prepare = lambda: d.django.setup(); sys.exit(d.main())"
# The same with light processes in the places of the three.
LIGHT = (
    "import sys, topjob.devserver as d; d.prepare = d.welcome = lambda *given: None; me = ['tests.topjob.stand_in'];"
    "d.commands = lambda port: {'web': [*me, str(port)], 'worker': me, 'beat': me}; sys.exit(d.main())"
)
FILLING = (
    "import sys, topjob.devserver as d;"
    "d.prepare = lambda: d.manage('shell', '-c', 'import time; time.sleep(60)'); sys.exit(d.main())"
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    own = [int(child) for child in found.read_text().split()] if found.exists() else []
    return own + [grandchild for child in own for grandchild in children(child)]


@dataclass
class Run:
    """A `make run` on a clone of the migrated database."""

    folder: Path
    port: int
    environment: dict[str, str]
    all: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, code: str = LIGHT) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", code]
        # Tests may themselves be run deaf to Ctrl-C, in the background of a shell.
        before = signal.signal(signal.SIGINT, signal.SIG_DFL)
        try:
            process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=self.environment, start_new_session=True)
        finally:
            signal.signal(signal.SIGINT, before)
        self.all.append(process)
        return process

    def started(self, process: subprocess.Popen[bytes]) -> list[int]:
        """Everything it started, when it serves."""

        def served() -> bool:
            assert process.poll() is None
            complete = {"run", "web", "worker", "beat"} <= set(self.book) and self.book["run"] == process.pid
            return complete and answers(f"http://127.0.0.1:{self.port}/gezond/gereed/")

        within(120, served)
        # The guard, three processes, and what they started themselves.
        within(60, lambda: len(children(process.pid)) >= 7)
        return children(process.pid)

    @property
    def book(self) -> dict[str, int]:
        with contextlib.suppress(FileNotFoundError):
            return {row["name"]: row["pid"] for row in json.loads((self.folder / "run.json").read_text())}
        return {}


@pytest.fixture
def run(cluster, tmp_path) -> Iterator[Run]:
    port = free_port()
    with cluster.clone() as database:
        environment = {**os.environ, **cluster.environment(database), "TOPJOB_VAR": str(tmp_path), "PORT": str(port)}
        running = Run(tmp_path, port, environment | {"TOPJOB_MODE": "test", "TOPJOB_ENV_FILE": os.devnull})
        try:
            yield running
        finally:
            for process in running.all:
                process.terminate()
                process.wait(60)


def within(seconds: float, question: Callable[[], bool]) -> None:
    deadline = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@linux
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, PREPARED), (signal.SIGTERM, LIGHT)])
def test_being_stopped_stops_everything(run, number, code):
    process = run.start(code)
    started = run.started(process)
    process.send_signal(number)
    assert process.wait(60) == 0
    within(20, lambda: not any(runs(pid) for pid in started))
    assert run.book == {}


@linux
def test_a_killed_run_leaves_nothing_and_is_no_obstacle(run):
    process = run.start()
    started = run.started(process)
    process.kill()
    # At once again: the new one waits for the guard of the killed one, and finds the port free.
    again = run.start()
    run.started(again)
    assert not any(runs(pid) for pid in started)
    # Now the guard goes as well: the next start ends what they left. What fell by itself is up again before that.
    for name in ("beat", "web"):
        before = run.book[name]
        os.killpg(before, signal.SIGKILL)
        within(40, lambda name=name, before=before: run.book.get(name) not in {None, before})
    fresh = run.started(again)
    os.kill(guard_of(again.pid), signal.SIGKILL)
    again.kill()
    assert any(runs(pid) for pid in fresh)
    last = run.start()
    run.started(last)
    assert not any(runs(pid) for pid in fresh)
    last.terminate()
    assert last.wait(60) == 0


@linux
def test_a_killed_run_does_not_go_on_filling(run):
    process = run.start(FILLING)
    within(120, lambda: "shell" in run.book)
    filling = run.book["shell"]
    process.kill()
    within(30, lambda: not runs(filling))


def guard_of(pid: int) -> int:
    return next(child for child in children(pid) if "processes.py" in processes.command_line(child))


def test_a_number_that_somebody_else_has_now_is_left_alone(tmp_path):
    book = processes.Book(tmp_path / "run.json")
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as stranger:
        book.add("web", stranger.pid)
        (row,) = book.rows()
        assert row.lives()
        assert processes.end([processes.Noted("web", stranger.pid, row.began + "0")], 0.1) == []
        assert stranger.poll() is None
        assert processes.end([row], 5) == ["web"]
        assert stranger.wait() == -signal.SIGTERM


def test_who_ends_something_sees_all_of_it_gone(tmp_path, monkeypatch):
    """A child that a process leaves behind holds what its parent had: the lock on the servers, for one."""
    monkeypatch.setattr(devserver, "BOOK", processes.Book(tmp_path / "run.json"))
    code = "import os, time; os.fork() or time.sleep(60); time.sleep(0.2); print('.', flush=True); os._exit(0)"
    reading, writing = os.pipe()
    with subprocess.Popen([sys.executable, "-c", code], pass_fds=[writing], start_new_session=True) as process:
        os.close(writing)
        process.wait(60)
        os.set_blocking(reading, False)
        with pytest.raises(BlockingIOError):
            os.read(reading, 1)
        devserver.stop({"voorbeeld": process})
        assert os.read(reading, 1) == b""
    os.close(reading)


def test_servers_that_fall_are_started_again_and_it_is_said(monkeypatch):
    if os.environ.get("DATABASE_URL"):
        pytest.skip("there is a named server: nothing runs embedded")
    home = settings.SERVICES_HOME.with_name(f"w{os.getpid()}")
    said = []

    def say(sentence: str) -> None:
        said.append(sentence)
        if len(said) == 2:
            raise devserver.Stop

    monkeypatch.setattr(devserver, "say", say)
    try:
        with embedded.attached(home, {"postgres": True, "valkey": True}, fsync=False) as services:
            for service in services:
                service._child.kill()
            with pytest.raises(devserver.Stop):
                devserver.watch(0, {}, services)
            assert all(service._answers() for service in services)
    finally:
        shutil.rmtree(home)
    # Which of the two is seen first depends on how long each takes to be gone.
    assert sorted(said) == [
        "De broker (valkey) was onverwacht gestopt en is opnieuw gestart.",
        "PostgreSQL was onverwacht gestopt en is opnieuw gestart.",
    ]


def ended(code: int) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, "-c", f"raise SystemExit({code})"], start_new_session=True)
    process.wait()
    return process


def test_a_filling_that_is_whole_isnt_begun_anew_and_one_that_fell_is(monkeypatch, tmp_path):
    monkeypatch.setattr(devserver, "BOOK", processes.Book(tmp_path / "run.json"))
    rounds, begun = iter(range(2)), []
    monkeypatch.setattr(devserver.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(devserver, "say", lambda sentence: begun.append(sentence))
    monkeypatch.setattr(devserver, "start_filling", lambda: ended(0))

    def stop_later() -> None:
        if next(rounds, None) is None:
            raise devserver.Stop

    monkeypatch.setattr(devserver, "stop_without_make", stop_later)
    running = {devserver.FILLING: ended(1)}
    with pytest.raises(devserver.Stop):
        devserver.watch(0, running, [])
    assert begun == ["voorbeeldwereld was onverwacht gestopt en is opnieuw gestart."]
    assert running == {}, "the second time it had done all its work"


def test_a_filling_that_keeps_falling_leaves_the_rest_at_work(monkeypatch, tmp_path):
    monkeypatch.setattr(devserver, "BOOK", processes.Book(tmp_path / "run.json"))
    rounds, said = iter(range(devserver.MOST_RESTARTS + 2)), []
    monkeypatch.setattr(devserver.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(devserver, "say", said.append)
    monkeypatch.setattr(devserver, "start_filling", lambda: ended(1))

    def stop_later() -> None:
        if next(rounds, None) is None:
            raise devserver.Stop

    monkeypatch.setattr(devserver, "stop_without_make", stop_later)
    running = {devserver.FILLING: ended(1)}
    with pytest.raises(devserver.Stop):
        devserver.watch(0, running, [])
    assert running == {}
    assert said[-1].startswith("De voorbeeldwereld komt niet verder")


def test_what_keeps_falling_ends_the_run_with_its_last_words(tmp_path, monkeypatch):
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    (tmp_path / "web.log").write_text("geen geheugen meer\n")
    falls = devserver.Falls("web", tmp_path / "web.log")
    for _ in range(devserver.MOST_RESTARTS):
        falls.again(lambda: None)
    with pytest.raises(devserver.GivenUp, match=r"web stopt steeds opnieuw.*\n.*geen geheugen meer"):
        falls.again(lambda: None)


def test_make_that_was_killed_takes_the_run_with_it(monkeypatch):
    monkeypatch.setattr(devserver, "STARTED_BY_MAKE", True)
    devserver.stop_without_make()
    monkeypatch.setattr(devserver, "PARENT", 1)
    with pytest.raises(devserver.Stop):
        devserver.stop_without_make()


def runs(pid: int) -> bool:
    """Whether it lives; who died and wasn't collected yet doesn't. Another run of the tests may be using the broker."""
    try:
        status, name = Path(f"/proc/{pid}/status").read_text(), Path(f"/proc/{pid}/cmdline").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return "State:\tZ" not in status and "valkey" not in name


def test_two_runs_of_one_checkout_do_not_fight(tmp_path, monkeypatch):
    monkeypatch.setattr(devserver, "VAR_DIR", tmp_path)
    monkeypatch.setattr(devserver, "BOOK", processes.Book(tmp_path / "run.json"))
    monkeypatch.setattr(devserver, "HANDING_OVER_SECONDS", 0)
    with devserver.only_one_run(), pytest.raises(programs.ServiceError, match="make run"), devserver.only_one_run():
        pass
