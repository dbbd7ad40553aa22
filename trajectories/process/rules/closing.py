"""Exit talk and administrative completion before a file is closed. Numbered as in docs/domain.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from topjob.errors import Reason
from trajectories.process.checks import asks

if TYPE_CHECKING:
    from trajectories.models import (
        Trajectory,
    )


@asks(gettext_lazy("Exitgesprek"))
def exit_talk_recorded(trajectory: Trajectory) -> Reason | None:
    """R15: the exit talk was held, or it is recorded why not (decision 6)."""
    if hasattr(trajectory, "exit_talk"):
        return None
    return Reason(_("Het exitgesprek is nog niet vastgelegd."), "trajectories:exit_talk", trajectory.pk)


@asks(gettext_lazy("Administratieve afronding"))
def completion_done(trajectory: Trajectory) -> Reason | None:
    """R15: the administrative completion is done."""
    if hasattr(trajectory, "completion") and trajectory.completion.is_complete:
        return None
    return Reason(_("De administratieve afronding is nog niet klaar."), "trajectories:completion", trajectory.pk)
