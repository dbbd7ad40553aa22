"""Celery: the nightly look at the whole."""

from __future__ import annotations

import structlog
from celery import shared_task

from accounts import verify

log = structlog.get_logger()


@shared_task(acks_late=False, time_limit=3 * 60 * 60, soft_time_limit=3 * 60 * 60 - 60)
def verify_everything() -> None:
    """Check log, files, deadlines and rules; what isn't right stands under Beheer (RELIABILITY.md, fault 20).

    Acknowledged at once: a long check isn't handed out again, and one that is cut off comes back the next night.
    """
    run = verify.verify()
    log.info("verified", findings=run.finding_count, chain_length=run.chain_length, chain_head=run.chain_head)
