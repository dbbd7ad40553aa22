"""Whether two files may be of one person, what was decided about it, and what differs between them (R13)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candidates.models import Candidate, DifferentPeople
from topjob.dates import nl_date

# What belongs together is taken over together: half an address is no address.
GROUPS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "naam": (gettext_lazy("Naam"), ("first_name", "name_prefix", "last_name")),
    "geboortedatum": (gettext_lazy("Geboortedatum"), ("birth_date",)),
    "telefoon": (gettext_lazy("Telefoon"), ("phone",)),
    "e-mail": (gettext_lazy("E-mailadres"), ("email",)),
    "adres": (gettext_lazy("Adres"), ("street", "house_number", "postcode", "city")),
}


def undecided(numbers: Iterable[int]) -> dict[int, set[int]]:
    """Of each of these files the files that may be of the same person and of which nobody said yet that they aren't."""
    people = Candidate.objects.files().filter(pk__in=list(numbers))
    alike = ArraySubquery(Candidate.objects.like(OuterRef))
    found = {pk: set(others) - {pk} for pk, others in people.values_list("pk", alike)}
    for one, other in _told_apart(found) if any(found.values()) else ():
        found.get(one, set()).discard(other)
        found.get(other, set()).discard(one)
    return found


def _told_apart(numbers: Iterable[int]) -> Iterable[tuple[int, int]]:
    """Pairs with one of these files that were said to be two people; a joined file counts as the one that leads."""
    leading = DifferentPeople.objects.annotate(
        a=Coalesce("one__joined_into", "one"), b=Coalesce("other__joined_into", "other")
    )
    known = list(numbers)
    return leading.filter(Q(a__in=known) | Q(b__in=known)).order_by().values_list("a", "b")


def undecided_of(candidate: Candidate) -> set[int]:
    """The files that may be of this person, as long as nobody decided."""
    return undecided([candidate.pk]).get(candidate.pk, set())


@dataclass(frozen=True)
class Pair:
    """One thing about the person as two files have it."""

    key: str
    label: str
    ours: str
    theirs: str

    @property
    def differs(self) -> bool:
        return self.ours != self.theirs

    @property
    def may_take(self) -> bool:
        """Whether the other file says something else, so that one can choose."""
        return self.differs and bool(self.theirs)


def compare(ours: Candidate, theirs: Candidate) -> list[Pair]:
    """Side by side, in the order in which people read a file."""
    return [Pair(key, str(label), _text(ours, names), _text(theirs, names)) for key, (label, names) in GROUPS.items()]


def _text(person: Candidate, names: tuple[str, ...]) -> str:
    values = [getattr(person, name) for name in names]
    return " ".join(nl_date(value) if hasattr(value, "year") else str(value) for value in values if value)


def take_over(ours: Candidate, theirs: Candidate, keys: Iterable[str]) -> list[str]:
    """Put what the other file says in this one, for the groups chosen; answers which fields changed."""
    changed = []
    for name in (name for key in keys if key in GROUPS for name in GROUPS[key][1]):
        if getattr(ours, name) != getattr(theirs, name):
            setattr(ours, name, getattr(theirs, name))
            changed.append(name)
    return changed


def why_alike(ours: Candidate, theirs: Candidate) -> str:
    """In words what two files have in common."""
    found = []
    if ours.folded_name == theirs.folded_name:
        found.append(_("naam"))
    if ours.birth_date == theirs.birth_date:
        found.append(_("geboortedatum"))
    if ours.phone and ours.phone == theirs.phone:
        found.append(_("telefoonnummer"))
    if ours.email and ours.email.lower() == theirs.email.lower():
        found.append(_("e-mailadres"))
    return ", ".join(found) or _("bijna dezelfde naam")
