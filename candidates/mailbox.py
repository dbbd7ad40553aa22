"""The mailbox that a visitor of the website typed: asked once whether it is theirs, before anything else is sent to it."""

from __future__ import annotations

from datetime import timedelta

from django.core import signing
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts import verbs
from accounts.audit import Actor, Party, record
from candidates.models import Candidate
from topjob import clock, outbox
from topjob.errors import Refused
from topjob.limits import count
from topjob.rehearsing import secret

SALT = "candidates.mailbox"
VALID_FOR = timedelta(days=30)
# Somebody who registers again, or a family with one mailbox.
MOST_PER_DAY = 3
DAY = 24 * 60 * 60


def may_be_asked(email: str) -> bool:
    """Count this mail; whether the mailbox hasn't had more of them today than is reasonable, whoever typed it."""
    return count(f"aanmeldmail:{mark(email)}", DAY) <= MOST_PER_DAY


def mark(email: str) -> str:
    """What a mailbox is recognised by without its address being kept."""
    return salted_hmac(SALT, email.lower(), algorithm="sha256").hexdigest()[:32]


def token(candidate: Candidate) -> str:
    """What goes into the link that is mailed."""
    return secret(lambda: signing.dumps([candidate.pk, candidate.email], salt=SALT))


def candidate_for(text: str) -> Candidate | None:
    """Whose mailbox a mailed link confirms; None when it is made up, too old or about an earlier address."""
    try:
        pk, email = signing.loads(text, salt=SALT, max_age=VALID_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Candidate.objects.filter(pk=pk, email=email).first()


@transaction.atomic
def confirm(candidate: Candidate) -> None:
    """The mailbox says it is theirs; asked twice it is once."""
    if Candidate.objects.filter(pk=candidate.pk, email_unconfirmed=True).update(email_unconfirmed=False):
        record(verbs.EMAIL_CONFIRMED, candidate, by=Actor(party=Party.PUBLIC), candidate_id=candidate.pk)
        tell_confirmed(candidate)


def tell_confirmed(candidate: Candidate) -> None:
    """What waited for this mailbox may go (`trajectories.signing.mailboxes`)."""
    outbox.enqueue("mailbox_confirmed", key=f"mailbox-confirmed-{candidate.pk}", candidate=candidate.pk)


def looked_at(candidate: Candidate) -> None:
    """Staff looked at the address with the person; the one that they replaced, nobody ever confirmed."""
    if not candidate.email_unconfirmed:
        return
    typed = Candidate.objects.values_list("email", flat=True).get(pk=candidate.pk)
    if mark(typed) != mark(candidate.email):
        candidate.replaced_mailbox = mark(typed)
    candidate.email_unconfirmed = False
    tell_confirmed(candidate)


def already_confirmed() -> Refused:
    """Nobody has to be asked for this mailbox any more."""
    return Refused(_("Dit e-mailadres is al bevestigd."))


def ask_again(candidate: Candidate) -> None:
    """Mail once more whether it is theirs; raises Refused when it was answered or the mailbox had enough for today."""
    if not candidate.email_unconfirmed:
        raise already_confirmed()
    if not may_be_asked(candidate.email):
        raise Refused(_("Dit adres kreeg vandaag al genoeg mails van ons. Probeer het morgen weer, of bel de jongere."))
    minute = clock.now().strftime("%Y%m%d%H%M")
    outbox.enqueue("ask_mailbox", key=f"ask-mailbox-{candidate.pk}-{minute}", candidate=candidate.pk)
