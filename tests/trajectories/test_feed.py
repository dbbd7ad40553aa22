"""The calendar feed: one's own open dates by case number, without names or health data; secret, renewable, revocable."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from accounts import actions as accounts_actions
from accounts import verbs
from accounts.models import AuditEntry, CalendarFeed, Role, User
from demo.walk import Walk
from tests import factories
from tests.trajectories.conftest import Reach
from topjob import clock
from trajectories.models import Deadline
from trajectories.process.workflow import State
from trajectories.views import feed as feed_page

HEALTH = ("beperking", "diagnose", "prikkels", "ziek", "loonwaarde")


@pytest.fixture(autouse=True)
def fresh_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def address(user: User) -> str:
    return reverse("trajectories:feed", args=[accounts_actions.renew_feed(by=user)])


def events(body: bytes) -> dict[str, date]:
    parsed = Calendar.from_ical(body)
    return {str(event["summary"]): event["dtstart"].dt for event in parsed.walk("VEVENT")}


def read(user: User, client: Client) -> dict[str, date]:
    answer = client.get(address(user))
    assert answer.status_code == 200
    return events(answer.content)


def test_a_guide_has_the_own_deadlines_with_the_number_of_the_case(on_trial: Walk, client: Client) -> None:
    walk = on_trial
    number = walk.trajectory.pk
    found = read(walk.team.regisseur, client)
    assert found[f"Einde van de proefperiode (traject {number})"] == date(2026, 5, 1)
    assert found[f"Uitnodigen voor de evaluatie (traject {number})"] == date(2026, 4, 17)
    assert not any("Tussengesprek" in summary for summary in found)
    coach = read(walk.team.jobcoach, client)
    assert any("Tussengesprek" in summary for summary in coach)
    assert f"Einde van de proefperiode (traject {number})" not in coach


def test_no_names_and_nothing_about_health(on_trial: Walk, client: Client) -> None:
    walk = on_trial
    body = client.get(address(walk.team.regisseur)).content.decode().lower()
    case = walk.trajectory
    company = case.current_application.organisation.name
    for word in (case.candidate.first_name, case.candidate.last_name, company, str(case.client), *HEALTH):
        assert word.lower() not in body, word
    assert "description" not in body and "location" not in body


def test_what_is_done_disappears_and_what_moved_moves(on_trial: Walk, client: Client) -> None:
    walk = on_trial
    url = address(walk.team.regisseur)
    before = client.get(url)
    Deadline.objects.filter(kind=Deadline.Kind.TRIAL_END).update(due_on=date(2026, 5, 8))
    moved = events(client.get(url).content)
    assert moved[f"Einde van de proefperiode (traject {walk.trajectory.pk})"] == date(2026, 5, 8)
    uid = {str(event["uid"]) for event in Calendar.from_ical(before.content).walk("VEVENT")}
    assert uid == {str(event["uid"]) for event in Calendar.from_ical(client.get(url).content).walk("VEVENT")}
    walk.open_evaluation()
    assert not any("Einde van de proefperiode" in summary for summary in events(client.get(url).content))


def test_the_youth_has_the_dates_of_the_own_journey(on_trial: Walk, client: Client) -> None:
    walk = on_trial
    user = factories.candidate_user()
    walk.trajectory.candidate.user = user
    walk.trajectory.candidate.save()
    found = read(user, client)
    assert found[f"Laatste dag van je proefperiode (traject {walk.trajectory.pk})"] == date(2026, 5, 1)
    assert not any("Uitnodigen" in summary or "opvolgen" in summary for summary in found)
    assert read(factories.candidate_user(), client) == {}


def test_the_employer_has_the_dates_of_the_people_at_work(on_trial: Walk, client: Client) -> None:
    walk = on_trial
    company = walk.trajectory.current_application.organisation
    found = read(factories.representative(company), client)
    assert found[f"Laatste dag van de proefperiode (traject {walk.trajectory.pk})"] == date(2026, 5, 1)
    other = factories.EmployerFactory().organisation
    assert read(factories.representative(other), client) == {}


def test_an_opdrachtgever_has_an_empty_calendar(on_trial: Walk, client: Client) -> None:
    walk = on_trial
    user = factories.representative(walk.trajectory.client, role=Role.OPDRACHTGEVER)
    assert read(user, client) == {}


def test_an_unchanged_calendar_is_the_same_bytes_and_answers_304(reach: Reach, client: Client) -> None:
    url = address(reach(State.PROEFPERIODE).team.regisseur)
    first, second = client.get(url), client.get(url)
    assert first.content == second.content and first["ETag"] == second["ETag"]
    again = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304 and again.content == b"" and again["Cache-Control"] == "private, no-store"
    Deadline.objects.filter(kind=Deadline.Kind.TRIAL_END).update(due_on=date(2026, 5, 8))
    assert client.get(url, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_it_is_never_stored_and_its_address_goes_nowhere(reach: Reach, client: Client) -> None:
    answer = client.get(address(reach(State.INTAKE).team.regisseur))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-store" and answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex"


def test_who_asks_too_often_is_told_to_wait(reach: Reach, client: Client) -> None:
    url = address(reach(State.INTAKE).team.regisseur)
    codes = [client.get(url).status_code for _ in range(31)]
    assert codes == [200] * 30 + [429]
    assert client.get(url)["Retry-After"] == "600"


def test_a_new_address_voids_the_old_one(reach: Reach, client: Client) -> None:
    user = reach(State.INTAKE).team.regisseur
    old = address(user)
    new = address(user)
    assert client.get(old).status_code == 404 and client.get(new).status_code == 200
    assert CalendarFeed.objects.filter(user=user).count() == 1


def test_whoever_was_shut_out_has_no_calendar_any_more(reach: Reach, client: Client) -> None:
    user = reach(State.INTAKE).team.regisseur
    url = address(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get(url).status_code == 404


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("token", ["bestaat-niet", "x" * 500, "..%2f", "é"])
def test_an_unknown_address_is_nothing(client: Client, token: str) -> None:
    assert client.get(f"/agenda/{token}/topjob.ics").status_code == 404


@pytest.mark.parametrize("rows", [1, 40])
def test_the_feed_asks_the_same_few_questions(
    reach: Reach, client: Client, rows: int, django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr(feed_page, "count", lambda key, seconds: 1)  # counted in Redis, in tests in the database
    walk = reach(State.INTAKE)
    Deadline.objects.bulk_create(
        Deadline(
            trajectory=walk.trajectory,
            kind=Deadline.Kind.CHECK_IN,
            subject_id=number,
            due_on=clock.today() + timedelta(days=number),
            owner_role=Role.REGISSEUR,
            owner=walk.team.regisseur,
            created_at=clock.now(),
        )
        for number in range(rows)
    )
    url = address(walk.team.regisseur)
    with django_assert_max_num_queries(5):
        client.get(url)


# --- The page --------------------------------------------------------------------------------------------------------
@pytest.fixture
def person(client: Client, db: None) -> User:
    user = factories.staff(Role.REGISSEUR)
    client.force_login(user)
    return user


def test_the_address_is_shown_once_and_only_its_fingerprint_is_kept(person: User, client: Client) -> None:
    assert "De agenda staat uit." in client.get(reverse("accounts:calendar")).content.decode()
    made = client.post(reverse("accounts:renew_calendar"))
    shown = made.content.decode().partition('readonly value="')[2].partition('"')[0]
    assert shown.endswith("/topjob.ics") and "no-store" in made["Cache-Control"]
    token = shown.split("/")[-2]
    assert client.get(shown.partition("8000")[2]).status_code == 200
    later = client.get(reverse("accounts:calendar")).content.decode()
    assert token not in later and "De agenda staat aan sinds" in later
    assert CalendarFeed.objects.get(user=person).token_hash != token
    assert AuditEntry.objects.latest("pk").verb == verbs.FEED_RENEWED
    assert token not in str(AuditEntry.objects.latest("pk").details)


def test_taking_it_back(person: User, client: Client) -> None:
    url = address(person)
    client.post(reverse("accounts:revoke_calendar"))
    assert client.get(url).status_code == 404 and not CalendarFeed.objects.exists()
    assert client.post(reverse("accounts:revoke_calendar")).status_code == 409


@pytest.mark.usefixtures("db")
def test_everybody_with_a_login_finds_it_and_nobody_else(client: Client) -> None:
    assert client.get(reverse("accounts:calendar")).status_code == 302
    for user in (factories.candidate_user(), factories.staff(Role.BEHEERDER)):
        client.force_login(user)
        assert reverse("accounts:calendar") in client.get(reverse("accounts:profile")).content.decode()
        assert client.get(reverse("accounts:calendar")).status_code == 200
