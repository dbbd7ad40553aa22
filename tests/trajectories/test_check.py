"""/controle/: says whether a PDF is ours and whole, to anyone; nothing else, and never an error."""

from __future__ import annotations

import tracemalloc
import zlib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from weasyprint import HTML

from demo.walk import Walk
from tests import factories
from topjob import clock, seal
from topjob.certificates import Verdict
from trajectories.documents import making
from trajectories.models import GeneratedDocument
from trajectories.views import check

pytestmark = pytest.mark.usefixtures("db")
PDF = b"%PDF-1.7\n1 0 obj << >> endobj\nxref\n0 1\n0000000000 65535 f \ntrailer << /Size 1 >>\nstartxref\n30\n%%EOF\n"


@pytest.fixture(autouse=True)
def fresh_hour() -> None:
    cache.clear()


@pytest.fixture
def sealed(own_seal: None) -> bytes:
    return seal.seal(HTML(string="<html lang=nl><title>x</title><p>Startplan").write_pdf(pdf_variant="pdf/ua-1"))


@pytest.fixture
def own_seal(settings, tmp_path_factory) -> None:
    settings.SEAL_PKCS12 = str(tmp_path_factory.getbasetemp() / "controle.p12")


def keep(walk: Walk, content: bytes, kind: str = GeneratedDocument.Kind.PLAN) -> GeneratedDocument:
    return making.store(walk.trajectory, kind, content)


def hand_in(client: Client, content: bytes, name: str = "document.pdf"):
    return client.post(reverse("trajectories:check_document"), {"file": SimpleUploadedFile(name, content)})


def answer_to(client: Client, content: bytes) -> check.Answer:
    response = hand_in(client, content)
    assert response.status_code == 200
    return response.context["answer"]


def test_a_document_of_ours_with_its_seal(client: Client, walk: Walk, sealed: bytes) -> None:
    keep(walk, sealed, GeneratedDocument.Kind.PLAN_SIGNED)
    answer = answer_to(client, sealed)
    assert answer.tone == "good"
    assert "Het zegel is heel" in str(answer.text)


def test_a_document_of_ours_that_was_not_signed_yet(client: Client, walk: Walk) -> None:
    keep(walk, PDF)
    answer = answer_to(client, PDF)
    assert answer.tone == "good"
    assert "geen zegel" in str(answer.text)


def test_one_changed_byte(client: Client, walk: Walk, sealed: bytes) -> None:
    keep(walk, sealed, GeneratedDocument.Kind.PLAN_SIGNED)
    changed = bytearray(sealed)
    changed[200] ^= 1
    assert answer_to(client, bytes(changed)) == check.ANSWERS[False, Verdict.BROKEN]
    assert answer_to(client, sealed + b" ") == check.ANSWERS[False, Verdict.BROKEN]
    assert answer_to(client, PDF) == check.ANSWERS[False, Verdict.ABSENT]


def test_a_document_that_was_destroyed_after_the_retention_period(client: Client, sealed: bytes) -> None:
    assert "Zelf hebben wij het niet meer" in str(answer_to(client, sealed).text)


def test_it_tells_nothing_about_anybody(client: Client, walk: Walk, sealed: bytes) -> None:
    keep(walk, sealed, GeneratedDocument.Kind.PLAN_SIGNED)
    page = hand_in(client, sealed, name="geheime naam.pdf").content.decode()
    names = (walk.candidate.first_name, walk.candidate.last_name, walk.team.regisseur.name, "geheime naam")
    for word in (*names, making.fingerprint(sealed), "versie", "traject"):
        assert word not in page.split("<main")[1].split("</main")[0]


def test_known_and_unknown_take_the_same_steps(
    client: Client, walk: Walk, sealed: bytes, django_assert_num_queries
) -> None:
    keep(walk, sealed, GeneratedDocument.Kind.PLAN_SIGNED)
    for content in (sealed, PDF, sealed + b" "):
        with django_assert_num_queries(2):
            making.examine(content)


def test_nothing_is_kept(client: Client, sealed: bytes) -> None:
    media = Path(settings.MEDIA_ROOT)
    before = set(media.rglob("*"))
    hand_in(client, sealed)
    assert set(media.rglob("*")) == before
    assert not GeneratedDocument.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "leeg"),
        (b"Ik ben geen pdf", "geen pdf"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 100, "geen pdf"),
        (b"PK\x03\x04" + b"0" * 100, "geen pdf"),
        (b"\x00" * 5000, "geen pdf"),
        (b"%PDF-" + b"0" * (10 * 1024 * 1024), "te groot"),
        (b"%PDF-" + b"0" * (15 * 1024 * 1024), "te groot"),
    ],
    ids=["empty", "text", "picture", "zip", "zeros", "just-too-large", "much-too-large"],
)
def test_bad_input_is_explained(client: Client, content: bytes, words: str) -> None:
    response = hand_in(client, content)
    assert response.status_code == 200
    assert response.context["answer"] is None
    assert words in str(response.context["form"].errors["file"])


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-",
        b"%PDF-1.7 /ByteRange [0 5 6 7]",
        b"%PDF-1.7 " + b"/ByteRange [0 1 2 3] " * 100_000,
        b"%PDF-1.7 /ByteRange [0 0 0 0] /Contents <>",
        b"%PDF-1.7 " + b"<<" * 1_000_000,
        b"%PDF-1.7\xff\xfe\x00",
    ],
    ids=["bare", "range", "many", "zero", "nested", "binary"],
)
def test_a_damaged_pdf_is_simply_not_ours(client: Client, content: bytes) -> None:
    assert answer_to(client, content) == check.ANSWERS[False, Verdict.ABSENT]


@pytest.mark.parametrize("data", [{}, {"file": ""}, {"file": "geen bestand"}, {"other": "x"}])
def test_without_a_file(client: Client, data: dict) -> None:
    response = client.post(reverse("trajectories:check_document"), data)
    assert response.status_code == 200
    assert "Kies eerst het document" in str(response.context["form"].errors["file"])


def test_a_strange_name_or_broken_request_breaks_nothing(client: Client) -> None:
    for name in ("../../etc/passwd", "x" * 500 + ".pdf", "<script>.pdf", "é\u202e.pdf"):
        assert hand_in(client, PDF, name=name).status_code == 200
    url = reverse("trajectories:check_document")
    broken = client.post(url, b"--x\r\nrubbish", content_type="multipart/form-data; boundary=x")
    assert broken.status_code in (200, 400)
    assert client.post(url, b"{", content_type="application/json").status_code == 200
    assert client.put(url).status_code == 405


def test_a_check_takes_little_memory(sealed: bytes) -> None:
    """A file made to unpack into gigabytes is never unpacked."""
    bomb = b"%PDF-1.7 << /Filter /FlateDecode >> stream " + zlib.compress(b"\0" * 200_000_000, 9) + b" endstream"
    tracemalloc.start()
    making.examine(bomb)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000


def test_of_a_file_that_is_far_too_large_little_is_taken_in(client: Client) -> None:
    response = hand_in(client, b"%PDF-" + b"0" * (30 * 1024 * 1024))
    assert response.context["form"].files["file"].size <= settings.MAX_UPLOAD_BYTES + 2 * 64 * 1024


def test_an_address_that_checks_too_much_waits(client: Client) -> None:
    for _ in range(check.PER_HOUR):
        assert hand_in(client, PDF).status_code == 200
    response = hand_in(client, PDF)
    assert response.status_code == 429
    assert "over een uur" in response.content.decode()
    assert client.get(reverse("trajectories:check_document")).status_code == 200


def test_the_page_is_public_and_not_kept_by_browsers(client: Client) -> None:
    response = client.get(reverse("trajectories:check_document"))
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


def test_every_portal_page_leads_to_it(client: Client) -> None:
    for name in ("candidates:public_register", "account_login"):
        assert reverse("trajectories:check_document") in client.get(reverse(name)).content.decode()
    client.force_login(factories.candidate_user())
    with clock.at(clock.today()):
        page = client.get(reverse("trajectories:my_case"))
    assert reverse("trajectories:check_document") in page.content.decode()
