"""`make run`: one at a time, on a free port, and nothing is left of it after Ctrl-C."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

from topjob import devserver, embedded
from topjob.devserver import answers


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    own = [int(child) for child in found.read_text().split()] if found.exists() else []
    return own + [grandchild for child in own for grandchild in children(child)]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks in /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_being_stopped_stops_everything(cluster, tmp_path, number):
    port = free_port()
    # The database is migrated already; filling it is another command's work.
    code = "import sys, topjob.devserver as d; d.prepare = lambda: d.django.setup(); sys.exit(d.main())"
    with cluster.clone() as database:
        environment = {**os.environ, **cluster.environment(database), "TOPJOB_VAR": str(tmp_path), "PORT": str(port)}
        environment |= {"TOPJOB_MODE": "test", "TOPJOB_ENV_FILE": os.devnull}
        process = subprocess.Popen(
            [sys.executable, "-c", code], cwd=settings.BASE_DIR, env=environment, start_new_session=True
        )
        deadline = time.monotonic() + 60
        while not answers(f"http://127.0.0.1:{port}/gezond/gereed/"):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
        time.sleep(1)
        started = children(process.pid)
        assert len(started) >= 5
        process.send_signal(number)
        assert process.wait(30) == 0
    deadline = time.monotonic() + 5
    while (left := [pid for pid in started if runs(pid)]) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert left == []


def runs(pid: int) -> bool:
    """Whether it lives; who died and wasn't collected yet doesn't. Another run of the tests may be using the broker."""
    try:
        status, name = Path(f"/proc/{pid}/status").read_text(), Path(f"/proc/{pid}/cmdline").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return "State:\tZ" not in status and "valkey" not in name


def test_a_port_that_is_taken_is_said(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(embedded.ServiceError, match="is bezet"):
            devserver.check_port_is_free(other.getsockname()[1])


def test_two_runs_of_one_checkout_do_not_fight(tmp_path, monkeypatch):
    monkeypatch.setattr(devserver, "VAR_DIR", tmp_path)
    with devserver.only_one_run(), pytest.raises(embedded.ServiceError, match="make run"), devserver.only_one_run():
        pass
