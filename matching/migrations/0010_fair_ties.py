"""Since when somebody looks for work, and the seed by which equals are shuffled."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('matching', '0009_search_text'),
    ]

    operations = [
        migrations.AddField(
            model_name='matchrun',
            name='seed',
            field=models.BigIntegerField(default=0, verbose_name='zaad van de loting'),
        ),
        migrations.AddField(
            model_name='searchprofile',
            name='searching_since',
            field=models.DateField(editable=False, null=True, verbose_name='zoekt sinds'),
        ),
    ]
