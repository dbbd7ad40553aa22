"""What people do with registrations and files, in the order of the journey. Each one writes the log (R14)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.core.files.base import File
from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts import law, verbs
from accounts.audit import Actor, Party, actor, record
from accounts.models import AuditEntry, Branch, Client, KindOfPlace, Organisation, User
from accounts.verbs import Verb
from candidates import likeness, mailbox, rules, sharing, uploads
from candidates.models import (
    Ability,
    Candidate,
    CandidateDocument,
    Consent,
    ContactMoment,
    DifferentPeople,
    Education,
    FinanceCheck,
    Interest,
    LabourProspect,
    LegalRepresentative,
    LifeArea,
    LifeSnapshot,
    Offer,
    QFit,
    Registration,
    SupportNeed,
    SupportReview,
    WorkExperience,
    WorkLimitation,
)
from candidates.models.person import lookup_hash
from topjob import clock, outbox
from topjob.errors import Reason, Refused, promised
from topjob.locks import one_at_a_time

By = User | Actor
ONCE_PER = timedelta(hours=1)
SAME_SUBMIT = timedelta(days=1)
PUBLIC = Actor(party=Party.PUBLIC)


# --- Registration (frontoffice, step 1) ------------------------------------------------------------------------------


@transaction.atomic
def register(
    candidate: Candidate,
    registration: Registration,
    *,
    by: By,
    kinds_of_place: Iterable[KindOfPlace] = (),
    branches: Iterable[Branch] = (),
    unlike: Iterable[Candidate] = (),
) -> Registration:
    """Take a registration for a new person, or for one who is known already (then their data stay as they are).

    A member of staff makes a new file beside one that is alike only after saying that it is somebody else's: `unlike`.
    """
    if candidate.pk is None:
        _refuse_unasked(candidate, unlike, by)
        _save_new_person(candidate, by)
        for other in unlike:
            tell_apart(candidate, other, by=by)
    else:
        _refuse_joined(Candidate.objects.select_for_update().get(pk=candidate.pk))
        _refuse_second_open(candidate)
    registration.candidate, registration.status = candidate, Registration.Status.NEW
    registration.created_at, registration.created_by = clock.now(), actor(by).user
    registration.save()
    registration.kinds_of_place.set(kinds_of_place)
    registration.branches.set(branches)
    record(verbs.REGISTERED, registration, by=by, candidate_id=candidate.pk, source=registration.source)
    return registration


@transaction.atomic
def register_publicly(
    candidate: Candidate,
    registration: Registration,
    *,
    representative: LegalRepresentative | None = None,
    kinds_of_place: Iterable[KindOfPlace] = (),
    branches: Iterable[Branch] = (),
) -> Registration:
    """A youth registers through the website; sending the same form twice gives one registration.

    Nothing is told about people who are known already: the frontoffice sees the likeness.
    """
    candidate.email_unconfirmed = bool(candidate.email)
    one_at_a_time("aanmelding", candidate.last_name, candidate.birth_date)
    earlier = _same_public_registration(candidate)
    if earlier is not None:
        return earlier
    registration.source, registration.consented_at = Registration.Source.PUBLIC, clock.now()
    register(candidate, registration, by=PUBLIC, kinds_of_place=kinds_of_place, branches=branches)
    if representative is not None:
        add_representative(candidate, representative, by=PUBLIC)
    if candidate.email and not registration.looks_automatic and mailbox.may_be_asked(candidate.email):
        outbox.enqueue(
            "registration_received", key=f"registration-received-{registration.pk}", registration=registration.pk
        )
    return registration


def _save_new_person(candidate: Candidate, by: By) -> None:
    candidate.created_at, candidate.bsn_hmac = clock.now(), lookup_hash(candidate.bsn or "")
    candidate.save()
    record(verbs.PERSON_ADDED, candidate, by=by, candidate_id=candidate.pk)


def _refuse_unasked(candidate: Candidate, unlike: Iterable[Candidate], by: By) -> None:
    """Whoever sees the files that are alike is asked; a visitor of the website isn't told, the frontoffice decides later."""
    user = actor(by).user
    if user is None:
        return
    told = [other.pk for other in unlike]
    if Candidate.objects.visible_to(user).similar_to(candidate).exclude(pk__in=told).exists():
        raise Refused(_("Er is al een dossier dat hierop lijkt. Kies eerst of het dezelfde persoon is."))


def _refuse_joined(candidate: Candidate) -> None:
    if candidate.joined_into_id is not None:
        text = _("Dit dossier is samengevoegd met een ander dossier. Werk daar verder.")
        raise Refused(Reason(text, "candidates:person", candidate.joined_into_id))


@transaction.atomic
def tell_apart(candidate: Candidate, other: Candidate, *, by: By, reason: str = "") -> None:
    """Somebody says that two files that are alike are of two people; it isn't asked again."""
    user = actor(by).user
    if user is None or not rules.may_join(user, candidate):
        raise Refused(_("Dat beslist de frontoffice van deze regio."))
    DifferentPeople.objects.create(one=candidate, other=other, at=clock.now(), by=user)
    for one, two in ((candidate, other), (other, candidate)):
        record(verbs.TOLD_APART, one, by=by, candidate_id=one.pk, reason=reason, other=two.pk)


@transaction.atomic
def attach_registration(
    known: Candidate, given: Candidate, registration: Registration, *, take: Iterable[str], by: User, **many: Any
) -> Registration:
    """Take a registration for somebody who is known; of what was typed now, only the groups chosen replace their data."""
    registration = register(known, registration, by=by, **many)
    if changed := likeness.take_over(known, given, take):
        update_person(known, by=by, changed=changed)
    return registration


def _refuse_second_open(candidate: Candidate) -> None:
    earlier = candidate.registrations.open().first()
    if earlier is not None:
        text = _("%(name)s heeft al een open aanmelding.") % {"name": candidate.full_name}
        raise Refused(Reason(text, "candidates:registration", earlier.pk))


def _same_public_registration(candidate: Candidate) -> Registration | None:
    """The registration that this same person sent a moment ago, by pressing twice or going back."""
    return (
        Registration.objects.open()
        .filter(
            source=Registration.Source.PUBLIC,
            created_at__gte=clock.now() - SAME_SUBMIT,
            candidate__first_name=candidate.first_name,
            candidate__last_name=candidate.last_name,
            candidate__birth_date=candidate.birth_date,
            candidate__phone=candidate.phone,
            candidate__email=candidate.email,
        )
        .first()
    )


@transaction.atomic
def update_registration(
    registration: Registration,
    *,
    by: By,
    changed: Iterable[str] = (),
    kinds_of_place: Iterable[KindOfPlace] | None = None,
    branches: Iterable[Branch] | None = None,
) -> Registration:
    """Complete or correct an open registration and the person's data in it; `changed` names the fields for the log."""
    _lock_open(registration)
    registration.candidate.save()
    registration.save()
    if kinds_of_place is not None:
        registration.kinds_of_place.set(kinds_of_place)
    if branches is not None:
        registration.branches.set(branches)
    record(
        verbs.REGISTRATION_CHANGED,
        registration,
        by=by,
        candidate_id=registration.candidate_id,
        fields=sorted(set(changed)),
    )
    return registration


@transaction.atomic
def override_eligibility(registration: Registration, *, reason: str, by: User) -> Registration:
    """R2: admit somebody the table refuses or admits in part, with a reason that stays visible; before assigning."""
    _lock_open(registration)
    return record_override(registration, reason=reason, by=by)


def record_override(registration: Registration, *, reason: str, by: User) -> Registration:
    """Write the override down. Who calls holds the registration, or the traject whose intake hasn't started (decision 25)."""
    if Registration.objects.filter(pk=registration.pk).exclude(override_reason="").exists():
        raise Refused(_("Waarom deze kandidaat toch is toegelaten, is al vastgelegd. Dat verandert niet meer."))
    verdict = rules.eligibility_of(registration)
    if verdict.is_yes:
        raise Refused(_("Deze kandidaat past al volgens de tabel. Een besluit om toch toe te laten is niet nodig."))
    registration.override_reason, registration.override_by, registration.override_at = reason, by, clock.now()
    registration.save(update_fields=["override_reason", "override_by", "override_at"])
    record(
        verbs.ADMITTED_BY_EXCEPTION,
        registration,
        by=by,
        candidate_id=registration.candidate_id,
        reason=reason,
        verdict=verdict.verdict or "onbekend",
    )
    return registration


@transaction.atomic
def reject_registration(registration: Registration, *, reason: str, by: User) -> Registration:
    """The frontoffice turns a registration down (decision 6)."""
    return _end(registration, Registration.Status.REJECTED, verbs.REGISTRATION_REJECTED, reason, by)


@transaction.atomic
def lapse_registration(registration: Registration, *, reason: str, by: User) -> Registration:
    """The person withdrew or can't be reached (decision 6)."""
    return _end(registration, Registration.Status.LAPSED, verbs.REGISTRATION_LAPSED, reason, by)


def _end(registration: Registration, status: str, verb: Verb, reason: str, by: User) -> Registration:
    """End a registration; the retention period starts here (decision 6)."""
    _lock_open(registration)
    registration.status, registration.end_reason, registration.ended_at = status, reason, clock.now()
    months = law.number(law.Key.RETENTION_REGISTRATION, on=clock.today(), client=registration.client)
    registration.retention_until = clock.today() + relativedelta(months=months)
    registration.save(update_fields=["status", "end_reason", "ended_at", "retention_until"])
    record(
        verb,
        registration,
        by=by,
        candidate_id=registration.candidate_id,
        reason=reason,
        states=(Registration.Status.NEW, status),
    )
    return registration


def _lock_open(registration: Registration) -> None:
    """Hold the row and refuse when somebody else was faster."""
    status = Registration.objects.select_for_update().values_list("status", flat=True).get(pk=registration.pk)
    if status != Registration.Status.NEW:
        label = Registration.Status(status).label
        raise Refused(_("Deze aanmelding is al afgehandeld: %(status)s.") % {"status": label.lower()})


@transaction.atomic
def send_offer(offer: Offer, *, by: User) -> Offer:
    """Write the offerte to the opdrachtgever and send it when they have an e-mail address (step 1e)."""
    registration = offer.registration
    _lock_open(registration)
    offer.answer = Offer.Answer.OPEN
    offer.save()
    if offer.client.email:
        outbox.enqueue("offer_sent", key=f"offer-sent-{offer.pk}", offer=offer.pk)
    record(verbs.OFFER_SENT, offer, by=by, candidate_id=registration.candidate_id, client=offer.client_id)
    return offer


@transaction.atomic
def record_offer_answer(
    offer: Offer, *, answer: str, answered_on: date, by: User, answered_by: str = "", note: str = ""
) -> Offer:
    """Write down what the opdrachtgever answered; an answer once given stays."""
    current = Offer.objects.select_for_update().values_list("answer", flat=True).get(pk=offer.pk)
    if current != Offer.Answer.OPEN:
        raise Refused(_("Het antwoord op deze offerte is al vastgelegd."))
    offer.answer, offer.answered_on, offer.answered_by, offer.answer_note = answer, answered_on, answered_by, note
    offer.save(update_fields=["answer", "answered_on", "answered_by", "answer_note"])
    record(verbs.OFFER_ANSWERED, offer, by=by, candidate_id=offer.registration.candidate_id, reason=note, answer=answer)
    return offer


# --- The person ------------------------------------------------------------------------------------------------------


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


def _recorded_lately(verb: Verb, subject: models.Model, by: By) -> bool:
    return AuditEntry.objects.filter(
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        actor=actor(by).user,
        verb=verb,
        at__gte=clock.now() - ONCE_PER,
    ).exists()


# --- Foto ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SnapshotEdit:
    """One text of the Foto as it was on somebody's screen and as they changed it."""

    area_id: int
    field: str
    before: str
    after: str


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
    current = plain_lines(getattr(snapshot, edit.field))
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


def _refuse_future(status: str, at: datetime) -> None:
    """A talk that is still to come can't have been held."""
    past_only = (ContactMoment.Status.HELD, ContactMoment.Status.NO_SHOW)
    if status in past_only and clock.local(at) > clock.today():
        raise Refused(_("Dit gesprek is nog niet geweest: de datum ligt in de toekomst."))


# --- Documents -------------------------------------------------------------------------------------------------------


def add_document(candidate: Candidate, *, upload: File, kind: str, title: str, by: User) -> CandidateDocument:
    """Store an upload under a random name with its hash; the kind is judged by content."""
    try:
        taken = uploads.take(upload)
    except uploads.NotAccepted as refusal:
        raise Refused(str(refusal)) from refusal
    document = CandidateDocument(
        candidate=candidate,
        kind=kind,
        title=title,
        original_name=uploads.clean_name(upload.name or ""),
        content_type=taken.kind.content_type,
        size=taken.size,
        sha256=uploads.sha256(taken),
        uploaded_at=clock.now(),
        uploaded_by=by,
    )
    return _store(document, taken, by)


def _store(document: CandidateDocument, upload: File, by: User) -> CandidateDocument:
    """Write the file and its row; when the row fails, the file doesn't stay behind."""
    document.file.save(upload.name or "", upload, save=False)
    try:
        with transaction.atomic():
            document.save()
            record(verbs.DOCUMENT_ADDED, document, by=by, candidate_id=document.candidate_id, kind=document.kind)
    except BaseException:
        document.file.storage.delete(promised(document.file.name))
        raise
    return document


@transaction.atomic
def remove_document(document: CandidateDocument, *, by: User) -> None:
    """Take a document out of the file; the stored file goes once the row is really gone."""
    record(verbs.DOCUMENT_REMOVED, document, by=by, candidate_id=document.candidate_id, kind=document.kind)
    storage, name = document.file.storage, promised(document.file.name)
    document.delete()
    transaction.on_commit(lambda: storage.delete(name))


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
