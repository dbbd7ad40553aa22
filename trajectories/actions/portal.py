"""What people do in their own portals: the youth and the employer. And letting the youth in."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import verbs
from accounts.actions import Capacity, add_user
from accounts.models import Role, User
from candidates.models import Candidate
from topjob import clock, outbox
from topjob.errors import Reason, Refused
from trajectories.journey.core import lock, lock_of, log, require_work
from trajectories.models import PartyLink, PlanParty, Trajectory
from trajectories.process.choices import Party
from trajectories.signing.links import make_link, why_no_new_link


@transaction.atomic
def invite_candidate(trajectory: Trajectory, *, by: User) -> User:
    """Give the person a login of their own and mail them how to get in; asked again, the mail goes again."""
    locked = lock(trajectory)
    require_work("invite_candidate", locked, by=by)
    candidate = Candidate.objects.select_for_update(of=("self",)).select_related("user").get(pk=locked.candidate_id)
    user = candidate.user or _new_login(candidate, by)
    if not user.is_active:
        raise Refused(_("Dit account is uitgezet. De beheerder kan het weer aanzetten."))
    minute = clock.now().strftime("%Y%m%d%H%M")
    outbox.enqueue("candidate_invitation", key=f"candidate-invitation-{user.pk}-{minute}", user=user.pk)
    log(verbs.INVITE_CANDIDATE, locked, by=by, user=user.pk)
    return user


def _new_login(candidate: Candidate, by: User) -> User:
    if not candidate.email:
        text = _("Het e-mailadres van de kandidaat ontbreekt.")
        raise Refused(Reason(text, "candidates:person_data", candidate.pk))
    if candidate.email_unconfirmed:
        text = _("Het e-mailadres is op de website ingevuld en nog niet bevestigd. Vraag het na en sla de gegevens op.")
        raise Refused(Reason(text, "candidates:person_data", candidate.pk))
    if User.objects.filter(email__iexact=candidate.email).exists():
        text = _("Er is al een account met dit e-mailadres. Vraag de kandidaat om een eigen adres.")
        raise Refused(Reason(text, "candidates:person_data", candidate.pk))
    capacity = Capacity(role=Role.KANDIDAAT)
    user = add_user(name=candidate.full_name, email=candidate.email, capacities=[capacity], by=by)
    candidate.user = user
    candidate.save(update_fields=["user"])
    return user


@transaction.atomic
def request_link(link: PartyLink, *, by: User) -> PartyLink:
    """A party asks for a fresh link of its own; it only ever goes to the address in the plan, never to a screen."""
    trajectory = lock_of(link)
    if not speaks_for(by, link.party):
        raise Refused(_("Deze link is voor iemand anders."))
    if needless := why_no_new_link(link, trajectory):
        raise Refused(needless)
    fresh = make_link(link.party, link.purpose, link.evaluation)
    log(verbs.REQUEST_LINK, trajectory, by=by, link=fresh.pk, party=link.party_id)
    return fresh


def speaks_for(user: User, party: PlanParty) -> bool:
    """Whether this person may ask something for a party: the youth for themselves, the employer's people for the company."""
    if party.party == Party.YOUTH:
        return user.has_role(Role.KANDIDAAT) and party.signable.trajectory.candidate.user_id == user.pk
    if party.party == Party.EMPLOYER:
        return party.signable.organisation_id in user.organisations_as(Role.WERKGEVER)
    return False
