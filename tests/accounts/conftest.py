import pytest
from django.test import Client

from accounts.models import Role, User
from tests.accounts.people import PASSWORD, person, with_password


@pytest.fixture
def beheerder(db) -> User:
    return person(Role.BEHEERDER, name="Bea Heer")


@pytest.fixture
def fenna(db) -> User:
    """Staff who logs in with a password."""
    return with_password(person(Role.FRONTOFFICE, name="Fenna Otten"), PASSWORD)


@pytest.fixture
def browser(beheerder: User) -> Client:
    """The beheerder's browser."""
    client = Client()
    client.force_login(beheerder)
    return client
