"""The product's pages, and the naive ones of the controls."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from accounts.access import NOBODY, PUBLIC, access
from tests.faults import effects, points
from topjob import clock
from topjob.once import own_transactions
from topjob.urls import handler500 as handler500
from topjob.urls import urlpatterns as of_the_product
from trajectories import actions
from trajectories.models import PartyLink


@csrf_exempt
@access(PUBLIC, shows=NOBODY)
@own_transactions
def two_writes(request: HttpRequest) -> HttpResponse:
    """A change and its trace without a transaction around them."""
    effects.add("naive change")
    points.point("naive.between")
    effects.add("naive trace")
    return HttpResponse("ok")


@csrf_exempt
@access(PUBLIC, shows=NOBODY)
@own_transactions
def upload(request: HttpRequest) -> HttpResponse:
    """Writes what comes in to its final place while it comes in."""
    with (Path(settings.MEDIA_ROOT) / "naive.bin").open("wb") as target:
        while chunk := request.read(64 * 1024):
            target.write(chunk)
    return HttpResponse("ok")


@csrf_exempt
@access(PUBLIC, shows=NOBODY)
def link_by_get(request: HttpRequest, token: str) -> HttpResponse:
    """Takes opening the link for using it."""
    link = actions.link_for(token)
    PartyLink.objects.filter(pk=link.pk).update(used_at=clock.now())
    return HttpResponse("bedankt")


urlpatterns = [
    path("naive/two-writes/", two_writes),
    path("naive/upload/", upload),
    path("naive/link/<str:token>/", link_by_get),
    *of_the_product,
]
