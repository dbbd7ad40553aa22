"""How matching works, for everybody: the published formula."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.access import NOBODY, access
from matching import results
from matching.access import PUBLIC
from matching.criteria import CRITERIA, SPEC_VERSION, WEIGHTED, Criterion, Hard
from matching.scoring import WeightSet
from matching.tips import GOOD_FIT
from topjob.pages import render_page


@dataclass(frozen=True)
class HowItWorksPage:
    """The published formula: each criterion with what it weighs for the person and for the employer."""

    criteria: list[tuple[Criterion, int, int]]
    # What rules out by itself, whatever was asked.
    always: list[Criterion]
    spec_version: str
    good_fit: int
    # Of a kind of place what weighs otherwise there.
    own_weights: list[tuple[str, list[tuple[Any, int, int]]]]
    whole_person: int
    whole_employer: int


def _changed(own: WeightSet, default: WeightSet) -> list[tuple[Any, int, int]]:
    """What weighs otherwise than usual: criterion, person, employer."""
    pairs = ((c.label, (own.person[c.code], own.employer[c.code]), c.code) for c in WEIGHTED)
    return [(label, *both) for label, both, code in pairs if both != (default.person[code], default.employer[code])]


@access(PUBLIC, shows=NOBODY)
@require_safe
def how_it_works(request: HttpRequest) -> HttpResponse:
    """Every criterion with its rule and its weights, and how the total is made."""
    known = results.reference()
    default = known.weights.default
    by_kind = {known.names.kinds[pk]: own for pk, own in known.weights.by_kind.items() if pk in known.names.kinds}
    page = HowItWorksPage(
        criteria=[(c, default.person.get(c.code, 0), default.employer.get(c.code, 0)) for c in WEIGHTED],
        always=[c for c in CRITERIA if c.hard is Hard.ALWAYS],
        spec_version=SPEC_VERSION,
        good_fit=GOOD_FIT,
        own_weights=[(name, _changed(by_kind[name], default)) for name in sorted(by_kind)],
        whole_person=sum(default.person.values()),
        whole_employer=sum(default.employer.values()),
    )
    return render_page(request, "matching/how_it_works.html", page)
