"""Settings for signing: the code that confirms a signature, reminders of a personal link, and how soon a new one may go."""

from datetime import date

from django.db import migrations, models

EARLY = date(2012, 1, 1)
OWN = "Eigen regel van Top Job"
# key, value
LAW = [
    ("tekenlink_wachttijd", "10"),
    ("herinnering_eerste", "3"),
    ("herinnering_tweede", "7"),
    ("tekencode_minuten", "15"),
    ("tekencode_pogingen", "5"),
    ("tekencode_wachttijd", "60"),
    ("tekencode_per_dag", "10"),
]


def add_law(apps, schema_editor):
    LawSetting = apps.get_model("accounts", "LawSetting")
    for key, value in LAW:
        LawSetting.objects.create(key=key, value=value, valid_from=EARLY, source=OWN, certainty="G")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_deadlines_and_feed")]
    operations = [
        # BEGIN CHOICES
        migrations.AlterField(
            model_name='auditentry',
            name='party',
            field=models.CharField(choices=[('medewerker', 'medewerker'), ('jongere', 'jongere'), ('vertegenwoordiger', 'wettelijk vertegenwoordiger'), ('werkgever', 'werkgever'), ('jobcoach', 'jobcoach'), ('maatwerq', 'MaatwerQ'), ('publiek', 'aanmelder'), ('systeem', 'systeem')], max_length=20, verbose_name='hoedanigheid'),
        ),
        migrations.AlterField(
            model_name='lawsetting',
            name='key',
            field=models.CharField(choices=[('proefperiode_maanden', 'Proefperiode: aantal kalendermaanden (R6)'), ('proefplaatsing_maanden', 'Proefplaatsing met uitkering: maanden per besluit'), ('proefplaatsing_maximaal', 'Proefplaatsing: maanden ten hoogste, met verlenging'), ('proefplaatsing_zonder_besluit', 'Start zonder besluit: blokkeren of waarschuwen'), ('proefplaatsing_waarschuwing', 'Waarschuwing vóór het einde van het besluit, in dagen'), ('bewaartermijn_maanden', 'Bewaartermijn na sluiting, in maanden'), ('nazorg_maanden', 'Nazorg ten hoogste, in maanden (R12)'), ('leerwerk_minimaal', 'Leerwerkcontract ten minste, in maanden (R9)'), ('leerwerk_maximaal', 'Leerwerkcontract ten hoogste, in maanden (R9)'), ('aanzegtermijn_maanden', 'Aanzegtermijn, in maanden'), ('tekenlink_dagen', 'Geldigheid van een ondertekenlink, in dagen'), ('tekenlink_wachttijd', "Nieuwe link op z'n vroegst na, in minuten"), ('herinnering_eerste', 'Eerste herinnering aan een link na, in dagen'), ('herinnering_tweede', 'Tweede herinnering aan een link na, in dagen'), ('tekencode_minuten', 'Geldigheid van de code om te tekenen, in minuten'), ('tekencode_pogingen', 'Code om te tekenen: keren raden'), ('tekencode_wachttijd', "Nieuwe code op z'n vroegst na, in seconden"), ('tekencode_per_dag', 'Codes per link ten hoogste per dag'), ('bsn_toegestaan', 'BSN vastleggen'), ('minimumloon_uur', 'Wettelijk minimumloon per uur (21 jaar en ouder)'), ('lks_maximaal', 'Loonkostensubsidie ten hoogste, in procent'), ('quotum_actief', 'Quotum arbeidsbeperkten actief'), ('quotum_vrij_onder', 'Quotum: vrijgesteld onder dit aantal werknemers'), ('intentie_maanden', 'Intentieverklaring na de proefplaatsing, ten minste in maanden'), ('proefplaatsing_beslistermijn', 'Proefplaatsing: beslistermijn in weken'), ('minimumloon_20', 'Minimumloon bij 20 jaar, in procent'), ('minimumloon_19', 'Minimumloon bij 19 jaar, in procent'), ('minimumloon_18', 'Minimumloon bij 18 jaar, in procent'), ('lks_forfaitair', 'Loonkostensubsidie forfaitair, in procent'), ('lks_forfaitair_maanden', 'Loonkostensubsidie forfaitair ten hoogste, in maanden'), ('lks_beslistermijn', 'Loonkostensubsidie: beslistermijn in weken'), ('no_riskpolis_jaren', 'No-riskpolis, in jaren (banenafspraak: zonder einde)'), ('lkv_uur', 'Loonkostenvoordeel banenafspraak per uur, in euro'), ('lkv_jaar', 'Loonkostenvoordeel banenafspraak ten hoogste per jaar, in euro'), ('jobcoach_licht', 'Jobcoach licht: uren in jaar 1, 2 en 3'), ('jobcoach_midden', 'Jobcoach midden: uren in jaar 1, 2 en 3'), ('bbl_praktijk', 'BBL: uren beroepspraktijk per jaar, ten minste'), ('termijn_doorgeven_dagen', 'Termijn te laat: na zoveel dagen naar de coördinator'), ('startplan_antwoord_dagen', 'Startplan verstuurd: antwoord binnen, in dagen'), ('startdatum_nabij_dagen', 'Startplan getekend vóór de startdatum, in dagen'), ('evaluatie_uitnodigen_dagen', 'Evaluatie: uitnodigen vóór het einde, in dagen'), ('oordelen_dagen', 'Evaluatie geopend: oordelen en besluit binnen, in dagen'), ('loonwaarde_dagen', 'Loonwaarde bekend vóór het einde van de proefperiode, in dagen'), ('aanzegging_vanaf_maanden', 'Aanzeggen hoeft bij een contract vanaf, in maanden'), ('diploma_nagaan_dagen', 'Diploma nagaan vóór het einde van de opleiding, in dagen'), ('jobcoachgesprek_dagen', 'Jobcoachgesprek ten minste eens in, in dagen'), ('afsluiten_dagen', 'Dossier afsluiten binnen, in dagen'), ('bbl_begeleid', 'BBL: begeleide onderwijsuren per jaar, ten minste')], max_length=40, verbose_name='regel'),
        ),
        # END CHOICES
        migrations.RunPython(add_law, migrations.RunPython.noop),
    ]
