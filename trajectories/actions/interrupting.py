"""B: illness or another interruption of the trial. Its end stays, unless `extend_trial` moves it."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import verbs
from accounts.models import User
from topjob import clock
from topjob.errors import Reason, Refused, why_no_reason
from trajectories.journey.core import lock, log, require_work, touch
from trajectories.models import Trajectory, TrialInterruption
from trajectories.process import rules

TITLE = gettext_lazy("Onderbreking van de proefperiode")


@transaction.atomic
def record_interruption(
    trajectory: Trajectory, *, kind: str, starts_on: date, ends_on: date | None, reason: str, by: User
) -> TrialInterruption:
    """Record that the work stopped for a while: which kind of reason, from when, until when if that is known."""
    locked = lock(trajectory)
    require_work("record_interruption", locked, by=by)
    trial = locked.current_trial
    assert trial is not None  # the state says so
    wrong = [Reason(text) for _field, text in rules.interruption_refusals(trial, starts_on, ends_on)]
    wrong += why_no_reason(reason)
    if wrong:
        raise Refused(*wrong, title=str(TITLE))
    row = TrialInterruption.objects.create(
        trial=trial,
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason,
        recorded_at=clock.now(),
        recorded_by=by,
    )
    touch(locked)
    log(verbs.RECORD_INTERRUPTION, locked, by=by, reason=reason, interruption=row.pk, kind=kind)
    return row


@transaction.atomic
def end_interruption(interruption: TrialInterruption, *, ends_on: date, by: User) -> TrialInterruption:
    """The work goes on: the last day of the interruption, once."""
    locked = lock(interruption.trial.trajectory)
    require_work("end_interruption", locked, by=by)
    row = TrialInterruption.objects.select_for_update(of=("self",)).select_related("trial").get(pk=interruption.pk)
    wrong = [Reason(text) for _field, text in rules.interruption_refusals(row.trial, row.starts_on, ends_on, but=row)]
    if row.ends_on is not None:
        wrong = [Reason(_("Deze onderbreking is al afgelopen."), "trajectories:interruptions", locked.pk)]
    if wrong:
        raise Refused(*wrong, title=str(TITLE))
    row.ends_on = ends_on
    row.save(update_fields=["ends_on"])
    touch(locked)
    log(verbs.END_INTERRUPTION, locked, by=by, interruption=row.pk)
    return row
