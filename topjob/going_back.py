"""Where somebody goes after what was asked on the way, or after saving: only ever to a page of ours.

A link that says where it was followed from (`returning`) comes back there once something was saved on that page: every view
that declares its access rule is asked (`goes_back`), so that no view has to know of it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme

View = Callable[..., HttpResponseBase]
# In the address of a page, or in a form of it that is sent elsewhere: where to go once it is saved.
BACK = "terug"


def safe_next(request: HttpRequest, otherwise: str) -> str:
    """Where to go afterwards, when it is a page of ours."""
    return _ours(request, "next") or otherwise


def _ours(request: HttpRequest, name: str) -> str:
    """What was asked for by this name, when it is a page of ours."""
    wanted = request.POST.get(name) or request.GET.get(name) or ""
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, {request.get_host()})
    return wanted if is_ours else ""


def page_before(request: HttpRequest) -> str:
    """The page the person came from, when it is one of ours."""
    referer = request.headers.get("referer", "")
    base = f"{request.scheme}://{request.get_host()}/"
    return referer if referer.startswith(base) else "/"


def returning(url: str, to: str) -> str:
    """The address of a page that leads back to `to` after saving; empty when there is no page."""
    return f"{url}{'&' if '?' in url else '?'}{urlencode({BACK: to})}" if url else ""


def came_from(request: HttpRequest) -> str:
    """Where this page was opened from, when its address says so."""
    return _ours(request, BACK)


def goes_back(view: View) -> View:
    """What was saved leads back to where the page was opened from, instead of to where the view would go."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        back = came_from(request) if request.method == "POST" else ""
        return HttpResponseRedirect(back) if back and response.status_code == 302 else response

    return answer
