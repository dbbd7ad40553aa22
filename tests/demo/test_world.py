"""The demo world goes through the real actions, with people in every state; stopped and gone on with, it is the same world."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import AuditEntry
from candidates.models import Candidate, Registration
from demo import companies, fill, world
from demo.walk import Walk
from employers.models import LearnWorkProject
from topjob import clock, outbox
from topjob.models import DemoFill, DemoStep, OutboxMessage
from trajectories.models import Deadline, Trajectory
from trajectories.process.workflow import State

TODAY = date(2026, 11, 2)
MORNING = datetime.combine(TODAY, time(), tzinfo=clock.AMSTERDAM)


@pytest.fixture
def few_companies(monkeypatch: pytest.MonkeyPatch, light_pdf: None, db: None) -> None:
    monkeypatch.setattr(companies, "EMPLOYERS", 8)
    monkeypatch.setattr(companies, "FIRST_EMPLOYERS", 6)
    monkeypatch.setattr(companies, "VACANCIES", 40)
    monkeypatch.setattr(world, "OPEN_REGISTRATIONS", 2)
    monkeypatch.setattr(world, "ENDED_REGISTRATIONS", 1)


@pytest.fixture
def few_people(few_companies: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two for each lane who come to the same companies."""
    monkeypatch.setattr(fill, "BINQ_LEARNERS", 1)
    monkeypatch.setattr(world, "POPULATION", {State.INTAKE: 1, State.SOLLICITATIE: 3, State.PROEFPERIODE: 2})


@contextmanager
def taken_back() -> Iterator[None]:
    """What is done within the block never happened."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def the_world() -> list[tuple]:
    """Everybody with what became of them, without the numbers that the database gives out."""
    people = [
        (
            case.candidate.email,
            case.candidate.full_name,
            case.candidate.birth_date,
            case.state,
            clock.local(case.state_since),
            case.lead.email,
            [(row.organisation.name, row.vacancy.title, row.status) for row in case.applications.all()],
            sorted((row.kind, row.due_on, row.closed_at is None) for row in case.deadlines.all()),
            [
                (row.verb, clock.local(row.at))
                for row in AuditEntry.objects.filter(trajectory_id=case.pk).order_by("pk")
            ],
        )
        for case in Trajectory.objects.all()
    ]
    waiting = Registration.objects.filter(trajectory=None).values_list("candidate__email", "status", "motivation")
    return [*sorted(people), *sorted(waiting)]


@pytest.mark.walk
def test_the_demo_has_people_in_every_state_and_binq_its_eleven_jobs(
    few_companies: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world, "POPULATION", dict.fromkeys(world.POPULATION, 1))
    fill.build(1, TODAY)
    assert set(Trajectory.objects.values_list("state", flat=True)) == set(State)
    binq = LearnWorkProject.objects.get(name="BinQ-1")
    assert (binq.participants_count, binq.passed_count, binq.diploma_count, binq.jobs_count) == (12, 11, 11, 11)
    assert Registration.objects.open().count() == 2
    assert all(len(name) > 2 for name in Candidate.objects.values_list("last_name", flat=True))
    made = DemoFill.objects.get()
    assert made.finished_at is not None and made.people == made.people_done == Candidate.objects.count()
    waiting = OutboxMessage.objects.waiting().filter(handler__in=outbox.LEAVING, created_at__lt=MORNING)
    assert set(waiting.values_list("handler", flat=True)) <= {"send_link"}, "mails of days gone by aren't sent anew"
    late = Deadline.objects.open().filter(due_on__lt=TODAY)
    assert late.exists() and not late.filter(notified_at=None).exists(), "and what was due is mailed once"


@pytest.mark.walk
def test_a_filling_that_was_stopped_goes_on_and_gives_the_same_world(
    few_people: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with taken_back():
        fill.build(7, TODAY)
        uninterrupted = the_world()
    assert not Candidate.objects.exists()
    with monkeypatch.context() as patch:
        talks = iter(range(3))
        hold_talk = Walk.hold_talk
        # Next has nothing left in the midst of the third one's story.
        patch.setattr(Walk, "hold_talk", lambda walk: hold_talk(walk) if next(talks) < 1 else _ctrl_c())
        with pytest.raises(KeyboardInterrupt):
            fill.build(7, TODAY)
    half = DemoFill.objects.get()
    assert half.finished_at is None and 0 < half.people_done < half.people
    assert Candidate.objects.count() == half.people_done, "whoever was being told about isn't there"
    # The next start is on another day, and this time the other lane comes first.
    filling = fill.Filling.begin(7, date(2026, 11, 5))
    for stage in fill.STAGES:
        for lane in reversed(range(companies.LANES)):
            for step in filling.waiting(stage, lane):
                filling.take(step)
    assert the_world() == uninterrupted


def _ctrl_c() -> Walk:
    raise KeyboardInterrupt


def test_what_another_process_told_already_is_not_told_again(few_people: None) -> None:
    filling = fill.Filling.begin(1, TODAY)
    step = filling.waiting(fill.COMPANIES)[0]
    DemoStep.objects.create(name=step.name, is_person=False)
    filling.take(step)
    assert not companies.read_employers()


def test_the_banner_says_how_far_the_filling_is_until_it_is_whole(client: Client, db: None, settings) -> None:
    settings.TOPJOB_MODE = "demo"
    made = DemoFill.objects.create(pk=1, seed=1, day=TODAY, people=300)
    DemoStep.objects.create(name="bedrijven", is_person=False)
    DemoStep.objects.bulk_create(DemoStep(name=f"binq-{n}", is_person=True) for n in range(12))
    assert "wordt nog gevuld: 12 van 300 mensen" in client.get("/demo/").content.decode()
    made.finished_at = MORNING
    made.save()
    page = client.get("/demo/").content.decode()
    assert "Demo met verzonnen mensen" in page and "nog gevuld" not in page
