"""B: signing on paper — the scan is uploaded by one member of staff and looked at by another, who makes it a signature (R4)."""

from __future__ import annotations

from datetime import date

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import verbs
from accounts.models import User
from candidates import uploads
from topjob import clock
from topjob.errors import Reason, Refused, rule_words
from trajectories.journey.core import lock, log, require_work, touch
from trajectories.models import PartyLink, PlanParty, PrintedStatements, Scan, Signature
from trajectories.models.plan import Signable
from trajectories.signing.links import after_signature, lock_signable, logged_as, void_links, why_not_signed


@transaction.atomic
def upload_scan(party: PlanParty, upload: File, *, signed_on: date, by: User) -> Scan:
    """Keep the scan of a party's signature on the printed document, until a colleague has looked at it."""
    trajectory = lock(party.signable.trajectory)
    require_work("upload_scan", trajectory, by=by)
    signable = lock_signable(party.signable)
    if reasons := reasons_not_on_paper(party, signable, signed_on):
        raise Refused(*reasons, title=_("Op papier getekend"))
    taken = uploads.accepted(upload, uploads.take_scan)
    scan = Scan(
        party=party,
        role=party.party,
        document_sha256=signable.document.sha256,
        signed_on=signed_on,
        uploaded_at=clock.now(),
        uploaded_by=by,
        **uploads.facts_of(taken, upload),
    )
    _keep(scan, taken)
    touch(trajectory)
    log(verbs.UPLOAD_SCAN, trajectory, by=by, scan=scan.pk, party=party.party, **logged_as(signable))
    return scan


def _keep(scan: Scan, taken: uploads.Taken) -> None:
    """A party has one scan at a time."""
    try:
        with uploads.stored_with(scan, "scan", taken):
            scan.save()
    except IntegrityError as error:
        raise Refused(rule_words(Scan, "one_scan_per_party")) from error


def reasons_not_on_paper(party: PlanParty, signable: Signable, signed_on: date | None = None) -> list[Reason]:
    """Why no scan can be taken for this party now."""
    reasons = []
    if closed := why_not_signed(signable):
        reasons.append(Reason(closed))
    if signable.signatures.filter(role=party.party).exists():
        reasons.append(Reason(_("Deze partij heeft al getekend.")))
    if party.scans.filter(refused_at=None).exists():
        reasons.append(Reason(rule_words(Scan, "one_scan_per_party")))
    if signed_on is not None and not (
        signable.sent_at is not None and clock.local(signable.sent_at) <= signed_on <= clock.today()
    ):
        reasons.append(Reason(_("De datum op het papier ligt tussen het versturen en vandaag.")))
    return reasons


@transaction.atomic
def confirm_scan(scan: Scan, *, by: User) -> Signature:
    """A second member of staff saw the paper: signed by this person, under this document. Now it is a signature."""
    trajectory = lock(scan.party.signable.trajectory)
    require_work("judge_scan", trajectory, by=by)
    locked = _waiting(scan)
    if own := why_not_by(locked, by):
        raise Refused(own)
    party = locked.party
    signable = lock_signable(party.signable)
    if closed := why_not_signed(signable):
        raise Refused(closed)
    if signable.signatures.filter(role=party.party).exists():
        raise Refused(_("Deze partij heeft al getekend."))
    locked.confirmed_at, locked.confirmed_by = clock.now(), by
    locked.save(update_fields=["confirmed_at", "confirmed_by"])
    signature = Signature.objects.create(
        plan=party.plan,
        paper=party.paper,
        party=party,
        role=party.party,
        method=Signature.Method.PAPER,
        scan=locked,
        typed_name=party.name,
        statements=printed_for(party),
        signed_at=clock.now(),
        signed_on=locked.signed_on,
        document_sha256=locked.document_sha256,
    )
    void_links(trajectory, party=party, purpose=PartyLink.Purpose.SIGN)
    after_signature(signature, trajectory, by=by)
    return signature


def printed_for(party: PlanParty) -> list[str]:
    """What stood above the line where this party signed; nothing where the document had no line for it."""
    row = PrintedStatements.objects.filter(party=party).first()
    return row.statements if row else []


def why_not_by(scan: Scan, user: User) -> str:
    """Four eyes: not those of the uploader, nor of whoever signed. Empty when this member of staff may confirm it."""
    if scan.uploaded_by_id == user.pk:
        return _("Wie de scan uploadt, kijkt haar niet zelf na. Vraag een collega.")
    if user.email.lower() == scan.party.email.lower() or user.name == scan.party.name:
        return _("Dit is je eigen handtekening. Een collega kijkt de scan na.")
    return ""


@transaction.atomic
def refuse_scan(scan: Scan, *, reason: str, by: User) -> None:
    """The paper isn't right: unreadable, another version, no signature. A new scan can be uploaded."""
    trajectory = lock(scan.party.signable.trajectory)
    require_work("judge_scan", trajectory, by=by)
    locked = _waiting(scan)
    locked.refused_at, locked.refused_by, locked.refused_reason = clock.now(), by, reason
    locked.save(update_fields=["refused_at", "refused_by", "refused_reason"])
    touch(trajectory)
    log(verbs.REFUSE_SCAN, trajectory, by=by, reason=reason, scan=scan.pk, party=scan.role)


def _waiting(scan: Scan) -> Scan:
    related = ("party__plan", "party__paper")
    locked = Scan.objects.select_for_update(of=("self",)).select_related(*related).get(pk=scan.pk)
    if not locked.waits:
        raise Refused(_("Deze scan is al nagekeken."))
    return locked
