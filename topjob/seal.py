"""The organisation's seal under a PDF (PAdES B-B): put on by the worker, checked by anyone with the document.

The seal says who made a document and that it is whole. It is no person's signature, and neither advanced nor qualified.
"""

from __future__ import annotations

import datetime
import hashlib
import io
import os
import re
import tempfile
from collections.abc import Iterable
from functools import cached_property, lru_cache
from pathlib import Path

from asn1crypto import cms
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, load_der_private_key, pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError, get_pyca_cryptography_hash
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

from topjob import clock
from topjob.certificates import SealUnusable, Verdict, remember
from topjob.errors import promised

FIELD = "Zegel"
DIGEST = "sha256"
SELF_MADE_YEARS = 5
# A signature's place in the file, and the most that a seal of ours takes there.
BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]")
MAX_SEAL_BYTES = 64 * 1024
MAX_RANGES = 20


# --- The certificate -------------------------------------------------------------------------------------------------
class _Held(SimpleSigner):
    """Checks its RSA key once, when it is read. The library does so for every signature, and signs once more to see how much
    room one takes: together that was more than half of the time that a sealed document took.
    """

    @cached_property
    def _key(self) -> PrivateKeyTypes:
        return load_der_private_key(self.signing_key.dump(), password=None)

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """Any other kind of key goes the library's way."""
        key = self._key
        if not isinstance(key, rsa.RSAPrivateKey) or self.prefer_pss:
            return await super().async_sign_raw(data, digest_algorithm, dry_run)
        if dry_run:
            return bytes(key.key_size // 8)
        return key.sign(data, PKCS1v15(), get_pyca_cryptography_hash(digest_algorithm))


def signer() -> SimpleSigner:
    """Key and certificate: the operator's (PKCS#12), or outside production a self-made one, made on first use."""
    if not settings.SEAL_PKCS12:
        raise SealUnusable("this process seals nothing (TOPJOB_SEALS)")
    path = Path(settings.SEAL_PKCS12)
    if not path.exists() and not settings.PRODUCTION:
        _make_certificate(path)
    try:
        changed = path.stat().st_mtime_ns
    except OSError as error:
        raise SealUnusable(f"SEAL_PKCS12 {path}: {error.strerror}") from error
    return _load(path, changed)


@lru_cache(maxsize=2)
def _load(path: Path, changed: int) -> SimpleSigner:
    try:
        read = SimpleSigner.load_pkcs12_data(path.read_bytes(), [], passphrase=settings.SEAL_PASSWORD.encode())
    except ValueError as error:
        raise SealUnusable(f"SEAL_PKCS12 {path} can't be opened with SEAL_PASSWORD") from error
    return _Held(read.signing_cert, read.signing_key, read.cert_registry)


def _make_certificate(path: Path) -> None:
    """A certificate that only this installation vouches for. Two processes at once: the first one's stays."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Top Job"),
            x509.NameAttribute(NameOID.COMMON_NAME, "Zegel van Top Job (zelfgemaakt, voor de demo)"),
        ]
    )
    # The demo's clock moves both ways; its certificate must hold wherever it points.
    now, years = clock.now(), datetime.timedelta(days=366 * SELF_MADE_YEARS)
    uses = {"digital_signature": True, "content_commitment": True} | dict.fromkeys(
        (
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now - years, now + years)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**uses), critical=True)
        .sign(key, hashes.SHA256())
    )
    password = BestAvailableEncryption(settings.SEAL_PASSWORD.encode())
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as made:
        made.write(pkcs12.serialize_key_and_certificates(b"zegel", key, certificate, None, password))
    try:
        os.link(made.name, path)
    except FileExistsError:
        pass  # another process was first: its certificate is the one
    finally:
        Path(made.name).unlink()


# --- Sealing ---------------------------------------------------------------------------------------------------------
class _Signer(PdfSigner):
    """Signs at the product's own time (decision 18)."""

    def init_signing_session(self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = clock.now()
        return session


def seal(pdf: bytes) -> bytes:
    """The same document with the organisation's seal: invisible, so that the page stays as signed, and open to no change."""
    key = signer()
    certificate, now = promised(key.signing_cert), clock.now()
    if not certificate.not_valid_before <= now <= certificate.not_valid_after:
        raise SealUnusable(f"the seal's certificate holds until {certificate.not_valid_after:%d-%m-%Y}")
    remember(certificate)
    details = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm=DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        name="Top Job",
        reason="Zegel van de organisatie: dit document is van Top Job en is niet veranderd.",
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    # The document's own description, with its claim to PDF/A and PDF/UA, stays as it is.
    writer.document_meta.xmp_unmanaged = True
    sealed = io.BytesIO()
    try:
        _Signer(details, signer=key).sign_pdf(writer, output=sealed)
    except SigningError as error:
        raise SealUnusable(str(error)) from error
    return sealed.getvalue()


# --- Checking --------------------------------------------------------------------------------------------------------
def check(pdf: bytes, trusted: Iterable[bytes]) -> Verdict:
    """Whether these bytes carry a whole seal of one of these certificates (DER).

    Reads no PDF: a stranger's file is only searched for the place of a signature that covers all of it but itself, so there
    is nothing to unpack and nothing that can follow the sealed part. Stricter than a PDF reader, which allows some changes.
    """
    ours = {der: asn1.Certificate.load(der) for der in trusted}
    verdict = Verdict.ABSENT
    for number, found in enumerate(BYTE_RANGE.finditer(pdf)):
        if number == MAX_RANGES:
            break
        start, before, after, rest = map(int, found.groups())
        container = _container(pdf[before:after])
        if container is None or not (names := [ours[der] for der in _certificates(container) if der in ours]):
            continue
        covers_all = start == 0 and after + rest == len(pdf)
        if covers_all and any(_holds(container, certificate, pdf, before, after) for certificate in names):
            return Verdict.WHOLE
        verdict = Verdict.BROKEN
    return verdict


def _container(gap: bytes) -> cms.SignedData | None:
    """The signature in the gap of the file: a hexadecimal string in brackets, filled up with zeros."""
    if not 2 < len(gap) <= 2 * MAX_SEAL_BYTES or gap[:1] != b"<" or gap[-1:] != b">":
        return None
    try:
        raw = bytes.fromhex(gap[1:-1].decode("ascii"))
        info = cms.ContentInfo.load(raw)
        return info["content"] if info["content_type"].native == "signed_data" and _is_padded(raw, info) else None
    except (ValueError, TypeError, KeyError, IndexError, RecursionError):
        return None  # whatever a stranger put there, it is no seal


def _is_padded(raw: bytes, info: cms.ContentInfo) -> bool:
    return not raw[len(info.dump()) :].strip(b"\x00")


def _certificates(container: cms.SignedData) -> list[bytes]:
    try:
        return [row.chosen.dump() for row in container["certificates"]]
    except (ValueError, TypeError, KeyError):
        return []


def _holds(container: cms.SignedData, certificate: asn1.Certificate, pdf: bytes, before: int, after: int) -> bool:
    digest = hashlib.sha256(pdf[:before])
    digest.update(memoryview(pdf)[after:])
    try:
        (row,) = container["signer_infos"]
        if row["digest_algorithm"]["algorithm"].native != DIGEST:
            return False
        intact, valid = validate_sig_integrity(row, certificate, "data", digest.digest())
    except (ValueError, TypeError, KeyError, SignatureValidationError):
        return False
    return intact and valid
