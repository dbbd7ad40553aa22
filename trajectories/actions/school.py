"""The praktijkovereenkomst (POK): made by the school, kept and followed here (WEB art. 7.2.8)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import verbs
from accounts.models import User
from candidates import uploads
from topjob import clock
from topjob.errors import Reason, Refused, rule_words
from trajectories.journey.core import lock, lock_of, log, require_work, touch
from trajectories.models import PracticeAgreement, Trajectory

if TYPE_CHECKING:
    from django.core.files import File


@transaction.atomic
def record_practice_agreement(
    trajectory: Trajectory,
    *,
    file: File,
    school: str,
    training: str,
    crebo: str,
    starts_on: date,
    ends_on: date,
    by: User,
) -> PracticeAgreement:
    """Keep what student, school and leerbedrijf signed. Until 2027 a wage of the BBL may be agreed as long as it holds."""
    locked = lock(trajectory)
    require_work("record_practice_agreement", locked, by=by)
    if ends_on < starts_on:
        raise Refused(Reason(rule_words(PracticeAgreement, "practice_dates")))
    taken = uploads.accepted(file, uploads.take_scan)
    row = PracticeAgreement(
        trajectory=locked,
        school=school,
        training=training,
        crebo=crebo,
        starts_on=starts_on,
        ends_on=ends_on,
        recorded_at=clock.now(),
        recorded_by=by,
        **uploads.facts_of(taken, file),
    )
    with uploads.stored_with(row, "praktijkovereenkomst", taken):
        row.save()
    touch(locked)
    log(verbs.RECORD_PRACTICE_AGREEMENT, locked, by=by, practice_agreement=row.pk)
    return row


def why_not_stopped(row: PracticeAgreement, day: date) -> Reason | None:
    """Why it can't be recorded that it holds no more from this day on."""
    if row.stopped_on is not None:
        return Reason(_("Van deze praktijkovereenkomst is al vastgelegd dat hij niet meer geldt."))
    if row.starts_on <= day <= row.ends_on:
        return None
    return Reason(_("Kies een dag waarop de praktijkovereenkomst geldt. Gold hij nooit? Kies dan de eerste dag."))


@transaction.atomic
def stop_practice_agreement(row: PracticeAgreement, *, stopped_on: date, stopped_because: str, by: User) -> None:
    """It holds no more from this day on: the training stopped, or the school withdrew it. Contracts keep what they say."""
    trajectory = lock_of(row)
    require_work("record_practice_agreement", trajectory, by=by)
    locked = PracticeAgreement.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if reason := why_not_stopped(locked, stopped_on):
        raise Refused(reason)
    if not stopped_because.strip():
        raise Refused(Reason(rule_words(PracticeAgreement, "practice_stop_has_reason")))
    locked.stopped_on, locked.stopped_because = stopped_on, stopped_because
    locked.save(update_fields=["stopped_on", "stopped_because"])
    touch(trajectory)
    log(verbs.STOP_PRACTICE_AGREEMENT, trajectory, by=by, practice_agreement=row.pk)
