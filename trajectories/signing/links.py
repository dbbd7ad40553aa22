"""B: how a document is signed — personal links, the code that confirms, the signature, declining (R4, RELIABILITY)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from accounts import law, verbs
from accounts.audit import SYSTEM, Actor
from topjob import clock, outbox
from topjob.errors import Reason, Refused, promised
from topjob.fonts import without_glyph
from topjob.rehearsing import NO_TOKEN_YET, rehearsal
from trajectories.journey.access import is_withheld_from
from trajectories.journey.core import By, lock_of, log, require_work, touch
from trajectories.models import (
    GeneratedDocument,
    PartyLink,
    PlanParty,
    PrintedStatements,
    Signature,
    SigningCode,
    StartPlan,
    Trajectory,
)
from trajectories.models.plan import Signable
from trajectories.process.workflow import State
from trajectories.signing import channels
from trajectories.signing.parties import link_pause, why_wait_for_a_link
from trajectories.signing.statements import is_name_of, statements_for

CODE_DIGITS = 6
# The message that brings each link.
BRINGS = {PartyLink.Purpose.READ: "mail_signed"}
A_DAY = timedelta(days=1)


# --- Personal links --------------------------------------------------------------------------------------------------
def fresh_link(party: PlanParty, purpose: str, evaluation: Any = None, reminder: int = 0) -> PartyLink:
    """A link for a party as it would be made now; not kept yet."""
    trajectory = party.signable.trajectory
    days = law.number(law.Key.LINK_DAYS, on=clock.today(), client=trajectory.client)
    return PartyLink(
        trajectory=trajectory,
        purpose=purpose,
        party=party,
        plan=party.plan,
        paper=party.paper,
        evaluation=evaluation,
        reminder=reminder,
        created_at=clock.now(),
        expires_at=clock.now() + timedelta(days=days),
    )


def make_link(party: PlanParty, purpose: str, evaluation: Any = None, reminder: int = 0) -> PartyLink:
    """A fresh link for a party, voiding an earlier one, also when that was declined: the party is asked anew.

    The token is made by the task that sends it and never stored.
    """
    earlier = PartyLink.objects.filter(party=party, purpose=purpose, evaluation=evaluation, used_at=None)
    earlier.filter(voided_at=None).update(voided_at=clock.now())
    link = fresh_link(party, purpose, evaluation, reminder)
    link.save()
    message = BRINGS.get(PartyLink.Purpose(purpose), "send_link")
    outbox.enqueue(message, key=f"{message.replace('_', '-')}-{link.pk}", link=link.pk)
    return link


@transaction.atomic
def resend_link(link: PartyLink, *, by: By) -> PartyLink:
    """Send a new link; the old one is void. For contracts and the like personeelsdiensten may too."""
    trajectory = lock_of(link)
    require_work("resend_link" if link.paper_id is None else "make_paper", trajectory, by=by)
    if needless := why_no_new_link(link, trajectory):
        raise Refused(needless)
    if channels.awaits_mailbox(link.party):
        text = _("De link gaat vanzelf zodra het e-mailadres is bevestigd.")
        if not trajectory.candidate.email_unconfirmed:
            text = _("Dit e-mailadres is niet van de jongere. Maak een nieuwe versie met het goede adres.")
        raise Refused(Reason(text, "candidates:person_data", trajectory.candidate_id))
    fresh = make_link(link.party, link.purpose, link.evaluation)
    touch(trajectory)
    log(verbs.RESEND_LINK, trajectory, by=by, link=fresh.pk, party=link.party_id)
    return fresh


@transaction.atomic
def remind(link: PartyLink) -> PartyLink | None:
    """Send whoever didn't answer yet a reminder with a fresh link, when it is time and nobody did so meanwhile."""
    trajectory = lock_of(link)
    locked = (
        PartyLink.objects.select_for_update(of=("self",)).select_related("party", "plan", "evaluation").get(pk=link.pk)
    )
    number = reminder_due(locked, trajectory)
    if not number:
        return None
    fresh = make_link(locked.party, locked.purpose, locked.evaluation, reminder=number)
    if fresh.party.email and channels.phone_of(fresh.party):
        outbox.enqueue("nudge", key=f"nudge-{fresh.pk}", link=fresh.pk)
    log(verbs.REMIND, trajectory, by=SYSTEM, link=fresh.pk, party=link.party_id, number=number)
    return fresh


def reminder_due(link: PartyLink, trajectory: Trajectory) -> int:
    """Which reminder should go now: 1, 2, or 0 for none. After days of silence only the last one goes (R17)."""
    if link.used_at or link.voided_at or link.declined_at or why_not_asked(link, trajectory):
        return 0
    if channels.awaits_mailbox(link.party):
        return 0
    today = clock.today()
    days = law.settings_on(law.Key.REMIND_FIRST, law.Key.REMIND_SECOND, on=today, client=trajectory.client)
    asked = link.party.links.filter(purpose=link.purpose, evaluation=link.evaluation)
    first = clock.local(asked.earliest("pk").created_at)
    due = sum(first + timedelta(days=int(row.value)) <= today for row in days.values())
    is_recent = clock.local(link.created_at) >= today
    return due if due > max(row.reminder for row in asked) and not is_recent else 0


def why_no_new_link(link: PartyLink, trajectory: Trajectory) -> Reason | None:
    """A new link is only for whoever still has to answer, and not right after another."""
    return why_not_asked(link, trajectory) or _just_sent(link, trajectory)


def why_not_asked(link: PartyLink, trajectory: Trajectory) -> Reason | None:
    """Nothing is asked of this party (any more), or there is nothing to give it."""
    if link.purpose == PartyLink.Purpose.READ:
        gone = Reason(_("Dit document geldt niet meer."), "trajectories:detail", trajectory.pk)
        return gone if link.signable.status == StartPlan.Status.WITHDRAWN else None
    if _has_answered(link):
        return Reason(_("Deze partij heeft al geantwoord."), "trajectories:detail", trajectory.pk)
    if link.purpose == PartyLink.Purpose.SIGN and not link.signable.awaits_signatures:
        return Reason(_("Dit document wacht niet op handtekeningen."), "trajectories:detail", trajectory.pk)
    if link.purpose == PartyLink.Purpose.SIGN and (closed := why_not_signed(link.signable)):
        return Reason(closed, "trajectories:detail", trajectory.pk)
    if link.purpose == PartyLink.Purpose.EVALUATE and trajectory.state != State.EVALUATIE:
        return Reason(_("De evaluatie is niet meer open."), "trajectories:detail", trajectory.pk)
    return None


def _just_sent(link: PartyLink, trajectory: Trajectory) -> Reason | None:
    newest = link.party.links.filter(purpose=link.purpose, evaluation=link.evaluation).latest("pk")
    wait = why_wait_for_a_link(newest, link_pause(trajectory))
    return Reason(wait) if wait else None


def _has_answered(link: PartyLink) -> bool:
    """Whether the party signed or gave its view, through this link or another."""
    if link.purpose == PartyLink.Purpose.SIGN:
        return link.signable.signatures.filter(role=link.party.party).exists()
    return promised(link.evaluation).views.filter(role=link.party.party).exists()


def open_anew(link: PartyLink, channel: str) -> str:
    """A random token of 256 bits that opens this link from now on, for the message that goes by this channel.

    An earlier one, in a message that went wrong, opens nothing. Only its hash is kept.
    """
    if rehearsal() is not None:
        return NO_TOKEN_YET
    token = secrets.token_urlsafe(32)
    link.token_hash, link.sent_at, link.channel = token_hash(token), clock.now(), channel
    link.save(update_fields=["token_hash", "sent_at", "channel"])
    return token


def token_hash(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_for(token: str) -> PartyLink | None:
    """The link behind a token, usable or not; opening it changes nothing."""
    case = ("trajectory__candidate", "trajectory__department", "trajectory__regisseur", "trajectory__career_adviser")
    related = ("party", "plan__document", "paper__document", *case, "evaluation")
    links = PartyLink.objects.select_related(*related)
    return links.filter(token_hash=token_hash(token)).first()


def why_link_is_closed(link: PartyLink) -> str:
    """In plain words why a link opens nothing any more; empty when it does."""
    if link.used_at is not None:
        return _("Deze link is al gebruikt. Er hoeft niets meer te gebeuren.")
    if link.voided_at is not None:
        return _why_void(link)
    if link.declined_at is not None:
        return _("Met deze link is gemeld dat er niet getekend wordt.")
    if link.expires_at <= clock.now():
        return _("Deze link is verlopen. Vraag een nieuwe link.")
    if is_withheld_from(link.party):
        return _("De kandidaat deelt nu niets meer met uw bedrijf. Top Job neemt contact met u op.")
    return ""


def _why_void(link: PartyLink) -> str:
    """A link was closed because its party answered in another way, the document was called off, or a newer link went out."""
    if link.purpose == PartyLink.Purpose.READ and link.signable.status == StartPlan.Status.WITHDRAWN:
        return _("Dit document geldt niet meer.")
    if link.purpose != PartyLink.Purpose.READ and _has_answered(link):
        return _("Er is al geantwoord. Er hoeft niets meer te gebeuren.")
    if link.purpose == PartyLink.Purpose.SIGN and link.signable.is_called_off:
        return _("Dit startplan gaat niet door. Er hoeft niets meer te gebeuren.")
    if link.purpose == PartyLink.Purpose.SIGN and not link.signable.awaits_signatures:
        gone = _("Deze link werkt niet meer: wat er getekend wordt is veranderd of gaat niet door.")
        return f"{gone} {_('Komt er een nieuwe versie? Dan komt er vanzelf een nieuwe link.')}"
    return _("Deze link werkt niet meer: er is een nieuwere link.")


def void_links(trajectory: Trajectory, **which: Any) -> None:
    """Close every open personal link of this trajectory (or of one plan)."""
    open_links = PartyLink.objects.filter(trajectory=trajectory, used_at=None, voided_at=None, **which)
    open_links.update(voided_at=clock.now())


def tell_withdrawn(parties: Iterable[PlanParty]) -> None:
    """A document doesn't hold (any more): everybody who signed it or was asked to hears so, once."""
    for party in parties:
        outbox.enqueue("mail_withdrawn", key=f"mail-withdrawn-{party.pk}", party=party.pk)


# --- The code --------------------------------------------------------------------------------------------------------
@transaction.atomic
def request_code(link: PartyLink, *, typed_name: str, statements: Sequence[str]) -> SigningCode:
    """A party confirmed every statement and typed its name: now a code goes to a channel that was known earlier.

    An earlier code is void. The code itself is made by the task that sends it and never stored.
    """
    trajectory = lock_of(link)
    locked, signable = _lock_to_sign(link, trajectory)
    refuse_unless_confirmed(locked.party, typed_name, statements)
    address = channels.for_code(locked.party)
    if address is None:
        raise Refused(_("Er is geen telefoonnummer bekend om een code naartoe te sturen. Neem contact met ons op."))
    if too_soon := why_no_new_code(locked):
        raise Refused(too_soon)
    locked.codes.open().update(voided_at=clock.now())
    code = SigningCode.objects.create(
        link=locked,
        document_sha256=promised(signable.document).sha256,
        typed_name=typed_name,
        statements=list(statements),
        channel=address.channel,
        address_masked=address.masked,
        requested_at=clock.now(),
        expires_at=clock.now() + code_validity(trajectory),
    )
    outbox.enqueue("send_code", key=f"send-code-{code.pk}", code=code.pk)
    log(verbs.REQUEST_CODE, trajectory, by=Actor(party=locked.party.party), code=code.pk, **logged_as(signable))
    return code


def refuse_unless_confirmed(party: PlanParty, typed_name: str, statements: Sequence[str]) -> None:
    """Every statement of this party, word for word, and its own name."""
    if list(statements) != statements_for(party):
        raise Refused(_("Nog niet alles is bevestigd."))
    if not is_name_of(typed_name, party):
        raise Refused(_("Deze handtekening is van %(name)s. Niemand tekent voor een ander.") % {"name": party.name})
    if without_glyph(typed_name):
        raise Refused(_("In deze naam staat een teken dat we niet kunnen afdrukken."))


def code_validity(trajectory: Trajectory) -> timedelta:
    return timedelta(minutes=law.number(law.Key.CODE_MINUTES, on=clock.today(), client=trajectory.client))


def why_no_new_code(link: PartyLink) -> str:
    """A new code waits a moment, and there are only so many a day: guessing stays hopeless. Empty when one may go."""
    limits = law.settings_on(law.Key.CODE_PAUSE, law.Key.CODES_PER_DAY, on=clock.today(), client=link.trajectory.client)
    recent = link.codes.filter(requested_at__gt=clock.now() - A_DAY).order_by("-pk")
    if len(recent) >= int(limits[law.Key.CODES_PER_DAY].value):
        return _("Er zijn vandaag te veel codes gevraagd. Probeer het morgen weer of neem contact met ons op.")
    pause = timedelta(seconds=int(limits[law.Key.CODE_PAUSE].value))
    if recent and (wait := recent[0].requested_at + pause - clock.now()) > timedelta(0):
        text = _("Er is net een code verstuurd. Over %(n)s seconden kan er een nieuwe komen.")
        return text % {"n": int(wait.total_seconds()) + 1}
    return ""


def issue_code(row: SigningCode) -> str:
    """Make the code that was asked for; it counts from now, and only its hash is kept."""
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    row.code_hash, row.sent_at = code_hash(row, code), clock.now()
    row.expires_at = row.sent_at + code_validity(row.link.trajectory)
    row.save(update_fields=["code_hash", "sent_at", "expires_at"])
    return code


def code_hash(row: SigningCode, code: str) -> str:
    """What is stored of a code: keyed, and of no use for another link or another document."""
    what = f"{row.link_id}:{row.document_sha256}:{code}"
    return salted_hmac("topjob.signing-code", what, algorithm="sha256").hexdigest()


class WrongCode(Refused):
    """The code that was typed doesn't confirm this signature."""


@transaction.atomic
def try_code(link: PartyLink, code: str) -> str:
    """Compare a typed code; each wrong one counts, also when many are tried at once. Answers what is wrong, or nothing."""
    row = link.codes.open().select_for_update().order_by("-pk").first()
    if row is None:
        return _("Vraag eerst een code.")
    if not row.code_hash:
        return _("De code is nog onderweg. Wacht even.")
    if row.expires_at <= clock.now():
        return _("Deze code is verlopen. Vraag een nieuwe code.")
    if constant_time_compare(row.code_hash, code_hash(row, code)):
        return ""
    return _count_wrong(row)


def _count_wrong(row: SigningCode) -> str:
    link = row.link
    most = law.number(law.Key.CODE_ATTEMPTS, on=clock.today(), client=link.trajectory.client)
    row.attempts += 1
    if row.attempts >= most:
        row.voided_at = clock.now()
    row.save(update_fields=["attempts", "voided_at"])
    if row.voided_at is None:
        return _("Deze code klopt niet. Pogingen over: %(n)s.") % {"n": most - row.attempts}
    log(verbs.CODES_GUESSED, link.trajectory, by=Actor(party=link.party.party), link=link.pk, code=row.pk)
    return _("Deze code klopt niet en is nu vervallen. Vraag een nieuwe code.")


# --- The signature ---------------------------------------------------------------------------------------------------
def sign(link: PartyLink, *, code: str, ip_address: str | None, user_agent: str) -> Signature:
    """A party signs the version whose hash it saw, with the code it was sent (R4). A wrong code counts, whatever follows."""
    _refuse_if_closed(link)
    if wrong := try_code(link, code):
        raise WrongCode(wrong)
    return _sign(link, code, ip_address, user_agent)


@transaction.atomic
def _sign(link: PartyLink, code: str, ip_address: str | None, user_agent: str) -> Signature:
    trajectory = lock_of(link)
    locked, signable = _lock_to_sign(link, trajectory)
    used = locked.codes.open().select_for_update().order_by("-pk").first()
    if used is None or not constant_time_compare(used.code_hash, code_hash(used, code)):
        raise WrongCode(_("Vraag een nieuwe code."))
    used.used_at = locked.used_at = clock.now()
    used.save(update_fields=["used_at"])
    locked.save(update_fields=["used_at"])
    signature = Signature.objects.create(
        plan=locked.plan,
        paper=locked.paper,
        party=locked.party,
        link=locked,
        role=locked.party.party,
        method=Signature.Method.CODE,
        code=used,
        typed_name=used.typed_name,
        statements=used.statements,
        channel=used.channel,
        channel_masked=used.address_masked,
        signed_at=clock.now(),
        signed_on=clock.today(),
        document_sha256=promised(signable.document).sha256,
        ip_address=ip_address,
        user_agent=user_agent[:300],
    )
    after_signature(signature, trajectory, by=Actor(party=locked.party.party))
    return signature


def _lock_to_sign(link: PartyLink, trajectory: Trajectory) -> tuple[PartyLink, Signable]:
    """Link and document of a held trajectory as they stand now, held; refused when they can't be signed (any more)."""
    locked = PartyLink.objects.select_for_update(of=("self",)).select_related("party").get(pk=link.pk)
    kind: Any = "plan" if locked.plan_id is not None else "paper"
    signable = _held(PartyLink._meta.get_field(kind).related_model, getattr(locked, f"{kind}_id"))
    # What belongs together is one row each: nothing is read a second time.
    locked.trajectory = signable.trajectory = trajectory
    for row in (locked, locked.party):
        setattr(row, kind, signable)
    if closed := why_not_to_sign(locked, signable):
        raise Refused(closed)
    return locked, signable


def lock_signable(signable: Signable) -> Any:
    """A document as it stands now, held until the transaction ends."""
    return _held(type(signable), signable.pk)


def _held(model: Any, pk: int) -> Any:
    return model.objects.select_for_update(of=("self",)).select_related("document").get(pk=pk)


def _refuse_if_closed(link: PartyLink) -> None:
    fresh = PartyLink.objects.select_related("plan__document", "paper__document").get(pk=link.pk)
    if closed := why_not_to_sign(fresh, fresh.signable):
        raise Refused(closed)


# What the log says when the first and the second PDF of a document are kept.
RENDERED = {"plan": verbs.PLAN_RENDERED, "paper": verbs.PAPER_RENDERED}
SIGNED_RENDERED = {"plan": verbs.SIGNED_PLAN_RENDERED, "paper": verbs.SIGNED_PAPER_RENDERED}
SIGNED = {"plan": verbs.SIGN, "paper": verbs.SIGN_PAPER}
DECLINED = {"plan": verbs.DECLINE_TO_SIGN, "paper": verbs.DECLINE_PAPER}


@transaction.atomic
def attach_document(signable: Signable, document: GeneratedDocument, *, by: By) -> None:
    """The PDF is stored with its hash; now every party gets a personal link. Only once, and not when it was withdrawn.

    What it asks of whoever signs on paper is kept as it was printed.
    """
    _tie(signable, {"document": document}, status=StartPlan.Status.SENT)
    (kind,) = logged_as(signable)
    log(RENDERED[kind], signable.trajectory, by=by, document=document.pk, **logged_as(signable))
    for party in signable.parties.all():
        if party.on_paper:
            PrintedStatements.objects.create(party=party, document=document, statements=statements_for(party))
        else:
            make_link(party, PartyLink.Purpose.SIGN)


@transaction.atomic
def attach_signed_document(signable: Signable, document: GeneratedDocument, *, by: By) -> None:
    """The document with the page of signatures is stored; every party hears that all have signed, with a link to it.

    That link is a new one, which counts from now: the one for signing may have ended long ago.
    """
    _tie(signable, {"signed_document": document}, signed_at__isnull=False)
    (kind,) = logged_as(signable)
    log(SIGNED_RENDERED[kind], signable.trajectory, by=by, document=document.pk, **logged_as(signable))
    for party in signable.parties.all():
        if channels.for_link(party) is not None:
            make_link(party, PartyLink.Purpose.READ)


def _tie(signable: Signable, pdf: Mapping[str, GeneratedDocument], **stage: Any) -> None:
    """Tie a PDF to its document, once; refused when it doesn't wait for one."""
    waiting = type(signable).objects.filter(pk=signable.pk, **dict.fromkeys(pdf), **stage)
    if not waiting.update(**pdf):
        raise Refused(_("Dit document wacht niet op een pdf."))


def logged_as(signable: Signable) -> dict[str, int]:
    """What the log says of a document: its kind and its id."""
    return {"plan" if isinstance(signable, StartPlan) else "paper": signable.pk}


def after_signature(signature: Signature, trajectory: Trajectory, *, by: By) -> None:
    """Log it; the last signature makes the document a contract (R4)."""
    signable = signature.signable
    (kind,) = logged_as(signable)
    log(SIGNED[kind], trajectory, by=by, signature=signature.pk, **logged_as(signable))
    if not signable.missing_signers():
        _complete(signable, trajectory)
    touch(trajectory)


def why_not_to_sign(link: PartyLink, signable: Signable) -> str:
    """In plain words why a document can't be signed through this link (any more); empty when it can (R4)."""
    return why_link_is_closed(link) or why_not_signed(signable)


def why_not_signed(signable: Signable) -> str:
    """In plain words why nobody can sign this document now; empty when people can."""
    if not signable.awaits_signatures:
        return _("Dit document kan nu niet getekend worden.")
    if signable.last_day_to_sign is not None and clock.today() > signable.last_day_to_sign:
        return _("De startdatum van dit plan is voorbij. De regisseur maakt een nieuw plan met een nieuwe datum.")
    return ""


def _complete(signable: Signable, trajectory: Trajectory) -> None:
    """All have signed: this version holds, an earlier signed startplan is superseded."""
    if isinstance(signable, StartPlan):
        trajectory.plans.filter(status=StartPlan.Status.SIGNED).update(status=StartPlan.Status.SUPERSEDED)
    signable.status, signable.signed_at = StartPlan.Status.SIGNED, clock.now()
    signable.save(update_fields=["status", "signed_at"])  # type: ignore[misc]
    void_links(trajectory, purpose=PartyLink.Purpose.SIGN, **logged_as(signable))
    ((kind, pk),) = logged_as(signable).items()
    outbox.enqueue(f"render_signed_{kind}", key=f"render-signed-{kind}-{pk}", **{kind: pk})


@transaction.atomic
def decline_to_sign(link: PartyLink, *, reason: str) -> None:
    """A party doesn't sign, with a reason; the regisseur sees it and decides."""
    trajectory = lock_of(link)
    locked = PartyLink.objects.select_for_update(of=("self",)).select_related("party").get(pk=link.pk)
    if closed := why_link_is_closed(locked):
        raise Refused(closed)
    locked.declined_at, locked.decline_reason = clock.now(), reason
    locked.save(update_fields=["declined_at", "decline_reason"])
    touch(trajectory)
    document = logged_as(locked.signable)
    (kind,) = document
    log(DECLINED[kind], trajectory, by=Actor(party=locked.party.party), reason=reason, **document)
