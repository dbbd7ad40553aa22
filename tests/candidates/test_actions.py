"""Each action: the result, the log row, and nothing at all when it fails halfway."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta

from accounts import verbs
from accounts.models import AuditEntry, Branch, KindOfPlace, LawSetting
from candidates import actions
from candidates.actions import file, person, registration
from candidates.models import (
    Ability,
    Candidate,
    Consent,
    ContactMoment,
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
)
from candidates.views.file import PARTS
from tests.factories import (
    CandidateFactory,
    EmployerOrganisationFactory,
    OfferFactory,
    RegistrationFactory,
    client,
    region,
    target_group,
)
from topjob import clock
from topjob.errors import Refused
from topjob.models import OutboxMessage

pytestmark = pytest.mark.django_db


def new_person(**data) -> Candidate:
    given = {"first_name": "Noor", "last_name": "Bakker", "birth_date": date(2006, 5, 1), "region": region()}
    return Candidate(**given | data)


def new_registration(**data) -> Registration:
    return Registration(**{"situation": "thuis", "wish": "leerwerkplek"} | data)


def last_log(subject) -> AuditEntry:
    return AuditEntry.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk).first()


def log_failure(monkeypatch) -> None:
    """Let writing the log fail, so that everything before it must be undone."""

    def fail(*args, **kwargs):
        raise RuntimeError("no log")

    for part in (file, person, registration):
        monkeypatch.setattr(part, "record", fail)


def test_register_stores_person_registration_and_zoekprofiel(frontoffice) -> None:
    kind, branch = KindOfPlace.objects.get(code="bbl"), Branch.objects.get(code="01")
    item = actions.register(new_person(), new_registration(), by=frontoffice, kinds_of_place=[kind], branches=[branch])
    assert item.status == "NIEUW"
    assert item.created_by == frontoffice
    assert item.candidate.pk
    assert list(item.kinds_of_place.all()) == [kind]
    assert list(item.branches.all()) == [branch]
    log = last_log(item)
    assert (log.verb, log.actor, log.candidate_id) == (verbs.REGISTERED, frontoffice, item.candidate_id)


def test_register_writes_nothing_when_the_log_fails(frontoffice, monkeypatch) -> None:
    log_failure(monkeypatch)
    with pytest.raises(RuntimeError):
        actions.register(new_person(), new_registration(), by=frontoffice)
    assert not Candidate.objects.exists()
    assert not Registration.objects.exists()


def test_register_for_a_known_person_keeps_their_data(frontoffice) -> None:
    known = CandidateFactory(city="Wijhe")
    item = actions.register(known, new_registration(), by=frontoffice)
    assert item.candidate == known
    assert Candidate.objects.get().city == "Wijhe"


def test_register_refuses_a_second_open_registration(frontoffice) -> None:
    open_one = RegistrationFactory()
    with pytest.raises(Refused) as refused:
        actions.register(open_one.candidate, new_registration(), by=frontoffice)
    assert refused.value.reasons[0].url == f"/aanmeldingen/{open_one.pk}/"


def test_public_registration_is_marked_and_mailed() -> None:
    person = new_person(phone="+31612345678", email="noor@test.example")
    representative = LegalRepresentative(name="Moeder", relation="ouder", email="moeder@test.example")
    item = actions.register_publicly(person, new_registration(), representative=representative)
    assert item.source == "website"
    assert item.consented_at is not None
    assert item.created_by is None
    assert last_log(item).party == "publiek"
    assert person.representatives.get().name == "Moeder"
    message = OutboxMessage.objects.get(handler="registration_received")
    assert message.payload == {"registration": item.pk}


def test_public_registration_sent_twice_is_one() -> None:
    sent = {"phone": "+31612345678", "email": "noor@test.example"}
    first = actions.register_publicly(new_person(**sent), new_registration())
    second = actions.register_publicly(new_person(**sent), new_registration())
    assert first == second
    assert Candidate.objects.count() == 1


def test_update_registration_saves_both_and_names_the_fields(frontoffice) -> None:
    item = RegistrationFactory()
    item.candidate.city, item.wish = "Zwolle", "stage"
    actions.update_registration(item, by=frontoffice, changed=["wish", "city"], branches=[])
    fresh = Registration.objects.get(pk=item.pk)
    assert (fresh.candidate.city, fresh.wish) == ("Zwolle", "stage")
    assert last_log(item).details == {"fields": ["city", "wish"]}


def test_R2_override_is_recorded_with_its_reason(frontoffice) -> None:
    item = RegistrationFactory(candidate__age=17)
    actions.override_eligibility(item, reason="Wordt over een maand 18.", by=frontoffice)
    item.refresh_from_db()
    assert (item.override_reason, item.override_by) == ("Wordt over een maand 18.", frontoffice)
    log = last_log(item)
    assert log.text.text == "Wordt over een maand 18."
    assert log.details == {"verdict": "–"}


def test_R2_override_is_not_needed_for_who_fits(frontoffice) -> None:
    with pytest.raises(Refused):
        actions.override_eligibility(RegistrationFactory(), reason="Zomaar", by=frontoffice)


@pytest.mark.parametrize(
    ("action", "status"), [("reject_registration", "AFGEWEZEN"), ("lapse_registration", "VERVALLEN")]
)
def test_end_of_registration_starts_the_retention(frontoffice, action: str, status: str) -> None:
    item = RegistrationFactory()
    getattr(actions, action)(item, reason="Onbereikbaar", by=frontoffice)
    item.refresh_from_db()
    assert (item.status, item.end_reason) == (status, "Onbereikbaar")
    assert item.retention_until == clock.today() + relativedelta(months=24)
    log = last_log(item)
    assert (log.state_from, log.state_to, log.text.text) == ("NIEUW", status, "Onbereikbaar")


def test_retention_of_the_opdrachtgever_wins(frontoffice) -> None:
    payer = client()
    LawSetting.objects.create(
        key="bewaartermijn_aanmelding", value="60", valid_from=clock.today(), client=payer, source="overeenkomst"
    )
    item = actions.lapse_registration(RegistrationFactory(client=payer), reason="Verhuisd", by=frontoffice)
    assert item.retention_until == clock.today() + relativedelta(months=60)


def test_a_registration_that_led_to_nothing_has_a_retention_of_its_own(frontoffice) -> None:
    payer = client()
    rule = {"valid_from": clock.today(), "client": payer, "source": "overeenkomst"}
    LawSetting.objects.create(key="bewaartermijn_maanden", value="60", **rule)
    LawSetting.objects.create(key="bewaartermijn_aanmelding", value="6", **rule)
    item = actions.reject_registration(RegistrationFactory(client=payer), reason="Te jong", by=frontoffice)
    assert item.retention_until == clock.today() + relativedelta(months=6)


@pytest.mark.parametrize("action", ["reject_registration", "lapse_registration"])
def test_an_ended_registration_stays_as_it_is(frontoffice, action: str) -> None:
    item = actions.reject_registration(RegistrationFactory(), reason="Eerste", by=frontoffice)
    with pytest.raises(Refused):
        getattr(actions, action)(item, reason="Tweede", by=frontoffice)
    assert Registration.objects.get(pk=item.pk).end_reason == "Eerste"


def test_an_offer_is_sent_and_answered_once(frontoffice) -> None:
    item = RegistrationFactory()
    offer = OfferFactory.build(registration=item, client=client())
    actions.send_offer(offer, by=frontoffice)
    assert OutboxMessage.objects.get(handler="offer_sent").payload == {"offer": offer.pk}
    assert last_log(offer).verb == verbs.OFFER_SENT
    actions.record_offer_answer(offer, answer="akkoord", answered_on=clock.today(), by=frontoffice, note="Graag snel.")
    assert Offer.objects.get().answer == "akkoord"
    assert last_log(offer).text.text == "Graag snel."
    with pytest.raises(Refused):
        actions.record_offer_answer(offer, answer="afgewezen", answered_on=clock.today(), by=frontoffice)
    assert Offer.objects.get().answer == "akkoord"


def test_an_offer_without_mail_address_isnt_mailed(frontoffice) -> None:
    actions.send_offer(OfferFactory.build(registration=RegistrationFactory(), client=client(email="")), by=frontoffice)
    assert not OutboxMessage.objects.exists()


def test_update_person_and_representatives(frontoffice) -> None:
    person = CandidateFactory()
    person.city = "Olst"
    actions.update_person(person, by=frontoffice, changed=["city"])
    assert Candidate.objects.get().city == "Olst"
    assert last_log(person).details == {"fields": ["city"]}
    row = actions.add_representative(
        person, LegalRepresentative(name="Oom", relation="voogd", email="oom@test.example"), by=frontoffice
    )
    assert last_log(row).verb == verbs.REPRESENTATIVE_ADDED
    actions.remove_representative(row, by=frontoffice)
    assert not person.representatives.exists()


def test_bsn_is_refused_without_a_legal_basis(frontoffice) -> None:
    person = CandidateFactory()
    person.bsn = "111222333"
    with pytest.raises(Refused):
        actions.update_person(person, by=frontoffice, changed=["bsn"])
    assert not Candidate.objects.get().bsn


def test_bsn_is_stored_encrypted_beside_a_hash(frontoffice) -> None:
    from django.db import connection

    payer = client()
    LawSetting.objects.create(
        key="bsn_toegestaan", value="ja", valid_from=clock.today(), client=payer, source="besluit", legal_basis="Suwi"
    )
    person = RegistrationFactory(client=payer).candidate
    person.bsn = "111222333"
    actions.update_person(person, by=frontoffice, changed=["bsn"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT bsn, bsn_hmac FROM candidates_candidate")
        stored, hashed = cursor.fetchone()
    assert "111222333" not in stored
    assert len(hashed) == 64
    assert Candidate.objects.get().bsn == "111222333"


def test_foto_saves_only_what_changed_and_logs_once(regisseur) -> None:
    person, area = CandidateFactory(), LifeArea.objects.first()
    edit = actions.SnapshotEdit(area.pk, "present", "", "Woont bij ouders")
    actions.save_snapshots(person, [edit], by=regisseur)
    actions.save_snapshots(person, [edit], by=regisseur)
    assert LifeSnapshot.objects.get().present == "Woont bij ouders"
    assert AuditEntry.objects.filter(verb=verbs.FOTO_CHANGED).count() == 1


def test_foto_never_overwrites_what_somebody_else_changed(regisseur) -> None:
    person, area = CandidateFactory(), LifeArea.objects.first()
    actions.save_snapshot(person, area, past="", present="Eerste", wanted="", by=regisseur)
    stale = actions.SnapshotEdit(area.pk, "present", "", "Tweede")
    other_field = actions.SnapshotEdit(area.pk, "wanted", "", "Eigen kamer")
    with pytest.raises(Refused):
        actions.save_snapshots(person, [other_field, stale], by=regisseur)
    row = LifeSnapshot.objects.get()
    assert (row.present, row.wanted) == ("Eerste", "")
    actions.save_snapshots(person, [other_field], by=regisseur)
    assert LifeSnapshot.objects.get().wanted == "Eigen kamer"


def test_parts_are_added_removed_and_logged(regisseur) -> None:
    person = CandidateFactory()
    row = WorkExperience(candidate=person, organisation="Bakker", role="Vakkenvuller", started_on=date(2024, 1, 1))
    actions.add_part(row, by=regisseur)
    assert last_log(row).verb == verbs.EXPERIENCE_ADDED
    pk = row.pk
    actions.remove_part(row, by=regisseur)
    assert not person.experiences.exists()
    assert AuditEntry.objects.filter(verb=verbs.EXPERIENCE_REMOVED, subject_id=pk).exists()


def test_every_kind_of_part_has_its_verbs() -> None:
    kinds = {part.model for parts in PARTS.values() for part in parts}
    assert kinds == set(actions.ADDED) == set(actions.REMOVED)


def test_qfit_is_settled_only_when_complete(regisseur) -> None:
    person, branch = CandidateFactory(), Branch.objects.get(code="01")
    with pytest.raises(Refused) as refused:
        actions.settle_qfit(person, by=regisseur)
    assert len(refused.value.reasons) == 3
    actions.add_part(Interest(candidate=person, branch=branch), by=regisseur)
    actions.add_part(Ability(candidate=person, kind="kennis", description="Rekenen"), by=regisseur)
    actions.add_part(LabourProspect(candidate=person, branch=branch, outlook="goed"), by=regisseur)
    actions.save_qfit_support(person, extra_support="Rustige start", by=regisseur)
    actions.settle_qfit(person, by=regisseur)
    qfit = QFit.objects.get()
    assert (qfit.settled_by, qfit.extra_support) == (regisseur, "Rustige start")
    assert last_log(qfit).verb == verbs.QFIT_SETTLED


def test_support_review_waits_for_open_questions(regisseur) -> None:
    person = CandidateFactory()
    need = SupportNeed(candidate=person, area=LifeArea.objects.first(), question="Schulden")
    actions.add_support_need(need, by=regisseur)
    with pytest.raises(Refused):
        actions.review_support(person, conclusion="Klaar", by=regisseur)
    assert not SupportReview.objects.exists()
    actions.settle_support_need(need, status="geregeld", approach="Budgetcoach", by=regisseur)
    assert need.settled_at is not None
    assert actions.review_support(person, conclusion="Klaar", by=regisseur).by == regisseur


def test_finance_checks_stay_beside_each_other(regisseur) -> None:
    person = CandidateFactory()
    for outcome in ("niet_geregeld", "geregeld"):
        actions.check_finance(FinanceCheck(candidate=person, outcome=outcome, source="zelf"), by=regisseur)
    assert person.finance_checks.count() == 2
    assert last_log(person.finance_checks.first()).details == {"outcome": "geregeld", "source": "zelf"}


def test_a_talk_in_the_future_cant_have_been_held(regisseur) -> None:
    person, tomorrow = CandidateFactory(), clock.now() + timedelta(days=1)
    with pytest.raises(Refused):
        actions.add_contact(ContactMoment(candidate=person, kind="intake", status="gevoerd", at=tomorrow), by=regisseur)
    moment = actions.plan_contact(ContactMoment(candidate=person, kind="intake", at=tomorrow), by=regisseur)
    with pytest.raises(Refused):
        actions.record_contact(moment, status="gevoerd", notes="x", at=tomorrow, by=regisseur)
    actions.record_contact(moment, status="gepland", notes="", at=tomorrow + timedelta(days=1), by=regisseur)
    assert last_log(moment).verb == verbs.CONTACT_MOVED


def test_R16_consent_is_given_replaced_and_withdrawn(regisseur) -> None:
    person, company = CandidateFactory(), EmployerOrganisationFactory()
    first = actions.give_consent(person, company, channel="gesprek", by=regisseur)
    second = actions.give_consent(person, company, channel="papier", by=regisseur, share_cv=True)
    first.refresh_from_db()
    assert first.withdrawn_at is not None
    assert list(Consent.objects.valid()) == [second]
    assert last_log(second).details["shares"] == ["contact", "cv"]
    actions.withdraw_consent(second, by=regisseur)
    assert not Consent.objects.valid().exists()
    with pytest.raises(Refused):
        actions.withdraw_consent(second, by=regisseur)


def test_search_forgives_typing_errors_and_knows_prefixes() -> None:
    person = CandidateFactory(first_name="Fatima", name_prefix="van der", last_name="Velde")
    CandidateFactory(first_name="Piet", last_name="Bos")
    for text in ("velde", "van der Velde", "fatima", "Fatma", "velda", "VELDE fatima"):
        assert list(Candidate.objects.search(text)) == [person], text


def test_similar_people_by_name_and_birth_date_or_phone() -> None:
    known = CandidateFactory(first_name="Noor", last_name="Bakker", birth_date=date(2006, 5, 1))
    same_name = new_person(first_name="Nora", last_name="BAKKER")
    same_phone = new_person(last_name="Anders", phone=known.phone)
    nobody = new_person(birth_date=date(2006, 5, 2))
    assert list(Candidate.objects.similar_to(same_name)) == [known]
    assert list(Candidate.objects.similar_to(same_phone)) == [known]
    assert not Candidate.objects.similar_to(nobody).exists()


def test_override_uses_the_table_of_today(frontoffice) -> None:
    item = RegistrationFactory(candidate__age=19, target_group=target_group("bijstand"))
    actions.override_eligibility(item, reason="Passend traject", by=frontoffice)
    assert last_log(item).details == {"verdict": "x/–"}
