"""The criteria, each defined once. Python, SQL and NumPy render these same definitions (`matching.expressions`).

Every weighted criterion gives 0–1000, every one says when it fails; a failure rules a pair out where the criterion is
hard: always, or where the zoekprofiel or the function says "verplicht". Something unknown never rules out: somebody has
to ask. What is asked and not known scores 500; a limit that nobody stated costs nothing. Each criterion says when it is
`unknown`, and a pair of which too much is unknown goes after the others, whatever its total (`matching.scoring`).
Age, gender, nationality, benefit and photo are no inputs (decision 14).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from matching.expressions import (
    Const,
    Expr,
    Field,
    as_number,
    at_least,
    at_most,
    bits_in_both,
    empty,
    known,
    member,
    shared,
    square,
    when,
)

SPEC_VERSION = "2026-11.2"
FULL, UNKNOWN = 1000, 500
NEVER = Const(False)

LOADS = (
    "lifting",
    "standing",
    "sitting",
    "stimuli",
    "pace",
    "change",
    "social",
    "heights",
    "outdoors",
    "shifts",
)
SUPPORT = ("mentor", "jobcoach", "quiet_place")

# What is taken off per step that something is short.
LEVEL_TOO_LOW, LEVEL_TOO_HIGH, LANGUAGE_TOO_LOW = 300, 100, 250
PER_HOUR, PER_DAY_OF_WEEK, PER_DAY_OF_WAITING, PER_STEP_OF_LOAD = 125, 250, 10, 250
NEVER_STARTS = 100


class Hard(Enum):
    """When a failure rules a pair out."""

    ALWAYS = "altijd"
    BY_CHOICE = "waar het zoekprofiel of de functie het verplicht"


@dataclass(frozen=True, eq=False)
class Criterion:
    """One criterion: its score, when it fails, when nobody recorded what it needs, and how heavily it counts for each side."""

    code: str
    label: str | Promise
    bit: int
    fails: Expr
    score: Expr | None = None
    hard: Hard = Hard.BY_CHOICE
    person: int = 0
    employer: int = 0
    explanation: str | Promise = ""
    for_employer: str | Promise = ""  # what "verplicht" means, said to an employer (B1)
    unknown: Expr = NEVER

    @property
    def mask(self) -> int:
        return 1 << self.bit

    def with_(self, **changes: object) -> Criterion:
        return replace(self, **changes)  # type: ignore[arg-type]


def P(name: str) -> Field:
    return Field("person", name)


def V(name: str) -> Field:
    return Field("vacancy", name)


TODAY = Field("query", "today")


def less(step: int, short: Expr) -> Expr:
    """1000, and `step` less for each that is short, never below nought."""
    return at_least(0, FULL - step * short)


# --- Wishes of the person
fits_branch = empty(P("branch_ids")) | member(V("branch_id"), P("branch_ids"))
fits_kind = empty(P("kind_ids")) | member(V("kind_id"), P("kind_ids"))

# --- Distance: as the crow flies in tens of metres, squared; no root is needed to compare
points_known = known(P("x")) & known(V("x"))
distance_squared = square(V("x") - P("x")) + square(V("y") - P("y"))
reach_squared = square(P("max_distance_km") * 100)
too_far = known(P("max_distance_km")) & points_known & (distance_squared > reach_squared)
nearness = when(
    points_known,
    # As much as a thousand times what is left of the square, divided by the square, without outgrowing 32 bits.
    at_least(0, reach_squared - distance_squared) // (reach_squared // 1000),
    UNKNOWN,
)

# --- Hours, days, start
hours_short = at_least(
    0,
    when(known(P("hours_max")), V("hours_min") - P("hours_max"), 0),
    when(known(P("hours_min")), P("hours_min") - V("hours_max"), 0),
)
EVERY_DAY = Const(127)
days_needed = (V("hours_min") + 7) // 8
days_short = when(
    known(P("weekdays")),
    when(
        V("weekdays") > 0,
        bits_in_both(V("weekdays"), EVERY_DAY) - bits_in_both(V("weekdays"), P("weekdays")),
        at_least(0, days_needed - bits_in_both(P("weekdays"), EVERY_DAY)),
    ),
    0,
)


def days_off(start: Expr) -> Expr:
    """How many days a start lies outside what the person can and wants; it never lies before today."""
    too_early = when(known(P("start_from")), P("start_from") - start, 0)
    too_late = when(known(P("start_until")), start - P("start_until"), 0)
    return at_least(0, too_early, too_late)


def days_off_intake(name: str) -> Expr:
    return when(V(name) >= TODAY, days_off(V(name)), NEVER_STARTS)


waiting = when(
    V("has_intakes"),
    at_most(
        days_off_intake("start_1"),
        *(when(known(V(name)), days_off_intake(name), NEVER_STARTS) for name in ("start_2", "start_3", "start_4")),
    ),
    days_off(at_least(V("start_1"), TODAY)),
)

# --- What the function asks
level_too_low = known(P("level")) & (P("level") < V("level"))
level_fit = when(
    known(P("level")),
    when(
        P("level") < V("level"),
        less(LEVEL_TOO_LOW, V("level") - P("level")),
        FULL - LEVEL_TOO_HIGH * (P("level") - V("level")),
    ),
    UNKNOWN,
)
skills_shared = shared(P("skill_tokens"), V("want_tokens"))
language_short = at_least(0, V("language_level") - P("language_level"))


def load_excess(load: str) -> Expr:
    """How much more the function asks of a kind of load than the person can take."""
    return when(known(P(f"limit_{load}")), V(f"load_{load}") - P(f"limit_{load}"), 0)


worst_load = at_least(0, *(load_excess(load) for load in LOADS))

# --- Support
support_needed = sum((as_number(P(f"needs_{kind}")) for kind in SUPPORT), start=Const(0))
support_met = sum((as_number(P(f"needs_{kind}") & V(f"offers_{kind}")) for kind in SUPPORT), start=Const(0))


# --- What nobody recorded. A wish that may stay empty ("elke branche is goed") and the outcome of the Q-fit aren't unknown.
# Of a field only this may be asked here: whether it is known, empty, yes or above nought (`matching.columns` counts on it).
skills_unknown = (V("want_total") > 0) & empty(P("skill_tokens"))
hours_unknown = ~(known(P("hours_min")) | known(P("hours_max")))
start_unknown = ~(known(P("start_from")) | known(P("start_until")))
distance_unknown = ~(known(P("max_distance_km")) & points_known)
licence_unknown = V("needs_licence") & ~known(P("has_licence"))
language_unknown = (V("language_level") > 0) & ~known(P("language_level"))


# --- R2, R13 and whether the pair is on the market at all
def eligible(name: str) -> Expr:
    """R2 as trajectories stored it; not tested yet counts as not eligible."""
    return known(P(name)) & P(name)


breaks_rules = when(
    V("scope").equals(0),
    False,
    when(
        V("scope").equals(1),
        ~eligible("eligible_project"),
        when(V("scope").equals(2), ~eligible("eligible_stream_1"), ~eligible("eligible_streams_2_3")),
    ),
)
seat_free = V("seats_free") > 0
not_on_the_market = ~V("is_open") | (known(V("closes_on")) & (V("closes_on") < TODAY))

CRITERIA: tuple[Criterion, ...] = (
    Criterion(
        "branch",
        _("Branche"),
        0,
        fails=~fits_branch,
        score=when(fits_branch, FULL, 0),
        person=20,
        employer=5,
        explanation=_("1000 als de branche bij de wensen hoort of er geen wens is, anders 0."),
        for_employer=_("De persoon wil werken in deze branche"),
    ),
    Criterion(
        "kind",
        _("Soort plek"),
        1,
        fails=~fits_kind,
        score=when(fits_kind, FULL, 0),
        person=15,
        employer=5,
        explanation=_("1000 als de soort plek bij de wensen hoort of er geen wens is, anders 0."),
        for_employer=_("De persoon zoekt dit soort plek"),
    ),
    Criterion(
        "level",
        _("Werk- en denkniveau"),
        2,
        unknown=~known(P("level")),
        fails=level_too_low,
        score=level_fit,
        person=10,
        employer=20,
        explanation=_(
            "1000 bij hetzelfde niveau; 300 minder per stap te laag, 100 minder per stap te hoog. Onbekend: 500."
            " Alleen te laag kan een knock-out zijn."
        ),
        for_employer=_("Het niveau van de persoon is hoog genoeg"),
    ),
    Criterion(
        "skills",
        _("Competenties"),
        3,
        unknown=skills_unknown,
        fails=skills_shared * 2 < V("want_total"),
        score=when(V("want_total") > 0, skills_shared * FULL // V("want_total"), FULL),
        person=10,
        employer=25,
        explanation=_(
            "Per gevraagde competentie telt de laagste van gevraagd en geboden (1–5); samen gedeeld door alles wat"
            " gevraagd wordt, keer 1000. Verplicht: minder dan de helft is een knock-out."
        ),
        for_employer=_("De persoon kan minstens de helft van wat u hieronder vraagt"),
    ),
    Criterion(
        "hours",
        _("Uren"),
        4,
        unknown=hours_unknown,
        fails=hours_short > 0,
        score=less(PER_HOUR, hours_short),
        person=10,
        employer=10,
        explanation=_("1000 als de uren elkaar raken; 125 minder per uur verschil."),
        for_employer=_("Het aantal uren past"),
    ),
    Criterion(
        "days",
        _("Werkdagen"),
        5,
        unknown=~known(P("weekdays")),
        fails=days_short > 0,
        score=less(PER_DAY_OF_WEEK, days_short),
        person=5,
        employer=10,
        explanation=_("1000 als alle werkdagen kunnen; 250 minder per dag die niet kan."),
        for_employer=_("De persoon kan op uw werkdagen"),
    ),
    Criterion(
        "distance",
        _("Reisafstand"),
        6,
        unknown=distance_unknown,
        fails=too_far,
        score=when(known(P("max_distance_km")), nearness, FULL),
        person=15,
        employer=5,
        explanation=_(
            "1000 naast de deur, 0 op de grens van de reisafstand en verder; daartussen 1000 × (1 − afstand² ÷ grens²),"
            " hemelsbreed tussen de postcodegebieden. Onbekend: 500."
        ),
        for_employer=_("De persoon woont dichtbij genoeg"),
    ),
    Criterion(
        "start",
        _("Startdatum"),
        7,
        unknown=start_unknown,
        fails=waiting > 0,
        score=less(PER_DAY_OF_WAITING, waiting),
        person=5,
        employer=10,
        explanation=_(
            "1000 als de start of een instroommoment past; 10 minder per dag ervoor of erna."
            " Een instroommoment in het verleden telt niet. Een project heeft er ten hoogste vier vooruit; die tellen alle."
        ),
        for_employer=_("De persoon kan beginnen op uw startdatum"),
    ),
    Criterion(
        "licence",
        _("Rijbewijs B"),
        8,
        unknown=licence_unknown,
        fails=V("needs_licence") & known(P("has_licence")) & ~P("has_licence"),
        score=when(V("needs_licence"), when(known(P("has_licence")), when(P("has_licence"), FULL, 0), UNKNOWN), FULL),
        person=2,
        employer=5,
        explanation=_("1000 als het rijbewijs er is of niet nodig is, anders 0. Onbekend: 500."),
        for_employer=_("De persoon heeft rijbewijs B, als dat nodig is"),
    ),
    Criterion(
        "language",
        _("Nederlands"),
        9,
        unknown=language_unknown,
        fails=known(P("language_level")) & (P("language_level") < V("language_level")),
        score=when(
            V("language_level") > 0,
            when(known(P("language_level")), FULL - LANGUAGE_TOO_LOW * language_short, UNKNOWN),
            FULL,
        ),
        person=3,
        employer=10,
        explanation=_("1000 als het niveau genoeg is; 250 minder per stap te laag. Onbekend: 500."),
        for_employer=_("De persoon spreekt genoeg Nederlands"),
    ),
    Criterion(
        "load",
        _("Belasting"),
        10,
        fails=worst_load > 0,
        score=FULL - PER_STEP_OF_LOAD * worst_load,
        person=15,
        employer=10,
        explanation=_(
            "Het zwaarste verschil telt: 1000 als niets zwaarder is dan iemand aankan, 250 minder per stap te zwaar."
        ),
        for_employer=_("De persoon kan het werk lichamelijk en mentaal aan"),
    ),
    Criterion(
        "support",
        _("Begeleiding"),
        11,
        fails=support_met < support_needed,
        score=when(support_needed > 0, support_met * FULL // support_needed, FULL),
        person=15,
        employer=5,
        explanation=_("Het deel van de nodige begeleiding (leermeester, jobcoach, rustige plek) dat er is, keer 1000."),
        for_employer=_("U heeft alle begeleiding die de persoon nodig heeft"),
    ),
    Criterion(
        "rules",
        _("Doelgroep en leeftijd"),
        12,
        fails=breaks_rules,
        hard=Hard.ALWAYS,
        explanation=_("Wat bij het traject is vastgesteld: past in een project, in stroom 1, in stroom 2 en 3."),
    ),
    Criterion(
        "seats",
        _("Vrije plaatsen"),
        13,
        fails=~seat_free,
        hard=Hard.ALWAYS,
        explanation=_("Er moet een plaats vrij zijn."),
    ),
    Criterion(
        "open",
        _("Vacature open"),
        14,
        fails=not_on_the_market,
        hard=Hard.ALWAYS,
        explanation=_("De vacature is gepubliceerd en de sluitingsdatum is niet voorbij."),
    ),
    Criterion(
        "available",
        _("Bemiddelbaar"),
        15,
        fails=~P("is_available"),
        hard=Hard.ALWAYS,
        explanation=_("De persoon is bemiddelbaar of zit in de banenpool."),
    ),
)
WEIGHTED = tuple(criterion for criterion in CRITERIA if criterion.score is not None)
BY_CODE = {criterion.code: criterion for criterion in CRITERIA}
CHOOSABLE = tuple(criterion for criterion in CRITERIA if criterion.hard is Hard.BY_CHOICE)


def bits_of(codes: list[str]) -> int:
    """Codes of criteria as one number, as profiles and functions store them."""
    return sum({BY_CODE[code].mask for code in codes})


def codes_of(bits: int) -> list[str]:
    return [criterion.code for criterion in CHOOSABLE if bits & criterion.mask]
