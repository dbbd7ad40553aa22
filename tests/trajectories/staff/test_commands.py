"""What Ctrl-K can do besides finding: a page by its name, something new, the page of somebody's case (issue 12)."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import Reading, Role, User
from candidates.models import Candidate
from tests import factories
from trajectories.models import Trajectory
from trajectories.process.workflow import State

URL = reverse("trajectories:search")


def done_with(client, q: str, **headers: str) -> list[tuple[str, str]]:
    found = client.get(URL, {"q": q}, headers=headers).context["commands"]
    return [(str(row.label), row.url) for row in found]


@pytest.mark.parametrize("q", ["startplan sem", "sem startplan", "startp zonderland"])
def test_a_page_of_somebodys_case_is_one_line_away(world, client, q) -> None:
    case = Trajectory.objects.get(pk=world.people[State.STARTPLAN][0])
    Candidate.objects.filter(pk=case.candidate_id).update(
        first_name="Sem", last_name="Zonderland", search_text=" sem zonderland "
    )
    client.force_login(case.regisseur)
    assert ("Startplan", reverse("trajectories:plan", args=[case.pk])) in done_with(client, q)


def test_only_pages_that_open_for_who_asks_are_offered(world, client) -> None:
    case = Trajectory.objects.get(pk=world.people[State.STARTPLAN][0])
    name = case.candidate.last_name
    for pk in world.team:
        user = User.objects.get(pk=pk)
        client.force_login(user)
        for word in ("startplan", "toestemming", "notitie", "dossier", "loonwaarde", "advies", "zoekprofiel"):
            for label, url in done_with(client, f"{word} {name}"):
                assert client.get(url, follow=True).status_code == 200, (user.roles, label, url)


def test_nobody_of_another_region_is_offered(world, client) -> None:
    case = Trajectory.objects.get(pk=world.people[State.STARTPLAN][0])
    client.force_login(factories.staff(Role.REGISSEUR, region_code="29"))
    assert done_with(client, f"startplan {case.candidate.last_name}") == []


@pytest.mark.parametrize(
    ("role", "q", "url"),
    [
        (Role.FRONTOFFICE, "nieuwe aanmelding", "candidates:register"),
        (Role.FRONTOFFICE, "aanm", "candidates:registrations"),
        (Role.WERKMAKELAAR, "matchtips", "matching:tips"),
        (Role.BEHEERDER, "beheer", "accounts:manage"),
    ],
)
def test_a_page_of_ones_own_is_one_word_away(client, db, role, q, url) -> None:
    client.force_login(factories.staff(role))
    assert reverse(url) in [found for _label, found in done_with(client, q)]


def test_what_is_not_ones_work_is_not_offered(client, db) -> None:
    client.force_login(factories.staff(Role.JOBCOACH))
    assert done_with(client, "nieuwe aanmelding") == []
    assert done_with(client, "beheer") == []


def test_whom_a_command_names_is_logged(world, client) -> None:
    case = Trajectory.objects.get(pk=world.people[State.STARTPLAN][0])
    client.force_login(case.regisseur)
    before = Reading.objects.count()
    assert done_with(client, f"notitie {case.candidate.last_name}")
    assert Reading.objects.count() > before
