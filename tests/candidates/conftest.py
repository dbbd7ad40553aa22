from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Role, User
from tests.factories import staff


@pytest.fixture
def browser(db) -> Callable[[User], Client]:
    """The browser of somebody who is logged in."""

    def logged_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return logged_in


@pytest.fixture
def frontoffice(db) -> User:
    return staff(Role.FRONTOFFICE)


@pytest.fixture
def regisseur(db) -> User:
    return staff(Role.REGISSEUR)
