"""What PostgreSQL keeps in step for matching: the next search has to see every change, whoever made it. Each rule stands in its own file (ADR 25)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"
# In this order. A file that changes moves from here to the list of a new migration.
FILES = (
    # Functions that others call.
    "matching_pc4",
    "matching_refresh",
    # Functions with their triggers.
    "matching_after_employers_employer",
    "matching_after_employers_functionprofile",
    "matching_after_employers_intakedate",
    "matching_after_employers_vacancy",
    "matching_after_matching_place",
    "matching_after_part_of_function",
    "matching_keep_version",
    "matching_place_profile",
    "matching_place_profiles",
    "matching_profile_keys",
    # What holds for one table.
    "matching_matchdecision_fixed",
)


class Migration(migrations.Migration):
    dependencies = [
        ("candidates", "0002_rules"),
        ("matching", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL((SQL / f"{name}.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop) for name in FILES
    ]
