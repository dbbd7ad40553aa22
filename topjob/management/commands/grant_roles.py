from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from psycopg import sql

# PostgreSQL's own things first, a caller's temporary tables last: named, because unnamed they would go first.
SEARCH_PATH = "pg_catalog, public, pg_temp"
# Functions and procedures outside PostgreSQL's own schemas and extensions that look elsewhere.
LOOSE_FUNCTIONS = f"""
SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)' AND p.prokind IN ('f', 'p')
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
  AND NOT coalesce(p.proconfig, '{{}}') @> ARRAY['search_path={SEARCH_PATH}'] ORDER BY 1
"""  # noqa: S608
NO_TABLES = (
    "REVOKE TEMPORARY, CREATE ON DATABASE {database} FROM {role}",
    "REVOKE CREATE ON SCHEMA public FROM {role}",
)
MAY_MAKE_TABLES = """
SELECT has_database_privilege(%s, current_database(), 'TEMPORARY'), has_schema_privilege(%s, 'public', 'CREATE')
"""


class Command(BaseCommand):
    """Gives each database role what it may do, after `migrate`, as the owner (decision 19).

    The application reads and writes everything, but can't change or remove rows of models with `protected_rows` (R5, R14);
    the destroyer may, for what retention has released (decision 11). Nobody but the owner may TRUNCATE or make tables, also
    no temporary ones, and every function looks for its tables in one fixed place: a table of the caller's own can't stand
    before the one that a rule is asked of (decision 29). Refuses when something is left of what may not be.
    """

    help = "Geeft de databaserollen hun rechten; na migrate, als eigenaar."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        roles = settings.DATABASE_ROLE_NAMES
        if settings.DB_ROLE != "owner":
            raise CommandError("Alleen de eigenaar geeft rechten: zet TOPJOB_DB_ROLE=owner.")
        if roles["app"] == roles["owner"]:
            self.stderr.write("DATABASE_URL en DATABASE_OWNER_URL noemen dezelfde rol: er valt niets te beschermen.")
            return
        protected = protected_tables()
        fix_search_paths()
        no_tables_of_their_own("PUBLIC", *({roles["app"], roles["destroyer"]} - {roles["owner"], ""}))
        allow(roles["app"])
        for table in protected:
            run("REVOKE UPDATE, DELETE ON {} FROM {}", table, roles["app"])
        if roles["destroyer"] not in ("", roles["app"], roles["owner"]):
            allow(roles["destroyer"])
        if wrong := list(open_doors()):
            raise CommandError("De rechten zijn niet dicht: " + " ".join(wrong))
        self.stdout.write(f"Rechten gegeven; {len(protected)} tabellen zijn beschermd.")


def allow(role: str) -> None:
    """Ordinary reading and writing, from a clean sheet."""
    run("GRANT USAGE ON SCHEMA public TO {}", role)
    run("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}", role)
    run("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}", role)
    run("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}", role)


def no_tables_of_their_own(*roles: str) -> None:
    """Neither in the schema nor beside it: a temporary table goes before a real one of the same name."""
    database = connection.settings_dict["NAME"]
    for role in roles:
        name = sql.SQL(role) if role == "PUBLIC" else sql.Identifier(role)
        for statement in NO_TABLES:
            with connection.cursor() as cursor:
                cursor.execute(sql.SQL(statement).format(database=sql.Identifier(database), role=name).as_string())


def fix_search_paths() -> None:
    """Every function of ours, whoever made it, finds its tables in the same place whoever calls it."""
    with connection.cursor() as cursor:
        cursor.execute(LOOSE_FUNCTIONS)
        for (routine,) in cursor.fetchall():
            cursor.execute(f"ALTER ROUTINE {routine} SET search_path = {SEARCH_PATH}")


def open_doors() -> Iterator[str]:
    """What lets the application get round a rule by a table of its own; a line for each, for `verify` too."""
    with connection.cursor() as cursor:
        for key in ("app", "destroyer"):
            role = settings.DATABASE_ROLE_NAMES[key]
            if role in ("", settings.DATABASE_ROLE_NAMES["owner"]):
                continue
            cursor.execute(MAY_MAKE_TABLES, [role, role])
            may_temporary, may_create = cursor.fetchone()
            if may_temporary:
                yield f"De rol {role} mag tijdelijke tabellen maken."
            if may_create:
                yield f"De rol {role} mag tabellen maken."
        cursor.execute(LOOSE_FUNCTIONS)
        for (routine,) in cursor.fetchall():
            yield f"De functie {routine} zoekt haar tabellen waar de aanroeper wil."


def run(statement: str, *names: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(*(sql.Identifier(name) for name in names)).as_string())


def protected_tables() -> list[str]:
    """Tables whose rows, once written, stay as they are."""
    models = apps.get_models(include_auto_created=True)
    return sorted(model._meta.db_table for model in models if getattr(model, "protected_rows", False))
