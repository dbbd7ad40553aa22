"""Showing anew that it is you, before what is hard to undo or says much: password, code or passkey, a short while ago."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts import oidc, resuming

# For what asks it whatever the setting says.
MINUTES = 5


# For which rows a page asks it: takes the request and what stands in the address.
Asks = Callable[..., bool]


def is_recent(request: HttpRequest, wanted: str | Asks, address: dict[str, Any]) -> bool:
    """Whether this page asks nothing, or the person showed a short while ago who they are; logging in counts."""
    minutes = settings.STEP_UP_MINUTES or (MINUTES if wanted == "always" else 0)
    if not wanted or not minutes or (callable(wanted) and not wanted(request, **address)):
        return True
    records = get_authentication_records(request, request.user)
    return any(time.time() - record["at"] < minutes * 60 for record in records)


def ask(request: HttpRequest) -> HttpResponse:
    """To the page that asks; afterwards back here, with what was typed.

    Whoever has neither password nor second factor here shows it where they logged in: at the organisation's own login.
    """
    page = resuming.page_of(request)
    resuming.keep(request, page)
    where = reverse("accounts:oidc_anew" if _has_only_provider(request) else "account_reauthenticate")
    return redirect(f"{where}?{urlencode({'next': page})}")


def _has_only_provider(request: HttpRequest) -> bool:
    return oidc.is_on() and not get_reauthentication_flows(request.user)


def before_adding(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The library's page for adding a second factor, asking who they are of whom the library asks nothing.

    It asks a password or factor anew, and lets in whoever has neither: with a browser that was left open one could add a key
    and show that from then on.
    """

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and _has_only_provider(request) and not is_recent(request, "always", kwargs):
            return ask(request)
        return view(request, *args, **kwargs)

    return page
