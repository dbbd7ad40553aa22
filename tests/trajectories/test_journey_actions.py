"""The whole journey by its actions, without a browser: every state is reached by meeting its guards."""

from __future__ import annotations

import pytest

from accounts.models import AuditEntry
from tests.trajectories.conftest import Reach
from trajectories.process.workflow import State


@pytest.mark.parametrize("construction", ["1", "2"])
def test_every_state_is_reached_by_real_actions(reach: Reach, construction: str) -> None:
    for state in list(State)[1:]:
        walk = reach(state, construction=construction)
        last = AuditEntry.objects.about_trajectory(walk.trajectory.pk).exclude(state_to="").first()
        assert last is not None
        assert last.state_to == state
