"""Rows that are read in the question of another row are the same as when they are asked for one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, models

from accounts.models import Branch
from candidates.models import Candidate, Education, WorkExperience, WorkLimitation
from candidates.sharing import SHARED
from demo.walk import Walk
from employers.models import Employer
from employers.views.portal import OVERVIEW
from topjob.together import Rows
from trajectories.models import (
    Application,
    Contract,
    Deadline,
    Evaluation,
    Qualification,
    StartPlan,
    Trajectory,
    WageValue,
)
from trajectories.models.plan import PROGRESS
from trajectories.pages.cards import OF_THE_CARDS
from trajectories.views.cases import GUIDES
from trajectories.views.client import RESULTS
from trajectories.views.trials import MEASURED

CASE = (*OF_THE_CARDS, *map(Rows, (*GUIDES.values(), "stream", "target_group", "deadlines", "plans")))


@pytest.fixture
def placed(in_aftercare: Walk) -> Walk:
    """Somebody with nearly everything that a journey brings."""
    return in_aftercare


def with_a_cv(person: Candidate) -> None:
    WorkLimitation.objects.create(candidate=person, load="tillen", maximum=1)
    Education.objects.create(candidate=person, name="Lassen", level=1)
    branch = Branch.objects.first()
    WorkExperience.objects.create(candidate=person, role="Inpakken", branch=branch, started_on=date(2024, 1, 1))


def with_a_wage_value(case: Trajectory, day: date) -> None:
    WageValue.objects.create(
        trajectory=case, percentage=54, determined_by="uwv", determined_on=day, created_at=case.created_at
    )


def same_row(one: models.Model, other: models.Model) -> None:
    for field in one._meta.concrete_fields:
        ours, theirs = getattr(one, field.attname), getattr(other, field.attname)
        assert ours == theirs and type(ours) is type(theirs), field


def rows_of(owner: models.Model, path: str) -> list[models.Model]:
    """The rows behind a relation of whichever kind."""
    found: object = owner
    for name in path.split("__"):
        found = getattr(found, name, None)
    if isinstance(found, models.Manager):
        return list(found.all())
    return [found] if isinstance(found, models.Model) else []


def same_rows(together: models.Model, rows: Sequence[Rows], seen: set[str]) -> None:
    """Compares what is in memory with what the database says when it is asked again."""
    apart = type(together)._default_manager.get(pk=together.pk)
    for part in rows:
        with ForbiddenToAsk():
            found = rows_of(together, part.name)
        expected = rows_of(apart, part.name)
        assert [row.pk for row in found] == [row.pk for row in expected], part.name
        for ours, theirs in zip(found, expected, strict=True):
            seen.add(part.name)
            same_row(ours, theirs)
            same_rows(ours, [*part.rows, *map(Rows, part.one)], seen)


class ForbiddenToAsk:
    """Whatever asks the database fails."""

    def __enter__(self) -> None:
        self.wrapper = connection.execute_wrapper(self.refuse)
        self.wrapper.__enter__()

    def __exit__(self, *raised: object) -> None:
        self.wrapper.__exit__(None, None, None)

    @staticmethod
    def refuse(_execute: object, sql: str, *_more: object) -> None:
        raise AssertionError(f"asked: {sql[:200]}")


@pytest.mark.parametrize(
    ("model", "rows", "told"),
    [
        (Trajectory, CASE, {"contracts", "placements", "check_ins", "vacancy", "deadlines", "jobcoach", "permissions"}),
        (Trajectory, (MEASURED, Rows("support_steps", one=("recorded_by",))), {"wage_values"}),
        (Trajectory, RESULTS, {"contracts", "trials"}),
        (StartPlan, (*PROGRESS, Rows("goals"), Rows("evaluation_dates")), {"links", "parties", "signatures", "goals"}),
        (
            Evaluation,
            (Rows("views", one=("recorded_by",), rows=(Rows("scores", one=("item",)),)),),
            {"views", "scores"},
        ),
        (Application, (Rows("trial__extensions"), Rows("trial__evaluation__views")), {"trial__evaluation__views"}),
        (
            Application,
            [part.behind("trajectory__candidate") for part in SHARED],
            {"trajectory__candidate__limitations"},
        ),
        (Employer, OVERVIEW, {"functions", "contacts"}),
        (Candidate, SHARED, {"experiences", "branch", "educations", "limitations"}),
    ],
)
def test_the_rows_are_the_same_as_asked_for_apart(placed: Walk, model: type, rows: Sequence[Rows], told: set) -> None:
    with_a_cv(placed.trajectory.candidate)
    with_a_wage_value(placed.trajectory, placed.day)
    related = {Application: ("trial__evaluation", "trajectory__candidate"), Trajectory: ("candidate",)}.get(model, ())
    seen: set[str] = set()
    for row in model.objects.select_related(*related).with_rows(*rows):
        same_rows(row, rows, seen)
    assert told <= seen


def test_one_question_however_it_is_put(placed: Walk, django_assert_num_queries) -> None:
    case = placed.trajectory
    rows = Trajectory.objects.with_rows(Rows("contracts"), Rows("exit_talk"), Rows("jobcoach"))
    puts = (
        lambda: rows.get(pk=case.pk),
        lambda: rows.filter(pk=case.pk).order_by("-pk").first(),
        lambda: rows.in_bulk([case.pk])[case.pk],
        lambda: next(iter(rows.filter(pk__in=[case.pk]))),
    )
    for put in puts:
        with django_assert_num_queries(1):
            found = put()
            assert found.contracts.all()[0].trajectory is found
            assert found.jobcoach.name and not hasattr(found, "exit_talk")
    with django_assert_num_queries(1):
        assert rows.filter(pk=case.pk).count() == 1
    with django_assert_num_queries(1):
        assert list(rows.values_list("pk", flat=True)) == [case.pk]


def test_numbers_days_and_moments_stay_what_they_were(placed: Walk) -> None:
    case = Trajectory.objects.with_rows(Rows("contracts"), Rows("deadlines"), Rows("placements")).get(
        pk=placed.trajectory.pk
    )
    contract: Contract = case.contracts.all()[0]
    deadline: Deadline = case.deadlines.all()[0]
    assert isinstance(contract.fte, Decimal) and isinstance(contract.period.lower, date)
    assert deadline.due_at == Deadline.objects.get(pk=deadline.pk).due_at
    assert case.placements.all()[0].period.upper is None


def test_what_changes_afterwards_is_read_when_asked_again(placed: Walk) -> None:
    case = Trajectory.objects.with_rows(Rows("qualifications")).get(pk=placed.trajectory.pk)
    before = len(case.qualifications.all())
    Qualification.objects.create(
        trajectory_id=case.pk, name="Diploma", on=date(2026, 9, 1), level="bbl1", created_at=case.created_at
    )
    assert len(case.qualifications.all()) == before
    case.forget_facts()
    assert len(case.qualifications.all()) == before + 1


def test_encrypted_columns_are_refused(placed: Walk) -> None:
    with pytest.raises(TypeError, match="bsn"):
        list(Trajectory.objects.with_rows(Rows("candidate")))
