"""Photos in a text document keep no place, no time and no telephone either: what stands beside their pixels is taken out.

The pixels stay to the byte, and so does which side is up, because a text processor has given the picture its room by that. A part
is known by what is in it, wherever it stands in the document; everything else is copied as it was. Pictures in other formats than
JPEG and PNG stay as they are: a telephone's photo comes into a text document as one of those two.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable, Iterator

from PIL import Image

# More than a text document needs; reading stops at what a part says it is, so together they can't take more than this.
MOST_PARTS, MOST_UNPACKED = 2_000, 100 * 1024 * 1024
JPEG_START, PNG_START = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
# Markers that tell of the picture itself: its tables, its frame, its scans; JFIF, the colour profile and Adobe's colours.
END, SCAN, EXIF = 0xD9, 0xDA, 0xE1
KEPT_NOTES = {0xE0: b"JFIF", 0xE2: b"ICC_PROFILE\x00", 0xEE: b"Adobe"}
NOTES = {*range(0xE0, 0xF0), 0xFE}
NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
TOLD_BESIDE = {b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"}
ORIENTATION = 0x0112


def without_notes(document: bytes) -> bytes:
    """The document with nothing beside the pixels of its photos; the same bytes where there was nothing.

    Raises ValueError when a photo or the document is damaged, or when it unpacks to more than a text document can be.
    """
    with zipfile.ZipFile(io.BytesIO(document)) as source:
        parts = source.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise ValueError("unpacks to too much")
        cleaned = {part.filename: kept for part in parts if (kept := _cleaned(source, part)) is not None}
        return _copied(source, cleaned) if cleaned else document


def _cleaned(source: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes | None:
    """What a photo becomes; nothing when it is none, or tells nothing."""
    with source.open(part) as stream:
        start = stream.read(len(PNG_START))
        clean = _cleaner(start)
        content = start + stream.read() if clean else b""
    kept = clean(content) if clean else content
    return None if kept == content else kept


def _cleaner(start: bytes) -> Callable[[bytes], bytes] | None:
    if start.startswith(JPEG_START):
        return clean_jpeg
    return clean_png if start == PNG_START else None


def _copied(source: zipfile.ZipFile, cleaned: dict[str, bytes]) -> bytes:
    """In the same order and packed in the same way: readers look for the kind of a document in its first part."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as copy:
        for part in source.infolist():
            content = cleaned[part.filename] if part.filename in cleaned else source.read(part)
            copy.writestr(part, content)
    return target.getvalue()


# --- Photos ----------------------------------------------------------------------------------------------------------
def clean_jpeg(content: bytes) -> bytes:
    """The picture up to its end, without Exif, XMP, IPTC, remarks and further pictures behind it; the upper side stays told."""
    up = _side_up(content)
    upright = [] if up == 1 else [_exif_of(up)]
    return b"".join([JPEG_START, *upright, *_segments(content), b"\xff\xd9"])


def _segments(content: bytes) -> Iterator[bytes]:
    at = len(JPEG_START)
    while True:
        at, marker = _marker_at(content, at)
        if marker == END:
            return
        (length,) = struct.unpack_from(">H", content, at)
        body = content[at : at + length]
        if length < 2 or len(body) < length:
            raise ValueError("a segment ends too early")
        if marker not in NOTES or body[2:].startswith(KEPT_NOTES.get(marker, b"\x00nothing")):
            yield bytes([0xFF, marker]) + body
        at += length
        if marker == SCAN:
            found = NEXT_MARKER.search(content, at)
            if found is None:
                yield content[at:]  # cut off, as readers take it
                return
            yield content[at : found.start()]
            at = found.start()


def _marker_at(content: bytes, at: int) -> tuple[int, int]:
    """The next marker, and where what belongs to it begins. More of the first byte may stand before it."""
    if content[at : at + 1] != b"\xff":
        raise ValueError("no marker where one must be")
    while content[at : at + 1] == b"\xff":
        at += 1
    if at >= len(content):
        raise ValueError("ends before the picture")
    return at + 1, content[at]


def _side_up(content: bytes) -> int:
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG"]) as image:
            up = image.getexif().get(ORIENTATION, 1)
    except (OSError, SyntaxError, ValueError, TypeError, struct.error, Image.DecompressionBombError):
        return 1
    return up if up in range(2, 9) else 1


def _exif_of(up: int) -> bytes:
    """Only which side is up."""
    exif = Image.Exif()
    exif[ORIENTATION] = up
    body = exif.tobytes()
    return bytes([0xFF, EXIF]) + struct.pack(">H", len(body) + 2) + body


def clean_png(content: bytes) -> bytes:
    """Every part of the picture but what is told beside it; nothing behind its end."""
    kept, at = [PNG_START], len(PNG_START)
    while True:
        if len(content) < at + 12:
            raise ValueError("ends before the picture")
        length, kind = struct.unpack_from(">I4s", content, at)
        if kind not in TOLD_BESIDE:
            kept.append(content[at : at + length + 12])
        at += length + 12
        if kind == b"IEND":
            return b"".join(kept)
