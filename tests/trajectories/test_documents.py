"""Decision 16, I6: the PDF holds the plan, is tagged, loads nothing from elsewhere; its bytes are the signed ones."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import Organisation, Role
from demo.walk import Walk
from tests import factories
from tests.trajectories.conftest import START, walk_to
from tests.trajectories.standing import World, standing
from topjob import clock, outbox
from topjob.certificates import Verdict
from topjob.models import OutboxMessage
from trajectories import actions, handlers
from trajectories.documents import making, typesetting
from trajectories.models import GeneratedDocument, PlanTemplate, StartPlan


@pytest.fixture(autouse=True)
def real_pdf(light_pdf: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The PDF is the real one here."""
    monkeypatch.setitem(outbox.HANDLERS, "render_plan", handlers.render_plan)


@standing
def drafted(world: World) -> None:
    walk_to(world.walk, world.vacancy, "STARTPLAN").draft_plan()


@standing
def sent(world: World) -> None:
    walk = walk_to(world.walk, world.vacancy, "STARTPLAN").draft_plan()
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(outbox.HANDLERS, "render_plan", handlers.render_plan)
        walk.send_plan()


@pytest.fixture
def signed(sent: Walk) -> StartPlan:
    sent.sign()
    with clock.at(sent.day, 16):
        handlers.render_signed_plan(plan_of(sent).pk)
    return plan_of(sent)


def plan_of(walk: Walk) -> StartPlan:
    return walk.fresh().current_plan


def bytes_of(document: GeneratedDocument) -> bytes:
    return Path(document.file.path).read_bytes()


def pdf_of(document: GeneratedDocument) -> PdfReader:
    return PdfReader(io.BytesIO(bytes_of(document)))


def words(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def tags(reader: PdfReader) -> Iterator[tuple[str, int]]:
    """Every tag of the document with the page it is on."""
    numbers = {page.indirect_reference.idnum: number for number, page in enumerate(reader.pages)}

    def walk(element) -> Iterator[tuple[str, int]]:
        if isinstance(element, list):
            for kid in element:
                yield from walk(kid.get_object())
        elif isinstance(element, dict) and "/S" in element:
            page = element.get("/Pg") and element.raw_get("/Pg").idnum
            yield element["/S"], numbers.get(page, -1)
            yield from walk(element.get("/K", []))

    return walk(reader.root_object["/StructTreeRoot"]["/K"])


# --- Content ---------------------------------------------------------------------------------------------------------
def test_the_pdf_says_what_the_screen_says(sent: Walk, client: Client) -> None:
    reader = pdf_of(plan_of(sent).document)
    text = words(reader)
    for part in (
        "van Sem Bakker bij",
        "Sem, je gaat aan de slag bij",
        "Je komt op de dagen en de tijden die zijn afgesproken.",
        "Gaat het niet goed?",
        "Zo doen we dat: Oefenen met de leermeester",
        "/controle/",
        "ma 2 feb 2026",
        "vr 1 mei 2026",
        "Je houdt je uitkering",
        "Ik leer veilig werken met het gereedschap.",
        "Ziek? Bel vóór 8.00 uur de leermeester.",
        "gesprek aan het einde",
    ):
        assert part in text
    client.force_login(sent.team.regisseur)
    with clock.at(sent.day):
        page = client.get(reverse("trajectories:plan_preview", args=[sent.trajectory.pk, 1]))
    for name in ("trial_pairs", "work_pairs", "training_pairs", "guidance_pairs"):
        for label, value in page.context[name]:
            assert f"{label} {value}" in text or str(value) in text
    assert 1 <= len(reader.pages) <= 3


def test_the_pdf_holds_nothing_about_money_or_health(sent: Walk) -> None:
    """Decision 12: the employer reads it too."""
    text = words(pdf_of(plan_of(sent).document)).lower()
    for word in (str(sent.trajectory.target_group).lower(), "schuld", "diagnose", "beperking"):
        assert word not in text


def test_the_pdf_is_tagged_with_our_own_font(sent: Walk) -> None:
    reader = pdf_of(plan_of(sent).document)
    assert reader.root_object["/Lang"] == "nl"
    assert reader.root_object["/MarkInfo"]["/Marked"]
    assert reader.metadata.title == "Startplan Sem Bakker, versie 1"
    kinds = [kind for kind, _page in tags(reader)]
    headings = [int(kind[2]) for kind in kinds if kind in ("/H1", "/H2", "/H3", "/H4")]
    assert headings[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(headings)), "a level was skipped"
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") >= 7
    fonts = {font.get_object()["/BaseFont"] for page in reader.pages for font in page["/Resources"]["/Font"].values()}
    assert fonts
    assert all("atkinson" in font for font in fonts)


def test_the_same_version_gives_the_same_bytes_twice(sent: Walk) -> None:
    """Everybody gets the same bytes; made again, they are the same again."""
    assert making.fingerprint(making.render_plan(plan_of(sent))) == plan_of(sent).document.sha256


IN_ANOTHER_PROCESS = """
import django, json, sys; django.setup()
from datetime import date, datetime, UTC
from topjob import clock
from trajectories.documents import making
from trajectories.documents.example import example_plan
from trajectories.models import PlanTemplate
with clock.at(date(2026, 2, 2)):
    plan = example_plan(PlanTemplate(construction="1", route="bbl2", **json.loads(sys.argv[1])))
    print(making.fingerprint(making.render_plan(plan)))
"""


def test_two_processes_make_the_same_bytes(db: None) -> None:
    """Nothing of the machine's chance, such as the order of a set, is in the document."""
    texts = json.dumps(PlanTemplate.objects.get(construction="1", route="bbl2", number=1).texts)

    def made(seed: str) -> str:
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TOPJOB_MODE": "test", "TOPJOB_ENV_FILE": os.devnull}
        environment["DJANGO_SETTINGS_MODULE"] = "topjob.settings"
        command = [sys.executable, "-c", IN_ANOTHER_PROCESS, texts]
        return subprocess.run(
            command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=True
        ).stdout.strip()

    first, second = made("1"), made("2")
    assert len(first) == 64
    assert first == second


def test_a_full_plan_still_fits_on_three_pages(drafted: Walk) -> None:
    """Smaller type, rather than a fourth page."""
    goals = [
        {
            "field": field,
            "goal": f"Ik leer onderdeel {n} van mijn vak goed en veilig te doen, stap voor stap.",
            "how": "x " * 60,
        }
        for field in ("vakmanschap", "persoonlijk", "leren")
        for n in range(4)
    ]
    agreements = [
        {"text": f"Afspraak {n}: " + "we houden ons hieraan en zeggen het als het niet lukt. " * 2} for n in range(8)
    ]
    with clock.at(drafted.day):
        tasks = "Stoepen leggen, sleuven graven en opruimen. " * 8
        actions.save_plan(plan_of(drafted), by=drafted.user_on_lead, tasks=tasks, goals=goals, agreements=agreements)
    reader = pdf_of(plan_of(drafted.send_plan()).document)
    assert len(reader.pages) == 3
    assert "Afspraak 7" in words(reader)


def described(reader: PdfReader) -> str:
    return reader.root_object["/Metadata"].get_object().get_data().decode()


def embedded(reader: PdfReader) -> set[bool]:
    """Of every font on every page, whether the font itself is in the document."""
    found = set()
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            (inner,) = font.get_object()["/DescendantFonts"]
            description = inner.get_object()["/FontDescriptor"].get_object()
            found.add(bool({"/FontFile", "/FontFile2", "/FontFile3"} & set(description)))
    return found


def test_the_pdf_is_made_as_pdf_a_3a_and_pdf_ua_1(sent: Walk) -> None:
    reader = pdf_of(plan_of(sent).document)
    says = described(reader)
    for claim in ('pdfaid:part="3"', 'pdfaid:conformance="A"', 'pdfuaid:part="1"'):
        assert claim in says
    assert reader.root_object["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    assert reader.root_object["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.trailer["/ID"]
    assert embedded(reader) == {True}


def test_what_people_typed_is_text_and_loads_nothing(
    drafted: Walk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[str] = []
    real = typesetting.FontsOnly.fetch
    monkeypatch.setattr(
        typesetting.FontsOnly, "fetch", lambda self, url, headers=None: asked.append(url) or real(self, url)
    )
    (tmp_path / "geheim.txt").write_text("geheim")
    evil = f'<img src="file://{tmp_path}/geheim.txt"><link rel=attachment href="file://{tmp_path}/geheim.txt">'
    with clock.at(drafted.day):
        goals = [{"field": "leren", "goal": "<b>Ik leer</b>", "how": ""}]
        actions.save_plan(plan_of(drafted), by=drafted.user_on_lead, tasks=evil, goals=goals)
    drafted.send_plan()
    assert asked
    assert all(url.startswith("font:") for url in asked)
    text = words(pdf_of(plan_of(drafted).document))
    assert "<img src=" in text
    assert "<b>Ik leer</b>" in text


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "file:///etc/passwd",
        "font:../../topjob/settings.py",
        "font:/etc/passwd",
        "font:sub/x.ttf",
        "data:text/plain,x",
    ],
)
def test_the_fetcher_gives_fonts_only(url: str) -> None:
    with pytest.raises(ValueError, match="may not load"):
        typesetting.FontsOnly().fetch(url)


# --- Fingerprint -----------------------------------------------------------------------------------------------------
def test_i6_the_stored_bytes_are_the_signed_ones(signed: StartPlan) -> None:
    content = bytes_of(signed.document)
    assert hashlib.sha256(content).hexdigest() == signed.document.sha256
    assert len(content) == signed.document.size
    assert {row.document_sha256 for row in signed.signatures.all()} == {signed.document.sha256}
    assert hashlib.sha256(bytes_of(signed.signed_document)).hexdigest() == signed.signed_document.sha256


def test_i6_changed_bytes_are_noticed(sent: Walk) -> None:
    document = plan_of(sent).document
    Path(document.file.path).write_bytes(b"%PDF-1.7 iets anders")
    with pytest.raises(making.DocumentDamaged):
        making.read(document)


def test_i6_a_document_row_never_changes(sent: Walk) -> None:
    with pytest.raises(DatabaseError, match=r"(?i)permission denied|verander|bewaard"), transaction.atomic():
        GeneratedDocument.objects.update(sha256="0" * 64)


def test_a_stored_name_tells_nothing(sent: Walk) -> None:
    path = Path(plan_of(sent).document.file.name)
    assert path.parent == Path("documenten")
    assert len(path.stem) == 32
    assert str(settings.STATIC_ROOT) not in plan_of(sent).document.file.path


# --- The second PDF --------------------------------------------------------------------------------------------------
def test_the_signed_pdf_is_the_first_with_a_page_of_signatures(signed: StartPlan) -> None:
    first, second = pdf_of(signed.document), pdf_of(signed.signed_document)
    assert len(second.pages) > len(first.pages)
    for number, page in enumerate(first.pages):
        assert second.pages[number].extract_text() == page.extract_text()
    last = " ".join(" ".join(page.extract_text() for page in second.pages[len(first.pages) :]).split())
    for party in signed.parties.all():
        assert party.name in last
        assert party.email in last
    assert signed.document.sha256 in last.replace(" ", "")
    assert "gewone elektronische handtekeningen" in last
    assert "/controle/" in last
    assert "verzegeld" in last
    for word in ("geavanceerd", "gekwalificeerd"):
        assert word not in last.lower()


def test_the_signed_pdf_is_sealed_and_still_made_as_pdf_a(signed: StartPlan) -> None:
    content = bytes_of(signed.signed_document)
    assert making.examine(content) == (True, Verdict.WHOLE)
    reader = pdf_of(signed.signed_document)
    for claim in ('pdfaid:part="3"', 'pdfaid:conformance="A"', 'pdfuaid:part="1"'):
        assert claim in described(reader)
    assert embedded(reader) == {True}
    assert "/Version" not in reader.root_object
    (file,) = reader.root_object["/AF"]
    assert file["/AFRelationship"] == "/Source"
    assert file["/UF"] == "getekend.pdf"
    assert file["/EF"]["/F"]["/Subtype"] == "/application/pdf"
    assert file["/EF"]["/F"]["/Params"]["/ModDate"]


def test_without_a_certificate_nothing_is_kept_and_the_work_is_tried_again(
    sent: Walk, settings, tmp_path: Path
) -> None:
    sent.sign()
    message = OutboxMessage.objects.get(key=f"render-signed-plan-{plan_of(sent).pk}")
    whole = settings.SEAL_PKCS12
    settings.PRODUCTION, settings.SEAL_PKCS12 = True, str(tmp_path / "weg.p12")
    with clock.at(sent.day, 16):
        assert not outbox.run(message.pk)
        message.refresh_from_db()
        assert (message.outcome, message.done_at) == ("wacht", None)
        assert "SEAL_PKCS12" in message.error
        assert plan_of(sent).signed_document is None
        settings.PRODUCTION, settings.SEAL_PKCS12 = False, whole
        assert outbox.run(message.pk)
    assert making.examine(bytes_of(plan_of(sent).signed_document)) == (True, Verdict.WHOLE)


def test_the_unsigned_plan_has_no_seal(sent: Walk) -> None:
    assert making.examine(bytes_of(plan_of(sent).document)) == (True, Verdict.ABSENT)


def test_the_signed_pdf_carries_the_signed_bytes(signed: StartPlan) -> None:
    attached = pdf_of(signed.signed_document).attachments
    assert hashlib.sha256(attached["getekend.pdf"][0]).hexdigest() == signed.document.sha256


def test_the_signed_pdf_is_tagged_to_its_last_page(signed: StartPlan) -> None:
    reader = pdf_of(signed.signed_document)
    first = len(pdf_of(signed.document).pages)
    found = list(tags(reader))
    assert ("/H1", first) in found
    assert {page for _kind, page in found} >= set(range(len(reader.pages)))
    numbers = reader.root_object["/StructTreeRoot"]["/ParentTree"]["/Nums"][::2]
    assert len(set(numbers)) == len(numbers)
    assert [page["/StructParents"] for page in reader.pages] == sorted(numbers)[: len(reader.pages)]


# --- Who may download ------------------------------------------------------------------------------------------------
@pytest.fixture
def people(sent: Walk) -> SimpleNamespace:
    company = plan_of(sent).application.organisation
    youth = factories.candidate_user()
    sent.candidate.user = youth
    sent.candidate.save()
    another = factories.EmployerOrganisationFactory()
    payer = Organisation.objects.get(pk=sent.trajectory.client_id)
    return SimpleNamespace(
        regisseur=sent.team.regisseur,
        jobcoach=sent.team.jobcoach,
        employer=factories.representative(company),
        youth=youth,
        other_region=factories.staff(Role.REGISSEUR, region_code="29"),
        other_coach=factories.staff(Role.JOBCOACH),
        other_employer=factories.representative(another),
        other_youth=factories.candidate_user(),
        payer=factories.representative(payer, role=Role.OPDRACHTGEVER),
        beheerder=factories.staff(Role.BEHEERDER),
    )


@pytest.mark.parametrize("who", ["regisseur", "jobcoach", "employer", "youth"])
def test_parties_and_staff_download_the_plan(sent: Walk, people: SimpleNamespace, client: Client, who: str) -> None:
    client.force_login(getattr(people, who))
    response = client.get(reverse("trajectories:document", args=[plan_of(sent).document_id]))
    response.getvalue()
    assert response.status_code == 200
    assert response["Content-Disposition"] == 'attachment; filename="startplan-versie-1.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("who", ["other_region", "other_coach", "other_employer", "other_youth", "payer", "beheerder"])
def test_r16_for_others_the_plan_does_not_exist(sent: Walk, people: SimpleNamespace, client: Client, who: str) -> None:
    client.force_login(getattr(people, who))
    assert client.get(reverse("trajectories:document", args=[plan_of(sent).document_id])).status_code == 404
    assert client.get(reverse("trajectories:document", args=[987654321])).status_code == 404


def test_r16_a_withdrawn_version_is_gone_for_the_employer(sent: Walk, people: SimpleNamespace, client: Client) -> None:
    url = reverse("trajectories:document", args=[plan_of(sent).document_id])
    with clock.at(sent.day):
        actions.withdraw_plan(sent.fresh(), reason="Gaat niet door.", by=sent.user_on_lead)
    client.force_login(people.employer)
    assert client.get(url).status_code == 404
    client.force_login(people.regisseur)
    response = client.get(url)
    response.getvalue()
    assert response.status_code == 200


def test_a_missing_file_is_told(sent: Walk, people: SimpleNamespace, client: Client) -> None:
    """Fault 20."""
    Path(plan_of(sent).document.file.path).unlink()
    client.force_login(people.regisseur)
    response = client.get(reverse("trajectories:document", args=[plan_of(sent).document_id]))
    assert response.status_code == 409
    assert "niet meer te vinden" in response.content.decode()


def test_a_visitor_logs_in_first(sent: Walk, client: Client) -> None:
    assert client.get(reverse("trajectories:document", args=[plan_of(sent).document_id])).status_code == 302
    assert sent.day < START
