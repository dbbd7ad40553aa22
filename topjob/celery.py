"""Celery: late acknowledgement, JSON, no results, and a broker that may be away without anybody waiting for it.

Deadlines are rows in PostgreSQL and work that must follow a change is an outbox row; beat only asks to look (R17).
"""

import logging.config
import os
from typing import Any

from celery import Celery, signals
from celery.schedules import crontab
from django.conf import settings
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "topjob.settings")


def every(seconds: float) -> dict[str, object]:
    """A round that a busy worker skips rather than saves up."""
    return {"schedule": seconds, "options": {"expires": seconds}}


app = Celery("topjob", task_cls="topjob.acknowledging:Work")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_serializer="json",
    accept_content=["json"],
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_time_limit=300,
    task_soft_time_limit=240,
    timezone="Europe/Amsterdam",
    # A hint to a broker that hangs or is gone costs a request at most about a second; the sweeper finds the row (I4).
    task_publish_retry=False,
    broker_connection_timeout=1,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={
        "socket_timeout": 1,
        "socket_connect_timeout": 1,
        "retry_on_timeout": False,
        "max_retries": 0,
        "visibility_timeout": 600,
    },
    worker_cancel_long_running_tasks_on_connection_loss=True,
    beat_schedule={
        "sweep-outbox": {"task": "topjob.tasks.sweep_outbox", **every(settings.SWEEP_SECONDS)},
        "seal-log": {"task": "accounts.tasks.seal_log", **every(settings.SEAL_LOG_SECONDS)},
        "handle-due-deadlines": {
            "task": "trajectories.tasks.handle_due_deadlines",
            **every(settings.DEADLINE_SECONDS),
        },
        "remind-parties": {"task": "trajectories.tasks.remind_parties", **every(settings.DEADLINE_SECONDS * 5)},
        "close-expired-vacancies": {
            "task": "employers.tasks.close_expired_vacancies",
            **every(settings.DEADLINE_SECONDS),
        },
        "refresh-deadlines": {
            "task": "trajectories.tasks.refresh_deadlines",
            "schedule": crontab(hour=2, minute=40),
            "options": {"expires": 6 * 60 * 60},
        },
        "forget-answered-forms": {
            "task": "topjob.tasks.forget_answered_forms",
            "schedule": crontab(hour=2, minute=20),
            "options": {"expires": 6 * 60 * 60},
        },
        "clear-sessions": {
            "task": "accounts.tasks.clear_sessions",
            "schedule": crontab(minute=25),
            "options": {"expires": 60 * 60},
        },
        "verify": {
            "task": "accounts.tasks.verify_everything",
            "schedule": crontab(hour=3, minute=20),
            "options": {"expires": 20 * 60 * 60},
        },
        "watch-seal": {
            "task": "accounts.tasks.watch_seal",
            "schedule": crontab(minute=30),
            "options": {"expires": 50 * 60},
        },
        "nightly-tips": {
            "task": "matching.tasks.nightly_tips",
            "schedule": crontab(hour=4, minute=15),
            "options": {"expires": 6 * 60 * 60},
        },
    },
)
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks()


@signals.setup_logging.connect
def log_as_the_web_server_does(**_: Any) -> None:
    """One kind of log line everywhere, also without personal links in it."""
    logging.config.dictConfig(settings.LOGGING)
