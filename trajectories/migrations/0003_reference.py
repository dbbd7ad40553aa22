"""The ambition scale of DOMAIN.md §4.5 with examples per step, in words that a youth and an employer both read easily (B1); the
first texts of the startplan and of every other document that is signed.
"""

import datetime
import tomllib
from pathlib import Path

from django.db import migrations

REFERENCE = Path(__file__).resolve().parent / "reference"
EARLY = datetime.datetime(2012, 1, 1, tzinfo=datetime.UTC)
# Code, name, and the youth's own words.
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

# From 1 to 5.
EXAMPLES = {
    "positieve-houding": [
        "Vaak geen zin in het werk en dat is goed te merken.",
        "Heeft zin als een ander erbij is en moed geeft.",
        "Heeft meestal zin, maar een slechte dag is snel te merken.",
        "Begint vrolijk en gaat door, ook als het werk saai is.",
        "Blijft vrolijk, ook als het druk is of tegenzit.",
    ],
    "oplossingsgericht": [
        "Stopt als iets niet lukt.",
        "Lost iets op als een ander het stap voor stap voordoet.",
        "Bedenkt zelf iets en vraagt dan of het goed is.",
        "Lost de meeste dingen zelf op en vraagt op tijd hulp.",
        "Zoekt ook onder druk zelf een oplossing en helpt anderen daarbij.",
    ],
    "ziet-werk": [
        "Wacht tot iemand zegt wat er moet gebeuren.",
        "Begint als iemand elke taak apart noemt.",
        "Ziet het vaste werk zelf. Nieuw werk moet iemand aanwijzen.",
        "Ziet wat er moet gebeuren en begint er meestal zelf aan.",
        "Ziet altijd werk en pakt het aan, zonder dat iemand het vraagt.",
    ],
    "zelfstandig": [
        "Kan een taak nog niet alleen doen.",
        "Kan een taak doen als er steeds iemand bij is.",
        "Kan bekende taken alleen. Iemand kijkt tussendoor mee.",
        "Werkt een hele dag alleen. Iemand kijkt aan het eind.",
        "Werkt zelf, deelt de tijd goed in en controleert het eigen werk.",
    ],
    "verantwoordelijk": [
        "Komt afspraken vaak niet na en zegt dat niet.",
        "Komt afspraken na als iemand eraan herinnert.",
        "Is meestal op tijd. Vergeet soms een afspraak of een bericht.",
        "Komt afspraken na en belt op tijd als iets niet lukt.",
        "Zegt eerlijk als iets misgaat en maakt het zelf in orde.",
    ],
    "goede-collega": [
        "Werkt liever niet samen en zegt weinig tegen collega's.",
        "Werkt samen als iemand het vraagt en erbij blijft.",
        "Gaat goed om met de vaste collega's.",
        "Helpt collega's en vraagt zelf ook hulp.",
        "Hoort bij de groep, ook bij nieuwe collega's en bij ruzie.",
    ],
    "klantvriendelijk": [
        "Praat niet met klanten of bezoekers, of is kortaf.",
        "Groet klanten als een collega het ook doet.",
        "Is vriendelijk. Haalt een collega bij een lastige vraag.",
        "Helpt klanten zelf en blijft vriendelijk.",
        "Blijft rustig en vriendelijk, ook bij een boze klant.",
    ],
    "klaar-voor-branche": [
        "Kent het vak en de regels nog niet.",
        "Kent de regels voor veilig werken, met hulp.",
        "Kent de basis van het vak en werkt veilig.",
        "Doet de meeste taken van het vak goed.",
        "Doet alle gewone taken van het vak zo goed als een collega.",
    ],
    "klaar-voor-vast": [
        "Een vaste baan is nu nog te veel.",
        "Houdt een paar dagen per week vol, met veel hulp.",
        "Houdt de week meestal vol. Soms is het te veel.",
        "Houdt de afgesproken uren elke week vol.",
        "Kan een vaste baan goed aan, ook in drukke weken.",
    ],
    "klaar-voor-flex": [
        "Een andere plek of andere tijden lukt nog niet.",
        "Een andere plek lukt als er iemand meegaat.",
        "Een andere plek lukt als het een paar dagen eerder bekend is.",
        "Went snel aan een nieuwe plek of nieuwe tijden.",
        "Kan overal meteen aan de slag, met steeds andere mensen.",
    ],
}


def add_scale(apps, schema_editor):
    item, step = apps.get_model("trajectories", "AmbitionItem"), apps.get_model("trajectories", "AmbitionStep")
    for position, (code, name, question) in enumerate(ITEMS, start=1):
        row = item.objects.create(code=code, name=name, question=question, position=position)
        step.objects.bulk_create(
            step(item=row, score=score, example=example) for score, example in enumerate(EXAMPLES[code], start=1)
        )


def texts_of(name):
    return tomllib.loads((REFERENCE / f"{name}.toml").read_text(encoding="utf-8"))


def add_plan_texts(apps, schema_editor):
    template, texts = apps.get_model("trajectories", "PlanTemplate"), texts_of("plan_texts")
    routes = list(texts["training"])
    first = [(construction, route, 1, texts["trial"][construction]) for construction in "12" for route in routes]
    with_wage = [("2", route, 2, texts["trial"]["with_wage"]) for route in sorted(routes)]
    template.objects.bulk_create(
        template(
            construction=construction,
            route=route,
            number=number,
            valid_from=EARLY.date(),
            created_at=EARLY,
            opening=texts["opening"][construction],
            trial=trial,
            training=texts["training"][route],
            youth_promises=texts["youth_promises"],
            employer_promises=texts["employer_promises"][construction],
            coach_promises=texts["coach_promises"],
            trouble=texts["trouble"],
            afterwards=texts["afterwards"][construction][route],
        )
        for construction, route, number, trial in first + with_wage
    )


def add_paper_texts(apps, schema_editor):
    template, texts = apps.get_model("trajectories", "PaperTemplate"), texts_of("paper_texts")
    first = [(kind, 1, words["opening"], words["clauses"]) for kind, words in texts.items()]
    with_wage = [(kind, 2, words["opening"], words["with_wage"]) for kind, words in texts.items() if "with_wage" in words]
    template.objects.bulk_create(
        template(
            kind=kind, number=number, valid_from=EARLY.date(), created_at=EARLY, opening=opening, clauses=clauses
        )
        for kind, number, opening, clauses in first + with_wage
    )


class Migration(migrations.Migration):
    dependencies = [("trajectories", "0002_rules")]
    operations = [
        migrations.RunPython(add, migrations.RunPython.noop) for add in (add_scale, add_plan_texts, add_paper_texts)
    ]
