"""R1 and the parts of R3 that the file answers."""

from __future__ import annotations

import pytest

from accounts.models import LawSetting
from candidates import actions, rules
from candidates.models import ContactMoment, FinanceCheck, LifeArea, SupportNeed
from tests.factories import CandidateFactory, RegistrationFactory, client
from topjob import clock

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("motivation", "judged", "passes"),
    [
        ("Ik wil werken", True, True),
        ("", True, False),
        ("  ", True, False),
        ("Ik wil", None, False),
        ("Ik wil", False, False),
    ],
)
def test_R1_motivation_is_recorded(motivation: str, judged: bool | None, passes: bool) -> None:
    registration = RegistrationFactory(motivation=motivation, is_motivated=judged)
    assert (rules.motivation_recorded(registration) is None) is passes


def test_R3_foto_needs_verleden_nu_and_gewenst_for_every_area_in_use(regisseur) -> None:
    person = CandidateFactory()
    areas = list(LifeArea.objects.all())
    for area in areas[:-1]:
        actions.save_snapshot(person, area, past="toen", present="nu", wanted="straks", by=regisseur)
    actions.save_snapshot(person, areas[-1], past="toen", present="nu", wanted="", by=regisseur)
    assert "8 van 9" in rules.foto_complete(person).text
    actions.save_snapshot(person, areas[-1], past="toen", present="nu", wanted="straks", by=regisseur)
    assert rules.foto_complete(person) is None


def test_R3_a_retired_area_is_not_asked(regisseur) -> None:
    person = CandidateFactory()
    for area in LifeArea.objects.exclude(code="wonen"):
        actions.save_snapshot(person, area, past="toen", present="nu", wanted="straks", by=regisseur)
    LifeArea.objects.filter(code="wonen").update(is_active=False)
    assert rules.foto_complete(person) is None


def test_R3_support_needs_the_toets_and_no_open_question(regisseur) -> None:
    person = CandidateFactory()
    assert "toets" in rules.support_settled(person).text
    actions.review_support(person, conclusion="Geen vragen.", by=regisseur)
    assert rules.support_settled(person) is None
    need = actions.add_support_need(
        SupportNeed(candidate=person, area=LifeArea.objects.first(), question="Schulden"), by=regisseur
    )
    assert "open" in rules.support_settled(person).text
    actions.settle_support_need(need, status="loopt", approach="Budgetcoach", owner=regisseur, by=regisseur)
    assert rules.support_settled(person) is None


def test_R3_the_latest_finance_check_counts(regisseur) -> None:
    person = CandidateFactory()
    assert rules.finance_checked(person) is not None
    for outcome, passes in (("geregeld", True), ("niet_geregeld", False), ("geregeld", True)):
        actions.check_finance(FinanceCheck(candidate=person, outcome=outcome, source="zelf"), by=regisseur)
        assert (rules.finance_checked(person) is None) is passes


def test_R3_the_intake_talk_must_be_held_not_planned(regisseur) -> None:
    person = CandidateFactory()
    moment = actions.plan_contact(ContactMoment(candidate=person, kind="intake", at=clock.now()), by=regisseur)
    assert rules.intake_talk_held(person) is not None
    actions.record_contact(moment, status="gevoerd", notes="Goed gesprek", at=clock.now(), by=regisseur)
    assert rules.intake_talk_held(person) is None


def test_R3_another_kind_of_talk_is_no_intake(regisseur) -> None:
    person = CandidateFactory()
    actions.add_contact(
        ContactMoment(candidate=person, kind="telefoon", status="gevoerd", at=clock.now()), by=regisseur
    )
    assert rules.intake_talk_held(person) is not None


def test_facts_of_a_file_take_one_query(django_assert_num_queries) -> None:
    person = CandidateFactory()
    with django_assert_num_queries(1):
        facts = rules.file_facts(person)
    assert facts.foto_areas == 9
    assert facts.foto_done == 0


def test_every_reason_leads_to_a_page() -> None:
    person = CandidateFactory()
    guards = (
        rules.foto_complete,
        rules.support_settled,
        rules.finance_checked,
        rules.intake_talk_held,
        rules.qfit_settled,
        rules.cv_present,
        rules.portfolio_present,
        rules.consent_given,
    )
    for guard in guards:
        assert guard(person).url.startswith(f"/personen/{person.pk}/")


def test_R4_a_minor_without_representative_is_missing_data() -> None:
    assert rules.personal_complete(CandidateFactory(age=17)) is not None
    assert rules.personal_complete(CandidateFactory(age=18)) is None


@pytest.mark.parametrize(
    ("value", "basis", "allowed"),
    [("ja", "Participatiewet art. 7", True), ("ja", "", False), ("nee", "Participatiewet", False)],
)
def test_bsn_only_with_a_setting_and_a_legal_basis_for_this_client(value: str, basis: str, allowed: bool) -> None:
    payer, other = client(), client()
    today = clock.today()
    LawSetting.objects.create(
        key="bsn_toegestaan", value=value, valid_from=today, client=payer, source="besluit", legal_basis=basis
    )
    assert rules.bsn_allowed(payer, today) is allowed
    assert rules.bsn_allowed(other, today) is False
    assert rules.bsn_allowed(None, today) is False
