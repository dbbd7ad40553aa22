"""The orders in which the match pages can stand; the one by total is the ranking (`matching.scoring.ranked`).

Each is a number per result, lowest first; what isn't known comes last. Equals go by total, then as `matching.ties` says.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _l

from matching.criteria import TODAY, P, V, distance_squared, points_known
from matching.expressions import Const, Expr, at_least, known, when
from matching.ties import NEVER, starts_on

TOTAL, CERTAINTY = "totaal", "zekerheid"
# Further than any square of a distance in tens of metres within the country.
NOWHERE = 2_000_000_000

away = when(points_known, distance_squared, NOWHERE)
person_hours = when(known(P("hours_max")), P("hours_max"), P("hours_min"))
hours_known = known(P("hours_max")) | known(P("hours_min"))
# By name in the address and by the side that is searched among. By total and by certainty the weights decide: `matching.search`.
BY: dict[str, dict[str, Expr]] = {
    "afstand": {"vacancy": away, "person": away},
    "start": {
        "vacancy": starts_on,
        "person": when(known(P("start_from")), at_least(P("start_from"), TODAY), NEVER),
    },
    "uren": {"vacancy": V("hours_max"), "person": when(hours_known, person_hours, NEVER)},
    "-uren": {
        "vacancy": Const(0) - V("hours_max"),
        "person": when(hours_known, Const(0) - person_hours, NEVER),
    },
}
CHOICES = (
    (TOTAL, _l("hoogste totaal eerst")),
    (CERTAINTY, _l("minst onbekend eerst")),
    ("afstand", _l("dichtbij eerst")),
    ("start", _l("vroegste start eerst")),
    ("uren", _l("minste uren eerst")),
    ("-uren", _l("meeste uren eerst")),
)
