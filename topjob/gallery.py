"""Made-up content for the page that shows every component (templates/components/gallery.html)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms

from topjob import clock, pictures
from topjob.errors import Reason
from topjob.paging import Leaf, Pages


class ExampleForm(forms.Form):
    """One field of every kind, so that the look of each can be judged, also with errors."""

    name = forms.CharField(label="Naam", help_text="Zoals het in het paspoort staat.")
    email = forms.EmailField(label="E-mailadres")
    start = forms.DateField(label="Startdatum")
    hours = forms.IntegerField(label="Uren per week", min_value=1, max_value=40)
    department = forms.ChoiceField(label="Afdeling", choices=[("2", "MaatwerQ"), ("3", "Jeugd")], required=False)
    route = forms.ChoiceField(
        label="Constructie",
        widget=forms.RadioSelect,
        choices=[("1", "Contract met de werkgever na de proefperiode"), ("2", "Contract met MaatwerQ vanaf dag één")],
    )
    goals = forms.MultipleChoiceField(
        label="Leerdoelen",
        widget=forms.CheckboxSelectMultiple,
        choices=[("vak", "Vakmanschap"), ("persoon", "Persoonlijk functioneren"), ("leren", "Mogen en willen leren")],
        required=False,
    )
    note = forms.CharField(label="Toelichting", widget=forms.Textarea, required=False)
    cv = forms.FileField(label="Cv", required=False, help_text="PDF of Word, hoogstens 10 MB.")
    agreed = forms.BooleanField(label="Ik ga akkoord met het delen van mijn gegevens")


class ExampleFilter(forms.Form):
    q = forms.CharField(label="Naam", required=False)
    phase = forms.ChoiceField(label="Fase", required=False, choices=[("", "Alle"), ("A", "A Checkpunt")])
    turn = forms.ChoiceField(label="Aan zet", required=False, choices=[("", "Iedereen")])
    late = forms.BooleanField(label="Alleen te laat", required=False)


def examples(page: int = 2) -> dict[str, Any]:
    """Context for the gallery: nothing in it comes from the database."""
    today = clock.today()
    now = clock.now()
    return {
        "rows": _rows(today),
        "crumbs": [{"label": "Beheer", "url": "/beheer/"}, {"label": "Componenten", "url": ""}],
        "header_actions": [
            {"label": "Notitie", "url": "#notitie", "key": "n"},
            {"label": "Kandidaat aanmelden", "url": "#nieuw", "primary": True},
        ],
        "steps": _steps(),
        "actions": _actions(),
        "entries": _entries(),
        "tabs": [
            {"label": "Overzicht", "url": "#overzicht", "active": True},
            {"label": "Foto", "url": "#foto", "active": False},
            {"label": "Contact", "url": "#contact", "active": False, "count": 4},
            {"label": "Documenten", "url": "#documenten", "active": False, "count": 0},
        ],
        "pairs": [("Geboren", "12 mrt 2006 (20 jaar)"), ("Opdrachtgever", "Gemeente Raalte"), ("Telefoon", "")],
        **_pictures(),
        "reasons": [Reason("De Foto is nog niet compleet.")],
        "leaf": Leaf([], 4711, False),
        "page_obj": Pages(range(250), 25).page(page),
        "form": ExampleForm({"name": "", "email": "sanne@", "hours": "60"}),
        "filter_form": ExampleFilter(),
        "soon": today + timedelta(days=5),
        "late": today - timedelta(days=3),
        "today": today,
        "now": now,
    }


def _pictures() -> dict[str, Any]:
    """Every picture in the states it has: everybody answered, somebody didn't yet, nothing is known, narrow and wide bounds."""
    asked = [("Goed collega", (4, 4, 4)), ("Ziet werk en pakt aan", (3, 5, 2)), ("Werkt zelfstandig", (None, 2, 3))]
    return {
        "shapes": pictures.SHAPES,
        "criteria": [
            {
                "name": name,
                "figures": figures,
                "differs": len({*figures} - {None}) > 1,
                "sides": pictures.sides(figures),
            }
            for name, figures in asked
        ],
        "bars": pictures.bars(
            [("deelnemers", 12), ("haalden de proefperiode", 11), ("diploma", None), ("banen: een contract", 11)]
        ),
        "intervals": [
            ("16–17", "4,0 (0,0–31,2)", pictures.interval(4, 0, 31.2)),
            ("18–20", "62,5 (48,1–75,0)", pictures.interval(62.5, 48.1, 75)),
            ("21–26", "100,0 (99,1–100,0)", pictures.interval(100, 99.1, 100)),
        ],
        "courses": [
            ("Goed collega", "3, 3, 4, 5", pictures.course([3, 3, 4, 5])),
            ("Werkt zelfstandig", "4, –, 2", pictures.course([4, None, 2])),
            ("Ziet werk", "1", pictures.course([1])),
        ],
    }


def _rows(today: date) -> list[dict[str, Any]]:
    rows = [
        ("Sanne van der Veen", "Proefperiode", "B", today - timedelta(days=3), "Regisseur", True, 41, 912),
        ("Mohamed El Amrani", "Sollicitatie", "B", today, "Werkgever", False, 6, 748),
        ("Femke Brinkhuis", "Intake", "A", today + timedelta(days=5), "Loopbaanadviseur", False, 12, 655),
        ("Jan-Willem Oude Nijhuis", "Advies", "C", today + timedelta(days=19), "Loopbaanadviseur", False, 2, 540),
        ("Daan Hagedoorn", "Banenpool", "D", None, "Werkmakelaar", False, 88, 310),
        ("Lotte Meijerink", "Nazorg", "E", today + timedelta(days=120), "Regisseur", True, 201, 0),
    ]
    keys = ("name", "state", "phase", "due", "turn", "mine", "days", "score")
    return [dict(zip(keys, row, strict=True)) for row in rows]


def _steps() -> list[dict[str, Any]]:
    return [
        {"letter": "A", "label": "Checkpunt", "status": "done", "current": False},
        {
            "letter": "B",
            "label": "Plaatsing en jobcoaching",
            "status": "current",
            "current": True,
            "note": "dag 41",
        },
        {"letter": "C", "label": "Adviespunt", "status": "todo", "current": False},
        {"letter": "D", "label": "Banenpool", "status": "todo", "current": False},
        {"letter": "E", "label": "Nazorg", "status": "todo", "current": False},
    ]


def _actions() -> list[dict[str, Any]]:
    return [
        {"label": "Startplan opstellen", "url": "#plan", "method": "get", "enabled": True, "primary": True},
        {
            "label": "Notitie toevoegen",
            "url": "#notitie",
            "method": "get",
            "enabled": True,
            "description": "Voor het dossier; de kandidaat kan meelezen.",
        },
        {
            "label": "Proefperiode starten",
            "url": "#start",
            "method": "post",
            "enabled": False,
            "reasons": [
                {"text": "De handtekening van de werkgever ontbreekt.", "url": "#handtekeningen"},
                {"text": "De financiële toets is nog niet gedaan.", "url": "#financien"},
            ],
        },
        {"label": "Traject stoppen", "url": "#stop", "method": "get", "enabled": True, "danger": True},
    ]


def _entries() -> list[dict[str, Any]]:
    now = clock.now()
    return [
        {
            "at": now,
            "title": "Startplan verstuurd (versie 2)",
            "actor": "Marieke Jansen",
            "text": "Aan Sanne, Bouwbedrijf Salland en de jobcoach.",
            "icon": "mail",
        },
        {"at": now - timedelta(days=2), "title": "Startplan opgesteld", "actor": "Marieke Jansen", "icon": "file"},
        {"at": now - timedelta(days=9), "title": "Van Bemiddelbaar naar Sollicitatie", "actor": "Henk Smit"},
    ]
