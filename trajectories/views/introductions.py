"""From match to application talk: choosing a vacancy, consent to share, and how the talk went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import CASE_WORKERS, access, roles
from accounts.models import Page, Role
from candidates.models import Candidate, Consent
from candidates.sharing import EmployerView, employer_view
from employers.models import Vacancy
from matching import pairs
from matching.explain import Explained, explain
from matching.results import reference
from matching.views.pages import candidate_or_404
from topjob import clock
from topjob.errors import Reason, Refused, promised
from topjob.pages import Crumbs, crumbs, form_page, posted, render_page
from trajectories import actions
from trajectories.forms.cases import ChooseForm, ConsentForm, TalkForm
from trajectories.journey.core import require_work
from trajectories.models import Application, Trajectory
from trajectories.pages.cards import vacancy_words
from trajectories.pages.steps import reasons_against
from trajectories.process import rules
from trajectories.process.workflow import Journey, State, name_of
from trajectories.views.pages import case_url, name_and, trail, visible_case


@dataclass(frozen=True)
class ChoosePage:
    """A vacancy that could be chosen for somebody, with the reasons of the match in view."""

    title: str
    candidate: Candidate
    vacancy: Vacancy
    pairs: list[tuple[str, Any]]
    # Why nothing can be chosen now; then there is no form, and no match to show.
    reasons: list[Reason]
    form: ChooseForm | None
    match: Explained | None
    why_url: str
    cancel_url: str
    crumbs: Crumbs


@access(roles(Role.WERKMAKELAAR), shows=Page.MATCH)
def choose(request: HttpRequest, candidate_pk: int, vacancy_pk: int) -> HttpResponse:
    """The werkmakelaar, a named person, chooses a vacancy for someone, with the reasons of the match in view."""
    candidate = candidate_or_404(request, candidate_pk)
    vacancy = get_object_or_404(Vacancy.objects.visible_to(request.user).with_names(), pk=vacancy_pk)
    case = Trajectory.objects.visible_to(request.user).open().with_people().filter(candidate=candidate).first()
    reasons = _not_choosable(case, candidate, vacancy)
    if reasons and request.method == "POST":
        raise Refused(*reasons, title=_("Vacature kiezen"))
    pair = None if reasons else pairs.pair_of(candidate, vacancy)
    form = ChooseForm(posted(request), pair=pair) if pair else None
    if case is not None and form is not None and form.is_bound and form.is_valid():
        actions.choose_match(case, vacancy, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("%s gekozen. Leg nu de toestemming vast om gegevens te delen.") % vacancy.title)
        return redirect("trajectories:consent", case.pk)
    page = ChoosePage(
        title=_("Vacature kiezen"),
        candidate=candidate,
        vacancy=vacancy,
        pairs=vacancy_words(vacancy),
        reasons=reasons,
        form=form,
        match=_explained(pair) if pair else None,
        why_url=reverse("matching:why", args=[candidate_pk, vacancy_pk]),
        cancel_url=reverse("matching:for_candidate", args=[candidate_pk]),
        crumbs=trail(case, (_("Vacature kiezen"), "")) if case else crumbs((candidate.full_name, "")),
    )
    return render_page(request, "trajectories/cases/choose.html", page)


def _not_choosable(case: Trajectory | None, candidate: Candidate, vacancy: Vacancy) -> list[Reason]:
    """Why nothing can be chosen now, in the order somebody would solve it."""
    if case is None:
        return [Reason(_("Deze persoon heeft geen lopend traject."), "candidates:person", candidate.pk)]
    if case.state != State.BEMIDDELBAAR:
        text = _("Kiezen kan als iemand bemiddelbaar is; het traject staat op “%(state)s”.")
        return [Reason(text % {"state": case.state_label}, "trajectories:detail", case.pk)]
    if full := rules.no_seat_at(vacancy):
        return [full]
    if pairs.profile_of(candidate) is None:
        return [pairs.no_profile_of(candidate)]
    return []


def _explained(pair: pairs.Pair) -> Explained:
    return explain(pair.person, pair.vacancy, clock.today(), pair.weights, reference().names)


@dataclass(frozen=True)
class ConsentPage:
    """What a person agrees to share with the employer of the chosen vacancy, with what that employer then sees."""

    title: str
    eyebrow: str
    form: ConsentForm
    case: Trajectory
    # The consent that holds.
    current: Consent | None
    view: EmployerView
    cancel_url: str
    crumbs: Crumbs


@access(CASE_WORKERS, shows=Page.CONSENT)
def consent(request: HttpRequest, pk: int) -> HttpResponse:
    """What the person agreed to share with the employer of the chosen vacancy, with what that employer then sees (R16)."""
    case = visible_case(request, pk)
    application = case.current_application
    if application is None:
        raise Refused(rules.no_vacancy_of(case), title=_("Toestemming om te delen"))
    require_work("record_consent", case, by=request.user)
    current = case.candidate.consents.valid().filter(organisation=application.organisation_id).first()
    only_look = "preview" in request.POST
    draft = _draft(case, application, request.POST if only_look else current)
    form = ConsentForm(None if only_look else posted(request), instance=draft)
    if form.is_bound and form.is_valid():
        actions.record_consent(case, by=request.user, **form.cleaned_data)
        may_go_on = not reasons_against(name_of(Journey.introduce), visible_case(request, pk), request.user)
        more = _("Je kunt de kandidaat nu voorstellen.") if may_go_on else ""
        messages.success(request, " ".join(filter(None, (_("Toestemming vastgelegd."), more))))
        return redirect("trajectories:detail", pk)
    title = _("Toestemming om te delen met %(employer)s") % {"employer": application.organisation.name_and_place}
    page = ConsentPage(
        title=title,
        eyebrow=case.candidate.full_name,
        form=form,
        case=case,
        current=current,
        view=employer_view(case.candidate, form.instance),
        cancel_url=case_url(case),
        crumbs=trail(case, (_("Toestemming"), "")),
    )
    return render_page(request, "trajectories/cases/consent.html", page)


def _draft(case: Trajectory, application: Application, source: Consent | QueryDict | None) -> Consent:
    """A consent to fill in: as somebody just ticked, as it holds now, or empty. The present row stays as it was given."""
    draft = Consent(candidate=case.candidate, organisation=application.organisation)
    for part in ("contact", "cv", "portfolio", "support"):
        name = f"share_{part}"
        if isinstance(source, Consent):
            setattr(draft, name, getattr(source, name))
        elif source is not None:
            setattr(draft, name, name in source)
    if isinstance(source, QueryDict):
        draft.channel = source.get("channel", "")
    return draft


@access(CASE_WORKERS, shows=Page.APPLICATION)
def talk(request: HttpRequest, pk: int) -> HttpResponse:
    """The application talk was held: when, and how it went."""
    case = visible_case(request, pk)
    require_work("record_talk", case, by=request.user)
    application = promised(case.current_application)
    form = TalkForm(posted(request), initial=_talk_so_far(application))
    form.suggested = set() if application.talk_at else {"talk_at"}
    if form.is_bound and form.is_valid():
        actions.record_talk(case, by=request.user, **form.cleaned_data)
        messages.success(request, _("Gesprek vastgelegd. Leg nu de uitkomst vast: aannemen of niet doorgaan."))
        return redirect("trajectories:detail", pk)
    title = _("Sollicitatiegesprek bij %(employer)s") % {"employer": application.organisation.name_and_place}
    return form_page(request, form, title=title, **name_and(case, crumbs=trail(case, (_("Sollicitatiegesprek"), ""))))


def _talk_so_far(application: Application) -> dict[str, Any]:
    planned = application.talk_at
    return {
        "talk_at": planned if planned and planned <= clock.now() else clock.now().replace(second=0, microsecond=0),
        "notes": application.talk_notes,
    }
