"""The texts of every document that is signed are versions in the database, like those of the startplan (issue 4)."""

import datetime

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from topjob.triggers import protect
from trajectories.documents.paper_texts import OPENING, first_version


def add(apps, schema_editor):
    template = apps.get_model("trajectories", "PaperTemplate")
    moment = datetime.datetime(2012, 1, 1, tzinfo=datetime.UTC)
    template.objects.bulk_create(
        template(kind=kind, number=1, valid_from=moment.date(), created_at=moment, **first_version(kind))
        for kind in OPENING
    )


def one_way_to_tell(apps, schema_editor):
    """News that everybody signed is told by one handler for every document now; what was told keeps a name people can read."""
    messages = apps.get_model("topjob", "OutboxMessage").objects
    messages.filter(handler__in=["mail_plan_signed", "mail_paper_signed"]).update(handler="mail_signed")


class Migration(migrations.Migration):

    dependencies = [
        ('topjob', '0003_stored_sms'),
        ('trajectories', '0016_support_steps'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='paperline',
            name='cells',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None, verbose_name='cellen'),
        ),
        migrations.AddField(
            model_name='paperline',
            name='form',
            field=models.CharField(blank=True, choices=[('', 'gegeven of alinea'), ('punt', 'punt van een lijst'), ('kolommen', 'koppen van een tabel'), ('rij', 'rij van een tabel')], default='', max_length=8, verbose_name='vorm'),
        ),
        migrations.AlterField(
            model_name='paperline',
            name='section',
            field=models.CharField(blank=True, max_length=120, verbose_name='kop'),
        ),
        migrations.AlterField(
            model_name='paperline',
            name='text',
            field=models.TextField(blank=True, verbose_name='tekst'),
        ),
        migrations.AlterField(
            model_name='plantemplate',
            name='afterwards',
            field=models.TextField(help_text='Als iedereen tevreden is, en als dat niet zo is.', max_length=1500, verbose_name='Wat er na de proefperiode komt'),
        ),
        migrations.AlterField(
            model_name='plantemplate',
            name='coach_promises',
            field=models.TextField(help_text='Begin elke regel met een streepje.', max_length=1500, verbose_name='Wat jobcoach en regisseur beloven'),
        ),
        migrations.AlterField(
            model_name='plantemplate',
            name='employer_promises',
            field=models.TextField(help_text='Begin elke regel met een streepje.', max_length=1500, verbose_name='Wat het bedrijf belooft'),
        ),
        migrations.AlterField(
            model_name='plantemplate',
            name='opening',
            field=models.TextField(help_text='De eerste alinea. Twee of drie korte zinnen.', max_length=1500, verbose_name='Waar dit plan over gaat'),
        ),
        migrations.AlterField(
            model_name='plantemplate',
            name='training',
            field=models.TextField(help_text='Wat deze route inhoudt.', max_length=1500, verbose_name='Hoe de opleiding werkt'),
        ),
        migrations.AlterField(
            model_name='plantemplate',
            name='trial',
            field=models.TextField(help_text='Wat voor contract, wat met de uitkering.', max_length=1500, verbose_name='Hoe de proefperiode werkt'),
        ),
        migrations.AlterField(
            model_name='plantemplate',
            name='trouble',
            field=models.TextField(help_text='Wat de jongere dan doet, en wat er dan gebeurt.', max_length=1500, verbose_name='Als het niet goed gaat'),
        ),
        migrations.AlterField(
            model_name='plantemplate',
            name='youth_promises',
            field=models.TextField(help_text='Begin elke regel met een streepje.', max_length=1500, verbose_name='Wat de jongere belooft'),
        ),
        migrations.CreateModel(
            name='PaperTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='versie')),
                ('valid_from', models.DateField(verbose_name='geldig vanaf')),
                ('created_at', models.DateTimeField(verbose_name='gemaakt op')),
                ('kind', models.CharField(choices=[('evaluatie', 'Evaluatieverslag'), ('loonwaarde', 'Verklaring loonwaarde'), ('proefcontract', 'Proefcontract bij MaatwerQ'), ('leerwerk', 'Leerwerkcontract'), ('maatwerq_flex', 'Leerwerkcontract MaatwerQ-flex'), ('detachering', 'Overeenkomst van detachering'), ('uitzenden', 'Uitzendovereenkomst'), ('overname', 'Arbeidsovereenkomst bij overname'), ('direct', 'Arbeidsovereenkomst')], max_length=16, verbose_name='soort')),
                ('opening', models.TextField(help_text="De eerste alinea's. Twee of drie korte zinnen.", max_length=1500, verbose_name='Waar dit document over gaat')),
                ('clauses', models.TextField(help_text='Na de gegevens uit het dossier. Een regel die met # begint, is een kop. Elke kop krijgt een eigen deel.', max_length=6000, verbose_name='Wat erin staat')),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'teksten van een document',
                'verbose_name_plural': 'teksten van documenten',
                'ordering': ['kind', '-number'],
            },
        ),
        migrations.AddField(
            model_name='paper',
            name='template',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='trajectories.papertemplate', verbose_name='teksten'),
        ),
        migrations.AddConstraint(
            model_name='papertemplate',
            constraint=models.UniqueConstraint(fields=('kind', 'number'), name='paper_template_version_once'),
        ),
        migrations.RunPython(add, migrations.RunPython.noop),
        migrations.RunPython(one_way_to_tell, migrations.RunPython.noop),
        *protect("trajectories_papertemplate"),
    ]
