"""The embedded services: shared, restartable after a kill, gone when nobody uses them."""

import os
import shutil
import signal
import subprocess
import sys

import psycopg
import pytest
from django.conf import settings

from topjob import embedded


@pytest.fixture
def home():
    if os.environ.get("DATABASE_URL"):
        pytest.skip("there is a named server: nothing runs embedded")
    folder = settings.SERVICES_HOME.with_name(f"e{os.getpid()}")
    yield folder
    shutil.rmtree(folder)


def write(postgres: embedded.Postgres, statement: str) -> None:
    with psycopg.connect(postgres.dsn(database=embedded.DATABASE)) as connection:
        connection.execute(statement)


def test_the_last_one_out_stops_the_server(home):
    first, second = embedded.Postgres(home, fsync=False), embedded.Postgres(home, fsync=False)
    with first.shared():
        with second.shared():
            pid = first._pid()
        assert first._answers()
        assert first._pid() == pid
    assert not first._answers()
    assert first._pid() is None


def test_what_was_written_survives_a_kill(home):
    postgres = embedded.Postgres(home)
    with postgres.shared():
        write(postgres, "CREATE TABLE kept (id int)")
        pid = postgres._pid()
        os.kill(pid, signal.SIGKILL)
        assert postgres._wait_until_gone(pid, 5)
    with postgres.shared():
        assert postgres._pid() != pid
        write(postgres, "INSERT INTO kept VALUES (1)")


def test_a_pid_file_that_names_another_process_is_no_obstacle(home):
    postgres = embedded.Postgres(home, fsync=False)
    with postgres.shared():
        pass
    (postgres.data / "postmaster.pid").write_text(f"{os.getpid()}\n{postgres.data}\n")
    with postgres.shared():
        assert postgres._answers()


def test_a_server_whose_threads_take_a_moment_more_is_collected(tmp_path):
    """A broker with threads looks gone before it is: without waiting for it, Python complained in some test run of ten."""
    service = embedded.Valkey(tmp_path)
    first_thread_ends = "import ctypes, threading, time; threading.Thread(target=time.sleep, args=(0.6,)).start(); "
    service._child = subprocess.Popen([sys.executable, "-c", first_thread_ends + "ctypes.CDLL(None).pthread_exit(0)"])
    assert service._wait_until_gone(service._child.pid, 20)
    assert service._child.returncode is not None


def test_the_three_roles_are_there(home):
    with embedded.Postgres(home, fsync=False).shared():
        for role in (embedded.OWNER, embedded.APP, embedded.DESTROYER):
            psycopg.connect(embedded.Postgres(home).dsn(role, embedded.DATABASE)).close()


def test_the_broker_keeps_what_it_was_given(home):
    broker = embedded.Valkey(home)
    for _round in range(2):
        with broker.shared():
            client = broker._client()
            count = client.incr("rounds")
            client.close()
    assert count == 2
    assert not broker._answers()


def test_only_its_own_user_enters(home):
    with embedded.Postgres(home, fsync=False).shared():
        assert home.stat().st_mode & 0o077 == 0


def test_a_long_path_gets_a_short_home(tmp_path):
    deep = tmp_path / ("x" * 120)
    assert len(os.fsencode(embedded.home_for(deep) / ".s.PGSQL.5432")) <= embedded.LONGEST_SOCKET
