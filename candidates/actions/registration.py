"""What the frontoffice does with registrations: taking them in, telling people apart, offers (step 1)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import law, verbs
from accounts.audit import Actor, By, Party, actor, record
from accounts.models import Branch, KindOfPlace, User
from accounts.verbs import Verb
from candidates import likeness, mailbox, rules
from candidates.actions.person import add_representative, update_person
from candidates.models import (
    Candidate,
    DifferentPeople,
    LegalRepresentative,
    Offer,
    Registration,
)
from candidates.models.person import lookup_hash
from topjob import clock, outbox
from topjob.errors import Reason, Refused
from topjob.locks import one_at_a_time

SAME_SUBMIT = timedelta(days=1)
PUBLIC = Actor(party=Party.PUBLIC)


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
        raise Refused(rules.already_ended(status))


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
