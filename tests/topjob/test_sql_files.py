"""What PostgreSQL holds of rules in SQL is what the files say, and each is in one file, applied by a migration (ADR 25)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from tests.databases import Cluster

ROOT = Path(settings.BASE_DIR)
APPS = ("topjob", "accounts", "candidates", "employers", "matching", "trajectories")
# Every kind of thing that SQL can put in a database, and how PostgreSQL says it: name, definition.
HELD = """
SELECT 'function ' || oid::regprocedure, pg_get_functiondef(oid) FROM pg_proc p
  WHERE pronamespace = 'public'::regnamespace AND prokind IN ('f', 'p')
    AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype = 'e')
UNION ALL
SELECT 'trigger ' || tgname || ' on ' || tgrelid::regclass, concat_ws(' ', pg_get_triggerdef(oid), tgenabled)
  FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT 'constraint ' || conname || ' on ' || conrelid::regclass, concat_ws(' ', pg_get_constraintdef(oid), convalidated)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype NOT IN ('n', 't')
UNION ALL
SELECT 'index ' || indexname || ' on ' || tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT 'columns ' || attrelid::regclass, string_agg(concat_ws(' ', attname, format_type(atttypid, atttypmod),
    attnotnull, attidentity, attgenerated, pg_get_expr(adbin, adrelid)), ', ' ORDER BY attname)
  FROM pg_attribute JOIN pg_class c ON c.oid = attrelid AND relkind IN ('r', 'p', 'f')
  LEFT JOIN pg_attrdef ON (adrelid, adnum) = (attrelid, attnum)
  WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped GROUP BY attrelid
UNION ALL
SELECT 'options ' || relname, concat_ws(' ', relkind, reloptions, relrowsecurity) FROM pg_class
  WHERE relnamespace = 'public'::regnamespace AND relkind <> 'i'
UNION ALL
SELECT 'view ' || viewname, definition FROM pg_views WHERE schemaname = 'public'
UNION ALL
SELECT 'rule ' || rulename || ' on ' || tablename, definition FROM pg_rules WHERE schemaname = 'public'
UNION ALL
SELECT 'policy ' || policyname || ' on ' || tablename, concat_ws(' ', cmd, roles, qual, with_check) FROM pg_policies
UNION ALL
SELECT 'type ' || typname, typtype::text FROM pg_type t
  WHERE typnamespace = 'public'::regnamespace AND typtype IN ('d', 'e', 'r')
    AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_type'::regclass AND objid = t.oid AND deptype = 'e')
"""
# What a file declares, from its text.
DECLARED = re.compile(
    r"^CREATE (?:OR REPLACE )?(?P<function>FUNCTION) (?P<f>\w+)\("
    r"|^CREATE (?:OR REPLACE |CONSTRAINT )*(?P<trigger>TRIGGER) (?P<t>\w+) [^;]*?\bON (?P<on>\w+)\s"
    r"|^ALTER TABLE (?P<table>\w+) DROP[^;]*ADD (?P<constraint>CONSTRAINT) (?P<c>\w+)"
    r"|^CREATE UNIQUE (?P<index>INDEX) (?P<i>\w+) ON (?P<indexed>\w+)"
    r"|^ALTER TABLE (?P<set>\w+) (?P<options>SET) \(",
    re.MULTILINE,
)
WITHOUT_SQL = """
import sys
from django.core.management import execute_from_command_line
from django.db.migrations import RunSQL
RunSQL.database_forwards = lambda *given: None
execute_from_command_line(["manage.py", "migrate", "--verbosity", "0"])
"""


def applied() -> list[Path]:
    """The files in the order in which migrations apply them."""
    modules = [
        import_module(f"{app}.migrations.{path.stem}")
        for app in APPS
        for path in sorted((ROOT / app / "migrations").glob("[0-9]*.py"))
    ]
    return [module.SQL / f"{name}.sql" for module in modules for name in getattr(module, "FILES", ())]


def declared(text: str) -> Iterator[str]:
    for found in DECLARED.finditer(text):
        if found["function"]:
            yield f"function {found['f']}"
        elif found["trigger"]:
            yield f"trigger {found['t']} on {found['on']}"
        elif found["constraint"]:
            yield f"constraint {found['c']} on {found['table']}"
        elif found["index"]:
            yield f"index {found['i']} on {found['indexed']}"
        else:
            yield f"options {found['set']}"


def held(database: psycopg.Connection) -> dict[str, str]:
    return dict(database.execute(HELD).fetchall())


def after_applying(database: psycopg.Connection, texts: list[str]) -> dict[str, str]:
    """What the database would hold if the files were applied once more."""
    with database.transaction(force_rollback=True):
        for text in texts:
            database.execute(text)
        return held(database)


def differing(one: dict[str, str], other: dict[str, str]) -> set[str]:
    """Names without the arguments of a function."""
    return {name.split("(")[0] for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


@pytest.fixture(scope="module")
def bare(cluster: Cluster) -> Iterator[dict[str, str]]:
    """What a database holds that was migrated without any SQL of ours: what Django makes of the models."""
    with cluster.clone("template0") as name:
        told = {"DJANGO_SETTINGS_MODULE": "topjob.settings", "TOPJOB_MODE": "test", "TOPJOB_DB_ROLE": "owner"}
        environment = {**os.environ, **cluster.environment(name), **told, "TOPJOB_ENV_FILE": os.devnull}
        subprocess.run([sys.executable, "-c", WITHOUT_SQL], cwd=ROOT, env=environment, check=True)
        with cluster.owner(name) as database:
            yield held(database)


@pytest.fixture
def database(cluster: Cluster) -> Iterator[psycopg.Connection]:
    with cluster.clone() as name, cluster.owner(name) as connection:
        yield connection


def test_postgresql_holds_what_the_files_say(database: psycopg.Connection) -> None:
    texts = [path.read_text("utf-8") for path in applied()]
    before = held(database)
    assert differing(before, after_applying(database, texts)) == set()
    # A control: a rule that is edited in its file, and not applied, shows.
    edited = [text.replace("mag niet: deze gegevens", "mag nooit: deze gegevens") for text in texts]
    assert differing(before, after_applying(database, edited)) == {"function topjob_refuse_change"}
    late = [re.sub(r"(TRIGGER \w*_proven )AFTER INSERT OR", r"\1AFTER", text) for text in texts]
    assert differing(before, after_applying(database, late)) == {
        "trigger trajectories_trajectory_proven on trajectories_trajectory"
    }


def test_nothing_stands_in_postgresql_without_a_file(database: psycopg.Connection, bare: dict[str, str]) -> None:
    said = Counter(name for path in set(applied()) for name in declared(path.read_text("utf-8")))
    assert max(said.values()) == 1, "each in one file"
    assert differing(bare, held(database)) == said.keys()
    # A control for each kind.
    for kind, statement in {
        "function": "CREATE FUNCTION stray() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "trigger": "CREATE TRIGGER stray BEFORE INSERT ON topjob_cache EXECUTE FUNCTION topjob_refuse_change()",
        "constraint": "ALTER TABLE topjob_cache ADD CONSTRAINT stray CHECK (value <> '')",
        "index": "CREATE INDEX stray ON topjob_cache (value)",
        "columns": "ALTER TABLE topjob_cache ALTER value SET DEFAULT ''",
        "options": "ALTER TABLE topjob_cache SET (fillfactor = 50)",
        "view": "CREATE VIEW stray AS SELECT 1 AS one",
    }.items():
        with database.transaction(force_rollback=True):
            database.execute(statement)
            found = {name.split()[0] for name in differing(bare, held(database)) - said.keys()}
        assert kind in found


def test_a_function_that_others_need_may_be_applied_again(database: psycopg.Connection) -> None:
    """A changed function that triggers call stays where it is made first, and is named again by a later migration."""
    needed = ROOT / "topjob" / "sql" / "topjob_refuse_change.sql"
    before = held(database)
    assert differing(before, after_applying(database, [needed.read_text("utf-8")])) == set()


def test_every_file_says_what_it_is_for_and_is_applied_by_a_migration() -> None:
    files = sorted(path for app in APPS for path in (ROOT / app / "sql").glob("*"))
    assert sorted(set(applied())) == files
    for path in files:
        text = path.read_text("utf-8")
        assert text.startswith("-- "), path
        assert path.stem in {name.split()[1] for name in declared(text)}, f"{path} is named after what it holds"
