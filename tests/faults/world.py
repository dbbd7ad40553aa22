"""The people every fault finds: one just assigned, one whose startplan is ready to be sent, one whose plan all have signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from accounts.models import Role, User
from demo.walk import Team, Walk
from employers.models import EmployerContact
from tests import factories
from tests.faults.stack import FaultStack
from tests.trajectories.conftest import make_vacancy, make_walk, walk_to
from tests.trajectories.personal import run_outbox
from topjob import clock
from trajectories.models import Trajectory

PASSWORD = "een-lang-wachtwoord-123"


@dataclass
class World:
    """Who and what there is, by primary key."""

    day: date
    assigned: int
    draft: int
    signed: int
    regisseur: int
    broker: int
    beheerder: int
    frontoffice: int
    vacancy: int
    team: tuple[int, ...]

    def user(self, role: str) -> User:
        return User.objects.get(pk=getattr(self, role))

    def case(self, name: str) -> Trajectory:
        return Trajectory.objects.select_related("candidate", "department").get(pk=getattr(self, name))

    def walk(self, name: str) -> Walk:
        """One of the cases, to be walked on by the real actions."""
        return Walk(self.case(name), Team(*(User.objects.get(pk=pk) for pk in self.team)), self.day)


def fill(stack: FaultStack) -> World:
    """By the real actions, and with everything that follows done."""
    with stack.here():
        team = factories.team()
        beheerder = factories.staff(Role.BEHEERDER)
        team.regisseur.set_password(PASSWORD)
        team.regisseur.save()
        vacancy = make_vacancy(seats=6)
        for function in ("leermeester", "tekenbevoegd", "jobcoach"):
            factories.EmployerContactFactory(employer=vacancy.employer, function=EmployerContact.Function(function))
        walks = {"assigned": make_walk(team), "draft": make_walk(team), "signed": make_walk(team)}
        _rename(walks)
        walk_to(walks["draft"], vacancy, "STARTPLAN").draft_plan()
        walk_to(walks["signed"], vacancy, "STARTPLAN").draft_plan().send_plan().sign().permit()
        day = max(walk.day for walk in walks.values()) + timedelta(days=1)
        with clock.at(day):
            run_outbox()
        return World(
            day=day,
            **{name: walk.trajectory.pk for name, walk in walks.items()},
            regisseur=team.regisseur.pk,
            broker=team.job_broker.pk,
            beheerder=beheerder.pk,
            frontoffice=team.frontoffice.pk,
            vacancy=vacancy.pk,
            team=tuple(user.pk for user in vars(team).values()),
        )


def _rename(walks: dict[str, Walk]) -> None:
    """Everybody an address of their own."""
    for name, walk in walks.items():
        candidate = walk.candidate
        candidate.last_name, candidate.email = name.capitalize(), f"{name}@post.example"
        candidate.save(update_fields=["last_name", "email"])
