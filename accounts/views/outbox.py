"""Work that follows changes: what waits, what was given up, and setting it going again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts import actions
from accounts.access import BEHEERDER, NOBODY, access
from accounts.filters import OutboxFilter
from accounts.rules import NEEDS_ATTENTION
from accounts.views import crumbs
from topjob.dates import nl_moment
from topjob.models import OutboxMessage
from topjob.paging import Pages

PER_PAGE = 25


@access(BEHEERDER, shows=NOBODY)
@require_safe
def messages_list(request: HttpRequest) -> HttpResponse:
    """The list of work, what was given up first."""
    work = OutboxFilter(request.GET, queryset=OutboxMessage.objects.all())
    page = Pages(work.qs, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "filter_form": work.form,
        "sort": work.sort,
        "given_up": OutboxMessage.objects.filter(outcome=OutboxMessage.Outcome.DEAD).count(),
        "crumbs": crumbs((_("Werk dat volgt"), "")),
    }
    return render(request, "accounts/outbox.html", context)


@access(BEHEERDER, shows=NOBODY)
@require_safe
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """One piece of work with its reason of failure."""
    found = get_object_or_404(OutboxMessage, pk=pk)
    context = {
        "work": found,
        "can_requeue": found.outcome in NEEDS_ATTENTION,
        "payload": sorted(found.payload.items()),
        "pairs": [
            (_("Gevraagd"), nl_moment(found.created_at)),
            (_("Pogingen"), found.attempts),
            (_("Volgende poging"), nl_moment(found.next_try_at) if not (found.done_at or found.dead_at) else "–"),
            (_("Gedaan"), nl_moment(found.done_at)),
            (_("Opgegeven"), nl_moment(found.dead_at)),
        ],
        "crumbs": crumbs((_("Werk dat volgt"), reverse("accounts:outbox")), (found.label, "")),
    }
    return render(request, "accounts/message.html", context)


@access(BEHEERDER, shows=NOBODY)
@require_POST
def requeue(request: HttpRequest, pk: int) -> HttpResponse:
    """Try given-up work again."""
    actions.requeue_message(get_object_or_404(OutboxMessage, pk=pk), by=request.user)
    messages.success(request, _("Het werk wordt opnieuw geprobeerd."))
    return redirect("accounts:outbox") if request.POST.get("from") == "list" else redirect("accounts:message", pk)


@access(BEHEERDER, shows=NOBODY)
@require_POST
def requeue_all(request: HttpRequest) -> HttpResponse:
    """Try everything again that was given up; what is uncertain isn't touched, it may have arrived."""
    count = actions.requeue_given_up(by=request.user)
    text = ngettext("%(n)s stuk werk wordt opnieuw geprobeerd.", "%(n)s stuks werk worden opnieuw geprobeerd.", count)
    messages.success(request, text % {"n": count})
    return redirect("accounts:outbox")
