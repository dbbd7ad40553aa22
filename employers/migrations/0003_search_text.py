"""Names as they are searched: folded, in a column of their own that an index answers."""

import django.contrib.postgres.indexes
from django.db import migrations

import topjob.finding


def fill(apps, schema_editor):
    for name in ("FunctionProfile", "Vacancy"):
        topjob.finding.fill(apps.get_model("employers", name))


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0012_search_text'),
        ('employers', '0002_reference'),
    ]

    operations = [
        migrations.AddField(
            model_name='functionprofile',
            name='search_text',
            field=topjob.finding.SearchText('name', blank=True, db_default='', default='', editable=False),
        ),
        migrations.AddField(
            model_name='vacancy',
            name='search_place',
            field=topjob.finding.SearchText('city', blank=True, db_default='', default='', editable=False),
        ),
        migrations.AddField(
            model_name='vacancy',
            name='search_text',
            field=topjob.finding.SearchText('title', 'city', blank=True, db_default='', default='', editable=False),
        ),
        migrations.AddIndex(
            model_name='functionprofile',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_text'], name='function_search', opclasses=['gin_trgm_ops']),
        ),
        migrations.AddIndex(
            model_name='vacancy',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_text'], name='vacancy_search', opclasses=['gin_trgm_ops']),
        ),
        migrations.AddIndex(
            model_name='vacancy',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_place'], name='vacancy_search_place', opclasses=['gin_trgm_ops']),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
