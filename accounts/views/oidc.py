"""Logging in with an organisation's own account: there and back. Without a provider in the settings these pages aren't there."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import oidc
from accounts.access import LOGGED_IN, NOBODY, PUBLIC, access


def _only_when_on() -> None:
    if not oidc.is_on():
        raise Http404


@access(PUBLIC, shows=NOBODY)
@never_cache
@require_safe
def there(request: HttpRequest) -> HttpResponse:
    """To the provider, to log in."""
    _only_when_on()
    return oidc.begin(request)


@access(LOGGED_IN, shows=NOBODY)
@never_cache
@require_safe
def anew(request: HttpRequest) -> HttpResponse:
    """To the provider, to show anew who somebody is who is logged in here."""
    _only_when_on()
    return oidc.begin(request, anew=True)


@access(PUBLIC, shows=NOBODY)
@never_cache
@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """Back from the provider."""
    _only_when_on()
    return oidc.finish(request)
