"""R13 and R14 hold against a raw SQL statement too."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction

from demo.walk import Team, Walk
from employers.models import Vacancy
from tests import factories
from tests.trajectories.conftest import Reach, make_company, make_walk, walk_to
from topjob import clock
from topjob.errors import Refused
from trajectories.models import Application, SeatClaim
from trajectories.process.workflow import State


@pytest.fixture
def raw() -> Callable[..., None]:
    """Run a statement as it stands, with the deferred checks at its end."""

    def run(statement: str, *values: object) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    return run


def test_r13_one_open_trajectory_per_person(reach: Reach, raw: Callable) -> None:
    walk = reach(State.INTAKE)
    with pytest.raises(IntegrityError, match="one_open_trajectory_per_person"):
        raw(
            "INSERT INTO trajectories_trajectory (state, candidate_id, registration_id, department_id, region_id, phase,"
            " turn, state_since, last_change_at, cycle, created_at)"
            " SELECT 'AANGEMELD', candidate_id, (SELECT max(id) + 1 FROM candidates_registration), department_id, region_id,"
            " phase, turn, state_since, last_change_at, cycle, created_at FROM trajectories_trajectory WHERE id = %s",
            walk.trajectory.pk,
        )


@pytest.mark.parametrize("table", ["trajectories_placement", "trajectories_contract"])
def test_r13_one_placement_and_one_contract_at_a_time(reach: Reach, raw: Callable, table: str) -> None:
    reach(State.LEERWERK)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns"
            " WHERE table_name = %s AND column_name NOT IN ('id', 'previous_id')",
            [table],
        )
        columns = cursor.fetchone()[0]
    with pytest.raises(IntegrityError, match="at_a_time"):
        raw(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table}")


def test_r13_a_seat_is_given_once_and_only_when_it_exists(reach: Reach, raw: Callable, team: Team, vacancy) -> None:
    reach(State.STARTPLAN)
    other = make_walk(team)
    with clock.at(other.day):
        application = Application.objects.create(
            trajectory=other.trajectory,
            vacancy=vacancy,
            organisation=vacancy.employer.organisation,
            chosen_at=clock.now(),
            chosen_by=team.job_broker,
        )
    claim = SeatClaim.objects.get()
    insert = (
        "INSERT INTO trajectories_seatclaim (vacancy_id, seat_number, application_id, period, cancelled)"
        " VALUES (%s, %s, %s, '[2026-02-02,)', false)"
    )
    with pytest.raises(IntegrityError, match="seat_given_once"):
        raw(insert, vacancy.pk, claim.seat_number, application.pk)
    with pytest.raises(IntegrityError, match="niet meer dan 2 plaatsen"):
        raw(insert, vacancy.pk, 3, application.pk)
    raw(insert, vacancy.pk, 2, application.pk)
    with pytest.raises(IntegrityError, match="in gebruik"):
        raw("UPDATE employers_vacancy SET seats = 1 WHERE id = %s", vacancy.pk)


def test_r14_a_state_never_changes_beside_the_log(reach: Reach, raw: Callable) -> None:
    walk = reach(State.INTAKE)
    with pytest.raises(IntegrityError, match="logboek"):
        raw("UPDATE trajectories_trajectory SET state = 'AFSLUITING' WHERE id = %s", walk.trajectory.pk)


def test_r13_a_full_vacancy_refuses_the_next_in_words(reach: Reach, team: Team, vacancy) -> None:
    reach(State.STARTPLAN)
    reach(State.STARTPLAN, make_walk(team))
    third = reach(State.BEMIDDELBAAR, make_walk(team))
    vacancy.refresh_from_db()
    assert vacancy.seats_free == 0
    with pytest.raises(Refused, match="vrije plaats"):
        third.choose(vacancy)


def test_the_figures_of_a_project_follow_the_rows_that_prove_them(walk: Walk) -> None:
    """A contract, a diploma or a participation that is gone, by whatever hand, is counted no more."""
    vacancy, project = make_company(), factories.ProjectFactory()
    Vacancy.objects.filter(pk=vacancy.pk).update(project=project)
    walk_to(walk, Vacancy.objects.get(pk=vacancy.pk), State.ADVIES)

    def figures() -> tuple[int, ...]:
        project.refresh_from_db()
        return project.participants_count, project.passed_count, project.diploma_count, project.jobs_count

    assert figures() == (1, 1, 1, 1)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM trajectories_trainingend")
        cursor.execute("DELETE FROM trajectories_qualification")
        assert figures() == (1, 1, 0, 1)
        cursor.execute("DELETE FROM trajectories_placement")
        cursor.execute("DELETE FROM trajectories_contract")
        assert figures() == (1, 1, 0, 0)
        cursor.execute("DELETE FROM trajectories_projectparticipation")
        assert figures() == (0, 0, 0, 0)
    transaction.set_rollback(True)  # a case without them is refused at the end of a transaction
