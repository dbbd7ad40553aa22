import pytest
from django.test import Client

from accounts.models import Role, User
from tests.accounts.people import person


@pytest.fixture
def beheerder(db) -> User:
    return person(Role.BEHEERDER, name="Bea Heer")


@pytest.fixture
def browser(beheerder: User) -> Client:
    """The beheerder's browser."""
    client = Client()
    client.force_login(beheerder)
    return client
