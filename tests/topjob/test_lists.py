"""Every list of the staff answers to the same keys, and can be sorted by what its heads say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.urls import get_resolver

from accounts.models import Role, User
from employers.models import LearnWorkProject
from tests import factories
from tests.test_repository import APPS
from tests.topjob.test_filters import kinds_of
from topjob.filters import ListFilter, in_order

ROOT = Path(__file__).resolve().parents[2] / "templates"
# Tables and rows that are no list to go through: what is compared, weighed, explained or asked in a form.
NO_LIST = {
    "matching/compare.html": "two or more beside each other",
    "matching/weights.html": "figures to compare",
    "matching/audit.html": "figures",
    "matching/decision.html": "the parts of one score",
    "accounts/checks.html": "sentences, nothing to open",
    "accounts/who_sees.html": "a table of rights",
    "trajectories/handover/leave.html": "what a form is about to do",
    "trajectories/joining/join.html": "what a form is about to do",
    "trajectories/joining/alike.html": "two files beside each other",
    "trajectories/cases/timeline.html": "what happened, to be read",
    "trajectories/trials/permission.html": "one thing's versions",
    "trajectories/trials/evaluation.html": "three parties beside each other",
    "components/gallery.html": "examples",
}


def staff_templates() -> Iterator[tuple[str, str]]:
    for path in sorted(ROOT.rglob("*.html")):
        text = path.read_text()
        if re.search(r'extends "(base|candidates/file_base|person_frame)\.html"|extends (frame|base) ?', text):
            yield str(path.relative_to(ROOT)), ROWS.sub(rows_of, text)


ROWS = re.compile(r'{% rows "([^"]+)" %}')


def rows_of(named: re.Match[str]) -> str:
    """The rows that stand in a file of their own."""
    return (ROOT / named[1]).read_text()


def is_list(text: str) -> bool:
    """Rows that repeat in a table, or pages to leaf through."""
    repeats = any("{% for" in body for body in re.findall(r"<tbody.*?</tbody>", text, re.DOTALL))
    return repeats or "components/pagination.html" in text or "components/older.html" in text


def test_every_list_of_the_staff_answers_to_keys() -> None:
    found = {name: text for name, text in staff_templates() if is_list(text)}
    assert len(found) > 20
    without = [name for name, text in found.items() if "data-rows" not in text and name not in NO_LIST]
    assert not without, "give the list data-rows and its rows data-row (docs/components.md)"
    assert not NO_LIST.keys() - found.keys() - {"components/gallery.html"}


def test_every_row_of_such_a_list_is_a_row() -> None:
    for name, text in staff_templates():
        for body in re.findall(r"<tbody data-rows.*?</tbody>", text, re.DOTALL):
            rows = re.findall(r"<tr\b[^>]*>|_law_row\.html", body)
            assert rows, name
            assert all("data-row" in row or "_law_row" in row for row in rows), name


def test_every_head_that_sorts_names_an_order_of_some_list() -> None:
    """A head whose order nobody declared would do nothing."""
    assert get_resolver().url_patterns, "all pages are imported"
    orders = {key for kind in ours() for key in declared(kind)}
    for name, text in staff_templates():
        for key in re.findall(r'sort_header\.html" with label=label key="(\w+)"', text):
            assert key in orders | {"due"}, f"{name}: {key}"


def ours() -> list[type[ListFilter]]:
    return [kind for kind in kinds_of(ListFilter) if kind.__module__.split(".")[0] in APPS]


def declared(kind: type[ListFilter]) -> dict[str, tuple[str, ...]]:
    return kind.orders if isinstance(kind.orders, dict) else {}


class People(ListFilter):
    orders = {"name": ("name",), "login": ("last_login",)}
    usual_order = "name"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "order"),
    [("", "name"), ("name", "name"), ("-name", "-name"), ("password", "name"), ("-", "name"), ("--name", "name")],
)
def test_an_order_that_nobody_declared_is_the_usual_one(asked: str, order: str) -> None:
    assert People({"sort": asked}, User.objects.all()).sort == order


@pytest.mark.django_db
@pytest.mark.parametrize("down", [False, True])
def test_what_is_empty_comes_last_and_alike_is_by_number(down: bool) -> None:
    days = (None, date(2026, 3, 2), date(2026, 3, 2))
    made = [factories.ProjectFactory(starts_on=day) for day in days]
    found = LearnWorkProject.objects.order_by(*in_order(LearnWorkProject, ("starts_on",), down=down))
    alike = [made[2], made[1]] if down else [made[1], made[2]]
    assert list(found.filter(pk__in=[row.pk for row in made])) == [*alike, made[0]]


@pytest.mark.django_db
def test_every_declared_order_is_one_the_database_knows() -> None:
    """A column that was renamed would only fail for whoever presses that head."""
    from accounts.filters import LogFilter, OutboxFilter, UserFilter
    from accounts.models import Absence, AuditEntry
    from candidates.filters import RegistrationFilter
    from candidates.models import Registration
    from employers.filters import EmployerFilter, ProjectFilter, VacancyFilter
    from employers.models import Employer, Vacancy
    from topjob.models import OutboxMessage
    from trajectories.models import Trajectory
    from trajectories.pages.filters import AbsenceFilter, CaseFilter, PoolFilter
    from trajectories.pages.worklists import in_pool

    user = factories.staff(Role.REGISSEUR)
    lists = (
        (CaseFilter, Trajectory.objects.all(), {"user": user}),
        (PoolFilter, in_pool(user), {"user": user}),
        (AbsenceFilter, Absence.objects.all(), {}),
        (RegistrationFilter, Registration.objects.all(), {}),
        (EmployerFilter, Employer.objects.all(), {}),
        (VacancyFilter, Vacancy.objects.all(), {}),
        (ProjectFilter, LearnWorkProject.objects.all(), {}),
        (UserFilter, User.objects.all(), {}),
        (LogFilter, AuditEntry.objects.all(), {}),
        (OutboxFilter, OutboxMessage.objects.all(), {}),
    )
    assert get_resolver().url_patterns, "all pages are imported"
    assert {kind for kind in ours() if declared(kind)} == {kind for kind, *_more in lists}
    for kind, rows, more in lists:
        for key in kind.orders:
            for sort in (key, f"-{key}"):
                assert kind({"sort": sort}, rows, **more).qs.count() == len(rows), (kind, sort)
