"""B: the startplan, the payer's permission and the trial (R4, R6, R10). Numbered as in docs/domain.md."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import law
from accounts.rules import BLOCKS
from topjob import clock
from topjob.dates import END_BEFORE_BEGIN, nl_date
from topjob.errors import Reason, promised
from trajectories.process.checks import asks
from trajectories.process.periods import ONE_DAY, period_end

if TYPE_CHECKING:
    from trajectories.models import (
        PayerPermission,
        StartPlan,
        Trajectory,
        TrialInterruption,
        TrialPeriod,
    )


def is_sent(trajectory: Trajectory) -> bool:
    plan = trajectory.signed_plan or trajectory.current_plan
    return plan is not None and not plan.is_draft


def is_signed(trajectory: Trajectory) -> bool:
    return trajectory.signed_plan is not None


@asks(gettext_lazy("Startplan getekend door iedereen"))
def plan_signed(trajectory: Trajectory) -> Reason | None:
    """R4: no trial before the startplan is signed by all."""
    plan = trajectory.current_plan
    if plan is None:
        return Reason(_("Er is nog geen startplan."), "trajectories:plan", trajectory.pk)
    if trajectory.signed_plan is not None:
        return None
    if plan.is_draft:
        return Reason(_("Het startplan is nog niet verstuurd."), "trajectories:plan", trajectory.pk)
    names = ", ".join(sorted(plan.missing_signers()))
    return Reason(
        _("Het startplan is nog niet getekend door: %(names)s.") % {"names": names},
        "trajectories:plan",
        trajectory.pk,
    )


def why_not_from(day: date, *, is_change: bool = False) -> str:
    """Why a startplan can't begin on this day, or a change of a running one can't take effect; empty when it can (decision 8)."""
    if is_change:
        return _("Een wijziging gaat niet in het verleden in.") if day < clock.today() else ""
    if day < clock.today():
        return _("Een proefperiode begint nooit in het verleden.")
    return _("Kies een dag binnen een jaar.") if day > clock.today() + relativedelta(years=1) else ""


def why_not_until(trajectory: Trajectory, trial: TrialPeriod, day: date) -> str:
    """Why a running trial can't go on until this day: it isn't longer, or longer than the law allows; empty when it can."""
    if day <= trial.last_day:
        return _("De nieuwe einddatum moet na het huidige einde liggen.")
    most = law.number(law.Key.PERMISSION_MAX_MONTHS, on=trial.starts_on, client=trajectory.client)
    if day > period_end(trial.starts_on, most):
        return _("Een proefplaatsing duurt ten hoogste %(n)s maanden.") % {"n": most}
    return ""


@asks(gettext_lazy("Getekend voor de startdatum"), when=is_sent)
def signed_in_time(trajectory: Trajectory) -> Reason | None:
    """R4, decision 8: what counts is last signature date ≤ start date; a trial never starts in the past."""
    plan = promised(trajectory.signed_plan or trajectory.current_plan)
    last = plan.signed_at and clock.local(plan.signed_at)
    if (last or clock.today()) <= plan.trial_starts_on:
        return None
    return Reason(
        _("De startdatum is voorbij voordat iedereen had getekend. Maak een nieuwe versie met een nieuwe startdatum."),
        "trajectories:plan",
        trajectory.pk,
    )


@asks(gettext_lazy("Startdatum"), when=is_signed)
def start_date_reached(trajectory: Trajectory) -> Reason | None:
    """The trial starts on its date, not before."""
    plan = promised(trajectory.signed_plan)
    if plan.trial_starts_on <= clock.today():
        return None
    return Reason(
        _("De proefperiode begint op %(day)s.") % {"day": nl_date(plan.trial_starts_on)},
        "trajectories:plan",
        trajectory.pk,
    )


def needs_permission(plan: StartPlan) -> bool:
    """A proefplaatsing with benefit (construction 1) asks the payer's permission (Participatiewet art. 8a, UWV)."""
    return not plan.has_trial_contract and plan.keeps_benefit and plan.trajectory.client_id is not None


def extension_needs_permission(trial: TrialPeriod) -> bool:
    """Whether the payer's permission is needed to extend this trial: with benefit, unless a setting says otherwise."""
    if not needs_permission(trial.plan):
        return False
    client = trial.trajectory.client
    return law.is_on(law.Key.EXTENSION_NEEDS_PERMISSION, on=trial.starts_on, client=client)


def permission_extends(trial: TrialPeriod, permission: PayerPermission | None, until_day: date) -> bool:
    """Whether a decision covers every day that is added to the trial (decision 8)."""
    if permission is None or not permission.is_granted:
        return False
    return permission.valid_from <= trial.last_day + ONE_DAY and permission.valid_until >= until_day


def interruption_refusals(
    trial: TrialPeriod, first: date, last: date | None, but: TrialInterruption | None = None
) -> list[tuple[str, str]]:
    """What is wrong with the days of an interruption: field and sentence. It lies in the trial and beside the others."""
    if first < trial.starts_on or first > trial.last_day:
        days = nl_date(trial.starts_on), nl_date(trial.last_day)
        return [("starts_on", _("Kies een dag in de proefperiode: %(a)s t/m %(b)s.") % {"a": days[0], "b": days[1]})]
    if last is None and first > clock.today():
        return [("ends_on", _("Vul bij een onderbreking die nog komt ook de laatste dag in."))]
    if last is not None and last < first:
        return [("ends_on", str(END_BEFORE_BEGIN))]
    if last is not None and last > trial.last_day:
        return [("ends_on", _("De proefperiode eindigt eerder. Verleng die eerst, of kies een eerdere dag."))]
    others = [row for row in trial.interruptions.all() if but is None or row.pk != but.pk]
    end = last or date.max
    if any(row.starts_on <= end and first <= (row.ends_on or date.max) for row in others):
        return [("starts_on", _("Op deze dagen is al een onderbreking vastgelegd."))]
    return []


def permission_too_long(trajectory: Trajectory, first: date, last: date) -> str:
    """Decisions together last at most so many months, counted from the start of the proefplaatsing; why this one is too long."""
    plan = trajectory.signed_plan or trajectory.current_plan
    begin = min(first, plan.trial_starts_on) if plan else first
    most = law.number(law.Key.PERMISSION_MAX_MONTHS, on=begin, client=trajectory.client)
    if last <= period_end(begin, most):
        return ""
    words = {"n": most, "last": nl_date(period_end(begin, most))}
    return (
        _("Een proefplaatsing duurt met alle besluiten samen ten hoogste %(n)s maanden: tot en met %(last)s.") % words
    )


def permission_covers(trajectory: Trajectory, day: date) -> bool:
    """Whether a granted decision of the payer holds on this day."""
    rows = trajectory.permissions.all()
    return any(row.is_granted and row.valid_from <= day <= row.valid_until for row in rows)


def permitted_until(trajectory: Trajectory, start: date) -> date | None:
    """The last day of the granted decisions from the start on that follow each other without a day between them."""
    until: date | None = None
    granted = (row for row in trajectory.permissions.all() if row.is_granted and row.valid_until >= start)
    for row in sorted(granted, key=lambda row: (row.valid_from, row.pk)):
        if until is None or row.valid_from <= until + ONE_DAY:
            until = max(until or row.valid_until, row.valid_until)
    return until


def permission_warning(trajectory: Trajectory) -> Reason | None:
    """Decision 10: which decision of the payer is missing for the start or before the trial's last day."""
    plan = trajectory.signed_plan or trajectory.current_plan
    if plan is None or not needs_permission(plan):
        return None
    trial = trajectory.current_trial
    last_day = trial.last_day if trial else plan.trial_ends_on
    if not permission_covers(trajectory, plan.trial_starts_on):
        text = _("De toestemming van %(client)s voor de start van de proefplaatsing ontbreekt.")
    elif (permitted_until(trajectory, plan.trial_starts_on) or plan.trial_starts_on) < last_day:
        text = _("De toestemming van %(client)s loopt af vóór het einde van de proefperiode: vraag verlenging aan.")
    else:
        return None
    return Reason(text % {"client": trajectory.client}, "trajectories:permission", trajectory.pk)


def asks_permission(trajectory: Trajectory) -> bool:
    plan = trajectory.signed_plan
    return plan is not None and needs_permission(plan)


@asks(gettext_lazy("Toestemming van de opdrachtgever"), when=asks_permission)
def permission_in_place(trajectory: Trajectory) -> Reason | None:
    """Decision 10: the payer's permission covers the start date; a setting says whether its absence blocks."""
    plan = promised(trajectory.signed_plan)
    if permission_covers(trajectory, plan.trial_starts_on):
        return None
    mode = law.word(law.Key.PERMISSION_MODE, on=plan.trial_starts_on, client=trajectory.client)
    return permission_warning(trajectory) if mode == BLOCKS else None


def trial_running(trajectory: Trajectory) -> Reason | None:
    """R6: the trial's row is there, with the end that the rule gives."""
    trial = trajectory.current_trial
    if trial is not None and trial.ends_on == period_end(trial.starts_on, trial.months):
        return None
    return Reason(_("De proefperiode klopt niet met het startplan."), "trajectories:plan", trajectory.pk)


def trial_contract_exact(trajectory: Trajectory) -> Reason | None:
    """R10: construction 2 has a MaatwerQ contract of exactly the trial."""
    trial = trajectory.current_trial
    if trial is None or not trial.plan.has_trial_contract:
        return None
    of_these_days = trajectory.contracts.filter(starts_on=trial.starts_on, ends_on=trial.ends_on)
    exact = any(contract.is_trial for contract in of_these_days)
    return None if exact else Reason(_("Bij constructie 2 hoort een contract van precies de proefperiode."))


@asks(gettext_lazy("Einde van de proefperiode in zicht"))
def near_trial_end(trajectory: Trajectory) -> Reason | None:
    """R6: the regisseur may open the evaluation from two weeks before the end; by itself the day after the end."""
    trial = trajectory.current_trial
    if trial is None:
        return Reason(_("Er loopt geen proefperiode."))
    days = law.number(law.Key.EVALUATION_INVITE_DAYS, on=trial.starts_on, client=trajectory.client)
    opens = trial.last_day - timedelta(days=days)
    if clock.today() >= opens:
        return None
    return Reason(_("De evaluatie kan open vanaf %(day)s.") % {"day": nl_date(opens)})
