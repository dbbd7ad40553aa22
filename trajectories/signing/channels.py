"""Where a party can be reached: for its personal link, and for the code that confirms its signature.

A code to the mailbox that the link went to proves nothing: it goes to the mobile phone that was known when the document was
sent, or else to another mailbox.
"""

from __future__ import annotations

from dataclasses import dataclass

from candidates.mailbox import mark
from topjob import sms
from trajectories.models.plan import Channel, PlanParty
from trajectories.process.choices import Party


@dataclass(frozen=True)
class Address:
    """One way to reach a party."""

    channel: str
    value: str

    @property
    def masked(self) -> str:
        """As it may be shown and kept as evidence."""
        return sms.masked(self.value) if self.channel == Channel.SMS else masked_email(self.value)


def masked_email(address: str) -> str:
    """j•••@post.example"""
    name, _at, domain = address.partition("@")
    return f"{name[:1]}•••@{domain}"


def mailbox(address: str) -> str:
    """The mailbox behind an address: without capitals and without what stands after a plus."""
    name, _at, domain = address.strip().lower().partition("@")
    return f"{name.partition('+')[0]}@{domain}"


def phone_of(party: PlanParty) -> Address | None:
    """The party's mobile phone, where an SMS can be sent at all."""
    if sms.is_available() and sms.can_receive(party.phone):
        return Address(Channel.SMS, party.phone.as_e164)
    return None


def for_link(party: PlanParty) -> Address | None:
    """Where the personal link goes: by e-mail; to the phone of whoever has no e-mail."""
    return Address(Channel.EMAIL, party.email) if party.email else phone_of(party)


def awaits_mailbox(party: PlanParty) -> bool:
    """Whether the youth's link would go to an address that was typed on the website and that nobody confirmed.

    It may be anybody's mailbox: nothing goes there but the question whether it is theirs, and nothing at all once staff
    replaced it by another.
    """
    if party.party != Party.YOUTH or not party.email:
        return False
    candidate = party.signable.trajectory.candidate
    is_theirs = mailbox(party.email) == mailbox(candidate.email)
    return candidate.email_unconfirmed if is_theirs else mark(party.email) == candidate.replaced_mailbox


def for_code(party: PlanParty) -> Address | None:
    """Where the code goes: to the phone, else to a mailbox that isn't the link's."""
    if phone := phone_of(party):
        return phone
    if party.code_email and mailbox(party.code_email) != mailbox(party.email):
        return Address(Channel.EMAIL, party.code_email)
    return None
