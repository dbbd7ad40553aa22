"""Places where a process of the product can be told to die, wait or fail. Test-only: nothing of this is in the product.

A test writes an order, `kill`, `pause` or `limit 4096`, into a file named after the point. The first process to come by takes it.
"""

from __future__ import annotations

import os
import resource
import signal
import time
from collections.abc import Callable
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

FOLDER = Path(os.environ.get("FAULTS_POINTS", "/nonexistent"))
REACHED, GO = ".reached", ".go"


def taken(name: str) -> str:
    """The order that waits at this point, if any; it is there for one process only."""
    order, reached = FOLDER / name, FOLDER / (name + REACHED)
    try:
        text = order.read_text()
        order.rename(reached)
    except FileNotFoundError:
        return ""
    return text


def point(name: str) -> None:
    """Carry out the order that waits here."""
    order = taken(name)
    if order == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif order == "fail":
        raise RuntimeError(f"told to fail at {name}")
    elif order == "pause":
        deadline = time.monotonic() + 60
        while not (FOLDER / (name + GO)).exists() and time.monotonic() < deadline:
            time.sleep(0.02)


@contextmanager
def full_disk(name: str):
    """With the order `limit N` no file may become larger than N bytes within the block: a full disk (decision 21)."""
    order = taken(name)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    if order.startswith("limit "):
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(order.split()[1]), before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def around(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def with_points(*args: Any, **options: Any) -> Any:
        point(f"{name}.before")
        with full_disk(f"{name}.disk"):
            result = function(*args, **options)
        point(f"{name}.after")
        return result

    return with_points


def install() -> None:
    """Put the points in: around each handler and run, around handing over a mail and storing a document, after a log row."""
    from django.db.models.signals import post_save

    from accounts.models import AuditEntry
    from topjob import mail, outbox
    from trajectories.documents import making

    for name, handler in list(outbox.HANDLERS.items()):
        outbox.HANDLERS[name] = around(name, handler)
    outbox.run = around("run", outbox.run)
    mail._hand_over = around("mail", mail._hand_over)
    making.store = around("store", making.store)
    post_save.connect(lambda **_: point("logged"), sender=AuditEntry, weak=False, dispatch_uid="faults")
