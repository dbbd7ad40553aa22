"""Filling the demo, step by step, so that it can be stopped at any moment and goes on where it stopped.

A step is one person's whole story, or the companies, told in one transaction that also notes the step as done: a person is there
whole or not at all. What happens follows from the seed, the day on which the filling began and the step's own name. Steps belong
to lanes that share no vacancy, so two processes fill beside each other and the world is the same whoever was first (ADR 12).
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as moment
from functools import cached_property, partial
from itertools import chain, zip_longest
from random import Random
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import F

from accounts import law
from accounts.actions import Capacity
from accounts.models import Role, User
from demo import companies, world
from demo.companies import LANES, Market
from demo.people import demo_user, make_staff
from demo.walk import Team, Walk
from demo.world import World
from topjob import clock, outbox
from topjob.errors import Refused
from topjob.models import DemoFill, DemoStep, OutboxMessage
from trajectories.models import Deadline, Trajectory
from trajectories.process.workflow import State

# What is in a later stage needs everything of the stages before.
COMPANIES, FIRST_PEOPLE, MORE_COMPANIES, EVERYBODY = STAGES = range(4)
BINQ_LEARNERS = 12
# Whoever works in the product meanwhile goes first: the fill steps back, and tells this person's story anew.
LOCK_TIMEOUT, ATTEMPTS, PAUSE_SECONDS = "300ms", 20, 0.5
# Mails of which the token exists nowhere else; a link that was used or closed isn't sent anyway.
STILL_SENT = "send_link"


@dataclass(frozen=True)
class Step:
    """One part of the world."""

    name: str
    stage: int
    take: Callable[[Filling, Step], Any]
    lane: int = 0
    # The how manieth person this is; nothing for what isn't a person.
    number: int | None = None


def steps() -> list[Step]:
    """All there is to do: companies, BinQ-1 and somebody in every state first, then everybody else, mixed."""
    binq = [(f"binq-{number}", partial(World.binq_learner, number=number), 0) for number in range(BINQ_LEARNERS)]
    first = [(f"{state}-0", partial(_person_in, state=state, number=0), 1) for state in world.POPULATION]
    people: list[tuple[str, Callable[[World], Any], int | None]] = [
        *binq,
        *first,
        *((name, tell, None) for name, tell in _everybody_else()),
    ]
    early = len(binq) + len(first)
    return [
        Step("bedrijven", COMPANIES, _open_companies),
        *(
            Step(
                name,
                FIRST_PEOPLE if number < early else EVERYBODY,
                partial(_tell, tell),
                number % LANES if lane is None else lane,
                number,
            )
            for number, (name, tell, lane) in enumerate(people)
        ),
        *(Step(f"meer-bedrijven-{lane}", MORE_COMPANIES, _open_more_companies, lane) for lane in range(LANES)),
        Step("binq-dicht", MORE_COMPANIES, _close_binq),
    ]


def _everybody_else() -> Iterator[tuple[str, Callable[[World], Any]]]:
    """Round after round somebody in each state, so that what is there at any moment looks like the whole."""
    amounts = world.POPULATION.items()
    rows = [[(f"{s}-{n}", partial(_person_in, state=s, number=n)) for n in range(1, amount)] for s, amount in amounts]
    waiting, ended = range(world.OPEN_REGISTRATIONS), range(world.ENDED_REGISTRATIONS)
    rows.append([(f"aanmelding-{n}", partial(World.open_registration, number=n)) for n in waiting])
    rows.append([(f"afgemeld-{n}", partial(World.ended_registration, number=n)) for n in ended])
    return (row for row in chain.from_iterable(zip_longest(*rows)) if row is not None)


def _person_in(told: World, state: State, number: int) -> None:
    walk = told.person_in(state, number)
    if state == State.PROEFPERIODE and number == 0:
        _give_login(walk)


def _give_login(walk: Walk) -> None:
    """One person in the trial can log in."""
    candidate = walk.candidate
    candidate.user = demo_user("kandidaat", candidate.full_name, [Capacity(Role.KANDIDAAT)])
    candidate.save(update_fields=["user"])


def _tell(tell: Callable[[World], Any], filling: Filling, step: Step) -> None:
    tell(filling.world(step))


def _open_companies(filling: Filling, step: Step) -> None:
    broker = make_staff()["werkmakelaar"]
    with clock.at(date(2012, 1, 2)):
        companies.open_market(filling.fill.seed, broker, filling.fill.day, range(companies.FIRST_EMPLOYERS))
        companies.open_projects(broker)
    # The employer's login speaks for one company of each lane.
    known = companies.read_employers()[:LANES]
    capacities = [Capacity(Role.WERKGEVER, organisation=employer.organisation) for employer in known]
    demo_user("werkgever", "Wim Hekman", capacities)


def _open_more_companies(filling: Filling, step: Step) -> None:
    more = range(companies.FIRST_EMPLOYERS + step.lane, companies.EMPLOYERS, LANES)
    with clock.at(date(2012, 1, 2)):
        companies.open_market(filling.fill.seed, filling.staff["werkmakelaar"], filling.fill.day, more)


def _close_binq(filling: Filling, step: Step) -> None:
    filling.world(step).close_binq()


class Filling:
    """The filling of one world, as far as it has come."""

    def __init__(self, fill: DemoFill) -> None:
        self.fill = fill

    @classmethod
    def begin(cls, seed: int, day: date) -> Filling:
        """The world that was begun here, or a new one: its seed and day stay what they were."""
        people = sum(step.number is not None for step in steps())
        fill, _is_new = DemoFill.objects.get_or_create(pk=1, defaults={"seed": seed, "day": day, "people": people})
        return cls(fill)

    @cached_property
    def staff(self) -> dict[str, User]:
        return make_staff()

    @cached_property
    def market(self) -> Market:
        return companies.read_market()

    def world(self, step: Step) -> World:
        """What this step's story is told with."""
        number = step.number or 0
        random = Random(f"{self.fill.seed}/{step.name}")
        return World(random, self.fill.day, self.market, self._team(number), number, step.lane)

    def _team(self, number: int) -> Team:
        """Two regisseurs share the cases."""
        return Team(
            frontoffice=self.staff["frontoffice"],
            regisseur=self.staff["regisseur" if number % 3 else "regisseur2"],
            career_adviser=self.staff["loopbaanadviseur"],
            job_broker=self.staff["werkmakelaar"],
            jobcoach=self.staff["jobcoach"],
            personnel=self.staff["personeelsdiensten"],
            backoffice=self.staff["backoffice"],
        )

    def waiting(self, stage: int, *lanes: int) -> list[Step]:
        """What of this stage isn't there yet."""
        done = set(DemoStep.objects.values_list("name", flat=True))
        return [
            step
            for step in steps()
            if step.stage == stage and step.name not in done and (step.lane in lanes or not lanes)
        ]

    @staticmethod
    def hurry() -> None:
        """For a process that only fills: joins are made in the order in which they are asked, which is a good one here, instead
        of weighing all orders of eight small tables for milliseconds each time.
        """
        with connection.cursor() as cursor:
            cursor.execute("SET join_collapse_limit = 1")
        # What is read goes away with its person; looking for it in circles a hundred times a second finds nothing.
        gc.freeze()
        gc.set_threshold(20_000, 50, 50)

    def take(self, step: Step) -> None:
        """Take one step, unless another process did; in the way of somebody who works here it steps back and tries again."""
        for left in reversed(range(ATTEMPTS)):
            try:
                self._take(step)
                return
            except (OperationalError, Refused):  # such as a place that somebody just gave away or closed
                if not left or connection.in_atomic_block:
                    raise
                time.sleep(PAUSE_SECONDS)

    @transaction.atomic
    def _take(self, step: Step) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
        _row, is_ours = DemoStep.objects.get_or_create(name=step.name, defaults={"is_person": step.number is not None})
        if is_ours:
            with clock.at(self.fill.day), outbox.without_hints(), law.remembered():
                step.take(self, step)
            self._leave_the_past()

    def _leave_the_past(self) -> None:
        """What was mailed on days gone by was mailed then, also about deadlines; the worker finds what is still to be sent."""
        morning = datetime.combine(self.fill.day, moment(), tzinfo=clock.AMSTERDAM)
        mails = OutboxMessage.objects.waiting().filter(handler__in=outbox.LEAVING, created_at__lt=morning)
        mails.exclude(handler=STILL_SENT).update(done_at=F("created_at"), outcome=OutboxMessage.Outcome.DONE)
        passed = Deadline.objects.open().filter(notified_at=None, due_on__lt=self.fill.day)
        passed.update(notified_at=morning - timedelta(days=1))
        # What is told last may be what was done earlier.
        Trajectory.objects.filter(last_change_at__lt=F("state_since")).update(last_change_at=F("state_since"))

    def finish(self) -> None:
        """Everything is there."""
        self.fill.finished_at = clock.now()
        self.fill.save(update_fields=["finished_at"])


def build(seed: int, today: date) -> None:
    """Make the whole world here and now, in this process; goes on where an earlier filling stopped."""
    filling = Filling.begin(seed, today)
    for stage in STAGES:
        for step in filling.waiting(stage):
            filling.take(step)
    filling.finish()
