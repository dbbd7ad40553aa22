"""The streams of In beweging voor werQ and the learn-work projects (DOMAIN.md, tables 4.1 and 4.3)."""

from datetime import date

from django.db import migrations

TRIAL = "3 maanden, met behoud van uitkering"
CLIENTS_ALL = (
    "Gemeenten: jongeren in risicosituaties uit PRO, LWOO, VMBO, VSO en MBO; uitvallers (RMC); thuiszitters uit de "
    "jeugdzorg; cliënten van zorgaanbieders; nieuw beschut werken; bijstand tot 27 jaar. "
)
CLIENTS_WSW = "WSW: uitstroom, doorstroom en detachering."

STREAMS = [
    {
        "number": 1,
        "code": "stroom-1",
        "name": "Stroom 1: Going on, leerwerkproject",
        "age_from": 18,
        "age_until": 27,
        "typical_fte": "0.80",
        "training_months": 24,
        "jobcoach_required": True,
        "who": "18 tot 27 jaar",
        "work": (
            "4 dagen per week leren op de werkplek. Contract van 0,8 fte voor de duur van de opleiding (2 jaar). "
            "Eigen werk in een team."
        ),
        "support": "Leermeester en collega, jobcoach van het bedrijf, regisseur met 24-uurs aanpak.",
        "training": "Meerjarige BBL, 1 dag per week, in een groep.",
        "intake": "Halfjaarlijks (september, februari)",
        "prospect": (
            "Gediplomeerde beroepskracht met een volledig takenpakket. Stroomt uit naar de branche in de regio."
        ),
        "qualification": "gemiddeld",
        "good_practice": "BinQ (Infra-GWW)",
        "plans": "TanQ (Transport & Logistiek)",
        "promising": "TecQ (Techniek)",
        "clients": CLIENTS_ALL + "UWV: Wajong en WW. " + CLIENTS_WSW,
    },
    {
        "number": 2,
        "code": "stroom-2",
        "name": "Stroom 2: leerwerkproject of leerwerktraject",
        "age_from": 18,
        "age_until": None,
        "typical_fte": "1.00",
        "training_months": 12,
        "jobcoach_required": False,
        "who": "18 jaar en ouder",
        "work": "Tot 5 dagen per week. Contract van ongeveer 1 jaar. Eigen werk.",
        "support": "Collega; jobcoach naar keuze.",
        "training": "Mogelijkheden voor opleiding, in een groep en individueel.",
        "intake": "Periodiek",
        "prospect": "Gecertificeerde beroepskracht met (eigen) deeltaken.",
        "qualification": "laag – gemiddeld – hoog",
        "good_practice": "Levensmiddelen",
        "plans": "",
        "promising": "Divers",
        "clients": CLIENTS_ALL + "UWV: Wajong, WW en WIA (WGA en IVA). " + CLIENTS_WSW,
    },
    {
        "number": 3,
        "code": "stroom-3",
        "name": "Stroom 3: leerwerktraject",
        "age_from": 18,
        "age_until": None,
        "typical_fte": "1.00",
        "training_months": 12,
        "jobcoach_required": False,
        "who": "18 jaar en ouder, ook dossiers van handhaving",
        "work": "Tot 5 dagen per week. Contract van ongeveer 1 jaar. Werk in tweetallen, herhalend en kortcyclisch.",
        "support": "Collega als werkmaat; jobcoach naar keuze.",
        "training": "Korte (vak)training, in een groep en individueel.",
        "intake": "Vrij",
        "prospect": "Gecertificeerde beroepskracht met eigen deeltaken.",
        "qualification": "laag – gemiddeld",
        "good_practice": "Glasvezel",
        "plans": "Asbestsanering, Sloop",
        "promising": "Divers",
        "clients": CLIENTS_ALL + "UWV: Wajong, WW en WIA (WGA en IVA). " + CLIENTS_WSW,
    },
]

# branch number, start, name, level, place, region, participants, jobs
PROJECTS = [
    (1, date(2012, 2, 1), "BinQ-1", "BBL 2", "Raalte", "20", 12, 11),
    (1, date(2012, 9, 1), "BinQ-2", "BBL 2", "Raalte", "20", 2, None),
    (1, date(2013, 2, 1), "BinQ-3", "BBL 2", "", None, 10, None),
    (2, date(2013, 2, 1), "TanQ-1", "BBL 1", "", None, None, None),
    (3, date(2013, 2, 1), "TrucQ-1", "BBL 2", "Zwolle", "20", None, None),
]

# branch number, name
PLANNED = [
    (4, "Q-care"),
    (5, "LinQ"),
    (6, "Q-car"),
    (7, "BiQe"),
    (8, "DesQ"),
    (10, "BlinQ"),
    (11, "Q-Tech (Techniek-installatie)"),
    (12, "Q-Tech (Techniek-wtb)"),
    # Techniek as a whole; of the branches, wtb is the one that covers it.
    (12, "TecQ"),
]


def add_reference(apps, schema_editor):
    Stream = apps.get_model("employers", "Stream")
    for row in STREAMS:
        Stream.objects.create(position=row["number"], trial=TRIAL, **row)
    add_projects(apps, Stream.objects.get(number=1))


def add_projects(apps, stream):
    Project = apps.get_model("employers", "LearnWorkProject")
    branches = {branch.position: branch for branch in apps.get_model("accounts", "Branch").objects.all()}
    regions = {region.code: region for region in apps.get_model("accounts", "Region").objects.all()}
    for number, start, name, level, place, region, participants, jobs in PROJECTS:
        project = Project.objects.create(
            name=name,
            branch=branches[number],
            stream=stream,
            region=regions[region] if region else None,
            level=level,
            place=place,
            starts_on=start,
            group_size=participants,
            reported_participants=participants,
            reported_jobs=jobs,
        )
        project.intake_dates.create(on=start)
    for number, name in PLANNED:
        Project.objects.create(name=name, branch=branches[number], stream=stream, is_planned=True)


def remove_reference(apps, schema_editor):
    names = [row[2] for row in PROJECTS] + [name for _number, name in PLANNED]
    apps.get_model("employers", "LearnWorkProject").objects.filter(name__in=names).delete()
    apps.get_model("employers", "Stream").objects.filter(number__in=[row["number"] for row in STREAMS]).delete()


class Migration(migrations.Migration):
    dependencies = [("employers", "0001_initial"), ("accounts", "0003_reference")]
    operations = [migrations.RunPython(add_reference, remove_reference)]
