"""Who may open and change the pages of matching. Employers and candidates see no matches; rows follow `visible_to`."""

from __future__ import annotations

from accounts.access import BEHEERDER, CANDIDATE_PORTAL, CASE_WORKERS, EMPLOYER_PORTAL, PUBLIC, roles
from accounts.models import Role, User
from accounts.need_to_know import Part, roles_with
from candidates.models import Candidate

EDITOR_ROLES = frozenset({Role.LOOPBAANADVISEUR, Role.REGISSEUR, Role.WERKMAKELAAR, Role.FRONTOFFICE})
CONFIRMER_ROLES = frozenset({Role.LOOPBAANADVISEUR, Role.REGISSEUR})
DECIDER_ROLES = frozenset({Role.WERKMAKELAAR, Role.LOOPBAANADVISEUR, Role.REGISSEUR})

FILE_READERS = CASE_WORKERS
# Whose work the matches are (`accounts.need_to_know`).
READER_ROLES = roles_with(Part.MATCHES)
READERS = roles(*READER_ROLES)
EDITORS = roles(*EDITOR_ROLES)
CONFIRMERS = roles(*CONFIRMER_ROLES)
DECIDERS = roles(*DECIDER_ROLES)
DEMANDERS = roles(Role.WERKMAKELAAR, Role.FRONTOFFICE, Role.REGISSEUR)
SKILL_CHOOSERS = roles(*EDITOR_ROLES, Role.WERKGEVER)

__all__ = [
    "BEHEERDER",
    "CANDIDATE_PORTAL",
    "CONFIRMERS",
    "DECIDERS",
    "DEMANDERS",
    "EDITORS",
    "EMPLOYER_PORTAL",
    "FILE_READERS",
    "PUBLIC",
    "READERS",
    "SKILL_CHOOSERS",
]


def may_edit(user: User, candidate: Candidate) -> bool:
    """Whether somebody changes the zoekprofiel of this person: their role in the person's region."""
    return user.has_role_in(candidate.region_id, *EDITOR_ROLES)


def may_confirm(user: User, candidate: Candidate) -> bool:
    """R3: the loopbaanadviseur confirms, or the regisseur; those of the person's region."""
    return user.has_role_in(candidate.region_id, *CONFIRMER_ROLES)


def may_match(user: User, candidate: Candidate) -> bool:
    """Whether the matches of this person open for somebody (`READERS`)."""
    return user.has_role_in(candidate.region_id, *READER_ROLES)


def may_decide(user: User, candidate: Candidate) -> bool:
    return user.has_role_in(candidate.region_id, *DECIDER_ROLES)


def may_choose(user: User, candidate: Candidate) -> bool:
    """Choosing a vacancy for somebody is the werkmakelaar's, of the person's region."""
    return user.has_role_in(candidate.region_id, Role.WERKMAKELAAR)


def regions_of(user: User) -> list[int]:
    """The regions whose people someone may see in a match."""
    return sorted(user.regions_as(*READER_ROLES))
