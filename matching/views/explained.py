"""How matching works, for everybody: the published formula."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import NOBODY, access
from matching import results
from matching.access import PUBLIC
from matching.criteria import CRITERIA, SPEC_VERSION, WEIGHTED, Hard
from matching.scoring import WeightSet
from matching.tips import GOOD_FIT


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
    criteria = [
        (c, default.person.get(c.code, 0), default.employer.get(c.code, 0)) for c in CRITERIA if c.score is not None
    ]
    always = [c for c in CRITERIA if c.hard is Hard.ALWAYS]
    by_kind = {known.names.kinds[pk]: own for pk, own in known.weights.by_kind.items() if pk in known.names.kinds}
    context = {
        "criteria": criteria,
        "always": always,
        "spec_version": SPEC_VERSION,
        "good_fit": GOOD_FIT,
        "own_weights": [(name, _changed(by_kind[name], default)) for name in sorted(by_kind)],
        "whole_person": sum(default.person.values()),
        "whole_employer": sum(default.employer.values()),
    }
    return render(request, "matching/how_it_works.html", context)
