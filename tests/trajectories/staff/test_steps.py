"""The page of every step: for every state and role, what it refuses, what it asks, what it does."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.models import AuditEntry, Department, KindOfPlace, Role
from employers.models import Vacancy
from matching.models import MatchDecision
from tests import factories
from tests.trajectories.conftest import START, Reach, Walk, make_registration, make_vacancy, make_walk, walk_to
from topjob import clock
from topjob.dates import nl_date
from topjob.errors import Refused
from trajectories import actions
from trajectories.models import AgreementKind, Contract, SeatClaim, Trajectory
from trajectories.pages.steps import PAGES
from trajectories.process.workflow import Journey, State, step_names, steps_from

CASE_ROLES = ("frontoffice", "regisseur", "career_adviser", "job_broker", "jobcoach", "personnel", "backoffice")


def step_url(walk: Walk, name: str) -> str:
    return reverse("trajectories:step", args=[walk.trajectory.pk, name])


def take(client, walk: Walk, name: str, **data):
    with clock.at(walk.day, 23):
        return client.post(step_url(walk, name), data)


def errors(response) -> dict:
    """What is wrong, said at the fields, with what was typed kept."""
    assert response.status_code == 200
    assert "Dit klopt nog niet" in response.content.decode()
    return response.context["form"].errors


def test_every_step_has_a_page() -> None:
    assert list(PAGES) == step_names()


@pytest.mark.parametrize("state", State)
def test_every_step_page_in_every_state_for_every_role(client, team, reach: Reach, state) -> None:
    walk = reach(state)
    before = AuditEntry.objects.count()
    possible = {step.name for step in steps_from(state)}
    with clock.at(walk.day):
        for role in CASE_ROLES:
            client.force_login(getattr(team, role))
            for name in step_names() if role == "regisseur" else possible:
                response = client.get(step_url(walk, name))
                assert response.status_code == 200, (role, name)
                assert bool(response.context["reasons"]) == (response.context["form"] is None)
                assert name in possible or response.context["reasons"]
    assert walk.fresh().state == state
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("state", State)
def test_a_step_that_does_not_fit_the_state_is_refused_and_changes_nothing(
    client, everybody, reach: Reach, state
) -> None:
    walk = reach(state)
    before = AuditEntry.objects.count()
    for name in set(step_names()) - {step.name for step in steps_from(state)}:
        response = take(client, walk, name, reason="Omdat het moet.")
        assert response.status_code == 409, name
        assert "Er is niets veranderd" in response.content.decode()
    assert walk.fresh().state == state
    assert AuditEntry.objects.count() == before


def test_a_step_of_another_role_is_refused(client, team, walk: Walk) -> None:
    for role in set(CASE_ROLES) - {"regisseur"}:
        client.force_login(getattr(team, role))
        assert take(client, walk, "start_intake").status_code == 409, role
        assert take(client, walk, "stop", reason="Zomaar").status_code == 409, role
    assert walk.fresh().state == "AANGEMELD"


def test_an_unknown_step_does_not_exist(client, everybody, walk: Walk) -> None:
    for name in ("touch", "delete", "assign", "__init__"):
        assert client.get(step_url(walk, name)).status_code == 404
        assert take(client, walk, name).status_code == 404


def test_double_submit_takes_the_step_once(client, everybody, walk: Walk) -> None:
    first, second = take(client, walk, "start_intake"), take(client, walk, "start_intake")
    assert (first.status_code, second.status_code) == (302, 409)
    assert AuditEntry.objects.filter(verb="start_intake", trajectory_id=walk.trajectory.pk).count() == 1


@pytest.mark.parametrize(
    ("state", "name"),
    [
        ("SOLLICITATIE", "decline_application"),
        ("STARTPLAN", "withdraw_plan"),
        ("EVALUATIE", "other_place"),
        ("EVALUATIE", "seek_advice"),
        ("BANENPOOL", "revise_advice"),
        ("NAZORG", "job_lost"),
        ("INTAKE", "stop"),
    ],
)
def test_a_step_with_a_reason_asks_it_at_the_field(client, everybody, reach: Reach, state, name) -> None:
    walk = reach(state)
    for reason in ("", "   ", "x" * 5001):
        assert set(errors(take(client, walk, name, reason=reason))) == {"reason"}
    assert walk.fresh().state == state
    assert take(client, walk, name, reason="Verhuisd naar Assen.").status_code == 302
    entry = AuditEntry.objects.get(verb=name)
    assert (entry.text.text, entry.state_from) == ("Verhuisd naar Assen.", state)


def test_after_a_step_it_is_said_whose_turn_it_is(client, everybody, walk: Walk) -> None:
    with clock.at(walk.day):
        text = client.post(step_url(walk, "start_intake"), follow=True).content.decode()
    assert "staat nu op “Intake”; aan zet: regisseur" in text


# --- Assignment ---
def assign_data(team, **changes) -> dict:
    data = {
        "department": Department.objects.get(code="maatwerq").pk,
        "regisseur": team.regisseur.pk,
        "career_adviser": team.career_adviser.pk,
        "job_broker": "",
        "stream": "",
    }
    return data | changes


def test_assignment_begins_a_case(client, team) -> None:
    registration = make_registration(team)
    client.force_login(team.frontoffice)
    url = reverse("trajectories:assign", args=[registration.pk])
    assert client.get(url).status_code == 200
    response = client.post(url, assign_data(team))
    case = Trajectory.objects.get(registration=registration)
    assert response.url == reverse("trajectories:detail", args=[case.pk])
    assert (case.regisseur, case.state) == (team.regisseur, "AANGEMELD")
    assert client.post(url, assign_data(team)).status_code == 409
    assert Trajectory.objects.filter(candidate=registration.candidate).count() == 1


def test_assignment_asks_who_leads(client, team) -> None:
    registration = make_registration(team)
    client.force_login(team.frontoffice)
    url = reverse("trajectories:assign", args=[registration.pk])
    assert set(errors(client.post(url, assign_data(team, regisseur="")))) == {"regisseur"}
    youth = Department.objects.get(code="jeugd").pk
    assert set(errors(client.post(url, assign_data(team, department=youth, career_adviser="")))) == {"career_adviser"}
    assert set(errors(client.post(url, {"department": "999", "stream": "x", "regisseur": "x"}))) == {
        "department",
        "stream",
        "regisseur",
    }
    foreign = factories.staff(Role.REGISSEUR, region_code="29")
    assert "regisseur" in errors(client.post(url, assign_data(team, regisseur=foreign.pk)))
    assert not Trajectory.objects.filter(candidate=registration.candidate).exists()


def test_r1_assignment_to_maatwerq_asks_motivation(client, team) -> None:
    registration = make_registration(team, motivation="", is_motivated=None)
    client.force_login(team.frontoffice)
    response = client.post(reverse("trajectories:assign", args=[registration.pk]), assign_data(team))
    assert response.status_code == 200 and "motivatie" in response.context["form"].errors["department"][0]
    assert not Trajectory.objects.filter(registration=registration).exists()


# --- Choice, consent, introduction, talk ---
def choose_url(walk: Walk, vacancy) -> str:
    return reverse("trajectories:choose", args=[walk.candidate.pk, vacancy.pk])


def test_choosing_keeps_what_matching_said(client, everybody, reach: Reach, vacancy) -> None:
    walk = reach("BEMIDDELBAAR")
    with clock.at(walk.day):
        assert client.get(choose_url(walk, vacancy)).status_code == 200
        response = client.post(choose_url(walk, vacancy), {"reason": "Wil graag dichtbij werken."})
    assert response.url == reverse("trajectories:consent", args=[walk.trajectory.pk])
    decision = MatchDecision.objects.get(candidate=walk.candidate, vacancy=vacancy)
    assert (decision.candidate, decision.vacancy, decision.by) == (walk.candidate, vacancy, everybody)
    assert walk.fresh().current_application.vacancy == vacancy


def test_choosing_against_the_ranking_asks_a_reason_at_the_field(client, everybody, reach: Reach) -> None:
    walk = reach("BEMIDDELBAAR")
    other = make_vacancy(kind_of_place=KindOfPlace.objects.get(code="bbl"))
    with clock.at(walk.day):
        assert set(errors(client.post(choose_url(walk, other), {"reason": ""}))) == {"reason"}
        assert not MatchDecision.objects.filter(vacancy=other).exists()
        assert client.post(choose_url(walk, other), {"reason": "Wil dit echt proberen."}).status_code == 302
    assert MatchDecision.objects.get(vacancy=other).reason == "Wil dit echt proberen."


def test_choosing_when_it_cannot(client, everybody, reach: Reach, vacancy) -> None:
    walk = reach("SOLLICITATIE")
    before = MatchDecision.objects.count()
    with clock.at(walk.day):
        assert "Kiezen kan als iemand bemiddelbaar is" in client.get(choose_url(walk, vacancy)).content.decode()
        assert client.post(choose_url(walk, vacancy)).status_code == 409
    assert MatchDecision.objects.count() == before


def test_a_full_vacancy_cannot_be_chosen(client, everybody, reach: Reach, vacancy) -> None:
    walk = reach("BEMIDDELBAAR")
    type(vacancy).objects.filter(pk=vacancy.pk).update(seats_free=0)
    with clock.at(walk.day):
        assert client.post(choose_url(walk, vacancy)).status_code == 409
    assert walk.fresh().current_application is None


@pytest.fixture
def chosen(reach: Reach, vacancy, team) -> Walk:
    walk = reach("BEMIDDELBAAR")
    with clock.at(walk.day):
        actions.choose_vacancy(walk.fresh(), vacancy, by=team.job_broker)
    return walk


def test_r16_consent_is_previewed_then_recorded(client, everybody, chosen: Walk) -> None:
    url = reverse("trajectories:consent", args=[chosen.trajectory.pk])
    name = chosen.candidate.full_name
    with clock.at(chosen.day):
        assert take(client, chosen, "introduce").status_code == 409
        hidden = client.post(url, {"share_cv": "on", "preview": "1"}).content.decode()
        assert f"<dd>K-{chosen.candidate.pk}</dd>" in hidden
        assert (
            f"<dd><bdi>{name}</bdi></dd>" in client.post(url, {"share_contact": "on", "preview": "1"}).content.decode()
        )
        assert not chosen.candidate.consents.exists()
        response = client.post(url, {"share_contact": "on", "channel": "gesprek"})
    assert response.status_code == 302
    consent = chosen.candidate.consents.valid().get()
    assert (consent.shares, consent.recorded_by) == (["contact"], everybody)
    with clock.at(chosen.day):
        assert "Gegeven op" in client.get(url).content.decode()


@pytest.mark.parametrize(("status", "is_promised"), [("open", True), ("gesloten", False)])
def test_after_the_consent_introducing_is_promised_only_when_it_can_be_done(
    client, everybody, chosen: Walk, status: str, is_promised: bool
) -> None:
    Vacancy.objects.update(status=status)
    with clock.at(chosen.day):
        url = reverse("trajectories:consent", args=[chosen.trajectory.pk])
        text = client.post(url, {"share_contact": "on", "channel": "gesprek"}, follow=True).content.decode()
    assert "Toestemming vastgelegd." in text
    assert ("Je kunt de kandidaat nu voorstellen." in text) is is_promised


def test_consent_bad_input(client, everybody, chosen: Walk) -> None:
    url = reverse("trajectories:consent", args=[chosen.trajectory.pk])
    assert set(errors(client.post(url, {"channel": "gesprek"}))) == {"share_contact"}
    assert set(errors(client.post(url, {"share_cv": "on", "channel": "portaal"}))) == {"channel"}
    assert not chosen.candidate.consents.exists()


def test_consent_without_a_choice_and_by_another_role(
    client, team, everybody, walk: Walk, reach: Reach, vacancy
) -> None:
    assert client.get(reverse("trajectories:consent", args=[walk.trajectory.pk])).status_code == 409
    walk = reach("SOLLICITATIE")
    url = reverse("trajectories:consent", args=[walk.trajectory.pk])
    client.force_login(team.personnel)
    with clock.at(walk.day):
        assert client.post(url, {"share_contact": "on", "channel": "gesprek"}).status_code == 404  # not theirs to know
    assert walk.candidate.consents.count() == 1


def test_introduction_with_and_without_a_talk(client, everybody, chosen: Walk) -> None:
    client.post(
        reverse("trajectories:consent", args=[chosen.trajectory.pk]), {"share_contact": "on", "channel": "papier"}
    )
    past = (chosen.day - timedelta(days=2)).isoformat() + "T10:00"
    assert set(errors(take(client, chosen, "introduce", talk_at=past))) == {"talk_at"}
    assert set(errors(take(client, chosen, "introduce", talk_at="morgen"))) == {"talk_at"}
    assert take(client, chosen, "introduce").status_code == 302
    assert chosen.fresh().state == "SOLLICITATIE"


def test_the_talk_is_recorded_once_it_was_held(client, everybody, reach: Reach) -> None:
    walk = reach("SOLLICITATIE")
    url = reverse("trajectories:talk", args=[walk.trajectory.pk])
    with clock.at(walk.day):
        assert client.get(url).status_code == 200
        later = (walk.day + timedelta(days=1)).isoformat() + "T10:00"
        assert set(errors(client.post(url, {"talk_at": later, "notes": ""}))) == {"talk_at", "notes"}
        assert take(client, walk, "accept_application").status_code == 409
        now = walk.day.isoformat() + "T08:00"
        assert client.post(url, {"talk_at": now, "notes": "Een klik."}).status_code == 302
    application = walk.fresh().current_application
    assert (application.talk_held, application.talk_notes) == (True, "Een klik.")


def test_no_talk_outside_an_application(client, everybody, walk: Walk) -> None:
    assert client.get(reverse("trajectories:talk", args=[walk.trajectory.pk])).status_code == 409


ACCEPT = {"construction": "1", "route": "bbl1", "level": "bbl1", "planned_start": START.isoformat()}


def test_acceptance_claims_a_seat(client, everybody, reach: Reach) -> None:
    walk = reach("SOLLICITATIE").later(6).hold_talk()
    assert set(errors(take(client, walk, "accept_application"))) == set(ACCEPT)
    for wrong in ("2020-01-01", (walk.day - timedelta(days=1)).isoformat(), "2027-12-31", "31-02-2026", "x"):
        assert set(errors(take(client, walk, "accept_application", **ACCEPT | {"planned_start": wrong}))) == {
            "planned_start"
        }
    seats = SeatClaim.objects.filter(application__trajectory=walk.trajectory)
    assert not seats.exists()
    assert take(client, walk, "accept_application", **ACCEPT).status_code == 302
    assert seats.get().period.lower == START


# --- Trial, learning, training ---
def test_breaking_off_a_trial_asks_what_follows(client, everybody, reach: Reach) -> None:
    walk = reach("PROEFPERIODE").later(20)
    assert set(errors(take(client, walk, "break_off_trial", target="LEERWERK"))) == {"target", "reason"}
    assert take(client, walk, "break_off_trial", target="ADVIES", reason="Te zwaar werk.").status_code == 302
    assert walk.fresh().state == "ADVIES"


@pytest.fixture
def decided(reach: Reach) -> Walk:
    return reach("EVALUATIE").give_views().settle_wage_value()


def learn_contract(walk: Walk) -> Contract:
    return walk.trajectory.contracts.get(kind="leerwerk")


def learn_data(walk: Walk, **changes) -> dict:
    return {
        "holder": "leerbedrijf",
        "ends_on": "2027-05-01",
        "hours_per_week": 32,
        "training_hours": 8,
        "hourly_wage": "14,71",
        "no_probation": "on",
    } | changes


@pytest.mark.parametrize("end", ["2027-04-30", "2028-05-02", "2026-05-01", "2020-01-01", "", "x"])
def test_r9_a_learn_work_contract_lasts_12_to_24_months(client, everybody, decided: Walk, end) -> None:
    found = errors(take(client, decided, "continue_learning", **learn_data(decided, ends_on=end)))
    assert set(found) == {"ends_on"}
    assert decided.fresh().state == "EVALUATIE"


def test_r9_the_shortest_and_the_message(client, everybody, decided: Walk) -> None:
    found = errors(take(client, decided, "continue_learning", **learn_data(decided, ends_on="2027-04-30")))
    assert "za 2 mei 2026" in str(found)
    assert "za 1 mei 2027" in str(found)
    assert take(client, decided, "continue_learning", **learn_data(decided)).status_code == 302
    assert learn_contract(decided).ends_on.isoformat() == "2027-05-01"


def test_a_contract_with_another_company_names_it(client, everybody, decided: Walk) -> None:
    wrong = learn_data(decided, holder="ander", hours_per_week=41, training_hours=-1)
    assert set(errors(take(client, decided, "continue_learning", **wrong))) == {
        "organisation",
        "hours_per_week",
        "training_hours",
    }
    assert set(errors(take(client, decided, "continue_learning", **learn_data(decided, training_hours=33)))) == {
        "training_hours"
    }
    other = factories.EmployerFactory().organisation
    data = learn_data(decided, holder="ander", organisation=other.name)
    assert take(client, decided, "continue_learning", **data).status_code == 302
    assert learn_contract(decided).organisation == other


def test_the_step_page_offers_the_usual_end(client, everybody, decided: Walk) -> None:
    with clock.at(decided.day):
        form = client.get(step_url(decided, "continue_learning")).context["form"]
    assert form.initial["ends_on"] > form.starts_on


def test_an_extension_may_be_shorter_but_follows_on(client, everybody, reach: Reach) -> None:
    walk = reach("LEERWERK")
    end = walk.fresh().running_contract.ends_on
    short = {"hours_per_week": 24, "training_hours": "", "hourly_wage": "15,90"}
    for wrong in (end, end - timedelta(days=400), end + timedelta(days=800)):
        assert set(errors(take(client, walk, "extend_contract", ends_on=wrong.isoformat(), **short))) == {"ends_on"}
    good = (end + timedelta(days=90)).isoformat()
    assert take(client, walk, "extend_contract", ends_on=good, **short).status_code == 302
    assert walk.fresh().running_contract.previous is not None


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({}, {"kind", "on"}),
        ({"kind": "gekwalificeerd", "on": "2026-09-01"}, {"qualification"}),
        ({"kind": "gekwalificeerd", "on": "2026-09-01", "qualification": "999"}, {"qualification"}),
        ({"kind": "eerder", "on": "2026-09-01"}, {"reason"}),
        ({"kind": "einde_contract", "on": "2026-09-01"}, {"kind"}),
        ({"kind": "eerder", "reason": "Stopt", "on": "2027-01-01"}, {"on"}),
        ({"kind": "eerder", "reason": "Stopt", "on": "2026-01-01"}, {"on"}),
    ],
)
def test_r11_the_end_of_the_training_is_explained(client, everybody, reach: Reach, data, wrong) -> None:
    walk = reach("LEERWERK").later(200)
    assert set(errors(take(client, walk, "finish_training", **data))) == wrong
    assert walk.fresh().state == "LEERWERK"


def test_r11_qualified_leads_to_the_adviespunt(client, everybody, reach: Reach) -> None:
    walk = reach("LEERWERK").later(200).qualify()
    gained = walk.fresh().qualifications.get()
    data = {"kind": "gekwalificeerd", "on": walk.day.isoformat(), "qualification": gained.pk}
    assert take(client, walk, "finish_training", **data).status_code == 302
    assert walk.fresh().state == "ADVIES"


# --- Placing ---
def place_data(walk: Walk, vacancy, **changes) -> dict:
    start = walk.day + timedelta(days=14)
    return {
        "kind": "overname",
        "organisation": vacancy.employer.organisation.name,
        "starts_on": start.isoformat(),
        "ends_on": "",
        "hours_per_week": 32,
        "hourly_wage": "15,90",
    } | changes


def test_placing_begins_aftercare(client, everybody, reach: Reach, vacancy) -> None:
    walk = reach("BANENPOOL")
    bad = {"kind": "direct", "organisation": "Bestaat niet BV", "starts_on": "x", "hours_per_week": 0}
    assert set(errors(take(client, walk, "place", **place_data(walk, vacancy, **bad)))) == set(bad)
    assert set(errors(take(client, walk, "place", **place_data(walk, vacancy, ends_on="2026-01-01")))) == {"ends_on"}
    assert take(client, walk, "place", **place_data(walk, vacancy)).status_code == 302
    assert walk.fresh().aftercares.get().stopped_on is None


def test_r13_a_job_never_overlaps_the_earlier_contract(client, everybody, reach: Reach, vacancy) -> None:
    walk = reach("BANENPOOL")
    last = learn_contract(walk).last_day
    found = errors(take(client, walk, "place", **place_data(walk, vacancy, starts_on=last.isoformat())))
    assert set(found) == {"starts_on"}
    assert nl_date(last) in str(found)
    assert walk.fresh().state == "BANENPOOL"


def test_r13_the_action_refuses_overlap_in_words_as_well(reach: Reach, vacancy, team) -> None:
    walk = reach("BANENPOOL")
    last = learn_contract(walk).last_day
    with clock.at(walk.day), pytest.raises(Refused, match="al een contract"):
        actions.place(
            walk.fresh(),
            kind="overname",
            organisation=vacancy.employer.organisation,
            starts_on=last,
            ends_on=None,
            hours_per_week=32,
            hourly_wage=Decimal("15.90"),
            by=team.job_broker,
        )
    assert walk.fresh().state == "BANENPOOL"


def test_r13_a_seat_that_is_still_taken_is_refused_in_words(team, reach: Reach) -> None:
    first = reach("PROEFPERIODE").later(10)
    first.step(Journey.break_off_trial, target="BEMIDDELBAAR", reason="Ziek")
    full = first.trajectory.applications.first().vacancy
    SeatClaim.objects.exclude(application__trajectory=first.trajectory).update(cancelled=True)
    SeatClaim.objects.update(seat_number=1)
    type(full).objects.filter(pk=full.pk).update(seats=1, seats_free=1)
    second = reach("SOLLICITATIE").later(6).hold_talk()
    second.day = first.day
    with pytest.raises(Refused, match="bezet"):
        second.accept(first.day)
    second.accept(first.day + timedelta(days=1))
    assert second.fresh().state == "STARTPLAN"
    transaction.set_rollback(True)  # the others of this world stand without their seats now


def test_direct_placement_outside_maatwerq(client, everybody, team, vacancy, light_pdf) -> None:
    Vacancy.objects.filter(pk=vacancy.pk).update(kind_of_place=KindOfPlace.objects.get(code="bbl"))
    walk = walk_to(make_walk(team, department="match"), vacancy, "SOLLICITATIE")
    day = walk.day + timedelta(days=7)
    assert set(errors(take(client, walk, "place_directly"))) == {"agreement", "starts_on", "ends_on", "hours_per_week"}
    agreement = AgreementKind.objects.get(code="leerarbeidsovereenkomst")
    data = {"agreement": agreement.pk, "starts_on": day.isoformat(), "hours_per_week": 24, "hourly_wage": ""}
    data["ends_on"] = (day + timedelta(days=364)).isoformat()
    assert set(errors(take(client, walk, "place_directly", **data))) == {"hourly_wage"}
    data["hourly_wage"] = "14,71"
    assert take(client, walk, "place_directly", **data).status_code == 302
    assert walk.fresh().state == "NAZORG"
