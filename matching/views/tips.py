"""New good fits, for the werkmakelaar."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import access
from accounts.models import Page
from accounts.reading import shown
from matching import actions
from matching.access import READERS
from matching.tips import unseen_by
from topjob.paging import Pages
from topjob.undo import undo_tags


@access(READERS, shows=Page.MATCH)
@require_http_methods(["GET", "HEAD", "POST"])
def tips(request: HttpRequest) -> HttpResponse:
    """Good fits found by the nightly run and on changes: each pair once. POST: seen."""
    unseen = unseen_by(request.user)
    if request.method == "POST":
        chosen = [int(pk) for pk in request.POST.getlist("tip") if pk.isascii() and pk.isdigit() and len(pk) < 16]
        pks = list(unseen.filter(pk__in=chosen).values_list("pk", flat=True))
        seen = actions.mark_seen(unseen.filter(pk__in=pks), by=request.user)
        said = ngettext("%(n)s tip is gezien.", "%(n)s tips zijn gezien.", seen) % {"n": seen}
        messages.success(request, said, extra_tags=undo_tags("tips", request.user, pks=pks) if pks else "")
        return redirect("matching:tips")
    rows = unseen.select_related("candidate", "vacancy__employer__organisation").order_by("-total", "-pk")
    page = Pages(rows, 25).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    shown(request, *(row.candidate_id for row in page.object_list))
    return render(request, "matching/tips.html", {"page_obj": page})
