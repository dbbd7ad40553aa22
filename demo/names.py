"""Names and words of a believable Salland. All people and companies are made up."""

from __future__ import annotations

FIRST_NAMES = (
    *(
        "Daan",
        "Sem",
        "Lucas",
        "Finn",
        "Levi",
        "Bram",
        "Thijs",
        "Jesse",
        "Ruben",
        "Stijn",
        "Sven",
        "Niels",
        "Koen",
        "Tim",
    ),
    *("Jeroen", "Mark", "Hilbert", "Gerrit", "Wout", "Mees", "Noah", "Milan", "Luuk", "Jelle", "Rick", "Emma", "Julia"),
    *(
        "Sanne",
        "Lotte",
        "Fleur",
        "Anouk",
        "Eva",
        "Iris",
        "Noor",
        "Sara",
        "Lisa",
        "Femke",
        "Marit",
        "Esmee",
        "Romy",
        "Kim",
    ),
    *("Ilse", "Maud", "Tess", "Amber", "Naomi", "Yasmin", "Fatima", "Aylin", "Samira", "Mohammed", "Yusuf", "Emre"),
    *("Ahmed", "Mehmet", "Omar", "Tariq", "Jaden", "Dion", "Kevin", "Joey", "Melvin", "Patrick", "Dennis", "Chantal"),
    *("Denise", "Wendy", "Marieke", "Hanneke", "Gerda", "Johan", "Henk", "Bert", "Arjan", "Wilco", "Erwin", "Rianne"),
)
WOMEN = frozenset(
    [
        "Emma",
        "Julia",
        "Sanne",
        "Lotte",
        "Fleur",
        "Anouk",
        "Eva",
        "Iris",
        "Noor",
        "Sara",
        "Lisa",
        "Femke",
        "Marit",
        "Esmee",
        "Romy",
        "Kim",
        "Ilse",
        "Maud",
        "Tess",
        "Amber",
        "Naomi",
        "Yasmin",
        "Fatima",
        "Aylin",
        "Samira",
        "Chantal",
        "Denise",
        "Wendy",
        "Marieke",
        "Hanneke",
        "Gerda",
        "Rianne",
    ]
)


def gender_of(first_name: str, number: int) -> str:
    """What somebody of this name said about their gender; one in eight rather not."""
    if number % 8 == 0:
        return "onbekend"
    return "vrouw" if first_name in WOMEN else "man"


# tussenvoegsel, achternaam
LAST_NAMES = (
    ("", "Jansen"),
    ("", "Bakker"),
    ("van der", "Veen"),
    ("", "Nijboer"),
    ("", "Kolkman"),
    ("te", "Riele"),
    ("", "Schoonhoven"),
    ("van den", "Berg"),
    ("", "Oosterlaar"),
    ("", "Haarman"),
    ("de", "Groot"),
    ("", "Logtenberg"),
    ("", "Wolters"),
    ("", "Reimert"),
    ("van", "Dam"),
    ("", "Kortstee"),
    ("", "Nieuwenhuis"),
    ("", "Mulder"),
    ("", "Dijkman"),
    ("", "Boerman"),
    ("", "Yildiz"),
    ("", "El Amrani"),
    ("", "Kaya"),
    ("", "Hassan"),
    ("van 't", "Hof"),
    ("", "Schrijver"),
    ("", "Hulsman"),
    ("", "Zwijnenberg"),
    ("ten", "Have"),
    ("", "Brinkhuis"),
    ("", "Koers"),
    ("", "Meijerink"),
    ("op den", "Dries"),
    ("", "Broekhuis"),
    ("", "Veldhuis"),
    ("", "Assink"),
    ("de", "Vries"),
    ("", "Grooten"),
    ("", "Lubbers"),
    ("", "Vos"),
)
# plaats, postcode, arbeidsmarktregio
PLACES = (
    ("Wijhe", "8131 AB", "20"),
    ("Olst", "8121 CD", "20"),
    ("Raalte", "8102 HJ", "20"),
    ("Heino", "8141 RB", "20"),
    ("Zwolle", "8021 EP", "20"),
    ("Zwolle", "8031 GH", "20"),
    ("Dalfsen", "7721 AL", "20"),
    ("Ommen", "7731 BC", "20"),
    ("Hardenberg", "7772 TD", "20"),
    ("Kampen", "8261 BT", "20"),
    ("Deventer", "7411 KL", "29"),
    ("Deventer", "7425 RX", "29"),
    ("Apeldoorn", "7311 JK", "29"),
    ("Zutphen", "7201 DE", "29"),
    ("Epe", "8161 NM", "29"),
    ("Twello", "7391 GA", "29"),
)
STREETS = (
    "Dorpsstraat",
    "Kerkstraat",
    "Stationsweg",
    "Molenweg",
    "Langstraat",
    "Veerweg",
    "Raalterweg",
    "De Haere",
    "Parallelweg",
)
# branch number, name before the city, function, tasks, training
COMPANIES = (
    (
        1,
        "Grondwerken {} B.V.",
        "Medewerker grond-, weg- en waterbouw",
        "Straten, rioleren en machines klaarzetten.",
        "BBL Infra",
    ),
    (
        1,
        "Van Beek Infra {}",
        "Leerling stratenmaker",
        "Bestrating leggen en herstellen, zand en klinkers aanvoeren.",
        "BBL Straatmaker",
    ),
    (
        2,
        "Transport {} Oost",
        "Leerling chauffeur en belader",
        "Laden, lossen en vrachtbrieven bijhouden.",
        "BBL Transport",
    ),
    (3, "Koeriersdienst {}", "Medewerker logistiek", "Orders verzamelen, inpakken en scannen.", "Certificaat heftruck"),
    (
        4,
        "Zorggroep {}",
        "Helpende zorg en welzijn",
        "Helpen bij maaltijden, koffieronde en activiteiten.",
        "BBL Helpende",
    ),
    (5, "Glasnet {}", "Monteur glasvezel", "Kabels trekken en aansluiten bij mensen thuis.", "Certificaat glasvezel"),
    (
        6,
        "Garage {}",
        "Leerling autotechnicus",
        "Banden wisselen, kleine beurten, werkplaats op orde.",
        "BBL Autotechniek",
    ),
    (7, "Fietsen van {}", "Fietstechnicus", "Reparaties, nieuwe fietsen rijklaar maken.", "BBL Fietstechniek"),
    (8, "Gemeentelijk Servicepunt {}", "Medewerker facilitair", "Post, vergaderzalen en magazijn.", "BBL Facilitair"),
    (9, "Herberg {}", "Medewerker bediening en keuken", "Tafels dekken, afwas, bediening in het team.", "BBL Horeca"),
    (
        10,
        "Schoon en Fris {}",
        "Medewerker schoonmaak",
        "Kantoren en scholen schoonmaken in tweetallen.",
        "Vakopleiding schoonmaak",
    ),
    (
        11,
        "Installatiebedrijf {}",
        "Leerling loodgieter",
        "Leidingen leggen, sanitair plaatsen.",
        "BBL Installatietechniek",
    ),
    (12, "Metaalwerken {}", "Leerling lasser", "Zagen, boren, lassen en afwerken.", "BBL Metaalbewerken"),
    (
        13,
        "Milieustraat {}",
        "Medewerker recycling",
        "Ontvangen en sorteren van afval, bezoekers helpen.",
        "Certificaat milieustraat",
    ),
    (
        14,
        "Zuivelmakerij {}",
        "Productiemedewerker voeding",
        "Inpakken, controleren en hygiënisch werken.",
        "Certificaat HACCP",
    ),
    (17, "Doe-het-zelf {}", "Medewerker winkel", "Vakken vullen, klanten helpen, kassa.", "BBL Verkoop"),
    (18, "Hoveniers {}", "Medewerker groenvoorziening", "Snoeien, maaien en planten in de wijk.", "BBL Groen"),
    (19, "Camping {}", "Medewerker recreatie", "Terrein onderhouden en gasten helpen.", "Certificaat recreatie"),
)
COMPANY_NAMES = (
    *("Salland", "IJsseldal", "De Vecht", "Sallandse Heuvelrug", "Oosterwijk", "Nijenhuis", "Ter Steege", "Wechele"),
    *("De Luttenberg", "Boskamp", "Middel", "Averlo", "Colmschate", "Lemelerveld", "Mariënheem", "Broekland"),
    *("Herxen", "Windesheim", "Laag Zuthem", "Vilsteren", "Den Nul", "Fortmond", "Welsum", "Terwolde", "Bathmen"),
    *("Okkenbroek", "Haarle", "Nieuw Heeten", "Liederholthuis", "Wesepe"),
)
MOTIVATIONS = (
    "Ik wil niet meer thuis zitten. Ik wil een vak leren met mijn handen.",
    "School lukte niet, maar werken gaat goed. Ik wil een diploma halen.",
    "Ik wil mijn eigen geld verdienen en vroeg opstaan hoort daarbij.",
    "Ik hou van buiten werken en wil bij een vast team horen.",
    "Ik heb lang niks gedaan en wil laten zien dat ik het kan.",
    "Ik werk graag rustig en precies. Ik zoek een plek waar dat mag.",
    "Ik wil iets leren waar ik later mee verder kan.",
)
FOTO = {
    "wonen": (
        "Woonde bij ouders, daarna begeleid.",
        "Woont in een eigen studio met ambulante hulp.",
        "Zelfstandig blijven wonen.",
    ),
    "geld": (
        "Schulden gemaakt met telefoonabonnementen.",
        "Betalingsregeling loopt; budgetbeheer.",
        "Zelf de post en rekeningen bijhouden.",
    ),
    "gezondheid": (
        "Dag en nacht omgedraaid.",
        "Staat om zeven uur op, heeft ritme.",
        "Hele week werken zonder uit te vallen.",
    ),
    "netwerk": ("Weinig contacten, foute vrienden.", "Sport een keer per week.", "Collega's waar je op kunt rekenen."),
    "gezin": ("Gescheiden ouders, spanning thuis.", "Contact met moeder is goed.", "Rust in de familie."),
    "leren": ("Gestopt met het vmbo.", "Leert het best door te doen.", "Startkwalificatie halen."),
    "werk": ("Korte baantjes via uitzendbureau.", "Op zoek naar een leerwerkplek.", "Vaste plek met een vak."),
    "vrije-tijd": ("Veel gamen.", "Helpt bij de voetbalclub.", "Zelf trainer worden."),
    "zelfredzaamheid": ("Vergat afspraken.", "Gebruikt een agenda in de telefoon.", "Alles zelf regelen."),
}
TALKS = (
    "Open gesprek. Wil graag aan de slag en weet goed wat niet werkt: drukte en haast.",
    "Was wat stil in het begin, daarna veel verteld over werken met de handen.",
    "Kwam op tijd, had vragen voorbereid. Reizen is het grootste punt van zorg.",
    "Samen de week doorgenomen. Vroeg opstaan gaat al drie weken goed.",
)
COACHING = (
    "Werkt rustiger en vraagt op tijd hulp. Samen de week doorgenomen.",
    "Gaat steeds zelfstandiger. Leermeester geeft nu ook de lastige klussen.",
    "Een keer te laat; oorzaak besproken en een afspraak gemaakt over de bus.",
    "Trots op het eerste certificaat. Nu oefenen met overleggen in het team.",
)
STOPS = (
    "Verhuist naar een andere regio en gaat daar verder.",
    "Heeft zelf een baan gevonden en wil geen begeleiding meer.",
    "Kiest voor school en rondt het traject hier af.",
)
REJECTIONS = (
    "Zoekt alleen een bijbaan voor de zomer; verwezen naar een uitzendbureau.",
    "Woont buiten de regio; overgedragen aan de collega's daar.",
)
