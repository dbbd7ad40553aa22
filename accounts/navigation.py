"""The main menu: which entries someone sees follows from the same roles that open the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models.roles import CASE_ROLES, POOL_ROLES, Role

if TYPE_CHECKING:
    from accounts.models import User

# label, URL name, roles that see it
MENU = (
    (_("Vandaag"), "trajectories:today", CASE_ROLES | {Role.BEHEERDER}),
    (_("Aanmeldingen"), "candidates:registrations", CASE_ROLES - {Role.JOBCOACH}),
    (_("Trajecten"), "trajectories:list", CASE_ROLES),
    (_("Vacatures"), "employers:vacancies", CASE_ROLES - {Role.JOBCOACH}),
    (_("Matchtips"), "matching:tips", {Role.WERKMAKELAAR, Role.LOOPBAANADVISEUR}),
    (_("Werkgevers"), "employers:list", CASE_ROLES - {Role.JOBCOACH}),
    (_("Projecten"), "employers:projects", CASE_ROLES - {Role.JOBCOACH}),
    (_("Banenpool"), "trajectories:pool", POOL_ROLES),
    (_("Beheer"), "accounts:manage", {Role.BEHEERDER}),
    (_("Mijn traject"), "trajectories:my_case", {Role.KANDIDAAT}),
    (_("Bedrijf"), "employers:portal", {Role.WERKGEVER}),
    (_("Voorstellen"), "trajectories:portal_proposals", {Role.WERKGEVER}),
    (_("Mensen aan het werk"), "trajectories:portal_people", {Role.WERKGEVER}),
    (_("Deelnemers"), "trajectories:client_overview", {Role.OPDRACHTGEVER}),
)


def nav_items_for(request: HttpRequest) -> list[dict[str, object]]:
    """Menu entries for who is looking; empty for a visitor."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    entries = menu_of(user)
    active = _nearest(request.path, [url for _label, url in entries])
    return [{"label": label, "url": url, "active": url == active} for label, url in entries]


def menu_of(user: User) -> list[tuple[str, str]]:
    """What somebody's menu holds: what it is called, and where."""
    return [(str(label), reverse(name)) for label, name, allowed in MENU if user.has_role(*allowed)]


def _nearest(path: str, urls: list[str]) -> str:
    """The entry a page belongs to: the longest address it starts with; the start page only by itself."""
    fitting = [url for url in urls if url == path or (url != "/" and path.startswith(url))]
    return max(fitting, key=len, default="")
