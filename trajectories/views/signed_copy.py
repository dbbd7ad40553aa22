"""Where a party gets what all have signed, by a link of its own that came with that news."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _

from accounts.access import PUBLIC, access
from accounts.models import Page
from trajectories import actions
from trajectories.models import PartyLink
from trajectories.views.documents import download, file_name
from trajectories.views.personal import closed_page, for_party, personal_page

READ = PartyLink.Purpose.READ


@access(PUBLIC, shows=Page.PAPER)
@personal_page(READ)
def signed_copy(request: HttpRequest, token: str, link: PartyLink) -> HttpResponse:
    """What was signed and until when it can be fetched here."""
    if closed := actions.why_link_is_closed(link):
        return closed_page(request, link, closed)
    title = _("Startplan") if link.paper is None else link.paper.get_kind_display()
    context = {**for_party(link), "token": token, "title": title}
    return render(request, "trajectories/plans/signed_copy.html", context)


@access(PUBLIC, shows=Page.PAPER)
@personal_page(READ)
def signed_copy_pdf(request: HttpRequest, token: str, link: PartyLink) -> HttpResponseBase:
    """The document with everybody's signature."""
    pdf = link.signable.signed_document
    if pdf is None or actions.why_link_is_closed(link):
        return redirect("trajectories:signed_copy", token)
    return download(pdf, file_name(pdf))


urlpatterns = [
    path("getekend/<str:token>/", signed_copy, name="signed_copy"),
    path("getekend/<str:token>/pdf/", signed_copy_pdf, name="signed_copy_pdf"),
]
