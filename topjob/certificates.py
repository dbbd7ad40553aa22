"""The certificates that documents were sealed with: which is in use, and when it ends. Sealing itself is in `seal`, which loads
a whole library for it.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from django.conf import settings

from topjob import clock
from topjob.models import SealCertificate

if TYPE_CHECKING:
    from asn1crypto import x509 as asn1


class SealUnusable(Exception):
    """There is no certificate to seal with, or it isn't valid now: no document then, the task tries again."""


class Verdict(Enum):
    """What the seal of a PDF says."""

    WHOLE = "heel"
    BROKEN = "gebroken"
    ABSENT = "geen"


def remember(certificate: asn1.Certificate) -> SealCertificate:
    """Keep the certificate that is sealed with: documents stay checkable after it is replaced, and its end is watched."""
    row, _created = SealCertificate.objects.get_or_create(
        sha256=certificate.sha256.hex(),
        defaults={
            "der": certificate.dump(),
            "subject": certificate.subject.human_friendly[:300],
            "not_before": certificate.not_valid_before,
            "not_after": certificate.not_valid_after,
            "first_used_at": clock.now(),
        },
    )
    return row


def current() -> SealCertificate | None:
    """The certificate last taken into use; none as long as nothing was sealed."""
    return SealCertificate.objects.order_by("first_used_at", "pk").last()


def days_left(certificate: SealCertificate) -> int:
    """How many days documents can still be sealed with it; negative when it has ended."""
    return (certificate.not_after.astimezone(clock.AMSTERDAM).date() - clock.today()).days


def is_ending() -> SealCertificate | None:
    """The certificate in use when it ends within the days of warning or has ended: somebody must see to a new one."""
    certificate = current()
    return certificate if certificate and days_left(certificate) <= settings.SEAL_WARN_DAYS else None


def is_missing() -> bool:
    """Production has no certificate that could ever be read; elsewhere one is made when it is needed."""
    return settings.PRODUCTION and current() is None
