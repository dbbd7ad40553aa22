"""Keeping what somebody types in a form for something new, and throwing it away."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import drafts
from accounts.access import LOGGED_IN, NOBODY, access
from accounts.resuming import typed_in
from topjob.autosave import kept


@access(LOGGED_IN, shows=NOBODY)
@require_POST
def keep_draft(request: HttpRequest) -> HttpResponse:
    """What was typed so far; only for a page that keeps drafts and opens for whoever asks."""
    page = _page(request)
    if not drafts.keep(request.user, page, typed_in(request)):
        return JsonResponse({"why": _("Niet bewaard: dit is te lang.")}, status=413)
    return kept()


@access(LOGGED_IN, shows=NOBODY)
@require_POST
def discard_draft(request: HttpRequest) -> HttpResponse:
    """Begin with an empty form."""
    page = _page(request)
    drafts.forget(request.user, page)
    return redirect(page)


def _page(request: HttpRequest) -> str:
    page = request.GET.get("pagina", "")
    if not drafts.may_keep(request.user, page):
        raise Http404
    return page


urlpatterns = [
    path("concepten/", keep_draft, name="keep_draft"),
    path("concepten/weg/", discard_draft, name="discard_draft"),
]
