"""Uploads: judged by content, capped in size and pixels, stored under a random name, served as an attachment."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from PIL import Image

from candidates import actions, uploads
from candidates.models import CandidateDocument
from tests.factories import CandidateFactory
from topjob.errors import Refused

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n"


def picture(kind: str = "PNG", size: tuple[int, int] = (4, 4)) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size).save(stream, kind)
    return stream.getvalue()


def archive(**files: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        for name, content in files.items():
            target.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


def docx(**extra: str) -> bytes:
    return archive(**{"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"} | extra)


def upload(content: bytes, name: str = "bestand.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def flood() -> bytes:
    """A PNG that says it is 100,000 by 100,000 pixels, in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return len(data).to_bytes(4, "big") + checked + zlib.crc32(checked).to_bytes(4, "big")

    side = (100_000).to_bytes(4, "big")
    header = chunk(b"IHDR", side + side + b"\x08\x02\x00\x00\x00")
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (PDF, uploads.PDF),
        (picture("PNG"), uploads.PNG),
        (picture("JPEG"), uploads.JPEG),
        (docx(), uploads.DOCX),
        (archive(mimetype="application/vnd.oasis.opendocument.text", content="x"), uploads.ODT),
    ],
)
def test_kinds_are_recognised_by_content(content: bytes, expected: uploads.FileKind) -> None:
    assert uploads.examine(upload(content, "zonder-extensie")) == expected


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00 een programma",
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"PK\x03\x04 geen zip",
        archive(iets="anders"),
        archive(mimetype="application/vnd.oasis.opendocument.spreadsheet"),
        docx(**{"word/vbaProject.bin": "macro"}),
        picture("PNG")[:40],
        flood(),
    ],
)
def test_wrong_kind_under_a_friendly_name_is_refused(content: bytes) -> None:
    with pytest.raises(uploads.NotAccepted):
        uploads.examine(upload(content, "cv.pdf"))


@override_settings(MAX_UPLOAD_BYTES=100)
def test_too_big_is_refused() -> None:
    with pytest.raises(uploads.NotAccepted, match="te groot"):
        uploads.examine(upload(PDF + b" " * 100))


def test_names_lose_path_and_control_characters() -> None:
    assert uploads.clean_name("../../etc/pass\x00wd\n.pdf") == "passwd .pdf"
    assert uploads.clean_name("C:\\Users\\ik\\cv.pdf") == "cv.pdf"
    assert len(uploads.clean_name("a" * 500)) == 200


@pytest.mark.django_db
class TestDocuments:
    def test_stored_under_a_random_name_with_its_hash(self, regisseur) -> None:
        person = CandidateFactory()
        row = actions.add_document(person, upload=upload(PDF, "mijn cv.pdf"), kind="cv", title="CV", by=regisseur)
        assert row.sha256 == hashlib.sha256(PDF).hexdigest()
        assert row.original_name == "mijn cv.pdf"
        assert "mijn" not in row.file.name
        with CandidateDocument.objects.get().file.open() as stored:
            assert stored.read() == PDF

    def test_the_file_goes_when_its_row_fails(self, regisseur, monkeypatch, settings) -> None:
        def fail(*args, **kwargs):
            raise RuntimeError("no log")

        monkeypatch.setattr(actions, "record", fail)
        before = set(_stored(settings))
        with pytest.raises(RuntimeError):
            actions.add_document(CandidateFactory(), upload=upload(PDF), kind="cv", title="CV", by=regisseur)
        assert set(_stored(settings)) == before
        assert not CandidateDocument.objects.exists()

    def test_the_action_refuses_what_a_form_would(self, regisseur) -> None:
        with pytest.raises(Refused):
            actions.add_document(CandidateFactory(), upload=upload(b"MZ"), kind="cv", title="CV", by=regisseur)

    def test_removing_takes_row_and_file(self, regisseur, django_capture_on_commit_callbacks) -> None:
        row = actions.add_document(CandidateFactory(), upload=upload(PDF), kind="cv", title="CV", by=regisseur)
        storage, name = row.file.storage, row.file.name
        with django_capture_on_commit_callbacks(execute=True):
            actions.remove_document(row, by=regisseur)
        assert not storage.exists(name)
        assert not CandidateDocument.objects.exists()

    def test_download_is_an_attachment_that_isnt_sniffed(self, regisseur, browser) -> None:
        person = CandidateFactory()
        row = actions.add_document(person, upload=upload(PDF, "cv.exe"), kind="cv", title="CV", by=regisseur)
        answer = browser(regisseur).get(f"/personen/{person.pk}/documenten/{row.pk}/")
        assert answer.getvalue() == PDF
        assert answer["Content-Disposition"] == 'attachment; filename="cv.pdf"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Type"] == "application/pdf"
        assert "no-store" in answer["Cache-Control"]

    def test_a_lost_file_is_explained(self, regisseur, browser) -> None:
        person = CandidateFactory()
        row = actions.add_document(person, upload=upload(PDF), kind="cv", title="CV", by=regisseur)
        row.file.storage.delete(row.file.name)
        assert browser(regisseur).get(f"/personen/{person.pk}/documenten/{row.pk}/").status_code == 409

    def test_somebody_elses_document_looks_nonexistent(self, regisseur, browser) -> None:
        person, other = CandidateFactory(), CandidateFactory()
        row = actions.add_document(other, upload=upload(PDF), kind="cv", title="CV", by=regisseur)
        assert browser(regisseur).get(f"/personen/{person.pk}/documenten/{row.pk}/").status_code == 404

    @pytest.mark.parametrize("content", [b"MZ\x90\x00", picture("PNG")[:40], b""])
    def test_the_form_explains_and_keeps_the_title(self, regisseur, browser, content: bytes) -> None:
        person = CandidateFactory()
        data = {"title": "Mijn werkstuk", "kind": "portfolio", "file": upload(content, "werkstuk.pdf")}
        answer = browser(regisseur).post(f"/personen/{person.pk}/portfolio/bestand/", data)
        assert answer.status_code == 200
        assert "Mijn werkstuk" in answer.content.decode()
        assert "invalid-feedback" in answer.content.decode()
        assert not CandidateDocument.objects.exists()


def _stored(settings) -> list:
    from pathlib import Path

    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
