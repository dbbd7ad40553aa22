"""Users and their roles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions, oidc, recovering, rules, second
from accounts.access import BEHEERDER, NOBODY, STEP_UP, access
from accounts.filters import UserFilter
from accounts.forms import CapacityForm, InviteForm, UserForm, WhyForm
from accounts.models import AuditEntry, Membership, Organisation, Page, Role, User
from accounts.reading import shown
from accounts.views import crumbs
from topjob.dates import nl_date, nl_moment
from topjob.errors import Reason, Refused
from topjob.mail_first import letters_page, looks, mails, seen
from topjob.outbox import letters_of
from topjob.pages import Action, Crumbs, render_page
from topjob.paging import Pages
from topjob.picking import suggestions

PER_PAGE = 25


@access(BEHEERDER, shows=Page.USERS)
@require_safe
def users(request: HttpRequest) -> HttpResponse:
    """Everybody who can log in."""
    capacities = Prefetch("memberships", Membership.objects.select_related("region", "organisation"))
    rows = User.objects.prefetch_related(capacities)
    found = UserFilter(request.GET, queryset=rows)
    page = Pages(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    shown(request, *_candidates_among(*(row.pk for row in page.object_list)))
    context = {
        "page_obj": page,
        "filter_form": found.form,
        "sort": found.sort,
        "crumbs": crumbs((_("Gebruikers"), "")),
        "header_actions": [
            {"label": _("Gebruiker uitnodigen"), "url": reverse("accounts:invite"), "primary": True, "key": "n"}
        ],
    }
    return render(request, "accounts/users.html", context)


def _candidates_among(*users: int) -> list[int]:
    """The files of those among these accounts who are candidates: their names and addresses are shown here too."""
    return list(
        User.objects.filter(pk__in=users).exclude(candidate=None).order_by().values_list("candidate__pk", flat=True)
    )


def _account(request: HttpRequest, pk: int, **wanted: Any) -> User:
    person = get_object_or_404(User, pk=pk, **wanted)
    shown(request, *_candidates_among(pk))
    return person


@dataclass(frozen=True)
class InvitePage:
    """Who is let in, beside the mail that goes to them."""

    title: str
    subtitle: str
    form: InviteForm
    submit_label: str
    cancel_url: str
    crumbs: Crumbs


@access(BEHEERDER, shows=NOBODY, step_up=STEP_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Let somebody in: name, address, first role; the person gets a mail to choose a password."""
    form = InviteForm(request.POST or None)
    shown_first = mails()
    if request.method == "POST" and form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("name", "email", "phone")}
        let_in = partial(actions.invite_user, **facts, capacities=[form.capacity], by=request.user)
        if not looks(request):
            user = let_in()
            messages.success(request, _("%(name)s krijgt een mail om een wachtwoord te kiezen.") % {"name": user.name})
            return redirect("accounts:user", user.pk)
        shown_first = seen(let_in)
    page = InvitePage(
        title=_("Gebruiker uitnodigen"),
        subtitle=_("De persoon krijgt een mail met een link om zelf een wachtwoord te kiezen."),
        form=form,
        submit_label=_("Uitnodigen"),
        cancel_url=reverse("accounts:users"),
        crumbs=_path(_("Uitnodigen")),
    )
    return render_page(request, "components/form_page.html", page, **shown_first)


def _path(*labels: str) -> list[dict[str, str]]:
    return crumbs((_("Gebruikers"), reverse("accounts:users")), *((label, "") for label in labels))


@dataclass(frozen=True)
class UserPage:
    """One account: its data, its roles and whether each may go, what was done to it and what can be done now."""

    person: User
    pairs: list[tuple[str, Any]]
    memberships: list[tuple[Membership, Reason | None]]
    form: CapacityForm
    entries: list[dict[str, Any]]
    actions: list[Action]
    crumbs: Crumbs


@access(BEHEERDER, shows=Page.USERS)
@require_safe
def user(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: data, roles, and what was done to it."""
    person = _account(request, pk)
    page = UserPage(
        person=person,
        pairs=_facts(person),
        memberships=[(membership, rules.may_lose(membership)) for membership in person.membership_list],
        form=CapacityForm(),
        entries=history_of(person),
        actions=doable(person, request.user),
        crumbs=_path(person.name),
    )
    return render_page(request, "accounts/user.html", page)


def _facts(person: User) -> list[tuple[str, Any]]:
    return [
        (_("Naam"), person.name),
        (_("E-mailadres"), person.email),
        (_("Telefoon"), person.phone),
        (_("Sinds"), nl_date(person.date_joined)),
        (_("Laatst ingelogd"), nl_moment(person.last_login)),
    ]


def history_of(person: User) -> list[dict[str, Any]]:
    """The last things done to this account, for the timeline."""
    entries = AuditEntry.objects.filter(subject_type="accounts.user", subject_id=person.pk).select_related("actor")
    return [
        {
            "at": entry.at,
            "title": entry.what,
            "actor": entry.actor.name if entry.actor else entry.get_party_display(),
            "text": str(Role(entry.details["role"]).label) if "role" in entry.details else "",
            "icon": "user",
            "url": "",
        }
        for entry in entries[:10]
    ]


def doable(person: User, by: User) -> list[Action]:
    """What the beheerder can do with this account now."""
    loose = [_button(_("Losmaken van het organisatie-account"), "unbind", person, "get")] * oidc.is_bound(person)
    if not person.is_active:
        return [_button(_("Weer aanzetten"), "reactivate", person, "post"), *loose]
    can = [_button(_("Stuur mail om wachtwoord te kiezen"), "send_invitation", person, "get")]
    if second.is_on(person):
        blocked = recovering.may_remove_second(person, by=by)
        can.append(_button(_("Tweede stap weghalen"), "remove_second", person, "get", blocked))
    leave = _button(_("Uitzetten"), "trajectories:deactivate", person, "get", rules.may_leave(person))
    return [*can, *loose, replace(leave, danger=True)]


def _button(label: str, name: str, person: User, method: str, blocked: Reason | None = None) -> Action:
    url = reverse(name if ":" in name else f"accounts:{name}", args=[person.pk])
    return Action(label, url, method, [blocked] if blocked else [])


@access(BEHEERDER, shows=Page.USERS, step_up=STEP_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_user(request: HttpRequest, pk: int) -> HttpResponse:
    person = _account(request, pk)
    form = UserForm(request.POST or None, instance=person)
    shown_first = mails()
    if request.method == "POST" and form.is_valid():
        change = partial(actions.update_user, form.save(commit=False), by=request.user)
        if not looks(request):
            change()
            messages.success(request, _("De gegevens zijn opgeslagen."))
            return redirect("accounts:user", pk)
        shown_first = seen(change)
    context = shown_first | {
        "form": form,
        "title": _("Gegevens wijzigen"),
        "cancel_url": reverse("accounts:user", args=[pk]),
        "crumbs": _path(_("Gegevens wijzigen")),
    }
    return render(request, "components/form_page.html", context)


@access(BEHEERDER, shows=Page.USERS, step_up=STEP_UP)
@require_POST
def add_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a role; a mistake is shown at the field."""
    person = _account(request, pk)
    form = CapacityForm(request.POST)
    if not form.is_valid():
        context = {
            "title": _("Rol toevoegen"),
            "eyebrow": person.name,
            "form": form,
            "cancel_url": reverse("accounts:user", args=[pk]),
            "crumbs": _path(_("Rol toevoegen")),
        }
        return render(request, "components/form_page.html", context)
    actions.add_membership(person, form.capacity, by=request.user)
    messages.success(request, _("De rol is toegevoegd."))
    return redirect("accounts:user", pk)


@access(BEHEERDER, shows=Page.USERS, step_up=STEP_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def send_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """Mail somebody (again) how to choose a password."""
    person = _account(request, pk, is_active=True)
    send = partial(actions.send_invitation, person, by=request.user)
    if request.method != "POST":
        title, back = _("%(name)s uitnodigen") % {"name": person.name}, reverse("accounts:user", args=[pk])
        return letters_page(request, send, title=title, cancel=back, crumbs=_path(title))
    send()
    messages.success(request, _("De mail om een wachtwoord te kiezen is onderweg."))
    return redirect("accounts:user", pk)


@dataclass(frozen=True)
class Asked:
    """What is about to be done to an account, and what follows; in the words of the page that asks why."""

    title: str
    subtitle: str
    submit_label: str
    crumbs: Crumbs


@access(BEHEERDER, shows=Page.USERS, step_up=STEP_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def remove_second(request: HttpRequest, pk: int) -> HttpResponse:
    """For somebody who lost telephone, keys and recovery codes."""
    person = _account(request, pk, is_active=True)
    if refusal := recovering.may_remove_second(person, by=request.user):
        raise Refused(refusal, title=_("Tweede stap weghalen"))
    after = _(
        "De app, de toegangssleutels en de herstelcodes vervallen en deze persoon wordt uitgelogd. Tot de tweede stap"
        " opnieuw is ingesteld, is een wachtwoord genoeg om binnen te komen."
    )
    done = _("%(name)s krijgt een mail en stelt de tweede stap opnieuw in.") % {"name": person.name}
    words = Asked(
        title=_("Tweede stap van %(name)s weghalen") % {"name": person.name},
        subtitle=after,
        submit_label=_("Haal weg"),
        crumbs=_path(_("Tweede stap weghalen")),
    )
    return _for_a_reason(request, person, recovering.remove_second, done, words)


@access(BEHEERDER, shows=Page.USERS, step_up=STEP_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def unbind(request: HttpRequest, pk: int) -> HttpResponse:
    """For somebody who is bound to the wrong person at the organisation, or gets another account here."""
    person = _account(request, pk)
    if refusal := recovering.may_unbind(person):
        raise Refused(refusal, title=_("Losmaken van het organisatie-account"))
    after = _(
        "Deze persoon wordt uitgelogd. Logt die daarna met het organisatie-account in, dan koppelt het opnieuw, op het"
        " bevestigde e-mailadres."
    )
    done = _("Het account is losgemaakt. %(name)s krijgt een mail.") % {"name": person.name}
    if not person.is_active:
        after = _("Het account blijft uit. Een ander account kan daarna met dit organisatie-account gekoppeld worden.")
        done = _("Het account is losgemaakt.")
    words = Asked(
        title=_("%(name)s losmaken van het organisatie-account") % {"name": person.name},
        subtitle=after,
        submit_label=_("Maak los"),
        crumbs=_path(_("Losmaken van het organisatie-account")),
    )
    return _for_a_reason(request, person, recovering.unbind, done, words)


def _for_a_reason(request: HttpRequest, person: User, do: Callable[..., None], done: str, words: Asked) -> HttpResponse:
    """A page that asks why, and then does it with that reason."""
    form = WhyForm(request.POST or None)
    back = reverse("accounts:user", args=[person.pk])
    if request.method == "POST" and form.is_valid():
        do(person, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, done)
        return redirect(back)
    letters = letters_of(partial(do, person, reason=person.name, by=request.user))
    more = {"form": form, "letters": letters, "submit_class": "btn-danger", "cancel_url": back}
    return render_page(request, "components/form_page.html", words, **more)


@access(BEHEERDER, shows=Page.USERS, step_up=STEP_UP)
@require_POST
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk, is_active=False)
    actions.reactivate_user(person, by=request.user)
    messages.success(request, _("%(name)s kan weer inloggen.") % {"name": person.name})
    return redirect("accounts:user", pk)


@access(BEHEERDER, shows=NOBODY)
@require_safe
def organisation_options(request: HttpRequest) -> HttpResponse:
    """Suggestions while typing the name of an organisation."""
    return _options(request, Organisation.objects.all())


@access(BEHEERDER, shows=NOBODY)
@require_safe
def client_options(request: HttpRequest) -> HttpResponse:
    """Suggestions while typing the name of an opdrachtgever."""
    return _options(request, Organisation.objects.clients())


def _options(request: HttpRequest, rows: QuerySet[Organisation]) -> HttpResponse:
    typed = next(iter(request.GET.dict().values()), "")
    return render(request, "picking/options.html", {"names": suggestions(rows.filter(is_active=True), typed)})
