"""Celery: what happens to vacancies by itself when a date passes."""

from __future__ import annotations

from celery import shared_task

from employers import actions
from topjob import clock


@shared_task
def close_expired_vacancies() -> None:
    """Close vacancies past their closing date."""
    actions.close_expired_vacancies(clock.today())
