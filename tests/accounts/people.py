"""People for the tests of accounts."""

from __future__ import annotations

from itertools import count

from accounts.models import Membership, Organisation, Region, Role, User

numbers = count(1)
PASSWORD = "een heel lang wachtwoord"


def person(*roles: str, name: str = "", organisation: Organisation | None = None, active: bool = True) -> User:
    """A user with these roles: staff in the first region, the others for the organisation."""
    number = next(numbers)
    user = User.objects.create_user(email=f"persoon{number}@test.example", name=name or f"Persoon {number}")
    for role in roles:
        outside = role in {Role.WERKGEVER, Role.OPDRACHTGEVER}
        region = None if outside or role in {Role.BEHEERDER, Role.KANDIDAAT} else Region.objects.first()
        Membership.objects.create(user=user, role=role, region=region, organisation=organisation if outside else None)
    if not active:
        user.is_active = False
        user.save()
    return user


def with_password(user: User, password: str) -> User:
    """The same person, who logs in with a password."""
    user.set_password(password)
    user.save()
    return user


def company(name: str = "Bouwbedrijf Salland", **extra) -> Organisation:
    return Organisation.objects.create(kind=Organisation.Kind.EMPLOYER, name=name, **extra)


def client_organisation(name: str = "Gemeente Raalte") -> Organisation:
    return Organisation.objects.clients().get(name=name)
