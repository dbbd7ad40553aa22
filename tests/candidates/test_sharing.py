"""R16: an employer sees only what the candidate agreed to share."""

from __future__ import annotations

from datetime import date

import pytest

from candidates import actions
from candidates.models import FinanceCheck, WorkExperience, WorkLimitation
from candidates.sharing import employer_view
from tests.factories import CandidateFactory, EmployerOrganisationFactory

pytestmark = pytest.mark.django_db


def full_file(regisseur):
    person = CandidateFactory(first_name="Noor", last_name="Bakker", phone="+31612345678", email="noor@test.example")
    actions.add_part(
        WorkExperience(candidate=person, organisation="Winkel", role="Vakkenvuller", started_on=date(2024, 1, 1)),
        by=regisseur,
    )
    actions.add_part(WorkLimitation(candidate=person, load="prikkels", adaptation="Rustige plek"), by=regisseur)
    actions.check_finance(FinanceCheck(candidate=person, outcome="geregeld", source="zelf"), by=regisseur)
    return person


def test_R16_without_consent_only_a_number(regisseur) -> None:
    person = full_file(regisseur)
    view = employer_view(person, None)
    assert (view.name, view.phone, view.email, view.experiences) == (f"K-{person.pk}", "", "", [])


@pytest.mark.parametrize(
    ("shares", "name", "experiences", "limitations"),
    [
        ({"share_contact": True}, "Noor Bakker", 0, 0),
        ({"share_contact": False, "share_cv": True}, "K-", 1, 0),
        ({"share_contact": False, "share_support": True}, "K-", 0, 1),
        ({"share_contact": True, "share_cv": True, "share_support": True}, "Noor Bakker", 1, 1),
    ],
)
def test_R16_exactly_what_was_agreed(regisseur, shares: dict, name: str, experiences: int, limitations: int) -> None:
    person = full_file(regisseur)
    consent = actions.give_consent(person, EmployerOrganisationFactory(), channel="gesprek", by=regisseur, **shares)
    view = employer_view(person, consent)
    assert view.name.startswith(name)
    assert (len(view.experiences), len(view.limitations)) == (experiences, limitations)


def test_R16_nothing_any_more_after_withdrawing(regisseur) -> None:
    person = full_file(regisseur)
    consent = actions.give_consent(
        person, EmployerOrganisationFactory(), channel="gesprek", by=regisseur, share_cv=True
    )
    actions.withdraw_consent(consent, by=regisseur)
    assert employer_view(person, consent).experiences == []
