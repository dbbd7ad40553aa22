from __future__ import annotations

import time
from typing import Any

from django.core.management.commands import migrate
from django.db import OperationalError, connections
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
                super().handle(*args, **options)
                return
            except OperationalError as error:
                if not (left and isinstance(error.__cause__, LockNotAvailable)):
                    raise
                self.stderr.write("Een tabel is in gebruik; zo nog een keer.")
                time.sleep(PAUSE_SECONDS)
