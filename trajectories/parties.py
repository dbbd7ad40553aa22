"""How far each party is: with signing a version, with giving a view. For the pages that wait for them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from topjob.templatetags.topjob import nl_date, nl_moment
from trajectories.models import Evaluation, EvaluationView, PartyLink, PlanParty, Signature, StartPlan


@dataclass(frozen=True)
class PartyProgress:
    """One party with what it did, or with the state of its latest link."""

    party: PlanParty
    link: PartyLink | None
    answer: Signature | EvaluationView | None

    @property
    def is_done(self) -> bool:
        return self.answer is not None

    @property
    def has_declined(self) -> bool:
        return not self.is_done and self.link is not None and self.link.declined_at is not None

    @property
    def role(self) -> str:
        return _("regisseur, als jobcoach") if self.party.is_stand_in else self.party.get_party_display()

    @property
    def tone(self) -> str:
        if self.is_done:
            return "good"
        return "bad" if self.has_declined else "care"

    @property
    def in_words(self) -> str:
        """Signed, declined, waiting or not sent yet, with the moment."""
        if isinstance(self.answer, Signature):
            return _("getekend op %(moment)s") % {"moment": nl_moment(self.answer.signed_at)}
        if self.answer is not None and self.answer.recorded_by_id is not None:
            return _("oordeel namens de partij vastgelegd op %(moment)s") % {"moment": nl_moment(self.answer.given_at)}
        if self.answer is not None:
            return _("oordeel gegeven op %(moment)s") % {"moment": nl_moment(self.answer.given_at)}
        if self.link is None:
            return _("de link wordt gemaakt")
        if self.has_declined:
            return _("tekent niet: %(reason)s") % {"reason": self.link.decline_reason}
        if self.link.voided_at is not None:
            return _("de link is vervallen")
        if self.link.sent_at is None:
            return _("de link wordt verstuurd")
        if not self.link.is_usable:
            return _("de link is verlopen op %(day)s") % {"day": nl_date(self.link.expires_at)}
        sent, until = nl_date(self.link.sent_at), nl_date(self.link.expires_at)
        return _("link verstuurd op %(sent)s, geldig t/m %(until)s") % {"sent": sent, "until": until}


def signers(plan: StartPlan) -> list[PartyProgress]:
    """Everybody who signs this version (R4)."""
    answers = {signature.role: signature for signature in plan.signatures.all()}
    return _progress(plan, answers, PartyLink.objects.filter(plan=plan, purpose=PartyLink.Purpose.SIGN))


def evaluators(evaluation: Evaluation, plan: StartPlan) -> list[PartyProgress]:
    """Everybody who gives a view (R7); who represents a minor signs but doesn't evaluate."""
    answers = {view.role: view for view in evaluation.views.all()}
    progress = _progress(plan, answers, PartyLink.objects.filter(evaluation=evaluation))
    return [row for row in progress if row.party.party != "vertegenwoordiger"]


def _progress(plan: StartPlan, answers: dict, links) -> list[PartyProgress]:
    latest = {link.party_id: link for link in links.order_by("pk")}
    return [PartyProgress(party, latest.get(party.pk), answers.get(party.party)) for party in plan.parties.all()]
