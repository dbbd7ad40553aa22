"""Several cases at once: what is asked, what will happen with each, and then doing it for those for which it can be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import CASE_WORKERS, access
from accounts.models import Page
from accounts.reading import shown
from topjob.errors import Refused
from topjob.going_back import safe_next
from topjob.mail import Letter
from topjob.pages import Crumbs, posted, render_page
from topjob.undo import undo_tags
from trajectories.journey.need_to_know import asked_along
from trajectories.models import Trajectory
from trajectories.pages.together import MOST, TOGETHER, Outlook, Together, done_with, key_of, outlooks
from trajectories.views.pages import trail

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class TogetherPage:
    """What is asked, and once it was answered what will happen with each case."""

    title: StrOrPromise
    kind: str
    form: Form
    cases: Sequence[Trajectory]
    outlooks: list[Outlook]
    letters: list[Letter]
    possible: int
    seen: str
    back: str
    crumbs: Crumbs


@access(CASE_WORKERS, shows=Page.CASES)
@require_http_methods(["GET", "HEAD", "POST"])
def together(request: HttpRequest) -> HttpResponse:
    """Ask, show, do: the same address each time, which names the cases and what is done with them.

    Done is only what was shown: with other words, or where somebody was first, it is shown again. What is done with one case is
    undone when that case refuses; the others go on. All of it is one answer to one form, so that sent twice it is done once.
    """
    what, back = TOGETHER.get(request.GET.get("doen", "")), safe_next(request, reverse("trajectories:list"))
    if what is not None and "traject" not in request.GET:
        messages.info(request, _("Kruis eerst aan om welke trajecten het gaat."))
        return redirect(back)
    cases = _cases(request)
    if what is None or not cases:
        raise Http404
    form = what.form(posted(request), user=request.user)
    found: list[Outlook] = []
    seen = ""
    if form.is_bound and form.is_valid():
        found = outlooks(what, cases, form.cleaned_data, request.user)
        seen = key_of(found, form)
        if "bevestigd" in request.POST:
            if request.POST.get("gezien") == seen:
                _do(request, what, found, form.cleaned_data)
                return redirect(back)
            messages.warning(request, _("Dit is anders dan je zag. Kijk nog eens: er is nog niets gedaan."))
    shown(request, *(case.candidate_id for case in cases))
    page = TogetherPage(
        title=what.label,
        kind=request.GET["doen"],
        form=form,
        cases=cases,
        outlooks=found,
        letters=[letter for row in found for letter in row.letters],
        seen=seen,
        possible=sum(not row.reasons for row in found),
        back=back,
        crumbs=trail(None, (what.label, "")),
    )
    return render_page(request, "trajectories/cases/together.html", page)


def _cases(request: HttpRequest) -> list[Trajectory]:
    """Those that were ticked, as far as this person may open them; more than a page holds were never ticked."""
    asked = [text for text in request.GET.getlist("traject") if text.isascii() and text.isdigit() and len(text) < 18]
    rows = Trajectory.objects.visible_to(request.user).filter(pk__in=asked[:MOST]).with_people()
    rows = rows.select_related("candidate", "department", "region", "career_adviser", "job_broker")
    return list(
        rows.annotate(**asked_along(request.user)).order_by("candidate__last_name", "candidate__first_name", "pk")
    )


def _do(request: HttpRequest, what: Together, found: list[Outlook], values: dict[str, Any]) -> None:
    """For each case by itself; afterwards say of which it was done, and of each of the others why not."""
    done, kept = [], []
    for row in found:
        try:
            with transaction.atomic():
                if row.reasons:
                    raise Refused(*row.reasons)
                kept.append(done_with(what, row.case, values, request.user))
        except Refused as refused:
            why = " ".join(reason.text for reason in refused.reasons)
            name = row.case.candidate.full_name
            messages.warning(request, _("Niet gedaan bij %(name)s: %(why)s") % {"name": name, "why": why})
        else:
            done.append(row.case.candidate.full_name)
    if done:
        words: dict[str, Any] = {"done": what.done, "n": len(done), "names": ", ".join(f"{name}" for name in done)}
        text = ngettext("%(done)s bij %(n)s traject: %(names)s.", "%(done)s bij %(n)s trajecten: %(names)s.", len(done))
        tags = undo_tags("together", request.user, kind=request.GET["doen"], rows=kept) if what.undo else ""
        messages.success(request, text % words, extra_tags=tags)


urlpatterns = [path("trajecten/samen/", together, name="together")]
