"""One person, one file (R13): who registers twice never gets a second open trajectory."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Department
from candidates import actions as candidate_actions
from candidates.models import Candidate, Registration
from tests.candidates.test_public import typed
from tests.factories import CandidateFactory, RegistrationFactory, team
from topjob.errors import Refused
from trajectories import actions
from trajectories.demo.walk import Team
from trajectories.models import Trajectory

pytestmark = pytest.mark.django_db


def maatwerq() -> Department:
    return Department.objects.get(code="maatwerq")


def assign(registration: Registration, team: Team) -> Trajectory:
    people = {"regisseur": team.regisseur, "by": team.frontoffice}
    return actions.assign(registration, department=maatwerq(), **people)


class TestRegisteringAgain:
    """Somebody with an open case fills in the form of the website once more."""

    @pytest.fixture
    def team(self) -> Team:
        return team()

    @pytest.fixture
    def case(self, team: Team) -> Trajectory:
        known = CandidateFactory(first_name="Noör", last_name="Bakker", birth_date=typed()["birth_date"])
        return assign(RegistrationFactory(candidate=known), team)

    @pytest.fixture
    def second(self, case: Trajectory) -> Registration:
        answer = Client().post("/aanmelden/", typed(), follow=True)
        assert case.candidate.full_name not in answer.content.decode()
        return Registration.objects.open().get()

    def ready(self, registration: Registration) -> Registration:
        registration.is_motivated = True
        registration.save()
        return registration

    def test_it_comes_in_and_cannot_become_a_second_open_trajectory(self, team: Team, second: Registration) -> None:
        with pytest.raises(Refused) as refused:
            assign(self.ready(second), team)
        assert [reason.url for reason in refused.value.reasons] == [f"/personen/{second.candidate_id}/lijkt-op/"]
        assert Trajectory.objects.count() == 1

    def test_staff_see_the_running_case_beside_it(self, team: Team, case: Trajectory, second: Registration) -> None:
        browser = Client()
        browser.force_login(team.frontoffice)
        assert "lijkt op iemand die al bekend is" in browser.get("/aanmeldingen/").content.decode()
        page = browser.get(f"/personen/{second.candidate_id}/lijkt-op/").content.decode()
        assert "heeft een lopend traject" in page and f"/trajecten/{case.pk}/" in page

    def test_who_is_somebody_else_is_assigned_after_the_decision(
        self, team: Team, case: Trajectory, second: Registration
    ) -> None:
        candidate_actions.tell_apart(second.candidate, case.candidate, by=team.frontoffice)
        assert assign(self.ready(second), team).candidate == second.candidate
        assert Candidate.objects.count() == 2
