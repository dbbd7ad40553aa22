"""Why a place was proposed, for the person it was proposed to (B1)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import access
from accounts.models import Page
from accounts.reading import shown
from candidates.models import Candidate
from matching import plain, results
from matching.access import CANDIDATE_PORTAL
from matching.models import MatchDecision
from topjob.pages import crumbs


@access(CANDIDATE_PORTAL, shows=Page.MATCH)
@require_safe
def my_why(request: HttpRequest, vacancy_pk: int) -> HttpResponse:
    """The reasons of a proposal, from what was kept with it; nothing of other people or of other places."""
    me = get_object_or_404(Candidate, user=request.user)
    shown(request, me.pk)
    proposed = me.match_decisions.filter(vacancy=vacancy_pk, decision=MatchDecision.Decision.PROPOSED)
    decision = proposed.select_related("vacancy__employer__organisation").first()
    if decision is None:
        raise Http404
    context = {
        "vacancy": decision.vacancy,
        "total": decision.total,
        "said": plain.reasons(decision, results.reference().names),
        "at": decision.at,
        "crumbs": crumbs((_("Mijn traject"), reverse("trajectories:my_case")), (_("Waarom deze plek?"), "")),
    }
    return render(request, "matching/my_why.html", context)
