"""Celery: the nightly look at everybody against everything."""

from __future__ import annotations

from celery import shared_task

from matching import tips


@shared_task
def nightly_tips() -> None:
    """Tell the werkmakelaar about good fits that came about without an edit: a date that came near, a seat set free."""
    tips.nightly()
