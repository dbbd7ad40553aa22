"""What may be uploaded, judged by what is in the file and never by its name."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass
from pathlib import PurePath

from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from topjob.incoming import NAMELESS_FILE
from topjob.text import clean

MAX_PIXELS = 40_000_000
ACCEPT = ".pdf,.jpg,.jpeg,.png,.docx,.odt"
KINDS_IN_WORDS = "PDF, JPG, PNG, Word (docx) of OpenDocument (odt)"


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


def examine(upload: File, *, kinds: str = KINDS_IN_WORDS) -> FileKind:
    """The kind of an upload; raises `NotAccepted` when it is empty, too big, of another kind or damaged."""
    if not upload.size:
        raise NotAccepted(_("Dit bestand is leeg."))
    if upload.size > settings.MAX_UPLOAD_BYTES:
        most = settings.MAX_UPLOAD_BYTES // (1024 * 1024)
        raise NotAccepted(_("Dit bestand is te groot. Het mag hoogstens %(most)d MB zijn.") % {"most": most})
    kind = _sniff(upload)
    if kind is None:
        raise NotAccepted(_("Dit soort bestand kan niet. Kies een %(kinds)s.") % {"kinds": kinds})
    if kind in (JPEG, PNG):
        _check_image(upload)
    upload.seek(0)
    return kind


def _sniff(upload: File) -> FileKind | None:
    upload.seek(0)
    head = upload.read(1024)
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    return _sniff_zip(upload) if head.startswith(b"PK\x03\x04") else None


def _sniff_zip(upload: File) -> FileKind | None:
    """Text documents are zip files; only their list of contents is read, nothing is unpacked but the short type line."""
    upload.seek(0)
    try:
        with zipfile.ZipFile(upload) as archive:
            names = set(archive.namelist())
            if "word/document.xml" in names and "[Content_Types].xml" in names and "word/vbaProject.bin" not in names:
                return DOCX
            if "mimetype" in names and archive.getinfo("mimetype").file_size == len(ODT.content_type):
                return ODT if archive.read("mimetype").decode("ascii", "replace") == ODT.content_type else None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError):
        return None
    return None


def _check_image(upload: File) -> None:
    """A picture must be whole, and not so large in pixels that opening it floods the memory."""
    upload.seek(0)
    try:
        with Image.open(upload) as image:
            if image.width * image.height > MAX_PIXELS:
                raise NotAccepted(_("Deze afbeelding is te groot om te openen. Maak haar kleiner."))
            image.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise NotAccepted(_("Deze afbeelding is beschadigd. Kies een ander bestand.")) from error


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
