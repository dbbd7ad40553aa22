"""Deadlines: what falls due is done, late or not, once, and its owner hears of it once (R6, R11, R12, R17)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.models import AuditEntry, Role
from demo.walk import Walk
from tests import factories
from tests.trajectories.conftest import START, Reach
from topjob import clock
from topjob.models import OutboxMessage
from trajectories import actions, tasks
from trajectories.models import Deadline, Trajectory
from trajectories.process.workflow import Journey, State
from trajectories.timing import deadlines

Kind = Deadline.Kind


def open_kinds(trajectory: Trajectory) -> dict[str, date]:
    return dict(trajectory.deadlines.open().values_list("kind", "due_on"))


def test_r17_the_trial_starts_by_itself_on_its_date_once_signed(planning: Walk) -> None:
    walk = planning.draft_plan().send_plan().sign().permit()
    with clock.at(START - timedelta(days=1)):
        tasks.handle_due_deadlines()
    assert walk.fresh().state == State.STARTPLAN
    with clock.at(START):
        tasks.handle_due_deadlines()
    assert walk.fresh().state == State.PROEFPERIODE


def test_r17_a_start_handled_a_week_late_keeps_the_planned_start(planning: Walk) -> None:
    walk = planning.draft_plan().send_plan().sign().permit()
    with clock.at(START + timedelta(days=7)):
        tasks.handle_due_deadlines()
        tasks.handle_due_deadlines()
    trial = walk.fresh().current_trial
    assert trial.starts_on == START
    assert Deadline.objects.get(trajectory=walk.trajectory, kind=Kind.TRIAL_START).was_late
    steps = AuditEntry.objects.filter(trajectory_id=walk.trajectory.pk, verb="start_trial")
    assert [entry.party for entry in steps] == ["systeem"]


def test_r17_a_refused_start_waits_in_the_worklist_and_harms_nobody(planning: Walk) -> None:
    walk = planning.draft_plan().send_plan().sign("jongere", "werkgever")
    with clock.at(START + timedelta(days=1)):
        tasks.handle_due_deadlines()
    assert walk.fresh().state == State.STARTPLAN
    assert Kind.PLAN_UNSIGNED in open_kinds(walk.trajectory)


def test_r6_the_evaluation_opens_by_itself_the_day_after_the_end(on_trial: Walk) -> None:
    walk = on_trial
    end = date(2026, 5, 1)
    assert open_kinds(walk.trajectory)[Kind.TRIAL_END] == end
    with clock.at(end):
        tasks.handle_due_deadlines()
    assert walk.fresh().state == State.PROEFPERIODE
    with clock.at(end + timedelta(days=1)):
        tasks.handle_due_deadlines()
    assert walk.fresh().state == State.EVALUATIE


def test_r11_the_contracts_end_leads_to_the_adviespunt(learning: Walk) -> None:
    walk = learning
    end = open_kinds(walk.trajectory)[Kind.CONTRACT_END]
    assert end == date(2027, 5, 1)
    assert open_kinds(walk.trajectory)[Kind.CONTRACT_NOTICE] == date(2027, 4, 1)
    with clock.at(end + timedelta(days=3)):
        tasks.handle_due_deadlines()
    assert walk.fresh().state == State.ADVIES
    assert walk.trajectory.placements.get().period.upper == end + timedelta(days=1)


def test_r12_aftercare_ends_by_itself_after_twelve_months(in_aftercare: Walk) -> None:
    walk = in_aftercare
    aftercare = walk.trajectory.aftercares.get()
    assert aftercare.starts_on + timedelta(days=364) == aftercare.ends_on
    with clock.at(aftercare.ends_on):
        tasks.handle_due_deadlines()
    assert walk.fresh().state == State.NAZORG
    with clock.at(aftercare.ends_on + timedelta(days=40)):
        tasks.handle_due_deadlines()
    assert walk.fresh().state == State.AFSLUITING
    aftercare.refresh_from_db()
    assert aftercare.stopped_on == aftercare.ends_on


def test_r12_a_lost_job_leads_back_to_the_pool_and_ends_the_aftercare(in_aftercare: Walk) -> None:
    walk = in_aftercare.later(20).step(Journey.job_lost, reason="Bedrijf gestopt.")
    assert walk.fresh().state == State.BANENPOOL
    assert walk.trajectory.running_placement is None
    assert not walk.trajectory.aftercares.filter(stopped_on=None).exists()
    assert Kind.AFTERCARE_END not in open_kinds(walk.trajectory)


def test_a_moved_cause_moves_the_deadline_and_asks_for_a_new_mail(on_trial: Walk) -> None:
    walk = on_trial
    plan = walk.trajectory.signed_plan
    with clock.at(START + timedelta(days=30)):
        permission = actions.record_permission(
            walk.fresh(),
            client=walk.trajectory.client,
            kind="verlenging",
            is_granted=True,
            valid_from=plan.trial_ends_on,
            valid_until=plan.trial_ends_on + timedelta(days=30),
            decided_on=clock.today(),
            by=walk.team.regisseur,
        )
        Deadline.objects.filter(kind=Kind.TRIAL_END).update(notified_at=clock.now())
        actions.extend_trial(
            walk.fresh(),
            until_day=plan.trial_ends_on + timedelta(days=21),
            reason="Drie weken ziek.",
            permission=permission,
            by=walk.team.regisseur,
        )
    row = walk.trajectory.deadlines.open().get(kind=Kind.TRIAL_END)
    assert row.due_on == date(2026, 5, 22)
    assert row.notified_at is None
    assert "Verlengd: eerst tot en met vr 1 mei 2026." in row.reason


def test_an_owner_gets_one_mail_a_day_for_everything_and_never_twice(on_trial: Walk) -> None:
    walk = on_trial
    day = open_kinds(walk.trajectory)[Kind.EVALUATION_SOON]
    with clock.at(day):
        tasks.notify_owners()
        tasks.notify_owners()
    mails = OutboxMessage.objects.filter(handler="mail_deadlines", payload__owner=walk.team.regisseur.pk)
    assert mails.count() == 1


def test_what_comes_due_after_the_mail_of_the_day_is_in_the_mail_of_the_next(on_trial: Walk) -> None:
    walk = on_trial
    owner, day = walk.team.regisseur.pk, open_kinds(walk.trajectory)[Kind.EVALUATION_SOON]
    mails = OutboxMessage.objects.filter(handler="mail_deadlines", payload__owner=owner).order_by("pk")
    with clock.at(day):
        tasks.notify_owners()
        late = walk.trajectory.deadlines.open().filter(owner=owner, notified_at=None).latest("due_on")
        Deadline.objects.filter(pk=late.pk).update(due_on=day)
        tasks.notify_owners()
        tasks._tell(owner, [late.pk])  # as a round that didn't see the mail of another one
    late.refresh_from_db()
    assert (mails.count(), late.notified_at) == (1, None)
    with clock.at(day + timedelta(days=1)):
        tasks.notify_owners()
    assert late.pk in mails[1].payload["deadlines"]


def test_whoever_takes_over_hears_of_what_was_told_to_another(on_trial: Walk) -> None:
    walk, to = on_trial, factories.staff(Role.REGISSEUR)
    with clock.at(open_kinds(walk.trajectory)[Kind.EVALUATION_SOON]):
        tasks.notify_owners()
        told = (
            walk.trajectory.deadlines.open().exclude(notified_at=None).filter(owner=walk.team.regisseur).earliest("pk")
        )
        actions.hand_over_case(walk.fresh(), role=Role.REGISSEUR, to=to, by=walk.team.regisseur)
        tasks.notify_owners()
    message = OutboxMessage.objects.get(handler="mail_deadlines", payload__owner=to.pk)
    assert told.pk in message.payload["deadlines"]


def test_r11_after_a_follow_up_comes_the_next_one(reach: Reach) -> None:
    walk = reach(State.INTAKE)
    with clock.at(walk.day):
        row = walk.trajectory.deadlines.open().get(kind=Kind.FOLLOW_UP)
        actions.tick_off(row, by=walk.team.regisseur)
        walk.talk("telefoon")
        deadlines.refresh(walk.fresh())
    assert open_kinds(walk.trajectory)[Kind.FOLLOW_UP] == walk.day + timedelta(days=42)


def test_a_ticked_deadline_stays_off(on_trial: Walk) -> None:
    walk = on_trial
    row = walk.trajectory.deadlines.open().filter(kind=Kind.MID_TERM).first()
    with clock.at(walk.day):
        actions.tick_off(row, by=walk.team.jobcoach)
        deadlines.refresh(walk.fresh())
    assert not walk.trajectory.deadlines.open().filter(kind=Kind.MID_TERM, subject_id=row.subject_id).exists()


def test_the_list_shows_the_nearest_deadline(learning: Walk) -> None:
    walk = learning
    assert walk.trajectory.due_on == min(open_kinds(walk.trajectory).values())


@pytest.mark.parametrize("state", [State.PROEFPERIODE, State.NAZORG])
def test_no_open_deadline_is_without_an_owner(reach: Reach, state: str) -> None:
    walk = reach(state)
    assert not walk.trajectory.deadlines.open().filter(owner=None).exists()


def test_r15_a_closed_file_has_only_its_retention_left(reach: Reach) -> None:
    walk = reach(State.AFGESLOTEN)
    assert open_kinds(walk.trajectory) == {Kind.RETENTION: walk.trajectory.retention_until}
    assert walk.trajectory.due_on is None
