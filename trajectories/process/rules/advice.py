"""C and D: quick-scan, advice and the placement that follows it (R11, R13). Numbered as in docs/domain.md."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candidates.models import ContactMoment
from topjob import clock
from topjob.dates import nl_date
from topjob.errors import Reason
from trajectories.process.checks import asks
from trajectories.process.choices import Direction
from trajectories.process.periods import ONE_DAY
from trajectories.process.rules.checkpunt import at_maatwerq

if TYPE_CHECKING:
    from candidates.models import Candidate
    from trajectories.models import (
        Trajectory,
    )


def _advice_since(trajectory: Trajectory) -> date:
    return clock.local(trajectory.state_since)


@asks(gettext_lazy("Quick-scan"))
def quick_scan_done(trajectory: Trajectory) -> Reason | None:
    """The Adviespunt starts with a quick-scan."""
    since = _advice_since(trajectory)
    if any(scan.on >= since for scan in trajectory.quick_scans.all()):
        return None
    return Reason(_("De quick-scan is nog niet gedaan."), "trajectories:quick_scan", trajectory.pk)


def advice_talks(candidate: Candidate) -> QuerySet[ContactMoment]:
    """The talks about an advice that were held with this person, newest first."""
    return candidate.contact_moments.filter(kind=ContactMoment.Kind.ADVICE, status=ContactMoment.Status.HELD)


@asks(gettext_lazy("Adviesgesprek"))
def advice_talk_held(trajectory: Trajectory) -> Reason | None:
    """A talk comes before the advice."""
    since = _advice_since(trajectory)
    talks = advice_talks(trajectory.candidate).filter(at__date__gte=since)
    if talks.exists():
        return None
    return Reason(_("Het adviesgesprek is nog niet vastgelegd."), "candidates:contacts", trajectory.candidate_id)


@asks(gettext_lazy("Advies ingevuld"))
def advice_drafted(trajectory: Trajectory) -> Reason | None:
    """Advice a–d stands ready with a plan, or was settled in this round."""
    since = trajectory.state_since
    if any(advice.given_at is None or advice.given_at >= since for advice in trajectory.advices.all()):
        return None
    return Reason(_("Het advies (a–d) is nog niet ingevuld."), "trajectories:advice", trajectory.pk)


def standing_advice(trajectory: Trajectory):
    """The advice that holds now, if any."""
    given = [advice for advice in trajectory.advices.all() if advice.given_at is not None]
    return max(given, key=lambda advice: (advice.given_at, advice.pk), default=None)


def _advice_is(trajectory: Trajectory, text: str, *directions: str) -> Reason | None:
    advice = standing_advice(trajectory)
    if advice is not None and advice.direction in directions:
        return None
    return Reason(text, "trajectories:advice", trajectory.pk)


@asks(gettext_lazy("Advies is werk (a of b)"), is_path=True)
def advice_is_job(trajectory: Trajectory) -> Reason | None:
    """Placement follows advice a or b."""
    return _advice_is(
        trajectory, _("Plaatsen kan alleen bij advies a of b."), Direction.SAME_COMPANY, Direction.OTHER_EMPLOYER
    )


@asks(gettext_lazy("Advies is verder leren (c)"), when=at_maatwerq, is_path=True)
def advice_is_learning(trajectory: Trajectory) -> Reason | None:
    """Learning on follows advice c; departments 1, 3 and 4 need no advice for it (decision 5)."""
    return _advice_is(trajectory, _("Verder leren kan alleen bij advies c."), Direction.LEARN_ON)


@asks(gettext_lazy("Advies is een andere keuze (d)"), is_path=True)
def advice_is_other_choice(trajectory: Trajectory) -> Reason | None:
    """Referral follows advice d with its destination."""
    return _advice_is(trajectory, _("Verwijzen kan alleen bij advies d, met een bestemming."), Direction.OTHER_CHOICE)


def placement_has_contract(trajectory: Trajectory) -> Reason | None:
    """R13: a placement comes with a running contract."""
    if trajectory.running_placement is not None and trajectory.running_contract is not None:
        return None
    return Reason(_("Vul het contract in waarmee iemand geplaatst wordt."), "trajectories:detail", trajectory.pk)


def period_taken(candidate: Candidate, start: date, end: date | None = None) -> Reason | None:
    """R13: at most one running contract and placement at any moment; a job begins after the earlier one."""
    span = DateRange(start, end + ONE_DAY if end else None)
    rows: list[Any] = [
        *candidate.contracts.filter(period__overlap=span),
        *candidate.placements.filter(period__overlap=DateRange(start, None)),
    ]
    if not rows:
        return None
    ends = [row.period.upper for row in rows]
    if None in ends:
        return Reason(_("Er loopt al een contract of plaatsing."))
    text = _("Er loopt al een contract of plaatsing tot en met %(day)s: kies een latere dag.")
    return Reason(text % {"day": nl_date(max(ends) - ONE_DAY)})


def check_in_is_recorded(trajectory: int) -> Reason:
    """R12: a look-in during aftercare is recorded once."""
    return Reason(_("Dit contact is al vastgelegd."), "trajectories:aftercare", trajectory)
