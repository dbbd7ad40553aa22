"""A third kind of personal link: to what all have signed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trajectories", "0023_one_person")]

    operations = [
        migrations.AlterField(
            model_name="partylink",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("tekenen", "ondertekenen"),
                    ("evalueren", "evalueren"),
                    ("ophalen", "getekend document ophalen"),
                ],
                max_length=10,
                verbose_name="waarvoor",
            ),
        ),
    ]
