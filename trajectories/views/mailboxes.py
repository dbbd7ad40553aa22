"""A youth's links wait for a mailbox that nobody confirmed: asking it once more."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import CASE_WORKERS, access
from accounts.models import Page
from topjob.mail_first import letters_page
from trajectories import actions
from trajectories.views.links import link_of, page_of_link
from trajectories.views.pages import trail, visible_case


@access(CASE_WORKERS, shows=Page.PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_mailbox(request: HttpRequest, pk: int, link_pk: int) -> HttpResponse:
    """Mail the question whether the mailbox is theirs; the link itself goes when that was answered."""
    link = link_of(visible_case(request, pk), link_pk)
    ask = partial(actions.ask_mailbox, link, by=request.user)
    if request.method != "POST":
        title = _("Bevestigingsmail voor %(name)s") % {"name": link.party.name}
        path_here = trail(link.trajectory, (title, ""))
        return letters_page(request, ask, title=title, cancel=page_of_link(link), crumbs=path_here)
    ask()
    messages.success(request, _("De bevestigingsmail is onderweg. Na een klik daarin gaat de link vanzelf."))
    return redirect(page_of_link(link))


urlpatterns = [path("trajecten/<int:pk>/links/<int:link_pk>/adres/", ask_mailbox, name="ask_mailbox")]
