"""The journey in plain Dutch (B1): what the youth, the employer and the client read about a state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from trajectories.process.workflow import State


@dataclass(frozen=True)
class Plain:
    """What happens now, and what the youth can do."""

    title: Any
    now: Any
    you: Any


MY_PHASES = {
    "A": _("Begin"),
    "B": _("Werken en leren"),
    "C": _("Advies"),
    "D": _("Werk zoeken"),
    "E": _("Aan de slag"),
}

FOR_YOUTH: dict[str, Plain] = {
    State.AANGEMELD: Plain(
        _("We hebben je aanmelding"),
        _("Je begeleider neemt contact met je op voor een eerste gesprek."),
        _("Kijk of je gegevens kloppen. Vul alvast je CV in als je wilt."),
    ),
    State.INTAKE: Plain(
        _("We leren elkaar kennen"),
        _("Samen met je begeleider kijk je wat je kunt en wat je wilt. We schrijven op welk werk bij je past."),
        _("Vul je CV in. Zet werk of diploma's waar je trots op bent in je portfolio."),
    ),
    State.BEMIDDELBAAR: Plain(
        _("We zoeken een plek voor je"),
        _("We zoeken een bedrijf dat bij je past. Een bedrijf ziet pas iets van jou als jij dat goed vindt."),
        _("Houd je CV bij. Neem op als je begeleider belt."),
    ),
    State.SOLLICITATIE: Plain(
        _("Je bent voorgesteld bij een bedrijf"),
        _("Je maakt kennis met het bedrijf. Daarna beslissen jij en het bedrijf of je er gaat werken."),
        _("Ga naar het gesprek. Wil je deze plek niet? Laat het hieronder weten."),
    ),
    State.STARTPLAN: Plain(
        _("We maken je startplan"),
        _("Het bedrijf wil met je beginnen. In het startplan staat wat je gaat doen, wat je leert en wie je helpt."),
        _("Lees je startplan en teken het als het klopt. Je krijgt daarvoor een mail."),
    ),
    State.PROEFPERIODE: Plain(
        _("Je proefperiode loopt"),
        _("Je werkt en leert bij het bedrijf. Je leermeester en je jobcoach helpen je daarbij."),
        _("Lukt iets niet? Zeg het tegen je leermeester of je jobcoach."),
    ),
    State.EVALUATIE: Plain(
        _("We kijken terug op je proefperiode"),
        _("Jij, het bedrijf en je jobcoach zeggen hoe het ging. Daarna hoor je hoe het verdergaat."),
        _("Vertel hoe jij het vond. Je krijgt daarvoor een mail."),
    ),
    State.LEERWERK: Plain(
        _("Je werkt en leert"),
        _("Je hebt een contract en volgt je opleiding. Je jobcoach praat regelmatig met je over hoe het gaat."),
        _("Kom naar de gesprekken met je jobcoach. Zeg het op tijd als iets niet goed gaat."),
    ),
    State.ADVIES: Plain(
        _("Wat wordt je volgende stap?"),
        _("Je loopbaanadviseur kijkt samen met je terug en geeft advies over wat nu het beste bij je past."),
        _("Denk na over wat jij wilt. Vertel het in het gesprek."),
    ),
    State.BANENPOOL: Plain(
        _("We zoeken je volgende stap"),
        _("Je hebt je advies. We zoeken een baan of een opleiding die daarbij past."),
        _("Houd je CV bij. Zet je diploma in je portfolio."),
    ),
    State.NAZORG: Plain(
        _("Je bent aan de slag"),
        _("Goed gedaan! We bellen nog af en toe om te horen hoe het gaat, ten hoogste een jaar."),
        _("Gaat het niet goed op je plek? Bel je begeleider meteen."),
    ),
    State.AFSLUITING: Plain(
        _("We ronden je traject af"),
        _("We hebben nog één gesprek met je: wat vond je van onze hulp?"),
        _("Vertel eerlijk wat goed ging en wat beter kan."),
    ),
    State.AFGESLOTEN: Plain(
        _("Je traject is klaar"),
        _("We hebben je traject afgesloten. We bewaren je gegevens nog een tijd, dat moet van de wet."),
        _("Heb je later weer hulp nodig? Meld je dan opnieuw aan."),
    ),
}

# What the youth reads instead once they did their part, and others are waited for.
DONE_BY_YOUTH: dict[str, Any] = {
    State.STARTPLAN: _("Jij hebt getekend. Nu moeten de anderen nog tekenen. Je hoort van ons wanneer je begint."),
    State.EVALUATIE: _("Wij weten hoe jij het vond. Je hoeft nu niets te doen."),
}

# To whoever was introduced and took the consent back.
NOT_SHARED = _(
    "Het bedrijf ziet nu niets van je. Wil je deze plek nog? Bel je begeleider. Wil je de plek niet? Laat het hieronder weten."
)

FOR_EMPLOYER: dict[str, Any] = {
    State.STARTPLAN: _(
        "Het startplan wordt gemaakt en getekend. De proefperiode begint pas als iedereen heeft getekend."
    ),
    State.PROEFPERIODE: _("De proefperiode loopt. De leermeester en de jobcoach begeleiden op het werk."),
    State.EVALUATIE: _(
        "De proefperiode wordt besproken. Iedereen geeft een oordeel; daarna hoort u hoe het verdergaat."
    ),
    State.LEERWERK: _("Deze persoon werkt en leert met een contract, tot het eind van de opleiding."),
    State.NAZORG: _("Deze persoon is bij u aan de slag. Top Job houdt nog contact, ten hoogste een jaar."),
    State.AFSLUITING: _("Top Job rondt het traject af."),
    State.AFGESLOTEN: _("Het traject is afgesloten."),
}
