"""The one exception for a step that is not allowed, and the reason people read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from django.db.models import Model

T = TypeVar("T")

# Of whatever is only done with a reason.
ASK_REASON = gettext_lazy("Geef een reden.")


@dataclass(frozen=True)
class Reason:
    """Why a step can't be done yet, in Dutch, with the name of the page where it is put right.

    `link` is a URL name; it is reversed with the primary key `pk` when there is one, and what comes after it in the address.
    """

    text: str
    link: str = ""
    pk: int | None = None
    rest: tuple[int | str, ...] = ()

    @property
    def url(self) -> str:
        """Where the missing thing is filled in; empty when there is no such page."""
        from django.urls import reverse

        if not self.link:
            return ""
        return reverse(self.link, args=[self.pk, *self.rest] if self.pk is not None else [])


class Refused(Exception):
    """A step of the business that may not be taken now; nothing has changed. `RefusedMiddleware` shows it."""

    def __init__(self, *reasons: Reason | str, title: str = "") -> None:
        self.reasons = [reason if isinstance(reason, Reason) else Reason(reason) for reason in reasons]
        self.title = title
        super().__init__("; ".join(reason.text for reason in self.reasons))


class PromiseBroken(Exception):
    """Something isn't there that guards and PostgreSQL promise: a fault of ours, never of who asked."""


def promised(value: T | None) -> T:
    """What must be there where the work has come; raises PromiseBroken rather than going on without it."""
    if value is None:
        raise PromiseBroken
    return value


def why_no_reason(given: str) -> list[Reason]:
    """What is in the way when a reason is asked and nothing was given: nothing but spaces isn't one."""
    return [] if given.strip() else [Reason(str(ASK_REASON))]


def rule_words(model: type[Model], constraint: str) -> str:
    """What a constraint of this model says to who breaks it: its words, for whatever asks before PostgreSQL has to."""
    found = next(one for one in model._meta.constraints if one.name == constraint)
    return str(found.violation_error_message)
