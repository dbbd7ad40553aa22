"""How matching works, for everybody: the published formula."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import access
from matching import results
from matching.access import PUBLIC
from matching.criteria import CRITERIA, SPEC_VERSION, Hard
from matching.tips import GOOD_FIT


@access(PUBLIC)
@require_GET
def how_it_works(request: HttpRequest) -> HttpResponse:
    """Every criterion with its rule and its weights, and how the total is made."""
    known = results.reference()
    default = known.weights.default
    criteria = [
        (c, default.person.get(c.code, 0), default.employer.get(c.code, 0)) for c in CRITERIA if c.score is not None
    ]
    always = [c for c in CRITERIA if c.hard is Hard.ALWAYS]
    kinds = [known.names.kinds[pk] for pk in known.weights.by_kind if pk in known.names.kinds]
    context = {
        "criteria": criteria,
        "always": always,
        "spec_version": SPEC_VERSION,
        "good_fit": GOOD_FIT,
        "own_weights": ", ".join(sorted(kinds)),
        "whole_person": sum(default.person.values()),
        "whole_employer": sum(default.employer.values()),
    }
    return render(request, "matching/how_it_works.html", context)
