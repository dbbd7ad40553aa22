"""What PostgreSQL holds of a person's file. Each rule stands in its own file (ADR 25)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"
# In this order. A file that changes moves from here to the list of a new migration.
FILES = (
    # Functions of triggers on several tables.
    "topjob_file_leads",
    # Functions with their triggers.
    "topjob_consent_fixed",
    "topjob_registration_decided",
    # What holds for one table.
    "candidates_consent_stays",
    "candidates_differentpeople_fixed",
    "candidates_offer_answered",
    "candidates_registration_file_leads",
)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_rules"),
        ("candidates", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL((SQL / f"{name}.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop) for name in FILES
    ]
