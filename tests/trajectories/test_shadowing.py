"""A table of the caller's own never stands before the one that a rule is asked of (decision 29: R4, R5, R14)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import override_settings

from accounts import verify
from demo.walk import Walk
from tests.databases import Cluster
from tests.trajectories.conftest import Reach
from topjob.management.commands import grant_roles
from trajectories.models import StartPlan
from trajectories.process.workflow import State

SHADOW = "CREATE TEMPORARY TABLE {0} AS SELECT * FROM public.{0} WITH NO DATA"
TRIAL = """INSERT INTO trajectories_trialperiod (trajectory_id, application_id, plan_id, starts_on, months, ends_on, created_at)
  SELECT trajectory_id, application_id, id, trial_starts_on, trial_months, trial_ends_on, now()
  FROM public.trajectories_startplan WHERE id = %s"""


@contextmanager
def refused(*errors: type[Exception], match: str) -> Iterator[None]:
    with pytest.raises(errors, match=match), transaction.atomic():
        yield


def run(statement: str, *values: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def test_the_application_makes_no_temporary_table(db: None) -> None:
    with refused(ProgrammingError, match="permission denied to create temporary tables"):
        run(SHADOW.format("trajectories_startplan"))


@pytest.mark.parametrize("role", ["app", "destroyer"])
def test_nobody_but_the_owner_may_make_tables(db: None, role: str) -> None:
    name = f"topjob_{role}"
    with connection.cursor() as cursor:
        cursor.execute(grant_roles.MAY_MAKE_TABLES, [name, name])
        assert cursor.fetchone() == (False, False)


def test_every_function_finds_its_tables_in_one_place(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, coalesce(array_to_string(proconfig, ' '), '') FROM pg_proc p"
            " WHERE pronamespace = 'public'::regnamespace AND prokind IN ('f', 'p') AND NOT EXISTS (SELECT 1 FROM pg_depend"
            " WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype = 'e')"
        )
        found = dict(cursor.fetchall())
    assert len(found) > 40 and "topjob_trial_signed" in found
    assert {name: path for name, path in found.items() if path != "search_path=pg_catalog, public, pg_temp"} == {}


def test_r5_a_goal_of_a_sent_plan_stays_even_beside_a_plan_of_ones_own(sent: Walk, temporary_tables: None) -> None:
    """Were temporary tables allowed, the rule would still ask the real plan."""
    run(SHADOW.format("trajectories_startplan"))
    assert not StartPlan.objects.exists(), "the caller reads its own table"
    with refused(IntegrityError, match="R5"):
        run("UPDATE trajectories_learninggoal SET id = id")
    with refused(IntegrityError, match="R5"):
        run("DELETE FROM trajectories_planparty")


def test_r4_a_trial_needs_real_signatures(reach: Reach, temporary_tables: None) -> None:
    reach(State.STARTPLAN).draft_plan().send_plan()
    plan = StartPlan.objects.get()
    for table in ("trajectories_startplan", "trajectories_signature", "trajectories_generateddocument"):
        run(SHADOW.format(table))
    run("INSERT INTO trajectories_startplan SELECT * FROM public.trajectories_startplan")
    run("UPDATE trajectories_startplan SET document_id = 1")
    run("INSERT INTO trajectories_generateddocument (id, sha256) VALUES (1, 'x')")
    for role in ("jongere", "werkgever", "jobcoach"):
        columns = "plan_id, role, signed_on, document_sha256"
        run(f"INSERT INTO trajectories_signature ({columns}) VALUES (%s, %s, '2026-01-10', 'x')", plan.pk, role)
    with refused(IntegrityError, match="R4"):
        run(TRIAL, plan.pk)


def test_r14_a_state_is_held_against_the_real_log(reach: Reach, temporary_tables: None) -> None:
    case = reach(State.INTAKE).trajectory
    run(
        f"CREATE TEMPORARY TABLE accounts_auditentry AS SELECT 1 AS id, {case.pk} AS trajectory_id, 'NAZORG' AS state_to"
    )
    with refused(IntegrityError, match="R14"):
        run("UPDATE trajectories_trajectory SET state = 'NAZORG' WHERE id = %s", case.pk)
        run("SET CONSTRAINTS ALL IMMEDIATE")


def test_an_open_door_is_told(db: None, cluster: Cluster, temporary_tables: None) -> None:
    """A restore or another hand may open one; `verify` says which, `grant_roles` shuts it."""
    found = [finding.text for finding in verify.look_at([verify.CHECKS["rechten"]])]
    assert found == ["De rol topjob_app mag tijdelijke tabellen maken."]


def test_grant_roles_mends_whatever_a_migration_leaves(own_database: str, cluster: Cluster) -> None:
    with cluster.owner(own_database) as owner:
        owner.execute("CREATE FUNCTION topjob_new() RETURNS int LANGUAGE sql AS 'SELECT 1'")
        owner.execute("CREATE PROCEDURE topjob_newer() LANGUAGE sql AS 'SELECT 1'")
        owner.execute(
            f'GRANT TEMPORARY ON DATABASE "{own_database}" TO PUBLIC; GRANT CREATE ON SCHEMA public TO topjob_app'
        )
    assert len(list(grant_roles.open_doors())) == 5
    cluster.manage(own_database, "grant_roles")
    assert list(grant_roles.open_doors()) == []


def test_only_the_owner_gives_rights(db: None) -> None:
    with override_settings(DB_ROLE="app"), pytest.raises(CommandError, match="eigenaar"):
        call_command("grant_roles")
