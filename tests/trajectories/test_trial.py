"""R6, R8, R10 and decision 10: the trial, the payer's permission, loonwaarde and what may follow."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from accounts.models import Client as Payer
from accounts.models import LawSetting
from candidates.models import TargetGroup
from demo.walk import Team, Walk
from tests.questions import ONE_THING
from tests.trajectories.conftest import START, Reach, make_walk, walk_to
from tests.trajectories.evaluating import page, state
from tests.trajectories.standing import World, standing
from topjob import clock
from topjob.errors import Refused
from trajectories import actions
from trajectories.models import (
    Evaluation,
    TrialPeriod,
    WageValue,
)
from trajectories.process import rules

pytestmark = pytest.mark.usefixtures("db")

END = date(2026, 5, 1)


@standing
def trial(world: World) -> None:
    walk_to(world.walk, world.vacancy, "PROEFPERIODE")


@standing
def signed(world: World) -> None:
    walk_to(world.walk, world.vacancy, "STARTPLAN").draft_plan().send_plan().sign()


def paid_by_uwv(walk: Walk) -> None:
    walk.trajectory.client = Payer.objects.filter(client_type="uwv").first()
    walk.trajectory.save()


# --- Decision 10: the payer's permission -----------------------------------------------------------------------------
def test_decision_10_without_uwvs_decision_no_trial_starts(signed: Walk) -> None:
    paid_by_uwv(signed)
    with clock.at(START), pytest.raises(Refused, match="ontbreekt"):
        actions.start_trial(signed.fresh(), by=signed.user_on_lead)
    signed.permit()
    assert state(signed.start_trial()) == "PROEFPERIODE"


def test_decision_10_a_gemeente_warns_by_setting(signed: Walk) -> None:
    with clock.at(START):
        assert rules.permission_warning(signed.fresh()) is not None
        actions.start_trial(signed.fresh(), by=signed.user_on_lead)
    assert state(signed) == "PROEFPERIODE"


def test_decision_10_a_gemeente_can_be_set_to_block(signed: Walk) -> None:
    LawSetting.objects.create(
        key=LawSetting.Key.PERMISSION_MODE,
        value="blokkeren",
        valid_from=date(2026, 1, 1),
        client=signed.trajectory.client,
        source="Afspraak met de gemeente",
    )
    with clock.at(START), pytest.raises(Refused):
        actions.start_trial(signed.fresh(), by=signed.user_on_lead)


def decision(**changes: object) -> dict[str, object]:
    return {
        "kind": "eerste",
        "is_granted": "True",
        "valid_from": "2026-02-02",
        "valid_until": "2026-04-01",
        "decided_on": "2026-01-10",
        "reference": "PP-1",
        **changes,
    }


def test_the_register_proposes_and_keeps_decisions(signed: Walk, client: Client) -> None:
    client.force_login(signed.team.regisseur)
    with clock.at(signed.day):
        form = client.get(page(signed, "permission")).context["form"]
        assert form.initial["valid_until"] == date(2026, 4, 1)
        assert client.post(page(signed, "permission"), decision(decided_on=signed.day)).status_code == 302
        text = client.get(page(signed, "permission")).content.decode()
        following = client.get(page(signed, "permission")).context["form"]
    assert "loopt af vóór het einde" in text
    assert (following.initial["kind"], following.initial["valid_from"]) == ("verlenging", date(2026, 4, 2))
    assert signed.trajectory.permissions.get().reference == "PP-1"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"valid_until": "2026-02-01"}, "vóór de begindatum"),
        ({"valid_until": "2026-12-01"}, "ten hoogste 6 maanden"),
        ({"decided_on": "2027-01-01"}, "in de toekomst"),
        ({"valid_from": "gisteren"}, "geldige datum"),
        ({"is_granted": ""}, "verplicht"),
        ({"kind": "derde"}, "Kies iets uit de lijst"),
    ],
)
def test_bad_input_at_a_decision(signed: Walk, client: Client, changes: dict[str, str], message: str) -> None:
    client.force_login(signed.team.regisseur)
    with clock.at(signed.day + timedelta(days=20)):
        response = client.post(page(signed, "permission"), decision(**changes))
    assert response.status_code == 200
    assert message in response.content.decode()
    assert not signed.trajectory.permissions.exists()


def test_uwv_decides_before_the_start(signed: Walk, client: Client) -> None:
    paid_by_uwv(signed)
    client.force_login(signed.team.regisseur)
    with clock.at(date(2026, 2, 10)):
        response = client.post(page(signed, "permission"), decision(decided_on="2026-02-05"))
    assert "UWV beslist vóór de start" in response.content.decode()


def test_without_a_payer_there_is_nothing_to_permit(signed: Walk, client: Client) -> None:
    signed.trajectory.client = None
    signed.trajectory.save()
    client.force_login(signed.team.regisseur)
    assert client.get(page(signed, "permission")).status_code == 409


def test_only_regisseur_and_frontoffice_record_decisions(signed: Walk, client: Client) -> None:
    client.force_login(signed.team.job_broker)
    with clock.at(signed.day):
        assert client.post(page(signed, "permission"), decision(decided_on=signed.day)).status_code == 409
    assert not signed.trajectory.permissions.exists()


# --- R6: start and end -----------------------------------------------------------------------------------------------
def test_r6_the_trial_starts_on_the_plans_date_also_when_handled_later(signed: Walk) -> None:
    with clock.at(START - timedelta(days=1)), pytest.raises(Refused, match="begint op"):
        actions.start_trial(signed.fresh(), by=signed.user_on_lead)
    with clock.at(START + timedelta(days=5)):
        actions.start_trial(signed.fresh(), by=signed.user_on_lead)
    row = TrialPeriod.objects.get()
    assert (row.starts_on, row.ends_on) == (START, END)


def test_r6_the_agreed_trial_never_changes(trial: Walk) -> None:
    for values in ({"starts_on": START + timedelta(days=1)}, {"ends_on": END + timedelta(days=1)}, {"months": 4}):
        with pytest.raises(DatabaseError), transaction.atomic():
            TrialPeriod.objects.update(**values)


def test_an_extension_is_a_row_of_its_own_with_its_permission(trial: Walk, client: Client) -> None:
    client.force_login(trial.team.regisseur)
    until = END + timedelta(days=20)
    trial.later(30)
    with clock.at(trial.day):
        first = trial.trajectory.permissions.get()
        data = {"until_day": until.isoformat(), "reason": "Drie weken ziek.", "permission": first.pk}
        assert "eindigt eerder" in client.post(page(trial, "extend_trial"), data).content.decode()
        bad = client.post(page(trial, "extend_trial"), {"until_day": END.isoformat(), "reason": "", "permission": ""})
        assert "na het huidige einde" in bad.content.decode()
        long = client.post(page(trial, "extend_trial"), data | {"until_day": "2026-09-01"})
        assert "ten hoogste 6 maanden" in long.content.decode()
        extra = decision(kind="verlenging", valid_from=END + timedelta(days=1), valid_until=until, decided_on=trial.day)
        client.post(page(trial, "permission"), extra)
        data["permission"] = trial.trajectory.permissions.get(kind="verlenging").pk
        assert client.post(page(trial, "extend_trial"), data).status_code == 302
    row = trial.fresh().current_trial
    assert (row.ends_on, row.last_day) == (END, until)
    assert row.extensions.get().reason == "Drie weken ziek."


def test_all_decisions_together_last_at_most_six_months(trial: Walk, client: Client) -> None:
    client.force_login(trial.team.regisseur)
    trial.later(30)
    # From 2 February: six calendar months end on 1 August, however many decisions they are spread over.
    longer = {"kind": "verlenging", "valid_from": date(2026, 5, 2), "decided_on": trial.day}
    with clock.at(trial.day):
        wrong = client.post(page(trial, "permission"), decision(**longer, valid_until=date(2026, 8, 2)))
        assert "met alle besluiten samen ten hoogste 6 maanden: tot en met za 1 aug 2026" in wrong.content.decode()
        case = trial.fresh()
        facts = longer | {"client": case.client, "is_granted": True, "by": trial.user_on_lead}
        with pytest.raises(Refused, match="alle besluiten samen"):
            actions.record_permission(case, valid_until=date(2026, 8, 2), **facts)
        assert case.permissions.count() == 1
        assert (
            client.post(page(trial, "permission"), decision(**longer, valid_until=date(2026, 8, 1))).status_code == 302
        )


def test_an_extension_leaves_no_day_without_a_decision(trial: Walk, client: Client) -> None:
    client.force_login(trial.team.regisseur)
    trial.later(30)
    until = END + timedelta(days=20)
    late = {"kind": "verlenging", "valid_from": END + timedelta(days=2), "valid_until": until, "decided_on": trial.day}
    with clock.at(trial.day):
        client.post(page(trial, "permission"), decision(**late))
        found = trial.trajectory.permissions.get(kind="verlenging")
        data = {"until_day": until.isoformat(), "reason": "Ziek", "permission": found.pk}
        assert "begint later" in client.post(page(trial, "extend_trial"), data).content.decode()
        with pytest.raises(Refused, match="toestemming"):
            actions.extend_trial(trial.fresh(), until_day=until, reason="Ziek", permission=found, by=trial.user_on_lead)
    assert trial.fresh().current_trial.last_day == END


def test_only_who_may_extend_gets_the_form_and_it_says_where_the_decision_is_recorded(
    trial: Walk, client: Client
) -> None:
    with clock.at(trial.day):
        client.force_login(trial.team.jobcoach)
        assert client.get(page(trial, "extend_trial")).status_code == 409
        assert page(trial, "extend_trial") not in client.get(page(trial, "detail")).content.decode()
        client.force_login(trial.team.regisseur)
        assert page(trial, "extend_trial") in client.get(page(trial, "detail")).content.decode()
        assert page(trial, "permission") in client.get(page(trial, "extend_trial")).content.decode()
        empty = {"until_day": (END + timedelta(days=9)).isoformat(), "reason": "Ziek", "permission": ""}
        assert "Leg het eerst vast" in client.post(page(trial, "extend_trial"), empty).content.decode()


def test_no_extension_without_a_running_trial(signed: Walk, client: Client) -> None:
    client.force_login(signed.team.regisseur)
    assert client.get(page(signed, "extend_trial")).status_code == 409


@pytest.mark.parametrize("verb", ["start_trial", "record_permission", "extend_trial", "record_wage_value"])
def test_the_trials_actions_are_all_or_nothing(signed: Walk, monkeypatch: pytest.MonkeyPatch, verb: str) -> None:
    if verb in ("extend_trial", "record_wage_value"):
        signed.permit(END + timedelta(days=20)).start_trial().later(10)

    def fails(*args: object, **options: object) -> None:
        raise RuntimeError("the log is full")

    monkeypatch.setattr("trajectories.actions.trial.log", fails)
    monkeypatch.setattr("trajectories.journey.core.log", fails)
    case, by = signed.fresh(), signed.user_on_lead
    calls = {
        "start_trial": lambda: actions.start_trial(case, by=by),
        "record_permission": lambda: actions.record_permission(
            case,
            client=case.client,
            kind="eerste",
            is_granted=True,
            valid_from=START,
            valid_until=END,
            decided_on=START,
            by=by,
        ),
        "extend_trial": lambda: actions.extend_trial(
            case, until_day=END + timedelta(days=9), reason="Ziek", permission=case.permissions.get(), by=by
        ),
        "record_wage_value": lambda: actions.record_wage_value(
            case, percentage=50, determined_by="uwv", determined_on=START, by=by
        ),
    }
    before = (case.state, TrialPeriod.objects.count(), case.permissions.count(), case.placements.count())
    with clock.at(max(signed.day, START)), pytest.raises(RuntimeError):
        calls[verb]()
    after = signed.fresh()
    assert (after.state, TrialPeriod.objects.count(), after.permissions.count(), after.placements.count()) == before
    assert not WageValue.objects.exists()
    assert after.current_trial is None or not after.current_trial.extensions.exists()


# --- R8: loonwaarde --------------------------------------------------------------------------------------------------
def test_r8_without_the_decision_the_evaluation_is_not_complete(evaluating: Walk) -> None:
    evaluating.give_views()
    with pytest.raises(Refused, match="Leg vast of loonwaarde nodig is"):
        evaluating.continue_learning(12)


def test_r8_some_target_groups_ask_for_it(team: Team, vacancy, light_pdf: None, client: Client) -> None:
    group = TargetGroup.objects.filter(needs_wage_value=True).first()
    walk = walk_to(make_walk(team, group=group.code), vacancy, "EVALUATIE").give_views()
    with pytest.raises(Refused, match="loonwaarde ontbreekt"):
        walk.continue_learning(12)
    client.force_login(team.regisseur)
    with clock.at(walk.day, 17):
        assert "vraagt erom" in client.get(page(walk, "evaluation")).content.decode()
        values = {"which": "value", "percentage": 55, "determined_by": "uwv", "determined_on": walk.day.isoformat()}
        assert client.post(page(walk, "wage_value"), values).status_code == 302
    assert state(walk.continue_learning(12)) == "LEERWERK"


def test_r8_nobody_decides_that_it_isnt_needed_where_the_group_asks_for_it(
    team: Team, vacancy, light_pdf: None, client: Client
) -> None:
    group = TargetGroup.objects.filter(needs_wage_value=True).first()
    walk = walk_to(make_walk(team, group=group.code), vacancy, "EVALUATIE")
    client.force_login(team.regisseur)
    no = {
        "which": "decision",
        "besluit-wants_wage_subsidy": "False",
        "besluit-needed": "False",
        "besluit-reason": "Nee",
    }
    with clock.at(walk.day, 17):
        assert "vraagt altijd om loonwaarde" in client.post(page(walk, "wage_value"), no).content.decode()
        with pytest.raises(Refused, match="vraagt altijd"):
            actions.decide_wage_value(walk.fresh(), needed=False, reason="Nee", by=walk.user_on_lead)
        assert Evaluation.objects.get().wage_value_needed is None
        assert client.post(page(walk, "wage_value"), no | {"besluit-needed": "True"}).status_code == 302


def test_r8_loonkostensubsidie_asks_for_it(evaluating: Walk, client: Client) -> None:
    client.force_login(evaluating.team.regisseur)
    asked = {
        "which": "decision",
        "besluit-wants_wage_subsidy": "True",
        "besluit-needed": "True",
        "besluit-reason": "De gemeente vult aan.",
    }
    with clock.at(evaluating.day, 17):
        wrong = client.post(page(evaluating, "wage_value"), asked | {"besluit-needed": "False"})
        assert "altijd nodig" in wrong.content.decode()
        assert client.post(page(evaluating, "wage_value"), asked).status_code == 302
    evaluating.give_views()
    with pytest.raises(Refused, match="loonwaarde ontbreekt"):
        evaluating.continue_learning(12)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"percentage": "101"}, "100"),
        ({"percentage": "-1"}, "0"),
        ({"percentage": "45,5"}, "heel getal"),
        ({"percentage": ""}, "verplicht"),
        ({"determined_on": "2099-01-01"}, "toekomst"),
        ({"determined_by": "buurman"}, "Kies iets uit de lijst"),
    ],
)
def test_r8_bad_loonwaarde(evaluating: Walk, client: Client, changes: dict[str, str], message: str) -> None:
    client.force_login(evaluating.team.regisseur)
    values = {
        "which": "value",
        "percentage": "50",
        "determined_by": "uwv",
        "determined_on": "2026-04-20",
        "explanation": "",
    }
    with clock.at(evaluating.day, 17):
        response = client.post(page(evaluating, "wage_value"), values | changes)
    assert response.status_code == 200
    assert message in response.content.decode()
    assert not WageValue.objects.exists()


@pytest.mark.parametrize("percentage", [0, 100])
def test_r8_the_ends_of_the_scale_are_fine(evaluating: Walk, percentage: int) -> None:
    evaluating.settle_wage_value()
    with clock.at(evaluating.day, 17):
        actions.record_wage_value(
            evaluating.fresh(),
            percentage=percentage,
            determined_by="gemeente",
            determined_on=START,
            by=evaluating.user_on_lead,
        )
    assert WageValue.objects.get().percentage == percentage


def test_r8_the_database_knows_percentages_too(evaluating: Walk) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        WageValue.objects.create(
            trajectory=evaluating.trajectory,
            percentage=101,
            determined_by="uwv",
            determined_on=START,
            created_at=clock.now(),
        )


# --- R10 -------------------------------------------------------------------------------------------------------------
def test_r10_construction_2_has_a_contract_of_exactly_the_trial(reach: Reach) -> None:
    walk = reach("PROEFPERIODE", construction="2")
    contract = walk.fresh().contracts.get()
    assert (contract.kind, contract.holder) == ("proef", "maatwerq")
    assert (contract.starts_on, contract.ends_on) == (START, END)
    assert not walk.trajectory.signed_plan.keeps_benefit


def test_r10_construction_1_has_no_contract_during_the_trial(trial: Walk) -> None:
    assert not trial.fresh().contracts.exists()
    assert trial.trajectory.signed_plan.keeps_benefit


def test_the_page_of_the_evaluation_asks_as_much_with_all_views_as_with_one(
    evaluating: Walk, client: Client, django_assert_max_num_queries
) -> None:
    client.force_login(evaluating.team.regisseur)
    evaluating.give_views(True, "jongere")
    with clock.at(evaluating.day, 12), django_assert_max_num_queries(ONE_THING) as one:
        client.get(page(evaluating, "evaluation"))
    evaluating.give_views(True, "werkgever", "jobcoach")
    with clock.at(evaluating.day, 18), django_assert_max_num_queries(ONE_THING) as all_of_them:
        assert "ja, verder" in client.get(page(evaluating, "evaluation")).content.decode()
    assert len(all_of_them) <= len(one)
