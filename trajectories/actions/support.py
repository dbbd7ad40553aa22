"""The facts behind the money side for the employer, and what was done to get it."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import verbs
from accounts.models import Organisation, User
from topjob import clock
from topjob.errors import Reason, Refused, rule_words
from trajectories.journey.core import lock, log, require_work, touch
from trajectories.models import EmployerSupport, SupportStep, Trajectory


@transaction.atomic
def record_support(
    trajectory: Trajectory, *, in_register: bool | None, checked_on: date | None, coach_regime: str, by: User
) -> EmployerSupport:
    """Record whether the person is in the doelgroepregister, as looked up on a day, and how much jobcoach was agreed."""
    locked = lock(trajectory)
    require_work("record_support", locked, by=by)
    if in_register is not None and (checked_on is None or checked_on > clock.today()):
        raise Refused(Reason(rule_words(EmployerSupport, "register_was_looked_up"), "trajectories:money", locked.pk))
    facts = {"in_register": in_register, "checked_on": checked_on, "coach_regime": coach_regime}
    support, _created = EmployerSupport.objects.update_or_create(
        trajectory=locked, defaults={**facts, "recorded_by": by, "recorded_at": clock.now()}
    )
    touch(locked)
    log(verbs.RECORD_SUPPORT, locked, by=by, in_register=in_register, coach=coach_regime)
    return support


@transaction.atomic
def record_support_step(
    trajectory: Trajectory,
    *,
    organisation: Organisation,
    kind: str,
    outcome: str,
    on: date | None,
    note: str = "",
    by: User,
) -> SupportStep | None:
    """Record that a step for an arrangement was done on a day or isn't needed; without an outcome it is to be done again."""
    locked = lock(trajectory)
    require_work("record_support", locked, by=by)
    steps = SupportStep.objects.filter(trajectory=locked, organisation=organisation, kind=kind)
    step = None
    if not outcome:
        steps.delete()
    elif on is None or on > clock.today():
        raise Refused(Reason(_("Vul in wanneer dat was."), "trajectories:money", locked.pk))
    elif outcome == SupportStep.Outcome.NOT_NEEDED and not note.strip():
        raise Refused(
            Reason(rule_words(SupportStep, "support_step_not_needed_has_reason"), "trajectories:money", locked.pk)
        )
    else:
        facts = {"outcome": outcome, "on": on, "note": note, "recorded_by": by, "recorded_at": clock.now()}
        step, _created = SupportStep.objects.update_or_create(
            trajectory=locked, organisation=organisation, kind=kind, defaults=facts
        )
    touch(locked)
    log(verbs.RECORD_SUPPORT_STEP, locked, by=by, kind=kind, outcome=outcome, organisation=organisation.pk)
    return step
