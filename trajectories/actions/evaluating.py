"""B: answering the evaluation bit by bit on a phone, and what happens when a party doesn't come (R7)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import verbs
from accounts.models import User
from topjob import clock
from topjob.dates import why_not_yet, why_passed
from topjob.errors import Reason, Refused, promised, rule_words, why_no_reason
from trajectories.actions.trial import give_view
from trajectories.journey.core import lock, lock_of, log, require_work, touch
from trajectories.models import (
    AmbitionItem,
    DraftScore,
    EvaluationView,
    NoShow,
    PartyLink,
    PlanParty,
    Trajectory,
    ViewDraft,
)
from trajectories.process import rules
from trajectories.signing.links import make_link, void_links, why_link_is_closed


@transaction.atomic
def keep_answer(
    link: PartyLink, *, item: AmbitionItem | None = None, score: int | None = None, **facts: Any
) -> ViewDraft:
    """Keep one answer of a party: a figure on the scale, or `is_positive`, `went_well`, `can_improve`.

    Not in the log: nothing is said before the view is given, and it can still change.
    """
    locked = PartyLink.objects.select_for_update(of=("self",)).select_related("party", "evaluation").get(pk=link.pk)
    if closed := why_link_is_closed(locked):
        raise Refused(closed)
    draft, _created = ViewDraft.objects.update_or_create(
        evaluation=locked.evaluation, role=locked.party.party, defaults={**facts, "changed_at": clock.now()}
    )
    if item is not None:
        DraftScore.objects.update_or_create(draft=draft, item=item, defaults={"score": promised(score)})
    return draft


def draft_of(link: PartyLink) -> ViewDraft | None:
    """What this party answered so far, also through an earlier link."""
    rows = ViewDraft.objects.filter(evaluation=link.evaluation, role=link.party.party)
    return rows.prefetch_related("scores").first()


@transaction.atomic
def send_view(link: PartyLink) -> EvaluationView:
    """The party sends what it answered: from now on it is its view (R7). Refused while a question is open."""
    # In the order of every action: first the case, then the link and what hangs on it.
    lock_of(link)
    draft = draft_of(link)
    items = list(AmbitionItem.objects.filter(is_active=True))
    scores = {row.item_id: row.score for row in draft.scores.all()} if draft else {}
    if draft is None or draft.is_positive is None or any(item.pk not in scores for item in items):
        raise Refused(why_link_is_closed(link) or Reason(_("Er staan nog vragen open.")))
    return give_view(
        link,
        is_positive=draft.is_positive,
        scores={item: scores[item.pk] for item in items},
        went_well=draft.went_well,
        can_improve=draft.can_improve,
    )


@transaction.atomic
def record_no_show(
    trajectory: Trajectory,
    *,
    party: PlanParty,
    on: date,
    cause: str,
    reason: str,
    follows: str,
    again_on: date | None = None,
    by: User,
) -> NoShow:
    """A party didn't come to the evaluation talk: recorded with the reason; a new talk brings a fresh link (R7)."""
    locked = lock(trajectory)
    require_work("record_view", locked, by=by)
    evaluation = promised(locked.current_evaluation)
    _refuse_no_show(locked, party, on, reason, follows, again_on)
    row = NoShow.objects.create(
        evaluation=evaluation,
        party=party,
        role=party.party,
        on=on,
        cause=cause,
        reason=reason,
        follows=follows,
        again_on=again_on,
        recorded_at=clock.now(),
        recorded_by=by,
    )
    if follows == NoShow.Follows.AGAIN:
        make_link(party, PartyLink.Purpose.EVALUATE, evaluation)
    elif follows == NoShow.Follows.WITHOUT:
        void_links(locked, party=party, purpose=PartyLink.Purpose.EVALUATE)
    touch(locked)
    log(verbs.RECORD_NO_SHOW, locked, by=by, reason=reason, no_show=row.pk, party=party.party, follows=follows)
    return row


def _refuse_no_show(
    trajectory: Trajectory, party: PlanParty, on: date, reason: str, follows: str, again_on: date | None
) -> None:
    reasons = []
    if promised(trajectory.current_evaluation).views.filter(role=party.party).exists():
        reasons.append(rules.view_is_given(trajectory))
    if wrong := why_not_yet(on):
        reasons.append(Reason(wrong))
    reasons += why_no_reason(reason)
    if (follows == NoShow.Follows.AGAIN) != (again_on is not None):
        reasons.append(Reason(rule_words(NoShow, "no_show_again_has_day")))
    elif again_on is not None and (wrong := why_passed(again_on)):
        reasons.append(Reason(wrong))
    if reasons:
        raise Refused(*reasons, title=_("Niet gekomen"))
