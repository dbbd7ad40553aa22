"""The website's page where a youth registers (B1, phone first)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import NOBODY, PUBLIC, access
from candidates import actions, mailbox
from candidates.forms.public import PublicRegistrationForm
from topjob.limits import uses

# More than a class of pupils would send: what comes after it is taken in, and marked for the frontoffice.
PER_HOUR = 30
# More than a school would send: only a program goes on.
MOST_PER_HOUR = 300


@access(PUBLIC, shows=NOBODY)
@never_cache
def register(request: HttpRequest) -> HttpResponse:
    """Aanmelden: lands in the frontoffice's list with source "website"."""
    form = PublicRegistrationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        sent = uses(request, "aanmelden")
        if sent > MOST_PER_HOUR:
            form.add_error(
                None, _("Er komen nu veel aanmeldingen binnen. Probeer het over een uur nog eens, of bel ons.")
            )
            return render(request, "candidates/public_register.html", {"form": form}, status=429)
        registration = form.registration
        registration.looks_automatic |= sent > PER_HOUR
        actions.register_publicly(form.instance, registration, representative=form.representative)
        return redirect("candidates:public_thanks")
    return render(request, "candidates/public_register.html", {"form": form})


@access(PUBLIC, shows=NOBODY)
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    return render(request, "candidates/public_thanks.html")


@access(PUBLIC, shows=NOBODY)
@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_mailbox(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the link in the mail; opening it changes nothing, the button does.

    The right lies in the token, not in a cookie, so the check against forged forms is off; it would also fail, for `no-referrer`
    keeps the token out of the very header it reads.
    """
    candidate, state = mailbox.candidate_for(token), "ask"
    if candidate is None:
        state = "gone"
    elif request.method == "POST":
        mailbox.confirm(candidate)
        state = "done"
    response = render(
        request, "candidates/public_mailbox.html", {"state": state}, status=410 if state == "gone" else 200
    )
    response["Referrer-Policy"] = "no-referrer"
    return response


@access(PUBLIC, shows=NOBODY)
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is done with personal data, in plain words."""
    return render(request, "candidates/public_privacy.html")
