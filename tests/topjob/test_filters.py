"""Filters above a list: what makes no sense, what is refused, and that there is one way for it."""

from __future__ import annotations

from collections.abc import Iterator

import django_filters
import pytest
from django import forms
from django.urls import get_resolver

from accounts.models import Role, User
from tests import factories
from tests.test_repository import APPS
from topjob.filters import ListFilter, SearchFilter, Wrong
from trajectories.models import Trajectory
from trajectories.pages.filters import CaseFilter

pytestmark = pytest.mark.django_db
# Parameters of a search, mails, which are files, and the example in the gallery: none has rows to narrow.
PLAIN = {"SavedFilterForm", "MatchFilter", "PeopleFilter", "MailFilterForm", "ExampleFilter"}


class People(ListFilter):
    q = SearchFilter(label="Wie")
    role = django_filters.ChoiceFilter("memberships__role", label="Rol", choices=Role.choices)


@pytest.fixture
def people() -> tuple[User, User]:
    found = factories.staff(Role.REGISSEUR), factories.staff(Role.FRONTOFFICE)
    for user, name in zip(found, ("Roos Jansen", "Teun Willems"), strict=True):
        user.name = name
        user.save()
    return found


def names(asked: dict[str, str], wrong: Wrong = Wrong.LEFT_OUT) -> set[str]:
    kind = type("Some", (People,), {"wrong": wrong})
    return set(kind(asked, User.objects.all()).qs.values_list("name", flat=True))


@pytest.mark.parametrize("wrong", Wrong)
def test_what_makes_sense_is_found(people: tuple[User, User], wrong: Wrong) -> None:
    assert names({}, wrong) == {"Roos Jansen", "Teun Willems"}
    assert names({"q": "roos"}, wrong) == {"Roos Jansen"}
    assert names({"q": "roos", "role": Role.FRONTOFFICE}, wrong) == set()


@pytest.mark.parametrize("wrong", Wrong)
@pytest.mark.parametrize("refused", ["r", "roos@", "roos " * 40])
def test_a_search_that_is_refused_finds_nobody(people: tuple[User, User], wrong: Wrong, refused: str) -> None:
    assert names({"q": refused}, wrong) == set()
    assert names({"q": refused, "role": Role.REGISSEUR}, wrong) == set()


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        (Wrong.LEFT_OUT, {"Roos Jansen"}),
        (Wrong.NONE_USED, {"Roos Jansen", "Teun Willems"}),
        (Wrong.NOTHING_SHOWN, set()),
    ],
)
def test_a_value_that_makes_no_sense_does_what_the_list_says(
    people: tuple[User, User], wrong: Wrong, found: set[str]
) -> None:
    assert names({"q": "roos", "role": "tovenaar"}, wrong) == found


def test_chosen_is_what_makes_sense(people: tuple[User, User]) -> None:
    assert People({"q": "roos", "role": "tovenaar"}, User.objects.all()).chosen == {"q": "roos"}
    assert People({"q": " ", "role": ""}, User.objects.all()).chosen == {}


def test_a_region_is_offered_to_whoever_works_in_several() -> None:
    here, everywhere = factories.staff(Role.REGISSEUR), factories.staff(Role.REGISSEUR)
    everywhere.memberships.create(role=Role.REGISSEUR, region=factories.region("29"))
    rows = Trajectory.objects.all()
    assert "region" not in CaseFilter({}, rows, user=here).form.fields
    offered = CaseFilter({}, rows, user=everywhere).form.fields["region"].queryset
    assert {region.code for region in offered} == {"20", "29"}


def test_every_list_filters_in_one_way() -> None:
    """A list declares a `ListFilter`; a form that calls itself a filter is one of the few that narrow no rows."""
    assert get_resolver().url_patterns, "all pages are imported"
    ours = written(django_filters.FilterSet)
    assert len(ours) > 10
    assert all(issubclass(kind, ListFilter) for kind in ours)
    assert {kind.__name__ for kind in written(forms.BaseForm) if "Filter" in kind.__name__} == PLAIN


def written(kind: type) -> list[type]:
    """All of a kind that stand in an app; a `ListFilter` makes a form for itself."""
    return [narrower for narrower in kinds_of(kind) if narrower.__module__.split(".")[0] in APPS]


def kinds_of(kind: type) -> Iterator[type]:
    for narrower in kind.__subclasses__():
        yield narrower
        yield from kinds_of(narrower)
