"""Verwijzers, leefgebieden and table 4.2 (target group × age), as rows the beheerder can change (DOMAIN.md §2, §4.2)."""

from django.db import migrations
from django.utils.text import slugify

REFERRERS = [
    "Directe netwerk",
    "Ouders",
    "Werkgever",
    "Onderwijs",
    "RMC-consulent",
    "Leerplichtambtenaar",
    "Huisarts",
    "Medisch specialist",
    "Psychiater",
    "Zorgmakelaar",
    "UWV",
    "Gemeente",
    "Werkpunt",
    "Extern adviseur",
    "Stagecoördinator",
    "De Werkschool",
    "Zorgaanbieder",
    "CJG",
    "GGZ",
    "MEE",
    "Opvoedwinkel",
    "Bureau Jeugdzorg",
    "CCE",
    "HALT",
    "Voogd",
    "Politie",
    "Re-integratiebedrijf",
    "Tussenpersoon",
]

LIFE_AREAS = [
    ("wonen", "Wonen"),
    ("geld", "Geld"),
    ("gezondheid", "Gezondheid op het werk en dagritme"),
    ("netwerk", "Sociaal netwerk"),
    ("gezin", "Gezin en relaties"),
    ("leren", "Leren"),
    ("werk", "Werk"),
    ("vrije-tijd", "Vrije tijd"),
    ("zelfredzaamheid", "Zelfredzaamheid en regels"),
]

AGE_BANDS = [(16, 18), (18, 21), (21, 27), (27, 55), (55, None)]

# code, group, benefit, payer, loonwaarde needed (R8), projects and stream 1 only (decision 2), verdict per age band
TARGET_GROUPS = [
    ("wajong", "Arbeidsongeschikt", "Wajong", "uwv", True, False, ["–", "x", "x", "x", "x"]),
    ("wia", "Arbeidshandicap overig", "WIA (WGA, IVA)", "uwv", True, False, ["–", "x", "x", "x", "x"]),
    ("ww", "Kort werkloos na baan", "WW", "uwv", False, False, ["–", "x", "x", "x", "x"]),
    ("bijstand", "Bijstand, geen werk", "WWB/Participatiewet", "gemeente", False, False, ["–", "x/–", "x", "x", "x"]),
    (
        "beschut",
        "Nieuw beschut werken",
        "Participatiewet (was WSW)",
        "gemeente",
        True,
        False,
        ["–", "x", "x", "x", "x"],
    ),
    ("langdurig", "Langdurig werkloos", "WWB/Participatiewet", "gemeente", False, False, ["–", "–", "x", "x", "x"]),
    ("jongere", "Jongere zonder uitkering", "", "gemeente", False, True, ["x", "x", "x", "–", "–"]),
]


def add(apps, schema_editor):
    add_names(apps.get_model("candidates", "Referrer"), [(slugify(name), name) for name in REFERRERS])
    add_names(apps.get_model("candidates", "LifeArea"), LIFE_AREAS)
    add_target_groups(apps.get_model("candidates", "TargetGroup"), apps.get_model("candidates", "EligibilityRule"))


def add_names(model, rows):
    model.objects.bulk_create(
        model(code=code, name=name, position=position) for position, (code, name) in enumerate(rows, start=1)
    )


def add_target_groups(groups, rules):
    for position, (code, name, benefit, payer, wage_value, projects_only, verdicts) in enumerate(
        TARGET_GROUPS, start=1
    ):
        group = groups.objects.create(
            code=code,
            name=name,
            position=position,
            benefit=benefit,
            payer=payer,
            needs_wage_value=wage_value,
            projects_and_stream_1_only=projects_only,
        )
        rules.objects.bulk_create(
            rules(target_group=group, age_from=age_from, age_until=age_until, verdict=verdict)
            for (age_from, age_until), verdict in zip(AGE_BANDS, verdicts, strict=True)
        )


class Migration(migrations.Migration):
    dependencies = [("candidates", "0002_rules")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
