"""Nobody leaves a case behind: shutting somebody out, taking a role away, and who covers while somebody is away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions as accounts
from accounts import rules
from accounts.access import BEHEERDER, NOBODY, STAFF, STEP_UP, access
from accounts.models import Absence, Membership, Page, Region, Role, User
from accounts.models.roles import GUIDE_ROLES
from topjob import clock
from topjob.errors import Refused
from topjob.mail import Letter
from topjob.mail_first import looks, mails, seen
from topjob.outbox import letters_of
from topjob.pages import Crumbs, crumbs, form_page, posted, render_page
from trajectories import actions
from trajectories.actions.handover import (
    Division,
    Held,
    OtherDivision,
    Share,
    divide,
    held_by,
    held_through,
    key_of,
    stays_behind,
)
from trajectories.forms.handover import AbsenceForm, TakeOverForm, WhoForm
from trajectories.pages.filters import AbsenceFilter
from trajectories.timing.owners import coordinated_by

ASK = ["GET", "HEAD", "POST"]
HandOver = Callable[[Sequence[Share], str], None]


# --- Leaving ---------------------------------------------------------------------------------------------------------
@access(BEHEERDER, shows=Page.USERS, step_up=STEP_UP)
@require_http_methods(ASK)
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks who takes over, shows who gets how much, and then shuts the account and hands over at once."""
    person = get_object_or_404(User, pk=pk, is_active=True)
    if reason := rules.may_leave(person):
        raise Refused(reason)
    words = {
        "title": _("%(name)s uitzetten?") % {"name": person.name},
        "text": _(
            "Deze persoon wordt meteen uitgelogd en kan niet meer inloggen. Wat gedaan is, blijft in het logboek staan."
        ),
        "submit_label": _("Uitzetten"),
        "done": _("%(name)s kan niet meer inloggen.") % {"name": person.name},
        "stays": stays_behind(person),
    }
    return _ask(
        request,
        person,
        held_by(person),
        lambda shares, seen: actions.leave(person, shares, seen=seen, by=request.user),
        words,
    )


@access(BEHEERDER, shows=Page.USERS, step_up=STEP_UP)
@require_http_methods(ASK)
def remove_role(request: HttpRequest, pk: int, membership_pk: int) -> HttpResponse:
    """The same for one role in one region."""
    membership = get_object_or_404(Membership.objects.select_related("user", "region"), pk=membership_pk, user=pk)
    if reason := rules.may_lose(membership):
        raise Refused(reason)
    place = membership.region or membership.organisation
    role = f"{membership.get_role_display()}, {place}" if place else membership.get_role_display()
    words = {
        "title": _("%(role)s van %(name)s intrekken?") % {"role": role, "name": membership.user.name},
        "text": _("Deze persoon kan daarna niet meer bij wat bij deze rol hoort."),
        "submit_label": _("Intrekken"),
        "done": _("De rol is ingetrokken."),
        "stays": [],
    }
    return _ask(
        request,
        membership.user,
        held_through(membership),
        lambda shares, seen: actions.take_role(membership, shares, seen=seen, by=request.user),
        words,
    )


@dataclass(frozen=True)
class LeavePage:
    """Who takes over what from whoever leaves, before it is done; in the words of what it is they leave."""

    person: User
    form: TakeOverForm
    held: Sequence[Held]
    divisions: list[Division]
    # What goes to whom when this is confirmed.
    letters: list[Letter]
    # Of what was shown: only that is done.
    key: str
    changed: bool
    cancel_url: str
    crumbs: Crumbs


def _ask(request: HttpRequest, person: User, held: Sequence[Held], do: HandOver, words: dict[str, Any]) -> HttpResponse:
    """First the choice, then what it comes down to, then it is done: never something else than what was shown."""
    form = TakeOverForm(posted(request), person=person, held=held)
    divisions: list[Division] = []
    letters: list[Letter] = []
    changed = False
    if form.is_bound and form.is_valid():
        divisions = divide(person, form.shares)
        seen = request.POST.get("gezien", "")
        if not held or seen:
            try:
                do(form.shares, seen if held else key_of([]))
            except OtherDivision:
                changed = True
            else:
                messages.success(request, words["done"])
                return redirect("accounts:user", person.pk)
        letters = letters_of(partial(do, form.shares, key_of(divisions)))
    back = reverse("accounts:user", args=[person.pk])
    page = LeavePage(
        person=person,
        form=form,
        held=held,
        divisions=divisions,
        letters=letters,
        key=key_of(divisions),
        changed=changed,
        cancel_url=back,
        crumbs=crumbs((_("Gebruikers"), reverse("accounts:users")), (person.name, back), (words["submit_label"], "")),
    )
    return render_page(request, "trajectories/handover/leave.html", page, **words)


# --- Absence ---------------------------------------------------------------------------------------------------------
def _trail(user: User, *more: tuple[str, str]) -> list[dict[str, str]]:
    """From where this person came: the beheerder from Beheer, a coordinator from Vandaag."""
    start = (_("Beheer"), reverse("accounts:manage")) if user.has_role(Role.BEHEERDER) else (_("Vandaag"), "/")
    return crumbs(start, (_("Afwezigheid"), reverse("trajectories:absences") if more else ""), *more)


def _regions(request: HttpRequest) -> list[Region]:
    """The regions whose work this person divides: as coordinator, or as beheerder."""
    user = request.user
    regions = (
        list(Region.objects.filter(is_active=True)) if user.has_role(Role.BEHEERDER) else list(coordinated_by(user))
    )
    if not regions:
        raise Http404
    return regions


@access(STAFF, shows=NOBODY)
@require_safe
def absences(request: HttpRequest) -> HttpResponse:
    """Who is away now and later, and who covers."""
    regions = _regions(request)
    rows = Absence.objects.filter(region__in=regions, ends_on__gte=clock.today())
    found = AbsenceFilter(request.GET, rows)
    context = {
        "rows": found.qs.select_related("person", "cover", "region"),
        "sort": found.sort,
        "today": clock.today(),
        "crumbs": _trail(request.user),
        "header_actions": [
            {"label": _("Waarneming regelen"), "url": reverse("trajectories:add_absence"), "primary": True, "key": "n"}
        ],
    }
    return render(request, "trajectories/handover/absences.html", context)


@access(STAFF, shows=NOBODY)
@require_http_methods(ASK)
def add_absence(request: HttpRequest) -> HttpResponse:
    """First who, then when and who covers."""
    regions = _regions(request)
    back = reverse("trajectories:absences")
    title = _("Waarneming regelen")
    trail = _trail(request.user, (title, ""))
    who = WhoForm(request.GET if "wie" in request.GET else None, people=_guides_of(regions))
    if not who.is_bound or not who.is_valid():
        context = {"title": title, "form": who, "cancel_url": back, "crumbs": trail}
        return render(request, "trajectories/handover/who.html", context)
    person = who.cleaned_data["wie"]
    form, shown_first = AbsenceForm(posted(request), person=person, held=_work_of(person, regions)), mails()
    is_answered = form.is_bound and form.is_valid()
    if is_answered and looks(request):
        shown_first = seen(partial(_add, form, request.user))
    elif is_answered and _add(form, request.user):
        messages.success(request, _("De waarneming voor %(name)s is geregeld.") % {"name": person.name})
        return redirect(back)
    return form_page(request, form, title=title, cancel=back, eyebrow=person.name, crumbs=trail, **shown_first)


def _add(form: AbsenceForm, by: User) -> bool:
    """All parts or none; a refusal stands beside the form."""
    try:
        with transaction.atomic():
            for absence in form.absences:
                accounts.add_absence(absence, by=by)
    except Refused as refused:
        for reason in refused.reasons:
            form.add_error(None, reason.text)
        return False
    return True


def _guides_of(regions: Sequence[Region]) -> Any:
    coached = Q(memberships__role=Role.JOBCOACH, memberships__organisation=None)
    here = Q(memberships__role__in=GUIDE_ROLES, memberships__region__in=regions)
    return User.objects.filter(here | coached, is_active=True).distinct().order_by("name", "pk")


def _work_of(person: User, regions: Sequence[Region]) -> list[Held]:
    """What can be covered for: every role held in these regions, also while there is no case yet."""
    held = {part.name: part for part in held_by(person) if part.region in regions}
    for membership in person.membership_list:
        region = membership.region
        if membership.role in GUIDE_ROLES and region is not None and region in regions:
            empty = Held(Role(membership.role), region, 0)
            held.setdefault(empty.name, empty)
    return list(held.values())


@access(STAFF, shows=NOBODY)
@require_POST
def end_absence(request: HttpRequest, pk: int) -> HttpResponse:
    """Back before the time."""
    absence = get_object_or_404(Absence, pk=pk, region__in=_regions(request))
    accounts.end_absence(absence, by=request.user)
    messages.success(request, _("%(name)s is er weer.") % {"name": absence.person.name})
    return redirect("trajectories:absences")


urlpatterns = [
    path("beheer/gebruikers/<int:pk>/uit/", deactivate, name="deactivate"),
    path("beheer/gebruikers/<int:pk>/rol/<int:membership_pk>/weg/", remove_role, name="remove_role"),
    path("afwezigheid/", absences, name="absences"),
    path("afwezigheid/nieuw/", add_absence, name="add_absence"),
    path("afwezigheid/<int:pk>/klaar/", end_absence, name="end_absence"),
]
