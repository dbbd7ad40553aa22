from django.db import migrations

from tests.faults.later import CHANGE


class Migration(migrations.Migration):
    dependencies = [("trajectories", "0015_retention")]
    operations = [migrations.RunSQL(CHANGE, migrations.RunSQL.noop)]
