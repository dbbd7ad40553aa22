"""What is in the way of `make run` is said in one Dutch sentence before anything is installed, on the plain Python."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from topjob import ready

PROGRAM = Path(ready.__file__)


def ask(folder: Path, *, executable: str = sys.executable, **variables: str) -> tuple[int, list[str]]:
    """What `make run` in a bare copy of the folder says first; the copy holds nothing but this program."""
    (folder / "topjob").mkdir(exist_ok=True)
    copy = shutil.copy(PROGRAM, folder / "topjob")
    plain = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    result = subprocess.run(
        [executable, "-S", copy, "--serving", "echo", "verder"],
        env={**plain, "TOPJOB_ENV_FILE": str(folder / ".env"), **variables},
        capture_output=True,
        encoding="utf-8",
    )
    assert "Traceback" not in result.stderr
    return result.returncode, (result.stdout + result.stderr).splitlines()


NOWHERE = "127.0.0.1:1"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "abc", "PORT is “abc”; geef een getal van 1 tot en met 65535, of laat PORT weg."),
        ("PORT", "70000", "PORT is “70000”; geef een getal van 1 tot en met 65535, of laat PORT weg."),
        ("PORT", "", "PORT is “”; geef een getal van 1 tot en met 65535, of laat PORT weg."),
        ("DATABASE_URL", "nonsense", "DATABASE_URL is geen adres van een PostgreSQL-database."),
        ("DATABASE_URL", "postgres://h:abc/topjob", "DATABASE_URL is geen adres van een PostgreSQL-database."),
        ("DATABASE_URL", f"postgres://a:b@{NOWHERE}/topjob", f"de server van DATABASE_URL ({NOWHERE}) antwoordt niet."),
        ("DATABASE_URL", "postgres://a@%2Ftmp%2FNERGENS/x", "(/tmp/NERGENS/.s.PGSQL.5432) antwoordt niet."),
        ("REDIS_URL", "nonsense", "REDIS_URL is geen adres van een Redis-server."),
        ("REDIS_URL", f"redis://{NOWHERE}/0", f"de server van REDIS_URL ({NOWHERE}) antwoordt niet."),
    ],
)
def test_a_wrong_setting_is_one_plain_sentence(tmp_path, name, value, said):
    status, lines = ask(tmp_path, **{"PORT": "8000", name: value})
    assert status == 1
    assert len(lines) == 1
    assert lines[0].startswith("Top Job start niet: ")
    assert said in lines[0]


def test_the_settings_file_is_read_as_well(tmp_path):
    (tmp_path / ".env").write_text('PORT="abc"\n')
    variables = {"LC_ALL": "C"}
    assert "PORT is “abc”" in ask(tmp_path, **variables)[1][0]


def test_what_is_in_order_goes_on_also_in_a_path_with_a_space_and_an_accent(tmp_path):
    folder = tmp_path / "een map é"
    folder.mkdir()
    with socket.socket() as probe:
        probe.bind((ready.HOST, 0))
        free = probe.getsockname()[1]
    assert ask(folder, PORT=str(free), LC_ALL="C") == (0, ["verder"])


def test_a_port_that_is_taken_is_said_with_one_that_is_free(tmp_path):
    with socket.socket() as other:
        other.bind((ready.HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        _status, (line,) = ask(tmp_path, PORT=str(port))
    assert f"poort {port} is bezet" in line
    assert 0 < int(line.partition("PORT=")[2].split()[0]) < 65536


def test_a_port_that_needs_root_is_not_called_taken(monkeypatch):
    monkeypatch.setattr(ready, "why_not_bound", lambda port: ready.errno.EACCES)
    with pytest.raises(ready.NotReady, match=r"poort 80 mag alleen de beheerder \(root\) gebruiken"):
        ready.check_port_is_free(80)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere the libraries have other names")
def test_missing_pango_is_said_before_anything_is_installed(monkeypatch):
    asked = []
    monkeypatch.setattr(ready.ctypes, "CDLL", lambda name: asked.append(name) or _not_there())
    monkeypatch.setattr(ready, "wait_for_our_turn", lambda: None)
    monkeypatch.setattr(ready.subprocess, "call", lambda command, **_given: command == ready.INSTALL_LIBRARIES)
    monkeypatch.setattr(ready.os, "execvp", lambda *command: pytest.fail("it went on installing"))
    assert "pango-1.0" in ready.missing_libraries()
    assert ready.main(["make", "installed"]) == 1
    assert "libpango-1.0.so.0" in asked


def _not_there():
    raise OSError


def test_a_full_disk_and_a_folder_of_somebody_else_are_said(monkeypatch):
    monkeypatch.setattr(ready.shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(1, 1, 0))
    with pytest.raises(ready.NotReady, match=r"de schijf is \(bijna\) vol: 0 MB vrij"):
        ready.check_folder()
    monkeypatch.setattr(ready.os, "access", lambda path, mode: False)
    with pytest.raises(ready.NotReady, match="mag jij niet schrijven"):
        ready.check_folder()


def test_an_old_python_is_named(monkeypatch):
    monkeypatch.setattr(ready.sys, "version_info", (3, 9, 1))
    with pytest.raises(ready.NotReady, match=r"dit is 3\.9\."):
        ready.check_python()


def test_two_that_install_at_once_take_turns(tmp_path):
    """The lock stays with the command, also when the program that took it is gone (it becomes the command)."""
    (tmp_path / "topjob").mkdir()
    copy = shutil.copy(PROGRAM, tmp_path / "topjob")
    script = f"test -e '{tmp_path}/busy' && exit 9; touch '{tmp_path}/busy'; sleep 0.5; rm '{tmp_path}/busy'"
    command = [sys.executable, "-S", copy, "bash", "-c", script]
    both = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [process.wait(30) for process in both] == [0, 0]


@pytest.mark.parametrize("wrong", [{"DATABASE_URL": "nonsense"}, {"PORT": "abc"}])
def test_a_command_with_a_wrong_setting_ends_in_one_sentence(wrong):
    command = [sys.executable, "manage.py", "migrate"]
    environment = {**os.environ, "TOPJOB_ENV_FILE": os.devnull, "TOPJOB_MODE": "test", **wrong}
    result = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)
    assert result.returncode == 1
    assert result.stderr.startswith(next(iter(wrong)))
    assert len(result.stderr.splitlines()) == 1


def test_make_asks_before_it_installs():
    makefile = (Path(settings.BASE_DIR) / "Makefile").read_text()
    installing = [line for line in makefile.splitlines() if "$(MAKE)" in line and "installed" in line]
    assert installing
    assert all("topjob/ready.py" in line for line in installing)


@pytest.mark.parametrize(
    ("found", "taken"),
    [
        ({"first/python3.11": "echo 900", "the second/python3.11": "echo 100"}, "the second/python3.11"),
        ({"first/python3.13": "exit 1", "the second/python3": "echo 900"}, "the second/python3"),
        ({"first/python3.12": "echo 1000000", "the second/python3.11": "echo 900"}, "the second/python3.11"),
        ({"first/python3.12": "echo 1000000"}, "first/python3.12"),
        ({"first/python3.12": "exit 1"}, ""),
    ],
)
def test_the_environment_is_made_with_the_quickest_python(tmp_path: Path, found: dict[str, str], taken: str) -> None:
    """Of those that are new enough and can make one; a version manager's own may well be the slowest."""
    for name in ("sh", "sort", "sed"):
        (tmp_path / name).symlink_to(shutil.which(name) or "/nowhere")
    for path, says in found.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(f"#!{tmp_path}/sh\n{says}\n")
        (tmp_path / path).chmod(0o755)
    folders = [tmp_path / "first", tmp_path / "the second", tmp_path]
    script = Path(settings.BASE_DIR) / "requirements/python.sh"
    answer = subprocess.run(
        [tmp_path / "sh", script], env={"PATH": ":".join(map(str, folders))}, capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == (str(tmp_path / taken) if taken else "")
