"""Who the person is, who signs along, and what they agreed to share (R16)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import verbs
from accounts.audit import By, actor, record
from accounts.models import Client, Organisation, User
from candidates import mailbox, rules, sharing
from candidates.models import (
    Candidate,
    Consent,
    LegalRepresentative,
)
from candidates.models.person import lookup_hash
from topjob import clock
from topjob.errors import Refused


@transaction.atomic
def update_person(candidate: Candidate, *, by: By, changed: Iterable[str] = ()) -> Candidate:
    """Correct personal data. The BSN only where the opdrachtgever has a legal basis (UAVG 46)."""
    fields = set(changed)
    if "bsn" in fields:
        _check_bsn_allowed(candidate)
        candidate.bsn_hmac = lookup_hash(candidate.bsn or "")
    if actor(by).user is not None and actor(by).user != candidate.user:
        mailbox.looked_at(candidate)
    candidate.save()
    record(verbs.PERSON_CHANGED, candidate, by=by, candidate_id=candidate.pk, fields=sorted(fields))
    return candidate


def _check_bsn_allowed(candidate: Candidate) -> None:
    if candidate.bsn and not rules.bsn_allowed(client_of(candidate), clock.today()):
        raise Refused(_("Het BSN mag voor deze opdrachtgever niet worden vastgelegd."))


def client_of(candidate: Candidate) -> Client | None:
    """The opdrachtgever of the latest registration that has one."""
    registration = candidate.registrations.exclude(client=None).select_related("client").order_by("-created_at").first()
    return registration.client if registration else None


@transaction.atomic
def add_representative(candidate: Candidate, representative: LegalRepresentative, *, by: By) -> LegalRepresentative:
    """Add the parent or guardian who signs along for somebody under 18 (R4)."""
    representative.candidate = candidate
    representative.save()
    record(verbs.REPRESENTATIVE_ADDED, representative, by=by, candidate_id=candidate.pk)
    return representative


@transaction.atomic
def remove_representative(representative: LegalRepresentative, *, by: By) -> None:
    record(verbs.REPRESENTATIVE_REMOVED, representative, by=by, candidate_id=representative.candidate_id)
    representative.delete()


# --- Consent (R16) ---------------------------------------------------------------------------------------------------
@transaction.atomic
def give_consent(
    candidate: Candidate,
    organisation: Organisation,
    *,
    channel: str,
    by: User,
    share_contact: bool = True,
    share_cv: bool = False,
    share_portfolio: bool = False,
    share_support: bool = False,
    share_arrangements: bool = False,
) -> Consent:
    """Record what the person agreed to share with one employer; a new consent replaces the earlier one."""
    Candidate.objects.select_for_update().get(pk=candidate.pk)
    Consent.objects.valid().filter(candidate=candidate, organisation=organisation).update(withdrawn_at=clock.now())
    consent = Consent.objects.create(
        candidate=candidate,
        organisation=organisation,
        channel=channel,
        share_contact=share_contact,
        share_cv=share_cv,
        share_portfolio=share_portfolio,
        share_support=share_support,
        share_arrangements=share_arrangements,
        given_at=clock.now(),
        recorded_by=by,
    )
    record(
        verbs.CONSENT_GIVEN,
        consent,
        by=by,
        candidate_id=candidate.pk,
        organisation=organisation.pk,
        shares=consent.shares,
        channel=channel,
    )
    return consent


@transaction.atomic
def withdraw_consent(consent: Consent, *, by: User) -> Consent:
    """A consent ends: from now on that employer sees nothing of what was shared. Guides hear of what the person did alone."""
    current = Consent.objects.select_for_update().get(pk=consent.pk)
    if current.withdrawn_at is not None:
        raise Refused(_("Deze toestemming is al ingetrokken."))
    consent.withdrawn_at = clock.now()
    consent.save(update_fields=["withdrawn_at"])
    record(
        verbs.CONSENT_WITHDRAWN,
        consent,
        by=by,
        candidate_id=consent.candidate_id,
        organisation=consent.organisation_id,
    )
    if by.pk == current.candidate.user_id:
        for follow in sharing.TAKEN_BACK:
            follow(consent)
    return consent
