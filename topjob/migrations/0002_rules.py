"""Rows that stay as they are, whoever writes. Each rule stands in its own file (ADR 25)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"
# In this order. A file that changes moves from here to the list of a new migration.
FILES = (
    # Functions of triggers on several tables.
    "topjob_refuse_change",
    # What holds for one table.
    "topjob_sealcertificate_fixed",
)


class Migration(migrations.Migration):
    dependencies = [
        ("topjob", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL((SQL / f"{name}.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop) for name in FILES
    ]
