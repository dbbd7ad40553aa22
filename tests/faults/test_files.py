"""Files: a full disk (18), an upload that is cut off (19), a file without a row and a row without a file (20). I6."""

from __future__ import annotations

import os
import random
import resource
import socket
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from accounts.models import VerifyRun
from candidates.models import CandidateDocument
from tests import factories
from tests.faults import invariants
from tests.faults.browser import CSRF
from tests.faults.stack import FaultStack
from tests.faults.test_processes import once_and_all_of_it, send_the_plan
from tests.faults.world import World
from topjob.models import OutboxMessage
from trajectories.models import GeneratedDocument, StartPlan

MEGABYTE = 1024 * 1024


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


# --- 18 A full disk --------------------------------------------------------------------------------------------------
@pytest.mark.fault(18)
def test_a_full_disk_leaves_no_half_document_and_is_tried_again(
    working: FaultStack, world: World, dice: random.Random
) -> None:
    before = files(working.media)
    working.order("render_plan.disk", f"limit {dice.randint(1, 6000)}")
    plan = send_the_plan(working, world)
    message = OutboxMessage.objects.get(key=f"render-plan-{plan.pk}")

    def failed() -> bool:
        message.refresh_from_db()
        return bool(message.error)

    working.wait_until(failed, "mislukte poging")
    assert working.reached("render_plan.disk")
    assert "OSError" in message.error and message.outcome == OutboxMessage.Outcome.WAITING
    assert files(working.media) == before
    assert StartPlan.objects.get(pk=plan.pk).document is None
    working.later(minutes=10)
    once_and_all_of_it(working, plan)


@contextmanager
def full_disk(size: int):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.control(18)
def test_a_plain_storage_leaves_half_a_document(stack: FaultStack) -> None:
    with full_disk(3000), pytest.raises(OSError):
        FileSystemStorage(stack.media).save("half.pdf", ContentFile(b"%PDF" + b"x" * 20_000))
    assert 0 < (stack.media / "half.pdf").stat().st_size < 20_000


# --- 19 An upload that is cut off ------------------------------------------------------------------------------------
def multipart(content: bytes) -> tuple[str, bytes]:
    """A form with a file as a browser sends it."""
    mark = "grens1234567890"
    fields = {"csrfmiddlewaretoken": CSRF, "kind": "cv", "title": "Mijn cv"}
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode() for n, v in fields.items()
    ]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="cv.pdf"\r\n'
    parts += [head.encode(), b"Content-Type: application/pdf\r\n\r\n", content, f"\r\n--{mark}--\r\n".encode()]
    return f"multipart/form-data; boundary={mark}", b"".join(parts)


def upload(
    stack: FaultStack, path: str, session: str, content: bytes, until: int | None = None, *, as_form: bool = True
) -> str:
    """Send a form with a file, or its first bytes only; answers the status line, empty when the line was cut."""
    kind, body = multipart(content) if as_form else ("application/octet-stream", content)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{stack.port}\r\nCookie: csrftoken={CSRF}; sessionid={session}\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", stack.port), timeout=30) as line:
        line.sendall(head.encode() + body[:until])
        if until is not None:
            time.sleep(0.3)
            return ""
        return line.recv(64).decode(errors="replace").partition("\r\n")[0]


@pytest.mark.fault(19)
def test_a_cut_upload_leaves_nothing_and_the_next_one_works(
    stack: FaultStack, world: World, dice: random.Random
) -> None:
    candidate = world.case("draft").candidate_id
    session = stack.browser(world.user("regisseur")).session
    path, content = f"/personen/{candidate}/cv/bestand/", factories.pdf_file(attached=os.urandom(4 * MEGABYTE))
    before, received = files(stack.media), files(stack.folder / "tmp")
    for _line in range(3):
        upload(stack, path, session, content, until=dice.randint(500, 4 * MEGABYTE))
    time.sleep(1)
    assert files(stack.media) == before
    assert not CandidateDocument.objects.filter(candidate=candidate).exists()
    assert files(stack.folder / "tmp") == received, "what was received of it stays on the disk"
    assert "302" in upload(stack, path, session, content)
    document = CandidateDocument.objects.get(candidate=candidate)
    assert (stack.media / document.file.name).read_bytes() == content


@pytest.mark.control(19)
def test_writing_while_receiving_leaves_half_a_file(stack: FaultStack) -> None:
    content = os.urandom(2 * MEGABYTE)
    upload(stack, "/naive/upload/", "", content, until=MEGABYTE, as_form=False)
    stack.wait_until(lambda: (stack.media / "naive.bin").exists(), "bestand")
    time.sleep(0.5)
    assert 0 < (stack.media / "naive.bin").stat().st_size < len(content)


# --- 20 A file without a row, a row without a file -------------------------------------------------------------------
def verify(stack: FaultStack) -> str:
    """What the nightly check says; empty when all is well."""
    try:
        stack.manage("verify")
    except RuntimeError as found:
        return str(found)
    return ""


def lost_and_orphaned(stack: FaultStack, dice: random.Random) -> tuple[GeneratedDocument, Path]:
    """One document's file goes, and a file nobody knows of has been there for hours; a day old it would be swept."""
    lost = dice.choice(list(GeneratedDocument.objects.order_by("pk")))
    (stack.media / lost.file.name).unlink()
    orphan = stack.media / "documenten" / f"{dice.getrandbits(128):032x}.pdf"
    orphan.write_bytes(b"%PDF nobody's")
    hours_ago = time.time() - 3 * 3600
    os.utime(orphan, (hours_ago, hours_ago))
    return lost, orphan


@pytest.mark.fault(20)
def test_the_nightly_check_names_what_is_missing_and_what_is_nobodys(
    working: FaultStack, world: World, dice: random.Random
) -> None:
    assert verify(working) == ""
    lost, orphan = lost_and_orphaned(working, dice)
    report = verify(working)
    assert lost.file.name in report or f"{lost.pk}" in report
    assert orphan.name in report
    before = VerifyRun.objects.count()
    working.tell("accounts.tasks.verify_everything")
    working.wait_until(lambda: VerifyRun.objects.count() > before, "nachtelijke controle", 60)
    page = working.browser(world.user("beheerder")).get("/beheer/controle/")
    assert page.status == 200 and orphan.name in page.text
    # The invariants that follow are about the product's own doing; this loss was ours.
    (working.media / lost.file.name).write_bytes(_original(working, lost))
    orphan.unlink()
    assert verify(working) == ""


def _original(stack: FaultStack, lost: GeneratedDocument) -> bytes:
    return (stack.folder / "media of the world" / lost.file.name).read_bytes()


@pytest.mark.control(20)
def test_who_looks_at_rows_only_sees_nothing(stack: FaultStack, dice: random.Random) -> None:
    lost_and_orphaned(stack, dice)
    rows = GeneratedDocument.objects.all()
    assert all(row.file.name and len(row.sha256) == 64 and row.size for row in rows)
    assert invariants.rows_without_file(stack.media) and invariants.files_without_row(stack.media)
