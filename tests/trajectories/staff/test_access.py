"""Who may open which page of a case: foreign looks exactly like nonexistent."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import Membership, Role
from tests import factories
from tests.trajectories.conftest import Reach, Walk
from tests.trajectories.staff.conftest import ROLES, World
from topjob import clock

PAGES = ("detail", "note", "guides")
NOWHERE = 999_999_999


def urls(pk: int) -> list[str]:
    own = [reverse(f"trajectories:{name}", args=[pk]) for name in (*PAGES, "consent", "talk")]
    return [*own, reverse("trajectories:step", args=[pk, "stop"])]


def status(client, walk: Walk, url: str, method: str = "get") -> int:
    with clock.at(walk.day):
        return getattr(client, method)(url).status_code


@pytest.fixture
def case(reach: Reach) -> Walk:
    return reach("SOLLICITATIE")


# Pages that hold nothing but work, and who does it in this state; everybody else who opens the case is told why not.
WORK_OF = {
    "guides": {Role.FRONTOFFICE, Role.REGISSEUR},
    "consent": {Role.WERKMAKELAAR, Role.REGISSEUR, Role.LOOPBAANADVISEUR},
    "talk": {Role.WERKMAKELAAR},
}


# What a person shares with employers isn't for everybody of the region to know (decision 28).
NOT_FOR = {"consent": {Role.FRONTOFFICE, Role.PERSONEEL, Role.BACKOFFICE}}


def opens(url: str, role: str) -> int:
    """What somebody of this role may expect who opens the case."""
    if any(
        role in roles and url == reverse(f"trajectories:{name}", args=[pk_in(url)]) for name, roles in NOT_FOR.items()
    ):
        return 404
    work = next(
        (who for name, who in WORK_OF.items() if url == reverse(f"trajectories:{name}", args=[pk_in(url)])), {role}
    )
    return 200 if role in work else 409


def pk_in(url: str) -> int:
    return int(url.split("/")[2])


@pytest.mark.parametrize("role", ROLES)
def test_staff_of_the_region_open_the_case_and_a_jobcoach_only_who_they_coach(client, team, case: Walk, role) -> None:
    client.force_login(factories.staff(role))
    for url in urls(case.trajectory.pk):
        assert status(client, case, url) == (404 if role == Role.JOBCOACH else opens(url, role)), url
    client.force_login(team.jobcoach)
    for url in urls(case.trajectory.pk):
        assert status(client, case, url) == opens(url, Role.JOBCOACH), url


def test_who_does_other_work_than_the_page_is_for_reads_whose_it_is(client, case: Walk) -> None:
    client.force_login(factories.staff(Role.LOOPBAANADVISEUR))
    url = reverse("trajectories:guides", args=[case.trajectory.pk])
    for method in ("get", "post"):
        with clock.at(case.day):
            response = getattr(client, method)(url)
        assert response.status_code == 409
        assert "Deze stap doet: frontoffice, regisseur." in response.text


@pytest.mark.parametrize("role", [Role.FRONTOFFICE, Role.REGISSEUR, Role.JOBCOACH, Role.BEHEERDER])
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_foreign_is_the_same_as_nonexistent(client, case: Walk, role, method) -> None:
    client.force_login(factories.staff(role, region_code="29"))
    for foreign, nowhere in zip(urls(case.trajectory.pk), urls(NOWHERE), strict=True):
        answer = status(client, case, foreign, method)
        assert answer == status(client, case, nowhere, method), foreign
        assert answer in ((404,) if method == "get" else (404, 405)), foreign


def test_the_portals_people_do_not_open_cases(client, case: Walk) -> None:
    employer = factories.representative(case.trajectory.current_application.organisation)
    payer = factories.representative(case.trajectory.client, role=Role.OPDRACHTGEVER)
    youth = factories.UserFactory()
    Membership.objects.create(user=youth, role=Role.KANDIDAAT)
    type(case.candidate).objects.filter(pk=case.candidate.pk).update(user=youth)
    for user in (employer, payer, youth, factories.staff(Role.BEHEERDER), factories.UserFactory()):
        client.force_login(user)
        for url in [*urls(case.trajectory.pk), reverse("trajectories:list"), reverse("trajectories:pool")]:
            assert status(client, case, url) == 404, url


def test_a_visitor_goes_to_the_login_page(client, case: Walk) -> None:
    lists = [reverse(f"trajectories:{name}") for name in ("today", "list", "pool", "search")]
    for url in [*urls(case.trajectory.pk), *lists]:
        for method in ("get", "post"):
            assert status(client, case, url, method) == 302, url


def test_lists_hold_only_what_somebody_may_see(client, world: World, team) -> None:
    foreign, coach = factories.staff(Role.REGISSEUR, region_code="29"), factories.staff(Role.JOBCOACH)
    for user, count in ((foreign, 0), (coach, 0), (team.jobcoach, 12), (team.backoffice, 12)):
        client.force_login(user)
        assert client.get(reverse("trajectories:list")).context["page_obj"].paginator.count == count
        columns = client.get(reverse("trajectories:list") + "?weergave=bord").context["columns"]
        assert sum(column["count"] for column in columns) == count


def test_assignment_is_for_the_frontoffice_of_the_region(client) -> None:
    registration = factories.RegistrationFactory()
    url = reverse("trajectories:assign", args=[registration.pk])
    for role in ROLES:
        client.force_login(factories.staff(role))
        assert client.get(url).status_code == (200 if role == Role.FRONTOFFICE else 404)
    client.force_login(factories.staff(Role.FRONTOFFICE, region_code="29"))
    assert client.get(url).status_code == client.get(reverse("trajectories:assign", args=[NOWHERE])).status_code == 404


test_assignment_is_for_the_frontoffice_of_the_region = pytest.mark.django_db(
    test_assignment_is_for_the_frontoffice_of_the_region
)


def test_somebody_else_s_deadline_does_not_exist(client, case: Walk) -> None:
    deadline = case.trajectory.deadlines.open().first()
    url = reverse("trajectories:tick_off", args=[deadline.pk])
    for user in (factories.staff(Role.REGISSEUR, region_code="29"), factories.staff(Role.JOBCOACH)):
        client.force_login(user)
        assert status(client, case, url, "post") == 404
    assert case.trajectory.deadlines.open().filter(pk=deadline.pk).exists()


def test_choosing_is_for_the_werkmakelaar_of_the_region(client, reach: Reach, vacancy) -> None:
    walk = reach("BEMIDDELBAAR")
    url = reverse("trajectories:choose", args=[walk.candidate.pk, vacancy.pk])
    for role in ROLES:
        client.force_login(factories.staff(role))
        assert status(client, walk, url) == (200 if role == Role.WERKMAKELAAR else 404), role
    client.force_login(factories.staff(Role.WERKMAKELAAR, region_code="29"))
    nowhere = reverse("trajectories:choose", args=[NOWHERE, NOWHERE])
    assert status(client, walk, url) == status(client, walk, nowhere) == 404
