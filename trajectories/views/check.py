"""/controle/: anyone with a PDF can see whether it is ours and unchanged. It says nothing else, and keeps nothing."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import NOBODY, PUBLIC, access
from topjob.certificates import Verdict
from topjob.limits import too_many
from trajectories.documents import making
from trajectories.forms.check import CheckForm

PER_HOUR = 60


@dataclass(frozen=True)
class Answer:
    """What the page says, in plain words."""

    tone: str
    title: str | Promise
    text: str | Promise


OURS = gettext_lazy("Ja, dit document klopt")
ANSWERS = {
    (True, Verdict.WHOLE): Answer(
        "good",
        OURS,
        gettext_lazy("Dit is precies een document van Top Job. Er is niets aan veranderd. Het zegel is heel."),
    ),
    (True, Verdict.ABSENT): Answer(
        "good",
        OURS,
        gettext_lazy(
            "Dit is precies een document van Top Job. Er is niets aan veranderd. Er zit geen zegel op: dat komt er pas op als "
            "iedereen heeft getekend."
        ),
    ),
    (True, Verdict.BROKEN): Answer(
        "care",
        OURS,
        gettext_lazy(
            "Dit is precies een document van Top Job. Maar het zegel klopt niet. Bel ons, dan zoeken we het uit."
        ),
    ),
    (False, Verdict.WHOLE): Answer(
        "good",
        gettext_lazy("Het zegel is heel"),
        gettext_lazy(
            "Top Job heeft dit document verzegeld. Daarna is er niets aan veranderd. Zelf hebben wij het niet meer: na een "
            "aantal jaren gooien wij documenten weg."
        ),
    ),
    (False, Verdict.BROKEN): Answer(
        "bad",
        gettext_lazy("Nee, dit document is veranderd"),
        gettext_lazy(
            "Er zat een zegel van Top Job op, maar dat is niet heel meer. Vertrouw dit document niet. Bel ons."
        ),
    ),
    (False, Verdict.ABSENT): Answer(
        "bad",
        gettext_lazy("Wij herkennen dit document niet"),
        gettext_lazy(
            "Het is niet van Top Job, of er is iets aan veranderd. Is het document opnieuw bewaard, of geprint en daarna "
            "gescand? Dan herkennen wij het ook niet. Gebruik het bestand zoals u het van ons kreeg."
        ),
    ),
}


@access(PUBLIC, shows=NOBODY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check_document(request: HttpRequest) -> HttpResponse:
    """Hand in a PDF, hear whether it is ours and whole. The same for a document we know and one we don't."""
    answer = None
    form = CheckForm(request.POST, request.FILES) if request.method == "POST" else CheckForm()
    if form.is_bound and too_many(request, "controle", per_hour=PER_HOUR):
        form.add_error(None, _("U hebt veel documenten gecontroleerd. Probeer het over een uur nog eens."))
        return render(request, "trajectories/check.html", {"form": form, "answer": None}, status=429)
    if form.is_bound and form.is_valid():
        answer, form = ANSWERS[making.examine(form.cleaned_data["file"].read())], CheckForm()
    return render(request, "trajectories/check.html", {"form": form, "answer": answer})


urlpatterns = [path("controle/", check_document, name="check_document")]
