"""The website's page where a youth registers (B1, phone first)."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import PUBLIC, access
from candidates import actions
from candidates.forms.public import PublicRegistrationForm

PER_HOUR = 30
HOUR = 60 * 60


@access(PUBLIC)
@never_cache
def register(request: HttpRequest) -> HttpResponse:
    """Aanmelden: lands in the frontoffice's list with source "website"."""
    form = PublicRegistrationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if _too_many(request):
            form.add_error(
                None, _("Er komen nu veel aanmeldingen binnen. Probeer het over een uur nog eens, of bel ons.")
            )
            return render(request, "candidates/public_register.html", {"form": form}, status=429)
        actions.register_publicly(form.instance, form.registration, representative=form.representative)
        return redirect("candidates:public_thanks")
    return render(request, "candidates/public_register.html", {"form": form})


@access(PUBLIC)
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    return render(request, "candidates/public_thanks.html")


@access(PUBLIC)
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is done with personal data, in plain words."""
    return render(request, "candidates/public_privacy.html")


def _too_many(request: HttpRequest) -> bool:
    """Whether this address sent more registrations in an hour than a class of pupils would."""
    key = f"aanmelden:{get_adapter().get_client_ip(request)}"
    cache.add(key, 0, HOUR)
    return cache.incr(key) > PER_HOUR
