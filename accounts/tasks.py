"""Celery: what is looked at regularly, the whole and the seal."""

from __future__ import annotations

import structlog
from celery import shared_task
from django.conf import settings
from django.core.management import call_command

from accounts import drafts, sealing, throttle, verify
from accounts.models import Role, User
from topjob import certificates, outbox, seal, storage

log = structlog.get_logger()


@shared_task(acks_late=False, time_limit=3 * 60 * 60, soft_time_limit=3 * 60 * 60 - 60)
def verify_everything() -> None:
    """Check log, files, deadlines and rules; what isn't right stands under Beheer (RELIABILITY.md, fault 20).

    What killed processes left without a row is cleared away first.

    Acknowledged at once: a long check isn't handed out again, and one that is cut off comes back the next night.
    """
    swept = storage.sweep()
    run = verify.verify()
    log.info(
        "verified",
        swept=len(swept),
        findings=run.finding_count,
        chain_length=run.chain_length,
        chain_head=run.chain_head,
    )


@shared_task
def seal_log() -> None:
    """Every few seconds: what was logged meanwhile gets its place in the chain (R14)."""
    sealing.seal()


@shared_task
def clear_sessions() -> None:
    """Sessions that ended go for good, with what somebody had typed when theirs ended (`resuming`); old drafts and tries too."""
    call_command("clearsessions")
    throttle.forget_old()
    drafts.forget_old()


@shared_task
def watch_seal() -> None:
    """Look at the certificate that documents are sealed with; every beheerder hears in time that it ends, once."""
    certificate = certificates.remember(seal.signer().signing_cert)
    if certificates.days_left(certificate) > settings.SEAL_WARN_DAYS:
        return
    for user in User.objects.filter(is_active=True, memberships__role=Role.BEHEERDER).distinct():
        key = f"seal-ends-{certificate.sha256}-{user.pk}"
        outbox.enqueue("mail_seal_ends", key=key, certificate=certificate.pk, user=user.pk)
