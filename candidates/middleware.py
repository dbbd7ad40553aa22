"""The number of a file that was joined leads to the file that was kept, on every page about a person."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from candidates.models import Candidate
from topjob.errors import Reason, Refused

# Every page about a person begins so; the number is called one of these.
PERSON = "personen/<int:"
NAMES = ("pk", "candidate_pk")


class JoinedFileMiddleware:
    """Asks only where nothing was found: whoever may see the kept file is brought there, others find nothing, as ever."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        match = request.resolver_match
        if not isinstance(exception, Http404) or match is None or not match.route.startswith(PERSON):
            return None
        name = next((name for name in NAMES if name in match.kwargs), "")
        kept = _kept_instead_of(match.kwargs.get(name), request)
        if kept is None:
            return None
        if request.method not in ("GET", "HEAD"):
            return _moved_meanwhile(request, kept)
        query = request.META.get("QUERY_STRING", "")
        return redirect(reverse(match.view_name, kwargs=match.kwargs | {name: kept}) + (f"?{query}" if query else ""))


def _kept_instead_of(number: int | None, request: HttpRequest) -> int | None:
    visible = Candidate.objects.visible_to(request.user).filter(joined_files=number)
    return visible.values_list("pk", flat=True).first() if number else None


def _moved_meanwhile(request: HttpRequest, kept: int) -> HttpResponse:
    """Somebody had a page open while the files were joined: nothing of it is written in the wrong place."""
    text = _("Dit dossier is intussen samengevoegd met een ander dossier. Er is niets opgeslagen; ga daar verder.")
    refused = Refused(Reason(text, "candidates:person", kept))
    back = reverse("candidates:person", args=[kept])
    return render(request, "refused.html", {"refused": refused, "back": back}, status=409)
