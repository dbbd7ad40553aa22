"""What deadlines count with, who coordinates a region, and a calendar feed per person."""

from datetime import date

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.models.reference

EARLY = date(2012, 1, 1)
OWN = "Eigen regel van Top Job"

# key, value, source, V = read in the source in 2026, G = to be checked
LAW = [
    ("termijn_doorgeven_dagen", "7", OWN, "G"),
    ("startplan_antwoord_dagen", "7", OWN, "G"),
    ("startdatum_nabij_dagen", "7", OWN, "G"),
    ("evaluatie_uitnodigen_dagen", "14", OWN, "G"),
    ("oordelen_dagen", "7", OWN, "G"),
    ("loonwaarde_dagen", "14", OWN, "G"),
    ("aanzegging_vanaf_maanden", "6", "BW 7:668", "G"),
    ("diploma_nagaan_dagen", "42", OWN, "G"),
    ("jobcoachgesprek_dagen", "28", OWN, "G"),
    ("afsluiten_dagen", "14", OWN, "G"),
]


def add_law(apps, schema_editor):
    setting = apps.get_model("accounts", "LawSetting")
    setting.objects.bulk_create(
        setting(key=key, value=value, valid_from=EARLY, source=source, certainty=certainty)
        for key, value, source, certainty in LAW
    )


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_audit_chain'),
    ]

    operations = [
        migrations.AddField(
            model_name='region',
            name='coordinator',
            field=models.ForeignKey(blank=True, help_text='Krijgt termijnen die te laat blijven liggen, en die van niemand zijn.', limit_choices_to=accounts.models.reference.staff_members, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='coördinator'),
        ),
        migrations.AlterField(
            model_name='lawsetting',
            name='key',
            field=models.CharField(choices=[('proefperiode_maanden', 'Proefperiode: aantal kalendermaanden (R6)'), ('proefplaatsing_maanden', 'Proefplaatsing met uitkering: maanden per besluit'), ('proefplaatsing_maximaal', 'Proefplaatsing: maanden ten hoogste, met verlenging'), ('proefplaatsing_zonder_besluit', 'Start zonder besluit: blokkeren of waarschuwen'), ('proefplaatsing_waarschuwing', 'Waarschuwing vóór het einde van het besluit, in dagen'), ('bewaartermijn_maanden', 'Bewaartermijn na sluiting, in maanden'), ('nazorg_maanden', 'Nazorg ten hoogste, in maanden (R12)'), ('leerwerk_minimaal', 'Leerwerkcontract ten minste, in maanden (R9)'), ('leerwerk_maximaal', 'Leerwerkcontract ten hoogste, in maanden (R9)'), ('aanzegtermijn_maanden', 'Aanzegtermijn, in maanden'), ('tekenlink_dagen', 'Geldigheid van een ondertekenlink, in dagen'), ('bsn_toegestaan', 'BSN vastleggen'), ('minimumloon_uur', 'Wettelijk minimumloon per uur (21 jaar en ouder)'), ('lks_maximaal', 'Loonkostensubsidie ten hoogste, in procent'), ('quotum_actief', 'Quotum arbeidsbeperkten actief'), ('quotum_vrij_onder', 'Quotum: vrijgesteld onder dit aantal werknemers'), ('intentie_maanden', 'Intentieverklaring na de proefplaatsing, ten minste in maanden'), ('proefplaatsing_beslistermijn', 'Proefplaatsing: beslistermijn in weken'), ('minimumloon_20', 'Minimumloon bij 20 jaar, in procent'), ('minimumloon_19', 'Minimumloon bij 19 jaar, in procent'), ('minimumloon_18', 'Minimumloon bij 18 jaar, in procent'), ('lks_forfaitair', 'Loonkostensubsidie forfaitair, in procent'), ('lks_forfaitair_maanden', 'Loonkostensubsidie forfaitair ten hoogste, in maanden'), ('lks_beslistermijn', 'Loonkostensubsidie: beslistermijn in weken'), ('no_riskpolis_jaren', 'No-riskpolis, in jaren (banenafspraak: zonder einde)'), ('lkv_uur', 'Loonkostenvoordeel banenafspraak per uur, in euro'), ('lkv_jaar', 'Loonkostenvoordeel banenafspraak ten hoogste per jaar, in euro'), ('jobcoach_licht', 'Jobcoach licht: uren in jaar 1, 2 en 3'), ('jobcoach_midden', 'Jobcoach midden: uren in jaar 1, 2 en 3'), ('bbl_praktijk', 'BBL: uren beroepspraktijk per jaar, ten minste'), ('termijn_doorgeven_dagen', 'Termijn te laat: na zoveel dagen naar de coördinator'), ('startplan_antwoord_dagen', 'Startplan verstuurd: antwoord binnen, in dagen'), ('startdatum_nabij_dagen', 'Startplan getekend vóór de startdatum, in dagen'), ('evaluatie_uitnodigen_dagen', 'Evaluatie: uitnodigen vóór het einde, in dagen'), ('oordelen_dagen', 'Evaluatie geopend: oordelen en besluit binnen, in dagen'), ('loonwaarde_dagen', 'Loonwaarde bekend vóór het einde van de proefperiode, in dagen'), ('aanzegging_vanaf_maanden', 'Aanzeggen hoeft bij een contract vanaf, in maanden'), ('diploma_nagaan_dagen', 'Diploma nagaan vóór het einde van de opleiding, in dagen'), ('jobcoachgesprek_dagen', 'Jobcoachgesprek ten minste eens in, in dagen'), ('afsluiten_dagen', 'Dossier afsluiten binnen, in dagen'), ('bbl_begeleid', 'BBL: begeleide onderwijsuren per jaar, ten minste')], max_length=40, verbose_name='regel'),
        ),
        migrations.CreateModel(
            name='CalendarFeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField(verbose_name='gemaakt op')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='calendar_feed', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'agenda-abonnement',
                'verbose_name_plural': 'agenda-abonnementen',
            },
        ),
        migrations.RunPython(add_law, migrations.RunPython.noop),
    ]
