"""The first version of every text of the startplan, in plain Dutch (B1). The beheerder writes the later ones."""

from __future__ import annotations

OPENING = {
    "1": (
        "{voornaam}, je gaat aan de slag bij {bedrijf}. Je werkt daar als {functie} en je leert er een vak. "
        "Je begint met een proefperiode van {maanden} maanden.\n\n"
        "In dit plan staat wat je gaat doen, wat je gaat leren en wie je helpt. Het is een afspraak tussen jou, het bedrijf "
        "en je begeleiders. Het telt als een contract. Je begint pas als iedereen heeft getekend."
    ),
    "2": (
        "{voornaam}, je gaat aan de slag bij {bedrijf}. Je werkt daar als {functie} en je leert er een vak. "
        "Je krijgt vanaf de eerste dag een contract van MaatwerQ, voor een proefperiode van {maanden} maanden.\n\n"
        "In dit plan staat wat je gaat doen, wat je gaat leren en wie je helpt. Het is een afspraak tussen jou, het bedrijf "
        "en je begeleiders. Het telt als een contract. Je begint pas als iedereen heeft getekend."
    ),
}
TRIAL = {
    "1": (
        "Je werkt {maanden} maanden op proef. Zo zie jij of het werk bij je past. En {bedrijf} ziet of jij bij het werk past. "
        "Je krijgt in deze tijd nog geen loon van het bedrijf. Gaat het goed? Dan krijg je daarna een contract bij {bedrijf}."
    ),
    "2": (
        "Je werkt {maanden} maanden op proef. Je bent in deze tijd in dienst bij MaatwerQ en je krijgt loon. Je werkt bij "
        "{bedrijf}. Zo zie jij of het werk bij je past. En {bedrijf} ziet of jij bij het werk past."
    ),
}
TRAINING = {
    "werkschool": (
        "Je haalt eerst je startkwalificatie. Dat is het diploma waarmee je makkelijker vast werk vindt. Je leert op de "
        "werkschool en op je werk: wat je op school leert, doe je op het werk meteen."
    ),
    "bbl1": (
        "Je werkt aan je startkwalificatie en je begint met BBL niveau 1. Dat betekent: je leert het vak op je werk, en je "
        "gaat daarnaast naar les. Je school en je leermeester weten van elkaar wat je leert."
    ),
    "bbl2": (
        "Je haalt een vakdiploma. Je begint met BBL niveau 1 en gaat daarna door met BBL niveau 2. Je leert het vak op je "
        "werk, en je gaat daarnaast naar les. Je school en je leermeester weten van elkaar wat je leert."
    ),
    "anders": (
        "Je leert op een manier die bij jou past. Je leert vooral door te doen, op je werk. Wat je kunt, schrijven we op. "
        "Zo kun je aan iedereen laten zien wat je hebt geleerd."
    ),
}
YOUTH = (
    "- Je komt op de dagen en de tijden die zijn afgesproken.\n"
    "- Kun je niet komen? Dan bel je voordat je werkdag begint.\n"
    "- Je werkt veilig en gebruikt de spullen die daarvoor zijn.\n"
    "- Je doet mee met de opleiding en je zegt het als iets niet lukt.\n"
    "- Wat je op het werk over anderen hoort, houd je voor jezelf."
)
EMPLOYER = {
    "1": (
        "- {leermeester} leert je het vak en heeft daar elke week tijd voor.\n"
        "- Je krijgt werk dat bij je past en een veilige plek om te leren.\n"
        "- Je krijgt de spullen en de kleding die je voor het werk nodig hebt.\n"
        "- Je krijgt tijd voor je opleiding en voor de gesprekken in dit plan.\n"
        "- Zijn we na de proefperiode allemaal tevreden? Dan krijg je een contract."
    ),
    "2": (
        "- {leermeester} leert je het vak en heeft daar elke week tijd voor.\n"
        "- Je krijgt werk dat bij je past en een veilige plek om te leren.\n"
        "- Je krijgt de spullen en de kleding die je voor het werk nodig hebt.\n"
        "- Je krijgt tijd voor je opleiding en voor de gesprekken in dit plan.\n"
        "- Het bedrijf vertelt MaatwerQ op tijd hoe het gaat. MaatwerQ betaalt je loon."
    ),
}
COACH = (
    "- {jobcoach} praat elke week met je over hoe het gaat, op het werk en daarnaast.\n"
    "- {jobcoach} helpt ook {bedrijf}, zodat je leermeester weet wat jij nodig hebt.\n"
    "- {regisseur} houdt het geheel in de gaten en regelt wat er geregeld moet worden."
)
TROUBLE = (
    "Het mag een keer misgaan. Zeg het dan meteen, dan zoeken we samen een oplossing. Je kunt altijd bellen met je jobcoach "
    "of met je regisseur. Ook als het over thuis gaat, of over geld.\n\n"
    "Lukt het echt niet? Dan stoppen we niet zomaar. We praten eerst met elkaar: jij, het bedrijf en je jobcoach. Stop je "
    "toch, dan zoekt je regisseur met jou een andere plek. Ook jij mag zeggen dat je wilt stoppen."
)
AFTERWARDS = {
    "1": (
        "Aan het einde van de proefperiode praten we samen: jij, het bedrijf en je jobcoach. Is iedereen tevreden? Dan krijg "
        "je een contract bij {bedrijf}, {duration}. Is iemand niet tevreden? Dan kijken we naar een andere plek of een "
        "andere keuze."
    ),
    "2": (
        "Aan het einde van de proefperiode stopt je contract bij MaatwerQ. Daarvóór praten we samen: jij, het bedrijf en je "
        "jobcoach. Is iedereen tevreden? Dan krijg je een nieuw contract, {duration}. Is iemand niet tevreden? Dan kijken we "
        "naar een andere plek of een andere keuze."
    ),
}
DURATION = {
    "werkschool": "voor de rest van de tijd tot je startkwalificatie, minstens een jaar",
    "bbl1": "voor de rest van je opleiding, minstens een jaar",
    "bbl2": "voor de rest van je opleiding, een tot twee jaar",
    "anders": "voor minstens een jaar",
}


def first_version(construction: str, route: str) -> dict[str, str]:
    """The texts for one way to be placed and one route to learn."""
    return {
        "opening": OPENING[construction],
        "trial": TRIAL[construction],
        "training": TRAINING[route],
        "youth_promises": YOUTH,
        "employer_promises": EMPLOYER[construction],
        "coach_promises": COACH,
        "trouble": TROUBLE,
        "afterwards": AFTERWARDS[construction].replace("{duration}", DURATION[route]),
    }
