"""Deadlines say why, by which rule and from which instant they are late, and go on to the coordinator when they stay."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("trajectories", "0007_plan_templates"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='deadline',
            name='escalated_to',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='doorgegeven aan'),
        ),
        migrations.AddField(
            model_name='deadline',
            name='escalated_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='doorgegeven op'),
        ),
        migrations.AddField(
            model_name='deadline',
            name='reason',
            field=models.TextField(blank=True, verbose_name="waarom"),
        ),
        migrations.AddField(
            model_name='deadline',
            name='rule_from',
            field=models.DateField(blank=True, null=True, verbose_name='regel geldig vanaf'),
        ),
        migrations.AddField(
            model_name='deadline',
            name='rule_key',
            field=models.CharField(blank=True, max_length=40, verbose_name='regel'),
        ),
        migrations.AddField(
            model_name='deadline',
            name='rule_value',
            field=models.CharField(blank=True, max_length=40, verbose_name='waarde van de regel'),
        ),
        migrations.AlterField(
            model_name='deadline',
            name='kind',
            field=models.CharField(choices=[('opvolgen', 'Traject opvolgen'), ('startplan_onbeantwoord', 'Startplan nog niet door iedereen beantwoord'), ('startplan_ongetekend', 'Startdatum nadert: startplan nog niet door iedereen getekend'), ('proef_start', 'Start van de proefperiode'), ('tussenevaluatie', 'Tussengesprek in de proefperiode'), ('evaluatie_voorbereiden', 'Uitnodigen voor de evaluatie'), ('proef_einde', 'Einde van de proefperiode'), ('oordelen', 'Oordelen voor de evaluatie verzamelen'), ('besluit', 'Besluit na de evaluatie'), ('loonwaarde', 'Loonwaarde vaststellen'), ('toestemming_ontbreekt', 'Toestemming van de opdrachtgever ontbreekt'), ('toestemming_eindigt', 'Toestemming van de opdrachtgever loopt af'), ('jobcoachgesprek', 'Volgend jobcoachgesprek'), ('aanzegging', 'Aanzegtermijn van het contract'), ('diploma_nagaan', 'Diploma of startkwalificatie nagaan'), ('contract_einde', 'Einde van de opleiding en het leerwerkcontract'), ('nazorgcontact', 'Nazorgcontact'), ('nazorg_einde', 'Einde van de nazorg'), ('afsluiten', 'Dossier afsluiten'), ('bewaartermijn', 'Einde van de bewaartermijn')], max_length=25, verbose_name='soort'),
        ),
        migrations.AddField(
            model_name='deadline',
            name='due_at',
            field=models.GeneratedField(db_persist=True, expression=models.Func(models.F('due_on'), template="((%(expressions)s + 1)::timestamp AT TIME ZONE 'Europe/Amsterdam')"), output_field=models.DateTimeField(), verbose_name='te laat vanaf'),
        ),
    ]
