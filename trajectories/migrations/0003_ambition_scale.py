"""The ambition scale of DOMAIN.md §4.5, in words for the youth."""

from django.db import migrations

ITEMS = [
    ("positieve-houding", "Positieve houding", "Ik heb zin in mijn werk en laat dat merken."),
    ("oplossingsgericht", "Oplossingsgericht", "Als iets niet lukt, zoek ik zelf naar een oplossing."),
    ("ziet-werk", "Ziet werk en pakt het aan", "Ik zie wat er moet gebeuren en begin eraan."),
    ("zelfstandig", "Werkt zelfstandig", "Ik kan mijn taken alleen doen."),
    ("verantwoordelijk", "Neemt verantwoordelijkheid", "Ik kom afspraken na en zeg het als iets misgaat."),
    ("goede-collega", "Goede collega", "Ik help collega's en zij helpen mij."),
    ("klantvriendelijk", "Klantvriendelijk", "Ik ben vriendelijk tegen klanten en bezoekers."),
    ("klaar-voor-branche", "Klaar voor de branche", "Ik ken het vak en de regels van dit werk."),
    ("klaar-voor-vast", "Klaar voor vast werk", "Ik kan een vaste baan aan."),
    ("klaar-voor-flex", "Klaar voor de flexibele schil", "Ik kan ook op wisselende plekken werken."),
]


def add(apps, schema_editor):
    item = apps.get_model("trajectories", "AmbitionItem")
    item.objects.bulk_create(
        item(code=code, name=name, question=question, position=position)
        for position, (code, name, question) in enumerate(ITEMS, start=1)
    )


class Migration(migrations.Migration):
    dependencies = [("trajectories", "0002_rules_in_the_database")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
