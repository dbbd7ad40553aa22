"""B: what follows a learn-work contract. Numbered as in docs/domain.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from topjob import clock
from topjob.errors import Reason
from trajectories.process.periods import ONE_DAY
from trajectories.process.rules.evaluating import contract_length_ok

if TYPE_CHECKING:
    from trajectories.models import (
        Trajectory,
    )


def contract_follows_on(trajectory: Trajectory) -> Reason | None:
    """Decision 4: an extension starts the day after the earlier contract and stays within the maximum."""
    contract = trajectory.running_contract
    if contract is None or contract.previous is None:
        return Reason(_("Er is geen verlenging ingevuld."))
    if contract.starts_on != contract.previous.last_day + ONE_DAY:
        return Reason(_("De verlenging begint op de dag na het lopende contract."))
    return None if contract_length_ok(contract) else Reason(_("De verlenging is langer dan 24 maanden."))


def training_ended(trajectory: Trajectory) -> Reason | None:
    """R11: qualification, end of contract, or an early end with its reason."""
    contract = next((row for row in trajectory.contracts.all() if row.is_learn_work), None)
    if contract is None or not hasattr(contract, "training_end"):
        return Reason(_("Leg vast waarom de opleiding eindigt."), "trajectories:detail", trajectory.pk)
    end = contract.training_end
    if end.is_with_contract and (contract.ends_on is None or contract.ends_on >= clock.today()):
        return Reason(_("Het contract loopt nog."))
    return None


def early_end_asks_why() -> str:
    """R11: what is asked of whoever ends a training before its time."""
    return _("Geef de reden van het eerdere einde.")
