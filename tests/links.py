"""The people without an account: every address that opens by a secret in it, and how such a link can have come to its end.

`link_matrix.csv` says what each address answers in each state; a state that a kind of link doesn't know is empty there.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from unittest import mock

from django.core import signing

from accounts import feeds, identity
from accounts.models import AddressChange, CalendarFeed, User
from candidates import mailbox
from candidates.models import Candidate
from tests.matrix import Subject, World
from topjob import clock
from trajectories.models import Paper, PartyLink, PlanParty
from trajectories.signing.links import token_hash

Purpose = PartyLink.Purpose
# "van iets anders" is a link that works, but for another page than this one.
STATES = [
    "open",
    "gebruikt",
    "gebruikt en verlopen",
    "vervallen",
    "geweigerd",
    "verlopen",
    "van iets anders",
    "onbekend",
]
# How the row of a personal link shows that it ended.
ENDED = {
    "gebruikt": ("used_at",),
    "gebruikt en verlopen": ("used_at",),
    "vervallen": ("voided_at",),
    "geweigerd": ("declined_at",),
}


def party_link(purpose: str, world: World, state: str) -> str | None:
    """The company's link to sign, to give its view or to fetch what was signed, of the own case."""
    never = {Purpose.READ: {"gebruikt", "gebruikt en verlopen", "geweigerd"}, Purpose.EVALUATE: {"geweigerd"}}
    if state in never.get(purpose, set()):
        return None
    case, token, now = world.subjects["own"].case, secrets.token_urlsafe(32), clock.now()
    party = PlanParty.objects.filter(party="werkgever")
    paper = case.papers.get(kind=Paper.Kind.LEARN_WORK)
    facts = {
        Purpose.SIGN: {"party": party.get(paper=paper), "paper": paper},
        Purpose.READ: {"party": party.get(paper=paper), "paper": paper},
        Purpose.EVALUATE: _of_evaluation(case.links.get(purpose=Purpose.EVALUATE, party__party="werkgever")),
    }[purpose]
    Paper.objects.filter(pk=paper.pk).update(signed_document=paper.document if purpose == Purpose.READ else None)
    case.links.filter(used_at=None, voided_at=None).update(voided_at=now)  # one open link at a time
    ended = dict.fromkeys(ENDED.get(state, ()), now - timedelta(days=2))
    until = now + timedelta(days=-1 if "verlopen" in state else 7)
    PartyLink.objects.create(
        trajectory=case,
        purpose=purpose,
        token_hash=token_hash(token),
        created_at=now - timedelta(days=3),
        expires_at=until,
        **facts,
        **ended,
    )
    return token


def _of_evaluation(link: PartyLink) -> dict[str, object]:
    return {"party": link.party, "plan": link.plan, "evaluation": link.evaluation}


def signing_link(world: World, state: str) -> str | None:
    return party_link(Purpose.EVALUATE if state == "van iets anders" else Purpose.SIGN, world, state)


def evaluation_link(world: World, state: str) -> str | None:
    return party_link(Purpose.SIGN if state == "van iets anders" else Purpose.EVALUATE, world, state)


def reading_link(world: World, state: str) -> str | None:
    return party_link(Purpose.SIGN if state == "van iets anders" else Purpose.READ, world, state)


def feed_link(world: World, state: str) -> str | None:
    """Somebody's calendar; it ends when it is withdrawn, and never by itself."""
    if state not in ("open", "vervallen"):
        return None
    token = feeds.new_token()
    feed = CalendarFeed(user=world.people["regisseur"], token_hash=feeds.token_hash(token), created_at=clock.now())
    if state == "open":
        feed.save()
    return token


def mailbox_link(world: World, state: str) -> str | None:
    """Whether an address that was typed on the website is theirs."""
    candidate = world.subjects["own"].candidate
    if state not in ("open", "gebruikt", "vervallen", "verlopen", "van iets anders"):
        return None
    Candidate.objects.filter(pk=candidate.pk).update(email_unconfirmed=state != "gebruikt")
    if state == "van iets anders":
        return signing.dumps([candidate.pk, candidate.email], salt=identity.SALT)
    token = _signed(lambda: mailbox.token(candidate), mailbox.VALID_FOR, state)
    if state == "vervallen":
        Candidate.objects.filter(pk=candidate.pk).update(email="een.ander@post.example")
    return token


def address_link(world: World, state: str) -> str | None:
    """Agreeing to another address of an account, from both mailboxes."""
    if state not in ("open", "gebruikt", "vervallen", "verlopen", "van iets anders"):
        return None
    user: User = world.people["regisseur"]
    change = identity.ask_new_address(user, "nieuw@post.example")
    if state == "van iets anders":
        return signing.dumps([change.pk, identity.OLD], salt=mailbox.SALT)
    token = _signed(lambda: identity.token(change, identity.OLD), identity.VALID_FOR, state)
    if state == "gebruikt":
        AddressChange.objects.filter(pk=change.pk).update(ended_at=clock.now())
    if state == "vervallen":
        identity.ask_new_address(user, "later@post.example")
    return token


def _signed(make: Callable[[], str], lasts: timedelta, state: str) -> str:
    """Signed just now, or so long ago that it lasts no more."""
    if state != "verlopen":
        return make()
    with mock.patch.object(signing.time, "time", return_value=signing.time.time() - lasts.total_seconds() - 60):
        return make()


# The beginning of an address → how a link to it is made.
MADE: dict[str, Callable[[World, str], str | None]] = {
    "/tekenen/": signing_link,
    "/evalueren/": evaluation_link,
    "/getekend/": reading_link,
    "/agenda/": feed_link,
    "/aanmelden/adres/": mailbox_link,
    "/account/adres/": address_link,
}


def token_for(pattern: str, world: World, state: str) -> str | None:
    """What stands in the address; None when a link of this kind can't be in this state."""
    if state == "onbekend":
        return "x" * 43
    make = next(make for begin, make in MADE.items() if pattern.startswith(begin))
    return make(world, state)


def names_in(subject: Subject) -> list[str]:
    """Who and what may be named to nobody by a link that has ended: the person, the company, everybody who signs."""
    parties = PlanParty.objects.filter(paper__trajectory=subject.case) | PlanParty.objects.filter(
        plan__trajectory=subject.case
    )
    organisation = subject.vacancy.employer.organisation
    return [subject.candidate.last_name, organisation.name, *set(parties.values_list("name", flat=True))]
