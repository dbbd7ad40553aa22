"""Names as they are searched: folded, in a column of their own that an index answers."""

import django.contrib.postgres.indexes
from django.db import migrations

import topjob.finding


def fill(apps, schema_editor):
    for name in ("Organisation", "User"):
        topjob.finding.fill(apps.get_model("accounts", name))


class Migration(migrations.Migration):

    dependencies = [
        ("topjob", "0001_initial"),
        ('accounts', '0011_absence'),
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.AddField(
            model_name='organisation',
            name='search_text',
            field=topjob.finding.SearchText('name', 'city', 'kvk_number', blank=True, db_default='', default='', editable=False),
        ),
        migrations.AddField(
            model_name='user',
            name='search_text',
            field=topjob.finding.SearchText('name', blank=True, db_default='', default='', editable=False),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_text'], name='organisation_search', opclasses=['gin_trgm_ops']),
        ),
        migrations.AddIndex(
            model_name='user',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_text'], name='user_search', opclasses=['gin_trgm_ops']),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
