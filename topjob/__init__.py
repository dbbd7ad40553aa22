"""Top Job / MaatwerQ: the project."""

import gc

# Starting makes many objects that all stay. Python's own threshold, 700, has the collector go through them again and again: a
# fifth of the time that every start took.
gc.set_threshold(50_000, 20, 50)

from topjob.celery import app as celery_app  # noqa: E402

__all__ = ["celery_app"]
