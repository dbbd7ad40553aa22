"""What stands in the way, in at most eight words: for one line of a list. The whole sentence stands in `matching.sentences`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.criteria import SUPPORT, days_short, hours_short, waiting
from matching.scoring import Verdict
from matching.sentences import GOOD, SUPPORT_WORDS, Facts, levels_of, load_words, metres, possible_starts, too_heavy


def obstacle(verdict: Verdict, facts: Facts, weights: Mapping[str, int]) -> str:
    """What rules the pair out, else what costs most of the total; nothing when all that counts is good."""
    if verdict.knock_outs:
        return BRIEFLY[verdict.knock_outs[0]](facts)
    costs = {code: weights.get(code, 0) * (1000 - score) for code, score in verdict.scores.items() if score < GOOD}
    code = max(costs, key=lambda code: costs[code], default="")
    return BRIEFLY[code](facts) if code and costs[code] else ""


def _steps(low: int, high: int) -> str:
    gap = high - low
    return ngettext("%(n)s stap", "%(n)s stappen", gap) % {"n": gap}


def _level(f: Facts) -> str:
    own, asked = f.p("level"), f.v("level")
    if own is None:
        return _("niveau onbekend")
    return _("niveau %s te laag") % _steps(own, asked) if own < asked else _("niveau %s te hoog") % _steps(asked, own)


def _skills(f: Facts) -> str:
    offered, wanted = levels_of(f.p("skill_tokens")), levels_of(f.v("want_tokens"))
    if not offered:
        return _("competenties onbekend")
    met = sum(1 for skill, level in wanted.items() if offered.get(skill, 0) >= level)
    return _("%(met)s van %(asked)s competenties") % {"met": met, "asked": len(wanted)}


def _hours(f: Facts) -> str:
    short = f.value(hours_short)
    return ngettext("%(n)s uur verschil", "%(n)s uur verschil", short) % {"n": short}


def _days(f: Facts) -> str:
    short = f.value(days_short)
    return ngettext("%(n)s werkdag te weinig", "%(n)s werkdagen te weinig", short) % {"n": short}


def _distance(f: Facts) -> str:
    away, limit = metres(f), f.p("max_distance_km")
    if away is None:
        return _("afstand onbekend")
    return _("%(km)s km, grens %(limit)s km") % {"km": away // 1000, "limit": limit}


def _start(f: Facts) -> str:
    if not possible_starts(f):
        return _("geen instroommoment meer")
    off = f.value(waiting)
    return ngettext("start %(n)s dag naast wens", "start %(n)s dagen naast wens", off) % {"n": off}


def _licence(f: Facts) -> str:
    return _("rijbewijs B onbekend") if f.p("has_licence") is None else _("geen rijbewijs B")


def _language(f: Facts) -> str:
    own, asked = f.p("language_level"), f.v("language_level")
    return _("Nederlands onbekend") if own is None else _("Nederlands %s te laag") % _steps(own, asked)


def _load(f: Facts) -> str:
    return _("te zwaar: %s") % load_words(next(iter(too_heavy(f))))


def _support(f: Facts) -> str:
    missing = (kind for kind in SUPPORT if f.p(f"needs_{kind}") and not f.v(f"offers_{kind}"))
    return _("geen %s") % SUPPORT_WORDS[next(missing)]


BRIEFLY: dict[str, Callable[[Facts], str]] = {
    "branch": lambda f: _("andere branche dan gewenst"),
    "kind": lambda f: _("andere soort plek dan gewenst"),
    "level": _level,
    "skills": _skills,
    "hours": _hours,
    "days": _days,
    "distance": _distance,
    "start": _start,
    "licence": _licence,
    "language": _language,
    "load": _load,
    "support": _support,
    "rules": lambda f: _("past niet in deze stroom"),
    "seats": lambda f: _("geen plaats vrij"),
    "open": lambda f: _("vacature niet open"),
    "available": lambda f: _("nu niet bemiddelbaar"),
}
