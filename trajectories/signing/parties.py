"""How far each party is: with signing a version, with giving a view. For the pages that wait for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from accounts import law
from employers.models import EmployerContact
from topjob import clock
from topjob.dates import nl_date, nl_moment
from trajectories.models import (
    Evaluation,
    EvaluationView,
    PartyLink,
    PlanParty,
    Scan,
    Signature,
    StartPlan,
    Trajectory,
)
from trajectories.models.plan import Signable
from trajectories.process.choices import Party
from trajectories.signing import channels


def contact_facts(contacts: Sequence[EmployerContact], functions: tuple[str, ...]) -> dict[str, Any]:
    """Who speaks for a company and how to reach them: the first of these functions that somebody has."""
    found = [contact for function in functions for contact in contacts if contact.function == function]
    return {"name": found[0].name, "email": found[0].email, "phone": found[0].phone} if found else {}


@dataclass(frozen=True)
class PartyProgress:
    """One party with what it did, or with the state of its latest link."""

    party: PlanParty
    link: PartyLink | None
    answer: Signature | EvaluationView | None
    scan: Scan | None = None
    # Why no new link can be sent yet; empty when one can.
    wait: str = ""
    # Whether the link waits until the youth's mailbox was confirmed.
    is_held: bool = False
    # The newest link to what all have signed.
    copy: PartyLink | None = None

    @property
    def is_replaced(self) -> bool:
        """Whether the link waits for nothing any more: staff found that the address isn't the youth's."""
        return self.is_held and not self.party.signable.trajectory.candidate.email_unconfirmed

    @property
    def is_done(self) -> bool:
        return self.answer is not None

    @property
    def has_declined(self) -> bool:
        return not self.is_done and self.link is not None and self.link.declined_at is not None

    @property
    def has_scan(self) -> bool:
        """Whether a scan waits or was accepted."""
        return self.scan is not None and self.scan.refused_at is None

    @property
    def role(self) -> str:
        return _("regisseur, als jobcoach") if self.party.is_stand_in else self.party.get_party_display()

    @property
    def address(self) -> str:
        """Where the link goes, and whether a code can follow it."""
        if self.party.on_paper:
            return _("tekent op papier")
        link, code = channels.for_link(self.party), channels.for_code(self.party)
        if link is None:
            return _("geen e-mailadres of mobiel nummer")
        to = self.party.link_goes_to
        if channels.awaits_mailbox(self.party):
            return _("%(to)s; de link wacht tot dit e-mailadres is bevestigd") % {"to": to}
        if code is not None and code.value == link.value:
            return _("%(to)s, link en code op dezelfde telefoon") % {"to": to}
        return _("%(to)s, code op %(code)s") % {"to": to, "code": code.masked} if code else to

    @property
    def tone(self) -> str:
        if self.is_done:
            return "good"
        return "bad" if self.has_declined else "care"

    @property
    def in_words(self) -> str:
        """Signed, declined, waiting or not sent yet, with the moment."""
        if self.answer is not None:
            return self._answered(self.answer)
        if self.scan is not None and self.scan.waits:
            words = {"name": self.scan.uploaded_by.name, "day": nl_date(self.scan.uploaded_at)}
            return _("scan van %(name)s op %(day)s: een collega kijkt haar nog na") % words
        if self.link is None:
            return _("wacht op het getekende papier") if self.party.on_paper else _("de link wordt gemaakt")
        return self._linked(self.link)

    @staticmethod
    def _answered(answer: Signature | EvaluationView) -> str:
        if isinstance(answer, EvaluationView) and answer.recorded_by_id is not None:
            return _("oordeel namens de partij vastgelegd op %(moment)s") % {"moment": nl_moment(answer.given_at)}
        if isinstance(answer, EvaluationView):
            return _("oordeel gegeven op %(moment)s") % {"moment": nl_moment(answer.given_at)}
        if answer.method == Signature.Method.PAPER:
            return _("getekend op papier op %(day)s") % {"day": nl_date(answer.signed_on)}
        return _("getekend op %(moment)s") % {"moment": nl_moment(answer.signed_at)}

    @property
    def evidence(self) -> list[tuple[str, Any]]:
        """What was kept of a signature, for the staff: who, as whom, when, how, from where, and under which bytes."""
        if not isinstance(self.answer, Signature):
            return []
        answer = self.answer
        how = self._paper_trail(answer) if answer.method == Signature.Method.PAPER else self._code_trail(answer)
        return [
            (_("Naam"), answer.typed_name),
            (_("Tekende als"), self.role),
            (_("Vastgelegd op"), _("%(moment)s uur") % {"moment": nl_moment(answer.signed_at)}),
            (_("Hoe"), answer.get_method_display()),
            *how,
            (_("Vingerafdruk van het document (SHA-256)"), answer.document_sha256),
        ]

    def _code_trail(self, answer: Signature) -> list[tuple[str, Any]]:
        return [
            (_("Bevestigd"), "\n".join(answer.statements)),
            (_("Link naar"), self.party.link_goes_to),
            (_("Code per %(how)s naar") % {"how": answer.get_channel_display()}, answer.channel_masked),
            (_("IP-adres"), answer.ip_address or _("onbekend")),
            (_("Apparaat"), answer.user_agent or _("onbekend")),
        ]

    def _paper_trail(self, answer: Signature) -> list[tuple[str, Any]]:
        scan = self.scan
        if scan is None or scan.confirmed_by is None:
            return []
        printed = [(_("Stond boven de handtekening"), "\n".join(answer.statements))] if answer.statements else []
        return [
            *printed,
            (_("Datum op het papier"), nl_date(scan.signed_on)),
            (_("Scan geüpload door"), scan.uploaded_by.name),
            (_("Scan nagekeken door"), scan.confirmed_by.name),
            (_("Vingerafdruk van de scan (SHA-256)"), scan.sha256),
        ]

    def _linked(self, link: PartyLink) -> str:
        """How far the latest link is."""
        if self.has_declined:
            return _("tekent niet: %(reason)s") % {"reason": link.decline_reason}
        if link.voided_at is not None:
            return _("de link is vervallen")
        if self.is_replaced:
            return _("er gaat geen link naar dit e-mailadres")
        if self.is_held and link.sent_at is None:
            return _("de link wacht tot het e-mailadres is bevestigd")
        if link.sent_at is None:
            return _("de link wordt verstuurd") if channels.for_link(self.party) else _("er is geen adres voor de link")
        if not link.is_usable:
            return _("de link is verlopen op %(day)s") % {"day": nl_date(link.expires_at)}
        words = {
            "sent": nl_date(link.sent_at),
            "until": nl_date(link.expires_at),
            "how": link.get_channel_display() or _("e-mail"),
            "n": link.reminder,
        }
        if link.reminder:
            return _("herinnering %(n)s verstuurd per %(how)s op %(sent)s, link geldig t/m %(until)s") % words
        return _("link verstuurd per %(how)s op %(sent)s, geldig t/m %(until)s") % words


def signers(signable: Signable) -> list[PartyProgress]:
    """Everybody who signs this document (R4); read it `with_progress`."""
    answers = {signature.role: signature for signature in signable.signatures.all()}
    links = sorted(signable.links.all(), key=lambda link: link.pk)
    rows = _progress(signable, answers, [link for link in links if link.purpose == link.Purpose.SIGN])
    copies = {link.party_id: link for link in links if link.purpose == link.Purpose.READ}
    rows = [replace(row, scan=_latest_scan(row.party), copy=copies.get(row.party.pk)) for row in rows]
    return _with_pause(rows, signable.trajectory) if signable.awaits_signatures else rows


def _latest_scan(party: PlanParty) -> Scan | None:
    return max(party.scans.all(), key=lambda scan: scan.pk, default=None)


def _with_pause(rows: list[PartyProgress], trajectory: Trajectory) -> list[PartyProgress]:
    """With why no new link can be sent yet, for whoever still has to answer."""
    pause = link_pause(trajectory)
    return [
        replace(row, wait=why_wait_for_a_link(row.link, pause), is_held=channels.awaits_mailbox(row.party))
        if row.link and not row.is_done
        else row
        for row in rows
    ]


def link_pause(trajectory: Trajectory) -> timedelta:
    """How long a link is given before another may be sent to the same party."""
    return timedelta(minutes=law.number(law.Key.LINK_PAUSE, on=clock.today(), client=trajectory.client))


def why_wait_for_a_link(newest: PartyLink, pause: timedelta) -> str:
    """A new link isn't sent right after another that still works. Empty when it can be."""
    until = newest.created_at + pause
    if not newest.is_usable or until <= clock.now():
        return ""
    text = _("Er is net een link verstuurd, kijk ook bij ongewenste mail. Een nieuwe kan vanaf %(time)s uur.")
    return text % {"time": until.astimezone(clock.AMSTERDAM).strftime("%H:%M")}


def evaluators(evaluation: Evaluation, plan: StartPlan) -> list[PartyProgress]:
    """Everybody who gives a view (R7); who represents a minor signs but doesn't evaluate."""
    answers = {view.role: view for view in evaluation.views.all()}
    progress = _progress(plan, answers, evaluation.links.all())
    rows = [row for row in progress if row.party.party != Party.REPRESENTATIVE]
    return rows if all(row.is_done for row in rows) else _with_pause(rows, evaluation.trial.trajectory)


def _progress(plan: Signable, answers: dict, links: Iterable[PartyLink]) -> list[PartyProgress]:
    latest = {link.party_id: link for link in sorted(links, key=lambda link: link.pk)}
    return [PartyProgress(party, latest.get(party.pk), answers.get(party.party)) for party in plan.parties.all()]
