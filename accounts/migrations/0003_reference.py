"""The reference tables of the domain and the rules of today, as rows the beheerder can change (DOMAIN.md §1, §4)."""

from datetime import date

from django.db import migrations
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

# key, value, valid from, source, V = read in the source in 2026, G = to be checked; whose, if it is one client's
LAW = [
    ("proefperiode_maanden", "3", EARLY, OWN, "V"),
    ("proefplaatsing_maanden", "2", EARLY, "Participatiewet art. 8a lid 2 onder d (tekst 1-7-2026); UWV", "V"),
    ("proefplaatsing_maximaal", "6", EARLY, "Participatiewet art. 8a lid 2 onder d: 2 + 4 maanden; UWV: tot 6", "V"),
    ("proefplaatsing_zonder_besluit", "waarschuwen", EARLY, f"{OWN}; voor UWV geldt blokkeren", "V"),
    ("proefplaatsing_waarschuwing", "21", EARLY, OWN, "G"),
    ("proefplaatsing_beslistermijn", "2", EARLY, "UWV: beslist in de regel binnen 2 weken", "V"),
    ("intentie_maanden", "6", EARLY, "UWV: getekende intentie van ten minste 6 maanden, ten minste zoveel uren", "V"),
    ("bewaartermijn_maanden", "24", EARLY, "AVG: niet langer dan nodig; gebruikelijk 2 jaar na sluiting", "G"),
    ("nazorg_maanden", "12", EARLY, OWN, "V"),
    ("leerwerk_minimaal", "12", EARLY, OWN, "V"),
    ("leerwerk_maximaal", "24", EARLY, OWN, "V"),
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
    ("proefplaatsing_zonder_besluit", "blokkeren", EARLY, "UWV: geen start vóór het besluit", "V", "UWV Apeldoorn"),
    ("proefplaatsing_zonder_besluit", "blokkeren", EARLY, "UWV: geen start vóór het besluit", "V", "UWV Zwolle"),
    ("termijn_doorgeven_dagen", "7", EARLY, OWN, "G"),
    ("startplan_antwoord_dagen", "7", EARLY, OWN, "G"),
    ("startdatum_nabij_dagen", "7", EARLY, OWN, "G"),
    ("evaluatie_uitnodigen_dagen", "14", EARLY, OWN, "G"),
    ("oordelen_dagen", "7", EARLY, OWN, "G"),
    ("loonwaarde_dagen", "14", EARLY, OWN, "G"),
    ("aanzegging_vanaf_maanden", "6", EARLY, "BW 7:668", "G"),
    ("diploma_nagaan_dagen", "42", EARLY, OWN, "G"),
    ("jobcoachgesprek_dagen", "28", EARLY, OWN, "G"),
    ("afsluiten_dagen", "14", EARLY, OWN, "G"),
    ("tekenlink_wachttijd", "10", EARLY, OWN, "G"),
    ("herinnering_eerste", "3", EARLY, OWN, "G"),
    ("herinnering_tweede", "7", EARLY, OWN, "G"),
    ("tekencode_minuten", "15", EARLY, OWN, "G"),
    ("tekencode_pogingen", "5", EARLY, OWN, "G"),
    ("tekencode_wachttijd", "60", EARLY, OWN, "G"),
    ("tekencode_per_dag", "10", EARLY, OWN, "G"),
    ("vakantiebijslag", "8", EARLY, "Wet minimumloon en minimumvakantiebijslag art. 15", "G"),
    ("lks_volledige_week", "36", EARLY, "Participatiewet art. 10d", "V"),
    ("lkv_verklaring_maanden", "3", EARLY, "Wet tegemoetkomingen loondomein; controleer of dit voor 2026 nog geldt", "G"),
    ("verlengen_met_toestemming", "ja", EARLY, "Participatiewet art. 8a lid 2 onder d; UWV: gemotiveerd verzoek", "V"),
    ("proeftijd_maximaal", "2", EARLY, "BW 7:652 lid 3", "G"),
    ("proeftijd_bepaald", "1", EARLY, "BW 7:652 lid 5", "G"),
    ("proeftijd_vanaf", "6", EARLY, "BW 7:652 lid 4", "G"),
    ("minimumloon_17", "39.5", EARLY, "Besluit minimumjeugdloonregeling art. 2; controleer de percentages", "G"),
    ("minimumloon_16", "34.5", EARLY, "Besluit minimumjeugdloonregeling art. 2; controleer de percentages", "G"),
    ("minimumloon_15", "30", EARLY, "Besluit minimumjeugdloonregeling art. 2; controleer de percentages", "G"),
    ("bewaartermijn_aanmelding", "24", EARLY, "AVG: niet langer dan nodig; gebruikelijk 2 jaar na sluiting", "G"),
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
    for key, value, valid_from, source, certainty, *client in LAW:
        whose = Organisation.objects.get(name=client[0]) if client else None
        LawSetting.objects.create(
            key=key, value=value, valid_from=valid_from, source=source, certainty=certainty, client=whose
        )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_rules")]
    operations = [migrations.RunPython(add_reference, migrations.RunPython.noop)]
