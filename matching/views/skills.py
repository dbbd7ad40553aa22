"""Competences while somebody types: suggestions, and one more row."""

from __future__ import annotations

from secrets import token_hex

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import NOBODY, access
from matching.access import SKILL_CHOOSERS
from matching.forms import skill_row as empty_row
from matching.models import Skill
from topjob.picking import suggestions


@access(SKILL_CHOOSERS, shows=NOBODY)
@require_safe
def options(request: HttpRequest) -> HttpResponse:
    """Competences in use whose name holds what was typed."""
    names = suggestions(Skill.objects.filter(is_active=True), request.GET.get("skills", ""))
    return render(request, "picking/options.html", {"names": names})


@access(SKILL_CHOOSERS, shows=NOBODY)
@require_safe
def row(request: HttpRequest) -> HttpResponse:
    """One more empty row."""
    context = {"name": "skills", "list_key": "id_skills", "row": empty_row(f"id_skills_{token_hex(4)}")}
    return render(request, "matching/_skill_row.html", context)
