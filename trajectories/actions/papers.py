"""Other documents that are signed: made of something in the file, sent, signed like the startplan, or withdrawn."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import verbs
from accounts.models import User
from topjob import clock, outbox
from topjob.errors import Reason, Refused, rule_words
from trajectories.actions.plan import unreachable
from trajectories.documents import making
from trajectories.documents.papers import Subject, lines_of, signers_of, subjects_of, summary_of, work_of
from trajectories.journey.core import By, lock, lock_of, log, require_work, touch
from trajectories.models import Paper, PaperLine, PaperTemplate, PlanParty, Trajectory
from trajectories.process.choices import Party
from trajectories.signing.links import tell_withdrawn, void_links


@transaction.atomic
def make_paper(trajectory: Trajectory, *, kind: str, subject_id: int, by: User) -> Paper:
    """Put an evaluation, loonwaarde or contract on paper: what it says is copied in today's texts, and who
    signs is proposed."""
    locked = lock(trajectory)
    require_work("make_paper", locked, by=by)
    subject = next((row for row in subjects_of(locked) if (row.kind, row.pk) == (kind, subject_id)), None)
    if subject is None:
        raise Refused(_("Hiervan kan nog geen document gemaakt worden."))
    if subject.lacks:
        raise Refused(subject.lacks)
    template = PaperTemplate.objects.valid_for(kind=subject.kind, on=clock.today())
    paper = _new_paper(locked, subject, template, by)
    lines = lines_of(subject, locked, template, work_of(subject, locked))
    for line in lines:
        line.paper = paper
    PaperLine.objects.bulk_create(lines)
    for party, facts in signers_of(subject, locked, by).items():
        PlanParty.objects.create(paper=paper, party=party, **{"name": "", **facts})
    touch(locked)
    log(verbs.MAKE_PAPER, locked, by=by, paper=paper.pk, kind=kind, template=template.pk)
    return paper


def _new_paper(trajectory: Trajectory, subject: Subject, template: PaperTemplate, by: User) -> Paper:
    try:
        with transaction.atomic():
            return Paper.objects.create(
                trajectory=trajectory,
                kind=subject.kind,
                template=template,
                subject_id=subject.pk,
                organisation=subject.organisation,
                summary=summary_of(subject)[:300],
                created_at=clock.now(),
                created_by=by,
            )
    except IntegrityError as error:
        raise Refused(
            Reason(rule_words(Paper, "one_paper_of_a_subject"), "trajectories:papers", trajectory.pk)
        ) from error


@transaction.atomic
def set_signer(paper: Paper, party: str, *, name: str, by: By, **reach: Any) -> PlanParty:
    """Name who signs a paper for a party and how to reach them; only in a draft."""
    trajectory = lock_of(paper)
    require_work("make_paper", trajectory, by=by)
    _draft(paper)
    row = paper.parties.select_for_update().get(party=party)
    for field, value in {"name": name, **reach}.items():
        setattr(row, field, value)
    row.save()
    log(verbs.SET_SIGNER, trajectory, by=by, paper=paper.pk, party=party)
    return row


def _draft(paper: Paper) -> Paper:
    locked = Paper.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    if not locked.is_draft:
        raise Refused(_("Dit document is verstuurd en ligt vast."))
    return locked


def reasons_not_to_send_paper(paper: Paper) -> list[Reason]:
    """What a paper still lacks before it can go to its parties."""
    parties = list(paper.parties.all())
    lacks = [
        (row, _("Vul in wie tekent als %(party)s.") % {"party": Party(row.party).label})
        for row in parties
        if not row.name
    ]
    lacks += unreachable([row for row in parties if row.name])
    page = "trajectories:paper_party"
    reasons = [Reason(text, page, paper.trajectory_id, (paper.pk, row.party)) for row, text in lacks]
    return reasons + [Reason(text) for text in making.unprintable_in_paper(paper)]


@transaction.atomic
def send_paper(paper: Paper, *, by: By) -> None:
    """Freeze it; the PDF is made and hashed by a task, the links go out after that (decision 16)."""
    trajectory = lock_of(paper)
    require_work("make_paper", trajectory, by=by)
    locked = _draft(paper)
    if reasons := reasons_not_to_send_paper(locked):
        raise Refused(*reasons, title=_("Document versturen"))
    locked.status, locked.sent_at = Paper.Status.SENT, clock.now()
    locked.save(update_fields=["status", "sent_at"])
    touch(trajectory)
    log(verbs.SEND_PAPER, trajectory, by=by, paper=locked.pk, kind=locked.kind)
    outbox.enqueue("render_paper", key=f"render-paper-{locked.pk}", paper=locked.pk)


@transaction.atomic
def withdraw_paper(paper: Paper, *, reason: str, by: By) -> None:
    """It won't be signed (any more): links are void, whoever was asked to sign is told. A new one can be made of it."""
    trajectory = lock_of(paper)
    require_work("make_paper", trajectory, by=by)
    locked = Paper.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    if locked.status not in (Paper.Status.DRAFT, Paper.Status.SENT):
        raise Refused(_("Een getekend document blijft staan."))
    locked.status = Paper.Status.WITHDRAWN
    locked.save(update_fields=["status"])
    void_links(trajectory, paper=locked)
    if locked.document_id is not None:
        tell_withdrawn(locked.parties.all())
    touch(trajectory)
    log(verbs.WITHDRAW_PAPER, trajectory, by=by, reason=reason, paper=locked.pk, kind=locked.kind)
