"""R14: what is logged can't be edited or removed, whoever asks."""

from django.db import migrations

from topjob.triggers import protect


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = protect("accounts_auditentry", "accounts_audittext")
