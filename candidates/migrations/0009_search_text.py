"""Names as they are searched: folded, in a column of their own that an index answers."""

import django.contrib.postgres.indexes
from django.conf import settings
from django.db import migrations, models

import topjob.finding


def fill(apps, schema_editor):
    topjob.finding.fill(apps.get_model("candidates", "Candidate"))


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0012_search_text'),
        ('candidates', '0008_joined_files'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='candidate',
            name='candidate_name_trgm',
        ),
        migrations.RemoveIndex(
            model_name='candidate',
            name='candidate_first_trgm',
        ),
        migrations.AddField(
            model_name='candidate',
            name='search_text',
            field=topjob.finding.SearchText('first_name', 'name_prefix', 'last_name', blank=True, db_default='', default='', editable=False),
        ),
        migrations.AddIndex(
            model_name='candidate',
            index=models.Index(fields=['birth_date'], name='candidate_birth_date'),
        ),
        migrations.AddIndex(
            model_name='candidate',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search_text'], name='candidate_search', opclasses=['gin_trgm_ops']),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
