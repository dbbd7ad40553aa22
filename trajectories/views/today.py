""" "Vandaag": what someone has to do now, most urgent first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.paginator import Page as PageOfRows
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import LOGGED_IN, access
from accounts.models import Absence, Page, Role, User
from accounts.models.roles import GUIDE_ROLES
from accounts.reading import shown
from candidates.models import Candidate, ContactMoment, Registration
from matching.models import Tip
from matching.tips import unseen_by
from topjob import clock
from topjob.pages import render_page
from trajectories.models import Deadline, Trajectory
from trajectories.pages.worklists import (
    ORDERS,
    Attention,
    Completion,
    attention_of,
    completion_of,
    counted,
    deadlines_of,
    turn_of,
)
from trajectories.timing.owners import coordinated_by
from trajectories.views.pages import deadline_facts

AHEAD = timedelta(days=14)
MOST = 15
HOMES = (
    (Role.KANDIDAAT, "trajectories:my_case"),
    (Role.WERKGEVER, "employers:portal"),
    (Role.OPDRACHTGEVER, "trajectories:client_overview"),
    (Role.BEHEERDER, "accounts:manage"),
)


@dataclass(frozen=True)
class Worklist:
    """What a member of staff has to do today: the deadlines, the cases that wait for them, and what asks attention."""

    page_obj: PageOfRows
    deadlines: list[dict[str, Any]]
    late: int
    turn_count: int
    turn_rows: list[Trajectory]
    contacts: list[ContactMoment]
    attention: list[dict[str, Any]]
    completion: Completion | None
    registrations: list[Registration]
    covers: list[Absence]
    coordinates: bool
    is_frontoffice: bool
    my_turn_url: str


@access(LOGGED_IN, shows=Page.TODAY)
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """The worklist of staff; everybody else goes to the own portal."""
    user = request.user
    if not user.is_case_worker:
        home = next((url for role, url in HOMES if user.has_role(role)), "accounts:profile")
        return redirect(home)
    found = _worklist(request, user)
    shown(
        request,
        *(row["case"].candidate_id for row in found.deadlines),
        *(case.candidate_id for case in found.turn_rows),
        *(talk.candidate_id for talk in found.contacts),
        *(row.candidate_id for row in found.registrations),
    )
    return render_page(request, "trajectories/cases/today.html", found)


def _worklist(request: HttpRequest, user: User) -> Worklist:
    deadlines = deadlines_of(user).filter(due_on__lte=clock.today() + AHEAD)
    turn = Trajectory.objects.visible_to(user).open().filter(turn_of(user))
    attention, late = attention_of(user), deadlines.filter(due_on__lt=clock.today())
    counts = iter(counted(user, [deadlines, late, turn, _new_fits(user), *attention.values()]))
    paginator = Paginator(deadlines, MOST)
    paginator.count, late_count, turn_count, fits = (next(counts) for _each in range(4))
    page = paginator.get_page(request.GET.get("page"))
    contacts = _contacts(user)
    return Worklist(
        page_obj=page,
        deadlines=[_row(deadline) for deadline in page.object_list],
        late=late_count,
        turn_count=turn_count,
        turn_rows=list(turn.with_people().order_by(*ORDERS["due"])[:MOST]),
        contacts=contacts,
        attention=_attention(dict(zip(attention, counts, strict=True)), fits),
        completion=completion_of(user),
        registrations=_registrations(user),
        covers=_covers(user),
        coordinates=bool(coordinated_by(user)),
        is_frontoffice=user.has_role(Role.FRONTOFFICE),
        my_turn_url=f"{reverse('trajectories:list')}?turn=ik",
    )


def _row(deadline: Deadline) -> dict[str, Any]:
    return {"deadline": deadline, "case": deadline.trajectory, **deadline_facts(deadline)}


def _contacts(user: User) -> list[ContactMoment]:
    """Talks of today, and earlier ones of which nobody wrote down how they went."""
    planned = ContactMoment.objects.filter(by=user, status=ContactMoment.Status.PLANNED)
    seen = planned.filter(at__date__lte=clock.today(), candidate__in=Candidate.objects.visible_to(user))
    return list(seen.select_related("candidate").order_by("at", "pk")[:MOST])


def _attention(counts: dict[Attention, int], fits: int) -> list[dict[str, Any]]:
    """What asks attention, with how many; nothing is left out when it is none, but for good fits."""
    url = reverse("trajectories:list")
    found = [
        {"label": item.label, "value": count, "url": f"{url}?{urlencode({'let_op': item.key})}" if count else ""}
        for item, count in counts.items()
    ]
    label = ngettext("nieuwe passende combinatie", "nieuwe passende combinaties", fits)
    return found + ([{"label": label, "value": fits, "url": reverse("matching:tips")}] if fits else [])


def _covers(user: User) -> list[Absence]:
    """For whom this person covers today, and who covers for them."""
    if not user.has_role(*GUIDE_ROLES):
        return []
    rows = Absence.objects.now().filter(Q(cover=user) | Q(person=user))
    return list(rows.select_related("person", "cover", "region").order_by("ends_on", "pk"))


def _new_fits(user: User) -> QuerySet[Tip]:
    """Good fits that matching found and that whoever places people hasn't seen yet."""
    found = unseen_by(user)
    return found if user.has_role(Role.WERKMAKELAAR, Role.LOOPBAANADVISEUR) else found.none()


def _registrations(user: User) -> list[Registration]:
    """Who waits longest at the frontoffice."""
    if not user.has_role(Role.FRONTOFFICE):
        return []
    waiting = (
        Registration.objects.visible_to(user).open().filter(candidate__region__in=user.regions_as(Role.FRONTOFFICE))
    )
    return list(waiting.select_related("candidate", "referrer").order_by("created_at", "pk")[:MOST])
