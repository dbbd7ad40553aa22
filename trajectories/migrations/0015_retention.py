"""Keeping a file longer, and the proof that one was destroyed; outcomes of projects survive the person (decision 11)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from topjob.triggers import protect


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0004_audit_chain"),
        ('candidates', '0003_gender'),
        ('trajectories', '0014_undelivered'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='projectparticipation',
            name='application',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='participation', to='trajectories.application'),
        ),
        migrations.AlterField(
            model_name='projectparticipation',
            name='trajectory',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='participations', to='trajectories.trajectory'),
        ),
        migrations.CreateModel(
            name='DestructionRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='vernietigd op')),
                ('candidate_id', models.BigIntegerField(db_index=True, verbose_name='kandidaat')),
                ('trajectory_ids', models.JSONField(default=list, verbose_name='trajecten')),
                ('registration_ids', models.JSONField(default=list, verbose_name='aanmeldingen')),
                ('whole_person', models.BooleanField(verbose_name='hele dossier van de persoon')),
                ('kept_until', models.DateField(verbose_name='bewaard tot en met')),
                ('rows', models.JSONField(verbose_name='rijen per tabel')),
                ('files', models.PositiveIntegerField(verbose_name='bestanden')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'vernietiging',
                'verbose_name_plural': 'vernietigingen',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='LegalHold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField(verbose_name='waarom langer bewaren')),
                ('placed_at', models.DateTimeField(verbose_name='sinds')),
                ('lifted_at', models.DateTimeField(blank=True, null=True, verbose_name='opgeheven op')),
                ('candidate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='legal_holds', to='candidates.candidate', verbose_name='kandidaat')),
                ('lifted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('placed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'langer bewaren',
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('lifted_at', None)), fields=('candidate',), name='one_hold_per_person', violation_error_message='Dit dossier wordt al langer bewaard.')],
            },
        ),
        *protect("trajectories_destructionrecord"),
        migrations.RunSQL(
            "CREATE TRIGGER trajectories_destructionrecord_stays BEFORE DELETE ON trajectories_destructionrecord"
            " FOR EACH ROW EXECUTE FUNCTION topjob_audit_stays();",
            "DROP TRIGGER trajectories_destructionrecord_stays ON trajectories_destructionrecord",
        ),
    ]
