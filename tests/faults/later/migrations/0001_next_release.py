from django.db import migrations

from tests.faults.later import CHANGE


class Migration(migrations.Migration):
    dependencies = [("trajectories", "0003_reference")]
    operations = [migrations.RunSQL(CHANGE, migrations.RunSQL.noop)]
