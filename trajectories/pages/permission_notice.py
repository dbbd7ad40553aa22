"""The payer's permission as a warning with the rule behind it, for every page where it bites (decision 10)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts import law
from accounts.rules import BLOCKS
from topjob.errors import promised
from trajectories.models import Trajectory
from trajectories.process import rules
from trajectories.process.workflow import State

WHERE_IT_BITES = (State.STARTPLAN, State.PROEFPERIODE, State.EVALUATIE)


@dataclass(frozen=True)
class PermissionNotice:
    """What is missing, where it is filled in, what happens without it and which rule says so."""

    text: str
    url: str
    consequence: str
    source: str
    blocks: bool

    @property
    def tone(self) -> str:
        return "bad" if self.blocks else "care"


def notice_of(trajectory: Trajectory) -> PermissionNotice | None:
    """The warning that holds for this trajectory now, if any."""
    warning = rules.permission_warning(trajectory) if trajectory.state in WHERE_IT_BITES else None
    if warning is None:
        return None
    plan = trajectory.signed_plan or trajectory.current_plan
    start = promised(plan).trial_starts_on
    found = law.settings_on(law.Key.PERMISSION_MONTHS, law.Key.PERMISSION_MODE, on=start, client=trajectory.client)
    months, mode = found[law.Key.PERMISSION_MONTHS], found[law.Key.PERMISSION_MODE]
    blocks = mode.value == BLOCKS and trajectory.state == State.STARTPLAN
    consequence = (
        _("Zonder dit besluit begint de proefperiode niet.")
        if blocks
        else _("Een besluit geldt %(n)s maanden; voor langer is een nieuw besluit nodig.") % {"n": months.value}
    )
    source = mode.source if blocks else months.source
    return PermissionNotice(warning.text, warning.url, consequence, source, blocks)
