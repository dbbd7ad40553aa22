"""What a measurement of loonwaarde comes to, in one place; the database settles it the same way when it is finished (R8)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from topjob import clock
from topjob.errors import Reason
from trajectories.models import WageAssessment, WageOpinion, WageTask

WHOLE = 100


def outcome(tasks: Iterable[WageTask]) -> int | None:
    """Loonwaarde in whole percent: the sum of share × pace × quality × net time per main task, rounded arithmetically
    (Besluit loonkostensubsidie Participatiewet art. 3). Nothing as long as a figure is missing."""
    total = exact(tasks)
    return None if total is None else int(total.quantize(Decimal(1), ROUND_HALF_UP))


def exact(tasks: Iterable[WageTask]) -> Decimal | None:
    """The same before it is rounded."""
    total = Decimal(0)
    for task in tasks:
        if task.pace is None or task.quality is None or task.net_time is None:
            return None
        total += Decimal(task.share * task.pace * task.quality * task.net_time) / 1_000_000
    return total


def contribution(task: WageTask) -> Decimal | None:
    """What one main task adds, in hundredths of a percent; for reading, the outcome is rounded once at the end."""
    part = exact([task])
    return None if part is None else part.quantize(Decimal("0.01"), ROUND_HALF_UP)


def missing(assessment: WageAssessment) -> list[Reason]:
    """Everything that is still needed before the outcome can be settled, with the step where it is filled in."""
    pk = assessment.trajectory_id
    tasks = list(assessment.tasks.all())
    heard = {opinion.role for opinion in assessment.opinions.all()}
    found = []
    if not assessment.reference_function.strip():
        found.append(Reason(_("De normfunctie ontbreekt."), "trajectories:wage_tasks", pk))
    if (shares := sum(task.share for task in tasks)) != WHOLE:
        text = _("De delen van de tijd zijn samen %(n)s%%; het moet 100%% zijn.") % {"n": shares}
        found.append(Reason(text, "trajectories:wage_tasks", pk))
    for task in tasks:
        if not task.is_measured:
            text = _("Bij “%(task)s” ontbreekt tempo, kwaliteit of netto werktijd, of de uitleg erbij.")
            found.append(Reason(text % {"task": task.name}, "trajectories:wage_tasks", pk))
    if WageOpinion.PARTIES[0] not in heard:
        found.append(Reason(_("De zienswijze van de werkgever ontbreekt."), "trajectories:wage_opinions", pk))
    if WageOpinion.PARTIES[1] not in heard:
        found.append(Reason(_("De zienswijze van de jongere ontbreekt."), "trajectories:wage_opinions", pk))
    if not (assessment.measured_by.strip() and assessment.determined_by and assessment.measured_on):
        found.append(Reason(_("Vul in wie heeft gemeten, wie vaststelt en wanneer."), "trajectories:wage_finish", pk))
    elif assessment.measured_on > clock.today():
        found.append(Reason(_("De dag van de meting ligt in de toekomst."), "trajectories:wage_finish", pk))
    return found
