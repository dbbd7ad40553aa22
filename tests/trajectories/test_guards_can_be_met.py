"""No case gets stuck: whatever a step's guard refuses can be put right on a page that somebody with the role opens (decision 25).

A person of every department walks the whole journey by the real actions. At each stop every guard of every step from there is
asked. A refusal names a page; somebody of the team opens it; and further on the same walk the guard is content.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from accounts.models import Client, Department, Role, User
from candidates import actions as candidate_actions
from candidates.models import Candidate, Registration
from demo.walk import Team, Walk
from employers.models import Vacancy
from tests import factories
from tests.trajectories.conftest import START, make_company, make_registration, make_walk, walk_to
from topjob import clock
from topjob.errors import Refused
from trajectories import actions
from trajectories.process import rules
from trajectories.process.workflow import Journey, State, steps_from

# What only the calendar takes away, by itself.
BY_TIME = {rules.start_date_reached, rules.near_trial_end}
# Refusals that send somebody to another step of the same state, which is open then: the choice was made elsewhere.
OTHER_STEP = {
    rules.not_maatwerq: {"accept_application", "decline_application"},
    rules.advice_is_job: {"learn_on", "refer_out", "revise_advice"},
    rules.advice_is_learning: {"place", "refer_out", "revise_advice"},
    rules.advice_is_other_choice: {"place", "learn_on", "revise_advice"},
    rules.all_views_positive: {"other_place", "seek_advice"},
}
# Held when the registration is assigned, and fixed from then on: below, assigning itself is asked.
AT_ASSIGNING = {rules.motivation_recorded}
# Asked in tests of their own, below and in test_agreements.
OWN_TEST = {rules.eligible, rules.seat_free, rules.signed_in_time, rules.agreement_possible}
# Refused at least once on the way through MaatwerQ.
WALKED = {
    *(rules.foto_complete, rules.support_settled, rules.finance_checked, rules.profile_confirmed),
    *(rules.vacancy_chosen, rules.consent_given, rules.application_talk_held, rules.plan_signed),
    *(rules.permission_in_place, rules.all_views_given, rules.wage_value_known, rules.quick_scan_done),
    *(rules.advice_talk_held, rules.advice_drafted, rules.exit_talk_recorded, rules.completion_done),
}


def journey(walk: Walk, vacancy: Vacancy) -> Iterator[Any]:
    """One deed at a time, from AANGEMELD to AFGESLOTEN."""
    yield lambda: walk
    yield lambda: actions_at(walk, "start_intake")
    yield lambda: fill_file(walk)
    yield walk.confirm_profile
    yield walk.complete_intake
    yield lambda: choose_only(walk, vacancy)
    yield lambda: consent(walk)
    yield walk.introduce
    yield lambda: walk.later(6).hold_talk()
    yield lambda: walk.accept(START, "1")
    yield walk.draft_plan
    yield walk.send_plan
    yield lambda: walk.sign("jongere")
    yield lambda: walk.sign("werkgever", "jobcoach")
    yield walk.permit
    yield walk.start_trial
    yield walk.open_evaluation
    yield lambda: walk.give_views(True, "jongere")
    yield lambda: walk.give_views(True, "werkgever", "jobcoach")
    yield walk.settle_wage_value
    yield lambda: walk.continue_learning(12)
    yield lambda: walk.later(200).qualify().finish_training()
    yield lambda: walk.later(7).advise("a")
    yield walk.give_advice
    yield lambda: walk.later(14).place(vacancy.employer.organisation)
    yield lambda: walk.later(90).step(Journey.finish_aftercare)
    yield lambda: walk.later(7).close()


def actions_at(walk: Walk, name: str) -> None:
    with clock.at(walk.day):
        actions.STEPS[name](walk.fresh(), by=walk.user_on_lead)


def fill_file(walk: Walk) -> None:
    walk.later(7)
    with clock.at(walk.day):
        walk._fill_file()


def choose_only(walk: Walk, vacancy: Vacancy) -> None:
    with clock.at(walk.day):
        chosen = Vacancy.objects.get(pk=vacancy.pk)
        actions.choose_match(walk.fresh(), chosen, reason="Past.", by=walk.team.job_broker)


def consent(walk: Walk) -> None:
    with clock.at(walk.day):
        actions.record_consent(walk.fresh(), channel="gesprek", by=walk.team.job_broker)


def refusals(walk: Walk) -> dict[Any, Any]:
    """Every guard that refuses here, with its reason and the steps that can be taken all the same."""
    with clock.at(walk.day):
        case = walk.fresh()
        steps = list(steps_from(case.state))
        free = {step.name for step in steps if not step.missing(case)}
        found = {guard: (guard(case), free) for step in steps for guard in step.needs}
    return {guard: pair for guard, pair in found.items() if pair[0] is not None}


def opens_for_somebody(walk: Walk, team: Team, url: str) -> bool:
    """Whether somebody of the team opens the page and finds something to do on it."""
    for user in staff_of(team):
        browser = Browser()
        browser.force_login(user)
        with clock.at(walk.day):
            response = browser.get(url)
        main = response.text.partition("<main")[2]
        if response.status_code == 200 and ('method="post"' in main or 'class="btn' in main):
            return True
    return False


def staff_of(team: Team) -> list[User]:
    people = [team.regisseur, team.career_adviser, team.job_broker, team.frontoffice, team.personnel]
    return [*people, team.jobcoach, team.backoffice]


@pytest.mark.parametrize("department", ["match", "maatwerq", "jeugd", "maatschappelijk"])
def test_whatever_a_guard_refuses_is_put_right_on_a_page_that_opens(
    department: str, team: Team, vacancy: Vacancy, light_pdf: None
) -> None:
    walk = make_walk(
        team, department=department, client=Client.objects.get(name="UWV Zwolle")
    )  # whose permission blocks
    seen: dict[Any, str] = {}
    content: set[Any] = set()
    for deed in journey(walk, vacancy):
        deed()
        refused = refusals(walk)
        for guard, (reason, free) in refused.items():
            if guard in BY_TIME:
                continue
            if guard in OTHER_STEP:
                assert free & OTHER_STEP[guard], (walk.trajectory.state, guard.__name__)
                continue
            assert reason.url, f"{guard.__name__} says no page: {reason.text}"
            if seen.get(guard) != reason.url:
                assert opens_for_somebody(walk, team, reason.url), (guard.__name__, reason.url)
            seen[guard] = reason.url
        content |= set(seen) - set(refused)
    assert walk.fresh().state == State.AFGESLOTEN
    assert {guard.__name__ for guard in set(seen) - content} == set(), "never put right on the way"
    if department == "maatwerq":
        assert {guard.__name__ for guard in WALKED - set(seen)} == set(), "never refused on the way"


def test_every_guard_is_walked_or_said_why_not() -> None:
    """A new guard is refused on the walk above, or gets a word here on why none is needed."""
    asked = {guard for state in State for step in steps_from(state) for guard in step.needs}
    assert asked == WALKED | {rules.intake_talk_held} | BY_TIME | set(OTHER_STEP) | AT_ASSIGNING | OWN_TEST


def test_a_vacancy_that_is_full_leaves_another_way(team: Team, vacancy: Vacancy, light_pdf: None) -> None:
    walk = walk_to(make_walk(team), vacancy, State.SOLLICITATIE).later(6).hold_talk()
    Vacancy.objects.filter(pk=vacancy.pk).update(seats=1, seats_free=0)
    reason, free = refusals(walk)[rules.seat_free]
    assert opens_for_somebody(walk, team, reason.url) and "decline_application" in free
    walk.decline("De plek is al vergeven.").choose(make_company()).introduce()
    assert rules.seat_free not in refusals(walk)


def test_r4_a_plan_signed_after_its_start_gets_a_new_version(team: Team, vacancy: Vacancy, light_pdf: None) -> None:
    walk = walk_to(make_walk(team), vacancy, State.STARTPLAN).draft_plan().send_plan()
    walk.day = START + timedelta(days=1)
    reason, free = refusals(walk)[rules.signed_in_time]
    assert opens_for_somebody(walk, team, reason.url) and "withdraw_plan" in free
    with clock.at(walk.day):
        version = actions.draft_plan(walk.fresh(), by=team.regisseur)
        actions.save_plan(version, by=team.regisseur, trial_starts_on=START + timedelta(days=14))
    assert rules.signed_in_time not in refusals(walk)


# --- R1 and R2: asked while they can still be met ----------------------------------------------------------------------
def part(team: Team) -> Registration:
    """Somebody of whom table 4.2 says "past soms", without an override."""
    with clock.at(date(2026, 1, 5)):
        return make_registration(team, group="bijstand", birth_date=date(2006, 3, 1), override_reason="")


def assign(registration: Registration, team: Team) -> Any:
    with clock.at(date(2026, 1, 5)):
        return actions.assign(
            registration,
            department=Department.objects.get(code="maatwerq"),
            regisseur=team.regisseur,
            by=team.frontoffice,
        )


def test_r2_who_fits_in_part_is_not_assigned_to_maatwerq_without_a_reason(team: Team) -> None:
    registration = part(team)
    with pytest.raises(Refused, match="past soms") as refused:
        assign(registration, team)
    assert refused.value.reasons[0].link == "candidates:registration"
    candidate_actions.override_eligibility(registration, reason="Zeer gemotiveerd.", by=team.frontoffice)
    assert assign(registration, team).state == State.AANGEMELD


@pytest.mark.parametrize("role", [Role.REGISSEUR, Role.FRONTOFFICE])
def test_r2_an_override_stays_possible_until_the_intake_starts(team: Team, role: str, client: Browser) -> None:
    """Who fitted when assigned and no longer does (a birthday, a rule that changed) can still be admitted."""
    with clock.at(date(2026, 1, 5)):
        registration = make_registration(team, group="bijstand", birth_date=date(2004, 3, 1), override_reason="")
    case = assign(registration, team)
    Candidate.objects.filter(pk=registration.candidate_id).update(birth_date=date(2006, 3, 1))
    user = team.regisseur if role == Role.REGISSEUR else team.frontoffice
    with clock.at(date(2026, 1, 6)):
        with pytest.raises(Refused, match="Doelgroep en leeftijd passen niet") as refused:
            actions.start_intake(type(case).objects.get(pk=case.pk), by=team.regisseur)
        client.force_login(user)
        url = refused.value.reasons[0].url
        assert "past soms" in client.get(url).text
        assert client.post(url, {"reason": ""}).status_code == 200
        assert client.post(url, {"reason": "Gemeente vraagt het."}).status_code == 302
        registration.refresh_from_db()
        assert (registration.override_reason, registration.override_by) == ("Gemeente vraagt het.", user)
        actions.start_intake(type(case).objects.get(pk=case.pk), by=team.regisseur)
        assert client.get(url).status_code == client.post(url, {"reason": "Nog eens."}).status_code == 409


def test_r2_an_override_by_who_may_not_is_refused(team: Team, client: Browser) -> None:
    case = make_walk(team).trajectory
    url = f"/trajecten/{case.pk}/toelaten/"
    for user, answer in ((team.job_broker, 409), (factories.staff(Role.REGISSEUR, region_code="29"), 404)):
        client.force_login(user)
        assert client.post(url, {"reason": "x"}).status_code == answer


def test_the_form_of_assigning_says_it_beside_the_department_and_shows_the_way(team: Team, client: Browser) -> None:
    registration = part(team)
    client.force_login(team.frontoffice)
    url = f"/aanmeldingen/{registration.pk}/toewijzen/"
    data = {"department": Department.objects.get(code="maatwerq").pk, "regisseur": team.regisseur.pk}
    with clock.at(date(2026, 1, 5)):
        response = client.post(url, data)
    assert response.status_code == 200 and "past soms" in response.context["form"].errors["department"][0]
    assert f"/aanmeldingen/{registration.pk}/toelaten/" in response.text
    with clock.at(date(2026, 1, 5)):
        assert client.post(url, data | {"department": Department.objects.get(code="match").pk}).status_code == 200
