"""B: the three views, loonwaarde and the learn-work contract that may follow (R7, R8, R10). Numbered as in docs/domain.md."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import law
from topjob.errors import Reason, promised
from trajectories.process.checks import asks
from trajectories.process.choices import THREE_PARTIES
from trajectories.process.periods import ONE_DAY, months_before, period_end

if TYPE_CHECKING:
    from accounts.models import Organisation
    from trajectories.models import (
        Contract,
        Evaluation,
        Trajectory,
        WageValue,
    )


def missing_views(trajectory: Trajectory) -> list[str]:
    """Which of the three parties hasn't given a view yet (R7)."""
    evaluation = trajectory.current_evaluation
    given = {view.role for view in evaluation.views.all()} if evaluation else set()
    return [party for party in THREE_PARTIES if party not in given]


def view_is_given(trajectory: Trajectory) -> Reason:
    """A view is given once (R7, R14): whoever wants to give one for that party again reads this."""
    return Reason(_("Deze partij heeft al een oordeel gegeven."), "trajectories:evaluation", trajectory.pk)


def is_evaluating(trajectory: Trajectory) -> bool:
    return trajectory.current_evaluation is not None


def has_views(trajectory: Trajectory) -> bool:
    evaluation = trajectory.current_evaluation
    return evaluation is not None and bool(evaluation.views.all())


@asks(gettext_lazy("Oordelen van alle partijen"))
def all_views_given(trajectory: Trajectory) -> Reason | None:
    """R7: the evaluation hears all parties."""
    missing = missing_views(trajectory)
    if not missing:
        return None
    if without := _decided_without(trajectory, missing):
        text = _("Geen oordeel van: %(names)s (niet gekomen). Zonder dit oordeel volgt geen contract.")
        return Reason(text % {"names": ", ".join(without)}, "trajectories:evaluation", trajectory.pk)
    return Reason(
        _("Nog geen oordeel van: %(names)s.") % {"names": ", ".join(missing)},
        "trajectories:evaluation",
        trajectory.pk,
    )


def _decided_without(trajectory: Trajectory, missing: list[str]) -> list[str]:
    """Who of the missing parties didn't come, with the decision to go on without them as the last word."""
    evaluation = trajectory.current_evaluation
    rows = sorted(evaluation.no_shows.all(), key=lambda row: row.pk) if evaluation else []
    latest = {row.role: row.is_gone_without for row in rows}
    return [role for role in missing if latest.get(role)]


@asks(gettext_lazy("Iedereen tot nu toe positief"), when=has_views)
def all_views_positive(trajectory: Trajectory) -> Reason | None:
    """R7: only when all are positive does the contract follow."""
    views = promised(trajectory.current_evaluation).views.all()
    negative = [view.get_role_display() for view in views if not view.is_positive]
    if not negative:
        return None
    return Reason(
        _("Niet iedereen is positief: %(names)s. Kies een andere plek, advies of stoppen.")
        % {"names": ", ".join(negative)},
        "trajectories:evaluation",
        trajectory.pk,
    )


def wage_value_required(trajectory: Trajectory) -> bool:
    """R8, decision 3: Wajong, WIA, beschut werk, and whenever loonkostensubsidie is requested."""
    evaluation = trajectory.current_evaluation
    by_group = trajectory.target_group is not None and trajectory.target_group.needs_wage_value
    return by_group or bool(evaluation and evaluation.wants_wage_subsidy)


def wage_value_asked_by(trajectory: Trajectory, *, wants_wage_subsidy: bool) -> str:
    """R8: what asks for loonwaarde, so that nobody can decide that it isn't needed; empty where the regisseur is free."""
    group = trajectory.target_group
    if group is not None and group.needs_wage_value:
        return _("Doelgroep %(group)s vraagt altijd om loonwaarde.") % {"group": group}
    return _("Bij loonkostensubsidie is een loonwaardebepaling altijd nodig.") if wants_wage_subsidy else ""


def wage_values_of(evaluation: Evaluation) -> list[WageValue]:
    """The loonwaarde that counts for an evaluation: settled since its trial began, also before it opened."""
    trial = evaluation.trial
    return [value for value in trial.trajectory.wage_values.all() if value.determined_on >= trial.starts_on]


@asks(gettext_lazy("Loonwaarde"), when=is_evaluating)
def wage_value_known(trajectory: Trajectory) -> Reason | None:
    """R8: where it is asked for, the evaluation isn't complete without loonwaarde; else the regisseur decides with a reason."""
    evaluation = promised(trajectory.current_evaluation)
    needed = wage_value_required(trajectory) or evaluation.wage_value_needed
    if needed and not wage_values_of(evaluation):
        return Reason(_("De loonwaarde ontbreekt nog."), "trajectories:wage_value", trajectory.pk)
    if not wage_value_required(trajectory) and evaluation.wage_value_needed is None:
        return Reason(_("Leg vast of loonwaarde nodig is, met de reden."), "trajectories:wage_value", trajectory.pk)
    return None


def learn_work_start(trajectory: Trajectory) -> date | None:
    """Decision 4: the day after the trial."""
    trial = trajectory.current_trial
    return trial.last_day + ONE_DAY if trial else None


def contract_length_ok(contract: Contract) -> bool:
    """R9: at least `min_months` and at most `max_months` calendar months, both counted from the first day."""
    if contract.ends_on is None:
        return False
    long_enough = (
        contract.ends_on >= period_end(contract.starts_on, contract.min_months) if contract.min_months else True
    )
    return long_enough and (
        contract.max_months is None or contract.ends_on <= period_end(contract.starts_on, contract.max_months)
    )


def learn_work_contract(trajectory: Trajectory) -> Reason | None:
    """R9: the contract follows the trial directly and lasts twelve to twenty-four months."""
    contract = trajectory.running_contract
    if contract is None or not contract.is_learn_work or contract.starts_on != learn_work_start(trajectory):
        return Reason(
            _("Het leerwerkcontract begint op de dag na de proefperiode."), "trajectories:detail", trajectory.pk
        )
    if not contract_length_ok(contract):
        return Reason(_("Een leerwerkcontract duurt ten minste 12 en ten hoogste 24 maanden."))
    return None


def notice_by(contract: Contract) -> date | None:
    """The last day to say in writing whether a fixed-term contract goes on (aanzegtermijn, BW 7:668); not of short ones."""
    if contract.ends_on is None or contract.is_agency_work or contract.is_unpaid:
        return None
    client = contract.trajectory.client
    rows = law.settings_on(law.Key.NOTICE_MONTHS, law.Key.NOTICE_FROM_MONTHS, on=contract.starts_on, client=client)
    shortest = int(rows[law.Key.NOTICE_FROM_MONTHS].value)
    if contract.ends_on < period_end(contract.starts_on, shortest):
        return None
    return months_before(contract.ends_on, int(rows[law.Key.NOTICE_MONTHS].value))


def probation_refusal(
    trajectory: Trajectory, organisation: Organisation | None, starts_on: date, ends_on: date | None, months: int
) -> Reason | None:
    """A proeftijd is void after a proefplaatsing at the same company, in a short contract, or when too long (BW 7:652)."""
    if not months:
        return None
    if organisation and trajectory.trials.filter(application__organisation=organisation).exists():
        return Reason(_("Dit contract volgt op een proefplaatsing bij dit bedrijf: een proeftijd mag dan niet."))
    keys = (law.Key.PROBATION_MAX, law.Key.PROBATION_SHORT, law.Key.PROBATION_FROM)
    rows = law.settings_on(*keys, on=starts_on, client=trajectory.client)
    most, short, none_up_to = (int(rows[key].value) for key in keys)
    if ends_on is not None and ends_on <= period_end(starts_on, none_up_to):
        text = _("Bij een contract van %(n)s maanden of korter mag geen proeftijd.")
        return Reason(text % {"n": none_up_to})
    if ends_on is not None and ends_on < period_end(starts_on, 24):
        most = min(most, short)
    if months > most:
        return Reason(_("Bij dit contract is de proeftijd ten hoogste %(n)s maand(en).") % {"n": most})
    return None
