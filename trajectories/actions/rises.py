"""Telling employer and youth that an agreed wage goes up with the minimum wage (WML art. 7), before it does."""

from __future__ import annotations

from django.db import transaction

from accounts import verbs
from accounts.models import User
from topjob import clock, outbox
from topjob.errors import promised
from trajectories.actions.messages import why_no_message
from trajectories.journey.core import By, lock, log, touch
from trajectories.models import Contract, Deadline, Trajectory
from trajectories.timing import deadlines


@transaction.atomic
def tell_wage_rise(trajectory: Trajectory, *, by: By) -> None:
    """Mail both of every rise whose day to tell has come. Whom no mail reaches is told by personeelsdiensten: it stays open."""
    locked = lock(trajectory)
    contract = locked.running_contract
    due = locked.deadlines.open().filter(kind=Deadline.Kind.WAGE_RISE, due_on__lte=clock.today())
    if contract is None or not due:
        return
    told = [row for row in due if _mailed(contract, row)]
    if not told:
        return
    deadlines.close(*told)
    touch(locked)
    log(verbs.TELL_WAGE_RISE, locked, by=by, contract=contract.pk, deadlines=[row.pk for row in told])


def _mailed(contract: Contract, row: Deadline) -> bool:
    """Ask for both mails, once; whether they reach everybody who has to know."""
    people = list(User.objects.speaking_for(contract.organisation_id).values_list("pk", flat=True))
    for pk in people:
        key = f"wage-rise-{contract.pk}-{row.subject_id}-{pk}"
        outbox.enqueue("mail_wage_rise_to", key=key, contract=contract.pk, deadline=row.pk, user=pk)
    is_read = why_no_message(promised(contract.trajectory.candidate)) is None
    if is_read:
        key = f"wage-rise-{contract.pk}-{row.subject_id}"
        outbox.enqueue("mail_wage_rise", key=key, contract=contract.pk, deadline=row.pk)
    return bool(people) and is_read
