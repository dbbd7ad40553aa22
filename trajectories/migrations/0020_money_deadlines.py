"""The steps of the arrangements for the employer are deadlines; running cases are counted again right after this (issue 4)."""

from django.db import migrations, models

from topjob import clock


def recount(apps, schema_editor):
    """Ask the worker to count once; an empty database has nothing to count."""
    if apps.get_model("trajectories", "Trajectory").objects.exists():
        moment = clock.now()
        message = {"handler": "recount_deadlines", "created_at": moment, "next_try_at": moment}
        apps.get_model("topjob", "OutboxMessage").objects.get_or_create(key="recount-deadlines-money", defaults=message)


class Migration(migrations.Migration):

    dependencies = [
        ('topjob', '0003_stored_sms'),
        ('trajectories', '0019_printed_statements'),
    ]

    operations = [
        migrations.AlterField(
            model_name='deadline',
            name='kind',
            field=models.CharField(choices=[('opvolgen', 'Traject opvolgen'), ('startplan_onbeantwoord', 'Startplan nog niet door iedereen beantwoord'), ('startplan_ongetekend', 'Startdatum nadert: startplan nog niet door iedereen getekend'), ('proef_start', 'Start van de proefperiode'), ('tussenevaluatie', 'Tussengesprek in de proefperiode'), ('evaluatie_voorbereiden', 'Uitnodigen voor de evaluatie'), ('proef_einde', 'Einde van de proefperiode'), ('oordelen', 'Oordelen voor de evaluatie verzamelen'), ('besluit', 'Besluit na de evaluatie'), ('loonwaarde', 'Loonwaarde vaststellen'), ('toestemming_ontbreekt', 'Toestemming van de opdrachtgever ontbreekt'), ('toestemming_eindigt', 'Toestemming van de opdrachtgever loopt af'), ('jobcoachgesprek', 'Volgend jobcoachgesprek'), ('aanzegging', 'Aanzegtermijn van het contract'), ('diploma_nagaan', 'Diploma of startkwalificatie nagaan'), ('contract_einde', 'Einde van de opleiding en het leerwerkcontract'), ('nazorgcontact', 'Nazorgcontact'), ('nazorg_einde', 'Einde van de nazorg'), ('niet_aangekomen', 'Bericht niet aangekomen'), ('lks_aanvragen', 'Loonkostensubsidie aanvragen'), ('lks_besluit', 'Besluit op de loonkostensubsidie'), ('lks_vast_deel', 'Vast deel van de loonkostensubsidie eindigt'), ('lkv_aangifte', 'Loonkostenvoordeel aanzetten in de loonaangifte'), ('lkv_verklaring', 'Doelgroepverklaring navragen'), ('register_opzoeken', 'Opzoeken bij UWV voor de werkgever'), ('no_risk', 'No-riskpolis navragen'), ('jobcoach_aanvragen', 'Jobcoach aanvragen'), ('afsluiten', 'Dossier afsluiten'), ('bewaartermijn', 'Einde van de bewaartermijn')], max_length=25, verbose_name='soort'),
        ),
        migrations.AlterField(
            model_name='supportstep',
            name='kind',
            field=models.CharField(choices=[('lks', 'Loonkostensubsidie aanvragen'), ('lks-besluit', 'Besluit op de loonkostensubsidie vastleggen'), ('lkv-aangifte', 'Loonkostenvoordeel aanzetten in de loonaangifte'), ('lkv-verklaring', 'Doelgroepverklaring navragen'), ('no-risk', 'No-riskpolis navragen'), ('jobcoach', 'Jobcoach aanvragen')], max_length=20, verbose_name='wat'),
        ),
        migrations.RunPython(recount, migrations.RunPython.noop),
    ]
