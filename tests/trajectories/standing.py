"""What many tests of a module begin with is made once: reaching a state by the real actions takes most of a test's time.

It is made in a transaction of its own. Each test goes on from there in a savepoint, with copies of the people in memory and
of the mails that went out, and knows nothing of the tests before it. What begins otherwise finds an empty world, as ever.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection, transaction

from demo.walk import Team, Walk
from employers.models import Vacancy


@dataclass
class World:
    """A team, a company with a vacancy, a person on the way, and what was mailed and typeset until then."""

    team: Team
    vacancy: Vacancy
    walk: Walk
    mails: list[EmailMessage] = field(default_factory=list)
    files: dict[Path, bytes] = field(default_factory=dict)

    def put_out(self) -> None:
        """The mails and the files as they were, whatever a test did to them."""
        mail.outbox[:] = self.mails
        for path, content in self.files.items():
            path.write_bytes(content)


Make = Callable[[World], None]


def standing(make: Make):
    """A fixture of this name, for the tests of its module: the person, walked on by `make` once for all of them."""

    def begin(walk: Walk, light_pdf: None) -> Walk:
        return walk

    begin.__doc__ = make.__doc__
    definition = pytest.fixture(name=make.__name__)(begin)
    definition.make = make
    return definition


def begins_with(item: pytest.Item, shared: ModuleType) -> Make | None:
    """How the world is made that a test wants: as its own module says, or the shared conftest."""
    if not item.module.__name__.startswith(shared.__package__):
        return None
    found = []
    for name in item.fixturenames:
        definitions = (vars(module).get(name) for module in (item.module, shared))
        found += [made for definition in definitions if (made := getattr(definition, "make", None))][:1]
    assert len(found) < 2, f"{item.nodeid} begins twice: {found}"
    return found[0] if found else None


class Stage:
    """Where the world stands that the coming tests begin with."""

    def __init__(self) -> None:
        self._make: Make | None = None
        self._made: World | None = None
        self._transaction: transaction.Atomic | None = None
        self.world: World | None = None

    def set(self, make: Make | None, begin: Callable[[Make], World]) -> None:
        """For one test: the same world as for the test before, another one, or none."""
        if make != self._make:
            self.clear()
            if make:
                self._set_up(make, begin)
        elif make:
            self._begin_afresh()
        self.world = copy.deepcopy(self._made)

    def _set_up(self, make: Make, begin: Callable[[Make], World]) -> None:
        assert not connection.in_atomic_block, "use usefixtures('db'): the mark django_db begins before the world"
        self._make, self._transaction = make, transaction.atomic()
        self._transaction.__enter__()
        try:
            self._made = begin(make)
            connection.check_constraints()
        except BaseException:
            self.clear()
            raise

    @staticmethod
    def _begin_afresh() -> None:
        """When a test asks for deferred checks at once within a block of its own, PostgreSQL keeps to that after the test."""
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    def clear(self) -> None:
        if self._transaction:
            transaction.set_rollback(True)
            self._transaction.__exit__(None, None, None)
        self._make = self._made = self._transaction = self.world = None
