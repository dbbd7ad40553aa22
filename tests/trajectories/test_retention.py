"""Retention (decision 11): what is past its date is destroyed wholly, by the destroyer role, with proof."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import reverse

from accounts import verbs, verify
from accounts.audit import record
from accounts.models import AuditEntry, AuditText, Role, User
from candidates import actions as candidate_actions
from candidates.models import Candidate, LifeArea, LifeSnapshot, Registration
from demo.walk import Team, Walk
from employers.models import EmployerContact
from matching.models import MatchDecision
from tests import factories
from tests.accounts.test_audit import cluster_connection
from tests.databases import Cluster, django_uses
from tests.trajectories.conftest import make_registration, make_vacancy, make_walk, render_lightly, walk_to
from tests.trajectories.test_verify import add_upload
from topjob import clock, outbox, storage
from topjob.errors import Refused
from topjob.models import OutboxMessage
from trajectories import actions, tasks
from trajectories.keeping import retention
from trajectories.models import Deadline, DestructionRecord, LegalHold, ProjectParticipation, Trajectory
from trajectories.process.workflow import State

# Words that occur nowhere else, to look for in every table afterwards.
NAME, MAIL, PHONE = "Zyxwvut", "zyxwvut@uniek.example", "+31612349876"


@dataclass
class ClosedWorld:
    """A database and a folder in which one file was closed; every test gets a copy."""

    database: str
    media: Path
    team: list[int]
    case: int
    day: date


@pytest.fixture(scope="module")
def world(cluster: Cluster, django_db_setup: None, django_db_blocker: pytest.FixtureRequest, tmp_path_factory):
    """Made once, with real commits: walking somebody to the end takes a while."""
    media = tmp_path_factory.mktemp("closed")
    with cluster.clone() as name, django_db_blocker.unblock():
        with django_uses(name), override_settings(MEDIA_ROOT=media), pytest.MonkeyPatch.context() as patch:
            patch.setitem(outbox.HANDLERS, "render_plan", render_lightly)
            with outbox.without_hints():
                team = factories.team()
                walk = close_a_file(team)
            members = [user.pk for user in vars(team).values()]
        yield ClosedWorld(name, media, members, walk.trajectory.pk, walk.day)


def close_a_file(team: Team) -> Walk:
    """Somebody who took part in a project, has a login, an upload, decisions and reasons; the file is closed."""
    project = factories.ProjectFactory(name="TestQ-bewaren")
    vacancy = make_vacancy(project=project, employer=project.employer)
    for function in ("leermeester", "tekenbevoegd", "jobcoach"):
        factories.EmployerContactFactory(employer=vacancy.employer, function=EmployerContact.Function(function))
    walk = make_walk(team)
    candidate = walk.trajectory.candidate
    candidate.last_name, candidate.email, candidate.phone = NAME, MAIL, PHONE
    candidate.user = factories.candidate_user()
    candidate.user.name, candidate.user.email = f"Sem {NAME}", MAIL
    candidate.user.save()
    candidate.save()
    walk_to(walk, vacancy, State.AFGESLOTEN)
    add_upload(walk)
    record(verbs.SET_GUIDES, walk.trajectory, by=team.regisseur, candidate_id=candidate.pk, reason=f"{NAME} was ziek.")
    return walk


@pytest.fixture
def own_database(cluster: Cluster, world: ClosedWorld, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    """A copy of that world, for one test."""
    with cluster.clone(world.database) as name, django_db_blocker.unblock(), django_uses(name):
        yield name


@pytest.fixture
def team(own_database: str, world: ClosedWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Team]:
    """Its staff, with its files and a journal of their own."""
    monkeypatch.setitem(outbox.HANDLERS, "render_plan", render_lightly)
    shutil.copytree(world.media, tmp_path / "media")
    journal = tmp_path / "vernietigd.jsonl"
    with override_settings(MEDIA_ROOT=tmp_path / "media", DESTRUCTION_JOURNAL=journal), outbox.without_hints():
        yield Team(*(User.objects.get(pk=pk) for pk in world.team))


@pytest.fixture
def closed(team: Team, world: ClosedWorld) -> Walk:
    """The one whose file is closed."""
    return Walk(Trajectory.objects.get(pk=world.case), team, world.day)


def past(walk: Walk) -> date:
    return walk.trajectory.retention_until + timedelta(days=1)


def destroy(walk: Walk, by: User | None = None) -> bool:
    with clock.at(past(walk)):
        return retention.destroy_person(walk.trajectory.candidate_id, by=by)


def everywhere(word: str) -> list[str]:
    """Every column of every table that holds this word somewhere."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT table_name, column_name FROM information_schema.columns
               WHERE table_schema = 'public' AND data_type IN ('text', 'character varying', 'jsonb', 'ARRAY')"""
        )
        columns = cursor.fetchall()
        found = []
        for table, column in columns:
            cursor.execute(f'SELECT 1 FROM "{table}" WHERE "{column}"::text ILIKE %s LIMIT 1', [f"%{word}%"])
            if cursor.fetchone():
                found.append(f"{table}.{column}")
    return found


# --- What goes and what stays ----------------------------------------------------------------------------------------
def test_decision_11_nothing_of_the_person_is_left_in_any_table_or_file(closed: Walk) -> None:
    assert len(everywhere(NAME)) > 3 and everywhere(MAIL) and everywhere(PHONE[4:])
    files = [path for path, _name in storage.stored_names()]
    assert len(files) >= 2
    pk, case = closed.trajectory.candidate_id, closed.trajectory.pk
    assert destroy(closed)
    for word in (NAME, MAIL, PHONE[4:]):
        assert everywhere(word) == [], word
    assert not any(path.exists() for path in files)
    assert not Candidate.objects.filter(pk=pk).exists() and not Trajectory.objects.filter(pk=case).exists()
    assert not MatchDecision.objects.filter(candidate_id=pk).exists()
    assert not AuditText.objects.filter(candidate_id=pk).exists()


def test_who_had_two_files_that_were_joined_goes_with_both(closed: Walk, team: Team) -> None:
    """R13: they are one person; what stayed at the old number, its login and its reasons go along."""
    kept, word = closed.trajectory.candidate, "Qxjwvut"
    old = factories.CandidateFactory(last_name=word, email=f"{word}@uniek.example", user=factories.candidate_user())
    kept.user.is_active = False
    kept.user.save()
    LifeSnapshot.objects.create(
        candidate=old, area=LifeArea.objects.first(), past=f"{word} woonde thuis", updated_at=clock.now()
    )
    record(verbs.PERSON_CHANGED, old, by=team.regisseur, candidate_id=old.pk, reason=f"{word} was ziek.")
    actions.join_files(kept, old, take=["e-mail"], by=team.frontoffice)
    assert old.snapshots.exists()
    assert destroy(closed)
    assert not Candidate.objects.filter(pk__in=[kept.pk, old.pk]).exists()
    assert everywhere(word) == everywhere(NAME) == []


def test_decision_11_log_rows_and_project_outcomes_survive_and_verify_stays_green(closed: Walk) -> None:
    rows = list(AuditEntry.objects.filter(trajectory_id=closed.trajectory.pk).values_list("pk", "verb"))
    project = ProjectParticipation.objects.get(trajectory=closed.trajectory).project
    project.refresh_from_db()
    figures = (project.participants_count, project.passed_count, project.diploma_count, project.jobs_count)
    assert figures == (1, 1, 1, 1)
    assert destroy(closed)
    assert list(AuditEntry.objects.filter(trajectory_id=closed.trajectory.pk).values_list("pk", "verb")) == rows
    participation = ProjectParticipation.objects.get(project=project)
    assert participation.trajectory_id is None and participation.application_id is None
    assert participation.passed_trial_on and participation.diploma_on
    project.refresh_from_db()
    assert (project.participants_count, project.passed_count, project.diploma_count, project.jobs_count) == figures
    assert [finding.text for finding in verify.look_at(verify.all_checks())] == []


def test_decision_11_a_destruction_record_says_what_and_by_whom(closed: Walk) -> None:
    beheerder = factories.staff(Role.BEHEERDER)
    candidate, case = closed.trajectory.candidate_id, closed.trajectory.pk
    assert destroy(closed, by=beheerder)
    proof = DestructionRecord.objects.get()
    assert (proof.candidate_id, proof.trajectory_ids, proof.by, proof.whole_person) == (
        candidate,
        [case],
        beheerder,
        True,
    )
    assert proof.rows["trajectories_signature"] == 3 and proof.rows["candidates_candidate"] == 1 and proof.files >= 2
    entry = AuditEntry.objects.latest("pk")
    assert (entry.verb, entry.actor, entry.candidate_id) == (verbs.DESTROYED, beheerder, candidate)


@pytest.mark.parametrize("role", ["app", "owner", "destroyer"])
@pytest.mark.parametrize("statement", ["DELETE FROM", "UPDATE"])
def test_the_proof_itself_stays(closed: Walk, cluster: Cluster, own_database: str, role: str, statement: str) -> None:
    assert destroy(closed)
    words = "DELETE FROM trajectories_destructionrecord"
    if statement == "UPDATE":
        words = "UPDATE trajectories_destructionrecord SET files = 0"
    with cluster_connection(cluster, role, own_database) as other, pytest.raises(psycopg.Error):
        other.execute(words)
    assert DestructionRecord.objects.get().files > 0


def test_the_login_becomes_an_empty_shell(closed: Walk) -> None:
    user = closed.trajectory.candidate.user
    assert destroy(closed)
    user.refresh_from_db()
    assert not user.is_active and user.name == "Vernietigd" and not user.memberships.exists()
    assert not user.has_usable_password()


def test_colleagues_and_the_company_keep_everything(closed: Walk, team: Team) -> None:
    other = make_walk(team)
    users = set(User.objects.exclude(pk=closed.trajectory.candidate.user_id).values_list("pk", "email", "is_active"))
    assert destroy(closed)
    assert Trajectory.objects.get() == other.trajectory and other.trajectory.candidate.last_name == "Bakker"
    assert set(User.objects.filter(email__endswith="@test.example").values_list("pk", "email", "is_active")) == users


# --- What is due -----------------------------------------------------------------------------------------------------
def test_r15_the_last_day_counts_and_nothing_goes_before_it(closed: Walk) -> None:
    with clock.at(closed.trajectory.retention_until):
        assert retention.due_files() == []
        assert not retention.destroy_person(closed.trajectory.candidate_id, by=None)
    assert Trajectory.objects.exists()
    (due,) = retention.due_files(past(closed))
    assert due.trajectory_ids == (closed.trajectory.pk,) and due.whole_person
    assert due.kept_until == closed.trajectory.retention_until


def test_an_open_file_is_never_due(team: Team) -> None:
    walk = make_walk(team)
    assert retention.due_files(date(2099, 1, 1), walk.trajectory.candidate_id) == []
    with clock.at(date(2099, 1, 1)):
        assert not retention.destroy_person(walk.trajectory.candidate_id, by=None)


def test_an_ended_registration_goes_after_its_own_date(team: Team) -> None:
    with clock.at(date(2026, 1, 5)):
        registration = make_registration(team)
        candidate_actions.lapse_registration(registration, reason="Verhuisd.", by=team.frontoffice)
    registration.refresh_from_db()
    until = registration.retention_until
    assert retention.due_files(until) == []
    with clock.at(until + timedelta(days=1)):
        assert retention.destroy_due(by=None) == [registration.candidate_id]
    assert not Candidate.objects.filter(pk=registration.candidate_id).exists()
    assert not Registration.objects.filter(pk=registration.pk).exists()
    assert DestructionRecord.objects.get().registration_ids == [registration.pk]


def test_who_came_back_keeps_the_person_and_loses_the_old_file(closed: Walk, team: Team) -> None:
    candidate = closed.trajectory.candidate
    with clock.at(past(closed) - timedelta(days=10)):
        Registration.objects.create(
            candidate=candidate, situation="thuis", wish="baan", status="NIEUW", created_at=clock.now()
        )
    (due,) = retention.due_files(past(closed))
    assert not due.whole_person
    assert destroy(closed)
    candidate.refresh_from_db()
    assert candidate.last_name == NAME and candidate.documents.exists() and candidate.user.is_active
    assert not Trajectory.objects.exists() and Registration.objects.get().status == "NIEUW"
    assert verify.look_at(verify.all_checks()) and list(verify.look_at(verify.all_checks())) == []


# --- Legal hold ------------------------------------------------------------------------------------------------------
def test_a_hold_keeps_the_file_until_it_is_lifted(closed: Walk) -> None:
    beheerder = factories.staff(Role.BEHEERDER)
    hold = retention.place_hold(closed.trajectory.candidate, reason="Bezwaar loopt.", by=beheerder)
    assert retention.due_files(past(closed)) == [] and not destroy(closed)
    with pytest.raises(Refused):
        retention.place_hold(closed.trajectory.candidate, reason="Nog eens.", by=beheerder)
    retention.lift_hold(hold, reason="Bezwaar is afgehandeld.", by=beheerder)
    with pytest.raises(Refused):
        retention.lift_hold(hold, reason="Nog eens.", by=beheerder)
    logged = list(AuditEntry.objects.order_by("-pk").values_list("verb", flat=True)[:2])
    assert logged == [verbs.HOLD_LIFTED, verbs.HOLD_PLACED]
    assert destroy(closed) and not LegalHold.objects.exists()


def test_the_beheerder_hears_of_it_by_number(closed: Walk, mailoutbox: list) -> None:
    beheerder = factories.staff(Role.BEHEERDER)
    Deadline.objects.open().filter(trajectory=closed.trajectory).update(owner=beheerder)
    with clock.at(past(closed)):
        tasks.notify_owners()
        for message in OutboxMessage.objects.filter(handler="mail_deadlines", payload__owner=beheerder.pk):
            assert outbox.run(message.pk)
    (mail,) = [message for message in mailoutbox if message.to == [beheerder.email]]
    assert NAME not in mail.body and f"traject {closed.trajectory.pk}" in mail.body
    assert reverse("trajectories:retention") in mail.body


# --- When it goes wrong ----------------------------------------------------------------------------------------------
def test_what_fails_leaves_the_person_whole(closed: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError("schijf vol")

    monkeypatch.setattr(retention, "_note_in_journal", breaks)
    with pytest.raises(RuntimeError):
        destroy(closed)
    assert Candidate.objects.get().last_name == NAME and not DestructionRecord.objects.exists()
    assert list(verify.look_at(verify.all_checks())) == []


def test_cut_off_after_the_files_the_next_run_finishes(closed: Walk) -> None:
    for _path, name in storage.stored_names():
        default_storage.delete(name)
    assert destroy(closed) and not Candidate.objects.exists()


def test_twice_is_once(closed: Walk) -> None:
    assert destroy(closed) and not destroy(closed)
    assert DestructionRecord.objects.count() == 1


def test_fault_28_a_restored_backup_brings_nobody_back(closed: Walk, capsys: pytest.CaptureFixture) -> None:
    with transaction.atomic():
        # The restored database knows the person and not the destruction; the journal beside it does.
        Path(settings.DESTRUCTION_JOURNAL).write_text(
            f'{{"candidate": {closed.trajectory.candidate_id}, "trajectories": [{closed.trajectory.pk}], "registrations": []}}\n'
        )
    assert retention.came_back() == [closed.trajectory.candidate_id]
    assert any("staat er weer" in finding.text for finding in verify.look_at(verify.all_checks()))
    with clock.at(past(closed)):
        call_command("destroy", "--again")
    assert everywhere(NAME) == [] and retention.came_back() == []


def test_the_command_shows_first_and_destroys_when_told(closed: Walk, capsys: pytest.CaptureFixture) -> None:
    with clock.at(past(closed)):
        call_command("destroy")
        assert Candidate.objects.exists() and "hele dossier" in capsys.readouterr().out
        call_command("destroy", "--now")
    assert not Candidate.objects.exists()


def test_without_a_destroyer_role_it_says_so(closed: Walk) -> None:
    one_role = {**settings.DATABASE_ROLE_NAMES, "destroyer": settings.DATABASE_ROLE_NAMES["app"]}
    refused = pytest.raises(CommandError, match="DATABASE_DESTROYER_URL")
    with override_settings(DATABASE_ROLE_NAMES=one_role), clock.at(past(closed)), refused:
        call_command("destroy", "--now")
    assert Candidate.objects.exists()


# --- The pages -------------------------------------------------------------------------------------------------------
@pytest.fixture
def browser(team: Team) -> Client:
    client = Client()
    client.force_login(factories.staff(Role.BEHEERDER))
    return client


def test_preview_hold_run_and_proof_on_the_pages(closed: Walk, browser: Client) -> None:
    candidate = closed.trajectory.candidate_id
    here = reverse("trajectories:retention")
    with clock.at(past(closed)):
        page = browser.get(here).content.decode()
        assert "Nu te vernietigen (1)" in page
        assert NAME not in page and "het hele dossier" in page
        wrong = browser.post(reverse("trajectories:hold"), {"candidate": "987654", "reason": "x"})
        assert wrong.status_code == 200 and "geen kandidaat met dit nummer" in wrong.content.decode()
        browser.post(reverse("trajectories:hold"), {"candidate": candidate, "reason": "Bezwaar loopt."})
        held = browser.get(here).content.decode()
        assert "Bezwaar loopt." in held and "het hele dossier" not in held
        assert browser.post(reverse("trajectories:destroy_due")).status_code == 409
        hold = LegalHold.objects.get()
        browser.post(reverse("trajectories:lift_hold", args=[hold.pk]), {"reason": "Klaar."})
        assert "kan niet ongedaan" in browser.get(reverse("trajectories:destroy_due")).content.decode()
        assert browser.post(reverse("trajectories:destroy_due")).status_code == 302
        for message in OutboxMessage.objects.filter(handler="destroy_person"):
            assert outbox.run(message.pk), OutboxMessage.objects.get(pk=message.pk).error
        done = browser.get(here).content.decode()
    assert not Candidate.objects.exists()
    assert "Er is nu niets te vernietigen." in done and "trajectories_signature: 3" in done


@pytest.mark.parametrize("text", ["", "abc", "-1", "9" * 40, "１２"])
def test_a_strange_number_is_no_error(browser: Client, text: str) -> None:
    assert browser.get(reverse("trajectories:hold"), {"kandidaat": text}).status_code == 200
    answer = browser.post(reverse("trajectories:hold"), {"candidate": text, "reason": "x"})
    assert answer.status_code == 200


def test_only_the_beheerder_may(team: Team) -> None:
    client = Client()
    client.force_login(team.regisseur)
    for name in ("retention", "destroy_due", "hold"):
        assert client.get(reverse(f"trajectories:{name}")).status_code == 404
