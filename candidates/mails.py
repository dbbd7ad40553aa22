"""Mail that follows a registration or an offer. Handlers of the outbox: each does its work once, after the change."""

from __future__ import annotations

from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from candidates import mailbox
from candidates.models import Candidate, Offer, Registration
from topjob import mail, outbox


@outbox.handler("registration_received", label=_lazy("Mailen dat de aanmelding binnen is"), leaves=True)
def registration_received(registration: int) -> None:
    """Tell the mailbox that the registration arrived and ask whether it is theirs: a visitor can type any address and name."""
    candidate = Registration.objects.select_related("candidate").get(pk=registration).candidate
    _ask(candidate)


@outbox.handler("ask_mailbox", label=_lazy("Nog eens vragen of een e-mailadres klopt"), leaves=True)
def ask_mailbox(candidate: int) -> None:
    """The same once more, because somebody asked for it; who answered meanwhile isn't asked."""
    if (person := Candidate.objects.filter(pk=candidate, email_unconfirmed=True).first()) is not None:
        _ask(person)


def _ask(candidate: Candidate) -> None:
    if candidate.email:
        link = mail.absolute(reverse("candidates:public_mailbox", args=[mailbox.token(candidate)]))
        context = {"name": "", "link": link}
        mail.send(candidate.email, _("Je aanmelding bij Top Job"), "registration_received", context)


@outbox.handler("offer_sent", label=_lazy("Offerte mailen"), leaves=True)
def offer_sent(offer: int) -> None:
    """Send the offerte to the opdrachtgever; the person stays a number in a mail."""
    sent = Offer.objects.select_related("client", "registration").get(pk=offer)
    if sent.client.email:
        mail.post(letter_of(sent))


def letter_of(offer: Offer) -> mail.Letter:
    """The mail that brings an offerte: the one that is sent, and the one that is shown before."""
    subject = _("Offerte van Top Job voor aanmelding %(number)d") % {"number": offer.registration_id}
    letter = mail.written(offer.client.email, subject, "offer_sent", {"offer": offer, "name": offer.client.name})
    return replace(letter, name=offer.client.name)
