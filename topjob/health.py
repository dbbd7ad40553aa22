"""Is it alive, and can it do its work? For the container engine and the load balancer."""

from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu import Connection
from kombu.exceptions import KombuError, OperationalError

from accounts.access import PUBLIC, access
from topjob.celery import app


@access(PUBLIC)
@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"leeft": True})


@access(PUBLIC)
@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """The database and the broker answer; without the database nothing works (503), without the broker tasks wait."""
    database, broker = database_answers(), broker_answers()
    return JsonResponse({"database": database, "broker": broker}, status=200 if database and broker else 503)


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
