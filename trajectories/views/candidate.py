"""The youth's own page (B1, phone first): what happens now, whose turn it is, what you can do; and giving them a login."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import CANDIDATE_PORTAL, CASE_WORKERS, access
from accounts.models import AuditEntry, Page, Role, User
from accounts.reading import shown
from candidates.models import Candidate, ContactMoment
from matching.models import MatchDecision
from topjob import clock
from topjob.errors import promised
from topjob.mail_first import letters_page
from topjob.pages import crumbs, form_page, posted, render_page
from trajectories import actions
from trajectories.forms.portal import YouthDeclineForm
from trajectories.models import (
    Application,
    CheckIn,
    CoachingSession,
    GeneratedDocument,
    PartyLink,
    Qualification,
    Trajectory,
    guides,
)
from trajectories.models.guides import GUIDES
from trajectories.pages.ambition_scale import Progress, progress_of, talks_of
from trajectories.pages.plain_words import DONE_BY_YOUTH, FOR_YOUTH, MY_PHASES, NOT_SHARED, Plain
from trajectories.pages.portal import contract_pairs, running_contracts, waiting_links
from trajectories.process import rules
from trajectories.process.choices import Party
from trajectories.process.workflow import PHASES, Journey, State, names_of
from trajectories.timing.owners import acting_for
from trajectories.views.employer import in_plain_words
from trajectories.views.pages import case_url, trail, visible_case

# The steps by which a place is lost.
PLACE_LOST = names_of(Journey.decline_application, Journey.withdraw_plan, Journey.break_off_trial, Journey.other_place)


@dataclass(frozen=True)
class MyCasePage:
    """The own trajectory, as the youth reads it."""

    case: Trajectory
    me: Candidate
    plain: Plain
    turn: str
    steps: list[dict[str, Any]]
    application: Application | None
    was_proposed: bool
    place_off: Application | None
    may_decline: bool
    agenda: list[dict[str, Any]]
    links: QuerySet[PartyLink]
    documents: QuerySet[GeneratedDocument]
    progress: Progress | None
    contract: list[tuple[str, Any]]
    qualifications: QuerySet[Qualification]
    guides: list[tuple[str, User]]


@access(CANDIDATE_PORTAL, shows=Page.CASE)
@require_safe
def my_case(request: HttpRequest) -> HttpResponse:
    """The own trajectory in plain words; before assignment the registration, after closing how it ended."""
    case = _my_case(request)
    if case is None:
        me = Candidate.objects.filter(user=request.user).first()
        shown(request, me.pk if me else None)
        waiting = me is not None and me.registrations.open().exists()
        return render(request, "trajectories/portal/no_case.html", {"me": me, "is_waiting": waiting})
    shown(request, case.candidate_id)
    sessions = talks_of(case)
    contract = running_contracts([case]).first()
    page = MyCasePage(
        case=case,
        me=case.candidate,
        plain=_plain(case),
        turn=_turn(case),
        steps=_steps(case),
        application=case.current_application,
        was_proposed=_was_proposed(case),
        place_off=_place_off(case),
        may_decline=case.state == State.SOLLICITATIE,
        agenda=_agenda(case, sessions),
        links=waiting_links(Party.YOUTH, [case]),
        documents=GeneratedDocument.objects.visible_to(request.user).filter(trajectory=case),
        progress=progress_of(sessions),
        contract=contract_pairs(contract) if contract else [],
        qualifications=case.qualifications.all(),
        guides=_guides(case),
    )
    return render_page(request, "trajectories/portal/my_case.html", page)


def _my_case(request: HttpRequest) -> Trajectory | None:
    """The trajectory that runs, else the last one."""
    rows = Trajectory.objects.for_candidate(request.user).with_people().select_related("career_adviser", "job_broker")
    rows = rows.annotate(**guides.asked_along()).prefetch_related("candidate__consents")
    case = rows.order_by(F("closed_at").desc(nulls_first=True), "-pk").first()
    if case is not None:
        guides.take(case)
    return case


def _plain(case: Trajectory) -> Plain:
    """The words of the state; whoever signed or answered already isn't asked again."""
    plain = FOR_YOUTH[case.state]
    if case.state == State.SOLLICITATIE and rules.consent_given(case):
        return replace(plain, you=NOT_SHARED)
    return replace(plain, you=DONE_BY_YOUTH[case.state]) if _did_my_part(case) else plain


def _did_my_part(case: Trajectory) -> bool:
    """Whether the youth signed the plan that goes round, or gave their view of the trial; on paper or by a guide as well."""
    if case.state == State.STARTPLAN:
        plan = case.current_plan
        return plan is not None and any(row.role == Party.YOUTH for row in plan.signatures.all())
    return case.state == State.EVALUATIE and Party.YOUTH not in rules.missing_views(case)


def _was_proposed(case: Trajectory) -> bool:
    """Whether the reasons of the proposal were kept; a place found outside matching has none."""
    application = case.current_application
    proposed = case.candidate.match_decisions.filter(decision=MatchDecision.Decision.PROPOSED)
    return application is not None and proposed.filter(vacancy=application.vacancy_id).exists()


def _place_off(case: Trajectory) -> Application | None:
    """The place whose end made the search begin anew; none when the youth said no, or learns on after it."""
    if case.state != State.BEMIDDELBAAR:
        return None
    came = AuditEntry.objects.filter(trajectory_id=case.pk, state_to=case.state).order_by("-pk").first()
    if came is None or came.verb not in PLACE_LOST or came.actor_id == case.candidate.user_id:
        return None
    ended = case.applications.exclude(status__in=Application.RUNNING).filter(introduced_at__isnull=False)
    return ended.select_related("vacancy", "organisation").order_by("-pk").first()


def _turn(case: Trajectory) -> str:
    """Whose turn it is, by name where it is one of the own guides."""
    if not case.turn:
        return _("Niemand: je traject is klaar.")
    owner = acting_for(case, case.turn)
    if owner is None or case.turn == Role.BACKOFFICE:
        return _("Top Job is aan zet.")
    return _("%(name)s van Top Job is aan zet.") % {"name": owner.name}


def _steps(case: Trajectory) -> list[dict[str, Any]]:
    """The stepper A–E in the youth's words."""
    letters = list(MY_PHASES)
    at, runs = letters.index(case.phase), case.state in PHASES
    return [
        {
            "letter": letter,
            "label": MY_PHASES[letter],
            "status": "done" if place < at or (place == at and not runs) else "todo",
            "current": place == at and runs,
            "note": "",
        }
        for place, letter in enumerate(letters)
    ]


def _agenda(case: Trajectory, sessions: list[CoachingSession]) -> list[dict[str, Any]]:
    """What is planned from today on, the first thing first."""
    today = clock.today()
    talks = case.candidate.contact_moments.filter(status=ContactMoment.Status.PLANNED, at__date__gte=today)
    found: list[dict[str, Any]] = [
        {"on": clock.local(talk.at), "at": talk.at, "what": talk.get_kind_display(), "where": talk.place}
        for talk in talks.select_related("by")
    ]
    found += _application_talk(case.current_application)
    found += [{"on": s.next_on, "at": None, "what": _("Gesprek met je jobcoach"), "where": ""} for s in sessions[:1]]
    coming = CheckIn.objects.filter(aftercare__trajectory=case, aftercare__stopped_on=None, held_on=None)
    coming = coming if case.state == State.NAZORG else coming.none()
    found += [{"on": row.due_on, "at": None, "what": _("We nemen contact op"), "where": ""} for row in coming[:2]]
    return sorted((row for row in found if row["on"] and row["on"] >= today), key=lambda row: row["on"])


def _application_talk(application: Application | None) -> list[dict[str, Any]]:
    if application is None or application.talk_at is None or application.talk_held:
        return []
    what = _("Gesprek bij %(company)s") % {"company": application.organisation}
    return [{"on": clock.local(application.talk_at), "at": application.talk_at, "what": what, "where": ""}]


def _guides(case: Trajectory) -> list[tuple[str, User]]:
    """Who helps the youth, the one to call first on top."""
    labels = {"regisseur": _("Regisseur"), "career_adviser": _("Loopbaanadviseur"), "job_broker": _("Werkmakelaar")}
    labels["jobcoach"] = _("Jobcoach")
    found = [(labels[name], acting_for(case, role)) for role, name in GUIDES.items() if role in case.at_work]
    return sorted(((label, user) for label, user in found if user), key=lambda pair: pair[1] != case.contact)


@access(CANDIDATE_PORTAL, shows=Page.CASE)
def my_decline(request: HttpRequest) -> HttpResponse:
    """The youth doesn't want the place they were introduced for, with a reason."""
    case = get_object_or_404(Trajectory.objects.for_candidate(request.user).filter(state=State.SOLLICITATIE))
    shown(request, case.candidate_id)
    back = reverse("trajectories:my_case")
    form = YouthDeclineForm(posted(request), trajectory=case)
    if form.is_bound and form.is_valid():
        with in_plain_words():
            actions.decline_application(case, by=request.user, **form.values())
        messages.success(request, _("Je hebt deze plek afgezegd. We zoeken een andere plek voor je."))
        return redirect(back)
    application = promised(case.current_application)
    words: dict[str, Any] = {
        "eyebrow": f"{application.vacancy.title}, {application.organisation}",
        "submit_class": "btn-danger",
    }
    words |= {"submit_label": _("Ja, ik zeg af"), "crumbs": crumbs((_("Mijn traject"), back), (_("Afzeggen"), ""))}
    template = "trajectories/portal/my_form.html"
    return form_page(request, form, title=_("Ik wil deze plek niet"), cancel=back, template=template, **words)


@access(CANDIDATE_PORTAL, shows=Page.CASE)
@require_POST
def my_link(request: HttpRequest, pk: int) -> HttpResponse:
    """The youth asks for a fresh link to sign or to give a view; it goes to their own mail."""
    cases = Trajectory.objects.for_candidate(request.user)
    link = get_object_or_404(waiting_links(Party.YOUTH, cases), pk=pk)
    with in_plain_words():
        actions.request_link(link, by=request.user)
    text = _("We sturen een nieuwe link naar %(email)s. De oude link werkt niet meer.")
    messages.success(request, text % {"email": link.party.link_goes_to})
    return redirect("trajectories:my_case")


@access(CASE_WORKERS, shows=Page.CASE)
@require_http_methods(["GET", "HEAD", "POST"])
def invite_candidate(request: HttpRequest, pk: int) -> HttpResponse:
    """A guide gives the person a login of their own."""
    case = visible_case(request, pk)
    let_in = partial(actions.invite_candidate, case, by=request.user)
    if request.method != "POST":
        title = _("Eigen pagina voor %(name)s") % {"name": case.candidate.full_name}
        return letters_page(request, let_in, title=title, cancel=case_url(case), crumbs=trail(case, (title, "")))
    user = let_in()
    messages.success(request, _("De uitnodiging gaat naar %(email)s.") % {"email": user.email})
    return redirect("trajectories:detail", pk)


urlpatterns = [
    path("mijn/", my_case, name="my_case"),
    path("mijn/afzeggen/", my_decline, name="my_decline"),
    path("mijn/links/<int:pk>/nieuw/", my_link, name="my_link"),
    path("trajecten/<int:pk>/inlog/", invite_candidate, name="invite_candidate"),
]
