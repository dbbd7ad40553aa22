"""Somebody's session ended while they typed: after logging in they come back to the form, with what they had typed.

What was sent is kept encrypted in the visitor's new session, only for whoever was logged in on that browser last. It is shown
once and is gone after an hour at most. Files, passwords and what is too large aren't kept.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts.refill import Form, refill
from topjob import once
from topjob.incoming import is_secret
from topjob.keys import fernet_key

KEY = "resume"
COOKIE = "laatst"
KEEP_SECONDS = 60 * 60
LARGEST = 64 * 1024
# Never kept, whatever the form, beside a password: what proves who somebody is, and what belongs to one showing of a page.
NEVER_KEPT = once.NOT_TYPED | {"code"}
READING = {"GET", "HEAD"}


# --- Where somebody can come back ------------------------------------------------------------------------------------
def methods_of(view: Any) -> set[str] | None:
    """The methods a view says it answers to (`require_POST` and the like); None when it doesn't say."""
    while view is not None:
        found = [cell.cell_contents for cell in getattr(view, "__closure__", None) or ()]
        named = dict(zip(getattr(getattr(view, "__code__", None), "co_freevars", ()), found, strict=False))
        if "request_method_list" in named:
            return set(named["request_method_list"])
        view = getattr(view, "__wrapped__", None)
    return None


def opens(path: str) -> bool:
    """Whether an address of ours opens by itself, and not only when a form is sent to it."""
    try:
        view = resolve(urlsplit(path).path).func
    except Resolver404:
        return False
    methods = methods_of(view)
    if methods is None and (owner := getattr(view, "view_class", None)) is not None:
        return hasattr(owner, "get") or owner.http_method_names == []
    return methods is None or "GET" in methods


def page_of(request: HttpRequest) -> str:
    """Where somebody who isn't logged in comes after logging in: what was asked, or the page that the form stood on."""
    asked = request.get_full_path()
    if request.method in READING:
        return asked if opens(asked) else "/"
    came_from = request.headers.get("referer", "")
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
        parts = urlsplit(came_from)
        stood_on = parts.path + (f"?{parts.query}" if parts.query else "")
        if opens(stood_on) and parts.path != settings.LOGIN_URL:
            return stood_on
    return asked if opens(asked) else "/"


# --- Keeping what was typed ------------------------------------------------------------------------------------------
def keep(request: HttpRequest, page: str) -> None:
    """Put away what was sent, for the same person, when a page was sent by hand and not by a script.

    For whose session ended, and for who must show first that it is them (`proving`).
    """
    if request.method != "POST" or not is_by_hand(request):
        return
    person, typed = _last_here(request), typed_in(request)
    if person is None:
        return
    kept = {"user": person, "page": page, "action": request.get_full_path(), "typed": typed, "at": int(time.time())}
    kept["ended"] = not request.user.is_authenticated
    text = json.dumps(kept)
    if len(text) <= LARGEST:
        request.session[KEY] = _box().encrypt(text.encode()).decode()
        if kept["ended"]:
            request.session.set_expiry(KEEP_SECONDS)


def is_by_hand(request: HttpRequest) -> bool:
    """Whether somebody went to this page, and not a script."""
    return request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"


def end_visit(request: HttpRequest) -> None:
    """The visitor's session, which lasted as long as what was put away, becomes a session like any other."""
    if request.session.get("_session_expiry") == KEEP_SECONDS:
        request.session.set_expiry(None)


def typed_in(request: HttpRequest) -> dict[str, list[str]]:
    """What was sent and may be kept: no password, and nothing that proves who somebody is."""
    names = (name for name in request.POST if not (is_secret(name) or name.lower() in NEVER_KEPT))
    return {name: request.POST.getlist(name) for name in names}


def _box() -> Fernet:
    return Fernet(fernet_key("resume", settings.SECRET_KEY))


def _last_here(request: HttpRequest) -> int | None:
    """Who was logged in on this browser last."""
    try:
        return int(signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=2 * settings.SESSION_COOKIE_AGE))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def remember(request: HttpRequest, response: HttpResponseBase) -> None:
    """Let the browser know who is logged in, for as long as a session can last."""
    if _last_here(request) != request.user.pk:
        response.set_cookie(
            COOKIE,
            signing.dumps(request.user.pk, salt=COOKIE),
            max_age=2 * settings.SESSION_COOKIE_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


# --- Showing it again ------------------------------------------------------------------------------------------------
def kept_for(request: HttpRequest) -> dict[str, Any] | None:
    """What was put away for this page and this person; anything of somebody else's or too old is thrown away."""
    sealed = request.session.get(KEY)
    if sealed is None:
        return None
    try:
        kept = json.loads(_box().decrypt(sealed.encode()))
    except InvalidToken:
        kept = {}
    is_mine = kept.get("user") == request.user.pk and time.time() - kept["at"] < KEEP_SECONDS
    is_here = request.method == "GET" and request.get_full_path() == kept.get("page")
    if is_here or not is_mine:
        del request.session[KEY]
    return kept if is_here and is_mine else None


def show_again(response: HttpResponse, kept: dict[str, Any]) -> None:
    """Fill the form of the page with what was typed, and say so above it."""
    form = Form(kept["action"], kept["page"], kept["typed"])
    begin = _("Je sessie was verlopen.") if kept["ended"] else _("Je moest eerst laten zien dat jij het bent.")
    html = refill(response.content.decode(), form, notice=partial(_notice, begin))
    response.content = html.encode()


def _notice(begin: str, was_typed: bool, left: list[tuple[str, str]]) -> str:
    """What happened, with everything that no field of the page could take."""
    text = _("%s Wat je had ingevuld staat er nog; sla het opnieuw op.") % begin
    if not was_typed:
        text = _("%s Er is nog niets gedaan; doe het opnieuw.") % begin
    words = [{"text": f"{name}: {value}", "url": ""} for name, value in left]
    if words:
        text = _("%s Dit had je ingevuld en past nergens meer:") % begin
    return render_to_string("components/notice.html", {"tone": "care", "text": text, "notice_reasons": words})


class ResumeMiddleware:
    """Around every page: whoever comes back after logging in finds what they had typed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not getattr(request, "is_let_in", False):
            return response
        remember(request, response)
        if not _is_page(response):
            return response
        kept = kept_for(request)
        if kept is not None:
            show_again(response, kept)
        return response


def _is_page(response: HttpResponse) -> bool:
    is_html = response.headers.get("Content-Type", "").startswith("text/html")
    return response.status_code == 200 and is_html and not response.streaming
