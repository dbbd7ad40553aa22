"""Who is around one person of the made-up world, and what they say."""

from __future__ import annotations

from dataclasses import dataclass, field

from accounts.models import User


@dataclass
class Team:
    """The staff around one person."""

    frontoffice: User
    regisseur: User
    career_adviser: User
    job_broker: User
    jobcoach: User
    personnel: User
    backoffice: User


@dataclass
class Words:
    """What people say and write along the way; the demo gives each person their own."""

    foto: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    default_foto: tuple[str, str, str] = ("Ging wisselend.", "Gaat redelijk, met steun.", "Wil dit zelf kunnen.")
    choice: str = "De kandidaat kent iemand die er werkt en wil er graag kijken."
    talk: str = "Prettig gesprek. Kandidaat vertelt open over wat lukt en wat lastig is."
    support: str = "Alle vragen zijn besproken en belegd."
    application: str = "Rondleiding gehad; kandidaat stelde goede vragen. Van beide kanten een klik."
    goals: tuple[tuple[str, str, str], ...] = (
        (
            "vakmanschap",
            "Ik leer veilig werken met het gereedschap.",
            "Oefenen met de leermeester, elke week een onderdeel.",
        ),
        (
            "persoonlijk",
            "Ik kom op tijd en meld me zelf af als ik ziek ben.",
            "Afspraken op een kaart, jobcoach belt mee.",
        ),
        ("leren", "Ik vraag om uitleg als ik iets niet snap.", "Elke dag kort terugkijken met de leermeester."),
    )
    agreements: tuple[str, ...] = (
        "Ziek? Bel vóór 8.00 uur de leermeester.",
        "Je krijgt werkkleding en schoenen van het bedrijf.",
    )
    coaching: str = "Werkt rustiger en vraagt op tijd hulp. Samen de week doorgenomen."
    advice: str = "Past goed bij het vak; begeleiding kan omlaag."
    stop: str = "Kandidaat verhuist en gaat daar verder met een ander traject."
