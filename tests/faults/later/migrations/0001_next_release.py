from django.db import migrations

CHANGE = "ALTER TABLE trajectories_trajectory ADD COLUMN next_release integer NOT NULL DEFAULT 0"


class Migration(migrations.Migration):
    dependencies = [("trajectories", "0015_retention")]
    operations = [migrations.RunSQL(CHANGE, migrations.RunSQL.noop)]
