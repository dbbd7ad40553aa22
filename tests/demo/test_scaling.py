"""Copies of the demo's people are such rows as the actions make: nothing is missing, and `verify` finds nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, Model

from accounts import verify
from accounts.models import AuditEntry, Membership, Role
from candidates.models import Candidate
from demo import companies, fill, scaling, world
from employers.models import Vacancy
from tests.databases import Cluster
from tests.demo.test_world import TODAY
from topjob import storage
from topjob.models import OutboxMessage
from trajectories.models import PartyLink, PlanParty, Trajectory
from trajectories.process.workflow import State

CASTS = re.compile(r"::(text|character varying)(\[\])?|[()]")
SCALE = "from demo import scaling; scaling.scale({}, print)"


@pytest.fixture
def small_world(own_database: str, light_pdf: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """A few people: one in each state in which much hangs on somebody."""
    monkeypatch.setattr(companies, "EMPLOYERS", 6)
    monkeypatch.setattr(companies, "FIRST_EMPLOYERS", 6)
    monkeypatch.setattr(companies, "VACANCIES", 40)
    monkeypatch.setattr(fill, "BINQ_LEARNERS", 0)
    monkeypatch.setattr(world, "OPEN_REGISTRATIONS", 1)
    monkeypatch.setattr(world, "ENDED_REGISTRATIONS", 1)
    states = (
        State.SOLLICITATIE,
        State.STARTPLAN,
        State.PROEFPERIODE,
        State.EVALUATIE,
        State.LEERWERK,
        State.AFGESLOTEN,
    )
    monkeypatch.setattr(world, "POPULATION", dict.fromkeys(states, 1))
    monkeypatch.setattr(fill.World, "close_binq", lambda self: None)
    fill.build(1, TODAY)
    return own_database


def scaled(cluster: Cluster, database: str, cases: int) -> None:
    folder = Path(settings.MEDIA_ROOT).parent
    cluster.manage(database, "shell", "-c", SCALE.format(cases), TOPJOB_DB_ROLE="owner", TOPJOB_VAR=str(folder))


def rows() -> dict[type[Model], int]:
    return {model: model._default_manager.count() for model in apps.get_models(include_auto_created=True)}


def findings() -> list[str]:
    """What `verify` finds; who may make tables is asked of a clone elsewhere."""
    return [str(found.text) for found in verify.look_at(verify.all_checks()) if found.check.name != "rechten"]


def test_every_row_of_a_case_is_copied_and_verify_finds_nothing(cluster: Cluster, small_world: str) -> None:
    verify.verify()
    assert findings() == []
    held = guards()
    before, parts = rows(), {table: len(chosen) for table, chosen in scaling.chosen_rows().items()}
    scaled(cluster, small_world, 4 * Trajectory.objects.count())
    after = rows()
    assert guards() == held, "everything that was laid aside is there again"
    assert {table: after[table] - before[table] for table in parts} == {t: 3 * number for t, number in parts.items()}
    assert len(parts) > 60, "and that is nearly every table which has rows of people"
    of_people = {model for model in before if model._meta.app_label in ("candidates", "matching", "trajectories")}
    told_again = {model._meta.label for model in of_people if before[model] and after[model] == before[model]}
    assert told_again <= REFERENCE
    verify.verify()
    assert findings() == []
    assert storage.named_files() <= {name for _path, name in storage.stored_names()}, "each copy has its file"
    _each_has_an_own_name()
    _numbers_are_those_of_the_copies()
    _work_goes_on()
    scaled(cluster, small_world, Trajectory.objects.count())
    assert rows()[Trajectory] == after[Trajectory], "so many are there already"


# What is the same for everybody.
REFERENCE = {
    *("candidates.Referrer", "candidates.LifeArea", "candidates.TargetGroup", "candidates.EligibilityRule"),
    *("matching.Skill", "matching.Place", "matching.CriterionWeight"),
    *(
        "trajectories.PlanTemplate",
        "trajectories.PaperTemplate",
        "trajectories.AmbitionItem",
        "trajectories.AmbitionStep",
        "trajectories.AgreementKind",
        "trajectories.AgreementKind_kinds_of_place",
    ),
}


def _each_has_an_own_name() -> None:
    people = Candidate.objects.values("first_name", "last_name", "email")
    assert not people.values("email").exclude(email="").annotate(times=Count("pk")).filter(times__gt=1).exists()
    party = PlanParty.objects.filter(plan__trajectory__pk__gt=scaling.STEP, party="jongere").first()
    copy = party.plan.trajectory
    assert (party.name, party.email) == (copy.candidate.full_name, copy.candidate.email)
    assert copy.candidate in Candidate.objects.search(copy.candidate.last_name)
    assert copy.lead != Trajectory.objects.get(pk=copy.pk % scaling.STEP).lead
    beheer = Membership.objects.filter(role__in=(Role.BEHEERDER, Role.OPDRACHTGEVER), user__pk__gt=scaling.STEP)
    assert not beheer.exists(), "nobody more may manage, or pays"


def _numbers_are_those_of_the_copies() -> None:
    """In the log and the outbox too, and what isn't copied keeps its number."""
    opened = AuditEntry.objects.filter(verb="choose_vacancy", pk__gt=2 * scaling.STEP).first()
    case = Trajectory.objects.get(pk=opened.trajectory_id)
    assert case.applications.filter(pk=opened.details["application"]).exists()
    assert Vacancy.objects.get(pk=opened.details["vacancy"]).applications.filter(trajectory=case).exists()
    message = OutboxMessage.objects.filter(handler="send_link", pk__gt=scaling.STEP).first()
    assert message.payload["link"] > scaling.STEP and PartyLink.objects.filter(pk=message.payload["link"]).exists()
    assigned = AuditEntry.objects.filter(verb="assign", pk__gt=scaling.STEP).first()
    assert assigned.details["department"] < scaling.STEP < assigned.details["registration"]


def _work_goes_on() -> None:
    """What is made afterwards gets a number that nobody has."""
    last = Candidate.objects.order_by("-pk")[0]
    told = {"birth_date": last.birth_date, "region": last.region, "created_at": last.created_at}
    assert Candidate.objects.create(first_name="Nieuw", **told).pk > last.pk


def guards() -> set[tuple[str, ...]]:
    """Every trigger with whether it is on, every constraint and every index of the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal"
            " UNION ALL SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
        )
        # A list of words that PostgreSQL read back has its casts elsewhere.
        return {(name, CASTS.sub("", said)) for name, said in cursor.fetchall()}


def test_not_in_production(settings) -> None:
    settings.TOPJOB_MODE = "production"
    with pytest.raises(CommandError, match="geen voorbeeldgegevens"):
        call_command("demo_data", "--scale", "10")
