"""What may be uploaded, judged by what is in the file and never by its name, and kept without what it needn't tell.

A picture is drawn anew, upright: where and when it was taken and on which telephone stays behind. A telephone's own format (HEIC)
and WebP become JPEG, which everybody can open. A PDF that only opens with a password is refused: nobody could read it later.
"""

from __future__ import annotations

import hashlib
import io
import lzma
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

from candidates import pictures_inside
from topjob.errors import Refused
from topjob.incoming import NAMELESS_FILE
from topjob.text import clean

register_heif_opener(thumbnails=False)

MAX_PIXELS = 40_000_000
ACCEPT_SCAN = ".pdf,.jpg,.jpeg,.png,.heic,.heif,.webp"
ACCEPT = f"{ACCEPT_SCAN},.docx,.odt"
SCANS_IN_WORDS = "PDF, JPG, PNG, HEIC of WebP"
KINDS_IN_WORDS = "PDF, JPG, PNG, HEIC, WebP, Word (docx) of OpenDocument (odt)"
PDF_STARTS_WITHIN = 1024
HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
JPEG_QUALITY = 92
# A text document has some tens of parts; the list of them stands at its end, before a remark of at most 64 kB.
ZIP_END_WITHIN = 65_557
MOST_PARTS, LONGEST_LIST, MOST_UNPACKED = 2_000, 256 * 1024, 200 * 1024 * 1024
MACRO_PARTS = {"vbaproject.bin", "vbadata.xml", "vbaprojectsignature.bin"}
MACRO_FOLDERS = ("basic/", "scripts/")
MACROS_IN_WORDS = (b"macroenabled", b"vbaproject")
# What runs, or hides what is in it; pictures, tables and fonts may be inside.
RUNS = (
    ".exe",
    ".dll",
    ".com",
    ".scr",
    ".bat",
    ".cmd",
    ".js",
    ".vbs",
    ".ps1",
    ".jar",
    ".zip",
    ".rar",
    ".7z",
    ".docm",
    ".xlsm",
)


class NotAccepted(Exception):
    """The file can't be taken; the text says why and what to do."""


@dataclass(frozen=True)
class FileKind:
    content_type: str
    extension: str


PDF = FileKind("application/pdf", "pdf")
JPEG = FileKind("image/jpeg", "jpg")
PNG = FileKind("image/png", "png")
DOCX = FileKind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx")
ODT = FileKind("application/vnd.oasis.opendocument.text", "odt")


SCANS = (PDF, JPEG, PNG)
# What is kept of each kind of picture that may come in.
_PICTURES = {"JPEG": JPEG, "PNG": PNG, "HEIF": JPEG, "WEBP": JPEG}
# All that reading somebody's broken picture, PDF or text document raises.
_UNREADABLE = (
    OSError,
    AttributeError,
    AssertionError,
    MemoryError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    RuntimeError,
    EOFError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
)


class Taken(ContentFile):
    """A file as it is kept: looked at and cleaned, so that nobody does so twice."""

    def __init__(self, content: bytes, name: str, kind: FileKind) -> None:
        super().__init__(content, name=name)
        self.kind = kind


def take_scan(upload: File) -> Taken:
    """The same of what is a picture of paper: no text that can still be written in."""
    taken = take(upload, kinds=SCANS_IN_WORDS)
    if taken.kind not in SCANS:
        raise NotAccepted(_("Dit soort bestand kan niet. Kies een %(kinds)s.") % {"kinds": SCANS_IN_WORDS})
    return taken


def take(upload: File, *, kinds: str = KINDS_IN_WORDS) -> Taken:
    """An upload as it may be kept; raises `NotAccepted` when it is empty, too big, of another kind, locked or damaged."""
    if isinstance(upload, Taken):
        return upload
    if not upload.size:
        raise NotAccepted(_("Dit bestand is leeg."))
    if upload.size > settings.MAX_UPLOAD_BYTES:
        most = settings.MAX_UPLOAD_BYTES // (1024 * 1024)
        raise NotAccepted(_("Dit bestand is te groot. Het mag hoogstens %(most)d MB zijn.") % {"most": most})
    upload.seek(0)
    content = upload.read()
    kind, kept = _kept(content)
    if kind is None:
        raise NotAccepted(_("Dit soort bestand kan niet. Kies een %(kinds)s.") % {"kinds": kinds})
    return Taken(_without_notes(kept) if kind in (DOCX, ODT) else kept, upload.name or "", kind)


def _without_notes(document: bytes) -> bytes:
    try:
        return pictures_inside.without_notes(document)
    except (*_UNREADABLE, NotImplementedError) as error:
        text = _("Dit document of een foto erin is beschadigd. Sla het opnieuw op, of sla het op als pdf.")
        raise NotAccepted(text) from error


def _kept(content: bytes) -> tuple[FileKind | None, bytes]:
    """What an upload is, and the bytes that are kept of it."""
    if picture := _picture_format(content):
        return _PICTURES[picture], _drawn_anew(content, picture)
    if content.startswith(b"PK\x03\x04"):
        return _sniff_zip(content), content
    if (start := pdf_start(content)) is not None:
        return PDF, _readable(content[start:])
    return None, b""


def pdf_start(content: bytes) -> int | None:
    """Where a PDF begins: readers allow a byte-order mark or other bytes before it. None when it is no PDF."""
    start = content.find(b"%PDF-", 0, PDF_STARTS_WITHIN)
    return start if start >= 0 else None


def _readable(content: bytes) -> bytes:
    """A PDF that opens, and without a password; one that only may not be printed or changed does."""
    from pypdf import PasswordType, PdfReader  # loaded only where somebody uploads one
    from pypdf.errors import DependencyError, PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content))
        locked = reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED
        pages = 0 if locked else reader.get_num_pages()
    except (NotImplementedError, DependencyError):
        locked, pages = True, 0  # in a way that only its own reader knows
    except (PyPdfError, *_UNREADABLE):
        locked, pages = False, 0
    if locked:
        raise NotAccepted(_("Dit bestand is met een wachtwoord beveiligd. Sla het zonder wachtwoord op."))
    if pages < 1:
        raise NotAccepted(_("Deze pdf is beschadigd en gaat niet open. Sla haar opnieuw op of kies een ander bestand."))
    return content


def _picture_format(content: bytes) -> str:
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "WEBP"
    return "HEIF" if content[4:8] == b"ftyp" and content[8:12] in HEIF_BRANDS else ""


def _drawn_anew(content: bytes, picture: str) -> bytes:
    """The first picture in a file, upright and without what it tells beside it; one of too many pixels is never opened."""
    try:
        # Damage beside the picture itself doesn't matter: that isn't kept.
        with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(content), formats=[picture]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise NotAccepted(_("Deze afbeelding is te groot om te openen. Maak haar kleiner."))
            return _saved(ImageOps.exif_transpose(image), _PICTURES[picture])
    except (*_UNREADABLE, Image.DecompressionBombError) as error:
        raise NotAccepted(_("Deze afbeelding is beschadigd. Kies een ander bestand.")) from error


def _saved(image: Image.Image, kind: FileKind) -> bytes:
    """Only the pixels and how their colours are meant."""
    image.info = {name: image.info[name] for name in ("icc_profile", "transparency") if image.info.get(name)}
    profile = image.info.get("icc_profile")
    stream = io.BytesIO()
    if kind == PNG:
        image.save(stream, "PNG", icc_profile=profile)
    else:
        _without_transparency(image).save(stream, "JPEG", quality=JPEG_QUALITY, icc_profile=profile)
    return stream.getvalue()


def _without_transparency(image: Image.Image) -> Image.Image:
    """JPEG knows no transparency: white is behind it."""
    if image.mode in ("L", "RGB", "CMYK"):
        return image
    letters = image.convert("RGBA")
    paper = Image.new("RGB", image.size, "white")
    paper.paste(letters, mask=letters.getchannel("A"))
    return paper


def _sniff_zip(content: bytes) -> FileKind | None:
    """Text documents are zip files; only their list of contents is read, nothing is unpacked but what says of which kind it is.

    The list itself is looked at first: a small file can hold a list of eighty thousand names, or say that it is a terabyte.
    """
    if not _has_short_list(content):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = _harmless_names(archive)
            if {"word/document.xml", "[content_types].xml"} <= names.keys():
                kinds = _read_short(archive, names["[content_types].xml"]).replace(b"\x00", b"").lower()
                return None if any(word in kinds for word in MACROS_IN_WORDS) else DOCX
            if "mimetype" in names:
                return ODT if _read_short(archive, names["mimetype"]) == ODT.content_type.encode() else None
    except _UNREADABLE:
        return None
    return None


def _has_short_list(content: bytes) -> bool:
    """Whether the list at the end, by its own account, is one of a text document."""
    end = content.rfind(b"PK\x05\x06", -ZIP_END_WITHIN)
    if end < 0 or len(content) < end + 22:
        return False
    count, size = struct.unpack_from("<HL", content, end + 10)
    return count <= MOST_PARTS and size <= LONGEST_LIST


def _harmless_names(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The parts by name, whatever its capitals; none when two have one name, one runs something, or all are too big together."""
    parts = archive.infolist()
    names = {part.filename.replace("\\", "/").casefold(): part for part in parts}
    harmful = any(
        name.startswith(MACRO_FOLDERS) or PurePath(name).name in MACRO_PARTS or name.endswith(RUNS) for name in names
    )
    if harmful or len(names) < len(parts) or sum(part.file_size for part in parts) > MOST_UNPACKED:
        return {}
    return names


def _read_short(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    if part.file_size > LONGEST_LIST:
        raise ValueError("too long to say of which kind something is")
    return archive.read(part)


def clean_name(name: str) -> str:
    """The name people know, without path and control characters."""
    return clean(PurePath(name.replace("\\", "/")).name)[-200:].strip() or NAMELESS_FILE


def sha256(upload: File) -> str:
    upload.seek(0)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


# --- Keeping ---------------------------------------------------------------------------------------------------------
def accepted(upload: File, taking: Callable[[File], Taken] = take) -> Taken:
    """The same for an action: what can't be taken is refused, with why and what to do."""
    try:
        return taking(upload)
    except NotAccepted as refusal:
        raise Refused(str(refusal)) from refusal


def facts_of(taken: Taken, upload: File) -> dict[str, Any]:
    """What a row keeps of its file: what it was called, its kind, its size in bytes and its fingerprint."""
    return {
        "original_name": clean_name(upload.name or ""),
        "content_type": taken.kind.content_type,
        "size": taken.size,
        "sha256": sha256(taken),
    }


@contextmanager
def stored_with(row: Any, name: str, taken: Taken) -> Iterator[None]:
    """File and row, or neither: the block saves the row, and when that fails the file goes."""
    row.file.save(name, taken, save=False)
    try:
        with transaction.atomic():
            yield
    except BaseException:
        row.file.storage.delete(row.file.name)
        raise
