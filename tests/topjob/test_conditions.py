"""Conditions put together: any of some, and of none; and that nobody is never asked for as a row without a number."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import F, Q
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Role, User
from candidates.models import Candidate
from tests import factories
from tests.test_repository import APPS
from topjob.conditions import OneOf, PairAmong, any_of, no_row, whether
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


def test_one_of_what_a_question_gives_and_none_of_an_empty_answer(three: None) -> None:
    anna = User.objects.filter(name="Anna").values("pk")
    assert names(Q(OneOf("pk", anna))) == {"Anna"}
    assert names(Q(OneOf("pk", anna)) | Q(name="Cas")) == {"Anna", "Cas"}
    assert names(~Q(OneOf("pk", anna))) == {"Bram", "Cas"}
    assert names(Q(OneOf("pk", User.objects.filter(name="Niemand").values("pk"))) | Q(name="Cas")) == {"Cas"}


def test_a_pair_is_among_pairs_and_nothing_is_among_none() -> None:
    here, elsewhere = factories.region("20"), factories.region("29")
    user = factories.staff(Role.REGISSEUR)
    held = Membership.objects.filter(role=Role.REGISSEUR).values("user", "region")
    mine = Membership.objects.filter(user=user)
    assert mine.filter(PairAmong("user", "region", held)).count() == 1
    assert not mine.filter(~Q(PairAmong("user", "region", held))).exists()
    mine.update(region=elsewhere)
    fixed = Membership.objects.filter(role=Role.REGISSEUR, region=here).values("user", "region")
    assert mine.filter(~Q(PairAmong("user", "region", fixed))).count() == 1
    # Without a region it is no pair, instead of neither that nor none.
    mine.update(region=None, role=Role.JOBCOACH)
    assert mine.annotate(also=F("region")).filter(~Q(PairAmong("user", "also", held))).count() == 1


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
