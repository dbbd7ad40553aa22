"""Names as they are searched: folded, in a column of their own that an index answers."""

import django.contrib.postgres.indexes
from django.db import migrations

import topjob.finding


def fill(apps, schema_editor):
    for name in ("Place", "Skill"):
        topjob.finding.fill(apps.get_model("matching", name))


class Migration(migrations.Migration):

    dependencies = [
        ('matching', '0008_ranking_causes'),
    ]

    operations = [
        migrations.AddField(
            model_name='place',
            name='search_text',
            field=topjob.finding.SearchText('pc4', 'name', blank=True, db_default='', default='', editable=False),
        ),
        migrations.AddField(
            model_name='skill',
            name='search_text',
            field=topjob.finding.SearchText('name', blank=True, db_default='', default='', editable=False),
        ),
        migrations.AddIndex(
            model_name='skill',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_text'], name='skill_search', opclasses=['gin_trgm_ops']),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
