"""Conditions put together: any of some, and of none; and that nobody is never asked for as a row without a number."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from candidates.models import Candidate
from tests import factories
from tests.test_repository import APPS
from topjob.conditions import any_of, no_row, whether
from trajectories.models import GeneratedDocument, Trajectory

pytestmark = pytest.mark.django_db


def names(condition: Q) -> set[str]:
    return set(User.objects.filter(condition).values_list("name", flat=True))


@pytest.fixture
def three() -> None:
    for name in ("Anna", "Bram", "Cas"):
        factories.UserFactory(name=name)


def test_any_of_some_is_true_where_one_of_them_is(three: None) -> None:
    assert names(any_of(Q(name="Anna"), no_row(), Q(name="Cas"))) == {"Anna", "Cas"}
    assert names(~any_of(Q(name="Anna"), no_row())) == {"Bram", "Cas"}


def test_any_of_nothing_is_true_of_nobody_and_asks_nothing(
    three: None, django_assert_num_queries: Callable[[int], AbstractContextManager]
) -> None:
    with django_assert_num_queries(0):
        assert names(any_of()) == set()


def test_as_a_column_it_says_no(three: None) -> None:
    rows = User.objects.annotate(is_anna=whether(Q(name="Anna")), is_one=whether(any_of())).order_by("name")
    assert list(rows.values_list("is_anna", "is_one")) == [(True, False), (False, False), (False, False)]


def test_one_without_a_role_costs_the_others_no_index() -> None:
    """Whoever isn't the person, a coach or a company is left out of the question, instead of asked for as a missing row."""
    company = factories.EmployerFactory().organisation
    readers = factories.staff(Role.REGISSEUR), factories.staff(Role.JOBCOACH), factories.candidate_user()
    for user in (*readers, factories.representative(company)):
        with CaptureQueriesContext(connection) as asked:
            for rows in (Candidate.objects, Trajectory.objects, GeneratedDocument.objects):
                list(rows.visible_to(user))
        assert len(asked) >= 2  # the roles, and at least what may be seen of documents
        assert not [question for question in asked if '"id" IS NULL' in question["sql"]]


def test_nobody_is_never_a_row_without_a_number() -> None:
    root = Path(settings.BASE_DIR)
    files = [path for app in APPS for path in (root / app).rglob("*.py") if path.name != "conditions.py"]
    wrong = re.compile(r"Q\((pk|id)=None|\b(pk|id)__isnull=True")
    assert [path.name for path in files if wrong.search(path.read_text())] == []
