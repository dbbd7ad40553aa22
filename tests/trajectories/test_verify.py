"""`manage.py verify`: a whole world is in order; each thing broken on purpose, behind the product's back, is found."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test import override_settings

from accounts import sealing, verify
from accounts.models import KindOfPlace, VerifyRun
from candidates.models import CandidateDocument
from demo.walk import Team, Walk
from employers.models import EmployerContact
from tests import databases, factories
from tests.databases import Cluster
from tests.trajectories.conftest import make_vacancy, make_walk, render_lightly, walk_to
from topjob import clock, outbox
from trajectories.pages.portal import people_in
from trajectories.process.workflow import State

World = dict[str, Walk]


@pytest.fixture(scope="module")
def world(
    cluster: Cluster, django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """People in every part of the journey, on a database and a folder of their own, reached by the real actions."""
    media = tmp_path_factory.mktemp("verify")
    with (
        cluster.clone() as name,
        django_db_blocker.unblock(),
        databases.django_uses(name),
        override_settings(MEDIA_ROOT=media),
        pytest.MonkeyPatch.context() as patch,
        outbox.without_hints(),
    ):
        patch.setitem(outbox.HANDLERS, "render_plan", render_lightly)
        yield people()


def people() -> World:
    team = factories.team()
    vacancy, project = make_vacancy(seats=9), factories.ProjectFactory()
    in_project = make_vacancy(project=project, employer=project.employer)
    for employer in (vacancy.employer, project.employer):
        for function in ("leermeester", "tekenbevoegd", "jobcoach"):
            factories.EmployerContactFactory(employer=employer, function=EmployerContact.Function(function))
    walks = {
        "closed": walk_to(make_walk(team), in_project, State.AFGESLOTEN),
        "learning": walk_to(make_walk(team), vacancy, State.LEERWERK, construction="2"),
        "minor": walk_to(make_walk(team, stream=1, birth_date=date(2008, 8, 8)), vacancy, State.PROEFPERIODE),
        "aftercare": walk_to(make_walk(team), vacancy, State.NAZORG),
        "signing": walk_to(make_walk(team), vacancy, State.STARTPLAN),
        "volunteer": volunteer(team),
    }
    add_upload(walks["closed"])
    return walks


def volunteer(team: Team) -> Walk:
    """Who helps somewhere without being employed, for an allowance."""
    vacancy = make_vacancy(kind_of_place=KindOfPlace.objects.get(code="vrijwilligerswerk"))
    walk = walk_to(make_walk(team, department="maatschappelijk"), vacancy, State.SOLLICITATIE)
    return walk.later(6).hold_talk().later(1).place_directly()


def add_upload(walk: Walk) -> CandidateDocument:
    content = b"%PDF-1.4 diploma"
    row = CandidateDocument(
        candidate=walk.trajectory.candidate,
        kind="cv",
        title="CV",
        original_name="cv.pdf",
        content_type="application/pdf",
        size=len(content),
        sha256=verify.hashlib.sha256(content).hexdigest(),
        uploaded_at=clock.now(),
        uploaded_by=walk.team.regisseur,
    )
    row.file.save("cv.pdf", ContentFile(content), save=False)
    row.save()
    return row


@pytest.fixture
def broken(world: World, cluster: Cluster) -> Iterator[World]:
    """The same world for whoever owns the tables and switched the guards off; put right again afterwards."""
    described = connections.settings["default"]
    before = dict(described)
    connections.close_all()
    parts = urlsplit(cluster.url("owner", described["NAME"]))
    described["USER"], described["PASSWORD"] = unquote(parts.username or ""), unquote(parts.password or "")
    try:
        with transaction.atomic():
            sealing.seal()
            switch_off_guards()
            yield world
            transaction.set_rollback(True)
    finally:
        connections.close_all()
        described.update(before)


def switch_off_guards() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT conrelid::regclass::text, conname FROM pg_constraint
               WHERE contype IN ('c', 'x') AND connamespace = 'public'::regnamespace"""
        )
        checks = cursor.fetchall()
        cursor.execute("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
        tables = [table for (table,) in cursor.fetchall()]
        for table, name in checks:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT IF EXISTS "{name}"')
        cursor.execute("DROP INDEX one_open_trajectory_per_person")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")


def found(*names: str) -> list[str]:
    """What the checks (all, or the named ones) say."""
    checks = [check for check in verify.all_checks() if not names or check.name in names]
    return [finding.text for finding in verify.look_at(checks)]


def run_sql(statement: str, **walks: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, walks)
        assert cursor.rowcount > 0


def test_a_world_made_by_the_product_is_in_order(world: World) -> None:
    assert found() == []
    assert {check.name for check in verify.all_checks()} >= {
        "logboek",
        "bestanden",
        "werk",
        "termijnen",
        "tellingen",
        *(f"R{number}" for number in range(1, 19) if number != 17),
    }


BREAKS = [
    ("logboek", "is veranderd",
     "UPDATE accounts_auditentry SET verb = 'niets' WHERE id = (SELECT min(id) FROM accounts_auditentry)"),
    ("logboek", "is veranderd",
     ("UPDATE accounts_auditentry SET at = at - interval '1 microsecond' WHERE id = (SELECT max(id) FROM "
     "accounts_auditentry)")),
    ("logboek", "is verdwenen",
     "DELETE FROM accounts_auditentry WHERE id = (SELECT min(id) + 3 FROM accounts_auditentry)"),
    ("logboek", "buiten de ketting",
     ("INSERT INTO accounts_auditentry (at, party, verb, subject_type, subject_id, state_from, state_to, "
     "details) VALUES (now(), 'systeem', 'erbij', 'x', 1, '', '', '{}')")),
    ("logboek", "toelichting bij regel", "UPDATE accounts_audittext SET text = 'anders'"),
    ("logboek", "ontbreekt", "DELETE FROM accounts_auditlink WHERE position = 3"),
    ("logboek", "sluit niet aan", "UPDATE accounts_auditlink SET hash = repeat('0', 64) WHERE position = 5"),
    ("R1", "zonder toegewezen aanmelding met motivatie",
     "UPDATE candidates_registration SET is_motivated = false WHERE id = %(registration)s"),
    ("R2", "doelgroep en leeftijd passen niet",
     ("UPDATE candidates_registration SET override_reason = '', target_group_id = NULL WHERE id = "
     "%(registration)s")),
    ("R3", "zonder Foto", "DELETE FROM candidates_financecheck WHERE candidate_id = %(candidate)s"),
    ("R3", "zonder bevestigd zoekprofiel",
     "UPDATE matching_searchprofile SET confirmed_at = NULL WHERE candidate_id = %(candidate)s"),
    ("R4", "niet door jongere, werkgever en jobcoach", "DELETE FROM trajectories_signature WHERE role = 'werkgever'"),
    ("R4", "vóór de laatste handtekening",
     "UPDATE trajectories_signature SET signed_on = '2027-01-01' WHERE role = 'jobcoach'"),
    ("R4", "wettelijk vertegenwoordiger", "DELETE FROM trajectories_signature WHERE role = 'vertegenwoordiger'"),
    ("R5", "zonder vastgelegd document",
     "UPDATE trajectories_startplan SET document_id = NULL WHERE status = 'getekend'"),
    ("R5", "ander document", "UPDATE trajectories_generateddocument SET sha256 = repeat('0', 64)"),
    ("R5", "zonder gebruikte code", "UPDATE trajectories_signature SET code_id = NULL WHERE role = 'jobcoach'"),
    ("R6", "eindigt niet op de laatste dag", "UPDATE trajectories_trialperiod SET ends_on = ends_on + 1"),
    ("R6", "volgt het getekende startplan niet",
     ("UPDATE trajectories_trialperiod SET starts_on = starts_on + 1, ends_on = topjob_period_end(starts_on "
     "+ 1, months)")),
    ("R7", "drie positieve oordelen",
     "UPDATE trajectories_evaluationview SET is_positive = false WHERE role = 'jobcoach'"),
    ("R7", "drie positieve oordelen", "DELETE FROM trajectories_evaluationview WHERE role = 'jongere'"),
    ("R8", "zonder de loonwaarde", "UPDATE trajectories_evaluation SET wants_wage_subsidy = true"),
    ("R9", "korter of langer", "UPDATE trajectories_contract SET ends_on = ends_on - 1 WHERE kind = 'leerwerk'"),
    ("R9", "korter of langer", "UPDATE trajectories_contract SET ends_on = ends_on + 400 WHERE kind = 'leerwerk'"),
    ("R9", "begint niet op de dag na",
     "UPDATE trajectories_contract SET starts_on = starts_on + 1 WHERE kind = 'leerwerk'"),
    ("R10", "precies de proefperiode", "UPDATE trajectories_contract SET ends_on = ends_on - 1 WHERE kind = 'proef'"),
    ("R11", "zonder leerwerkcontract", "DELETE FROM trajectories_contract WHERE kind = 'leerwerk'"),
    ("R11", "zonder vastgelegd einde", "DELETE FROM trajectories_trainingend"),
    ("R12", "langer dan twaalf maanden", "UPDATE trajectories_aftercare SET ends_on = ends_on + 1"),
    ("R12", "zonder lopende nazorg", "UPDATE trajectories_aftercare SET stopped_on = ends_on"),
    ("R13", "meer dan één lopend traject", "UPDATE trajectories_trajectory SET candidate_id = %(candidate)s"),
    ("R13", "twee contracten",
     ("UPDATE trajectories_contract SET period = daterange('2026-01-01', NULL), candidate_id = "
     "%(candidate)s")),
    ("R13", "twee plaatsingen",
     ("UPDATE trajectories_placement SET period = daterange('2026-01-01', NULL), candidate_id = "
     "%(candidate)s")),
    ("R13", "meer mensen dan plaatsen", "UPDATE employers_vacancy SET seats = 0"),
    ("R14", "laatste logregel", "UPDATE trajectories_trajectory SET state = 'BANENPOOL' WHERE state = 'LEERWERK'"),
    ("R14", "waar de vorige eindigde",
     "UPDATE accounts_auditentry SET state_from = 'BANENPOOL' WHERE verb = 'complete_intake'"),
    ("R15", "gesloten zonder exitgesprek", "DELETE FROM trajectories_exittalk"),
    ("R15", "gesloten zonder exitgesprek", "UPDATE trajectories_completion SET client_informed = false"),
    ("R16", "zonder toestemming", "UPDATE trajectories_application SET consent_id = NULL"),
    ("R18", "zonder reden", "UPDATE accounts_auditentry SET verb = 'stop' WHERE verb = 'give_advice'"),
    ("termijnen", "heeft geen eigenaar", "UPDATE trajectories_deadline SET owner_id = NULL WHERE closed_at IS NULL"),
    ("loon", "lager dan het minimumloon", "UPDATE trajectories_contract SET hourly_wage = 5"),
    ("loon", "lager dan het minimumloon", "UPDATE candidates_candidate SET birth_date = '1990-01-01'"),
    ("loon", "past niet bij wat er is afgesproken",
     "UPDATE trajectories_agreementkind SET pays = 'niets' WHERE paper <> 'direct'"),
    ("loon", "op die leeftijd niet werken", "UPDATE candidates_candidate SET birth_date = '2014-06-01'"),
    ("loon", "hoger dan een vrijwilliger", "UPDATE trajectories_contract SET allowance = 500 WHERE allowance IS NOT NULL"),
    ("loon", "constructie 2", "UPDATE trajectories_startplan SET hourly_wage = NULL"),
    ("termijnen", "hier niet meer werkt", "UPDATE accounts_user SET is_active = false"),
    ("termijnen", "geen enkele open termijn", "UPDATE trajectories_deadline SET closed_at = now()"),
    ("termijnen", "op een gesloten traject",
     ("UPDATE trajectories_deadline SET closed_at = NULL WHERE trajectory_id = %(closed)s AND id = (SELECT "
     "max(id) FROM trajectories_deadline WHERE trajectory_id = %(closed)s AND kind <> 'bewaartermijn')")),
    ("tellingen", "niet die van de deelnemers", "UPDATE employers_learnworkproject SET jobs_count = jobs_count + 1"),
    ("tellingen", "niet die van de deelnemers", "DELETE FROM trajectories_projectparticipation"),
    ("tellingen", "zonder proefperiode van die dag",
     "UPDATE trajectories_projectparticipation SET started_on = started_on + 1"),
    ("tellingen", "zonder besluit om door te gaan", "UPDATE trajectories_evaluation SET decision = ''"),
    ("tellingen", "zonder contract vanaf die dag", "DELETE FROM trajectories_contract WHERE kind = 'leerwerk'"),
    ("tellingen", "zonder kwalificatie van die dag", "DELETE FROM trajectories_qualification"),
    ("tellingen", "vrije plaatsen klopt niet", "UPDATE employers_vacancy SET seats_free = seats_free - 1"),
    ("tellingen", "rekent met een ander aantal", "UPDATE matching_vacancyfact SET seats_free = seats_free + 1"),
    ("tellingen", "eerstvolgende termijn", "UPDATE trajectories_trajectory SET due_on = due_on + 1"),
    ("tellingen", "in deze stand sinds",
     "UPDATE trajectories_trajectory SET state_since = state_since + interval '1 day'"),
    ("tellingen", "laatst gewijzigd", "UPDATE trajectories_trajectory SET last_change_at = '2020-01-01'"),
    ("tellingen", "jobcoach", "UPDATE candidates_candidate SET jobcoach_id = NULL WHERE jobcoach_id IS NOT NULL"),
    ("besluiten", "mist de rijen", "UPDATE trajectories_trajectory SET state = 'PROEFPERIODE' WHERE id = %(closed)s"),
    ("besluiten", "Startplan", "DELETE FROM trajectories_signature WHERE role = 'werkgever'"),
    ("besluiten", "Advies", "UPDATE trajectories_advice SET given_at = given_at - interval '1 day'"),
    ("besluiten", "anders dan toen het gegeven werd", "UPDATE trajectories_advice SET plan = plan || ' Of niet.'"),
    ("besluiten", "anders dan toen zij werd vastgelegd",
     "UPDATE trajectories_payerpermission SET valid_until = valid_until + 1"),
    ("besluiten", "Evaluatie", "UPDATE trajectories_evaluation SET decision = 'other_place'"),
    ("besluiten", "opdrachtgever: een ander besluit", "UPDATE trajectories_payerpermission SET is_granted = false"),
    ("besluiten", "om te delen: iets anders", "UPDATE candidates_consent SET share_support = NOT share_support"),
    ("besluiten", "gebruikt zonder handtekening", "UPDATE trajectories_partylink SET used_at = NULL"),
    ("besluiten", "op een ander moment",
     "UPDATE trajectories_partylink SET used_at = used_at - interval '1 day' WHERE used_at IS NOT NULL"),
    ("besluiten", "Plaatsing", "UPDATE trajectories_placement SET period = 'empty'"),
    ("besluiten", "Contract", "UPDATE trajectories_contract SET period = 'empty'"),
    ("besluiten", "Plaats ", "UPDATE trajectories_seatclaim SET period = 'empty'"),
    ("werk", "opgegeven", "UPDATE topjob_outboxmessage SET outcome = 'opgegeven', dead_at = now()"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "words", "statement"), BREAKS, ids=[f"{row[0]}-{row[1]}" for row in BREAKS])
def test_what_was_broken_on_purpose_is_found(broken: World, name: str, words: str, statement: str) -> None:
    assert found(name) == []
    case = broken["learning"].trajectory
    run_sql(
        statement,
        candidate=case.candidate_id,
        registration=case.registration_id,
        closed=broken["closed"].trajectory.pk,
    )
    lines = found(name)
    assert lines and any(words in line for line in lines), lines


def test_the_group_of_a_project_that_is_too_big_is_found(broken: World) -> None:
    project = factories.ProjectFactory(group_size=1)
    for walk in (broken["learning"], broken["aftercare"]):
        application = walk.trajectory.applications.get()
        run_sql(
            """INSERT INTO trajectories_projectparticipation (trajectory_id, application_id, project_id, seat_number, claimed_on)
               VALUES (%(case)s, %(application)s, %(project)s, %(case)s, now())""",
            case=walk.trajectory.pk,
            application=application.pk,
            project=project.pk,
        )
    assert any("groep is groter" in line for line in found("R13"))


def test_who_left_a_group_gives_the_place_back(broken: World) -> None:
    """R13: the group may become smaller than everybody who was ever in it."""
    project = broken["closed"].trajectory.applications.get().vacancy.project
    project.refresh_from_db()
    assert (project.participants_count, people_in(project)) == (1, 0)
    run_sql("UPDATE trajectories_projectparticipation SET left_on = NULL WHERE project_id = %(id)s", id=project.pk)
    assert people_in(project) == 1


def test_r14_a_log_cut_off_and_written_anew_shows_against_an_earlier_check(broken: World) -> None:
    run = verify.verify()
    assert run.finding_count == 0 and run.chain_length > 10
    run_sql("DELETE FROM accounts_auditlink WHERE position = %(n)s", n=run.chain_length)
    run_sql("DELETE FROM accounts_auditentry WHERE id = (SELECT max(id) FROM accounts_auditentry)")
    lines = found("logboek")
    assert len(lines) == 1 and "eerdere controle" in lines[0]


def test_r14_the_words_of_a_reason_may_be_destroyed_and_the_chain_stays_whole(broken: World) -> None:
    run_sql("DELETE FROM accounts_audittext")
    assert found("logboek") == []


# --- Files -----------------------------------------------------------------------------------------------------------
def a_stored_file(kind: str) -> Path:
    root = Path(verify.default_storage.location)
    return next((root / kind).iterdir())


@pytest.fixture(params=["documenten", "kandidaten"])
def stored(request: pytest.FixtureRequest, world: World) -> Iterator[Path]:
    """One PDF the product made, one upload; put back afterwards."""
    path = a_stored_file(request.param)
    content = path.read_bytes()
    yield path
    path.write_bytes(content)


def test_i6_a_changed_byte_is_found(stored: Path) -> None:
    content = bytearray(stored.read_bytes())
    content[-1] ^= 1
    stored.write_bytes(bytes(content))
    lines = found("bestanden")
    assert len(lines) == 1 and "andere vingerafdruk" in lines[0]


def test_fault_20_a_missing_file_is_found(stored: Path) -> None:
    stored.unlink()
    lines = found("bestanden")
    assert len(lines) == 1 and "ontbreekt" in lines[0]


def test_fault_20_a_file_without_a_row_is_found_once_it_has_lain_for_an_hour(stored: Path) -> None:
    stray = stored.with_name("niemands.pdf")
    stray.write_bytes(b"%PDF")
    try:
        assert found("bestanden") == []
        an_hour_ago = time.time() - 3700
        os.utime(stray, (an_hour_ago, an_hour_ago))
        assert found("bestanden") == [f"Bestand zonder rij: {stored.parent.name}/niemands.pdf."]
    finally:
        stray.unlink()


# --- The command -----------------------------------------------------------------------------------------------------
def test_the_command_says_all_is_well(world: World, capsys: pytest.CaptureFixture) -> None:
    call_command("verify")
    out = capsys.readouterr().out
    assert "FOUT" not in out and "Alles klopt." in out and "laatste vingerafdruk" in out


def test_the_command_fails_and_names_what_it_found(
    world: World, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = a_stored_file("documenten")
    content = path.read_bytes()
    path.unlink()
    try:
        with pytest.raises(SystemExit) as ended:
            call_command("verify")
    finally:
        path.write_bytes(content)
    assert ended.value.code == 1
    out = capsys.readouterr().out
    assert "FOUT  Elk bestand" in out and "Bestand ontbreekt: document" in out
    assert VerifyRun.objects.latest("pk").finding_count == 1
