"""`make run` on a demo that older migrations made begins anew, says why and asks nothing; a named database is left alone."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from tests.databases import Cluster
from topjob import anew, devserver, embedded, programs, storage

SERVICES = {"postgres": True, "valkey": True}
OLDER = "INSERT INTO django_migrations (app, name, applied) VALUES ('accounts', '0004_audit_chain', now())"
WITHOUT = "DELETE FROM django_migrations WHERE app = 'accounts' AND name = '0002_rules'"


def change_history(cluster: Cluster, database: str, *statements: str) -> None:
    with cluster.owner(database) as owner:
        for statement in statements:
            owner.execute(statement)


# --- Which database is from before -----------------------------------------------------------------------------------
def test_a_database_of_these_migrations_is_not_from_before(own_database: str) -> None:
    assert not anew.is_from_before()


def test_one_whose_migrations_are_gone_is(own_database: str, cluster: Cluster) -> None:
    change_history(cluster, own_database, OLDER, WITHOUT)
    assert anew.is_from_before()


def test_one_that_is_only_behind_or_ahead_is_not(own_database: str, cluster: Cluster) -> None:
    """Another branch with a migration more, or with one less, is no reason to throw anything away."""
    change_history(cluster, own_database, OLDER)
    assert not anew.is_from_before()
    change_history(cluster, own_database, "DELETE FROM django_migrations WHERE name = '0004_audit_chain'", WITHOUT)
    assert not anew.is_from_before()


def test_one_of_two_branches_is_not(own_database: str, cluster: Cluster) -> None:
    """A migration that isn't here was applied, and one that is here wasn't, of one app: work goes on on both."""
    other = OLDER.replace("0004_audit_chain", "0004_of_another_branch")
    change_history(
        cluster, own_database, other, "DELETE FROM django_migrations WHERE (app, name) = ('accounts', '0003_reference')"
    )
    assert not anew.is_from_before()


def test_what_became_of_a_library_says_nothing(own_database: str, cluster: Cluster) -> None:
    ours = OLDER.replace("accounts", "account")
    change_history(
        cluster, own_database, ours, "DELETE FROM django_migrations WHERE app = 'account' AND name LIKE '0009%'"
    )
    assert not anew.is_from_before()


def test_an_empty_database_is_not(cluster: Cluster, own_database: str) -> None:
    change_history(cluster, own_database, "DROP TABLE django_migrations")
    assert not anew.is_from_before()


# --- A database that somebody named ----------------------------------------------------------------------------------
@pytest.mark.parametrize(("is_embedded", "mode"), [(False, "demo"), (True, "test")])
def test_another_database_is_never_emptied_and_it_says_what_to_do(
    own_database: str, cluster: Cluster, monkeypatch: pytest.MonkeyPatch, is_embedded: bool, mode: str
) -> None:
    change_history(cluster, own_database, OLDER, WITHOUT)
    monkeypatch.setattr(devserver, "EMBEDDED", {"postgres": is_embedded, "valkey": True})
    monkeypatch.setattr(devserver, "TOPJOB_MODE", mode)
    monkeypatch.setattr(anew, "begin", lambda *given: pytest.fail("emptied"))
    migrated = []
    monkeypatch.setattr(devserver, "call_command", lambda *given, **options: migrated.append(given))
    with pytest.raises(programs.ServiceError, match=r"oudere versie.*niet aangeraakt.*lege database.*DATABASE_URL"):
        devserver.prepare()
    assert migrated == []


# --- The demo --------------------------------------------------------------------------------------------------------
def test_the_demo_begins_anew_before_it_is_migrated_and_goes_on(
    own_database: str, cluster: Cluster, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    change_history(cluster, own_database, OLDER, WITHOUT)
    done = []
    for name, value in {"EMBEDDED": SERVICES, "TOPJOB_MODE": "demo", "static_files_changed": lambda: False}.items():
        monkeypatch.setattr(devserver, name, value)
    monkeypatch.setattr(anew, "begin", lambda home, given: done.append(("begin", home, given)))
    monkeypatch.setattr(devserver, "call_command", lambda name, **options: done.append(name))
    monkeypatch.setattr(storage, "sweep", lambda seconds: done.append("sweep"))
    monkeypatch.setattr(devserver, "manage", lambda *given: done.append(given))
    assert devserver.prepare(), "there is something to fill"
    began = ("begin", devserver.SERVICES_HOME, SERVICES)
    assert done == [began, "migrate", "grant_roles", "sweep", ("demo_data", "--seed", "1", "--first")]
    said = capsys.readouterr().out
    assert "oudere versie" in said and "begint daarom zelf opnieuw: wat erin stond, is weg." in said
    assert "?" not in said


@pytest.fixture
def home() -> Iterator[Path]:
    if os.environ.get("DATABASE_URL"):
        pytest.skip("there is a named server: nothing runs embedded")
    folder = settings.SERVICES_HOME.with_name(f"a{os.getpid()}")
    with embedded.attached(folder, SERVICES, fsync=False):
        yield folder
    shutil.rmtree(folder)


@pytest.fixture
def left(tmp_path: Path, settings) -> Path:
    """What a demo leaves beside its database."""
    settings.VAR_DIR, settings.MEDIA_ROOT, settings.MAIL_DIR = tmp_path, tmp_path / "media", tmp_path / "mail"
    settings.CLOCK_FILE, settings.DESTRUCTION_JOURNAL = str(tmp_path / "clock"), tmp_path / "vernietigd.jsonl"
    for name in ("media/kandidaten/cv.pdf", "mail/1.eml", "clock", "vernietigd.jsonl", "zegel/zegel.p12", "web.log"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("van de vorige demo")
    return tmp_path


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


def test_what_the_demo_made_is_thrown_away(own_database: str, home: Path, left: Path) -> None:
    (left / "media" / storage.OWNER).write_text(storage._identity())
    server, broker = embedded.Postgres(home), embedded.Valkey(home)._client()
    address = server.dsn(embedded.OWNER, embedded.DATABASE)
    broker.set("wacht", "een taak")
    with psycopg.connect(address) as database:
        database.execute("CREATE TABLE candidates_candidate (id int)")
    with psycopg.connect(address) as still_open:
        anew.begin(home, SERVICES)
        with pytest.raises(psycopg.OperationalError):
            still_open.execute("SELECT 1")
    with psycopg.connect(address) as database:
        tables = database.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert (tables, broker.keys("*")) == ((0,), [])
    broker.close()
    assert names(left) == {"zegel.p12", "web.log"}


def test_what_was_named_elsewhere_stays(
    own_database: str, left: Path, settings, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path_factory.mktemp("elders") / "vernietigd.jsonl"
    elsewhere.write_text("van een ander")
    settings.DESTRUCTION_JOURNAL = elsewhere
    monkeypatch.setattr(embedded, "empty", lambda home, services: None)
    anew.begin(left, SERVICES)
    assert elsewhere.exists() and not (left / "clock").exists()


def test_files_of_another_database_stay(own_database: str, left: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "empty", lambda home, services: None)
    for mark in ("", "een andere databank"):
        if mark:
            (left / "media" / storage.OWNER).write_text(mark)
        anew.begin(left, SERVICES)
        assert "cv.pdf" in names(left)
