"""A mail is shown before it goes, to whoever is about to send it: on the page of a button, or beside a form that is filled in.

Which page shows which mail, and which mail is shown nowhere and why, stands in `tests/mails.csv`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from topjob.going_back import came_from
from topjob.outbox import letters_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from topjob.pages import Crumbs

# The second button of a form: it shows the mail and sends nothing.
LOOK = "bekijken"
Words = dict[str, Any]


def mails() -> Words:
    """For the page of a form from which mail goes: the button that shows it."""
    return {"look": LOOK}


def looks(request: HttpRequest) -> bool:
    """Whether the form was sent to see its mail."""
    return LOOK in request.POST


def seen(do: Callable[[], Any]) -> Words:
    """For the same page, once somebody looked: what would go if this were done."""
    return mails() | {"looked": True, "letters": letters_of(do)}


def letters_page(
    request: HttpRequest,
    do: Callable[[], Any],
    *,
    title: StrOrPromise,
    cancel: str,
    crumbs: Crumbs,
    text: StrOrPromise = "",
    submit_label: StrOrPromise = "",
) -> HttpResponse:
    """The page of a button that mails: who gets what, and the button that sends it. Raises `Refused` as sending it would."""
    letters = letters_of(do)
    context = {
        "title": title,
        "text": text or (_("Zo gaat het bericht weg.") if letters else _("Hier gaat geen bericht van uit.")),
        "letters": letters,
        "submit_label": submit_label or _("Versturen"),
        "cancel_url": came_from(request) or cancel,
        "crumbs": crumbs,
    }
    return render(request, "components/confirm.html", context)
