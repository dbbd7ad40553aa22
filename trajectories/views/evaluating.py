"""The evaluation on a phone: one question per screen, every answer kept at once; and a party that didn't come (R7)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import CASE_WORKERS, PUBLIC, access
from accounts.models import Page
from topjob import clock
from topjob.errors import Refused
from topjob.mail_first import looks, mails, seen
from topjob.pages import form_page, posted, render_page
from trajectories import actions
from trajectories.forms.evaluating import AnswerForm, NoShowForm, Question, questions_for
from trajectories.journey.core import require_work
from trajectories.models import NoShow, PartyLink, StartPlan
from trajectories.process import rules
from trajectories.process.choices import THREE_PARTIES, Party
from trajectories.views.pages import trail, visible_case
from trajectories.views.personal import closed_page, for_party, personal_page
from trajectories.views.trials import evaluation_of, parties_of

CHECK = "controle"


@dataclass(frozen=True)
class QuestionsPage:
    """The way through the questions, where it begins and where it ends; beside who looks."""

    questions: list[Question]
    here: str
    plan: StartPlan | None
    open_questions: list[Question]
    has_begun: bool
    # The first one that is open; 0 when all were answered.
    next_number: int


@dataclass(frozen=True)
class QuestionPage:
    """One question, which stands on a screen by itself; beside who looks."""

    questions: list[Question]
    here: str
    plan: StartPlan | None
    question: Question
    form: AnswerForm
    # Where it was opened from: the check at the end, or nothing.
    back: str


@access(PUBLIC, shows=Page.EVALUATION)
@personal_page(PartyLink.Purpose.EVALUATE)
def evaluate(request: HttpRequest, token: str, link: PartyLink) -> HttpResponse:
    """The way through the questions: beginning, one question per screen, check and send; looking keeps nothing."""
    if link.used_at is not None:
        return render(request, "trajectories/trials/evaluated.html", for_party(link))
    if closed := actions.why_link_is_closed(link):
        return closed_page(request, link, closed)
    draft = actions.draft_of(link)
    questions = questions_for(link.party.party, link.trajectory.candidate.call_name, draft)
    here = reverse("trajectories:evaluate", args=[token])
    try:
        if request.method == "POST":
            return _answered(request, link, questions, here)
    except Refused:
        # Sent twice at once, or somebody recorded it meanwhile: the page itself says how the link stands.
        return redirect(here)
    wanted = request.GET.get("vraag", "")
    if (question := _numbered(questions, wanted)) is not None:
        return _screen(request, link, questions, question, AnswerForm(question=question))
    template = f"trajectories/trials/{'evaluate_check' if wanted == CHECK else 'evaluate'}.html"
    return render_page(request, template, _questions_page(link, questions, here), **for_party(link))


def _questions_page(link: PartyLink, questions: list[Question], here: str) -> QuestionsPage:
    open_ones = [question for question in questions if not question.is_answered]
    return QuestionsPage(
        questions=questions,
        here=here,
        plan=link.plan,
        open_questions=open_ones,
        has_begun=any(question.given for question in questions),
        next_number=open_ones[0].number if open_ones else 0,
    )


def _answered(request: HttpRequest, link: PartyLink, questions: list[Question], here: str) -> HttpResponse:
    """Keep the answer and go on to the next screen, or send everything."""
    wanted = request.POST.get("vraag", "")
    if wanted == CHECK:
        actions.send_view(link)
        return redirect(here)
    question = _numbered(questions, wanted)
    if question is None:
        return redirect(here)
    form = AnswerForm(request.POST, question=question)
    if not form.is_valid():
        return _screen(request, link, questions, question, form)
    actions.keep_answer(link, **form.values())
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return JsonResponse({"saved_at": f"{clock.now().astimezone(clock.AMSTERDAM):%H:%M}"})
    is_last = question.number == len(questions) or request.POST.get("terug") == CHECK
    return redirect(f"{here}?vraag={CHECK if is_last else question.number + 1}")


def _numbered(questions: list[Question], wanted: str) -> Question | None:
    return next((question for question in questions if str(question.number) == wanted), None)


def _screen(
    request: HttpRequest, link: PartyLink, questions: list[Question], question: Question, form: AnswerForm
) -> HttpResponse:
    back = (request.POST if request.method == "POST" else request.GET).get("terug")
    page = QuestionPage(
        questions=questions,
        here=request.path,
        plan=link.plan,
        question=question,
        form=form,
        back=CHECK if back == CHECK else "",
    )
    return render_page(request, "trajectories/trials/evaluate_question.html", page, **for_party(link))


# --- Not come --------------------------------------------------------------------------------------------------------
@access(CASE_WORKERS, shows=Page.EVALUATION)
def no_show(request: HttpRequest, pk: int, party: str) -> HttpResponse:
    """The short way when a party didn't come to the evaluation: recorded with its reason, and what follows."""
    case = visible_case(request, pk)
    if party not in THREE_PARTIES:
        raise Http404
    back = reverse("trajectories:evaluation", args=[pk])
    row = next((row for row in parties_of(case, evaluation_of(case)) if row.party.party == party), None)
    if row is None or row.is_done:
        raise Refused(rules.view_is_given(case))
    require_work("record_view", case, by=request.user)
    form, shown_first = NoShowForm(posted(request)), mails()
    is_answered = form.is_bound and form.is_valid()
    if is_answered and looks(request):
        shown_first = seen(partial(actions.record_no_show, case, party=row.party, by=request.user, **form.cleaned_data))
    elif is_answered:
        kept = actions.record_no_show(case, party=row.party, by=request.user, **form.cleaned_data)
        messages.success(request, _WHAT_NEXT[NoShow.Follows(kept.follows)] % {"name": row.party.name})
        return (
            redirect("trajectories:record_view", pk, party)
            if kept.follows == NoShow.Follows.ON_BEHALF
            else redirect(back)
        )
    title = _("%(name)s is niet gekomen") % {"name": row.party.name}
    words = {"eyebrow": case.candidate.full_name, "subtitle": row.role.capitalize(), "submit_label": _("Vastleggen")}
    crumbs = trail(case, (_("Evaluatie"), back), (Party(party).label.capitalize(), ""))
    return form_page(request, form, title=title, cancel=back, crumbs=crumbs, **words, **shown_first)


_WHAT_NEXT = {
    NoShow.Follows.AGAIN: gettext_lazy("Vastgelegd. Er gaat een nieuwe link naar %(name)s."),
    NoShow.Follows.ON_BEHALF: gettext_lazy("Vastgelegd. Vul nu het oordeel van %(name)s in, na overleg."),
    NoShow.Follows.WITHOUT: gettext_lazy(
        "Vastgelegd. Zonder het oordeel van %(name)s volgt geen contract: kies wat er wel volgt."
    ),
}

urlpatterns = [
    path("trajecten/<int:pk>/evaluatie/niet-gekomen/<str:party>/", no_show, name="no_show"),
    path("evalueren/<str:token>/", evaluate, name="evaluate"),
]
