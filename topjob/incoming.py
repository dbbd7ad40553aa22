"""The one door for text: whatever a browser or a program sends is cleaned before anybody reads it (decision 32).

Cleaning is done with the request and not in each form, because a view may read what was posted without a form, a form of a
library knows nothing of ours, and a form that is written tomorrow can't forget it. What only a field knows, whether its text
has lines, the field adds. Reading the body stays where it was (the check of the form's token), so limits on it stay the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.http.request import UnreadablePostError
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.http import parse_header_parameters

from topjob.text import clean, clean_lines

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

TAKEN = ("GET", "HEAD", "POST")
# Ways of asking that exist, but that no page of ours has an answer to.
NOT_TAKEN = {"PUT", "PATCH", "DELETE", "OPTIONS"}
MOST_DIGITS = 18  # of a size that is really meant
UTF8 = {"utf-8", "utf8"}
NAMELESS_FILE = "bestand"


class OnlyUtf8:
    """Stands before Django, which lets the sender choose how text is read: with half characters, or by no encoding of text."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not _is_utf8(environ.get("CONTENT_TYPE", "")):
            environ["CONTENT_TYPE"] = environ["CONTENT_TYPE"].partition(";")[0]
            if environ["REQUEST_METHOD"] == "POST":
                start_response("400 Bad Request", [("Content-Type", "text/html; charset=utf-8")])
                return [get_template("400.html").render().encode()]
        return self.application(environ, start_response)


def _is_utf8(content_type: str) -> bool:
    """Whether the text is sent as UTF-8; a header that can't be read at all (`x*=nonsense''a`) says nothing of the kind."""
    try:
        return parse_header_parameters(content_type)[1].get("charset", "utf-8").lower() in UTF8
    except ValueError:
        return False


class WellFormedMiddleware:
    """Answers what can't be read with one plain page, before anything of it is read: 400, or 413 when it says it is too big.

    What no page takes (PUT, DELETE and the like) gets 405: every address alike, whether it exists or not, whoever asks. A body
    of more than all files of one form together isn't taken in at all. What only shows while a form is read (a broken part, too
    many fields) Django answers with the same page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _declared_size(request) > settings.MAX_BODY_BYTES:
            return render(None, "400.html", {"too_big": True}, status=413)
        if request.method in NOT_TAKEN:
            return HttpResponseNotAllowed(TAKEN)
        if request.method not in TAKEN or "\x00" in request.path or not _is_readable(request):
            return render(None, "400.html", status=400)
        return self.get_response(request)


def _declared_size(request: HttpRequest) -> int:
    declared = request.headers.get("content-length") or "0"
    return int(declared[:MOST_DIGITS]) if declared.isascii() and declared.isdecimal() else 0


def _is_readable(request: HttpRequest) -> bool:
    """Text in UTF-8, and a size that is a number."""
    declared = request.headers.get("content-length") or "0"
    if not _is_utf8(request.headers.get("content-type", "")):
        request.encoding = "utf-8"
        return request.method != "POST"
    return declared.isascii() and declared.isdecimal()


class CleanAddressMiddleware:
    """The query string and the cookies."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.GET = cleaned(request.GET)  # type: ignore[assignment]
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if "\x00" not in value}
        return self.get_response(request)


class CleanFormMiddleware:
    """What was posted and what the files are called; after the check of the token, which reads the body first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: tuple, kwargs: dict[str, Any]) -> None:
        if request.method != "POST":
            return
        try:
            request.POST = cleaned(request.POST)  # type: ignore[assignment]
        except UnreadablePostError:
            return  # whoever was sending went away: the view finds nothing posted
        for name in request.FILES:
            for upload in request.FILES.getlist(name):
                upload.name = clean(upload.name or "") or NAMELESS_FILE


def cleaned(sent: QueryDict) -> QueryDict:
    """The same names and values, cleaned; passwords are the writer's own, to the last sign."""
    kept = QueryDict(mutable=True, encoding=sent.encoding)
    for name, values in sent.lists():
        kept.setlist(name, values if is_secret(name) else [clean_lines(value) for value in values])
    kept._mutable = False
    return kept


def is_secret(name: str) -> bool:
    """A field of which not a letter is changed, kept or shown again: a password."""
    return "password" in name.lower() or "wachtwoord" in name.lower()


def fields_know_their_lines() -> None:
    """From now on every text field of every form, a library's too, keeps line ends only where its box shows lines."""
    as_django_does = forms.CharField.to_python

    def to_python(self: forms.CharField, value: Any) -> str | None:
        if isinstance(value, str) and not isinstance(self.widget, forms.PasswordInput):
            value = clean(value, lines=isinstance(self.widget, forms.Textarea))
        return as_django_does(self, value)

    forms.CharField.to_python = to_python  # type: ignore[method-assign]
