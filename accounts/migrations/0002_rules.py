"""What PostgreSQL holds of the log, of who somebody is and of the rules of today. Each rule stands in its own file (ADR 25)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"
# In this order. A file that changes moves from here to the list of a new migration.
FILES = (
    # Functions that others call.
    "topjob_audit_seal",
    "topjob_law",
    "topjob_reading_seal",
    # Functions of triggers on several tables.
    "topjob_audit_by_itself",
    "topjob_audit_stays",
    # Functions with their triggers.
    "topjob_address_of_user",
    "topjob_audit_queue",
    "topjob_bound_stays",
    "topjob_reading_queue",
    "topjob_role_lost",
    "topjob_user_address",
    "topjob_user_before",
    # What holds for one table.
    "accounts_auditentry_fixed",
    "accounts_auditentry_stays",
    "accounts_auditlink_itself",
    "accounts_auditlink_stays",
    "accounts_audittext_fixed",
    "accounts_auditunsealed",
    "accounts_auditunsealed_itself",
    "accounts_auditunsealed_kept",
    "accounts_reading_fixed",
    "accounts_reading_stays",
    "accounts_readingseal_itself",
    "accounts_readingseal_stays",
    "accounts_readingunsealed",
    "accounts_readingunsealed_itself",
    "accounts_readingunsealed_kept",
    "socialaccount_once_per_user",
)


class Migration(migrations.Migration):
    dependencies = [
        ("topjob", "0002_rules"),
        ("accounts", "0001_initial"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
    ]
    operations = [
        migrations.RunSQL((SQL / f"{name}.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop) for name in FILES
    ]
