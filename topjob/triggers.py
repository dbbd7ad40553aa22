"""SQL that makes rows unchangeable, for use in migrations.

The rule lives in the database so that `queryset.update()`, raw SQL and a careless script are refused as well (R5, R14).
"""

from __future__ import annotations

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION topjob_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_user = 'topjob_destroyer' THEN RETURN OLD; END IF;
  RAISE EXCEPTION '% in % mag niet: deze gegevens liggen vast (R5, R14)', TG_OP, TG_TABLE_NAME USING ERRCODE = '23001';
END $$;
"""


def protect(*tables: str) -> list[migrations.RunSQL]:
    """Operations that refuse UPDATE, DELETE and TRUNCATE on these tables; only the destroyer role may DELETE (retention)."""
    operations = [migrations.RunSQL(FUNCTION, migrations.RunSQL.noop)]
    for table in tables:
        operations.append(
            migrations.RunSQL(
                f"CREATE TRIGGER {table}_fixed BEFORE UPDATE OR DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION topjob_refuse_change();"
                f"CREATE TRIGGER {table}_kept BEFORE TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();",
                f"DROP TRIGGER {table}_fixed ON {table}; DROP TRIGGER {table}_kept ON {table};",
            )
        )
    return operations


def keep(*tables: str) -> list[migrations.RunSQL]:
    """Operations that refuse DELETE and TRUNCATE on these tables; their rows may change. Only the destroyer may DELETE."""
    operations = [migrations.RunSQL(FUNCTION, migrations.RunSQL.noop)]
    for table in tables:
        operations.append(
            migrations.RunSQL(
                f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION topjob_refuse_change();"
                f"CREATE TRIGGER {table}_kept BEFORE TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION topjob_refuse_change();",
                f"DROP TRIGGER {table}_stays ON {table}; DROP TRIGGER {table}_kept ON {table};",
            )
        )
    return operations
