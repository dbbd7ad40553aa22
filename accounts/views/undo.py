"""The button that undoes what was just done (`topjob/undo.py`)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.access import LOGGED_IN, NOBODY, access
from topjob.going_back import page_before
from topjob.undo import undo


@access(LOGGED_IN, shows=NOBODY)
@require_POST
def undo_last(request: HttpRequest) -> HttpResponse:
    """Do the opposite, by the same rules, and go back to where the button stood."""
    messages.success(request, undo(request.POST.get("token", ""), by=request.user))
    return redirect(page_before(request))
