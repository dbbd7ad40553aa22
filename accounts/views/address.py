"""Changing one's own e-mail address: asked with a password, agreed to from both mailboxes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts import identity
from accounts.access import ALWAYS, LOGGED_IN, NOBODY, PUBLIC, access
from accounts.forms import AddressForm
from topjob.mail_first import looks, mails, seen
from topjob.pages import Crumbs, crumbs, render_page

GONE = 410


@dataclass(frozen=True)
class AddressPage:
    """Which address one wants, beside the mails that would go."""

    title: str
    subtitle: str
    form: AddressForm
    submit_label: str
    cancel_url: str
    # Whoever works here sees it among their own pages, somebody else in a portal.
    base: str
    crumbs: Crumbs


@access(LOGGED_IN, shows=NOBODY, step_up=ALWAYS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest) -> HttpResponse:
    """Which address one wants; both mailboxes get a link."""
    form, shown_first = AddressForm(request.POST or None, user=request.user), mails()
    is_answered = request.method == "POST" and form.is_valid()
    if is_answered and looks(request):
        shown_first = seen(partial(identity.ask_new_address, request.user, form.cleaned_data["email"]))
    elif is_answered:
        identity.ask_new_address(request.user, form.cleaned_data["email"])
        messages.success(request, _("Kijk in je oude én je nieuwe mailbox. Klik in allebei op de link."))
        return redirect("accounts:profile")
    return render_page(request, "accounts/address.html", _address_page(request, form), **shown_first)


def _address_page(request: HttpRequest, form: AddressForm) -> AddressPage:
    title, back = _("Ander e-mailadres"), reverse("accounts:profile")
    now = _("Nu: %(email)s. We sturen een link naar je oude en naar je nieuwe adres.") % {"email": request.user.email}
    return AddressPage(
        title=title,
        subtitle=now,
        form=form,
        submit_label=_("Stuur de links"),
        cancel_url=back,
        base="base.html" if request.user.is_staff_member else "base_portal.html",
        crumbs=crumbs((_("Mijn account"), back), (title, "")),
    )


@access(PUBLIC, shows=NOBODY)
@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_address(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the link in each mailbox; opening it changes nothing, the button does.

    The right lies in the token, not in a cookie, so the check against forged forms is off; it would also fail, for `no-referrer`
    keeps the token out of the very header it reads.
    """
    link = identity.link_for(token)
    if link is None:
        return _private(render(request, "accounts/address_gone.html", status=GONE))
    if request.method == "POST":
        change = identity.agree(link)
        return _private(render(request, "accounts/address_agreed.html", {"change": change}))
    context = {
        "title": _("Ander e-mailadres"),
        "text": _("Je account bij Top Job krijgt een ander e-mailadres: %(new)s in plaats van %(old)s.")
        % {"new": link.change.new_email, "old": link.change.old_email},
        "submit_label": _("Ja, dat klopt"),
    }
    return _private(render(request, "components/confirm_portal.html", context))


def _private(response: HttpResponse) -> HttpResponse:
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
