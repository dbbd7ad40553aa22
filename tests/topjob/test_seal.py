"""The seal: whole on what we made, broken by any change, kept checkable, and watched until its end."""

from __future__ import annotations

import datetime
import io
import random
from pathlib import Path

import pytest
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.db import DatabaseError, transaction
from django.urls import reverse
from pyhanko.pdf_utils.generic import NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers import pdf_cms
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader
from weasyprint import HTML

from accounts.models import Role
from accounts.tasks import watch_seal
from tests import factories
from topjob import clock, outbox, seal
from topjob.certificates import SealUnusable, Verdict, current, is_ending
from topjob.models import OutboxMessage, SealCertificate

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def plain() -> bytes:
    return HTML(string="<html lang=nl><title>Proef</title><p>Dit is het document.").write_pdf(pdf_variant="pdf/ua-1")


@pytest.fixture(autouse=True)
def own_certificate(settings, tmp_path_factory) -> None:
    settings.SEAL_PKCS12 = str(tmp_path_factory.getbasetemp() / "zegel.p12")


@pytest.fixture
def sealed(plain: bytes) -> bytes:
    return seal.seal(plain)


def certificates() -> list[bytes]:
    return [bytes(row.der) for row in SealCertificate.objects.all()]


def reader_says(pdf: bytes) -> bool:
    """What pyHanko, which reads the PDF as Acrobat would, makes of it: `bottom_line`, for `intact` forgives additions."""
    roots = [asn1.Certificate.load(der) for der in certificates()]
    try:
        signature = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[0]
        context = ValidationContext(trust_roots=roots, allow_fetching=False, moment=clock.now())
        return validate_pdf_signature(signature, context).bottom_line
    except Exception:  # whatever a damaged file makes the reader throw, it is no yes
        return False


def test_a_sealed_document_is_whole(sealed: bytes) -> None:
    assert seal.check(sealed, certificates()) is Verdict.WHOLE
    assert reader_says(sealed)


def test_the_seal_is_pades_and_says_nothing_of_advanced_or_qualified(sealed: bytes) -> None:
    found = PdfReader(io.BytesIO(sealed)).root_object["/AcroForm"]["/Fields"][0].get_object()["/V"].get_object()
    assert found["/SubFilter"] == "/ETSI.CAdES.detached"
    assert found["/M"].startswith(f"D:{clock.now():%Y%m%d}")
    for word in ("geavanceerd", "gekwalificeerd", "advanced", "qualified"):
        assert word not in found["/Reason"].lower()


def test_the_key_is_checked_once_however_much_is_sealed(plain: bytes, tmp_path: Path, settings, monkeypatch) -> None:
    read, load = [], serialization.load_der_private_key

    def counted(*key: object, **options: object) -> object:
        read.append(key)
        return load(*key, **options)

    monkeypatch.setattr(pdf_cms.serialization, "load_der_private_key", counted)
    monkeypatch.setattr(seal, "load_der_private_key", counted)
    settings.SEAL_PKCS12 = str(tmp_path / "zegel.p12")
    several = [seal.seal(plain) for _ in range(3)]
    assert all(map(reader_says, several))
    assert len(read) == 1


def test_a_certificate_with_another_kind_of_key_seals_as_well(plain: bytes, tmp_path: Path, settings) -> None:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Zegel")])
    now = clock.now()
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + datetime.timedelta(days=9))
    certificate = made.sign(key, hashes.SHA256())
    password = serialization.BestAvailableEncryption(settings.SEAL_PASSWORD.encode())
    path = tmp_path / "zegel.p12"
    path.write_bytes(serialization.pkcs12.serialize_key_and_certificates(b"zegel", key, certificate, None, password))
    settings.SEAL_PKCS12 = str(path)
    assert seal.check(seal.seal(plain), certificates()) is Verdict.WHOLE


def test_the_page_stays_as_it_was(plain: bytes, sealed: bytes) -> None:
    assert sealed.startswith(plain)
    assert "/Version /2.0" not in sealed[len(plain) :].decode("latin-1")


def test_any_changed_byte_breaks_it(sealed: bytes) -> None:
    """A thousand places, the same in each run; those inside the signature itself are in the next test."""
    chance, known = random.Random(4), certificates()
    gap = _gap(sealed)
    for _ in range(1000):
        place = chance.choice([chance.randrange(gap.start), chance.randrange(gap.stop, len(sealed))])
        changed = bytearray(sealed)
        changed[place] ^= 1 << chance.randrange(8)
        assert seal.check(bytes(changed), known) is not Verdict.WHOLE, place


def test_the_reader_agrees_on_changes_in_what_is_shown(sealed: bytes, plain: bytes) -> None:
    chance = random.Random(5)
    for _ in range(15):
        changed = bytearray(sealed)
        changed[chance.randrange(20, len(plain) - 20)] ^= 4
        assert not reader_says(bytes(changed))


def test_a_changed_signature_breaks_it(sealed: bytes) -> None:
    gap = _gap(sealed)
    # The last bytes of the signature are the signed number itself; what follows is filling.
    end = len(sealed[gap.start + 1 : gap.stop - 1].rstrip(b"0"))
    for back in (2, 50, 300, 700):
        changed = bytearray(sealed)
        place = gap.start + 1 + end - back
        changed[place] = ord("0") if changed[place] != ord("0") else ord("1")
        assert seal.check(bytes(changed), certificates()) is not Verdict.WHOLE
    filling = bytearray(sealed)
    filling[gap.stop - 3 : gap.stop - 1] = b"ff"
    assert seal.check(bytes(filling), certificates()) is not Verdict.WHOLE


def _gap(pdf: bytes) -> range:
    """Where the signature stands in the file, brackets included."""
    _start, before, after, _rest = map(int, seal.BYTE_RANGE.findall(pdf)[-1])
    return range(before, after)


def test_something_added_behind_breaks_it(sealed: bytes) -> None:
    """What a PDF reader's `intact` would let through."""
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = NumberObject(90)
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    assert seal.check(out.getvalue(), certificates()) is Verdict.BROKEN
    assert not reader_says(out.getvalue())
    assert seal.check(sealed + b"\n", certificates()) is Verdict.BROKEN


def test_somebody_elses_seal_is_not_ours(plain: bytes, sealed: bytes, settings, tmp_path: Path) -> None:
    ours = certificates()
    settings.SEAL_PKCS12 = str(tmp_path / "ander.p12")
    theirs = seal.seal(plain)
    assert seal.check(theirs, ours) is Verdict.ABSENT
    assert seal.check(theirs, certificates()) is Verdict.WHOLE


def test_without_a_seal(plain: bytes, sealed: bytes) -> None:
    assert seal.check(plain, certificates()) is Verdict.ABSENT
    assert seal.check(b"", certificates()) is Verdict.ABSENT


@pytest.mark.parametrize(
    "gap",
    [
        b"<>",
        b"<00>",
        b"<zz>",
        b"<30>",
        b"<3080>",
        b"(3000)",
        b"<" + b"30" * 70_000 + b">",
        b"<" + b"3080" * 5_000 + b">",
    ],
)
def test_rubbish_in_the_place_of_a_signature_is_no_seal(sealed: bytes, gap: bytes) -> None:
    head = b"%PDF-1.7 /ByteRange [0 @@@@ #### 5] "
    before = len(head)
    head = head.replace(b"@@@@", b"%4d" % before).replace(b"####", b"%4d" % (before + len(gap)))[: len(head)]
    assert seal.check(head + gap + b"%EOF!"[:5], certificates()) is Verdict.ABSENT
    assert seal.check(b"/ByteRange [0 1 9999999999 9999999999]" * 1000, certificates()) is Verdict.ABSENT


def test_documents_stay_checkable_after_the_certificate_is_replaced(sealed: bytes, plain, settings, tmp_path) -> None:
    settings.SEAL_PKCS12 = str(tmp_path / "nieuw.p12")
    seal.seal(plain)
    assert SealCertificate.objects.count() == 2
    assert seal.check(sealed, certificates()) is Verdict.WHOLE


def test_a_certificate_row_never_changes(sealed: bytes) -> None:
    with pytest.raises(DatabaseError, match=r"(?i)permission denied|verander|liggen vast"), transaction.atomic():
        SealCertificate.objects.update(der=b"x")


def test_an_ended_certificate_seals_nothing(sealed: bytes, plain: bytes) -> None:
    with clock.at(clock.today() + datetime.timedelta(days=366 * 6)), pytest.raises(SealUnusable, match="holds"):
        seal.seal(plain)


def test_production_makes_no_certificate_of_its_own(plain: bytes, settings, tmp_path: Path) -> None:
    settings.PRODUCTION = True
    settings.SEAL_PKCS12 = str(tmp_path / "ontbreekt.p12")
    with pytest.raises(SealUnusable, match="SEAL_PKCS12"):
        seal.seal(plain)


def test_a_process_that_does_not_seal_says_so(plain: bytes, settings) -> None:
    settings.SEAL_PKCS12 = ""
    with pytest.raises(SealUnusable, match="TOPJOB_SEALS"):
        seal.seal(plain)


def test_a_wrong_password_is_told(sealed: bytes, plain: bytes, settings, tmp_path: Path) -> None:
    path = tmp_path / "kopie.p12"
    path.write_bytes(Path(settings.SEAL_PKCS12).read_bytes())
    settings.SEAL_PKCS12, settings.SEAL_PASSWORD = str(path), "verkeerd"
    with pytest.raises(SealUnusable, match="SEAL_PASSWORD"):
        seal.seal(plain)


def test_the_key_is_for_its_owner_only(sealed: bytes, settings) -> None:
    assert Path(settings.SEAL_PKCS12).stat().st_mode & 0o077 == 0


# --- The end of the certificate ---------------------------------------------------------------------------------------
def days_before_the_end(days: int) -> datetime.date:
    return current().not_after.astimezone(clock.AMSTERDAM).date() - datetime.timedelta(days=days)


def test_every_beheerder_hears_in_time_and_once(sealed: bytes, mailoutbox) -> None:
    first, second = factories.staff(Role.BEHEERDER), factories.staff(Role.BEHEERDER)
    with clock.at(days_before_the_end(61)):
        watch_seal()
        assert not OutboxMessage.objects.filter(handler="mail_seal_ends").exists()
    with clock.at(days_before_the_end(60)):
        watch_seal()
        watch_seal()
        messages = list(OutboxMessage.objects.filter(handler="mail_seal_ends"))
        assert len(messages) == 2
        assert all(outbox.run(message.pk) for message in messages)
    assert {mail.to[0] for mail in mailoutbox} == {first.email, second.email}
    assert "loopt af op" in mailoutbox[0].body


def test_the_beheerder_sees_it(sealed: bytes, client) -> None:
    client.force_login(factories.staff(Role.BEHEERDER))
    with clock.at(days_before_the_end(61)):
        assert "wordt er niets meer verzegeld" not in client.get(reverse("accounts:manage")).content.decode()
    with clock.at(days_before_the_end(59)):
        assert "wordt er niets meer verzegeld" in client.get(reverse("accounts:manage")).content.decode()


def test_the_beheerder_sees_that_there_is_none(client, settings) -> None:
    client.force_login(factories.staff(Role.BEHEERDER))
    url = reverse("accounts:manage")
    assert "SEAL_PKCS12" not in client.get(url).content.decode()
    settings.PRODUCTION = True
    assert "SEAL_PKCS12" in client.get(url).content.decode()
    settings.PRODUCTION = False
    watch_seal()
    settings.PRODUCTION = True
    assert "SEAL_PKCS12" not in client.get(url).content.decode()


def test_a_replaced_certificate_warns_nobody(sealed: bytes, plain: bytes, settings, tmp_path: Path, mailoutbox) -> None:
    factories.staff(Role.BEHEERDER)
    with clock.at(days_before_the_end(30)):
        watch_seal()
        settings.SEAL_PKCS12 = str(tmp_path / "vers.p12")
        watch_seal()
        assert is_ending() is None
        assert outbox.run(OutboxMessage.objects.get(handler="mail_seal_ends").pk)
    assert mailoutbox == []
