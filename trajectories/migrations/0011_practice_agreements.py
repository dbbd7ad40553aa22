"""The praktijkovereenkomst of a BBL, the minimum wage beside it, and when an agreement ends (ADR 25: SQL in files)."""

from pathlib import Path

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import trajectories.models.school

SQL = Path(__file__).resolve().parent.parent / "sql"
FILES = ("trajectories_practiceagreement_fixed", "topjob_minimum_wage")


class Migration(migrations.Migration):

    dependencies = [
        ('trajectories', '0010_agreement_rules'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='deadline',
            name='kind',
            field=models.CharField(choices=[('opvolgen', 'Traject opvolgen'), ('startplan_onbeantwoord', 'Startplan nog niet door iedereen beantwoord'), ('startplan_ongetekend', 'Startdatum nadert: startplan nog niet door iedereen getekend'), ('proef_start', 'Start van de proefperiode'), ('tussenevaluatie', 'Tussengesprek in de proefperiode'), ('evaluatie_voorbereiden', 'Uitnodigen voor de evaluatie'), ('proef_einde', 'Einde van de proefperiode'), ('oordelen', 'Oordelen voor de evaluatie verzamelen'), ('besluit', 'Besluit na de evaluatie'), ('loonwaarde', 'Loonwaarde vaststellen'), ('toestemming_ontbreekt', 'Toestemming van de opdrachtgever ontbreekt'), ('toestemming_eindigt', 'Toestemming van de opdrachtgever loopt af'), ('jobcoachgesprek', 'Volgend jobcoachgesprek'), ('aanzegging', 'Aanzegtermijn van het contract'), ('diploma_nagaan', 'Diploma of startkwalificatie nagaan'), ('contract_einde', 'Einde van de opleiding en het leerwerkcontract'), ('praktijkovereenkomst', 'Praktijkovereenkomst van de school ontbreekt'), ('loonstijging', 'Loon gaat omhoog met het minimumloon'), ('overeenkomst_einde', 'Overeenkomst loopt af'), ('nazorgcontact', 'Nazorgcontact'), ('nazorg_einde', 'Einde van de nazorg'), ('niet_aangekomen', 'Bericht niet aangekomen'), ('lks_aanvragen', 'Loonkostensubsidie aanvragen'), ('lks_besluit', 'Besluit op de loonkostensubsidie'), ('lks_vast_deel', 'Vast deel van de loonkostensubsidie eindigt'), ('lkv_aangifte', 'Loonkostenvoordeel aanzetten in de loonaangifte'), ('lkv_verklaring', 'Doelgroepverklaring navragen'), ('register_opzoeken', 'Opzoeken bij UWV voor de werkgever'), ('no_risk', 'No-riskpolis navragen'), ('jobcoach_aanvragen', 'Jobcoach aanvragen'), ('afsluiten', 'Dossier afsluiten'), ('bewaartermijn', 'Einde van de bewaartermijn')], max_length=25, verbose_name='soort'),
        ),
        migrations.CreateModel(
            name='PracticeAgreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('school', models.CharField(max_length=120, verbose_name='school')),
                ('training', models.CharField(max_length=160, verbose_name='opleiding')),
                ('crebo', models.CharField(blank=True, help_text='Vijf cijfers; staat op de praktijkovereenkomst.', max_length=5, validators=[django.core.validators.RegexValidator('^\\d{5}\\Z', 'Een crebonummer heeft vijf cijfers.')], verbose_name='crebonummer')),
                ('starts_on', models.DateField(verbose_name='van')),
                ('ends_on', models.DateField(verbose_name='tot en met')),
                ('file', models.FileField(max_length=200, upload_to=trajectories.models.school.practice_path, verbose_name='praktijkovereenkomst')),
                ('original_name', models.CharField(max_length=200, verbose_name='bestandsnaam')),
                ('content_type', models.CharField(max_length=100, verbose_name='soort bestand')),
                ('size', models.PositiveIntegerField(verbose_name='grootte in bytes')),
                ('sha256', models.CharField(max_length=64, verbose_name='vingerafdruk')),
                ('recorded_at', models.DateTimeField(verbose_name='vastgelegd op')),
                ('stopped_on', models.DateField(blank=True, null=True, verbose_name='geldt niet meer vanaf')),
                ('stopped_because', models.TextField(blank=True, verbose_name='waarom niet meer')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('trajectory', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='practice_agreements', to='trajectories.trajectory')),
            ],
            options={
                'verbose_name': 'praktijkovereenkomst',
                'verbose_name_plural': 'praktijkovereenkomsten',
                'ordering': ['-starts_on', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='practice_dates', violation_error_message='De einddatum ligt vóór de begindatum.'), models.CheckConstraint(condition=models.Q(models.Q(('stopped_because', ''), ('stopped_on', None)), models.Q(models.Q(('stopped_on__gte', models.F('starts_on'))), models.Q(('stopped_because', ''), _negated=True)), _connector='OR'), name='practice_stop_has_reason', violation_error_message='Zeg vanaf welke dag de praktijkovereenkomst niet meer geldt, en waarom.')],
            },
        ),
        *(migrations.RunSQL((SQL / f"{name}.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop) for name in FILES),
    ]
