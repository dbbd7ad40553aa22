import os
import threading

import pytest
from django.apps import apps
from django.conf import settings
from django.db import ProgrammingError, connection, connections, transaction

from tests import databases
from tests.databases import CLONE
from topjob.management.commands.grant_roles import protected_tables


def current(what: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {what}")
        return cursor.fetchone()[0]


def test_the_tests_run_as_the_application_on_a_clone(db):
    assert current("current_user") == settings.DATABASE_ROLE_NAMES["app"]
    assert current("current_database()").startswith(CLONE)
    assert current("current_setting('jit')") == "off"


@pytest.mark.parametrize("statement", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0} CASCADE"])
def test_R14_the_application_role_may_not_touch_protected_rows(db, statement):
    assert "accounts_auditentry" in protected_tables()
    keys = {model._meta.db_table: model._meta.pk.column for model in apps.get_models(include_auto_created=True)}
    for table in protected_tables():
        refused = pytest.raises(ProgrammingError, match="permission denied")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(table, keys[table]))


def test_the_application_role_makes_no_tables(db):
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE sneaky (id int)")


def test_every_thread_sees_the_database_of_its_own(own_database):
    seen = []

    def look():
        seen.append(current("current_database()"))
        connections.close_all()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [own_database] == [current("current_database()")]


def test_what_a_removed_checkout_left_in_memory_is_cleared_away(tmp_path, monkeypatch):
    monkeypatch.setattr(databases, "MEMORY", tmp_path)
    monkeypatch.setattr(databases, "ROOM", 1)
    gone, strange = tmp_path / f"topjob-{os.geteuid()}-gone", tmp_path / "somebody-else"
    for folder in (gone, strange):
        folder.mkdir()
        (folder / "checkout").write_bytes(bytes(tmp_path / "een pad met é"))
    ours = databases.in_memory()
    assert sorted(tmp_path.iterdir()) == sorted([ours, strange])
    assert (ours / "checkout").read_bytes() == os.fsencode(databases.ROOT)


def test_where_the_machine_has_little_room_the_disk_serves(tmp_path, monkeypatch):
    monkeypatch.setattr(databases, "MEMORY", tmp_path)
    monkeypatch.setattr(databases, "ROOM", 2**60)
    assert databases.in_memory() is None
    monkeypatch.setattr(databases, "MEMORY", tmp_path / "nowhere")
    assert databases.in_memory() is None
