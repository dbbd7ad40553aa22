"""What people, browsers and attackers put where something else was expected. All of it by chance, the same for one seed."""

from __future__ import annotations

import io
import random
import zipfile
from urllib.parse import quote

# Comes back only escaped, or it is reflected.
MARK = "zq<\"'>zq"
NUMBERS = [
    "0", "-1", "1", "2147483647", "2147483648", "9223372036854775807", "9223372036854775808", "1e309", "NaN", "Infinity",
    "0x10", "١٢", "1_000", "1,5", "1.250,50", "00001", "+3", "1" * 400, "½", "-0", "",
]  # fmt: skip
DAYS = [
    "0000-00-00", "9999-12-31", "10000-01-01", "31-02-2026", "29-2-2027", "1-1-0001", "2026-11-28T25:00", "6-5-04", "vandaag",
    "32-13-2026", "0-0-0", "2026-W40", "١-٢-٢٠٢٦", "29-03-2026 02:30", "25-10-2026 02:30", "1-1-1", "",
]  # fmt: skip
TEXTS = [
    MARK, f"<script>{MARK}</script>", f'" onload="{MARK}', f"javascript:{MARK}", f"</textarea>{MARK}", "{{7*7}}", "{% now 'Y' %}",
    "${7*7}", "%s%n%d", "' OR 1=1 --", "\\'; SELECT pg_sleep(3); --", "a\x00b", "\ud800", "\u202eabc", "\u200b", "\ufeff",
    "e\u0301" * 60, "👩‍👩‍👧‍👦" * 20, "ﷺ" * 50, "Z" * 5000, "a\r\nSet-Cookie: x=1", "../../../../etc/passwd", "..%2f..%2fetc%2fpasswd",
    "=1+1", "@SUM(A1)", "C:\\con", "null", "undefined", "true", "[]", "{}", "[1,2]", '{"a":1}', "\t", " ", "\x0b\x0c", "\x7f",
    "ja", "on", "nee", "__all__", "-1", "İ", "ß", "ﬁ", "Ω≈ç", "中文", "דוד", "محمد", "ትግርኛ", "&lt;b&gt;", "%00", "%ff", "%",
]  # fmt: skip
ADDRESSES = [
    "file:///etc/passwd",
    "gopher://x",
    "data:text/html,x",
    "//",
    "http://[",
    "https://",
    "mailto:x@y",
    "\\\\host\\x",
]
PHONES = ["0", "+", "+31", "06 1234567890123", "0612345678;ext=9", "tel:+31612345678", "١٢٣٤٥٦٧٨٩"]
MAILS = [
    "a@",
    "@b",
    "a@b",
    "a" * 300 + "@post.example",
    '"a b"@post.example',
    "a@post.example\nBcc: b@post.example",
    "x@münchen.example",
]
TYPES = [
    "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-16", "multipart/form-data",
    "multipart/form-data; boundary=", "multipart/form-data; boundary=x; charset=utf-7", "application/json", "text/plain; charset=klingon",
    "application/x-www-form-urlencoded; charset=utf-8\x85", "multipart/mixed; boundary=x", "", "/", "a/b/c; =",
]  # fmt: skip
HEADERS = [
    ("Host", "127.0.0.1:99999"), ("Host", "evil.example"), ("Host", "127.0.0.1\t"), ("Host", ""), ("Accept-Language", "x-" * 500),
    ("Accept-Language", "nl;q=zz, \x85"), ("Accept", "application/json"), ("Referer", "http://["), ("Referer", f"http://x/{quote(MARK)}"),
    ("X-Forwarded-For", "9.9.9.9, junk, ::1%eth0"), ("X-Forwarded-For", "," * 200), ("X-Forwarded-Host", "evil.example"),
    ("X-Forwarded-Proto", "gopher"), ("HX-Request", "true"), ("HX-Current-URL", "//["), ("HX-Target", MARK.replace('"', "")),
    ("HX-Prompt", "%ff%fe"), ("HX-Trigger-Name-URI-AutoEncoded", "true"), ("Range", "bytes=9-1,-5,x"), ("If-Modified-Since", "gisteren"),
    ("If-None-Match", "W/"), ("X-CSRFToken", "\x80\x81"), ("Cookie", "sessionid=\x80; csrftoken=" + "x" * 4000), ("Cookie", "messages=W10:x:y"),
    ("Cookie", "laatst=" + "a" * 300), ("Origin", "null"), ("User-Agent", ""), ("User-Agent", MARK), ("Transfer-Encoding", "identity"),
    ("Expect", "100-continue-x"), ("Content-Encoding", "gzip"), ("Authorization", "Basic %%%"), ("X-Request-ID", "a\tb" * 100),
]  # fmt: skip


def value(chance: random.Random, sink: str) -> str:
    """Something for a box."""
    kinds = [
        NUMBERS,
        DAYS,
        TEXTS,
        TEXTS,
        ADDRESSES,
        PHONES,
        MAILS,
        [f"http://{sink}/a", f"//{sink}/b", f'<img src="http://{sink}/c">'],
    ]
    found = chance.choice(chance.choice(kinds))
    return found if chance.random() < 0.9 else found + chance.choice(chance.choice(kinds))


def word(chance: random.Random) -> str:
    """Something for a part of an address, as a careless or hostile client writes it."""
    raw = [
        "%00",
        "%ff%fe",
        "%",
        "%zz",
        "%2e%2e",
        "..",
        ".",
        "%E2%80%AE",
        "%0d%0aX:y",
        "a" * 3000,
        "%F0%9F%98%80",
        "%u0041",
        ";",
        "%3Cb%3E",
    ]
    if chance.random() < 0.4:
        return chance.choice(raw)
    return quote(chance.choice(chance.choice([NUMBERS, DAYS, TEXTS])), safe="", errors="surrogatepass")


def file(chance: random.Random, sink: str) -> tuple[str, str, bytes]:
    """A file for an upload: its name, what it says it is, and what it holds."""
    contents = [
        b"", b"%PDF-1.7", b"%PDF-1.7\n%%EOF", b"\xef\xbb\xbf%PDF-1.4 x", b"PK\x03\x04", b"\xff\xd8\xff\xe0" + b"\x00" * 50,
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 30, b"GIF89a", b"RIFF\x00\x00\x00\x00WEBP", b"\x00\x00\x00\x18ftypheic" + b"\x00" * 20,
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>", b"MZ\x90\x00", b"\x00" * 100_000, _word_file(sink), _nested_zip(),
    ]  # fmt: skip
    names = [
        "a.pdf",
        "a.docx",
        "a.jpg",
        "a.png",
        "a.heic",
        "../../a.pdf",
        "a\x00.pdf",
        "con",
        ".",
        "é" * 200 + ".pdf",
        f"{MARK}.pdf",
        "a.pdf.exe",
        "",
    ]
    types = [
        "application/pdf",
        "image/jpeg",
        "text/html",
        "",
        "application/octet-stream",
        "image/heic",
        "x/y; charset=utf-16",
    ]
    return chance.choice(names), chance.choice(types), chance.choice(contents)


def _word_file(sink: str) -> bytes:
    """A document that asks whoever opens it to fetch something."""
    told = (
        f'<Relationships><Relationship Id="r" Type="t" Target="http://{sink}/d" TargetMode="External"/></Relationships>'
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f'<!DOCTYPE a SYSTEM "http://{sink}/e"><a/>')
        archive.writestr("word/_rels/document.xml.rels", told)
    return made.getvalue()


def _nested_zip() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"\x00" * 3_000_000)
        archive.writestr("word/VBAProject.BIN", b"x")
    return made.getvalue()
