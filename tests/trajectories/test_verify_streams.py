"""`verify` reads the whole some rows at a time: what it holds doesn't grow with what there is."""

from __future__ import annotations

import gc
import os
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import Model
from django.db.models.signals import post_init

from accounts import verify as checks
from candidates.models import Candidate
from demo.walk import Team
from tests import factories
from tests.trajectories.conftest import make_walk
from trajectories import verify as trajectory_checks
from trajectories.models import Deadline, Trajectory

pytestmark = pytest.mark.django_db
ROWS, AT_ONCE = 12, 2


@contextmanager
def most_held(model: type[Model]) -> Iterator[Callable[[], int]]:
    """How many rows of this table were in memory at one moment."""
    alive: set[int] = set()
    most = [0]

    def seen(instance: Model, **_: Any) -> None:
        alive.add(id(instance))
        weakref.finalize(instance, alive.discard, id(instance))
        if len(alive) > most[0]:
            gc.collect()
            most[0] = max(most[0], len(alive))

    post_init.connect(seen, sender=model)
    try:
        yield lambda: most[0]
    finally:
        post_init.disconnect(seen, sender=model)


def test_no_check_of_cases_holds_them_all(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("candidates.rules.is_eligible_with", lambda *_: True)
    for _number in range(ROWS):
        make_walk(team, override_reason="", override_by=None, override_at=None).intake()
    monkeypatch.setattr(trajectory_checks, "CHUNK", AT_ONCE)
    Deadline.objects.update(owner=None)
    wrong = 0
    with most_held(Trajectory) as cases, most_held(Deadline) as due:
        for look in (trajectory_checks.eligibility_holds, trajectory_checks.deadlines_are_owned):
            wrong += sum(1 for _line in look())
    assert wrong >= ROWS
    assert cases() <= 2 * AT_ONCE and due() <= 2 * AT_ONCE


def test_no_check_of_names_holds_them_all(monkeypatch: pytest.MonkeyPatch) -> None:
    factories.CandidateFactory.create_batch(ROWS)
    monkeypatch.setattr(checks, "BATCH", AT_ONCE)
    Candidate.objects.update(search_text="")
    with most_held(Candidate) as held:
        assert sum(1 for _line in checks.search_texts_follow()) == ROWS
    assert held() <= 2 * AT_ONCE


def test_files_without_a_row_are_looked_up_some_at_a_time(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    monkeypatch.setattr(checks, "BATCH", AT_ONCE)
    monkeypatch.setattr(checks, "stored_names", lambda: ((Path(default_storage.path(name)), name) for name in names))
    names = [default_storage.save(f"los/{number}.txt", ContentFile(b"x")) for number in range(5)]
    for name in names:
        os.utime(default_storage.path(name), (time.time() - 7200,) * 2)
    asked: list[int] = []
    by_rows = checks._named_by_rows
    monkeypatch.setattr(checks, "_named_by_rows", lambda few: asked.append(len(few)) or by_rows(few))
    lines = [line for line in checks.stored_files() if "los/" in line]
    assert len(lines) == 5 and asked == [2, 2, 1]
    for name in names:
        default_storage.delete(name)
