"""Vandaag: everybody's own work, most urgent first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Absence, Membership, Organisation, Role
from candidates.models import ContactMoment
from tests import factories
from tests.questions import LIST
from tests.trajectories.conftest import Reach
from tests.trajectories.portals import attention
from tests.trajectories.staff.conftest import World
from topjob import clock
from trajectories import actions
from trajectories.models import Deadline, PartyLink, Trajectory
from trajectories.pages.worklists import ATTENTION, is_turn_of, turn_of
from trajectories.process.workflow import TURN, State

URL = "/"


def today(client, user, day):
    client.force_login(user)
    with clock.at(day):
        response = client.get(URL)
    assert response.status_code == 200
    return response


def case_link(walk) -> str:
    return f'href="{reverse("trajectories:detail", args=[walk.trajectory.pk])}"'


@pytest.mark.parametrize("state", [state for state in State if state in TURN])
def test_the_case_is_with_whoever_has_the_turn(client, team, world: World, reach: Reach, state) -> None:
    walk = reach(state)
    by_role = dict(
        zip(
            (Role.FRONTOFFICE, Role.REGISSEUR, Role.LOOPBAANADVISEUR, Role.WERKMAKELAAR, Role.JOBCOACH, Role.PERSONEEL,
             Role.BACKOFFICE),
            vars(team).values(),
            strict=True,
        )
    )  # fmt: skip
    for role, user in by_role.items():
        rows = today(client, user, walk.day).context["turn_rows"]
        assert (walk.trajectory in rows) == (role == walk.trajectory.turn), role


def test_without_a_jobcoach_the_lead_has_the_turn(client, team, reach: Reach) -> None:
    walk = reach("PROEFPERIODE")
    assert walk.trajectory not in today(client, team.regisseur, walk.day).context["turn_rows"]
    with clock.at(walk.day):
        actions.set_guides(walk.fresh(), jobcoach=None, by=team.frontoffice)
    assert walk.trajectory in today(client, team.regisseur, walk.day).context["turn_rows"]


def test_the_page_of_a_case_and_the_lists_agree_on_whose_turn_it_is(team, world: World) -> None:
    """Asked of the database for the lists, of the case that was read for its own page."""
    colleagues = [factories.staff(role) for role in factories.TEAM_ROLES]
    others = [factories.staff(*factories.TEAM_ROLES), factories.staff(*factories.TEAM_ROLES, region_code="29")]
    cases = Trajectory.objects.order_by("pk")
    pks = list(cases.values_list("pk", flat=True))
    cases.filter(pk__in=pks[::2]).update(jobcoach=None)
    cases.filter(pk__in=pks[::3]).update(job_broker=None, regisseur=None)
    cases.filter(pk__in=pks[::4]).update(turn=Role.JOBCOACH, jobcoach=None)
    cases.filter(pk__in=pks[::6]).update(career_adviser=None)
    Membership.objects.filter(user=team.career_adviser).update(region=factories.region("29"))
    today = clock.today()
    covered = {"starts_on": today, "ends_on": today, "created_by": team.regisseur, "created_at": clock.now()}
    for person, cover in ((team.regisseur, colleagues[1]), (team.job_broker, colleagues[3])):
        role = person.memberships.get().role
        Absence.objects.create(person=person, cover=cover, role=role, region=factories.region(), **covered)
    found = {}
    for user in (*vars(team).values(), *colleagues, *others):
        listed = set(cases.filter(turn_of(user)).values_list("pk", flat=True))
        assert {case.pk for case in cases if is_turn_of(case, user)} == listed, user.roles
        found[user.pk] = listed
    assert len({frozenset(pks) for pks in found.values()}) > 6


def test_deadlines_most_urgent_first_with_date_and_distance(client, team, reach: Reach) -> None:
    walk = reach("PROEFPERIODE").later(200)
    response = today(client, team.regisseur, walk.day)
    days = [row["deadline"].due_on for row in response.context["deadlines"]]
    assert days == sorted(days)
    assert "dagen te laat" in response.content.decode()
    assert response.context["late"] > 0


def test_shared_roles_see_what_is_theirs_and_the_lead_does_not(client, team, reach: Reach) -> None:
    walk = reach("LEERWERK")
    notice = walk.trajectory.deadlines.open().get(kind=Deadline.Kind.CONTRACT_NOTICE)
    for user, sees in ((team.personnel, True), (team.regisseur, False), (team.backoffice, False)):
        rows = [row["deadline"] for row in today(client, user, notice.due_on).context["deadlines"]]
        assert (notice in rows) == sees
    foreign = factories.staff(Role.PERSONEEL, region_code="29")
    assert not today(client, foreign, notice.due_on).context["deadlines"]


def test_talks_of_today_and_unrecorded_ones(client, team, reach: Reach) -> None:
    walk = reach("INTAKE")
    with clock.at(walk.day):
        for days in (-3, 0, 2):
            ContactMoment.objects.create(
                candidate=walk.candidate, kind="loopbaan", at=walk.at(15) + timedelta(days=days), by=team.regisseur
            )
    found = today(client, team.regisseur, walk.day).context["contacts"]
    assert [(clock.local(moment.at) - walk.day).days for moment in found] == [-3, 0]


def test_the_frontoffice_sees_who_waits(client, team) -> None:
    registration = factories.RegistrationFactory()
    foreign = factories.RegistrationFactory(candidate__region=factories.region("29"))
    found = today(client, team.frontoffice, clock.today()).context["registrations"]
    assert registration in found
    assert foreign not in found
    assert not today(client, team.regisseur, clock.today()).context["registrations"]


# --- What asks attention ---
def test_every_role_is_told_what_asks_attention(world: World, team, reach: Reach) -> None:
    with clock.at(reach("PROEFPERIODE").day):
        assert attention(team.job_broker) == {"geen_vacature": 1, "gesprek_vastleggen": 1}
        assert attention(team.backoffice) == {"getekend_nakijken": 0, "afsluiten": 1}
        assert attention(team.career_adviser) == {"zoekprofiel": 1, "adviespunt": 1}
        assert attention(team.regisseur) == {"niet_getekend": 0, "oordelen": 1, "toestemming": 0, "geen_begeleider": 0}
        assert attention(team.personnel) == {"scan_nakijken": 0, "aanzeggen": 0}
        assert attention(team.frontoffice) == {"geen_begeleider": 0}
    assert attention(factories.staff(Role.BACKOFFICE, region_code="29")) == {"getekend_nakijken": 0, "afsluiten": 0}


def test_a_declined_signature_and_a_missing_permission_ask_attention(team, reach: Reach) -> None:
    walk = reach("STARTPLAN").draft_plan().send_plan()
    with clock.at(walk.day, 12):
        actions.decline_to_sign(walk.open_link("werkgever", PartyLink.Purpose.SIGN), reason="Geen tijd meer.")
        told = {key: count for key, count in attention(team.regisseur).items() if count}
        assert told == {"niet_getekend": 1, "oordelen": 1, "toestemming": 1}


def test_views_and_notice(team, reach: Reach) -> None:
    walk = reach("EVALUATIE").give_views()
    assert attention(team.regisseur)["oordelen"] == 0
    end = reach("LEERWERK").trajectory.running_contract.ends_on
    with clock.at(end - timedelta(days=45)):
        assert attention(team.personnel)["aanzeggen"] == 1
    assert walk.fresh().state == "EVALUATIE"


@pytest.mark.parametrize("item", ATTENTION, ids=lambda item: item.key)
def test_each_leads_to_a_list_with_as_many_cases(client, team, reach: Reach, item) -> None:
    client.force_login(team.regisseur)
    with clock.at(reach("PROEFPERIODE").day):
        count = item.select(Trajectory.objects.visible_to(team.regisseur)).count()
        page = client.get(reverse("trajectories:list"), {"let_op": item.key}).context["page_obj"]
    assert page.paginator.count == count


def test_nobody_filters_by_what_is_not_theirs_to_know(client, team, reach: Reach) -> None:
    """Whose evaluation isn't complete, and whose loonwaarde was signed on paper, isn't for the backoffice."""
    client.force_login(team.backoffice)
    with clock.at(reach("EVALUATIE").day):
        page = client.get(reverse("trajectories:list"))
        offered = [key for key, _label in page.context["filter_form"].fields["let_op"].choices]
        every = page.context["page_obj"].paginator.count
        asked = client.get(reverse("trajectories:list"), {"let_op": "oordelen"}).context["page_obj"].paginator.count
    assert offered == ["", "getekend_nakijken", "afsluiten"]
    assert asked == every > 1


# --- Who lands where ---
def test_everybody_lands_in_the_own_place(client) -> None:
    organisation = factories.EmployerFactory().organisation
    payer = Organisation.objects.clients().first()
    homes = {
        factories.representative(organisation): reverse("employers:portal"),
        factories.representative(payer, role=Role.OPDRACHTGEVER): reverse("trajectories:client_overview"),
        factories.CandidateFactory(with_login=True).user: reverse("trajectories:my_case"),
        factories.staff(Role.BEHEERDER): reverse("accounts:manage"),
        factories.UserFactory(): reverse("accounts:profile"),
    }
    for user, home in homes.items():
        client.force_login(user)
        assert client.get(URL).url == home
    client.logout()
    assert client.get(URL).url.startswith("/inloggen/")


test_everybody_lands_in_the_own_place = pytest.mark.django_db(test_everybody_lands_in_the_own_place)


def test_someone_with_two_roles_sees_the_work_of_both(client, team, reach: Reach) -> None:
    walk, closing = reach("BEMIDDELBAAR"), reach("AFSLUITING")
    Membership.objects.create(user=team.job_broker, role=Role.BACKOFFICE, region=factories.region())
    rows = today(client, team.job_broker, closing.day).context["turn_rows"]
    assert {walk.trajectory, closing.trajectory} <= set(rows)


def test_vandaag_asks_a_fixed_number_of_queries(
    client, team, world: World, reach: Reach, django_assert_max_num_queries
) -> None:
    day = reach("PROEFPERIODE").later(60).day
    today(client, team.regisseur, day)
    with clock.at(day), django_assert_max_num_queries(LIST):
        client.get(URL)
