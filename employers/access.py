"""Who may open and change the employers' pages. Rows are answered by each queryset's `visible_to`."""

from __future__ import annotations

from accounts.access import STAFF, roles
from accounts.models import Role, User

MANAGER_ROLES = frozenset({Role.WERKMAKELAAR, Role.FRONTOFFICE, Role.REGISSEUR})

READERS = STAFF
MANAGERS = roles(*MANAGER_ROLES)


def can_manage(user: User) -> bool:
    """Whether this person may add and change employers, vacancies and projects."""
    return user.has_role(*MANAGER_ROLES)
