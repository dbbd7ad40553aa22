"""One world for all tests of the staff's screens: a person in every state, walked there once by the real actions.

It is a database of its own; each test works in a transaction on it that is rolled back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

import pytest

from accounts.models import Membership, User
from demo.walk import Team, Walk
from employers.models import EmployerContact, Vacancy
from tests import databases, factories
from tests.trajectories.conftest import make_vacancy, make_walk, render_lightly, walk_to
from topjob import outbox
from trajectories.models import Trajectory
from trajectories.process.workflow import State

ROLES = factories.TEAM_ROLES


@dataclass
class World:
    """Where everybody is: ids only, because objects belong to one test."""

    team: list[int]
    vacancy: int
    people: dict[str, tuple[int, date]] = field(default_factory=dict)


def build() -> World:
    """A team, a vacancy with room for all, and somebody in every state."""
    team = factories.team()
    vacancy = make_vacancy(seats=20)
    for function in ("leermeester", "tekenbevoegd", "jobcoach"):
        factories.EmployerContactFactory(employer=vacancy.employer, function=EmployerContact.Function(function))
    world = World([user.pk for user in vars(team).values()], vacancy.pk)
    for state in State:
        walk = walk_to(make_walk(team), vacancy, state)
        world.people[state] = (walk.trajectory.pk, walk.day)
    return world


@pytest.fixture(scope="session")
def world_database(cluster, django_db_setup, django_db_blocker, own_files) -> Iterator[tuple[str, World]]:
    with cluster.clone() as name:
        with (
            pytest.MonkeyPatch.context() as patch,
            django_db_blocker.unblock(),
            databases.django_uses(name),
        ):
            patch.setitem(outbox.HANDLERS, "render_plan", render_lightly)
            patch.setattr(outbox, "tell_celery", lambda pk: None)  # no worker listens here; the rows wait
            world = build()
        yield name, world


@pytest.fixture
def in_world(world_database) -> Iterator[World]:
    name, world = world_database
    with databases.django_uses(name):
        yield world


@pytest.fixture
def world(in_world: World, db: None) -> World:
    return in_world


@pytest.fixture
def team(world: World) -> Team:
    found = User.objects.in_bulk(world.team)
    return Team(*(found[pk] for pk in world.team))


@pytest.fixture
def vacancy(world: World) -> Vacancy:
    return Vacancy.objects.get(pk=world.vacancy)


@pytest.fixture
def reach(world: World, team: Team, light_pdf: None) -> Callable[[str], Walk]:
    """The person who is in this state."""

    def go(state: str) -> Walk:
        pk, day = world.people[state]
        return Walk(Trajectory.objects.select_related("candidate", "department").get(pk=pk), team, day)

    return go


@pytest.fixture
def walk(reach: Callable[[str], Walk]) -> Walk:
    return reach(State.AANGEMELD)


@pytest.fixture
def regisseur(client, team: Team) -> User:
    """The regisseur of the team, logged in."""
    client.force_login(team.regisseur)
    return team.regisseur


@pytest.fixture
def everybody(client, team: Team) -> User:
    """One person in every role of the region, who is the jobcoach of all; logged in."""
    user = team.jobcoach
    for role in ROLES:
        Membership.objects.get_or_create(user=user, role=role, region=factories.region())
    client.force_login(user)
    return user
