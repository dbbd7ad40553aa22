"""Somebody leaves, or loses a role: who takes over the open cases, in one transaction, each with its row in the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts import verbs
from accounts.models import Absence, Membership, Region, Role, User
from accounts.models.people import works_as
from candidates.models import Candidate, ContactMoment, SupportNeed
from topjob import clock, outbox
from topjob.errors import Reason, Refused
from topjob.keys import mark_of
from trajectories.journey.core import lock, log, require_work, touch
from trajectories.journey.receiving import receive
from trajectories.models import Deadline, PlanParty, Received, Trajectory
from trajectories.models.guides import GUIDES, guided_by
from trajectories.models.plan import StartPlan
from trajectories.process.choices import Party
from trajectories.timing.owners import find_owners

# What undoing a thing needs to know of how it was.
Kept = dict[str, Any]


@dataclass(frozen=True)
class Held:
    """The open cases in somebody's name for one role in one region."""

    role: Role
    region: Region
    count: int

    @property
    def name(self) -> str:
        return f"{self.role}_{self.region.pk}"

    def cases(self, person: User) -> QuerySet[Trajectory]:
        """The most urgent first."""
        mine = Trajectory.objects.open().filter(**{GUIDES[self.role]: person}, region=self.region)
        return mine.order_by("due_on", "pk")

    def colleagues(self, person: User) -> QuerySet[User]:
        """Who could take over: does this work here, and not for one company only."""
        able = Membership.objects.filter(works_as(self.role, self.region), organisation=None)
        return User.objects.filter(pk__in=able.values("user")).exclude(pk=person.pk).order_by("name", "pk")


def held_by(person: User) -> list[Held]:
    """Everything open in somebody's name, per role and region."""
    found = []
    regions = Region.objects.in_bulk()
    for role, name in GUIDES.items():
        rows = Trajectory.objects.open().filter(**{name: person}).order_by("region__position", "region")
        found += [Held(role, regions[pk], count) for pk, count in rows.values_list("region").annotate(Count("pk"))]
    return found


def held_through(membership: Membership) -> list[Held]:
    """What would be nobody's without this membership: the same role, where the person doesn't hold it in another way."""
    others = Membership.objects.filter(user=membership.user_id).exclude(pk=membership.pk)
    return [
        held
        for held in held_by(membership.user)
        if held.role == membership.role and not others.filter(works_as(held.role, held.region)).exists()
    ]


def stays_behind(person: User) -> list[Reason]:
    """What is in somebody's name and doesn't go along, each with where it is put right."""
    mine = Trajectory.objects.open().filter(guided_by(person)).values("candidate")
    talks = planned_talks(person).exclude(candidate__in=mine).count()
    covered_for = Absence.objects.filter(cover=person, ends_on__gte=clock.today()).values("person").distinct().count()
    found = [
        (
            _to_sign(person),
            _(
                "Documenten die op de handtekening van %(name)s wachten: %(n)s. Een link die al verstuurd is, gaat niet mee. "
                "Wijzig bij die documenten de ondertekenaar."
            ),
            "",
        ),
        (
            talks,
            _("Geplande gesprekken met mensen die %(name)s niet begeleidt: %(n)s. Die blijven op die naam staan."),
            "",
        ),
        (
            covered_for,
            _("Collega's voor wie %(name)s waarneemt of gaat waarnemen: %(n)s. Dat vervalt."),
            "trajectories:absences",
        ),
    ]
    regions = Region.objects.filter(coordinator=person)
    found += [(1, _("%(name)s is coördinator van %(region)s. Kies daar iemand anders."), "accounts:tables")] * len(
        regions
    )
    words = [{}, {}, {}, *({"region": region} for region in regions)]
    return [
        Reason(text % ({"n": count, "name": person.name} | more), link)
        for (count, text, link), more in zip(found, words, strict=True)
        if count
    ]


def _to_sign(person: User) -> int:
    """Documents that somebody was to sign as a coach or stand-in, and hasn't."""
    waiting = (StartPlan.Status.DRAFT, StartPlan.Status.SENT)
    parties = PlanParty.objects.filter(party=Party.JOBCOACH, email__iexact=person.email, signatures=None)
    return parties.filter(Q(plan__status__in=waiting) | Q(paper__status__in=waiting)).count()


@dataclass(frozen=True)
class Share:
    """Who takes over one part: one colleague, or several by turns; nobody when that was chosen."""

    held: Held
    receivers: tuple[User, ...] = ()


@dataclass(frozen=True)
class Division:
    """Which case goes to whom."""

    share: Share
    cases: dict[int, User | None]

    @property
    def lines(self) -> list[tuple[User | None, int]]:
        """How many each gets."""
        got = list(self.cases.values())
        return [(user, got.count(user)) for user in self.share.receivers or (None,)]


def divide(person: User, shares: Sequence[Share]) -> list[Division]:
    """Deal the cases out by turns, the most urgent first, beginning with whoever has the fewest now."""
    return [Division(share, _dealt(person, share)) for share in shares]


def _dealt(person: User, share: Share) -> dict[int, User | None]:
    cases = list(share.held.cases(person).values_list("pk", flat=True))
    if not share.receivers:
        return dict.fromkeys(cases)
    field = GUIDES[share.held.role]
    loads = dict(Trajectory.objects.open().order_by().values_list(field).annotate(Count("pk")))
    turns = sorted(share.receivers, key=lambda user: (loads.get(user.pk, 0), user.name, user.pk))
    return {pk: turns[place % len(turns)] for place, pk in enumerate(cases)}


def key_of(divisions: Sequence[Division]) -> str:
    """A mark of exactly this division, to see whether what is confirmed is what was shown."""
    told = [
        (part.share.held.name, [(pk, user.pk if user else None) for pk, user in part.cases.items()])
        for part in divisions
    ]
    return mark_of(told)


class OtherDivision(Refused):
    """Something changed between looking and confirming."""


@transaction.atomic
def leave(person: User, shares: Sequence[Share], *, seen: str, by: User) -> None:
    """Shut somebody out and hand over what is in their name."""
    _hand_over(person, shares, held_by(person), seen, by)
    accounts.deactivate_user(person, by=by)


@transaction.atomic
def take_role(membership: Membership, shares: Sequence[Share], *, seen: str, by: User) -> None:
    """Take a role away and hand over what was in the person's name because of it."""
    _hand_over(membership.user, shares, held_through(membership), seen, by)
    accounts.remove_membership(membership, by=by)


def _hand_over(person: User, shares: Sequence[Share], held: Sequence[Held], seen: str, by: User) -> None:
    if not by.has_role(Role.BEHEERDER):
        raise Refused(_("Dit doet de beheerder."))
    cases = Trajectory.objects.open().select_for_update(of=("self",))
    for mine in held:
        list(cases.filter(pk__in=mine.cases(person).order_by().values("pk")).order_by("pk").values_list("pk"))
    divisions = divide(person, shares)
    if {share.held.name for share in shares} != {mine.name for mine in held} or key_of(divisions) != seen:
        raise OtherDivision(_("De trajecten zijn intussen veranderd. Kijk de verdeling nog eens na."))
    for part in divisions:
        _carry_out(person, part, by)


def _carry_out(person: User, part: Division, by: User) -> None:
    role = part.share.held.role
    for case in Trajectory.objects.filter(pk__in=list(part.cases)).select_related("candidate").order_by("pk"):
        receiver = part.cases[case.pk]
        setattr(case, GUIDES[role], receiver)
        case.save(update_fields=[GUIDES[role]])
        receive(case, [GUIDES[role]], by=by)
        if role == Role.JOBCOACH:
            Candidate.objects.filter(pk=case.candidate_id).update(jobcoach=receiver)
        moved = _move_promises(person, receiver, case)
        log(verbs.HAND_OVER, case, by=by, role=role, left=person.pk, to=receiver.pk if receiver else None, **moved)
    find_owners(Deadline.objects.open().filter(trajectory__in=list(part.cases)))
    for receiver, count in part.lines:
        if receiver is not None and count:
            key = f"handed-over-{person.pk}-{part.share.held.name}-{receiver.pk}-{clock.now():%Y%m%d%H%M}"
            outbox.enqueue("mail_handed_over", key=key, user=receiver.pk, left=person.pk, role=role, count=count)


@transaction.atomic
def hand_over_case(trajectory: Trajectory, *, role: Role, to: User, by: User) -> Kept:
    """One case goes on with another guide in this role, with the planned talks and questions of whoever had it.

    Gives what `hand_back_case` needs.
    """
    locked = lock(trajectory)
    require_work("set_guides", locked, by=by)
    able = Membership.objects.filter(works_as(role, locked.region), user=to)
    if refusal := why_not_to(locked, role, to, works_here=able.exists()):
        raise Refused(refusal)
    left = getattr(locked, GUIDES[role])
    kept = {"role": str(role), "left": left.pk if left else None} | _promises_of(left, locked)
    _set_guide(locked, role, to)
    moved = _move_promises(left, to, locked) if left is not None else {}
    touch(locked)
    receive(locked, [GUIDES[role]], by=by)
    log(verbs.HAND_OVER, locked, by=by, role=role, left=kept["left"], to=to.pk, **moved)
    return kept


def _set_guide(case: Trajectory, role: Role, guide: User | None) -> None:
    setattr(case, GUIDES[role], guide)
    if role == Role.JOBCOACH:
        Candidate.objects.filter(pk=case.candidate_id).update(jobcoach=guide)


def _promises_of(person: User | None, case: Trajectory) -> Kept:
    """Which planned talks and open questions go along with a case."""
    if person is None:
        return {"talks": [], "needs": []}
    talks = planned_talks(person).filter(candidate=case.candidate_id)
    needs = open_needs(person).filter(candidate=case.candidate_id)
    return {"talks": [*talks.values_list("pk", flat=True)], "needs": [*needs.values_list("pk", flat=True)]}


@transaction.atomic
def hand_back_case(
    trajectory: Trajectory, *, role: str, left: int | None, talks: list[int], needs: list[int], by: User
) -> None:
    """The case goes back to who it was, with what went along; right after handing it over, so nobody is told."""
    locked = lock(trajectory)
    require_work("set_guides", locked, by=by)
    which = Role(role)
    receiver, guide = getattr(locked, GUIDES[which]), User.objects.filter(pk=left).first()
    _set_guide(locked, which, guide)
    ContactMoment.objects.filter(pk__in=talks).update(by=guide)
    SupportNeed.objects.filter(pk__in=needs).update(owner=guide)
    Received.objects.filter(trajectory=locked, user=receiver, role=which).delete()
    touch(locked)
    log(verbs.HANDED_BACK, locked, by=by, role=which, left=receiver.pk, to=left)


def why_not_to(case: Trajectory, role: Role, to: User, *, works_here: bool) -> Reason | None:
    """Why this case can't go to this colleague, if so."""
    if getattr(case, f"{GUIDES[role]}_id") == to.pk:
        return Reason(_("%(name)s is dit al.") % {"name": to.name})
    if not works_here:
        words = {"name": to.name, "role": str(role.label).lower(), "region": case.region}
        return Reason(_("%(name)s is geen %(role)s in %(region)s.") % words)
    return None


def _move_promises(person: User, receiver: User | None, case: Trajectory) -> dict[str, int]:
    """Planned talks and questions for support go along; a talk that nobody takes over stays as it was, to be cancelled."""
    moved = {"needs": open_needs(person).filter(candidate=case.candidate_id).update(owner=receiver)}
    if receiver is not None:
        moved["talks"] = planned_talks(person).filter(candidate=case.candidate_id).update(by=receiver)
    return moved


def open_needs(person: User) -> QuerySet[SupportNeed]:
    """Questions for support that somebody still has to settle."""
    return SupportNeed.objects.filter(owner=person).exclude(status=SupportNeed.Status.SETTLED)


def planned_talks(person: User) -> QuerySet[ContactMoment]:
    return ContactMoment.objects.filter(by=person, status=ContactMoment.Status.PLANNED)
