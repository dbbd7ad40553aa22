"""The demo world goes through the real actions, with people in every state; the same seed gives the same world."""

from __future__ import annotations

from datetime import date

import pytest

from candidates.models import Candidate, Registration
from employers.models import LearnWorkProject
from trajectories.demo import companies, world
from trajectories.models import Trajectory
from trajectories.workflow import State

TODAY = date(2026, 11, 2)


@pytest.fixture
def small_world(monkeypatch: pytest.MonkeyPatch, light_pdf: None, db: None) -> None:
    monkeypatch.setattr(companies, "EMPLOYERS", 10)
    monkeypatch.setattr(companies, "VACANCIES", 40)
    monkeypatch.setattr(world, "POPULATION", dict.fromkeys(world.POPULATION, 1))
    monkeypatch.setattr(world, "OPEN_REGISTRATIONS", 2)
    monkeypatch.setattr(world, "ENDED_REGISTRATIONS", 1)
    world.build(1, TODAY)


def test_the_demo_has_people_in_every_state_and_binq_its_eleven_jobs(small_world: None) -> None:
    assert set(Trajectory.objects.values_list("state", flat=True)) == set(State)
    binq = LearnWorkProject.objects.get(name="BinQ-1")
    assert (binq.participants_count, binq.passed_count, binq.diploma_count, binq.jobs_count) == (12, 11, 11, 11)
    assert Registration.objects.open().count() == 2
    assert all(len(name) > 2 for name in Candidate.objects.values_list("last_name", flat=True))
