"""What can be done with several cases at once: what is asked, what will happen with each, and for which it can't be done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.audit import actor
from accounts.models import User
from candidates import actions as candidate_actions
from candidates.models import ContactMoment
from topjob import clock
from topjob.dates import nl_date
from topjob.errors import Reason
from trajectories import actions
from trajectories.forms.together import FollowUpForm, HandOverForm, NoteForm
from trajectories.journey.need_to_know import opens
from trajectories.models import Trajectory
from trajectories.models.guides import GUIDES
from trajectories.process.work import WORK

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# As many as a page of a list shows.
MOST = 25


@dataclass(frozen=True)
class Together:
    """One thing that can be done with several cases: its form, what it comes to for one of them, and why not."""

    label: StrOrPromise
    done: StrOrPromise
    form: Callable[..., forms.Form]
    says: Callable[[Trajectory, dict[str, Any]], str]
    refusals: Callable[[Trajectory, User, dict[str, Any]], list[Reason]]
    do: Callable[[Trajectory, dict[str, Any], User], Any]


@dataclass(frozen=True)
class Outlook:
    """What will happen with one case, or every reason why it won't."""

    case: Trajectory
    will: str
    reasons: list[Reason]


def outlooks(what: Together, cases: Iterable[Trajectory], values: dict[str, Any], user: User) -> list[Outlook]:
    """For each case what it comes to; nothing is done yet."""
    found = []
    for case in cases:
        reasons = what.refusals(case, user, values)
        found.append(Outlook(case, "" if reasons else what.says(case, values), reasons))
    return found


def _says_hand_over(case: Trajectory, values: dict[str, Any]) -> str:
    before = getattr(case, GUIDES[values["role"]])
    words = {"role": values["role"].label, "from": before.name if before else _("niemand"), "to": values["to"].name}
    return _("%(role)s: van %(from)s naar %(to)s. Termijnen en geplande gesprekken gaan mee.") % words


def _against_hand_over(case: Trajectory, user: User, values: dict[str, Any]) -> list[Reason]:
    works_here = case.region_id in values["regions"]
    unfit = actions.why_not_to(case, values["role"], values["to"], works_here=works_here)
    return WORK["set_guides"].refusals(case, actor(user)) + ([unfit] if unfit else [])


def _against_note(case: Trajectory, user: User, values: dict[str, Any]) -> list[Reason]:
    if opens(case, user, reverse("trajectories:note", args=[case.pk])):
        return []
    return [Reason(_("Bij dit traject schrijf je geen notities."))]


def _write_note(case: Trajectory, values: dict[str, Any], user: User) -> None:
    kind, status = ContactMoment.Kind.NOTE, ContactMoment.Status.HELD
    moment = ContactMoment(candidate=case.candidate, kind=kind, notes=values["notes"], status=status, at=clock.now())
    candidate_actions.add_contact(moment, by=user)


TOGETHER: dict[str, Together] = {
    "overdragen": Together(
        label=gettext_lazy("Overdragen"),
        done=gettext_lazy("Overgedragen"),
        form=HandOverForm,
        says=_says_hand_over,
        refusals=_against_hand_over,
        do=lambda case, values, user: actions.hand_over_case(case, role=values["role"], to=values["to"], by=user),
    ),
    "notitie": Together(
        label=gettext_lazy("Notitie"),
        done=gettext_lazy("Notitie geschreven"),
        form=NoteForm,
        says=lambda case, values: _("Krijgt deze notitie."),
        refusals=_against_note,
        do=_write_note,
    ),
    "termijn": Together(
        label=gettext_lazy("Dag van opvolgen"),
        done=gettext_lazy("Dag van opvolgen gekozen"),
        form=FollowUpForm,
        says=lambda case, values: _("Opvolgen op %(day)s.") % {"day": nl_date(values["on"])},
        refusals=lambda case, user, values: WORK["set_follow_up"].refusals(case, actor(user)),
        do=lambda case, values, user: actions.set_follow_up(case, on=values["on"], by=user),
    ),
}
