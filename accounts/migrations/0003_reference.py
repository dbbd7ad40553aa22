"""The reference tables of the domain and the rules of today, as rows the beheerder can change (DOMAIN.md §1, §4)."""

from datetime import date

from django.db import migrations, models
from django.utils.text import slugify

REGIONS = [("20", "IJssel- en Vechtstreek"), ("29", "Stedendriehoek")]

# number, code, name, kinds of place (code, name)
DEPARTMENTS = [
    (
        1,
        "match",
        "Match",
        [
            ("bbl", "Leerwerkplek BBL"),
            ("bol", "Leerwerkplek BOL"),
            ("baan", "Reguliere baan"),
        ],
    ),
    (
        2,
        "maatwerq",
        "MaatwerQ",
        [
            ("zorg-werkatelier", "Zorg-werkatelier"),
            ("leerwerkplek-vrijwillig", "Leerwerkplek (vrijwillig, training)"),
            ("bbl-plus-individueel", "Leerwerkplek BBL+ individueel"),
            ("bbl-plus-groep", "Leerwerkplek BBL+ groep"),
        ],
    ),
    (
        3,
        "jeugd",
        "Jeugd",
        [
            ("stageplaats", "Stageplaats"),
            ("bijbaantje", "Bijbaantje"),
            ("studentenwerk", "Studentenwerk"),
            ("jeugd-werkervaringsplek", "Werkervaringsplek (stage+)"),
        ],
    ),
    (
        4,
        "maatschappelijk",
        "Maatschappelijk",
        [
            ("maatschappelijke-stage", "Maatschappelijke stage"),
            ("maatschappelijk-werkervaringsplek", "Werkervaringsplek"),
            ("vrijwilligerswerk", "Vrijwilligerswerk"),
        ],
    ),
]

BRANCHES = [
    "Infra-GWW",
    "Transport & Logistiek 1",
    "Transport & Logistiek 2",
    "Zorg & Welzijn",
    "Telecom",
    "Mobiliteit: auto's",
    "Mobiliteit: fietsen",
    "Administratief & Facilitair",
    "Hospitality",
    "Schoonmaak",
    "Techniek-installatie",
    "Techniek-wtb",
    "Afval & Milieu",
    "Voeding & Ketens",
    "ICT-ontwikkeling",
    "ICT-gaming",
    "Handel & Verkoop",
    "Groen & Milieu",
    "Lokaal toerisme",
    "Creatief: mode",
    "Creatief: design-kunst",
    "Creatief: media",
]

TOP_SECTORS = [
    "Agri & food",
    "Chemie",
    "Creatieve industrie",
    "Energie",
    "High tech",
    "Life sciences & health",
    "Logistiek",
    "Tuinbouw",
    "Water",
]

# Gemeenten by arbeidsmarktregio.
MUNICIPALITIES = {
    "20": [
        "Dalfsen",
        "Hardenberg",
        "Kampen",
        "Olst-Wijhe",
        "Ommen",
        "Raalte",
        "Staphorst",
        "Steenwijkerland",
        "Zwartewaterland",
        "Zwolle",
    ],
    "29": [
        "Apeldoorn",
        "Brummen",
        "Deventer",
        "Epe",
        "Heerde",
        "Lochem",
        "Voorst",
        "Zutphen",
    ],
}
UWV_OFFICES = {"20": "Zwolle", "29": "Apeldoorn"}

# Opdrachtgevers that are a kind of payer rather than one organisation: name, type.
OTHER_CLIENTS = [
    ("Werkzoekende zelf", "zelf"),
    ("Ouders", "zelf"),
    ("Werkgever (eigen rekening)", "werkgever"),
    ("Onderwijs of samenwerkingsverband", "onderwijs"),
    ("Zorgaanbieder", "zorg"),
    ("WSW-bedrijf", "wsw"),
    ("Re-integratiebedrijf", "re-integratie"),
]

EARLY = date(2012, 1, 1)
OWN = "Eigen regel van Top Job"

# key, value, valid from, source, V = read in the source in 2026, G = to be checked
LAW = [
    ("proefperiode_maanden", "3", EARLY, f"{OWN} (R6)", "V"),
    ("proefplaatsing_maanden", "2", EARLY, "Participatiewet art. 8a lid 2 onder d (tekst 1-7-2026); UWV", "V"),
    ("proefplaatsing_maximaal", "6", EARLY, "Participatiewet art. 8a lid 2 onder d: 2 + 4 maanden; UWV: tot 6", "V"),
    ("proefplaatsing_zonder_besluit", "waarschuwen", EARLY, f"{OWN}; voor UWV geldt blokkeren", "V"),
    ("proefplaatsing_waarschuwing", "21", EARLY, OWN, "G"),
    ("proefplaatsing_beslistermijn", "2", EARLY, "UWV: beslist in de regel binnen 2 weken", "V"),
    ("intentie_maanden", "6", EARLY, "UWV: getekende intentie van ten minste 6 maanden, ten minste zoveel uren", "V"),
    ("bewaartermijn_maanden", "24", EARLY, "AVG: niet langer dan nodig; gebruikelijk 2 jaar na sluiting", "G"),
    ("nazorg_maanden", "12", EARLY, f"{OWN} (R12)", "V"),
    ("leerwerk_minimaal", "12", EARLY, f"{OWN} (R9)", "V"),
    ("leerwerk_maximaal", "24", EARLY, f"{OWN} (R9)", "V"),
    ("aanzegtermijn_maanden", "1", EARLY, "BW 7:668, bij contracten van 6 maanden of langer", "G"),
    ("tekenlink_dagen", "14", EARLY, OWN, "G"),
    ("bsn_toegestaan", "nee", EARLY, "UAVG art. 46: alleen met wettelijke grondslag, per opdrachtgever", "G"),
    ("minimumloon_uur", "8.35", EARLY, "WML januari 2012 per maand, omgerekend bij 40 uur per week", "G"),
    ("minimumloon_uur", "13.27", date(2024, 1, 1), "WML per 1 januari 2024", "G"),
    ("minimumloon_uur", "14.06", date(2025, 1, 1), "WML per 1 januari 2025", "G"),
    ("minimumloon_uur", "14.71", date(2026, 1, 1), "WML per 1 januari 2026; wijzigt elk halfjaar", "V"),
    ("minimumloon_20", "80", EARLY, "Besluit minimumjeugdloon", "V"),
    ("minimumloon_19", "60", EARLY, "Besluit minimumjeugdloon", "V"),
    ("minimumloon_18", "50", EARLY, "Besluit minimumjeugdloon", "V"),
    ("lks_maximaal", "70", EARLY, "Participatiewet art. 10d", "V"),
    ("lks_forfaitair", "50", EARLY, "Participatiewet art. 10d", "V"),
    ("lks_forfaitair_maanden", "6", EARLY, "Participatiewet art. 10d", "V"),
    ("lks_beslistermijn", "5", EARLY, "Participatiewet art. 10d", "V"),
    ("no_riskpolis_jaren", "5", EARLY, "Ziektewet art. 29b", "V"),
    ("lkv_uur", "1.01", date(2026, 1, 1), "Wet tegemoetkomingen loondomein (tweede bron)", "V"),
    ("lkv_jaar", "2000", date(2026, 1, 1), "Wet tegemoetkomingen loondomein (tweede bron)", "V"),
    ("quotum_actief", "nee", EARLY, "Wet banenafspraak en quotum", "G"),
    ("quotum_vrij_onder", "25", EARLY, "Wet banenafspraak en quotum", "V"),
    ("jobcoach_licht", "36/18/18", EARLY, "Gemeente Rotterdam, als beginwaarde", "V"),
    ("jobcoach_midden", "60/36/18", EARLY, "Gemeente Rotterdam, als beginwaarde", "V"),
    ("bbl_praktijk", "610", EARLY, "WEB (2016)", "V"),
    ("bbl_begeleid", "200", EARLY, "WEB (2016)", "V"),
]


def add_reference(apps, schema_editor):
    model = lambda name: apps.get_model("accounts", name)  # noqa: E731
    regions = {}
    for position, (code, name) in enumerate(REGIONS, start=1):
        regions[code] = model("Region").objects.create(code=code, name=name, position=position)
    for number, code, name, kinds in DEPARTMENTS:
        department = model("Department").objects.create(code=code, name=name, number=number, position=number)
        for place, (kind_code, kind_name) in enumerate(kinds, start=1):
            model("KindOfPlace").objects.create(
                code=kind_code, name=kind_name, department=department, position=number * 10 + place
            )
    for position, name in enumerate(BRANCHES, start=1):
        model("Branch").objects.create(code=f"{position:02d}", name=name, position=position)
    for position, name in enumerate(TOP_SECTORS, start=1):
        model("TopSector").objects.create(code=slugify(name), name=name, position=position)
    add_clients(model("Organisation"), regions)
    add_law(model("LawSetting"), model("Organisation"))


def add_clients(Organisation, regions):
    for code, names in MUNICIPALITIES.items():
        for name in names:
            Organisation.objects.create(
                kind="opdrachtgever", client_type="gemeente", name=f"Gemeente {name}", city=name, region=regions[code]
            )
    for code, city in UWV_OFFICES.items():
        Organisation.objects.create(
            kind="opdrachtgever", client_type="uwv", name=f"UWV {city}", city=city, region=regions[code]
        )
    for name, client_type in OTHER_CLIENTS:
        Organisation.objects.create(kind="opdrachtgever", client_type=client_type, name=name)


def add_law(LawSetting, Organisation):
    for key, value, valid_from, source, certainty in LAW:
        LawSetting.objects.create(key=key, value=value, valid_from=valid_from, source=source, certainty=certainty)
    for uwv in Organisation.objects.filter(kind="opdrachtgever", client_type="uwv"):
        LawSetting.objects.create(
            key="proefplaatsing_zonder_besluit",
            value="blokkeren",
            valid_from=EARLY,
            client=uwv,
            source="UWV: geen start vóór het besluit",
            certainty="V",
        )


KEYS = [
    ("proefperiode_maanden", "Proefperiode: aantal kalendermaanden (R6)"),
    ("proefplaatsing_maanden", "Proefplaatsing met uitkering: maanden per besluit"),
    ("proefplaatsing_maximaal", "Proefplaatsing: maanden ten hoogste, met verlenging"),
    ("proefplaatsing_zonder_besluit", "Start zonder besluit: blokkeren of waarschuwen"),
    ("proefplaatsing_waarschuwing", "Waarschuwing vóór het einde van het besluit, in dagen"),
    ("bewaartermijn_maanden", "Bewaartermijn na sluiting, in maanden"),
    ("nazorg_maanden", "Nazorg ten hoogste, in maanden (R12)"),
    ("leerwerk_minimaal", "Leerwerkcontract ten minste, in maanden (R9)"),
    ("leerwerk_maximaal", "Leerwerkcontract ten hoogste, in maanden (R9)"),
    ("aanzegtermijn_maanden", "Aanzegtermijn, in maanden"),
    ("tekenlink_dagen", "Geldigheid van een ondertekenlink, in dagen"),
    ("bsn_toegestaan", "BSN vastleggen"),
    ("minimumloon_uur", "Wettelijk minimumloon per uur (21 jaar en ouder)"),
    ("lks_maximaal", "Loonkostensubsidie ten hoogste, in procent"),
    ("quotum_actief", "Quotum arbeidsbeperkten actief"),
    ("quotum_vrij_onder", "Quotum: vrijgesteld onder dit aantal werknemers"),
    ("intentie_maanden", "Intentieverklaring na de proefplaatsing, ten minste in maanden"),
    ("proefplaatsing_beslistermijn", "Proefplaatsing: beslistermijn in weken"),
    ("minimumloon_20", "Minimumloon bij 20 jaar, in procent"),
    ("minimumloon_19", "Minimumloon bij 19 jaar, in procent"),
    ("minimumloon_18", "Minimumloon bij 18 jaar, in procent"),
    ("lks_forfaitair", "Loonkostensubsidie forfaitair, in procent"),
    ("lks_forfaitair_maanden", "Loonkostensubsidie forfaitair ten hoogste, in maanden"),
    ("lks_beslistermijn", "Loonkostensubsidie: beslistermijn in weken"),
    ("no_riskpolis_jaren", "No-riskpolis, in jaren (banenafspraak: zonder einde)"),
    ("lkv_uur", "Loonkostenvoordeel banenafspraak per uur, in euro"),
    ("lkv_jaar", "Loonkostenvoordeel banenafspraak ten hoogste per jaar, in euro"),
    ("jobcoach_licht", "Jobcoach licht: uren in jaar 1, 2 en 3"),
    ("jobcoach_midden", "Jobcoach midden: uren in jaar 1, 2 en 3"),
    ("bbl_praktijk", "BBL: uren beroepspraktijk per jaar, ten minste"),
    ("bbl_begeleid", "BBL: begeleide onderwijsuren per jaar, ten minste"),
]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_protect_log")]
    operations = [
        migrations.AlterField("lawsetting", "key", models.CharField("regel", max_length=40, choices=KEYS)),
        migrations.RunPython(add_reference, migrations.RunPython.noop),
    ]
