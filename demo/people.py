"""The demo's people who log in: one per role. They exist in the demo and in tests, never in production."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.auth import hashers
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.actions import By, Capacity
from accounts.audit import SYSTEM
from accounts.models import Organisation, Region, Role, User
from topjob import clock

DEMO_PASSWORD = "welkom-bij-topjob"
DEMO_DOMAIN = "demo.example"

# local part of the address, name, roles in every region
STAFF = (
    ("frontoffice", "Fenna Otten", [Role.FRONTOFFICE]),
    ("regisseur", "Ruben Dijkstra", [Role.REGISSEUR]),
    ("regisseur2", "Rianne Kolkman", [Role.REGISSEUR]),
    ("loopbaanadviseur", "Lotte Brouwer", [Role.LOOPBAANADVISEUR]),
    ("werkmakelaar", "Willem Nijland", [Role.WERKMAKELAAR]),
    ("jobcoach", "Jasmijn Pot", [Role.JOBCOACH]),
    ("personeelsdiensten", "Pieter Schrijver", [Role.PERSONEEL]),
    ("backoffice", "Bianca Veldhuis", [Role.BACKOFFICE]),
    ("tweestappen", "Tess Kamphuis", [Role.BACKOFFICE]),  # shows the second factor (accounts/second.py)
    ("tweerollen", "Thomas Wolters", [Role.FRONTOFFICE, Role.BACKOFFICE]),
)
# local part, name, organisation that comes with the reference data
CLIENTS = (
    ("opdrachtgever", "Gerda Haverkamp", "Gemeente Raalte"),
    ("uwv", "Ursula Willemsen", "UWV Zwolle"),
)
# Made later, when there is somebody in a trial and a company that hires.
OF_THE_WORLD = ("kandidaat", "werkgever")
# What each of them does all day.
DAILY_WORK = {
    Role.FRONTOFFICE: _("Neemt aanmeldingen aan, vult ze aan en wijst ze toe aan een afdeling."),
    Role.REGISSEUR: _("Houdt het hele traject van één jongere bij elkaar: intake, startplan, proefperiode, nazorg."),
    Role.LOOPBAANADVISEUR: _("Maakt het zoekprofiel af en geeft na de opleiding advies over de volgende stap."),
    Role.WERKMAKELAAR: _("Zoekt bij elke jongere een werkgever en stelt hem of haar daar voor."),
    Role.JOBCOACH: _("Komt langs op het werk, praat met jongere en leermeester en houdt de voortgang bij."),
    Role.PERSONEEL: _("Regelt contracten en de regelingen voor de werkgever, zoals loonkostensubsidie."),
    Role.BACKOFFICE: _("Controleert aan het eind of alles klopt en sluit het dossier."),
    Role.BEHEERDER: _("Beheert gebruikers, tabellen en regels. Ziet geen dossiers."),
    Role.WERKGEVER: _("Zet vacatures open, leert kandidaten kennen en ziet wie er bij het bedrijf werkt."),
    Role.KANDIDAAT: _("Volgt het eigen traject op de telefoon en werkt aan het eigen cv."),
    Role.OPDRACHTGEVER: _("Betaalt het traject, ziet hoe het loopt en geeft toestemming voor de proefplaatsing."),
}


@dataclass(frozen=True)
class LoginGroup:
    """Demo accounts with the same roles."""

    roles: tuple[str, ...]
    people: list[User]

    @property
    def label(self) -> str:
        return " + ".join(str(Role(role).label) for role in self.roles)

    @property
    def daily_work(self) -> Any:
        """What these people do all day, in a line."""
        if len(self.roles) > 1:
            return _("Eén persoon met twee rollen: ziet in één werklijst wat bij beide hoort.")
        return DAILY_WORK[Role(self.roles[0])]


def address(local_part: str) -> str:
    return f"{local_part}@{DEMO_DOMAIN}"


def demo_user(local_part: str, name: str, capacities: Iterable[Capacity], *, by: By = SYSTEM) -> User:
    """The demo account with this address, made when it isn't there yet; all share one password. Each has a mobile number."""
    existing = User.objects.filter(email=address(local_part)).first()
    if existing is not None:
        return existing
    user = actions.add_user(
        name=name,
        email=address(local_part),
        phone=f"+31619{User.objects.count():06d}",
        capacities=capacities,
        by=by,
    )
    user.password = _hashed(DEMO_PASSWORD, hashers.get_hasher().algorithm)
    user.email_verified_at = clock.now()
    user.save(update_fields=["password", "email_verified_at"])
    return user


@cache
def _hashed(password: str, algorithm: str) -> str:
    """The one password that everybody in the demo has, made slow to guess once instead of for each of them."""
    return hashers.make_password(password, hasher=algorithm)


def make_staff() -> dict[str, User]:
    """Demo staff, one per role, by the first part of their address; safe to call again."""
    regions = list(Region.objects.filter(is_active=True))
    made = {"beheerder": demo_user("beheerder", "Bram Everts", [Capacity(Role.BEHEERDER)])}
    for local_part, name, roles in STAFF:
        capacities = [Capacity(role, region=region) for role in roles for region in regions]
        made[local_part] = demo_user(local_part, name, capacities)
    for local_part, name, organisation in CLIENTS:
        client = Organisation.objects.clients().get(name=organisation)
        made[local_part] = demo_user(local_part, name, [Capacity(Role.OPDRACHTGEVER, organisation=client)])
    return made


def demo_users() -> QuerySet[User]:
    """The demo's own accounts that can log in, with what they are; nobody whom a visitor made, whatever the address."""
    own = ("beheerder", *(row[0] for row in (*STAFF, *CLIENTS)), *OF_THE_WORLD)
    found = User.objects.filter(email__in=[address(local_part) for local_part in own], is_active=True)
    return found.prefetch_related("memberships__organisation").order_by("pk")


def logins_per_role() -> list[LoginGroup]:
    """Demo accounts by what they are, in the order of the roles; somebody with two roles stands apart."""
    order = [role.value for role in Role]
    groups: dict[tuple[str, ...], list[User]] = {}
    for user in demo_users():
        roles = tuple(sorted({membership.role for membership in user.memberships.all()}, key=order.index))
        if roles:
            groups.setdefault(roles, []).append(user)
    ordered = sorted(groups.items(), key=lambda item: (len(item[0]), order.index(item[0][0])))
    return [LoginGroup(roles, people) for roles, people in ordered]
