"""Beheer → "Wie ziet wat": the table of role × part of the file that every page asks (`accounts.need_to_know`)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import BEHEERDER, NOBODY, access
from accounts.models import Role
from accounts.need_to_know import GUIDES_SEE, NEEDS, Part


@access(BEHEERDER, shows=NOBODY)
@require_safe
def who_sees(request: HttpRequest) -> HttpResponse:
    """Read only: what a role needs follows from its work, so it changes with the product."""
    columns = [(str(Role(role).label), parts) for role, parts in NEEDS.items()]
    columns.insert(-1, (_("Begeleider"), GUIDES_SEE))
    context = {
        "columns": [name for name, _parts in columns],
        "rows": [(part.label, [(name, part in parts) for name, parts in columns]) for part in Part],
        "crumbs": [{"label": _("Beheer"), "url": reverse("accounts:manage")}, {"label": _("Wie ziet wat"), "url": ""}],
    }
    return render(request, "accounts/who_sees.html", context)
