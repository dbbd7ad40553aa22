"""/toegankelijkheid/: what the pages are meant to do for everybody, and what of that was tested."""

from __future__ import annotations

from email.utils import parseaddr

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.access import NOBODY, PUBLIC, access
from accounts.accessibility import Statement
from accounts.models import Role

COLOURS = {"light": gettext_lazy("licht"), "dark": gettext_lazy("donker")}


@access(PUBLIC, shows=NOBODY)
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Tells what the last tests wrote down, and what nobody tested."""
    tested = Statement.read()
    as_whom = {each.who for each in tested.tried} if tested else set()
    context = {
        "tested": tested,
        "colours": [COLOURS[scheme] for scheme in tested.schemes] if tested else [],
        "not_tested": [role.label for role in Role if role.label not in as_whom],
        "mail": parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
    }
    return render(request, "accounts/accessibility.html", context)
