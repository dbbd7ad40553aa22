"""Looking after it while people work: migrating under load (27), a backup put back during a retention job (28)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest

from candidates.models import Candidate, CandidateDocument, ContactMoment
from tests import factories
from tests.faults.browser import Answer
from tests.faults.later import CHANGE
from tests.faults.stack import FaultStack
from tests.faults.test_files import files, upload, verify
from tests.faults.world import World
from trajectories.models import DestructionRecord, Trajectory
from trajectories.process.workflow import Journey

# --- 27 Migrating while people work ----------------------------------------------------------------------------------
LONG_READ_SECONDS = 7


@contextmanager
def a_long_read(stack: FaultStack) -> Iterator[threading.Timer]:
    """A report that keeps the busiest table in use for a while."""
    with psycopg.connect(stack.owner_dsn) as reader:
        reader.execute("SELECT count(*) FROM trajectories_trajectory")
        ending = threading.Timer(LONG_READ_SECONDS, reader.rollback)
        ending.start()
        yield ending
        ending.join()


@contextmanager
def people_at_work(stack: FaultStack, world: World) -> Iterator[list[tuple[str, Answer]]]:
    """Somebody reads a case and writes notes all the time; what was written and answered is kept."""
    answers: list[tuple[str, Answer]] = []
    leaving = threading.Event()
    person, case = stack.browser(world.user("regisseur")), f"/trajecten/{world.draft}/"

    def work() -> None:
        while not leaving.is_set():
            words = f"Notitie {len(answers)}"
            answers.append(("", person.get(case)))
            answers.append((words, person.post(f"{case}notitie/", kind="telefoon", notes=words)))

    working = threading.Thread(target=work)
    working.start()
    stack.wait_until(lambda: len(answers) >= 4, "eerste antwoorden")
    try:
        yield answers
    finally:
        leaving.set()
        working.join(60)


def slowest(answers: list[tuple[str, Answer]]) -> float:
    return max(answer.seconds for _words, answer in answers)


def has_the_change(stack: FaultStack) -> bool:
    query = "SELECT 1 FROM information_schema.columns WHERE column_name = 'next_release'"
    with psycopg.connect(stack.owner_dsn) as owner:
        return owner.execute(query).fetchone() is not None


@pytest.mark.fault(27)
def test_migrating_lets_people_go_on_and_loses_nothing(stack: FaultStack, world: World, figure: Callable) -> None:
    with a_long_read(stack), people_at_work(stack, world) as answers:
        stack.manage("migrate", "--verbosity", "0")
        told = len(answers)
        stack.wait_until(lambda: len(answers) >= told + 4, "antwoorden na de wijziging")
    assert has_the_change(stack)
    assert {answer.status for _words, answer in answers} == {200, 302}
    assert slowest(answers) < LONG_READ_SECONDS / 2
    figure("langste verzoek tijdens migreren", slowest(answers))
    written = [words for words, answer in answers if words and answer.status == 302]
    kept = ContactMoment.objects.filter(candidate=world.case("draft").candidate_id, notes__in=written)
    assert sorted(kept.values_list("notes", flat=True)) == sorted(written), "I1, I2: each note is there, once"


@pytest.mark.control(27)
def test_a_change_that_waits_patiently_makes_everybody_wait(stack: FaultStack, world: World) -> None:
    with a_long_read(stack), people_at_work(stack, world) as answers:
        with psycopg.connect(stack.owner_dsn, autocommit=True) as owner:
            owner.execute(CHANGE)
        told = len(answers)
        stack.wait_until(lambda: len(answers) >= told + 4, "antwoorden na de wijziging")
    assert slowest(answers) > LONG_READ_SECONDS / 2


# --- 28 A backup is put back during a retention job ------------------------------------------------------------------
def closed_files(stack: FaultStack, world: World) -> list[int]:
    """Two people whose file is closed, with a document each, on the day after their retention; answers who."""
    session = stack.browser(world.user("regisseur")).session
    people = [world.case(name).candidate_id for name in ("assigned", "draft")]
    for pk in people:
        assert "302" in upload(stack, f"/personen/{pk}/cv/bestand/", session, factories.pdf_file())
    for name in ("assigned", "draft"):
        walk = world.walk(name)
        walk.later(1).step(Journey.stop, reason="Verhuisd.").close()
    last = max(Trajectory.objects.filter(candidate__in=people).values_list("retention_until", flat=True))
    stack.move_clock(last + timedelta(days=1))
    return people


def there(people: list[int]) -> set[int]:
    return set(Candidate.objects.filter(pk__in=people).values_list("pk", flat=True))


def put_back_halfway(working: FaultStack, world: World, people: list[int]) -> set[int]:
    """The beheerder lets both be destroyed; after the first the backup is put back. Answers who had been destroyed."""
    backup = working.back_up()
    working.order("destroy_person.after", "pause")
    assert working.browser(world.user("beheerder")).post("/beheer/bewaren/vernietigen/").status == 302
    working.wait_for("destroy_person.after")
    destroyed = set(people) - there(people)
    working.put_back(backup)
    working.go_on("destroy_person.after")
    assert there(people) == set(people)
    return destroyed


@pytest.mark.fault(28)
def test_a_backup_put_back_during_the_destruction_brings_nobody_back(working: FaultStack, world: World) -> None:
    people = closed_files(working, world)
    destroyed = put_back_halfway(working, world, people)
    assert destroyed
    assert "staat er weer" in verify(working)
    working.manage("destroy", "--again")
    assert there(people) == set(people) - destroyed
    assert not CandidateDocument.objects.filter(candidate__in=destroyed).exists()
    assert set(DestructionRecord.objects.values_list("candidate_id", flat=True)) == destroyed
    assert verify(working) == ""
    working.manage("destroy", "--now")
    assert not there(people)
    assert not any(name.startswith("kandidaten/") for name in files(working.media))


@pytest.mark.control(28)
def test_without_the_journal_who_was_destroyed_is_back_unseen(working: FaultStack, world: World) -> None:
    people = closed_files(working, world)
    destroyed = put_back_halfway(working, world, people)
    working.journal.unlink()
    assert verify(working) == ""
    working.manage("destroy", "--again")
    assert destroyed <= there(people)
