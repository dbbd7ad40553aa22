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
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfReader, PdfWriter

from candidates import actions, pictures_inside, uploads
from candidates.models import CandidateDocument
from tests.factories import CandidateFactory, pdf_file
from topjob.errors import Refused

PDF = pdf_file()


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
        (picture("WEBP"), uploads.JPEG),
        (picture("HEIF"), uploads.JPEG),
        (docx(), uploads.DOCX),
        (archive(mimetype="application/vnd.oasis.opendocument.text", content="x"), uploads.ODT),
    ],
)
def test_kinds_are_recognised_by_content(content: bytes, expected: uploads.FileKind) -> None:
    assert uploads.take(upload(content, "zonder-extensie")).kind == expected


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
        uploads.take(upload(content, "cv.pdf"))


def crowd(count: int) -> bytes:
    """A small text document with so many empty parts."""
    return docx(**{f"word/media/{number}": "" for number in range(count)})


def understated(content: bytes, count: int = 3) -> bytes:
    """The same, with an end that says it holds fewer parts."""
    end = content.rfind(b"PK\x05\x06")
    said = count.to_bytes(2, "little")
    return content[: end + 8] + said * 2 + content[end + 12 :]


def doubled() -> bytes:
    stream = io.BytesIO(docx())
    with zipfile.ZipFile(stream, "a") as target:
        target.writestr("WORD/document.xml", "<iets anders/>")
    return stream.getvalue()


def balloon() -> bytes:
    """A few hundred kB that unpack to more than a disk likes."""
    stream = io.BytesIO(docx())
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as target:
        target.writestr("word/media/1", bytes(uploads.MOST_UNPACKED + 1))
    return stream.getvalue()


MACRO_KIND = "<Override ContentType='application/vnd.ms-word.document.macroEnabled.main+xml'/>"


@pytest.mark.parametrize(
    "content",
    [
        docx(**{"word/vbaproject.BIN": "macro"}),
        docx(**{"Word\\VBAPROJECT.bin": "macro"}),
        docx(**{"elders/vbaProject.bin": "macro"}),
        docx(**{"[Content_Types].xml": MACRO_KIND}),
        docx(**{"[Content_Types].xml": MACRO_KIND.encode("utf-16").decode("latin-1")}),
        docx(**{"word/embeddings/lees.ZIP": "PK"}),
        docx(**{"word/embeddings/lees.exe": "MZ"}),
        archive(mimetype="application/vnd.oasis.opendocument.text", Basic__Standard__x="macro"),
        crowd(uploads.MOST_PARTS),
        doubled(),
        balloon(),
    ],
    ids=["case", "backslash", "elsewhere", "declared", "utf-16", "zip", "exe", "odt", "crowd", "doubled", "balloon"],
)
def test_a_text_document_runs_nothing_and_hides_nothing(content: bytes) -> None:
    with pytest.raises(uploads.NotAccepted):
        uploads.take(upload(content, "cv.docx"))


def test_a_document_with_pictures_and_tables_is_taken() -> None:
    content = docx(**{f"word/media/{number}.png": "x" for number in range(300)}, **{"word/embeddings/1.xlsx": "PK"})
    assert uploads.take(upload(content)).kind == uploads.DOCX


@pytest.mark.parametrize("make", [crowd, lambda count: understated(crowd(count))], ids=["honest", "understated"])
def test_a_list_that_is_too_long_is_never_read(make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eighty thousand names took five seconds."""
    content = make(8_000)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    with pytest.raises(uploads.NotAccepted):
        uploads.take(upload(content, "cv.docx"))


def test_a_telephone_picture_that_says_it_is_huge_is_never_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    small = picture("HEIF", (64, 64))
    size = (64).to_bytes(4, "big") * 2
    assert size in small
    monkeypatch.setattr(Image.Image, "load", None)
    with pytest.raises(uploads.NotAccepted):
        uploads.take(upload(small.replace(size, (60_000).to_bytes(4, "big") * 2)))


MAKER, XMP, NOTE = b"Telefoon van Sem", b"<x:xmpmeta>Zwolle</x:xmpmeta>", b"bij oma thuis"


def photo(kind: str) -> bytes:
    """A picture on its side, twice as wide as high when upright, that tells where it was taken and with what."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, MAKER.decode()
    exif.get_ifd(0x8825)[2] = (52.0, 30.0, 45.0)
    extra = {"pnginfo": _note()} if kind == "PNG" else {"xmp": XMP}
    extra |= {"comment": NOTE} if kind == "JPEG" else {}
    stream = io.BytesIO()
    Image.new("RGB", (20, 40), "red").save(stream, kind, exif=exif, **extra)
    return stream.getvalue()


def _note() -> PngInfo:
    note = PngInfo()
    note.add_text("Comment", NOTE.decode())
    note.add_itxt("XML:com.adobe.xmp", XMP.decode())
    return note


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_photo_keeps_its_orientation_and_tells_nothing_else(kind: str) -> None:
    """Whoever downloaded a photo got the place where it was taken."""
    content = photo(kind)
    assert MAKER in content
    kept = uploads.take(upload(content, "IMG_1.heic")).read()
    image = Image.open(io.BytesIO(kept))
    assert image.format == ("PNG" if kind == "PNG" else "JPEG")
    upright = (20, 40) if kind == "HEIF" else (40, 20)
    assert image.size == upright
    assert not image.getexif()
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "icc_profile"}
    for secret in (MAKER, XMP, NOTE, b"Zwolle", b"Exif"):
        assert secret not in kept


TEXT_KIND = {"docx": ("word/media/image1.jpeg", "word/media/image2.png"), "odt": ("Pictures/1.jpg", "Pictures/2.png")}


def document(kind: str, *photos: bytes) -> bytes:
    """A text document with these photos in it."""
    stream = io.BytesIO(
        docx() if kind == "docx" else archive(mimetype=uploads.ODT.content_type, **{"content.xml": "<x/>"})
    )
    with zipfile.ZipFile(stream, "a") as target:
        for name, content in zip(TEXT_KIND[kind], photos, strict=False):
            target.writestr(name, content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


@pytest.mark.parametrize("kind", ["docx", "odt"])
def test_a_photo_in_a_text_document_tells_nothing_either(kind: str) -> None:
    """Place, telephone and remarks go, in the photo and in what hangs behind it; pixels, side and the other parts stay."""
    photos = [photo("JPEG") + photo("JPEG"), photo("PNG") + XMP]
    content = document(kind, *photos)
    kept = uploads.take(upload(content, f"cv.{kind}")).read()
    with zipfile.ZipFile(io.BytesIO(kept)) as after, zipfile.ZipFile(io.BytesIO(content)) as before:
        assert after.namelist() == before.namelist() and after.testzip() is None
        for name, original in zip(TEXT_KIND[kind], photos, strict=True):
            clean = after.read(name)
            assert not any(told in clean for told in (MAKER, XMP, NOTE))
            with Image.open(io.BytesIO(clean)) as image, Image.open(io.BytesIO(original)) as was:
                assert image.tobytes() == was.tobytes()
                assert not image.getexif().get_ifd(0x8825)
                assert image.format != "JPEG" or image.getexif().get(0x0112) == 6
        others = set(before.namelist()) - set(TEXT_KIND[kind])
        assert all(after.read(name) == before.read(name) for name in others)
    assert uploads.take(upload(kept, f"cv.{kind}")).read() == kept


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("progressive", [False, True])
def test_pictures_inside_keep_their_colours_and_scans(mode: str, progressive: bool) -> None:
    stream = io.BytesIO()
    noise = Image.effect_noise((64, 48), 90).convert(mode)
    noise.save(stream, "JPEG", progressive=progressive, comment=NOTE, restart_marker_rows=1)
    clean = pictures_inside.clean_jpeg(stream.getvalue())
    assert NOTE not in clean
    with Image.open(io.BytesIO(clean)) as image, Image.open(io.BytesIO(stream.getvalue())) as was:
        assert (image.mode, image.tobytes()) == (was.mode, was.tobytes())


@pytest.mark.parametrize("content", [document("docx", photo("JPEG"), photo("PNG")), document("odt", photo("JPEG"))])
def test_a_broken_text_document_is_refused_or_taken_and_never_an_error(content: bytes) -> None:
    for end in range(1, len(content), max(1, len(content) // 60)):
        for broken in (content[:end], content[:end] + b"\xff\x00" + content[end + 2 :]):
            try:
                uploads.take(upload(broken))
            except uploads.NotAccepted as refusal:
                assert str(refusal)


def test_a_text_document_that_unpacks_to_too_much_is_refused(monkeypatch) -> None:
    monkeypatch.setattr(pictures_inside, "MOST_UNPACKED", 1000)
    with pytest.raises(uploads.NotAccepted, match="document"):
        uploads.take(upload(document("docx", photo("JPEG") * 3)))


def test_an_animation_is_kept_as_its_first_picture() -> None:
    stream = io.BytesIO()
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    frames[0].save(stream, "PNG", save_all=True, append_images=frames[1:])
    image = Image.open(uploads.take(upload(stream.getvalue())))
    assert getattr(image, "n_frames", 1) == 1
    assert image.convert("RGB").getpixel((0, 0)) == (255, 0, 0)


def test_what_is_transparent_lies_on_white() -> None:
    stream = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(stream, "WEBP", lossless=True)
    assert Image.open(uploads.take(upload(stream.getvalue()))).getpixel((0, 0)) == (255, 255, 255)


def pdf(user: str | None = None, owner: str = "baas") -> bytes:
    writer, stream = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    if user is not None:
        writer.encrypt(user, owner, algorithm="AES-256")
    writer.write(stream)
    return stream.getvalue()


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"\r\n\n", b" " * 900])
def test_a_pdf_with_something_before_it_is_kept_as_a_pdf_that_opens(before: bytes) -> None:
    taken = uploads.take(upload(before + pdf()))
    content = taken.read()
    assert taken.kind == uploads.PDF
    assert content.startswith(b"%PDF-")
    assert len(PdfReader(io.BytesIO(content), strict=True).pages) == 1


def test_a_pdf_that_asks_for_a_password_is_refused_in_plain_words() -> None:
    with pytest.raises(uploads.NotAccepted, match=r"met een wachtwoord beveiligd\. Sla het zonder wachtwoord op"):
        uploads.take(upload(pdf(user="geheim")))


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n",
        b"%PDF-1.7 het begin van een bestand",
        pdf_file()[:200],
        pdf_file().replace(b"/Pages", b"/Paxes"),
    ],
)
def test_a_pdf_that_does_not_open_is_refused_in_plain_words(content: bytes) -> None:
    with pytest.raises(uploads.NotAccepted, match="Deze pdf is beschadigd en gaat niet open"):
        uploads.take(upload(content))


def test_a_pdf_that_opens_without_its_password_is_taken() -> None:
    assert uploads.take(upload(pdf(user=""))).kind == uploads.PDF


@pytest.mark.parametrize(
    "content", [pdf(user="geheim"), pdf(), photo("JPEG"), photo("HEIF"), photo("WEBP"), photo("PNG")]
)
def test_a_broken_file_is_refused_or_taken_and_never_an_error(content: bytes) -> None:
    for end in range(1, len(content), max(1, len(content) // 25)):
        for broken in (content[:end], content[:end] + b"\xff\x00" + content[end + 2 :]):
            try:
                uploads.take(upload(broken))
            except uploads.NotAccepted as refusal:
                assert str(refusal)


def spoiled_odt(at: int, compression: int, spoiled: bytes = b"\xff" * 12) -> bytes:
    """A text document of which the short type line can't be unpacked."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as target:
        target.writestr("mimetype", uploads.ODT.content_type)
    content = stream.getvalue()
    return content[:at] + spoiled + content[at + len(spoiled) :]


def pdf_with_trailer(trailer: bytes) -> bytes:
    """A PDF that opens, of which the trailer says this."""
    body = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n2 0 obj\n2 0 R\nendobj\n"
    start = str(len(body)).encode()
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer\n"
    return body + table + trailer + b"\nstartxref\n" + start + b"\n%%EOF\n"


@pytest.mark.parametrize(
    "content",
    [
        spoiled_odt(38, zipfile.ZIP_DEFLATED),
        spoiled_odt(38, zipfile.ZIP_LZMA),
        spoiled_odt(38, zipfile.ZIP_BZIP2),
        spoiled_odt(28, zipfile.ZIP_DEFLATED, b"\xff"),
        pdf_with_trailer(b"<</Size 3 /Root 1 0 R /Encrypt 2 0 R>>"),
        pdf_with_trailer(b"/Encrypt"),
        pdf_with_trailer(b"5 /Encrypt 7"),
    ],
)
def test_what_the_libraries_trip_over_is_a_broken_file_like_any_other(content: bytes) -> None:
    try:
        uploads.take(upload(content))
    except uploads.NotAccepted as refusal:
        assert str(refusal)


@override_settings(MAX_UPLOAD_BYTES=100)
def test_too_big_is_refused() -> None:
    with pytest.raises(uploads.NotAccepted, match="te groot"):
        uploads.take(upload(PDF + b" " * 100))


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

        monkeypatch.setattr(actions.file, "record", fail)
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
