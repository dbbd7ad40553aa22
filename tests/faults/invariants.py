"""I1–I6 of RELIABILITY.md, asked of a database after a fault."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

from accounts.models import AuditEntry
from topjob.models import OutboxMessage
from trajectories.models import GeneratedDocument, Signature, StartPlan, Trajectory
from trajectories.process.workflow import steps_from
from trajectories.signing.links import SIGNED


def check(media: Path) -> None:
    """What must hold whatever happened."""
    only_allowed_steps()
    change_trace_and_work_together()
    once_each()
    documents_as_signed(media)


def only_allowed_steps() -> None:
    """I5: the log tells an unbroken road of allowed steps that ends where the case stands."""
    for case in Trajectory.objects.all():
        state = "AANGEMELD"
        for entry in AuditEntry.objects.filter(trajectory_id=case.pk).exclude(state_to="").order_by("pk"):
            if not entry.state_from:
                continue
            assert entry.state_from == state, f"I5: {entry.verb} from {entry.state_from} while it stood on {state}"
            assert entry.verb in {step.name for step in steps_from(state)}, f"I5: {entry.verb} from {state}"
            state = entry.state_to
        assert state == case.state, f"I5: the log ends in {state}, the case stands on {case.state}"


def change_trace_and_work_together() -> None:
    """I3: a version is sent exactly when the log says so and its document was asked for."""
    sent = set(StartPlan.objects.exclude(sent_at=None).values_list("pk", flat=True))
    logged = [entry.details["plan"] for entry in AuditEntry.objects.filter(verb="send_plan")]
    asked = {row.payload["plan"] for row in OutboxMessage.objects.filter(handler="render_plan")}
    assert sorted(logged) == sorted(sent), "I3: sent versions and the log differ"
    assert asked == sent, "I3: sent versions and the asked-for documents differ"
    signed = Counter(entry.details["signature"] for entry in AuditEntry.objects.filter(verb__in=SIGNED.values()))
    assert signed == Counter(Signature.objects.values_list("pk", flat=True)), "I3: signatures and the log differ"


def once_each() -> None:
    """I2: one document per version, one signature per party of a version."""
    for plan in StartPlan.objects.all():
        roles = list(plan.signatures.values_list("role", flat=True))
        assert len(roles) == len(set(roles)), "I2: a party signed twice"
    kept = set(GeneratedDocument.objects.values_list("pk", flat=True))
    used = {pk for pair in StartPlan.objects.values_list("document", "signed_document") for pk in pair if pk}
    assert kept == used, "I2: a document that belongs to no version"
    assert not AuditEntry.objects.filter(verb="plan_rendered").count() > len(kept)


def documents_as_signed(media: Path) -> None:
    """I6: what is stored is what was fingerprinted, and what was fingerprinted is what was signed."""
    for document in GeneratedDocument.objects.all():
        content = (media / document.file.name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == document.sha256, "I6: bytes and fingerprint differ"
    for signature in Signature.objects.select_related("plan__document"):
        assert signature.document_sha256 == signature.plan.document.sha256, "I6: another document was signed"


def files_without_row(media: Path) -> set[str]:
    """Generated documents on disk that no row knows of."""
    known = set(GeneratedDocument.objects.values_list("file", flat=True))
    return {path.relative_to(media).as_posix() for path in media.rglob("*") if path.is_file()} - known


def rows_without_file(media: Path) -> set[str]:
    """Rows whose file isn't there."""
    return {name for name in GeneratedDocument.objects.values_list("file", flat=True) if not (media / name).exists()}
