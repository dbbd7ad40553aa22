"""Why a place was thought of, said to the person it is for: short sentences, level B1, "je".

Only what says something: a criterion nobody asked anything of is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from matching.criteria import BY_CODE, SUPPORT, days_short, hours_short, waiting
from matching.expressions import evaluate
from matching.models import MatchDecision
from matching.rows import EPOCH, plain
from matching.sentences import (
    GOOD,
    SUPPORT_WORDS,
    Facts,
    Names,
    best_start,
    levels_of,
    load_words,
    metres,
    possible_starts,
    range_in_words,
    too_heavy,
)
from topjob.dates import nl_date


@dataclass(frozen=True)
class PlainReasons:
    """What fits and what fits less, in the words of the person."""

    fits: list[str]
    fits_less: list[str]


def reasons(decision: MatchDecision, names: Names) -> PlainReasons:
    """The reasons of a decision, from the data that were kept with it."""
    person, vacancy = ({k: plain(v) for k, v in decision.inputs[side].items()} for side in ("person", "vacancy"))
    facts = Facts(person, vacancy, decision.inputs["query"], names)
    said = [(_fits(code, facts), words(facts)) for code, words in YOUR_WORDS.items()]
    return PlainReasons(
        [text for good, text in said if text and good], [text for good, text in said if text and not good]
    )


def _fits(code: str, f: Facts) -> bool:
    score = evaluate(BY_CODE[code].score, f.person, f.vacancy, f.query)  # type: ignore[arg-type]
    return score >= GOOD and not f.value(BY_CODE[code].fails)


def _branch(f: Facts) -> str:
    if not f.p("branch_ids"):
        return ""
    name = {"name": f.names.branches.get(f.v("branch_id"), "")}
    if f.v("branch_id") in f.p("branch_ids"):
        return _("Het werk is in %(name)s. Dat wil je graag.") % name
    return _("Het werk is in %(name)s. Dat stond niet bij je wensen.") % name


def _kind(f: Facts) -> str:
    if not f.p("kind_ids"):
        return ""
    name = {"name": f.names.kinds.get(f.v("kind_id"), "")}
    if f.v("kind_id") in f.p("kind_ids"):
        return _("Het is een plek die je zoekt: %(name)s.") % name
    return _("Het is een ander soort plek dan je zoekt: %(name)s.") % name


def _level(f: Facts) -> str:
    if f.p("level") is None:
        return _("We weten nog niet wat je niveau is.")
    if f.p("level") < f.v("level"):
        return _("Het werk vraagt een hoger niveau dan je nu hebt.")
    if f.p("level") > f.v("level"):
        return _("Je kunt meer dan dit werk vraagt.")
    return _("Het werk past bij je niveau.")


def _skills(f: Facts) -> str:
    wanted, held = levels_of(f.v("want_tokens")), levels_of(f.p("skill_tokens"))
    if not wanted:
        return ""
    met = sum(held.get(skill, 0) >= level for skill, level in wanted.items())
    if met == len(wanted):
        return _("Je kunt alles wat ze vragen.")
    if not met:
        return _("Wat ze vragen, kun je nog niet goed genoeg. Misschien kun je het leren.")
    return _("Je kunt %(met)s van de %(asked)s dingen die ze vragen. De rest kun je misschien leren.") % {
        "met": met,
        "asked": len(wanted),
    }


def _hours(f: Facts) -> str:
    hours = {"hours": range_in_words(f.v("hours_min"), f.v("hours_max"))}
    if f.value(hours_short):
        return _("Je werkt er %(hours)s uur per week. Dat is anders dan je wilt.") % hours
    return _("Je werkt er %(hours)s uur per week. Dat past.") % hours


def _weekdays(f: Facts) -> str:
    if f.p("weekdays") is None:
        return ""
    if f.value(days_short):
        return _("Je werkt er ook op dagen dat je niet kunt.")
    return _("Je kunt werken op de dagen dat zij je nodig hebben.")


def _distance(f: Facts) -> str:
    away, limit = metres(f), f.p("max_distance_km")
    if away is None:
        return _("We weten nog niet hoe ver het is.")
    if away < 1000:
        return _("Het is vlak bij je huis.")
    far = {"km": round(away / 1000), "limit": limit}
    if limit is None:
        return _("Het is ongeveer %(km)s kilometer van je huis.") % far
    if away > limit * 1000:
        return (
            _("Het is ongeveer %(km)s kilometer van je huis. Dat is verder dan de %(limit)s kilometer die je wilt.")
            % far
        )
    return _("Het is ongeveer %(km)s kilometer van je huis. Je wilt hoogstens %(limit)s kilometer reizen.") % far


def _start(f: Facts) -> str:
    if not possible_starts(f):
        return _("Er is nu geen dag waarop je kunt beginnen.")
    day = {"day": nl_date(EPOCH + timedelta(days=best_start(f)))}
    if f.value(waiting):
        return _("Je kunt beginnen op %(day)s. Dat is eerder of later dan je wilt.") % day
    return _("Je kunt beginnen op %(day)s.") % day


def _licence(f: Facts) -> str:
    if not f.v("needs_licence"):
        return ""
    words = {True: _("Je hebt rijbewijs B. Dat is nodig."), False: _("Je hebt rijbewijs B nodig. Dat heb je nog niet.")}
    return words.get(f.p("has_licence"), _("Je hebt rijbewijs B nodig. We weten nog niet of je dat hebt."))


def _language(f: Facts) -> str:
    if not f.v("language_level"):
        return ""
    if f.p("language_level") is None:
        return _("We weten nog niet hoe goed je Nederlands spreekt.")
    if f.p("language_level") < f.v("language_level"):
        return _("Het werk vraagt meer Nederlands dan je nu spreekt.")
    return _("Je spreekt genoeg Nederlands voor dit werk.")


def _load(f: Facts) -> str:
    heavy = too_heavy(f)
    if heavy:
        return _("Dit kan zwaar voor je zijn: %(what)s.") % {"what": ", ".join(load_words(load) for load in heavy)}
    return _("Het werk is niet te zwaar voor je.")


def _support(f: Facts) -> str:
    needed = [kind for kind in SUPPORT if f.p(f"needs_{kind}")]
    missing = [SUPPORT_WORDS[kind] for kind in needed if not f.v(f"offers_{kind}")]
    if missing:
        return _("Dit is er nog niet voor je: %(what)s.") % {"what": ", ".join(missing)}
    what = ", ".join(SUPPORT_WORDS[kind] for kind in needed)
    return _("De hulp die je nodig hebt, is er: %(what)s.") % {"what": what} if needed else ""


YOUR_WORDS: dict[str, Callable[[Facts], str]] = {
    "kind": _kind,
    "branch": _branch,
    "skills": _skills,
    "level": _level,
    "hours": _hours,
    "days": _weekdays,
    "distance": _distance,
    "start": _start,
    "licence": _licence,
    "language": _language,
    "load": _load,
    "support": _support,
}
