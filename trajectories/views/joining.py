"""One person, one file (R13): files that are alike side by side, and what is decided about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import access, roles
from accounts.models import Page, User
from accounts.models.roles import REGION_ROLES
from accounts.reading import shown
from candidates import actions as candidate_actions
from candidates import likeness, rules
from candidates.knowing import parts_of
from candidates.models import Candidate, FileJoin
from candidates.views.common import IN_REGION, may_fill
from topjob import clock
from topjob.errors import Reason, Refused
from topjob.pages import Crumbs, crumbs, posted, render_page
from trajectories import actions
from trajectories.forms.joining import JoinForm, OtherFileForm, TellApartForm
from trajectories.keeping import joining
from trajectories.models import Trajectory

JOINING = roles(*rules.JOINERS)
MOST = 10


def own_file(request: HttpRequest, pk: int) -> Candidate:
    """The person of a file about which this reader may decide; foreign looks like nonexistent."""
    found = get_object_or_404(Candidate.objects.visible_to(request.user).select_related("region"), pk=pk)
    if not rules.may_join(request.user, found):
        raise Http404
    shown(request, found.pk)
    return found


@access(JOINING, shows=Page.JOINING)
@require_safe
def alike(request: HttpRequest, pk: int) -> HttpResponse:
    """Every file that may be of this same person, beside this one, until somebody decides."""
    candidate = own_file(request, pk)
    return _alike_page(request, candidate)


def _alike_page(request: HttpRequest, candidate: Candidate, bound: TellApartForm | None = None) -> HttpResponse:
    numbers = likeness.undecided_of(candidate)
    seen = {person.pk: person for person in _people(numbers, request.user)}
    hidden = list(Candidate.objects.filter(pk__in=numbers - set(seen)).select_related("region")[:MOST])
    shown(request, *seen, *(row.pk for row in hidden))
    context = {
        "candidate": candidate,
        "others": [_beside(candidate, other, request.user, bound) for other in seen.values()],
        "hidden": [{"person": row, "form": _form(row.pk, True, bound)} for row in hidden],
        "form": bound,
        "crumbs": trail_of(candidate, _("Dezelfde persoon?")),
    }
    return render(request, "trajectories/joining/alike.html", context)


def _people(numbers: set[int], user: User) -> list[Candidate]:
    """Those whose file this reader may see, with the running case and the registrations."""
    running = Prefetch("trajectories", queryset=Trajectory.objects.open().visible_to(user), to_attr="running")
    rows = Candidate.objects.visible_to(user).filter(pk__in=numbers).select_related("region")
    return list(rows.prefetch_related(running, "registrations")[:MOST])


def _beside(candidate: Candidate, other: Candidate, user: User, bound: TellApartForm | None) -> dict[str, Any]:
    return {
        "person": other,
        "pairs": likeness.compare(other, candidate),
        "likeness": likeness.why_alike(other, candidate),
        "may_join": rules.may_join(user, candidate, other),
        "form": _form(other.pk, False, bound),
    }


def _form(other: int, is_hidden: bool, bound: TellApartForm | None) -> TellApartForm:
    return bound if bound is not None and bound.other == other else TellApartForm(other=other, is_hidden=is_hidden)


@access(JOINING, shows=Page.JOINING)
@require_POST
def tell_apart(request: HttpRequest, pk: int, other_pk: int) -> HttpResponse:
    """Somebody decides that these are two people."""
    candidate = own_file(request, pk)
    other = get_object_or_404(Candidate, pk=other_pk if other_pk in likeness.undecided_of(candidate) else None)
    is_hidden = not Candidate.objects.visible_to(request.user).filter(pk=other.pk).exists()
    form = TellApartForm(request.POST, other=other.pk, is_hidden=is_hidden)
    if not form.is_valid():
        return _alike_page(request, candidate, form)
    candidate_actions.tell_apart(candidate, other, reason=form.cleaned_data["reason"], by=request.user)
    messages.success(request, _("Vastgelegd: dit zijn twee personen."))
    return redirect(_next_page(candidate))


def _next_page(candidate: Candidate) -> str:
    """The next file to decide about, else what the frontoffice was working on."""
    if likeness.undecided_of(candidate):
        return reverse("trajectories:alike", args=[candidate.pk])
    waiting = candidate.registrations.open().order_by("pk").first()
    if waiting is not None:
        return reverse("candidates:registration", args=[waiting.pk])
    return reverse("candidates:person", args=[candidate.pk])


# --- Joining ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class JoinStartPage:
    """Which file is of the same person as this one; and which were joined with it before."""

    title: str
    submit_label: str
    candidate: Candidate
    form: OtherFileForm
    alike: list[Candidate]
    # Each with until when it can be undone.
    joins: list[dict[str, Any]]
    crumbs: Crumbs


@access(JOINING, shows=Page.JOINING)
def join_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Which file is of the same person; and which were joined with this one before."""
    candidate = own_file(request, pk)
    form = OtherFileForm(posted(request), candidate=candidate, user=request.user)
    if form.is_bound and form.is_valid():
        return redirect("trajectories:join", candidate.pk, form.cleaned_data["number"])
    alike = _people(likeness.undecided_of(candidate), request.user)
    shown(request, *(person.pk for person in alike))
    joins = candidate.joins.select_related("by", "undone_by")
    page = JoinStartPage(
        title=_("Dossiers samenvoegen"),
        submit_label=_("Vergelijken"),
        candidate=candidate,
        form=form,
        alike=alike,
        joins=[{"join": row, "until": _may_undo_until(row)} for row in joins],
        crumbs=trail_of(candidate, _("Dossiers samenvoegen")),
    )
    return render_page(request, "trajectories/joining/start.html", page)


def _may_undo_until(join: FileJoin) -> datetime | None:
    until = joining.undo_until(join)
    return until if join.undone_at is None and clock.now() <= until else None


@dataclass(frozen=True)
class JoinPage:
    """Two files side by side, before they are joined: what goes where, and why it can't be done."""

    kept: Candidate
    joined: Candidate
    form: JoinForm
    parts: list[joining.Part]
    reasons: list[Reason]
    told_apart: bool
    crumbs: Crumbs


@access(JOINING, shows=Page.JOINING)
def join(request: HttpRequest, pk: int, other_pk: int) -> HttpResponse:
    """The preview: what goes where, what is taken over, and why not; then doing it."""
    kept, joined = _pair(request, pk, other_pk)
    form = JoinForm(posted(request), kept=kept, joined=joined)
    if form.is_bound and form.is_valid():
        actions.join_files(kept, joined, take=form.take, by=request.user)
        messages.success(request, _("De dossiers zijn samengevoegd. Ongedaan maken kan tot morgen, op deze pagina."))
        return redirect("trajectories:join_start", kept.pk)
    parts = joining.parts_of(kept, joined)
    page = JoinPage(
        kept=kept,
        joined=joined,
        form=form,
        parts=parts,
        reasons=joining.refusals(kept, joined, parts, request.user),
        told_apart=joining.told_apart(kept, joined),
        crumbs=trail_of(kept, _("Dossiers samenvoegen")),
    )
    return render_page(request, "trajectories/joining/join.html", page)


def _pair(request: HttpRequest, *numbers: int) -> list[Candidate]:
    """Two files that this reader may see and decide about."""
    rows = Candidate.objects.visible_to(request.user).select_related("region", "user")
    found = {row.pk: row for row in rows.filter(pk__in=numbers)}
    if len(found) != 2 or not rules.may_join(request.user, *found.values()):
        raise Http404
    shown(request, *numbers)
    return [found[pk] for pk in numbers]


@access(JOINING, shows=Page.JOINING)
def undo(request: HttpRequest, pk: int, join_pk: int) -> HttpResponse:
    """Asks, and takes two files apart again."""
    candidate = own_file(request, pk)
    done = get_object_or_404(candidate.joins.select_related("kept__region", "joined__region"), pk=join_pk)
    if reasons := joining.undo_refusals(done, request.user):
        raise Refused(*reasons, title=_("Samenvoegen ongedaan maken"))
    if request.method == "POST":
        actions.undo_join(done, by=request.user)
        messages.success(request, _("Het samenvoegen is ongedaan gemaakt: dit zijn weer twee dossiers."))
        return redirect("candidates:person", done.joined_id)
    context = {
        "title": _("Samenvoegen ongedaan maken"),
        "eyebrow": candidate.full_name,
        "text": _("Wat uit dossier %(number)s kwam, gaat daarheen terug. Wat daarna is toegevoegd, blijft hier.")
        % {"number": done.joined_id},
        "submit_label": _("Ongedaan maken"),
        "cancel_url": reverse("trajectories:join_start", args=[candidate.pk]),
        "crumbs": trail_of(candidate, _("Ongedaan maken")),
    }
    return render(request, "components/confirm.html", context)


@access(IN_REGION, shows=Page.JOINING)
@require_safe
def old_file(request: HttpRequest, pk: int) -> HttpResponse:
    """What stayed at a file that was joined: its own data, and the rows of which the kept file has its own."""
    joined = get_object_or_404(Candidate.objects.exclude(joined_into=None).select_related("region"), pk=pk)
    kept = get_object_or_404(Candidate.objects.visible_to(request.user), pk=joined.joined_into_id)
    if not may_fill(request, kept, *REGION_ROLES):
        raise Http404
    parts = parts_of(kept, request.user)
    shown(request, kept.pk, joined.pk)
    context = {
        "title": _("Oud dossier %(number)s") % {"number": joined.pk},
        "kept": kept,
        "own": [(pair.label, pair.theirs or "–") for pair in likeness.compare(kept, joined)],
        "tables": joining.stayed(joined, parts),
        "crumbs": trail_of(kept, _("Oud dossier")),
    }
    return render(request, "trajectories/joining/old_file.html", context)


def trail_of(candidate: Candidate, here: str) -> list[dict[str, str]]:
    """Person › …"""
    return crumbs((candidate.full_name, reverse("candidates:person", args=[candidate.pk])), (here, ""))


PERSON = "personen/<int:pk>/"
urlpatterns = [
    path(PERSON + "lijkt-op/", alike, name="alike"),
    path(PERSON + "lijkt-op/<int:other_pk>/anders/", tell_apart, name="tell_apart"),
    path(PERSON + "samenvoegen/", join_start, name="join_start"),
    path(PERSON + "samenvoegen/met/<int:other_pk>/", join, name="join"),
    path(PERSON + "samenvoegen/<int:join_pk>/ongedaan/", undo, name="undo_join"),
    path(PERSON + "oud-dossier/", old_file, name="old_file"),
]
