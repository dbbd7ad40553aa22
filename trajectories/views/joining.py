"""One person, one file (R13): files that are alike side by side, and what is decided about them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import access, roles
from accounts.models import User
from candidates import actions as candidate_actions
from candidates import likeness, rules
from candidates.models import Candidate
from employers.views.pages import crumbs
from trajectories.forms.joining import TellApartForm
from trajectories.models import Trajectory

JOINING = roles(*rules.JOINERS)
MOST = 10


def own_file(request: HttpRequest, pk: int) -> Candidate:
    """The person of a file about which this reader may decide; foreign looks like nonexistent."""
    found = get_object_or_404(Candidate.objects.visible_to(request.user).select_related("region"), pk=pk)
    if not rules.may_join(request.user, found):
        raise Http404
    return found


@access(JOINING)
@require_safe
def alike(request: HttpRequest, pk: int) -> HttpResponse:
    """Every file that may be of this same person, beside this one, until somebody decides."""
    candidate = own_file(request, pk)
    candidate_actions.note_read(candidate, by=request.user)
    return _alike_page(request, candidate)


def _alike_page(request: HttpRequest, candidate: Candidate, bound: TellApartForm | None = None) -> HttpResponse:
    numbers = likeness.undecided_of(candidate)
    seen = {person.pk: person for person in _people(numbers, request.user)}
    hidden = Candidate.objects.filter(pk__in=numbers - set(seen)).select_related("region")[:MOST]
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


@access(JOINING)
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


def trail_of(candidate: Candidate, here: str) -> list[dict[str, str]]:
    """Person › …"""
    return crumbs((candidate.full_name, reverse("candidates:person", args=[candidate.pk])), (here, ""))


PERSON = "personen/<int:pk>/"
urlpatterns = [
    path(PERSON + "lijkt-op/", alike, name="alike"),
    path(PERSON + "lijkt-op/<int:other_pk>/anders/", tell_apart, name="tell_apart"),
]
