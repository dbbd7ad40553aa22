"""Several at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections


def at_once(*steps: Callable[[], Any]) -> list[Any]:
    """Run these side by side, each on a connection of its own, starting together; answers what each gave or raised."""
    answers: list[Any] = [None] * len(steps)
    start = threading.Barrier(len(steps))

    def run(place: int, step: Callable[[], Any]) -> None:
        try:
            start.wait(30)
            answers[place] = step()
        except Exception as error:  # the test looks at it
            answers[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "somebody is still waiting"
    return answers
