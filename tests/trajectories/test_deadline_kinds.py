"""Each kind of deadline by itself: when it comes, why, whose it is and by which rule; that it moves and closes with its cause.

Dates are worked out by hand; the world starts on Monday 5 January 2026 and the trial on 2 February 2026 (R6: to 1 May).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.models import AuditEntry, LawSetting, Membership, Role, User
from demo.walk import Walk
from tests import factories
from tests.names_on_pages import in_words
from tests.trajectories.conftest import START, Reach, make_walk, walk_to
from topjob import clock
from topjob.models import OutboxMessage
from trajectories import actions, tasks
from trajectories.models import Deadline, TrialExtension
from trajectories.process import rules
from trajectories.process.workflow import Journey, State
from trajectories.timing import recount

Kind, Key = Deadline.Kind, LawSetting.Key
END = date(2026, 5, 1)


def row_of(walk: Walk, kind: str) -> Deadline | None:
    return walk.trajectory.deadlines.open().filter(kind=kind).order_by("due_on").first()


def the(walk: Walk, kind: str) -> Deadline:
    row = row_of(walk, kind)
    assert row is not None, f"{kind} is not open"
    return row


def refresh(walk: Walk) -> Walk:
    recount.recount([walk.trajectory.pk])
    return walk.fresh() and walk


def rule(key: str, value: str, since: date = date(2026, 1, 1)) -> None:
    LawSetting.objects.create(key=key, value=value, valid_from=since, source="test")


# --- Startplan -------------------------------------------------------------------------------------------------------
def test_startplan_unanswered(planning: Walk) -> None:
    walk = planning.draft_plan()
    assert row_of(walk, Kind.PLAN_UNANSWERED) is None
    walk.send_plan()
    row = the(walk, Kind.PLAN_UNANSWERED)
    assert row.due_on == walk.day + timedelta(days=7)
    assert row.owner == walk.team.regisseur and "nog niet door iedereen beantwoord" in row.reason
    assert (row.rule_key, row.rule_value, row.rule_from) == (Key.PLAN_ANSWER_DAYS, "7", date(2012, 1, 1))
    walk.sign()
    assert row_of(walk, Kind.PLAN_UNANSWERED) is None
    row.refresh_from_db()
    assert row.closed_at is not None and not row.was_late


def test_start_date_near(planning: Walk) -> None:
    walk = planning.draft_plan()
    row = the(walk, Kind.PLAN_UNSIGNED)
    assert row.due_on == date(2026, 1, 26)
    assert "ma 2 feb 2026" in row.reason and row.rule_key == Key.START_NEAR_DAYS
    walk.send_plan().sign()
    assert row_of(walk, Kind.PLAN_UNSIGNED) is None
    assert the(walk, Kind.TRIAL_START).due_on == START


def test_a_changed_rule_moves_the_deadline(planning: Walk) -> None:
    walk = planning.draft_plan()
    rule(Key.START_NEAR_DAYS, "10")
    refresh(walk)
    row = the(walk, Kind.PLAN_UNSIGNED)
    assert row.due_on == date(2026, 1, 23)
    assert (row.rule_value, row.rule_from) == ("10", date(2026, 1, 1)) and "10" in row.rule_text


def test_permission_missing(planning: Walk) -> None:
    walk = planning.draft_plan()
    row = the(walk, Kind.PERMISSION_MISSING)
    assert row.due_on == START and str(walk.trajectory.client) in row.reason
    walk.permit()
    assert row_of(walk, Kind.PERMISSION_MISSING) is None


# --- Trial -----------------------------------------------------------------------------------------------------------
def test_permission_ending(planning: Walk) -> None:
    walk = planning.draft_plan().send_plan().sign()
    walk.permit(until=date(2026, 4, 1)).start_trial()
    row = the(walk, Kind.PERMISSION_ENDING)
    assert row.due_on == date(2026, 3, 11)
    assert "wo 1 apr 2026" in row.reason and "vr 1 mei 2026" in row.reason and row.rule_key == Key.PERMISSION_WARN_DAYS
    walk.permit(until=END)
    assert row_of(walk, Kind.PERMISSION_ENDING) is None


def test_days_between_two_decisions_are_open_days(planning: Walk) -> None:
    walk = planning.draft_plan().send_plan().sign()
    walk.permit(until=date(2026, 4, 1)).start_trial()
    facts = {"kind": "verlenging", "is_granted": True, "valid_until": END, "decided_on": walk.day}
    with clock.at(walk.day):
        case = walk.fresh()
        actions.record_permission(case, client=case.client, valid_from=date(2026, 4, 10), by=walk.user_on_lead, **facts)
        assert "wo 1 apr 2026" in the(walk, Kind.PERMISSION_ENDING).reason
        assert "loopt af" in rules.permission_warning(walk.fresh()).text
        actions.record_permission(case, client=case.client, valid_from=date(2026, 4, 2), by=walk.user_on_lead, **facts)
        assert row_of(walk, Kind.PERMISSION_ENDING) is None and rules.permission_warning(walk.fresh()) is None


def test_mid_term_talk(on_trial: Walk) -> None:
    days = set(on_trial.trajectory.signed_plan.evaluation_dates.filter(is_final=False).values_list("on", flat=True))
    rows = on_trial.trajectory.deadlines.open().filter(kind=Kind.MID_TERM)
    assert days and {row.due_on for row in rows} == days
    assert {row.owner for row in rows} == {on_trial.team.jobcoach}
    on_trial.open_evaluation()
    assert row_of(on_trial, Kind.MID_TERM) is None


def test_evaluation_invitations_two_weeks_before_the_end(on_trial: Walk) -> None:
    row = the(on_trial, Kind.EVALUATION_SOON)
    assert row.due_on == date(2026, 4, 17) and row.owner == on_trial.team.regisseur
    assert row.rule_key == Key.EVALUATION_INVITE_DAYS and row.rule_value == "14"
    on_trial.open_evaluation()
    assert row_of(on_trial, Kind.EVALUATION_SOON) is None


def test_trial_end_and_everything_dependent_moves_with_an_extension(reach: Reach) -> None:
    walk = reach(State.PROEFPERIODE, construction="2")
    assert the(walk, Kind.TRIAL_END).due_on == END and "ma 2 feb 2026" in the(walk, Kind.TRIAL_END).reason
    trial = walk.trajectory.current_trial
    TrialExtension.objects.create(
        trial=trial,
        until=date(2026, 5, 22),
        reason="Drie weken ziek.",
        created_at=clock.now(),
        created_by=walk.team.regisseur,
    )
    refresh(walk)
    assert the(walk, Kind.TRIAL_END).due_on == date(2026, 5, 22)
    assert the(walk, Kind.EVALUATION_SOON).due_on == date(2026, 5, 8)


def test_missing_views_and_the_decision(in_evaluation: Walk) -> None:
    opened = clock.local(in_evaluation.trajectory.current_evaluation.opened_at)
    row = the(in_evaluation, Kind.VIEWS_MISSING)
    assert row.due_on == max(END, opened + timedelta(days=7))
    assert "jongere, werkgever, jobcoach" in row.reason
    in_evaluation.give_views(True, "jongere", "werkgever")
    assert "jobcoach" in the(in_evaluation, Kind.VIEWS_MISSING).reason
    assert "werkgever" not in the(in_evaluation, Kind.VIEWS_MISSING).reason
    in_evaluation.give_views(True, "jobcoach")
    assert row_of(in_evaluation, Kind.VIEWS_MISSING) is None
    assert the(in_evaluation, Kind.DECISION).due_on == row.due_on
    in_evaluation.settle_wage_value().continue_learning(12)
    assert row_of(in_evaluation, Kind.DECISION) is None


def test_missing_views_opened_on_the_day_after_the_end_arent_late_at_once(on_trial: Walk) -> None:
    with clock.at(END + timedelta(days=1)):
        tasks.handle_due_deadlines()
    on_trial.fresh()
    assert the(on_trial, Kind.VIEWS_MISSING).due_on == date(2026, 5, 9)


def test_loonwaarde_where_the_target_group_asks_for_it(team, vacancy, light_pdf) -> None:
    walk = walk_to(make_walk(team, group="wajong"), vacancy, State.PROEFPERIODE)
    row = the(walk, Kind.WAGE_VALUE)
    assert row.due_on == date(2026, 4, 17) and "Zonder loonwaarde" in row.reason and row.rule_key == Key.WAGE_VALUE_DAYS
    walk.open_evaluation()
    assert the(walk, Kind.WAGE_VALUE).pk == row.pk
    walk.settle_wage_value()
    assert row_of(walk, Kind.WAGE_VALUE) is None


def test_no_loonwaarde_where_nobody_asks_for_it(on_trial: Walk) -> None:
    assert row_of(on_trial, Kind.WAGE_VALUE) is None


# --- Contract and training -------------------------------------------------------------------------------------------
def test_contract_notice(learning: Walk) -> None:
    row = the(learning, Kind.CONTRACT_NOTICE)
    assert (row.due_on, row.owner_role) == (date(2027, 4, 1), Role.PERSONEEL)
    assert "za 1 mei 2027" in row.reason and row.rule_key == Key.NOTICE_MONTHS


def test_a_contract_shorter_than_six_months_ends_without_a_notice(in_aftercare: Walk) -> None:
    contract = in_aftercare.trajectory.running_contract
    contract.starts_on, contract.ends_on = date(2027, 5, 2), date(2027, 10, 31)
    contract.period = DateRange(contract.starts_on, contract.ends_on + timedelta(days=1))
    contract.save(update_fields=["starts_on", "ends_on", "period"])
    refresh(in_aftercare)
    assert row_of(in_aftercare, Kind.CONTRACT_NOTICE) is None
    contract.ends_on, contract.period = date(2027, 11, 1), DateRange(contract.starts_on, date(2027, 11, 2))
    contract.save(update_fields=["ends_on", "period"])
    refresh(in_aftercare)
    assert the(in_aftercare, Kind.CONTRACT_NOTICE).due_on == date(2027, 10, 1)


def test_a_temporary_job_in_aftercare_has_its_notice_too(in_aftercare: Walk) -> None:
    end = in_aftercare.trajectory.running_contract.ends_on
    assert the(in_aftercare, Kind.CONTRACT_NOTICE).due_on < end


def test_training_end(learning: Walk) -> None:
    row = the(learning, Kind.CONTRACT_END)
    assert row.due_on == date(2027, 5, 1) and "Adviespunt" in row.reason
    with clock.at(date(2026, 9, 1)):
        actions.extend_contract(
            learning.trajectory,
            ends_on=date(2027, 8, 1),
            hours_per_week=32,
            hourly_wage=Decimal(15),
            by=learning.team.regisseur,
        )
    learning.fresh()
    assert the(learning, Kind.CONTRACT_END).due_on == date(2027, 8, 1)
    assert row_of(learning, Kind.CONTRACT_NOTICE) is None  # three months' extension: no notice is due by law


def test_qualification_check(learning: Walk) -> None:
    row = the(learning, Kind.QUALIFICATION)
    assert row.due_on == date(2027, 3, 20) and row.owner == learning.team.jobcoach
    assert row.rule_key == Key.QUALIFICATION_DAYS
    learning.later(100).qualify()
    assert row_of(learning, Kind.QUALIFICATION) is None


def test_coaching(learning: Walk) -> None:
    first = the(learning, Kind.COACHING)
    assert first.due_on == clock.local(learning.trajectory.state_since) + timedelta(days=28)
    learning.later(10).coach()
    assert the(learning, Kind.COACHING).due_on > first.due_on


# --- Aftercare, closing, retention -----------------------------------------------------------------------------------
def test_aftercare_check_ins(in_aftercare: Walk) -> None:
    rows = in_aftercare.trajectory.deadlines.open().filter(kind=Kind.CHECK_IN)
    planned = in_aftercare.trajectory.aftercares.get().check_ins.values_list("due_on", flat=True)
    assert sorted(row.due_on for row in rows) == sorted(planned) and len(planned) > 1
    before = rows.count()
    in_aftercare.later(40).check_in()
    assert in_aftercare.trajectory.deadlines.open().filter(kind=Kind.CHECK_IN).count() == before - 1


def test_aftercare_end(in_aftercare: Walk) -> None:
    row = the(in_aftercare, Kind.AFTERCARE_END)
    aftercare = in_aftercare.trajectory.aftercares.get()
    assert row.due_on == aftercare.ends_on and "ten hoogste 12 maanden" in row.reason and row.rule_value == "12"
    in_aftercare.later(20).step(Journey.finish_aftercare)
    assert row_of(in_aftercare, Kind.AFTERCARE_END) is None


def test_closing(closing: Walk) -> None:
    row = the(closing, Kind.CLOSING)
    assert row.due_on == clock.local(closing.trajectory.state_since) + timedelta(days=14)
    assert (row.owner_role, row.rule_key) == (Role.BACKOFFICE, Key.CLOSING_DAYS)


def test_retention(reach: Reach) -> None:
    beheerder = factories.staff(Role.BEHEERDER)
    walk = reach(State.AFGESLOTEN)
    row = the(walk, Kind.RETENTION)
    assert row.due_on == walk.trajectory.retention_until and row.rule_key == Key.RETENTION_MONTHS
    assert (row.owner_role, row.owner) == (Role.BEHEERDER, beheerder)
    successor = factories.staff(Role.BEHEERDER)
    User.objects.filter(pk=beheerder.pk).update(is_active=False)
    tasks.refresh_deadlines()
    assert the(walk, Kind.RETENTION).owner == successor


# --- The instant, the owner, the coordinator -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "instant"),
    [
        (date(2026, 1, 15), datetime(2026, 1, 15, 23, tzinfo=UTC)),
        (date(2026, 7, 15), datetime(2026, 7, 15, 22, tzinfo=UTC)),
        (date(2026, 3, 28), datetime(2026, 3, 28, 23, tzinfo=UTC)),  # the night in which summer time begins
        (date(2026, 3, 29), datetime(2026, 3, 29, 22, tzinfo=UTC)),
        (date(2026, 10, 24), datetime(2026, 10, 24, 22, tzinfo=UTC)),  # and the one in which it ends
        (date(2026, 10, 25), datetime(2026, 10, 25, 23, tzinfo=UTC)),
        (date(2028, 2, 29), datetime(2028, 2, 29, 23, tzinfo=UTC)),
    ],
)
def test_the_instant_is_the_end_of_the_dutch_day(reach: Reach, day: date, instant: datetime) -> None:
    row = the(reach(State.INTAKE), Kind.FOLLOW_UP)
    Deadline.objects.filter(pk=row.pk).update(due_on=day)
    row.refresh_from_db()
    assert row.due_at == instant


@pytest.fixture
def coordinator(walk: Walk) -> User:
    person = factories.staff(Role.REGISSEUR)
    walk.trajectory.region.coordinator = person
    walk.trajectory.region.save()
    return person


def escalations(walk: Walk) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(trajectory_id=walk.trajectory.pk, verb="escalate"))


def test_late_goes_to_the_coordinator_after_the_days_of_the_setting_once_and_logged(
    reach: Reach, coordinator: User
) -> None:
    walk = reach(State.INTAKE)
    row = the(walk, Kind.FOLLOW_UP)
    with clock.at(row.due_on + timedelta(days=7)):
        tasks.escalate()
    row.refresh_from_db()
    assert row.escalated_at is None
    with clock.at(row.due_on + timedelta(days=8)):
        tasks.escalate()
        tasks.escalate()
    row.refresh_from_db()
    assert (row.escalated_to, row.owner) == (coordinator, walk.team.regisseur)
    (entry,) = escalations(walk)
    assert entry.party == "systeem" and entry.details["owner"] == walk.team.regisseur.pk
    assert entry.details["coordinator"] == coordinator.pk
    assert OutboxMessage.objects.filter(handler="mail_escalated", payload__owner=coordinator.pk).count() == 1


def test_a_week_of_silence_gives_the_coordinator_one_mail(reach: Reach, coordinator: User, team, vacancy) -> None:
    first, second = reach(State.INTAKE), walk_to(make_walk(team), vacancy, State.INTAKE)
    late = max(the(walk, Kind.FOLLOW_UP).due_on for walk in (first, second))
    with clock.at(late + timedelta(days=30)):
        tasks.handle_due_deadlines()
    assert OutboxMessage.objects.filter(handler="mail_escalated").count() == 1


def test_a_moved_deadline_gets_new_patience(on_trial: Walk, coordinator: User) -> None:
    row = the(on_trial, Kind.TRIAL_END)
    Deadline.objects.filter(pk=row.pk).update(
        escalated_at=clock.now(), escalated_to=coordinator, notified_at=clock.now()
    )
    Deadline.objects.filter(pk=row.pk).update(due_on=date(2026, 4, 1))
    refresh(on_trial)
    row.refresh_from_db()
    assert (row.due_on, row.escalated_at, row.escalated_to, row.notified_at) == (END, None, None, None)


def test_the_coordinator_sees_it_in_the_worklist(reach: Reach, coordinator: User, client) -> None:
    walk = reach(State.INTAKE)
    client.force_login(coordinator)
    with clock.at(the(walk, Kind.FOLLOW_UP).due_on + timedelta(days=8)):
        before = client.get("/").content.decode()
        tasks.escalate()
        counted, listed = client.get("/").content.decode(), client.get("/?wat=collega").content.decode()
    assert "blijft liggen bij" not in before
    assert "blijft liggen bij collega&#x27;s" in counted and "/?wat=collega" in counted
    assert f"blijft liggen bij {walk.team.regisseur.name}" in in_words(listed)
    assert walk.candidate.last_name in listed and "8 dagen te laat" in listed and "Traject opvolgen" in listed
    client.force_login(walk.team.regisseur)
    with clock.at(the(walk, Kind.FOLLOW_UP).due_on + timedelta(days=8)):
        own = client.get("/").content.decode()
    assert "doorgegeven aan de coördinator" in own and "blijft liggen bij" not in own


def test_without_a_coordinator_it_goes_to_the_first_regisseur_and_without_one_to_the_beheerder(reach: Reach) -> None:
    from trajectories.timing.owners import coordinator_id_of

    walk = reach(State.INTAKE)
    region = walk.trajectory.region
    assert coordinator_id_of(region) == walk.team.regisseur.pk
    beheerder = factories.staff(Role.BEHEERDER)
    Membership.objects.filter(role=Role.REGISSEUR).delete()
    assert coordinator_id_of(region) == beheerder.pk
    region.coordinator = factories.UserFactory(is_active=False)
    assert coordinator_id_of(region) == beheerder.pk


def test_a_case_without_guides_has_its_deadlines_with_the_coordinator(reach: Reach, coordinator: User) -> None:
    walk = reach(State.INTAKE)
    walk.trajectory.regisseur = None
    walk.trajectory.save()
    refresh(walk)
    assert the(walk, Kind.FOLLOW_UP).owner == coordinator


def test_why_and_by_which_rule_stand_on_the_case_page(on_trial: Walk, client) -> None:
    client.force_login(on_trial.team.regisseur)
    with clock.at(date(2026, 4, 1)):
        page = client.get(f"/trajecten/{on_trial.trajectory.pk}/").content.decode()
    assert "nodig de partijen uit voor de evaluatie" in page
    assert "Evaluatie: uitnodigen vóór het einde, in dagen: 14" in page
    assert "2012" not in page, "since when a setting holds isn't what people ask"
    assert "over 16 dagen" in page and "vr 17 apr 2026" in page


def test_the_end_of_retention_stays_with_the_beheerder(reach: Reach) -> None:
    factories.staff(Role.BEHEERDER)
    walk = reach(State.AFGESLOTEN)
    with clock.at(the(walk, Kind.RETENTION).due_on + timedelta(days=100)):
        tasks.escalate()
    assert the(walk, Kind.RETENTION).escalated_to is None
    assert escalations(walk) == []
