"""Links that wait until a youth's mailbox was confirmed, and what gets them going again."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from accounts import verbs
from accounts.audit import SYSTEM
from candidates import mailbox
from candidates.models import Candidate
from trajectories.journey.core import By, lock_of, log, require_work, touch
from trajectories.models import PartyLink, PlanParty, StartPlan
from trajectories.process.choices import Party
from trajectories.signing import channels
from trajectories.signing.links import make_link, why_not_asked


@transaction.atomic
def ask_mailbox(link: PartyLink, *, by: By) -> None:
    """Mail the question once more whether the mailbox is theirs; raises Refused when it isn't waited for."""
    trajectory = lock_of(link)
    require_work("resend_link" if link.paper_id is None else "make_paper", trajectory, by=by)
    if not channels.awaits_mailbox(link.party):
        raise mailbox.already_confirmed()
    mailbox.ask_again(trajectory.candidate)
    log(verbs.ASK_MAILBOX, trajectory, by=by, link=link.pk, party=link.party_id)


def send_what_waited(candidate: int) -> None:
    """The mailbox is confirmed: links that were never sent go now, each as a fresh one that is as long valid as any."""
    _follow_in_drafts(Candidate.objects.get(pk=candidate))
    waiting = PartyLink.objects.filter(
        trajectory__candidate=candidate, party__party=Party.YOUTH, sent_at=None, used_at=None, voided_at=None
    )
    for link in waiting.select_related("party__plan", "party__paper", "plan", "paper", "evaluation").order_by("pk"):
        _send(link)


def _follow_in_drafts(candidate: Candidate) -> None:
    """A draft that has the address which staff replaced gets the one they found; what was sent stays as it is."""
    drafts = Q(plan__status=StartPlan.Status.DRAFT) | Q(paper__status=StartPlan.Status.DRAFT)
    theirs = Q(plan__trajectory__candidate=candidate) | Q(paper__trajectory__candidate=candidate)
    for party in PlanParty.objects.filter(drafts, theirs, party=Party.YOUTH).exclude(email=""):
        if mailbox.mark(party.email) == candidate.replaced_mailbox:
            PlanParty.objects.filter(pk=party.pk).update(email=candidate.email)


@transaction.atomic
def _send(link: PartyLink) -> None:
    trajectory = lock_of(link)
    open_still = PartyLink.objects.filter(pk=link.pk, sent_at=None, used_at=None, voided_at=None).exists()
    if not open_still or link.declined_at or channels.awaits_mailbox(link.party) or why_not_asked(link, trajectory):
        return
    fresh = make_link(link.party, link.purpose, link.evaluation)
    touch(trajectory)
    log(verbs.RESEND_LINK, trajectory, by=SYSTEM, link=fresh.pk, party=link.party_id)
