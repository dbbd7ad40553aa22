"""Rules that the money side, the extension of a trial and the contract notice are worked out with."""

from datetime import date

from django.db import migrations

EARLY = date(2012, 1, 1)
LAW = [
    ("vakantiebijslag", "8", EARLY, "Wet minimumloon en minimumvakantiebijslag art. 15", "G"),
    ("lks_volledige_week", "36", EARLY, "Participatiewet art. 10d", "V"),
    ("lkv_verklaring_maanden", "3", EARLY, "Wet tegemoetkomingen loondomein; controleer of dit voor 2026 nog geldt", "G"),
    ("verlengen_met_toestemming", "ja", EARLY, "Participatiewet art. 8a lid 2 onder d; UWV: gemotiveerd verzoek", "V"),
    ("proeftijd_maximaal", "2", EARLY, "BW 7:652 lid 3", "G"),
    ("proeftijd_bepaald", "1", EARLY, "BW 7:652 lid 5", "G"),
    ("proeftijd_vanaf", "6", EARLY, "BW 7:652 lid 4", "G"),
]


def add(apps, schema_editor):
    setting = apps.get_model("accounts", "LawSetting")
    for key, value, valid_from, source, certainty in LAW:
        setting.objects.create(key=key, value=value, valid_from=valid_from, source=source, certainty=certainty)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_signing_settings")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
