"""The first version of the texts of every document beside the startplan, in plain Dutch (B1). The beheerder writes the later
ones. The contracts are a beginning for a lawyer to look at, no legal advice.
"""

from __future__ import annotations

PAY = (
    "# Loon en vakantie\n"
    "- Je loon is ten minste het minimumloon voor jouw leeftijd.\n"
    "- Geldt er een cao? Dan krijg je het loon uit die cao, als dat hoger is.\n"
    "- Vóór je eerste dag hoor je op papier hoeveel loon je precies krijgt.\n"
    "- Je krijgt elke maand loon, met een loonstrook erbij.\n"
    "- Je krijgt {vakantiebijslag} procent vakantiegeld.\n"
    "- Je vakantie is per jaar ten minste vier keer je uren per week. Je loon gaat dan door."
)
EQUAL_PAY = (
    "# Loon en vakantie\n"
    "- Je krijgt ten minste hetzelfde loon als collega's bij {bedrijf} met hetzelfde werk.\n"
    "- Dat geldt ook voor werktijden, pauzes, vrije dagen en toeslagen.\n"
    "- Minder dan het minimumloon voor jouw leeftijd is het nooit.\n"
    "- Vóór je eerste dag hoor je op papier hoeveel loon je precies krijgt.\n"
    "- {werkgever} betaalt je loon, met een loonstrook erbij.\n"
    "- Je krijgt {vakantiebijslag} procent vakantiegeld.\n"
    "- Je vakantie is per jaar ten minste vier keer je uren per week. Je loon gaat dan door."
)
ILLNESS = (
    "# Als je ziek bent\n"
    "- Bel {bedrijf} voordat je werkdag begint.\n"
    "- {werkgever} betaalt je loon door zoals de wet en de cao dat zeggen.\n"
    "- Je hoeft niet te vertellen welke ziekte je hebt.\n"
    "- Je werkt mee aan wat nodig is om weer aan het werk te gaan."
)
ILLNESS_BOTH = ILLNESS.replace("- Bel {bedrijf} voordat", "- Bel {bedrijf} en {werkgever} voordat")
AT_WORK = (
    "# Op het werk\n"
    "- {bedrijf} zorgt voor een veilige werkplek, voor uitleg en voor de spullen die je nodig hebt.\n"
    "- Je werkt veilig en houdt je aan de regels op het werk.\n"
    "- Wat je op het werk over anderen hoort, houd je voor jezelf."
)
BOTH_COMPANIES = (
    "# Wie doet wat\n"
    "- {werkgever} is je werkgever. Vragen over je contract of je loon stel je daar.\n"
    "- {bedrijf} leidt je werk. Daar hoor je wat je doet en hoe.\n"
    "- {bedrijf} vertelt {werkgever} op tijd hoe het gaat."
)
LEARNING = (
    "# Werken en leren\n"
    "- Op het werk leer je het vak, met een leermeester naast je.\n"
    "- Je volgt de opleiding {opleiding}.\n"
    "- Van je uren per week is {opleidingsuren} uur voor de opleiding.\n"
    "- Je doet mee met de opleiding. Lukt er iets niet, dan zeg je dat."
)
NO_PROBATION = "# Geen proeftijd\nEr is geen proeftijd. In de proefperiode is al gebleken dat dit werk bij je past."
ENDING = (
    "# Als het contract stopt\n"
    "- Het contract stopt vanzelf op {einde}. Niemand hoeft het dan op te zeggen.\n"
    "- Uiterlijk op {aanzegdag} krijg je een brief van {werkgever}. Daarin staat of het contract verdergaat, en hoe.\n"
    "- Wil een van ons eerder stoppen? Dan gelden de regels van de wet en de cao."
)
AFTER_LEARNING = (
    "\n- Heb je eerder je diploma? Dan praten we samen over wat er daarna komt.\n"
    "- Vóór het einde praat je met MaatwerQ over je volgende stap."
)
LAST = (
    "# Tot slot\n"
    "- Geldt er een cao? Die hoort bij dit contract. Je mag hem altijd lezen.\n"
    "- Verandert er iets? Dan maken we een nieuw document. Dat geldt als iedereen heeft getekend.\n"
    "- Begrijp je iets niet? Vraag het aan {regisseur}.\n"
    "- Het Nederlandse recht geldt."
)
LAST_AGENCY = LAST.replace(
    "- Geldt er een cao? Die hoort bij dit contract. Je mag hem altijd lezen.",
    "- De cao voor uitzendkrachten hoort bij dit contract. Je mag hem altijd lezen.",
)

OPENING = {
    "evaluatie": (
        "De proefperiode van {naam} bij {bedrijf} duurde van {eerste_dag} tot en met {laatste_dag}. Daarna hebben we samen "
        "gekeken hoe het ging.\n\n"
        "In dit verslag staat wat iedereen daarvan vindt en wat er is besloten."
    ),
    "loonwaarde": (
        "{voornaam}, de loonwaarde zegt hoeveel je nu kunt doen in dit werk, vergeleken met een gewone werknemer. "
        "Dat is vastgesteld door {vastgesteld_door}.\n\n"
        "De loonwaarde zegt niets over wie je bent. Later kan die anders zijn."
    ),
    "proefcontract": (
        "{voornaam}, dit is je contract met {werkgever} voor de proefperiode. Je werkt en leert bij {bedrijf}.\n\n"
        "Je startplan hoort bij dit contract. Daarin staat wat je gaat doen, wat je leert en wie je helpt."
    ),
    "leerwerk": (
        "{voornaam}, je proefperiode is goed gegaan. Daarom krijg je een contract met {bedrijf} voor de rest van je "
        "opleiding.\n\n"
        "Werken en leren horen bij elkaar. In dit contract staat wat we daarover afspreken."
    ),
    "maatwerq_flex": (
        "{voornaam}, je proefperiode is goed gegaan. Daarom krijg je een contract met MaatwerQ-flex voor de rest van je "
        "opleiding. Je werkt en leert bij {bedrijf}.\n\n"
        "Werken en leren horen bij elkaar. In dit contract staat wat we daarover afspreken."
    ),
    "detachering": (
        "{voornaam}, je gaat werken bij {bedrijf}. Je bent in dienst bij {werkgever}. Dat heet detacheren: {werkgever} "
        "betaalt je loon en {bedrijf} geeft je werk.\n\n"
        "In dit contract staat wat we daarover afspreken."
    ),
    "uitzenden": (
        "{voornaam}, je gaat werken bij {bedrijf}. Je hebt een contract met {werkgever}. Dat heet uitzenden: {werkgever} "
        "betaalt je loon en {bedrijf} geeft je werk.\n\n"
        "In dit contract staat wat we daarover afspreken."
    ),
    "overname": (
        "{voornaam}, {bedrijf} neemt je in dienst. Vanaf {begin} heb je een contract met {bedrijf} zelf. Je vorige contract, "
        "met MaatwerQ of met je leerbedrijf, stopt dan.\n\n"
        "In dit contract staat wat jullie afspreken."
    ),
    "direct": "{voornaam}, {bedrijf} neemt je in dienst. In dit contract staat wat jullie afspreken.",
}
CLAUSES = {
    "evaluatie": [
        (
            "# Wat dit betekent\n"
            "- Hierboven staat wat iedereen vindt. Daar is daarna niets aan veranderd.\n"
            "- Is iedereen positief? Dan kan er een contract volgen voor de rest van de opleiding.\n"
            "- Is iemand niet positief? Dan zoeken we een andere plek, of maken we samen een andere keuze."
        ),
        (
            "# Niet eens met het besluit?\n"
            "Zeg het tegen {regisseur}. Dan praten we erover. Je mag daarbij iemand meenemen."
        ),
        (
            "# Wat tekenen betekent\n"
            "Wie tekent, zegt: dit is besproken en mijn eigen oordeel staat er goed in. "
            "Je hoeft het niet met alles eens te zijn."
        ),
    ],
    "loonwaarde": [
        (
            "# Wat dit betekent\n"
            "- Met de loonwaarde kan het bedrijf een vergoeding vragen voor een deel van het loon. De gemeente of UWV beslist "
            "daarover.\n"
            "- Wat het voor jouw loon betekent, hoor je van {regisseur}.\n"
            "- Verandert je werk, of gaat het beter? Dan kan de loonwaarde opnieuw worden gemeten."
        ),
        (
            "# Niet eens met de loonwaarde?\n"
            "Vraag {vastgesteld_door} om uitleg. In de brief met het besluit staat hoe je bezwaar kunt maken. "
            "{regisseur} helpt je daarbij."
        ),
        "# Wat tekenen betekent\nWie tekent, zegt: ik heb dit gezien. Tekenen is niet hetzelfde als het ermee eens zijn.",
    ],
    "proefcontract": [
        BOTH_COMPANIES,
        LEARNING,
        PAY,
        ILLNESS_BOTH,
        AT_WORK,
        (
            "# Geen proeftijd\n"
            "De proefperiode is om elkaar te leren kennen. Een proeftijd is iets anders: dan kan een contract elke dag stoppen. "
            "Een proeftijd is er niet."
        ),
        ENDING + "\n- Vóór het einde praten we samen: jij, {bedrijf} en je jobcoach.\n"
        "- Is iedereen tevreden? Dan krijg je een nieuw contract. Anders zoeken we samen een andere plek of een andere keuze.",
        LAST,
    ],
    "leerwerk": [LEARNING, PAY, ILLNESS, AT_WORK, NO_PROBATION, ENDING + AFTER_LEARNING, LAST],
    "maatwerq_flex": [
        BOTH_COMPANIES,
        LEARNING,
        PAY,
        ILLNESS_BOTH,
        AT_WORK,
        NO_PROBATION,
        ENDING + AFTER_LEARNING,
        LAST,
    ],
    "detachering": [
        BOTH_COMPANIES,
        EQUAL_PAY,
        ILLNESS_BOTH,
        AT_WORK,
        ENDING + "\n- Heeft {bedrijf} geen werk meer voor je? Dan kijkt {werkgever} met jou naar ander werk.",
        LAST,
    ],
    "uitzenden": [
        BOTH_COMPANIES,
        EQUAL_PAY,
        ILLNESS_BOTH,
        AT_WORK,
        ENDING + "\n- Heeft {bedrijf} geen werk meer voor je? Dan kijkt {werkgever} met jou naar ander werk.\n"
        "- {bedrijf} mag je daarna zelf in dienst nemen.",
        LAST_AGENCY,
    ],
    "overname": [
        (
            "# Als je hier al werkte\n"
            "De wet bepaalt of de tijd dat je hier al werkte, meetelt voor je rechten. Vraag ernaar als je dat wilt weten."
        ),
        PAY,
        ILLNESS,
        AT_WORK,
        "# Proeftijd\n- De proeftijd is {proeftijd}.",
        ENDING + "\n- MaatwerQ blijft je in het begin helpen als dat nodig is.",
        LAST,
    ],
    "direct": [PAY, ILLNESS, AT_WORK, "# Proeftijd\n- De proeftijd is {proeftijd}.", ENDING, LAST],
}

# Since wages are kept, a contract names the wage itself (BW 7:655) and says that it rises with the minimum wage.
WAGE = "- Je loon is {uurloon} bruto per uur."
RISES = (
    "- Minder dan het minimumloon is het nooit. Gaat het minimumloon omhoog, of word je een jaar ouder? "
    "Dan krijg je ten minste het minimumloon dat dan bij jouw leeftijd hoort."
)
_EQUAL = "- Je krijgt ten minste hetzelfde loon als collega's bij {bedrijf} met hetzelfde werk."
_SAYS_NOW = {
    "- Je loon is ten minste het minimumloon voor jouw leeftijd.": [WAGE, RISES],
    "- Vóór je eerste dag hoor je op papier hoeveel loon je precies krijgt.": [],
    _EQUAL: [WAGE, _EQUAL],
    "- Minder dan het minimumloon voor jouw leeftijd is het nooit.": [RISES],
}
WAGE_IN_PLAN = (
    "Je loon is {uurloon} bruto per uur. Gaat het minimumloon omhoog, of word je een jaar ouder? Dan krijg je ten minste het "
    "minimumloon dat dan bij jouw leeftijd hoort. In je contract staat ook wat je krijgt aan vakantie en vakantiegeld."
)


def with_wage(clauses: str) -> str:
    """The clauses of a contract with its wage: in the place of our own first words, else in a part at the end."""
    lines = [new for line in clauses.replace("\r\n", "\n").split("\n") for new in _SAYS_NOW.get(line, [line])]
    text = "\n".join(lines)
    return text if "{uurloon}" in text else "\n\n".join((text.rstrip(), f"# Loon\n{WAGE}\n{RISES}"))


def first_version(kind: str) -> dict[str, str]:
    """The texts of one kind of document."""
    return {"opening": OPENING[kind], "clauses": "\n\n".join(CLAUSES[kind])}
