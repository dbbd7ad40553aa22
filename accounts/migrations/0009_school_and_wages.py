"""Places with a praktijkovereenkomst, what a learner in the BBL is paid at least, and days of the agreements."""

from datetime import date

from django.db import migrations, models

EARLY = date(2012, 1, 1)
OWN = "Eigen regel van Top Job"
BBL = "Besluit minimumjeugdloon, BBL met praktijkovereenkomst (tweede bron)"
BBL_OVER = "De uitzondering voor de BBL vervalt: 100 is het gewone minimumloon van die leeftijd (tweede bron)"
CHARGES = "Regeling loonkostensubsidie (tweede bron): controleer"
LAW = [
    ("bbl_loon_20", "61.5", EARLY, BBL, "V"),
    ("bbl_loon_19", "52.5", EARLY, BBL, "V"),
    ("bbl_loon_18", "45.5", EARLY, BBL, "V"),
    ("bbl_loon_20", "100", date(2027, 1, 1), BBL_OVER, "V"),
    ("bbl_loon_19", "100", date(2027, 1, 1), BBL_OVER, "V"),
    ("bbl_loon_18", "100", date(2027, 1, 1), BBL_OVER, "V"),
    ("lks_werkgeverslasten", "23", EARLY, CHARGES, "G"),
    ("lks_werkgeverslasten", "23.5", date(2021, 1, 1), CHARGES, "G"),
    ("praktijkovereenkomst_dagen", "14", EARLY, OWN, "G"),
    ("overeenkomst_einde_dagen", "28", EARLY, OWN, "G"),
    ("loonstijging_dagen", "28", EARLY, OWN, "G"),
]
WITH_SCHOOL = ("bbl", "bol", "bbl-plus-individueel", "bbl-plus-groep")


def add_law(apps, schema_editor):
    setting = apps.get_model("accounts", "LawSetting")
    for key, value, valid_from, source, certainty in LAW:
        setting.objects.create(key=key, value=value, valid_from=valid_from, source=source, certainty=certainty)


def say_where_a_school_is_in_it(apps, schema_editor):
    places = apps.get_model("accounts", "KindOfPlace").objects.filter(code__in=WITH_SCHOOL)
    places.update(asks_practice_agreement=True)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_agreements'),
    ]

    operations = [
        migrations.AddField(
            model_name='kindofplace',
            name='asks_practice_agreement',
            field=models.BooleanField(default=False, help_text='De school maakt een praktijkovereenkomst (POK) voor wie hier leert. Die wordt bijgehouden.', verbose_name='met POK'),
        ),
        migrations.AlterField(
            model_name='lawsetting',
            name='key',
            field=models.CharField(choices=[('proefperiode_maanden', 'Proefperiode: aantal kalendermaanden'), ('proefplaatsing_maanden', 'Proefplaatsing met uitkering: maanden per besluit'), ('proefplaatsing_maximaal', 'Proefplaatsing: maanden ten hoogste, met verlenging'), ('proefplaatsing_zonder_besluit', 'Start zonder besluit: blokkeren of waarschuwen'), ('proefplaatsing_waarschuwing', 'Waarschuwing vóór het einde van het besluit, in dagen'), ('bewaartermijn_maanden', 'Bewaartermijn van een dossier na sluiting, in maanden'), ('bewaartermijn_aanmelding', 'Bewaartermijn van een aanmelding waaruit geen traject kwam, in maanden'), ('nazorg_maanden', 'Nazorg ten hoogste, in maanden'), ('leerwerk_minimaal', 'Leerwerkcontract ten minste, in maanden'), ('leerwerk_maximaal', 'Leerwerkcontract ten hoogste, in maanden'), ('aanzegtermijn_maanden', 'Aanzegtermijn, in maanden'), ('tekenlink_dagen', 'Geldigheid van een ondertekenlink, in dagen'), ('tekenlink_wachttijd', "Nieuwe link op z'n vroegst na, in minuten"), ('herinnering_eerste', 'Eerste herinnering aan een link na, in dagen'), ('herinnering_tweede', 'Tweede herinnering aan een link na, in dagen'), ('tekencode_minuten', 'Geldigheid van de code om te tekenen, in minuten'), ('tekencode_pogingen', 'Code om te tekenen: keren raden'), ('tekencode_wachttijd', "Nieuwe code op z'n vroegst na, in seconden"), ('tekencode_per_dag', 'Codes per link ten hoogste per dag'), ('bsn_toegestaan', 'BSN vastleggen'), ('minimumloon_uur', 'Wettelijk minimumloon per uur (21 jaar en ouder)'), ('lks_maximaal', 'Loonkostensubsidie ten hoogste, in procent'), ('quotum_actief', 'Quotum arbeidsbeperkten actief'), ('quotum_vrij_onder', 'Quotum: vrijgesteld onder dit aantal werknemers'), ('intentie_maanden', 'Intentieverklaring na de proefplaatsing, ten minste in maanden'), ('proefplaatsing_beslistermijn', 'Proefplaatsing: beslistermijn in weken'), ('minimumloon_20', 'Minimumloon bij 20 jaar, in procent'), ('minimumloon_19', 'Minimumloon bij 19 jaar, in procent'), ('minimumloon_18', 'Minimumloon bij 18 jaar, in procent'), ('minimumloon_17', 'Minimumloon bij 17 jaar, in procent'), ('minimumloon_16', 'Minimumloon bij 16 jaar, in procent'), ('minimumloon_15', 'Minimumloon bij 15 jaar, in procent'), ('bbl_loon_20', 'BBL met praktijkovereenkomst: minimumloon bij 20 jaar, in procent'), ('bbl_loon_19', 'BBL met praktijkovereenkomst: minimumloon bij 19 jaar, in procent'), ('bbl_loon_18', 'BBL met praktijkovereenkomst: minimumloon bij 18 jaar, in procent'), ('praktijkovereenkomst_dagen', 'Praktijkovereenkomst van de school binnen, in dagen'), ('loonstijging_dagen', 'Hoger minimumloon melden aan werkgever en deelnemer, dagen vooraf'), ('lks_forfaitair', 'Loonkostensubsidie forfaitair, in procent'), ('lks_forfaitair_maanden', 'Loonkostensubsidie forfaitair ten hoogste, in maanden'), ('lks_beslistermijn', 'Loonkostensubsidie: beslistermijn in weken'), ('no_riskpolis_jaren', 'No-riskpolis, in jaren (banenafspraak: zonder einde)'), ('lks_werkgeverslasten', 'Loonkostensubsidie: vergoeding werkgeverslasten, in procent ervan'), ('lkv_uur', 'Loonkostenvoordeel banenafspraak per uur, in euro'), ('lkv_jaar', 'Loonkostenvoordeel banenafspraak ten hoogste per jaar, in euro'), ('jobcoach_licht', 'Jobcoach licht: uren in jaar 1, 2 en 3'), ('jobcoach_midden', 'Jobcoach midden: uren in jaar 1, 2 en 3'), ('bbl_praktijk', 'BBL: uren beroepspraktijk per jaar, ten minste'), ('termijn_doorgeven_dagen', 'Termijn te laat: na zoveel dagen naar de coördinator'), ('startplan_antwoord_dagen', 'Startplan verstuurd: antwoord binnen, in dagen'), ('startdatum_nabij_dagen', 'Startplan getekend vóór de startdatum, in dagen'), ('evaluatie_uitnodigen_dagen', 'Evaluatie: uitnodigen vóór het einde, in dagen'), ('oordelen_dagen', 'Evaluatie geopend: oordelen en besluit binnen, in dagen'), ('loonwaarde_dagen', 'Loonwaarde bekend vóór het einde van de proefperiode, in dagen'), ('aanzegging_vanaf_maanden', 'Aanzeggen hoeft bij een contract vanaf, in maanden'), ('diploma_nagaan_dagen', 'Diploma nagaan vóór het einde van de opleiding, in dagen'), ('overeenkomst_einde_dagen', 'Vervolg bespreken vóór het einde van een overeenkomst, in dagen'), ('jobcoachgesprek_dagen', 'Jobcoachgesprek ten minste eens in, in dagen'), ('afsluiten_dagen', 'Dossier afsluiten binnen, in dagen'), ('bbl_begeleid', 'BBL: begeleide onderwijsuren per jaar, ten minste'), ('vakantiebijslag', 'Vakantiebijslag, in procent'), ('lks_volledige_week', 'Loonkostensubsidie: uren van een volledige week'), ('lkv_verklaring_maanden', 'LKV: doelgroepverklaring aanvragen binnen, in maanden'), ('verlengen_met_toestemming', 'Proefperiode verlengen alleen met toestemming'), ('proeftijd_maximaal', 'Proeftijd ten hoogste, in maanden'), ('proeftijd_bepaald', 'Proeftijd ten hoogste bij een contract korter dan 2 jaar, in maanden'), ('werken_vanaf_leeftijd', 'Werken kan niet vóór deze leeftijd'), ('werken_uren_tot_16', 'Uren per week ten hoogste tot 16 jaar, naast school'), ('werken_uren_tot_18', 'Uren per week ten hoogste bij 16 en 17 jaar, school telt mee'), ('vrijwilliger_uur', 'Vrijwilligersvergoeding ten hoogste per uur, vanaf 21 jaar, in euro'), ('vrijwilliger_uur_jong', 'Vrijwilligersvergoeding ten hoogste per uur, tot 21 jaar, in euro'), ('vrijwilliger_maand', 'Vrijwilligersvergoeding ten hoogste per maand, in euro'), ('vrijwilliger_jaar', 'Vrijwilligersvergoeding ten hoogste per jaar, in euro'), ('proeftijd_vanaf', 'Geen proeftijd bij een contract tot en met, in maanden')], max_length=40, verbose_name='regel'),
        ),
        migrations.RunPython(add_law, migrations.RunPython.noop),
        migrations.RunPython(say_where_a_school_is_in_it, migrations.RunPython.noop),
    ]
