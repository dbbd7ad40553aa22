"""A form for something new is kept while somebody types, and stands there again for whoever comes back: nothing typed is lost.

A page declares it with `drafted`; its form saves itself to `keep_draft`. What is kept is sealed, only its owner gets it back, and
it goes when the form was sent, when its owner throws it away, and after a week.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial, wraps
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse

from accounts import resuming
from accounts.access import opens_for
from accounts.models import FormDraft, User
from accounts.refill import Form, refill
from topjob import clock
from topjob.keys import fernet_key

LASTS = timedelta(days=7)
LONGEST_PAGE = FormDraft._meta.get_field("page").max_length or 0
# What somebody or something is called on a form for something new, and where its page begins to be filled in.
NAMES = ("first_name", "name_prefix", "last_name", "name", "title")
FIRST_FIELD = re.compile(r"(<(?:input|select|textarea)\b[^>]*?)\sautofocus(?=[\s>])")
View = Callable[..., HttpResponse]


def may_keep(user: User, page: str) -> bool:
    """Whether this address is a page that keeps drafts and that opens for this person."""
    if len(page) > LONGEST_PAGE:
        return False
    try:
        view = resolve(page).func
    except Resolver404:
        return False
    return getattr(view, "keeps_draft", False) and opens_for(user, page)


def keep(user: User, page: str, typed: dict[str, list[str]]) -> bool:
    """Put away what was typed so far, in place of what was there; nothing when it is too much."""
    text = json.dumps(typed)
    if len(text) > resuming.LARGEST:
        return False
    sealed = {"sealed": _box().encrypt(text.encode()).decode(), "saved_at": clock.now()}
    FormDraft.objects.update_or_create(owner=user, page=page, defaults=sealed)
    return True


def forget(user: User, page: str) -> None:
    """It was sent, or thrown away."""
    FormDraft.objects.filter(owner=user, page=page).delete()


def forget_old() -> int:
    """What nobody came back to within a week; answers how many."""
    return FormDraft.objects.filter(saved_at__lt=clock.now() - LASTS).delete()[0]


def drafted(view: View) -> View:
    """For a page with a form for something new: opened again, it holds what was typed; sent, its draft goes."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.method != "POST":
            _show_again(request, response)
        elif response.status_code == 302:
            forget(request.user, request.path)
        return response

    page.keeps_draft = True  # type: ignore[attr-defined]
    return page


def autosave_url(request: HttpRequest) -> str:
    """Where the form of a drafted page saves itself."""
    return f"{reverse('accounts:keep_draft')}?pagina={request.path}"


def _show_again(request: HttpRequest, response: HttpResponse) -> None:
    row = (
        FormDraft.objects.filter(owner=request.user, page=request.path).first() if response.status_code == 200 else None
    )
    if row is None or row.saved_at < clock.now() - LASTS:
        return
    try:
        typed = json.loads(_box().decrypt(row.sealed.encode()))
    except InvalidToken:  # the key was replaced: what was sealed with the old one is gone
        return
    form, notice = Form(request.path, request.path, typed), partial(_notice, request, row, _whose(typed))
    # Whoever types on without looking would type into what is kept, which may be about somebody else: the notice comes first.
    page = FIRST_FIELD.sub(r"\1", response.content.decode())
    response.content = refill(page, form, notice=notice).encode()


def _whose(typed: dict[str, list[str]]) -> str:
    """Of whom or what it is, as far as that was typed."""
    return " ".join(value.strip() for name in NAMES for value in typed.get(name, [])[:1] if value.strip())


def _notice(request: HttpRequest, row: FormDraft, whose: str, was_typed: bool, left: list[tuple[str, str]]) -> str:
    return render_to_string("accounts/_draft.html", {"draft": row, "whose": whose, "left": left}, request)


def _box() -> Fernet:
    return Fernet(fernet_key("draft", settings.SECRET_KEY))
