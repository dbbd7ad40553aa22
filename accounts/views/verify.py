"""Does everything still hold: what the nightly check found, and asking for one now."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.paginator import Page as PageOfRows
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import actions, verify
from accounts.access import BEHEERDER, NOBODY, access
from accounts.models import VerifyFinding, VerifyRun
from accounts.views import crumbs
from topjob.dates import nl_moment
from topjob.pages import Crumbs, render_page
from topjob.paging import Pages

PER_PAGE = 50
EARLIER = 14


@dataclass(frozen=True)
class ChecksPage:
    """What the last check found, by what was looked at, and the checks before it."""

    last: VerifyRun | None
    pairs: list[tuple[str, Any]]
    page_obj: PageOfRows
    groups: list[dict[str, Any]]
    runs: list[VerifyRun]
    labels: list[str]
    crumbs: Crumbs


@access(BEHEERDER, shows=NOBODY)
@require_safe
def checks(request: HttpRequest) -> HttpResponse:
    """The last check: what was looked at, and each thing that isn't as it should be."""
    runs = list(VerifyRun.objects.all()[:EARLIER])
    last = runs[0] if runs else None
    findings = last.findings.all() if last else VerifyFinding.objects.none()
    page = Pages(findings, PER_PAGE).get_page(request.GET.get("page"))
    context = ChecksPage(
        last=last,
        pairs=_pairs(last) if last else [],
        page_obj=page,
        groups=[
            {"label": verify.label_of(name), "lines": [row.text for row in rows]}
            for name, rows in groupby(page.object_list, key=lambda row: row.check_name)
        ],
        runs=runs[1:],
        labels=[check.label for check in verify.all_checks()],
        crumbs=crumbs((_("Controle"), "")),
    )
    return render_page(request, "accounts/checks.html", context)


def _pairs(run: VerifyRun) -> list[tuple[str, Any]]:
    return [
        (_("Gecontroleerd"), nl_moment(run.ended_at)),
        (_("Bevindingen"), run.finding_count),
        (_("Regels in de ketting van het logboek"), run.chain_length),
        (_("Nog niet in de ketting"), run.unsealed),
        (_("Laatste vingerafdruk van het logboek"), run.chain_head),
    ]


@access(BEHEERDER, shows=NOBODY)
@require_POST
def check_now(request: HttpRequest) -> HttpResponse:
    """Look at everything now; the worker does it, the outcome appears on the page."""
    actions.ask_check(by=request.user)
    messages.success(request, _("De controle is begonnen. Vernieuw deze pagina over een paar minuten."))
    return redirect("accounts:checks")
