"""`/mijn/bekeken/`: who looked at the own data, what and when (decision 28)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import CANDIDATE_PORTAL, access
from accounts.models import Page, Reading
from candidates.models import Candidate
from candidates.viewed import looks_of
from candidates.views.mine import TABS, own_file
from topjob.paging import newest_first

PER_PAGE = 50


@access(CANDIDATE_PORTAL, shows=Page.VIEWED)
@require_safe
def viewed(request: HttpRequest) -> HttpResponse:
    """Everybody but the person themself, newest first."""
    me = own_file(request)
    numbers = list(Candidate.objects.numbers_of(me.pk).order_by().values_list("pk", flat=True))
    rows = Reading.objects.of_people(*numbers).exclude(actor=request.user).select_related("actor")
    page = newest_first(rows, request, PER_PAGE, few=True)
    tabs = [
        {"label": label, "url": reverse(f"candidates:{name}"), "active": name == "my_viewed"} for name, label in TABS
    ]
    context = {"candidate": me, "tabs": tabs, "looks": looks_of(page.rows), "page": page}
    return render(request, "candidates/my_viewed.html", context)
