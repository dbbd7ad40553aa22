from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import migrate
from django.db import OperationalError, connections
from django.db.migrations.state import ProjectState
from psycopg.errors import LockNotAvailable

# A change of a table waits until everybody lets go of it, and meanwhile everybody else waits behind it.
LOCK_TIMEOUT, PAUSE_SECONDS, ATTEMPTS = "1500ms", 3, 40


class Command(migrate.Command):
    """Django's `migrate`, that lets people go on working meanwhile (fault 27).

    It queues for a table at most a moment, then steps back and tries again; what was migrated before stays migrated.
    """

    def handle(self, *args: Any, **options: Any) -> None:
        with connections[options["database"]].cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
        for left in reversed(range(ATTEMPTS)):
            try:
                with models_made_once():
                    super().handle(*args, **options)
                return
            except OperationalError as error:
                if not (left and isinstance(error.__cause__, LockNotAvailable)):
                    raise
                self.stderr.write("Een tabel is in gebruik; zo nog een keer.")
                time.sleep(PAUSE_SECONDS)


@contextmanager
def models_made_once() -> Iterator[None]:
    """Make only the changed model anew after each operation, not the forty that are tied to it: an empty database
    took more than twice as long.

    The state is marked as delayed, so Django makes every model anew before Python code of a migration sees them; a
    change of a table only asks the changed model, and the type of the key of the one that it points at.
    """
    whole = ProjectState._find_reload_model  # type: ignore[attr-defined]
    ProjectState._find_reload_model = _itself  # type: ignore[attr-defined]
    try:
        yield
    finally:
        ProjectState._find_reload_model = whole  # type: ignore[attr-defined]


def _itself(state: Any, app_label: str, model_name: str, delay: bool = False) -> set[tuple[str, str]]:
    state.is_delayed = True
    return {(app_label, model_name)}
