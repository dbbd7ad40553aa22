"""The frontoffice: list, register, complete, offer, override, reject or let lapse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet, prefetch_related_objects
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import NOBODY, access
from accounts.drafts import autosave_url, drafted
from accounts.models import Client, Organisation, Page, Role
from accounts.reading import shown
from candidates import actions, likeness, rules
from candidates.filters import RegistrationFilter
from candidates.forms.registration import (
    EligibilityForm,
    OfferAnswerForm,
    OfferForm,
    ReasonForm,
    RegistrationForm,
    offer_initial,
)
from candidates.knowing import require
from candidates.links import FileLink, file_links
from candidates.models import Candidate, Offer, Registration
from candidates.views.common import FRONTOFFICE, IN_REGION
from topjob import clock
from topjob.errors import Reason, Refused
from topjob.mail_first import looks, mails, seen
from topjob.once import NOT_TYPED
from topjob.pages import Action, Crumbs, page_of, render_page
from topjob.picking import suggestions


@access(IN_REGION, shows=Page.REGISTRATIONS)
@require_safe
def registrations(request: HttpRequest) -> HttpResponse:
    """Who is waiting, longest first; the filters live in the URL."""
    data = request.GET.copy()
    data.setdefault("status", Registration.Status.NEW)
    visible = Registration.objects.visible_to(request.user)
    found = RegistrationFilter(data, queryset=visible)
    related = ("candidate", "client", "target_group", "department")
    page = page_of(found.qs, request, load=Registration.objects.select_related(*related))
    shown(request, *(row.candidate_id for row in page.object_list))
    alike = likeness.undecided(row.candidate_id for row in page.object_list if row.is_open)
    context = {
        "page_obj": page,
        "filter_form": found.form,
        "may_register": request.user.has_role(Role.FRONTOFFICE),
        "alike": {pk for pk, others in alike.items() if others},
        "is_worklist": found.is_worklist,
        "sort": found.sort,
    }
    return render(request, "candidates/registrations.html", context)


@access(FRONTOFFICE, shows=Page.REGISTRATIONS)
@drafted
def register(request: HttpRequest) -> HttpResponse:
    """One page, keyboard only; a possible duplicate is shown before anything is stored."""
    form = RegistrationForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        return _register(request, form)
    context = {"form": form, "title": _("Nieuwe aanmelding"), "verdict": _verdict_of(request.POST)}
    context["autosave_url"] = autosave_url(request)
    return render(request, "candidates/register.html", context)


def _register(request: HttpRequest, form: RegistrationForm) -> HttpResponse:
    """For a person who is known, for a new one, or after asking which of the two it is."""
    similar = Candidate.objects.visible_to(request.user).similar_to(form.candidate)
    choice = request.POST.get("besluit", "")
    if choice.isdecimal():
        person = get_object_or_404(similar, pk=choice)
        given, take = form.candidate, request.POST.getlist(f"overnemen_{person.pk}")
        item = actions.attach_registration(person, given, form.instance, take=take, by=request.user, **form.many)
    else:
        told = similar.filter(pk__in=_numbers(request.POST.getlist("gezien"))) if choice == "nieuw" else similar.none()
        if similar.exclude(pk__in=told.values("pk")).exists():
            return _ask_about_duplicates(request, form.candidate, similar, list(told.values_list("pk", flat=True)))
        item = actions.register(form.candidate, form.instance, by=request.user, unlike=list(told), **form.many)
    messages.success(request, _("De aanmelding van %(name)s is vastgelegd.") % {"name": item.candidate.full_name})
    return redirect("candidates:registration", item.pk)


def _numbers(texts: list[str]) -> list[int]:
    return [int(text) for text in texts if text.isdecimal() and len(text) < 19]


def _ask_about_duplicates(
    request: HttpRequest, candidate: Candidate, similar: QuerySet[Candidate], told: list[int]
) -> HttpResponse:
    """The files that weren't looked at yet, ten at a time: many may share the phone of one house."""
    sent = [(name, value) for name, values in request.POST.lists() for value in values]
    asked = NOT_TYPED | {"besluit", "gezien"}
    hidden = [pair for pair in sent if pair[0] not in asked and not pair[0].startswith("overnemen_")]
    new = similar.exclude(pk__in=told).order_by("pk").select_related("region")
    people = list(new.prefetch_related("registrations")[:10])
    shown(request, *(person.pk for person in people))
    alike = [(person, likeness.why_alike(person, candidate), likeness.compare(person, candidate)) for person in people]
    context = {"candidate": candidate, "alike": alike, "told": told, "hidden": hidden}
    return render(request, "candidates/duplicates.html", context)


@access(FRONTOFFICE, shows=NOBODY)
@require_safe
def eligibility(request: HttpRequest) -> HttpResponse:
    """The verdict of R2 while somebody types; nothing is stored."""
    return render(request, "candidates/_eligibility.html", {"verdict": _verdict_of(request.GET)})


def _verdict_of(data: QueryDict) -> rules.Eligibility:
    form = EligibilityForm(data)
    form.is_valid()
    given = form.cleaned_data
    group = given.get("target_group")
    table = list(group.eligibility_rules.all()) if group else []
    start = given.get("planned_start") or clock.today()
    project = bool(given.get("wants_project"))
    verdict = rules.eligibility(given.get("birth_date"), group, table, start, project)
    return replace(verdict, concerns=rules.wishes_maatwerq(given.get("wish", ""), project))


@access(IN_REGION, shows=NOBODY)
@require_safe
def client_options(request: HttpRequest) -> HttpResponse:
    """Opdrachtgevers whose name holds what is typed."""
    return _options(request, Client.objects.filter(is_active=True))


@access(IN_REGION, shows=NOBODY)
@require_safe
def employer_options(request: HttpRequest) -> HttpResponse:
    """Werkgevers whose name holds what is typed."""
    return _options(request, Organisation.objects.employers().filter(is_active=True))


def _options(request: HttpRequest, queryset: QuerySet) -> HttpResponse:
    typed = next(iter(request.GET.dict().values()), "")
    return render(request, "picking/options.html", {"names": suggestions(queryset, typed)})


@dataclass(frozen=True)
class RegistrationPage:
    """One registration, whether the person can be admitted, and what the frontoffice can do with it now."""

    registration: Registration
    candidate: Candidate
    verdict: rules.Eligibility
    may_change: bool
    actions: list[Action]
    offers: QuerySet[Offer]
    # That it isn't decided yet whether this is somebody we know already.
    alike: Reason | None
    may_decide: bool
    age: int | None
    is_minor: bool
    links: list[FileLink]
    crumbs: Crumbs


@access(IN_REGION, shows=Page.REGISTRATION)
@require_safe
def registration(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one registration, and what can be done with it now."""
    item = _visible(request, pk)
    mine = request.user.has_role_in(item.candidate.region_id, Role.FRONTOFFICE)
    alike = rules.likeness_decided(item) if item.is_open else None
    page = RegistrationPage(
        registration=item,
        candidate=item.candidate,
        verdict=rules.shown_eligibility(item),
        may_change=mine and item.is_open,
        actions=_possible(item, alike) if mine and item.is_open else [],
        offers=item.offers.select_related("client"),
        alike=alike,
        may_decide=rules.may_join(request.user, item.candidate),
        age=item.candidate.age_on(item.planned_start or clock.today()),
        is_minor=item.candidate.is_minor_on(clock.today()),
        links=file_links(item.candidate, request.user),
        crumbs=_crumbs(item),
    )
    return render_page(request, "candidates/registration.html", page)


def _visible(request: HttpRequest, pk: int) -> Registration:
    related = ("candidate__region", "client", "target_group", "department", "referrer", "override_by", "created_by")
    item = get_object_or_404(Registration.objects.visible_to(request.user).select_related(*related), pk=pk)
    require(request, item.candidate)
    shown(request, item.candidate_id)
    return item


def _for_change(request: HttpRequest, pk: int) -> Registration:
    """A registration of a region where somebody works as frontoffice, and that is still open."""
    item = _visible(request, pk)
    if not request.user.has_role_in(item.candidate.region_id, Role.FRONTOFFICE):
        raise Refused(_("Alleen de frontoffice van deze regio mag een aanmelding wijzigen."))
    if not item.is_open:
        raise Refused(rules.already_ended(item.status))
    return item


def _crumbs(item: Registration, last: str = "") -> list[dict[str, str]]:
    crumbs = [
        {"label": _("Aanmeldingen"), "url": reverse("candidates:registrations")},
        {"label": item.candidate.full_name, "url": reverse("candidates:registration", args=[item.pk])},
    ]
    return [*crumbs, {"label": last, "url": ""}] if last else crumbs


def _possible(item: Registration, alike: Reason | None) -> list[Action]:
    """The steps of the frontoffice, in the order of the work; who it is comes before assigning."""
    assign, here = reverse("trajectories:assign", args=[item.pk]), [item.pk]
    return [
        Action(_("Toewijzen aan afdeling"), assign, reasons=[alike] if alike else [], primary=True),
        Action(_("Aanmelding aanvullen"), reverse("candidates:registration_edit", args=here)),
        Action(_("Offerte maken"), reverse("candidates:offer", args=here)),
        Action(_("Laten vervallen"), reverse("candidates:lapse", args=here)),
        Action(_("Afwijzen"), reverse("candidates:reject", args=here), danger=True),
    ]


@access(FRONTOFFICE, shows=Page.REGISTRATION)
def registration_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Complete a registration, for instance one that came in through the website."""
    item = _for_change(request, pk)
    prefetch_related_objects([item], "kinds_of_place", "branches")
    form = RegistrationForm(request.POST or None, instance=item, candidate=item.candidate, user=request.user)
    if request.method == "POST" and form.is_valid():
        item.candidate = form.candidate
        actions.update_registration(item, by=request.user, changed=form.changed_data, **form.many)
        messages.success(request, _("De aanmelding is bijgewerkt."))
        return redirect("candidates:registration", item.pk)
    title = _("Aanmelding van %(name)s") % {"name": item.candidate.full_name}
    context = {
        "form": form,
        "title": title,
        "verdict": _verdict_of(request.POST) if form.is_bound else rules.shown_eligibility(item),
        "crumbs": _crumbs(item, _("Aanvullen")),
        "cancel_url": reverse("candidates:registration", args=[item.pk]),
    }
    return render(request, "candidates/register.html", context)


@access(FRONTOFFICE, shows=Page.REGISTRATION)
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the offerte to the opdrachtgever."""
    item = _for_change(request, pk)
    form = OfferForm(request.POST or None, instance=Offer(registration=item), initial=offer_initial(item))
    shown_first = mails()
    if request.method == "POST" and form.is_valid():
        send = partial(actions.send_offer, form.instance, by=request.user)
        if not looks(request):
            send()
            messages.success(request, _("De offerte is vastgelegd. Leg hier het antwoord vast zodra het er is."))
            return redirect("candidates:registration", item.pk)
        shown_first = seen(send)
    subtitle = _("Heeft de opdrachtgever een e-mailadres, dan gaat de offerte er meteen naartoe.")
    words = {"subtitle": subtitle, "submit_label": _("Offerte versturen"), **shown_first}
    return _form_page(request, item, form, _("Offerte"), **words)


@access(FRONTOFFICE, shows=Page.REGISTRATION)
def offer_answer(request: HttpRequest, pk: int, offer_pk: int) -> HttpResponse:
    """Write down what the opdrachtgever answered."""
    item = _for_change(request, pk)
    sent = get_object_or_404(item.offers.select_related("client", "registration"), pk=offer_pk)
    form = OfferAnswerForm(request.POST or None, instance=sent)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        note = given.pop("answer_note")
        actions.record_offer_answer(Offer.objects.get(pk=sent.pk), by=request.user, note=note, **given)
        messages.success(request, _("Het antwoord is vastgelegd."))
        return redirect("candidates:registration", item.pk)
    return _form_page(request, item, form, _("Antwoord op de offerte"), subtitle=str(sent))


@access(FRONTOFFICE, shows=Page.REGISTRATION)
def override(request: HttpRequest, pk: int) -> HttpResponse:
    """R2: admit somebody although the table doesn't, with a reason that stays visible."""
    verdict = rules.eligibility_of(_visible(request, pk)).reason_text
    text = _("Toch toegelaten. De reden blijft zichtbaar bij de aanmelding.")
    return _with_reason(request, pk, _("Toch toelaten"), verdict, actions.override_eligibility, text)


@access(FRONTOFFICE, shows=Page.REGISTRATION)
def reject(request: HttpRequest, pk: int) -> HttpResponse:
    subtitle = _("De aanmelding stopt hier. Vanaf vandaag loopt de bewaartermijn.")
    text = _("De aanmelding is afgewezen.")
    return _with_reason(request, pk, _("Aanmelding afwijzen"), subtitle, actions.reject_registration, text, danger=True)


@access(FRONTOFFICE, shows=Page.REGISTRATION)
def lapse(request: HttpRequest, pk: int) -> HttpResponse:
    subtitle = _("Voor wie zich terugtrekt of niet te bereiken is. Vanaf vandaag loopt de bewaartermijn.")
    text = _("De aanmelding is vervallen.")
    return _with_reason(
        request, pk, _("Aanmelding laten vervallen"), subtitle, actions.lapse_registration, text, danger=True
    )


def _with_reason(
    request: HttpRequest,
    pk: int,
    title: str,
    subtitle: str,
    action: Callable[..., Any],
    done: str,
    danger: bool = False,
) -> HttpResponse:
    """A page that asks for a reason and then does one thing."""
    item = _for_change(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        action(item, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, done)
        return redirect("candidates:registration", item.pk)
    look = {"submit_class": "btn-danger"} if danger else {}
    return _form_page(request, item, form, title, subtitle=subtitle, submit_label=title, **look)


@dataclass(frozen=True)
class RegistrationFormPage:
    """What every page with one form about a registration says, beside the words of its own."""

    form: BaseForm
    title: str
    eyebrow: str
    crumbs: Crumbs
    cancel_url: str


def _form_page(request: HttpRequest, item: Registration, form: BaseForm, title: str, **more: Any) -> HttpResponse:
    page = RegistrationFormPage(
        form=form,
        title=title,
        eyebrow=item.candidate.full_name,
        crumbs=_crumbs(item, title),
        cancel_url=reverse("candidates:registration", args=[item.pk]),
    )
    return render_page(request, "components/form_page.html", page, **more)
