"""Examples per step of the ambition scale, in words that a youth and an employer both read easily (B1); who didn't come is fixed."""

from django.db import migrations

from topjob.triggers import protect

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


def add(apps, schema_editor):
    item, step = apps.get_model("trajectories", "AmbitionItem"), apps.get_model("trajectories", "AmbitionStep")
    items = {row.code: row for row in item.objects.filter(code__in=EXAMPLES)}
    step.objects.bulk_create(
        step(item=items[code], score=score, example=example)
        for code, examples in EXAMPLES.items()
        if code in items
        for score, example in enumerate(examples, start=1)
    )


class Migration(migrations.Migration):
    dependencies = [("trajectories", "0004_evaluation_on_a_phone")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop), *protect("trajectories_noshow")]
