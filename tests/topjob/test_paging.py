"""Leafing: each row once, however it is looked up, and counted no further than is said."""

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from accounts.models import Branch
from topjob import paging
from topjob.paging import Pages, newest_first


@pytest.mark.django_db
@pytest.mark.parametrize("few", [True, False])
def test_leafing_shows_every_row_once(few):
    expected = sorted(Branch.objects.values_list("pk", flat=True), reverse=True)
    found, voor = [], ""
    for _leaf in range(len(expected)):
        leaf = newest_first(Branch.objects.all(), RequestFactory().get("/", {"voor": voor}), 4, few=few)
        assert leaf.is_first == (voor == "")
        found += [row.pk for row in leaf.rows]
        if leaf.older is None:
            break
        voor = str(leaf.older)
    assert found == expected and len(expected) > 8


# --- A list by page --------------------------------------------------------------------------------------------------
@pytest.fixture
def long_list(db: None, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Every row of a list of which no more than four are counted."""
    monkeypatch.setattr(paging, "COUNTED_TO", 4)
    return list(Branch.objects.order_by("pk").values_list("pk", flat=True))


def pages() -> Pages:
    return Pages(Branch.objects.order_by("pk").values_list("pk", flat=True), 3)


def test_whoever_leafs_on_sees_every_row_of_a_list_that_is_not_counted_to_its_end(long_list: list[int]) -> None:
    found, number = [], 1
    while True:
        page = pages().page(number)
        assert page.paginator.is_long
        found += page.object_list
        assert page.end_index() == len(found)
        if not page.has_next():
            break
        assert number + 1 in page.paginator.get_elided_page_range(number)
        number = page.next_page_number()
    assert found == long_list and len(found) > 8


@pytest.mark.parametrize(
    ("asked", "answered"),
    [("2", 2), (None, 1), ("", 1), ("x", 1), ("0", 2), ("-3", 2), ("1000", 2), ("9" * 30, 2), ("9" * 5000, 1)],
)
def test_a_page_that_is_not_there_is_one_that_is(long_list: list[int], asked: str | None, answered: int) -> None:
    """As many pages as were counted are there for certain."""
    assert pages().get_page(asked).number == answered


def test_how_many_there_are_is_counted_no_further(
    long_list: list[int], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2) as asked:
        assert pages().get_page("2").object_list == long_list[3:6]
    assert "LIMIT 5" in asked[0]["sql"] and "LIMIT 4" in asked[1]["sql"]


def test_a_short_list_says_how_long_it_is(db: None) -> None:
    page = pages().get_page("1")
    total = Branch.objects.count()
    assert (page.paginator.is_long, page.paginator.count, page.end_index()) == (False, total, 3)
    assert pages().get_page("9999").end_index() == total
    assert (paging.in_words(total), paging.in_words(1001)) == (str(total), "meer dan 1.000")


def test_a_long_list_says_more_than_a_thousand(long_list: list[int], client: Client) -> None:
    request = client.get("/inloggen/").wsgi_request
    page = render_to_string("components/pagination.html", {"page_obj": pages().page(2)}, request)
    assert "4–6 van meer dan 4" in " ".join(page.split())
