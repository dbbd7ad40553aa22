"""Names as they are compared, stored beside the person; and who was said to be two people."""

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

from topjob.text import name_key
from topjob.triggers import protect


def fold_names(apps, schema_editor):
    """Names that were stored before this column was there."""
    candidates = apps.get_model("candidates", "Candidate").objects
    rows = candidates.filter(name_key="").only("first_name", "name_prefix", "last_name")
    changed = []
    for row in rows.iterator(chunk_size=2000):
        row.name_key = name_key(row.first_name, row.name_prefix, row.last_name)[:400]
        changed.append(row)
        if len(changed) == 2000:
            candidates.bulk_update(changed, ["name_key"])
            changed = []
    candidates.bulk_update(changed, ["name_key"])


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0010_retention_of_registrations'),
        ('candidates', '0004_looks_automatic'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DifferentPeople',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='besloten op')),
            ],
            options={
                'verbose_name': 'besluit dat het twee personen zijn',
                'verbose_name_plural': 'besluiten dat het twee personen zijn',
                'ordering': ['pk'],
            },
        ),
        migrations.AddField(
            model_name='candidate',
            name='joined_into',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='joined_files', to='candidates.candidate'),
        ),
        migrations.AddField(
            model_name='candidate',
            name='name_key',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=400),
        ),
        migrations.AddIndex(
            model_name='candidate',
            index=models.Index(fields=['name_key', 'birth_date'], name='candidate_same_name'),
        ),
        migrations.AddIndex(
            model_name='candidate',
            index=models.Index(django.db.models.functions.text.Lower('email'), name='candidate_email'),
        ),
        migrations.AddConstraint(
            model_name='candidate',
            constraint=models.CheckConstraint(condition=models.Q(('joined_into', None), models.Q(('joined_into', models.F('pk')), _negated=True), _connector='OR'), name='candidate_joined_with_another'),
        ),
        migrations.AddField(
            model_name='differentpeople',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='differentpeople',
            name='one',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='candidates.candidate'),
        ),
        migrations.AddField(
            model_name='differentpeople',
            name='other',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='candidates.candidate'),
        ),
        migrations.AddConstraint(
            model_name='differentpeople',
            constraint=models.CheckConstraint(condition=models.Q(('one', models.F('other')), _negated=True), name='different_people_are_two'),
        ),
        *protect("candidates_differentpeople"),
        migrations.RunPython(fold_names, migrations.RunPython.noop),
    ]
