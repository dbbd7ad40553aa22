"""R4 on paper: one member of staff uploads the signed scan, another looks at it; PostgreSQL knows no other way."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, InternalError, connection, transaction
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import AuditEntry, Role, User
from demo.walk import Walk
from tests import factories
from tests.names_on_pages import in_words
from tests.trajectories.conftest import START, walk_to
from tests.trajectories.personal import ask_code, run_outbox, sign_page, token_in
from tests.trajectories.portals import attention
from tests.trajectories.standing import World, standing
from topjob import clock
from topjob.errors import Refused
from trajectories import actions
from trajectories.documents import making
from trajectories.models import PartyLink, PlanParty, Scan, Signature, StartPlan
from trajectories.signing.parties import signers
from trajectories.signing.statements import statements_for

pytestmark = pytest.mark.usefixtures("db")

PDF = factories.pdf_file("Het getekende plan")


@standing
def sent(world: World) -> None:
    """The youth signs on paper; the others got their links."""
    walk = walk_to(world.walk, world.vacancy, "STARTPLAN").draft_plan()
    PlanParty.objects.filter(party="jongere").update(on_paper=True, email="", phone="")
    walk.send_plan()
    with clock.at(walk.day, 12):
        run_outbox()


@pytest.fixture
def colleague(db: None) -> User:
    return factories.staff(Role.BACKOFFICE)


def plan_of(walk: Walk) -> StartPlan:
    return walk.fresh().current_plan


def youth_of(walk: Walk) -> PlanParty:
    return plan_of(walk).parties.get(party="jongere")


def upload(content: bytes = PDF, name: str = "plan.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def uploaded(walk: Walk) -> Scan:
    with clock.at(walk.day, 13):
        return actions.upload_scan(youth_of(walk), upload(), signed_on=walk.day, by=walk.team.regisseur)


def address(walk: Walk, name: str, pk: int) -> str:
    return reverse(f"trajectories:{name}", args=[walk.trajectory.pk, pk])


def test_who_signs_on_paper_gets_no_link_and_needs_no_phone(sent: Walk) -> None:
    assert {link.party.party for link in plan_of(sent).links.all()} == {"werkgever", "jobcoach"}
    row = next(row for row in signers(plan_of(sent)) if row.party.party == "jongere")
    assert (row.address, row.in_words) == ("tekent op papier", "wacht op het getekende papier")


def test_the_printed_plan_asks_the_same_of_whoever_signs_on_paper(sent: Walk) -> None:
    """Only the youth signs on paper here: its statements are printed above the line, nobody else's."""
    page = render_to_string("documents/startplan.html", making.plan_content(plan_of(sent)) | {"is_compact": False})
    printed = page.partition("Handtekening:")[0].rpartition('class="box"')[2]
    assert page.count("Handtekening:") == 1
    assert [words for words in statements_for(youth_of(sent)) if words not in printed] == []


def test_r4_paper_and_codes_together_make_the_contract(client: Client, sent: Walk, colleague: User) -> None:
    """The whole way through the pages."""
    client.force_login(sent.team.regisseur)
    with clock.at(sent.day, 13):
        page = client.get(reverse("trajectories:plan", args=[sent.trajectory.pk])).content.decode()
        url = address(sent, "scan_upload", youth_of(sent).pk)
        assert url in page
        assert client.post(url, {"signed_on": sent.day.isoformat(), "file": upload()}).status_code == 302
        scan = Scan.objects.get()
        own = client.get(address(sent, "scan", scan.pk)).content.decode()
        assert "Wie de scan uploadt, kijkt haar niet zelf na" in own
        assert client.post(address(sent, "scan", scan.pk), {"confirm": "1"}).status_code == 409
        assert not Signature.objects.exists()
        client.force_login(colleague)
        assert "Het papier is dit document" in client.get(address(sent, "scan", scan.pk)).content.decode()
        file = client.get(address(sent, "scan_file", scan.pk))
        assert file.getvalue() == PDF
        assert file["Content-Disposition"].startswith("attachment")
        assert file["X-Content-Type-Options"] == "nosniff"
        assert client.post(address(sent, "scan", scan.pk), {"confirm": "1"}).status_code == 302
    signature = Signature.objects.get()
    assert (signature.method, signature.role, signature.signed_on) == ("papier", "jongere", sent.day)
    assert signature.document_sha256 == plan_of(sent).document.sha256
    assert signature.scan.sha256 == making.fingerprint(PDF)
    assert AuditEntry.objects.get(verb="sign").actor == colleague
    sent.sign("werkgever", "jobcoach").permit()
    assert plan_of(sent).status == StartPlan.Status.SIGNED
    assert sent.start_trial().fresh().state == "PROEFPERIODE"


def test_the_page_of_signatures_says_on_paper_with_both_names(sent: Walk, colleague: User) -> None:
    scan = uploaded(sent)
    with clock.at(sent.day, 14):
        actions.confirm_scan(scan, by=colleague)
    sent.sign("werkgever", "jobcoach")
    page = render_to_string("documents/signatures.html", making.signatures_content(plan_of(sent), "Startplan"))
    assert "Getekend op papier" in page
    assert f"geüpload door {sent.team.regisseur.name} en nagekeken door {colleague.name}" in in_words(page)
    assert scan.sha256 in page
    assert "Bevestigd met een code per sms aan 06 •• •• ••" in page


def test_what_was_printed_is_kept_with_the_signature(client: Client, sent: Walk, colleague: User) -> None:
    """As for the phone: in the row, in the evidence for the staff, on the page of signatures; whatever the texts become."""
    youth = youth_of(sent)
    printed = statements_for(youth)
    scan = uploaded(sent)
    with clock.at(sent.day, 14), pytest.MonkeyPatch.context() as patch:
        for place in ("signing.links", "documents.making"):
            patch.setattr(f"trajectories.{place}.statements_for", lambda party: ["Iets anders."])
        client.force_login(colleague)
        page = client.get(address(sent, "scan", scan.pk)).content.decode()
        assert "Staat boven de handtekening" in page and printed[0] in page
        signature = actions.confirm_scan(scan, by=colleague)
    assert signature.statements == printed and len(printed) == 3
    assert youth.printed.document == plan_of(sent).document
    row = next(row for row in signers(plan_of(sent)) if row.party.party == "jongere")
    assert ("Stond boven de handtekening", "\n".join(printed)) in row.evidence
    sent.sign("werkgever", "jobcoach")
    page = render_to_string("documents/signatures.html", making.signatures_content(plan_of(sent), "Startplan"))
    section = page.partition("Getekend op papier")[2].partition("</section>")[0]
    assert "Dit stond op het papier" in section
    assert [words for words in printed if words not in section] == []


def test_who_had_a_link_and_signed_a_print_confirmed_nothing_that_was_not_there(sent: Walk, colleague: User) -> None:
    party = plan_of(sent).parties.get(party="werkgever")
    with clock.at(sent.day, 14):
        scan = actions.upload_scan(party, upload(), signed_on=sent.day, by=sent.team.regisseur)
        signature = actions.confirm_scan(scan, by=colleague)
    assert signature.statements == []
    row = next(row for row in signers(plan_of(sent)) if row.party.party == "werkgever")
    assert "Stond boven de handtekening" not in dict(row.evidence)


def test_r4_raw_sql_confirms_nothing_else_than_what_was_printed(sent: Walk, colleague: User) -> None:
    scan = uploaded(sent)
    with clock.at(sent.day, 14), pytest.MonkeyPatch.context() as patch:
        patch.setattr("trajectories.signing.scans.printed_for", lambda party: ["Ik doe wat ik wil."])
        with pytest.raises(DatabaseError, match="gedrukt"), transaction.atomic():
            actions.confirm_scan(scan, by=colleague)
    for change in (
        "UPDATE trajectories_printedstatements SET statements = '{}'",
        "DELETE FROM trajectories_printedstatements",
    ):
        with pytest.raises(DatabaseError, match=r"R14|permission"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


def test_the_one_who_uploaded_cant_confirm(sent: Walk) -> None:
    with clock.at(sent.day, 14), pytest.raises(Refused, match="niet zelf"):
        actions.confirm_scan(uploaded(sent), by=sent.team.regisseur)


def test_nobody_confirms_an_own_signature(client: Client, sent: Walk, colleague: User) -> None:
    """The jobcoach signs, and is staff too."""
    coach = sent.team.jobcoach
    party = plan_of(sent).parties.get(party="jobcoach")
    with clock.at(sent.day, 14):
        scan = actions.upload_scan(party, upload(), signed_on=sent.day, by=sent.team.regisseur)
        client.force_login(coach)
        assert "Dit is je eigen handtekening" in client.get(address(sent, "scan", scan.pk)).content.decode()
        with pytest.raises(Refused, match="je eigen handtekening"):
            actions.confirm_scan(scan, by=coach)
        actions.confirm_scan(scan, by=colleague)
        client.force_login(sent.team.regisseur)
        page = client.get(reverse("trajectories:plan", args=[sent.trajectory.pk])).content.decode()
    shown = page.partition("Bewijs van de handtekening")[2].partition("</details>")[0]
    assert all(words in shown for words in (scan.sha256, colleague.name, sent.team.regisseur.name, "op papier"))


def test_somebody_from_elsewhere_sees_nothing(client: Client, sent: Walk) -> None:
    scan = uploaded(sent)
    assert attention(factories.staff(Role.BACKOFFICE))["getekend_nakijken"] == 1
    assert attention(factories.staff(Role.PERSONEEL))["scan_nakijken"] == 1
    client.force_login(factories.staff(Role.BACKOFFICE, region_code="29"))
    for name in ("scan", "scan_file"):
        assert client.get(address(sent, name, scan.pk)).status_code == 404
    assert client.get(address(sent, "scan_upload", youth_of(sent).pk)).status_code == 404


def test_a_refused_scan_makes_room_for_another(sent: Walk, colleague: User, client: Client) -> None:
    scan = uploaded(sent)
    with clock.at(sent.day, 14):
        with pytest.raises(Refused, match="al een scan"):
            uploaded(sent)
        client.force_login(colleague)
        assert "verplicht" in client.post(address(sent, "scan", scan.pk), {"refuse": "1"}).content.decode()
        client.post(address(sent, "scan", scan.pk), {"refuse": "1", "reason": "Geen handtekening te zien."})
        with pytest.raises(Refused, match="al nagekeken"):
            actions.confirm_scan(scan, by=colleague)
    assert uploaded(sent).waits
    assert AuditEntry.objects.get(verb="refuse_scan").text.text == "Geen handtekening te zien."


@pytest.mark.parametrize("days", [-1, 1])
def test_the_date_on_the_paper_lies_between_sending_and_today(client: Client, sent: Walk, days: int) -> None:
    client.force_login(sent.team.regisseur)
    day = (sent.day + timedelta(days=days)).isoformat()
    with clock.at(sent.day, 13):
        answer = client.post(address(sent, "scan_upload", youth_of(sent).pk), {"signed_on": day, "file": upload()})
    assert "tussen het versturen en vandaag" in answer.content.decode()
    assert not Scan.objects.exists()


def pixels() -> bytes:
    stream = io.BytesIO()
    Image.new("1", (8000, 8000)).save(stream, "PNG")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "leeg"),
        (b"MZ gevaarlijk", "Dit soort bestand kan niet"),
        (b"<html></html>", "Dit soort bestand kan niet"),
        (b"\x89PNG\r\n\x1a\n kapot", "beschadigd"),
        (pixels(), "te groot om te openen"),
    ],
    ids=["empty", "program", "page", "broken", "flood"],
)
def test_uploads_are_judged_by_content(client: Client, sent: Walk, content: bytes, message: str) -> None:
    client.force_login(sent.team.regisseur)
    data = {"signed_on": sent.day.isoformat(), "file": upload(content, "plan.pdf")}
    with clock.at(sent.day, 13):
        answer = client.post(address(sent, "scan_upload", youth_of(sent).pk), data)
    assert message in answer.content.decode()
    assert not Scan.objects.exists()


def test_paper_takes_the_place_of_a_link_that_went_out(client: Client, sent: Walk, colleague: User) -> None:
    """The employer signs on paper after all: the link and its code are of no use any more."""
    employer = plan_of(sent).parties.get(party="werkgever")
    token = token_in(mail.outbox, employer.email)
    with clock.at(sent.day, 13):
        code = ask_code(client, token)
        scan = actions.upload_scan(employer, upload(), signed_on=sent.day, by=sent.team.regisseur)
        actions.confirm_scan(scan, by=colleague)
        answer = client.post(sign_page(token, "sign_code"), {"code": code}, follow=True)
        assert answer.status_code == 410
        with pytest.raises(Refused, match="al getekend"):
            actions.upload_scan(employer, upload(), signed_on=sent.day, by=sent.team.regisseur)
    assert Signature.objects.filter(role="werkgever").count() == 1


def test_after_signing_by_link_a_waiting_scan_is_refused(client: Client, sent: Walk, colleague: User) -> None:
    employer = plan_of(sent).parties.get(party="werkgever")
    with clock.at(sent.day, 13):
        scan = actions.upload_scan(employer, upload(), signed_on=sent.day, by=sent.team.regisseur)
    sent.sign("werkgever")
    with clock.at(sent.day, 16), pytest.raises(Refused, match="al getekend"):
        actions.confirm_scan(scan, by=colleague)
    assert Signature.objects.get(role="werkgever").method == "code"


@pytest.mark.parametrize("why", ["late", "version"])
def test_r4_paper_is_bound_to_version_and_start_date(sent: Walk, colleague: User, why: str) -> None:
    scan = uploaded(sent)
    with clock.at(START + timedelta(days=1) if why == "late" else sent.day, 15):
        if why == "version":
            actions.draft_plan(sent.fresh(), by=sent.user_on_lead)
        with pytest.raises(Refused):
            actions.confirm_scan(scan, by=colleague)
    assert not Signature.objects.exists()


def test_no_file_is_left_when_the_row_fails(sent: Walk, settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: object, **options: object) -> None:
        raise IntegrityError("no room")

    folder = Path(settings.MEDIA_ROOT) / "handtekeningen"
    before = set(folder.glob("*"))
    monkeypatch.setattr("trajectories.models.Scan.save", fails)
    with pytest.raises(Refused):
        uploaded(sent)
    assert set(folder.glob("*")) == before


# --- PostgreSQL ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("wrong", ["unconfirmed", "own", "party", "day", "sha"])
def test_r4_raw_sql_makes_no_signature_of_paper_alone(sent: Walk, colleague: User, wrong: str) -> None:
    scan = uploaded(sent)
    if wrong == "own":
        with pytest.raises(IntegrityError), transaction.atomic():
            Scan.objects.filter(pk=scan.pk).update(confirmed_at=clock.now(), confirmed_by=scan.uploaded_by)
        return
    if wrong != "unconfirmed":
        Scan.objects.filter(pk=scan.pk).update(confirmed_at=clock.now(), confirmed_by=colleague)
    party = plan_of(sent).parties.get(party="werkgever") if wrong == "party" else scan.party
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        Signature.objects.create(
            plan=plan_of(sent),
            party=party,
            role=party.party,
            method="papier",
            scan=scan,
            typed_name=party.name,
            signed_at=clock.now(),
            signed_on=sent.day - timedelta(days=1) if wrong == "day" else scan.signed_on,
            document_sha256="0" * 64 if wrong == "sha" else scan.document_sha256,
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trajectories_scan SET sha256 = 'anders'",
        "UPDATE trajectories_scan SET confirmed_at = NULL, confirmed_by_id = NULL",
        "UPDATE trajectories_scan SET signed_on = '2026-01-01'",
        "DELETE FROM trajectories_scan",
        "TRUNCATE trajectories_scan CASCADE",
    ],
)
def test_r14_a_scan_that_was_accepted_never_changes(sent: Walk, colleague: User, statement: str) -> None:
    scan = uploaded(sent)
    with clock.at(sent.day, 14):
        actions.confirm_scan(scan, by=colleague)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("verb", ["upload_scan", "confirm_scan", "refuse_scan"])
def test_paper_is_all_or_nothing(sent: Walk, colleague: User, monkeypatch: pytest.MonkeyPatch, verb: str) -> None:
    scan = uploaded(sent) if verb != "upload_scan" else None
    module = "links" if verb == "confirm_scan" else "scans"

    def fails(*args: object, **options: object) -> None:
        raise RuntimeError("the log is full")

    monkeypatch.setattr(f"trajectories.signing.{module}.log", fails)
    with clock.at(sent.day, 14), pytest.raises(RuntimeError):
        if verb == "upload_scan":
            uploaded(sent)
        elif verb == "confirm_scan":
            actions.confirm_scan(scan, by=colleague)
        else:
            actions.refuse_scan(scan, reason="Nee.", by=colleague)
    assert not Signature.objects.exists()
    assert PartyLink.objects.usable().count() in (0, 2)
    if scan is not None:
        assert Scan.objects.get().waits
