"""What a worker does when the broker doesn't hear that work is done."""

from __future__ import annotations

from typing import Any

from celery import Task
from celery.worker.request import Request


class Heard(Request):
    """A worker whose broker hangs at the moment of acknowledging connects anew.

    Celery writes such an error in the log and goes on waiting until the broker has heard it. It never does: a worker that takes
    one message at a time would take none any more, and nobody would know. Connected anew, it gets the message again; work that
    is done already isn't done twice (I2).
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._connection_errors = ()


class Work(Task):
    """Every task of the product."""

    Request = Heard
