from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from psycopg import sql


class Command(BaseCommand):
    """Gives each database role what it may do, after `migrate`, as the owner (DECISIONS 19).

    The application reads and writes everything, but can't change or remove rows of models with `protected_rows` (R5, R14);
    the destroyer may, for what retention has released (DECISIONS 11). Nobody but the owner may TRUNCATE.
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
        allow(roles["app"])
        for table in protected:
            run("REVOKE UPDATE, DELETE ON {} FROM {}", table, roles["app"])
        if roles["destroyer"] not in (roles["app"], roles["owner"]):
            allow(roles["destroyer"])
        self.stdout.write(f"Rechten gegeven; {len(protected)} tabellen zijn beschermd.")


def allow(role: str) -> None:
    """Ordinary reading and writing, from a clean sheet."""
    run("GRANT USAGE ON SCHEMA public TO {}", role)
    run("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}", role)
    run("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}", role)
    run("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}", role)


def run(statement: str, *names: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(*(sql.Identifier(name) for name in names)).as_string())


def protected_tables() -> list[str]:
    """Tables whose rows, once written, stay as they are."""
    models = apps.get_models(include_auto_created=True)
    return sorted(model._meta.db_table for model in models if getattr(model, "protected_rows", False))
