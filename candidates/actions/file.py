"""What is filled in of the file: Foto, Q-fit and CV, support and finances, contact moments, documents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.base import File
from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts import verbs
from accounts.audit import By, actor, record
from accounts.models import AuditEntry, User
from accounts.verbs import Verb
from candidates import rules, uploads
from candidates.models import (
    Ability,
    Candidate,
    CandidateDocument,
    ContactMoment,
    Education,
    FinanceCheck,
    Interest,
    LabourProspect,
    LifeArea,
    LifeSnapshot,
    QFit,
    SupportNeed,
    SupportReview,
    WorkExperience,
    WorkLimitation,
)
from topjob import clock
from topjob.errors import Reason, Refused, promised
from topjob.undo import undoing

ONCE_PER = timedelta(hours=1)


# --- Foto ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class SnapshotEdit:
    """One text of the Foto, or how it goes there, as it was on somebody's screen and as they changed it."""

    area_id: int
    field: str
    before: str | int | None
    after: str | int | None


@transaction.atomic
def save_snapshots(candidate: Candidate, edits: Iterable[SnapshotEdit], *, by: User) -> None:
    """Save what changed in the Foto; a text that somebody else changed in the meantime is never overwritten."""
    Candidate.objects.select_for_update().get(pk=candidate.pk)
    snapshots = {row.area_id: row for row in candidate.snapshots.select_related("area")}
    touched: dict[int, LifeSnapshot] = {}
    for edit in edits:
        snapshot = snapshots.get(edit.area_id) or LifeSnapshot(candidate=candidate, area_id=edit.area_id)
        snapshots[edit.area_id] = snapshot
        if _apply(snapshot, edit):
            touched[edit.area_id] = snapshot
    for snapshot in touched.values():
        _save_snapshot(snapshot, by)


def plain_lines(text: str) -> str:
    """Browsers send line ends in their own way; compared and stored they are one character."""
    return text.replace("\r\n", "\n").strip()


def _apply(snapshot: LifeSnapshot, edit: SnapshotEdit) -> bool:
    """Put the new words in the snapshot; answers whether anything changed."""
    current = getattr(snapshot, edit.field)
    if isinstance(current, str):
        current = plain_lines(current)
    if current == edit.after:
        return False
    if current != edit.before:
        text = _("Iemand anders heeft “%(area)s” intussen gewijzigd. Kopieer je tekst en laad de pagina opnieuw.")
        raise Refused(text % {"area": snapshot.area})
    setattr(snapshot, edit.field, edit.after)
    return True


def _save_snapshot(snapshot: LifeSnapshot, by: By) -> None:
    is_new = snapshot.pk is None
    snapshot.updated_at = clock.now()
    snapshot.save()
    if is_new or not _recorded_lately(verbs.FOTO_CHANGED, snapshot, by):
        record(verbs.FOTO_CHANGED, snapshot, by=by, candidate_id=snapshot.candidate_id, area=snapshot.area_id)


@transaction.atomic
def save_snapshot(
    candidate: Candidate, area: LifeArea, *, past: str, present: str, wanted: str, by: User
) -> LifeSnapshot:
    """Fill one life area of the Foto: verleden – nu – gewenst."""
    snapshot = LifeSnapshot.objects.filter(candidate=candidate, area=area).first() or LifeSnapshot(
        candidate=candidate, area=area
    )
    snapshot.past, snapshot.present, snapshot.wanted = past, present, wanted
    _save_snapshot(snapshot, by)
    return snapshot


def _recorded_lately(verb: Verb, subject: models.Model, by: By) -> bool:
    return AuditEntry.objects.filter(
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        actor=actor(by).user,
        verb=verb,
        at__gte=clock.now() - ONCE_PER,
    ).exists()


# --- Q-fit and CV ----------------------------------------------------------------------------------------------------
ADDED: dict[type[models.Model], Verb] = {
    WorkExperience: verbs.EXPERIENCE_ADDED,
    Education: verbs.EDUCATION_ADDED,
    Interest: verbs.INTEREST_ADDED,
    Ability: verbs.ABILITY_ADDED,
    WorkLimitation: verbs.LIMITATION_ADDED,
    LabourProspect: verbs.PROSPECT_ADDED,
}
REMOVED: dict[type[models.Model], Verb] = {
    WorkExperience: verbs.EXPERIENCE_REMOVED,
    Education: verbs.EDUCATION_REMOVED,
    Interest: verbs.INTEREST_REMOVED,
    Ability: verbs.ABILITY_REMOVED,
    WorkLimitation: verbs.LIMITATION_REMOVED,
    LabourProspect: verbs.PROSPECT_REMOVED,
}


@transaction.atomic
def add_part(row: models.Model, *, by: By) -> models.Model:
    """Add one row of Q-fit or CV: experience, education, interest, ability, limitation or prospect."""
    row.save()
    record(ADDED[type(row)], row, by=by, candidate_id=row.candidate_id)  # type: ignore[attr-defined]
    return row


@transaction.atomic
def remove_part(row: models.Model, *, by: By) -> None:
    """Take one row out of Q-fit or CV."""
    record(REMOVED[type(row)], row, by=by, candidate_id=row.candidate_id)  # type: ignore[attr-defined]
    row.delete()


@transaction.atomic
def save_qfit_support(candidate: Candidate, *, extra_support: str, by: User) -> QFit:
    """Write down the sixth part of Q-fit: the extra support questions for work."""
    qfit, _created = QFit.objects.update_or_create(candidate=candidate, defaults={"extra_support": extra_support})
    record(verbs.QFIT_CHANGED, qfit, by=by, candidate_id=candidate.pk)
    return qfit


@transaction.atomic
def settle_qfit(candidate: Candidate, *, by: User) -> QFit:
    """Say that the Q-fit is done, so that the zoekprofiel can follow from it."""
    missing = rules.qfit_fillable(candidate)
    if missing:
        raise Refused(*missing, title=_("De Q-fit is nog niet compleet"))
    qfit, _created = QFit.objects.update_or_create(
        candidate=candidate, defaults={"settled_at": clock.now(), "settled_by": by}
    )
    record(verbs.QFIT_SETTLED, qfit, by=by, candidate_id=candidate.pk)
    return qfit


# --- Support and finances (toets) ------------------------------------------------------------------------------------
@transaction.atomic
def add_support_need(need: SupportNeed, *, by: By) -> SupportNeed:
    """Write down a support question on a life area."""
    need.created_at, need.status = clock.now(), SupportNeed.Status.OPEN
    need.save()
    record(verbs.SUPPORT_NEED_ADDED, need, by=by, candidate_id=need.candidate_id, area=need.area_id)
    return need


@transaction.atomic
def settle_support_need(
    need: SupportNeed, *, status: str, approach: str, by: User, owner: User | None = None
) -> SupportNeed:
    """Say how a question is taken up: settled, running beside the trajectory, or open again."""
    SupportNeed.objects.select_for_update().get(pk=need.pk)
    need.status, need.approach, need.owner = status, approach, owner or need.owner
    need.settled_at = None if status == SupportNeed.Status.OPEN else clock.now()
    need.save()
    record(verbs.SUPPORT_NEED_CHANGED, need, by=by, candidate_id=need.candidate_id, status=status)
    return need


@transaction.atomic
def review_support(candidate: Candidate, *, conclusion: str, by: User) -> SupportReview:
    """The toets (R3): everything was asked, and nothing is open; also when there is no question at all."""
    if candidate.support_needs.filter(status=SupportNeed.Status.OPEN).exists():
        text = _("Er staan nog vragen open. Geef eerst bij elke vraag aan hoe die wordt opgepakt.")
        raise Refused(Reason(text, "candidates:support", candidate.pk))
    review = SupportReview.objects.create(candidate=candidate, conclusion=conclusion, at=clock.now(), by=by)
    record(verbs.SUPPORT_REVIEWED, review, by=by, candidate_id=candidate.pk)
    return review


@transaction.atomic
def check_finance(check: FinanceCheck, *, by: User) -> FinanceCheck:
    """The toets of finances (R3); earlier ones stay, the latest counts."""
    check.pk, check.at, check.by = None, clock.now(), by
    check.save()
    record(
        verbs.FINANCE_CHECKED, check, by=by, candidate_id=check.candidate_id, outcome=check.outcome, source=check.source
    )
    return check


# --- Contact moments -------------------------------------------------------------------------------------------------
@transaction.atomic
def plan_contact(moment: ContactMoment, *, by: User) -> ContactMoment:
    """Plan a talk."""
    moment.status = ContactMoment.Status.PLANNED
    return _add_contact(moment, verbs.CONTACT_PLANNED, by)


@transaction.atomic
def add_contact(moment: ContactMoment, *, by: User) -> ContactMoment:
    """Write down a contact that already took place."""
    _refuse_future(moment.status, moment.at)
    return _add_contact(moment, verbs.CONTACT_RECORDED, by)


def _add_contact(moment: ContactMoment, verb: Verb, by: User) -> ContactMoment:
    if moment.by_id is None:
        moment.by = by
    moment.save()
    record(verb, moment, by=by, candidate_id=moment.candidate_id, kind=moment.kind, status=moment.status)
    return moment


@transaction.atomic
def record_contact(moment: ContactMoment, *, status: str, notes: str, at: datetime, by: User) -> ContactMoment:
    """Write down how a planned talk went: held, not shown up or cancelled; or move it to another moment."""
    ContactMoment.objects.select_for_update().get(pk=moment.pk)
    _refuse_future(status, at)
    moment.status, moment.notes, moment.at = status, notes, at
    moment.save(update_fields=["status", "notes", "at"])
    verb = verbs.CONTACT_MOVED if status == ContactMoment.Status.PLANNED else verbs.CONTACT_RECORDED
    record(verb, moment, by=by, candidate_id=moment.candidate_id, kind=moment.kind, status=status)
    return moment


@undoing("note")
@transaction.atomic
def take_back_note(*, by: User, pk: int) -> str:
    """Take back a note of one's own that was written a moment ago; that it was there stays in the log."""
    moment = ContactMoment.objects.select_for_update().filter(pk=pk, by=by).first()
    if moment is None:
        raise Refused(_("Deze notitie is er niet meer."))
    written = AuditEntry.objects.filter(subject_type=moment._meta.label_lower, subject_id=pk).order_by("pk").first()
    if written is None or AuditEntry.objects.anything_since(moment.candidate_id, written.pk):
        raise Refused(_("De notitie blijft staan: er is intussen iets gebeurd dat erop kan rusten."))
    record(verbs.NOTE_TAKEN_BACK, moment, by=by, candidate_id=moment.candidate_id, kind=moment.kind)
    moment.delete()
    return _("De notitie is teruggenomen.")


def _refuse_future(status: str, at: datetime) -> None:
    """A talk that is still to come can't have been held."""
    if wrong := rules.talk_still_comes(status, at):
        raise Refused(wrong)


# --- Documents -------------------------------------------------------------------------------------------------------
def add_document(candidate: Candidate, *, upload: File, kind: str, title: str, by: User) -> CandidateDocument:
    """Store an upload under a random name with its hash; the kind is judged by content."""
    taken = uploads.accepted(upload)
    document = CandidateDocument(
        candidate=candidate,
        kind=kind,
        title=title,
        uploaded_at=clock.now(),
        uploaded_by=by,
        **uploads.facts_of(taken, upload),
    )
    with uploads.stored_with(document, taken.name or "", taken):
        document.save()
        record(verbs.DOCUMENT_ADDED, document, by=by, candidate_id=document.candidate_id, kind=document.kind)
    return document


@transaction.atomic
def remove_document(document: CandidateDocument, *, by: User) -> None:
    """Take a document out of the file; the stored file goes once the row is really gone."""
    record(verbs.DOCUMENT_REMOVED, document, by=by, candidate_id=document.candidate_id, kind=document.kind)
    storage, name = document.file.storage, promised(document.file.name)
    document.delete()
    transaction.on_commit(lambda: storage.delete(name))
