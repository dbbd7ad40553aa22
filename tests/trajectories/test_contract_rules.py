"""R7–R10 and the proeftijd: refused in the form, in the action, and by the database against a raw statement."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import LawSetting
from demo.walk import Walk
from tests import factories
from tests.trajectories.conftest import Reach
from topjob import clock
from topjob.errors import Refused
from trajectories import actions
from trajectories.models import Contract
from trajectories.process import rules
from trajectories.process.periods import period_end

# Sem was born on 5-5-2005: 20 on the day after the trial.
HOURLY = ("12.00", "11.77")
START, AFTER = date(2026, 2, 2), date(2026, 5, 2)


def raw(statement: str, *values: object) -> None:
    """A statement as it stands, with the deferred checks at its end."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def insert_contract(
    walk: Walk, *, kind: str = "leerwerk", starts: date = AFTER, ends: date | None = None, **more: object
) -> None:
    """A contract by raw SQL."""
    ends = ends or period_end(starts, 12)
    trajectory = walk.fresh()
    facts = {
        "candidate_id": trajectory.candidate_id,
        "trajectory_id": trajectory.pk,
        "organisation_id": trajectory.current_trial.application.organisation_id,
        "kind": kind,
        "holder": "leerbedrijf",
        "starts_on": starts,
        "ends_on": ends,
        "period": f"[{starts},{ends}]",
        "fte": 0.8,
        "hours_per_week": 32,
        "training_hours": 0,
        "min_months": 0,
        "created_at": "2026-05-01",
        "probation_months": 0,
        "hourly_wage": HOURLY[0],
        "minimum_wage": HOURLY[1],
        **more,
    }
    raw(
        f"INSERT INTO trajectories_contract ({', '.join(facts)}) VALUES ({', '.join(['%s'] * len(facts))})",
        *facts.values(),
    )


# --- R7 and R8 -------------------------------------------------------------------------------------------------------
def test_r7_no_contract_and_no_learning_before_three_positive_views(in_evaluation: Walk) -> None:
    walk = in_evaluation.settle_wage_value()
    with pytest.raises(IntegrityError, match="drie positieve oordelen"):
        insert_contract(walk)
    walk.give_views(True, "jongere", "jobcoach")
    with pytest.raises(IntegrityError, match="drie positieve oordelen"):
        insert_contract(walk)
    with pytest.raises(IntegrityError, match="drie positieve oordelen"):
        raw("UPDATE trajectories_trajectory SET state = 'LEERWERK'")
    walk.give_views(True, "werkgever")
    with pytest.raises(IntegrityError, match="begint met een contract"):
        raw("UPDATE trajectories_trajectory SET state = 'LEERWERK'")
    insert_contract(walk)
    assert Contract.objects.get().starts_on == AFTER


def test_r7_one_negative_view_means_no_contract(in_evaluation: Walk) -> None:
    walk = in_evaluation.settle_wage_value().give_views(positive=False)
    with pytest.raises(IntegrityError, match="drie positieve oordelen"):
        insert_contract(walk)


def test_r8_no_contract_without_the_loonwaarde_or_the_decision_about_it(in_evaluation: Walk) -> None:
    walk = in_evaluation.give_views()
    with pytest.raises(IntegrityError, match="besloten of loonwaarde nodig is"):
        insert_contract(walk)
    with clock.at(walk.day, 17):
        actions.decide_wage_value(
            walk.fresh(), needed=True, reason="LKS", wants_wage_subsidy=True, by=walk.user_on_lead
        )
    with pytest.raises(IntegrityError, match="Zonder de loonwaarde"):
        insert_contract(walk)
    with clock.at(walk.day, 18):
        actions.record_wage_value(
            walk.fresh(), percentage=60, determined_by="gemeente", determined_on=walk.day, by=walk.user_on_lead
        )
    insert_contract(walk)


def test_r8_a_loonwaarde_settled_during_the_trial_counts(on_trial: Walk) -> None:
    walk = on_trial.later(40)
    with clock.at(walk.day, 18):
        actions.record_wage_value(
            walk.fresh(), percentage=60, determined_by="gemeente", determined_on=walk.day, by=walk.user_on_lead
        )
    walk.open_evaluation().give_views()
    with clock.at(walk.day, 17):
        actions.decide_wage_value(walk.fresh(), needed=True, reason="LKS", by=walk.user_on_lead)
    assert walk.continue_learning(12).fresh().state == "LEERWERK"


# --- R9 --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("starts", "ends", "fits"),
    [
        (AFTER, date(2027, 5, 1), True),
        (AFTER, date(2027, 4, 30), False),
        (AFTER, date(2028, 5, 1), True),
        (AFTER, date(2028, 5, 2), False),
        (AFTER + timedelta(days=1), date(2027, 6, 1), False),
        (AFTER - timedelta(days=1), date(2027, 5, 1), False),
    ],
)
def test_r9_from_the_day_after_the_trial_for_12_to_24_months(
    in_evaluation: Walk, starts: date, ends: date, fits: bool
) -> None:
    walk = in_evaluation.settle_wage_value().give_views()
    if fits:
        insert_contract(walk, starts=starts, ends=ends)
    else:
        with pytest.raises(IntegrityError, match="R9"):
            insert_contract(walk, starts=starts, ends=ends)


def test_r9_the_length_follows_the_setting_of_the_payer(in_evaluation: Walk) -> None:
    walk = in_evaluation.settle_wage_value().give_views()
    LawSetting.objects.create(
        key="leerwerk_minimaal", value="6", valid_from=START, client=walk.trajectory.client, source="Afspraak"
    )
    insert_contract(walk, ends=period_end(AFTER, 6))


def test_r9_an_agreed_contract_is_not_made_shorter_by_hand(reach: Reach) -> None:
    reach("LEERWERK")
    for change in ("ends_on = ends_on - 30", "starts_on = starts_on + 1", "kind = 'proef'"):
        with pytest.raises(IntegrityError, match=r"R9|R10"):
            raw(f"UPDATE trajectories_contract SET {change}")


# --- R10 -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("change", ["ends_on = ends_on + 1", "starts_on = starts_on + 1", "holder = 'leerbedrijf'"])
def test_r10_the_trials_contract_is_exactly_the_trial(reach: Reach, change: str) -> None:
    reach("PROEFPERIODE", construction="2")
    with pytest.raises(IntegrityError, match="R10"):
        raw(f"UPDATE trajectories_contract SET {change}")


def test_r10_construction_2_does_not_start_without_its_contract(reach: Reach) -> None:
    walk = reach("STARTPLAN", construction="2").draft_plan().send_plan().sign()
    with pytest.raises(IntegrityError, match="R10"), transaction.atomic():
        walk.start_trial()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM trajectories_contract")
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_r10_construction_1_has_no_trial_contract(on_trial: Walk) -> None:
    walk = on_trial
    with pytest.raises(IntegrityError, match="R10"):
        insert_contract(walk, kind="proef", holder="maatwerq", starts=START, ends=date(2026, 5, 1))


def test_r10_an_extension_brings_a_contract_of_exactly_the_extension(reach: Reach) -> None:
    walk = reach("PROEFPERIODE", construction="2").later(10)
    with clock.at(walk.day):
        for until in (date(2026, 5, 10), date(2026, 5, 20)):
            actions.extend_trial(walk.fresh(), until_day=until, reason="Ziek geweest.", by=walk.user_on_lead)
    spans = [(row.starts_on, row.ends_on) for row in walk.trajectory.contracts.order_by("starts_on")]
    assert spans[1:] == [(AFTER, date(2026, 5, 10)), (date(2026, 5, 11), date(2026, 5, 20))]


# --- Proeftijd -------------------------------------------------------------------------------------------------------
def test_no_proeftijd_in_the_learn_work_contract(in_evaluation: Walk, client: Client) -> None:
    walk = in_evaluation.settle_wage_value().give_views()
    client.force_login(walk.team.regisseur)
    url = reverse("trajectories:step", args=[walk.trajectory.pk, "continue_learning"])
    data = {
        "holder": "leerbedrijf",
        "ends_on": "2027-05-01",
        "hours_per_week": 32,
        "training_hours": 8,
        "hourly_wage": "14,71",
    }
    with clock.at(walk.day, 20):
        refused = client.post(url, data)
        assert "mag geen proeftijd hebben" in refused.content.decode()
        assert client.post(url, data | {"no_probation": "on"}).status_code == 302
    assert walk.fresh().state == "LEERWERK"
    with pytest.raises(IntegrityError, match="proeftijd"):
        raw("UPDATE trajectories_contract SET probation_months = 1")


def placing(walk: Walk, client: Client, organisation: object, **changes: object) -> str:
    client.force_login(walk.team.job_broker)
    url = reverse("trajectories:step", args=[walk.trajectory.pk, "place"])
    data = {
        "kind": "overname",
        "organisation": organisation.name,
        "starts_on": walk.day.isoformat(),
        "ends_on": period_end(walk.day, 12).isoformat(),
        "hours_per_week": 32,
        "hourly_wage": "15,00",
        **changes,
    }
    with clock.at(walk.day, 20):
        response = client.post(url, data)
    return "" if response.status_code == 302 else response.content.decode()


def test_no_proeftijd_at_the_company_of_the_trial(reach: Reach, vacancy, client: Client) -> None:
    walk = reach("BANENPOOL").later(1)
    company = vacancy.employer.organisation
    assert "volgt op een proefplaatsing" in placing(walk, client, company, probation_months=1)
    with clock.at(walk.day, 20), pytest.raises(Refused, match="proefplaatsing"):
        actions.place(
            walk.fresh(),
            kind="overname",
            organisation=company,
            starts_on=walk.day,
            ends_on=None,
            hours_per_week=32,
            hourly_wage=Decimal(15),
            probation_months=1,
            by=walk.team.job_broker,
        )
    assert walk.fresh().state == "BANENPOOL"
    assert placing(walk, client, company) == ""
    with pytest.raises(IntegrityError, match="geen proeftijd"):
        raw("UPDATE trajectories_contract SET probation_months = 1 WHERE kind = 'overname'")


def test_elsewhere_a_proeftijd_keeps_to_the_law(reach: Reach, client: Client) -> None:
    walk = reach("BANENPOOL").later(1)
    other = factories.EmployerFactory().organisation
    short = period_end(walk.day, 6).isoformat()
    assert "mag geen proeftijd" in placing(walk, client, other, probation_months=1, ends_on=short)
    assert "ten hoogste 1 maand" in placing(walk, client, other, probation_months=2)
    assert "ten hoogste 2 maand" in placing(walk, client, other, probation_months=3, ends_on="")
    assert placing(walk, client, other, probation_months=1) == ""
    assert Contract.objects.get(kind="overname").probation_months == 1


# --- Aanzegtermijn ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("ends", "kind", "expected"),
    [
        (date(2027, 5, 1), "leerwerk", date(2027, 4, 1)),
        (date(2026, 11, 1), "overname", date(2026, 10, 1)),
        (date(2026, 10, 31), "overname", None),
        (date(2027, 3, 31), "overname", date(2027, 2, 28)),
        (None, "overname", None),
        (date(2027, 5, 1), "uitzenden", None),
    ],
)
def test_notice_by_the_setting(reach: Reach, ends: date | None, kind: str, expected: date | None) -> None:
    trajectory = reach("AANGEMELD").fresh()
    assert rules.notice_by(Contract(trajectory=trajectory, kind=kind, starts_on=AFTER, ends_on=ends)) == expected
