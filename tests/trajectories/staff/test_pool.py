"""The banenpool: its filters and its rows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Role
from tests import factories
from tests.questions import LIST
from tests.trajectories.conftest import Reach
from topjob import clock

URL = reverse("trajectories:pool")


@pytest.fixture
def pooled(client, team, reach: Reach):
    client.force_login(team.job_broker)
    return reach("BANENPOOL")


def rows(client, walk, query: str = "") -> list:
    with clock.at(walk.day):
        response = client.get(f"{URL}?{query}")
    assert response.status_code == 200
    return [row["case"] for row in response.context["rows"]]


def test_who_is_in_the_pool_with_advice_and_match(client, pooled) -> None:
    assert rows(client, pooled) == [pooled.trajectory]
    with clock.at(pooled.day):
        text = client.get(URL).content.decode()
    assert "a: plaatsing bij het (leer)bedrijf" in text
    assert "Infra-GWW" in text
    assert reverse("matching:for_candidate", args=[pooled.candidate.pk]) in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("advice=a", True),
        ("advice=b", False),
        ("branch=01", True),
        ("branch=02", False),
        ("hours=32", True),
        ("hours=8", False),
        ("hours=99", True),
        ("q=bakker", True),
        ("q=jansen", False),
        ("since=2010-01-01", True),
        ("since=onzin&advice=z", True),
    ],
)
def test_filters(client, pooled, query, found) -> None:
    assert bool(rows(client, pooled, query)) == found


def test_since_when(client, pooled) -> None:
    day = clock.local(pooled.trajectory.state_since)
    assert rows(client, pooled, f"since={day}")
    assert not rows(client, pooled, f"since={day - timedelta(days=1)}")


def test_only_the_own_region(client, pooled) -> None:
    client.force_login(factories.staff(Role.WERKMAKELAAR, region_code="29"))
    assert rows(client, pooled) == []


def test_a_jobcoach_has_no_pool(client, team) -> None:
    client.force_login(team.jobcoach)
    assert client.get(URL).status_code == 404


def test_queries(client, pooled, django_assert_max_num_queries) -> None:
    rows(client, pooled)
    with django_assert_max_num_queries(LIST):
        rows(client, pooled)
