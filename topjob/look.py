"""How somebody wants the screens to look. It is a wish of this browser, so a cookie keeps it and no file of a person does; the
server writes it on <html>, so that a page has its colours from the first moment."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

COOKIE = "weergave"
YEAR = 365 * 24 * 60 * 60


@dataclass(frozen=True)
class Choice:
    """One thing that can be chosen; its first value is what a browser gets that chose nothing."""

    name: str
    label: Promise
    values: tuple[tuple[str, Promise], ...]

    @property
    def usual(self) -> str:
        return self.values[0][0]

    def knows(self, value: str) -> bool:
        return value in dict(self.values)


CHOICES = (
    Choice("theme", _("Kleuren"), (("system", _("systeem")), ("light", _("licht")), ("dark", _("donker")))),
    Choice("contrast", _("Contrast"), (("system", _("systeem")), ("more", _("hoog")))),
    Choice("density", _("Regels"), (("roomy", _("ruim")), ("compact", _("compact")))),
)


def chosen(request: HttpRequest) -> dict[str, str]:
    """What this browser chose and isn't usual, by name: {"theme": "dark"}."""
    kept = dict(part.partition("-")[::2] for part in request.COOKIES.get(COOKIE, "").split("."))
    found = {choice.name: kept.get(choice.name, "") for choice in CHOICES}
    return {choice.name: found[choice.name] for choice in CHOICES if _counts(choice, found[choice.name])}


def menu(request: HttpRequest) -> list[tuple[Choice, list[tuple[str, Promise, bool]]]]:
    """For the menu: every choice with its values, and which of them holds now."""
    now = chosen(request)
    return [
        (choice, [(value, label, now.get(choice.name, choice.usual) == value) for value, label in choice.values])
        for choice in CHOICES
    ]


def keep(response: HttpResponse, request: HttpRequest) -> HttpResponse:
    """Keep what was pressed in this browser, beside what it chose before."""
    wanted = chosen(request) | {
        choice.name: request.POST[choice.name] for choice in CHOICES if choice.name in request.POST
    }
    said = ".".join(
        f"{choice.name}-{wanted[choice.name]}" for choice in CHOICES if _counts(choice, wanted.get(choice.name, ""))
    )
    response.set_cookie(
        COOKIE, said, max_age=YEAR, secure=bool(settings.SESSION_COOKIE_SECURE), httponly=True, samesite="Lax"
    )
    return response


def _counts(choice: Choice, value: str) -> bool:
    return choice.knows(value) and value != choice.usual
