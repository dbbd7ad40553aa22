"""What is said of each criterion: why a pair scores what it scores, and what would raise it.

A change of one side is proposed here and tried out in `explain.py` before anybody reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models.reference import EducationLevel, WorkLoad
from matching.criteria import LOADS, SUPPORT, waiting
from matching.expressions import Row, evaluate
from matching.places import metres_between
from matching.rows import EPOCH
from topjob.dates import WEEKDAYS, nl_date

# From here on, of a thousand, a criterion fits: it is no longer in the way, and is told as what fits.
GOOD = 800
SUPPORT_WORDS = {"mentor": "leermeester", "jobcoach": "jobcoach", "quiet_place": "rustige plek"}


def load_words(load: str) -> str:
    """What a kind of load is called, by its name in matching."""
    return str(WorkLoad[load.upper()].label)


@dataclass(frozen=True)
class Names:
    """What reference rows are called."""

    kinds: Mapping[int, str] = field(default_factory=dict)
    branches: Mapping[int, str] = field(default_factory=dict)
    skills: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Advice:
    """What would raise a score: in words, and as the change that proves it."""

    text: str
    side: str
    changes: dict[str, Any]


@dataclass(frozen=True)
class Facts:
    """A pair, with names, for the sentences below."""

    person: Row
    vacancy: Row
    query: Row
    names: Names

    def p(self, name: str) -> Any:
        return self.person[name]

    def v(self, name: str) -> Any:
        return self.vacancy[name]

    @property
    def today(self) -> int:
        return int(self.query["today"])  # type: ignore[arg-type]

    def value(self, expr: Any) -> Any:
        return evaluate(expr, self.person, self.vacancy, self.query)


def _date(number: int) -> str:
    return nl_date(EPOCH + timedelta(days=number))


def days_in_words(mask: int) -> str:
    return ", ".join(name for bit, name in enumerate(WEEKDAYS) if mask >> bit & 1) or _("geen")


def _level(number: int) -> str:
    return str(EducationLevel(number).label)


def _branch(f: Facts) -> str:
    name = f.names.branches.get(f.v("branch_id"), str(f.v("branch_id")))
    if not f.p("branch_ids"):
        return _("%(name)s; er is geen voorkeur voor een branche.") % {"name": name}
    if f.v("branch_id") in f.p("branch_ids"):
        return _("%(name)s hoort bij de wensen.") % {"name": name}
    return _("%(name)s hoort niet bij de wensen.") % {"name": name}


def _kind(f: Facts) -> str:
    name = f.names.kinds.get(f.v("kind_id"), str(f.v("kind_id")))
    if not f.p("kind_ids"):
        return _("%(name)s; er is geen voorkeur voor een soort plek.") % {"name": name}
    if f.v("kind_id") in f.p("kind_ids"):
        return _("%(name)s is wat iemand zoekt.") % {"name": name}
    return _("%(name)s is niet wat iemand zoekt.") % {"name": name}


def _level_words(f: Facts) -> str:
    asked = _level(f.v("level"))
    if f.p("level") is None:
        return _("Gevraagd: %(asked)s. Het niveau van de persoon is onbekend.") % {"asked": asked}
    gap, own = f.p("level") - f.v("level"), _level(f.p("level"))
    if gap == 0:
        return _("Het niveau is precies wat gevraagd wordt: %(asked)s.") % {"asked": asked}
    text = (
        ngettext(
            "%(n)s stap te laag: %(own)s, gevraagd %(asked)s.",
            "%(n)s stappen te laag: %(own)s, gevraagd %(asked)s.",
            -gap,
        )
        if gap < 0
        else ngettext(
            "%(n)s stap te hoog: %(own)s, gevraagd %(asked)s.",
            "%(n)s stappen te hoog: %(own)s, gevraagd %(asked)s.",
            gap,
        )
    )
    return text % {"n": abs(gap), "own": own, "asked": asked}


def levels_of(tokens: tuple[int, ...]) -> dict[int, int]:
    """Skill levels back from their tokens."""
    levels: dict[int, int] = {}
    for token in tokens:
        levels[token // 8] = max(levels.get(token // 8, 0), token % 8)
    return levels


def _skills(f: Facts) -> str:
    if not f.v("want_total"):
        return _("De functie vraagt geen bijzondere competenties.")
    offered, wanted = levels_of(f.p("skill_tokens")), levels_of(f.v("want_tokens"))
    missing = [skill for skill, level in wanted.items() if offered.get(skill, 0) < level]
    if not missing:
        return _("Alle gevraagde competenties zijn er.")
    if not offered:
        return _("Er zijn nog geen competenties vastgelegd.")
    text = _("%(met)s van de %(asked)s gevraagde competenties zijn er helemaal.")
    text %= {"met": len(wanted) - len(missing), "asked": len(wanted)}
    named = [f.names.skills[skill] for skill in missing if skill in f.names.skills]
    return text + (" " + _("Te weinig: %(names)s.") % {"names": ", ".join(named)} if named else "")


def _hours(f: Facts) -> str:
    asked = range_in_words(f.v("hours_min"), f.v("hours_max"))
    low, high = f.p("hours_min"), f.p("hours_max")
    if low is None and high is None:
        return _("%(asked)s uur gevraagd; er is geen wens.") % {"asked": asked}
    wish = wish_in_words(low, high)
    return _("%(asked)s uur gevraagd, %(wish)s uur gewenst.") % {"asked": asked, "wish": wish}


def range_in_words(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}–{high}"


def wish_in_words(low: int | None, high: int | None) -> str:
    """Hours per week that somebody wants; nothing when nobody said."""
    if low is None and high is None:
        return ""
    return range_in_words(low if low is not None else 1, high if high is not None else 40)


def _weekdays(f: Facts) -> str:
    if f.p("weekdays") is None:
        return _("De werkdagen zijn vrij of onbekend.")
    own = days_in_words(f.p("weekdays"))
    if f.v("weekdays"):
        return _("Werkdagen %(asked)s; de persoon kan %(own)s.") % {"asked": days_in_words(f.v("weekdays")), "own": own}
    needed = (f.v("hours_min") + 7) // 8
    text = ngettext("%(n)s dag nodig; de persoon kan %(own)s.", "%(n)s dagen nodig; de persoon kan %(own)s.", needed)
    return text % {"n": needed, "own": own}


def metres(f: Facts) -> int | None:
    """As the crow flies; nothing when a place is unknown."""
    if f.p("x") is None or f.v("x") is None:
        return None
    return metres_between(f.p("x"), f.p("y"), f.v("x"), f.v("y"))


def _kilometres(number: int) -> str:
    return f"{number // 1000},{number % 1000 // 100}"


def _distance(f: Facts) -> str:
    away = metres(f)
    if away is None:
        return _("De afstand is onbekend: een postcode ontbreekt of staat niet in de tabel.")
    if f.p("max_distance_km") is None:
        return _("%(km)s km hemelsbreed; er is geen grens opgegeven.") % {"km": _kilometres(away)}
    limit = f.p("max_distance_km")
    return _("%(km)s km hemelsbreed; de grens is %(limit)s km.") % {"km": _kilometres(away), "limit": limit}


def _start(f: Facts) -> str:
    off = f.value(waiting)
    if not possible_starts(f):
        return _("Er is geen instroommoment meer.")
    moment = _date(best_start(f))
    if off == 0:
        return _("Begint op %(date)s; dat past.") % {"date": moment}
    text = ngettext(
        "Begint op %(date)s: %(n)s dag naast wat past.", "Begint op %(date)s: %(n)s dagen naast wat past.", off
    )
    return text % {"date": moment, "n": off}


def possible_starts(f: Facts) -> list[int]:
    """When one can begin: at the intakes from today on, or from the start date on."""
    if not f.v("has_intakes"):
        return [max(f.v("start_1"), f.today)]
    starts = [f.v(f"start_{n}") for n in (1, 2, 3, 4)]
    return [start for start in starts if start is not None and start >= f.today]


def best_start(f: Facts) -> int:
    """The start that fits best."""
    possible = possible_starts(f)
    earliest = max(f.p("start_from") or f.today, f.today)
    until = f.p("start_until")
    return min(possible, key=lambda s: (max(earliest - s, s - until if until is not None else 0, 0), s))


def _licence(f: Facts) -> str:
    if not f.v("needs_licence"):
        return _("Een rijbewijs is niet nodig.")
    if f.p("has_licence") is None:
        return _("Rijbewijs B is nodig; of de persoon dat heeft, is onbekend.")
    return _("Rijbewijs B is nodig en is er.") if f.p("has_licence") else _("Rijbewijs B is nodig en is er niet.")


def _language(f: Facts) -> str:
    asked, own = f.v("language_level"), f.p("language_level")
    if not asked:
        return _("Er is geen Nederlands nodig.")
    if own is None:
        return _("Nederlands op niveau %(asked)s van 4 is nodig; het niveau is onbekend.") % {"asked": asked}
    return _("Nederlands: niveau %(own)s van 4, gevraagd %(asked)s.") % {"own": own, "asked": asked}


def too_heavy(f: Facts) -> dict[str, int]:
    """Kinds of load that ask more than the person can take, with how much more."""
    limits = {load: f.p(f"limit_{load}") for load in LOADS}
    return {
        load: f.v(f"load_{load}") - limit
        for load, limit in limits.items()
        if limit is not None and f.v(f"load_{load}") > limit
    }


def _load(f: Facts) -> str:
    heavy = too_heavy(f)
    if not heavy:
        return _("Niets in het werk is zwaarder dan de persoon aankan.")
    return _("Te zwaar: %(what)s.") % {"what": ", ".join(load_words(load) for load in heavy)}


def _support(f: Facts) -> str:
    needed = [kind for kind in SUPPORT if f.p(f"needs_{kind}")]
    if not needed:
        return _("Er is geen bijzondere begeleiding nodig.")
    missing = [SUPPORT_WORDS[kind] for kind in needed if not f.v(f"offers_{kind}")]
    if not missing:
        return _("De nodige begeleiding is er: %(what)s.") % {"what": ", ".join(SUPPORT_WORDS[k] for k in needed)}
    return _("Er ontbreekt: %(what)s.") % {"what": ", ".join(missing)}


def _rules(f: Facts) -> str:
    names = {1: "eligible_project", 2: "eligible_stream_1", 3: "eligible_streams_2_3"}
    scope = f.v("scope")
    if not scope:
        return _("Er gelden geen regels voor doelgroep en leeftijd.")
    outcome = f.p(names[scope])
    if outcome is None:
        return _("Of de persoon in deze stroom past, is nog niet getoetst.")
    return _("De persoon past in deze stroom.") if outcome else _("De persoon past niet in deze stroom of dit project.")


def _seats(f: Facts) -> str:
    free = f.v("seats_free")
    if free <= 0:
        return _("Er is geen plaats meer vrij.")
    return ngettext("Er is %(n)s plaats vrij.", "Er zijn %(n)s plaatsen vrij.", free) % {"n": free}


def _open(f: Facts) -> str:
    if not f.v("is_open"):
        return _("De vacature is niet open.")
    if f.v("closes_on") is not None and f.v("closes_on") < f.today:
        return _("De vacature is gesloten sinds %(date)s.") % {"date": _date(f.v("closes_on"))}
    return _("De vacature is open.")


def _available(f: Facts) -> str:
    return _("De persoon is bemiddelbaar.") if f.p("is_available") else _("De persoon is nu niet bemiddelbaar.")


# --- What would raise it
def _more_branches(f: Facts) -> list[Advice]:
    ids = (*f.p("branch_ids"), f.v("branch_id"))
    return [Advice(_("als deze branche bij de wensen komt"), "person", {"branch_ids": ids})]


def _more_kinds(f: Facts) -> list[Advice]:
    ids = (*f.p("kind_ids"), f.v("kind_id"))
    return [Advice(_("als deze soort plek bij de wensen komt"), "person", {"kind_ids": ids})]


def _higher_level(f: Facts) -> list[Advice]:
    asked = f.v("level")
    if f.p("level") is None:
        return [
            Advice(
                _("als het niveau bekend is en klopt (%(level)s)") % {"level": _level(asked)},
                "person",
                {"level": asked},
            )
        ]
    if f.p("level") < asked:
        return [Advice(_("met niveau %(level)s") % {"level": _level(asked)}, "person", {"level": asked})]
    return [
        Advice(
            _("als het werk op niveau %(level)s komt") % {"level": _level(f.p("level"))},
            "vacancy",
            {"level": f.p("level")},
        )
    ]


def _more_skills(f: Facts) -> list[Advice]:
    together = tuple(sorted({*f.p("skill_tokens"), *f.v("want_tokens")}))
    return [Advice(_("met training in de competenties die ontbreken"), "person", {"skill_tokens": together})]


def _other_hours(f: Facts) -> list[Advice]:
    low, high = f.p("hours_min"), f.p("hours_max")
    if high is not None and f.v("hours_min") > high:
        more = f.v("hours_min") - high
        text = ngettext("met %(n)s uur meer per week", "met %(n)s uur meer per week", more) % {"n": more}
        return [Advice(text, "person", {"hours_max": f.v("hours_min")})]
    if low is not None and low > f.v("hours_max"):
        text = _("als %(n)s uur per week ook goed is") % {"n": f.v("hours_max")}
        return [Advice(text, "person", {"hours_min": f.v("hours_max")})]
    return []


def _more_days(f: Facts) -> list[Advice]:
    own = f.p("weekdays") or 0
    wanted = f.v("weekdays") or own
    for bit in range(7):
        if (wanted | own).bit_count() * 8 >= f.v("hours_min") or f.v("weekdays"):
            break
        wanted |= 1 << bit
    extra = wanted & ~own
    return (
        [Advice(_("als %(days)s ook kan") % {"days": days_in_words(extra)}, "person", {"weekdays": own | wanted})]
        if extra
        else []
    )


def _further(f: Facts) -> list[Advice]:
    away, limit = metres(f), f.p("max_distance_km")
    if away is None or limit is None:
        return []
    # Five kilometres help whoever is near; whoever lies beyond needs enough to come within.
    more = max(5, -(-away // 1000) - limit + 1)
    text = _("met %(km)s km meer reisafstand") % {"km": more}
    return [Advice(text, "person", {"max_distance_km": limit + more})]


def _other_start(f: Facts) -> list[Advice]:
    if not possible_starts(f):
        return [
            Advice(_("als er een nieuw instroommoment komt"), "vacancy", {"has_intakes": False, "start_1": f.today})
        ]
    start = best_start(f)
    if f.p("start_until") is not None and start > f.p("start_until"):
        return [
            Advice(_("als beginnen op %(date)s ook kan") % {"date": _date(start)}, "person", {"start_until": start})
        ]
    return [Advice(_("als beginnen op %(date)s al kan") % {"date": _date(start)}, "person", {"start_from": start})]


def _with_licence(f: Facts) -> list[Advice]:
    return [Advice(_("met rijbewijs B"), "person", {"has_licence": True})]


def _better_language(f: Facts) -> list[Advice]:
    asked = f.v("language_level")
    return [Advice(_("met Nederlands op niveau %(n)s") % {"n": asked}, "person", {"language_level": asked})]


def _lighter(f: Facts) -> list[Advice]:
    heavy = too_heavy(f)
    lighter = {f"load_{load}": f.p(f"limit_{load}") for load in heavy}
    what = ", ".join(load_words(load) for load in heavy)
    return [Advice(_("als het werk wordt aangepast: minder %(what)s") % {"what": what}, "vacancy", lighter)]


def _with_support(f: Facts) -> list[Advice]:
    missing = [kind for kind in SUPPORT if f.p(f"needs_{kind}") and not f.v(f"offers_{kind}")]
    return [
        Advice(_("met een %(what)s op het werk") % {"what": SUPPORT_WORDS[kind]}, "vacancy", {f"offers_{kind}": True})
        for kind in missing
    ]


def _free_seat(f: Facts) -> list[Advice]:
    return [Advice(_("als er een plaats vrijkomt"), "vacancy", {"seats_free": 1})]


@dataclass(frozen=True)
class Said:
    """What is said of a criterion: why it scores what it scores and, where somebody can do something, what would help."""

    why: Callable[[Facts], str]
    helps: Callable[[Facts], list[Advice]] | None = None


SAID: dict[str, Said] = {
    "branch": Said(_branch, _more_branches),
    "kind": Said(_kind, _more_kinds),
    "level": Said(_level_words, _higher_level),
    "skills": Said(_skills, _more_skills),
    "hours": Said(_hours, _other_hours),
    "days": Said(_weekdays, _more_days),
    "distance": Said(_distance, _further),
    "start": Said(_start, _other_start),
    "licence": Said(_licence, _with_licence),
    "language": Said(_language, _better_language),
    "load": Said(_load, _lighter),
    "support": Said(_support, _with_support),
    "rules": Said(_rules),
    "seats": Said(_seats, _free_seat),
    "open": Said(_open),
    "available": Said(_available),
}
