"""What can be done with several cases at once: what is asked, what will happen with each, and for which it can't be done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.audit import actor
from accounts.models import AuditEntry, User
from candidates import actions as candidate_actions
from candidates.models import ContactMoment
from topjob import clock
from topjob.dates import nl_date
from topjob.errors import Reason, Refused, promised
from topjob.keys import mark_of
from topjob.mail import Letter
from topjob.outbox import letters_of
from topjob.undo import undoing
from trajectories import actions
from trajectories.actions.messages import why_not_written_to
from trajectories.forms.together import FollowUpForm, HandOverForm, MessageForm, NoteForm
from trajectories.journey.core import lock
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
    # The opposite, by what `do` gave; what is mailed has none.
    undo: Callable[..., Any] | None = None
    # Whether the person gets a mail of it, which is shown first.
    mails: bool = False


@dataclass(frozen=True)
class Outlook:
    """What will happen with one case, or every reason why it won't."""

    case: Trajectory
    will: str
    reasons: list[Reason]
    letters: list[Letter]


def outlooks(what: Together, cases: Iterable[Trajectory], values: dict[str, Any], user: User) -> list[Outlook]:
    """For each case what it comes to; nothing is done yet."""
    found = []
    for case in cases:
        reasons = what.refusals(case, user, values)
        letters = letters_of(partial(what.do, case, values, user)) if what.mails and not reasons else []
        found.append(Outlook(case, "" if reasons else what.says(case, values), reasons, letters))
    return found


def key_of(found: Iterable[Outlook], form: forms.Form) -> str:
    """A mark of what was answered and what it comes to, to see whether what is confirmed is just what was shown."""
    told = [(row.case.pk, row.will, [f"{reason.text}" for reason in row.reasons], row.letters) for row in found]
    return mark_of(([f"{form[name].data}" for name in form.fields], told))


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


def _write_note(case: Trajectory, values: dict[str, Any], user: User) -> dict[str, int]:
    kind, status = ContactMoment.Kind.NOTE, ContactMoment.Status.HELD
    moment = ContactMoment(candidate=case.candidate, kind=kind, notes=values["notes"], status=status, at=clock.now())
    return {"note": candidate_actions.add_contact(moment, by=user).pk}


def _against_message(case: Trajectory, user: User, values: dict[str, Any]) -> list[Reason]:
    unreachable = why_not_written_to(case)
    return _against_note(case, user, values) or ([unreachable] if unreachable else [])


TOGETHER: dict[str, Together] = {
    "overdragen": Together(
        label=gettext_lazy("Overdragen"),
        done=gettext_lazy("Overgedragen"),
        form=HandOverForm,
        says=_says_hand_over,
        refusals=_against_hand_over,
        do=lambda case, values, user: actions.hand_over_case(case, role=values["role"], to=values["to"], by=user),
        undo=actions.hand_back_case,
    ),
    "notitie": Together(
        label=gettext_lazy("Notitie"),
        done=gettext_lazy("Notitie geschreven"),
        form=NoteForm,
        says=lambda case, values: _("Krijgt deze notitie."),
        refusals=_against_note,
        do=_write_note,
        undo=lambda case, note, by: candidate_actions.take_back_note(by=by, pk=note),
    ),
    "bericht": Together(
        label=gettext_lazy("Bericht"),
        done=gettext_lazy("Bericht gemaild"),
        form=MessageForm,
        says=lambda case, values: _("Krijgt deze mail."),
        refusals=_against_message,
        do=lambda case, values, user: actions.send_message(case, by=user, **values),
        mails=True,
    ),
    "termijn": Together(
        label=gettext_lazy("Dag van opvolgen"),
        done=gettext_lazy("Dag van opvolgen gekozen"),
        form=FollowUpForm,
        says=lambda case, values: _("Opvolgen op %(day)s.") % {"day": nl_date(values["on"])},
        refusals=lambda case, user, values: WORK["set_follow_up"].refusals(case, actor(user)),
        do=lambda case, values, user: actions.set_follow_up(case, on=values["on"], by=user),
        undo=actions.take_follow_up_back,
    ),
}


# --- Undoing ---------------------------------------------------------------------------------------------------------
def done_with(what: Together, case: Trajectory, values: dict[str, Any], user: User) -> dict[str, Any]:
    """Do it with one case, and give what undoing it needs: how it was, and after which row of the log nothing may follow."""
    kept = what.do(case, values, user)
    return {"case": case.pk, "last": AuditEntry.objects.last_of(case.candidate_id), "kept": kept} if what.undo else {}


@undoing("together")
def undo_together(*, by: User, kind: str, rows: list[dict[str, Any]]) -> str:
    """Undo what was done with several cases a moment ago: with each where nothing has happened since."""
    changed = [case for row in rows if (case := _undone_unless_changed(kind, row, by)) is not None]
    names = ", ".join(f"{case.candidate.full_name}" for case in changed)
    if len(changed) == len(rows):
        raise Refused(_("Dit kan niet meer ongedaan: er is intussen iets veranderd bij %(names)s.") % {"names": names})
    n = len(rows) - len(changed)
    text = ngettext("Ongedaan gemaakt bij %(n)s traject.", "Ongedaan gemaakt bij %(n)s trajecten.", n) % {"n": n}
    return f"{text} {_('Niet bij %(names)s: daar is intussen iets veranderd.') % {'names': names}}" if changed else text


def _undone_unless_changed(kind: str, row: dict[str, Any], by: User) -> Trajectory | None:
    """The case, when it has changed since and stays as it is."""
    case = lock(Trajectory(pk=row["case"]))
    if AuditEntry.objects.anything_since(case.candidate_id, row["last"]):
        return case
    try:
        with transaction.atomic():
            promised(TOGETHER[kind].undo)(case, by=by, **row["kept"])
    except Refused:
        return case
    return None
