"""Is it alive, can it answer requests, and does the work behind them go on? For the container engine, the load balancer and the
monitoring."""

from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu import Connection
from kombu.exceptions import KombuError, OperationalError

from accounts.access import NOBODY, PUBLIC, access
from topjob.celery import app


@access(PUBLIC, shows=NOBODY)
@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"leeft": True})


@access(PUBLIC, shows=NOBODY)
@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """What a request needs is there: the database. Without the broker forms go on and work waits: no web server is taken out."""
    database = database_answers()
    return JsonResponse({"database": database}, status=200 if database else 503)


@access(PUBLIC, shows=NOBODY)
@require_safe
@never_cache
def work(request: HttpRequest) -> JsonResponse:
    """The broker answers, so what follows a request, mails and documents, is done at once. For monitoring, not for a balancer."""
    broker = broker_answers()
    return JsonResponse({"broker": broker}, status=200 if broker else 503)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def broker_answers() -> bool:
    options = app.conf.broker_transport_options
    try:
        with Connection(settings.CELERY_BROKER_URL, connect_timeout=1, transport_options=options) as broker:
            broker.ensure_connection(max_retries=1, timeout=1, interval_start=0)
    except (KombuError, OperationalError, OSError):
        return False
    return True
