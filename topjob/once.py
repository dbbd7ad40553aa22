"""A form that is sent twice is done once, and answered twice alike: pressed again, gone back, sent by two tabs.

Every rendering of a form holds a key of its own (`{% csrf_token %}` adds it: `topjob/templatetags/once.py`). What was sent
with that key is written down in the transaction that did it, so a second time gives the same answer and makes nothing. The
same key with other words is something new, and so are the same words in a form that was opened anew. A form that is shown
again, or one that failed, used nothing up; without a key (an old page, a script) a form is taken as it comes.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from topjob import clock
from topjob.locks import one_at_a_time
from topjob.models import AnsweredForm

View = Callable[..., HttpResponseBase]

FIELD = "verzendsleutel"
LONGEST_KEY = 64
# What is in a form without anybody having typed it.
NOT_TYPED = frozenset({FIELD, "csrfmiddlewaretoken"})
# How long going back and sending again is recognised.
KEPT = timedelta(days=2)


def new_key() -> str:
    """A key for one rendering of a form."""
    return secrets.token_urlsafe(24)


def answered_once(view: View) -> View:
    """Everything a POST does is one transaction, and the same form sent again gets the answer it got before."""
    if getattr(view, "own_transactions", False):
        return view

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST" or getattr(request, "is_being_answered", False):
            return view(request, *args, **kwargs)
        request.is_being_answered = True  # type: ignore[attr-defined]
        with transaction.atomic():
            # Two people who change the same thing wait for each other (`topjob/merging.py`). An address that names
            # nothing is shared by all: there nobody waits for another.
            if request.user.is_authenticated and kwargs:
                one_at_a_time("pagina", request.path)
            return _first_or_same(request, lambda: view(request, *args, **kwargs))

    answer.is_answered_once = True  # type: ignore[attr-defined]
    return answer


def own_transactions(view: View) -> View:
    """For a page that has its own way of doing a thing once, and must keep what it wrote whatever follows."""
    view.own_transactions = True  # type: ignore[attr-defined]
    return view


def _first_or_same(request: HttpRequest, do: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    key = request.POST.get(FIELD, "")
    if not key or len(key) > LONGEST_KEY:
        return do()
    mark = _mark(request, key)
    one_at_a_time(FIELD, mark)
    if (earlier := AnsweredForm.objects.filter(mark=mark).first()) is not None:
        return _again(request, earlier)
    before = _who(request)
    response = do()
    if isinstance(response, HttpResponseRedirect) and _who(request) == before:
        AnsweredForm.objects.create(mark=mark, location=response.url, at=clock.now())
    return response


def _again(request: HttpRequest, earlier: AnsweredForm) -> HttpResponse:
    messages.info(request, _("Dit formulier was al verstuurd. Het is één keer verwerkt."))
    return HttpResponseRedirect(earlier.location)


def _who(request: HttpRequest) -> tuple[Any, ...]:
    """Who asks, in which session: whoever logs in or out by a form isn't helped by the answer to another."""
    if request.user.is_authenticated:
        return request.user.pk, request.session.session_key
    return None, request.session.modified


def _mark(request: HttpRequest, key: str) -> str:
    """This person, this address, this rendering of the form, these words; what was typed can't be read from it."""
    words = hashlib.sha256()
    for part in (str(request.user.pk), request.get_full_path(), key, *_sent(request)):
        words.update(hashlib.sha256(part.encode("utf-8", "surrogatepass")).digest())
    return salted_hmac("topjob.once", words.hexdigest(), algorithm="sha256").hexdigest()


def _sent(request: HttpRequest) -> Iterator[str]:
    for name, values in request.POST.lists():
        if name not in NOT_TYPED:
            yield from (name, *values, "")
    for name, files in request.FILES.lists():
        for file in files:
            content = hashlib.sha256()
            for chunk in file.chunks():
                content.update(chunk)
            file.seek(0)
            yield from (name, file.name or "", content.hexdigest())
