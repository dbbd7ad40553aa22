"""A message to the person of a case: mailed in the words of whoever works on it, and kept in the file as it was sent."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from candidates import actions as candidate_actions
from candidates.models import Candidate, ContactMoment
from topjob import clock, outbox
from topjob.errors import Reason, Refused
from trajectories.journey.core import lock
from trajectories.models import Trajectory


def why_no_message(person: Candidate) -> Reason | None:
    """Nobody reads it: there is no address, or one that a visitor typed and nobody confirmed."""
    if not person.email:
        return Reason(_("Er is geen e-mailadres bekend."), "candidates:person_data", person.pk)
    if person.email_unconfirmed:
        return Reason(_("Het e-mailadres is nog niet bevestigd."), "candidates:person_data", person.pk)
    return None


def why_not_written_to(case: Trajectory) -> Reason | None:
    """Nobody works on it any more, or nobody reads it."""
    if not case.is_open:
        return Reason(_("Het traject is afgesloten."), "trajectories:detail", case.pk)
    return why_no_message(case.candidate)


@transaction.atomic
def send_message(trajectory: Trajectory, *, subject: str, text: str, by: User) -> ContactMoment:
    """Mail the person, and keep what was written as a contact; raises `Refused` when it can't reach them."""
    locked = lock(trajectory)
    if refusal := why_not_written_to(locked):
        raise Refused(refusal)
    kind, status = ContactMoment.Kind.MESSAGE, ContactMoment.Status.HELD
    moment = ContactMoment(candidate=locked.candidate, kind=kind, status=status, at=clock.now())
    moment.subject, moment.notes = subject, text
    candidate_actions.add_contact(moment, by=by)
    outbox.enqueue("mail_message", key=f"message-{moment.pk}", moment=moment.pk)
    return moment
