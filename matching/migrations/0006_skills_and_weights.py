"""A first list of competences, and weights for kinds of place where other things count than in a job."""

from django.db import migrations

SKILLS = (
    "Afspraken nakomen",
    "Assembleren",
    "Autogeen lassen",
    "Bestraten",
    "Bestrating herstellen",
    "Bedienen van machines",
    "Boekhouden",
    "Computervaardigheden",
    "Doorzetten",
    "Eenvoudig onderhoud",
    "Grondwerk",
    "Groenonderhoud",
    "Heftruck rijden",
    "Heggen knippen",
    "Hulp vragen",
    "Hygiënisch werken",
    "Inpakken",
    "Instructies opvolgen",
    "Kabels en leidingen leggen",
    "Kassa bedienen",
    "Klantgericht handelen",
    "Koken",
    "Lassen",
    "Lezen van werktekeningen",
    "Machinaal houtbewerken",
    "Magazijnwerk",
    "Meten en rekenen",
    "Metselen",
    "Meubels stofferen",
    "Monteren",
    "Nauwkeurig werken",
    "Netheid",
    "Orderpicken",
    "Ouderen begeleiden",
    "Plannen",
    "Programmeren",
    "Samenwerken",
    "Schoonmaken",
    "Serveren",
    "Solderen",
    "Systemen beheren",
    "Telefoneren",
    "Veilig werken (VCA)",
    "Verzorgen",
    "Voertuigen onderhouden",
    "Zelfstandig werken",
    "Zorg voor dieren",
)

# What the person wants and what supports them counts more than level and competences: by code of the kind of place.
EASY_TO_ENTER = ("zorg-werkatelier", "vrijwilligerswerk", "maatschappelijke-stage")
WEIGHTS = {
    "level": (5, 5),
    "skills": (5, 10),
    "days": (10, 15),
    "load": (20, 20),
    "support": (25, 15),
    "language": (3, 5),
}


def add(apps, schema_editor):
    skill = apps.get_model("matching", "Skill")
    skill.objects.bulk_create([skill(name=name) for name in SKILLS], ignore_conflicts=True)
    weight = apps.get_model("matching", "CriterionWeight")
    kinds = apps.get_model("accounts", "KindOfPlace").objects.filter(code__in=EASY_TO_ENTER)
    rows = [
        weight(kind_of_place=kind, criterion=code, person=person, employer=employer)
        for kind in kinds
        for code, (person, employer) in WEIGHTS.items()
    ]
    weight.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("matching", "0005_audit_figures"), ("accounts", "0003_reference")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
