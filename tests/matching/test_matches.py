"""The match pages and decisions."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts import verbs
from accounts.models import AuditEntry, Reading, Role
from employers.models import Vacancy
from matching import actions, pairs
from matching.criteria import WEIGHTED
from matching.models import MatchDecision, Shortlisted
from tests import factories
from tests.screens import form_with
from topjob import clock
from topjob.errors import Refused

pytestmark = pytest.mark.django_db
PROPOSED, REJECTED = MatchDecision.Decision.PROPOSED, MatchDecision.Decision.REJECTED


@pytest.fixture
def broker(client):
    user = factories.staff(Role.WERKMAKELAAR)
    client.force_login(user)
    return user


@pytest.fixture
def profile():
    return factories.ConfirmedProfileFactory()


def get(client, name: str, *args, **query):
    return client.get(reverse(f"matching:{name}", args=args), query)


def test_a_person_sees_fitting_vacancies_best_first(client, broker, profile) -> None:
    far = factories.VacancyFactory(postcode="8102 AB", title="Verder")
    near = factories.VacancyFactory(title="Dichtbij")
    factories.VacancyFactory(postcode="7511 AB", title="Te ver")
    page = get(client, "for_candidate", profile.candidate_id)
    assert [row.pk for row in page.context["rows"]] == [near.pk, far.pk]
    assert "Dichtbij" in page.text
    assert "Te ver" not in page.text
    assert "met 5 km meer reisafstand" in get(client, "why", profile.candidate_id, far.pk).text
    beside = client.get(reverse("matching:why", args=[profile.candidate_id, far.pk]), headers={"HX-Request": "true"})
    assert "met 5 km meer reisafstand" in beside.text


def test_a_start_that_has_passed_is_shown_as_today(client, broker, profile) -> None:
    past, coming = (clock.today() + timedelta(days=days) for days in (-30, 30))
    for day in (past, coming):
        factories.VacancyFactory(starts_on=day)
    rows = get(client, "for_candidate", profile.candidate_id).context["rows"]
    assert {row.starts_on for row in rows} == {clock.today(), coming}


def test_a_vacancy_sees_fitting_people_of_the_own_region_only(client, broker, profile) -> None:
    other = factories.ConfirmedProfileFactory(candidate__region=factories.region("29"))
    vacancy = factories.VacancyFactory()
    page = get(client, "for_vacancy", vacancy.pk)
    assert [row.pk for row in page.context["rows"]] == [profile.candidate_id]
    assert other.candidate.full_name not in page.text


@pytest.mark.parametrize("reach", [1, 181, 182, 300])
def test_every_reach_the_form_allows_finds_the_person(client, broker, reach: int) -> None:
    profile = factories.ConfirmedProfileFactory(max_distance_km=reach)
    vacancy = factories.VacancyFactory()
    page = get(client, "for_vacancy", vacancy.pk)
    assert [row.pk for row in page.context["rows"]] == [profile.candidate_id]


def test_an_edit_shows_in_the_next_request(client, broker, profile) -> None:
    vacancy = factories.VacancyFactory()
    assert len(get(client, "for_candidate", profile.candidate_id).context["rows"]) == 1
    Vacancy.objects.filter(pk=vacancy.pk).update(seats_free=0)
    assert get(client, "for_candidate", profile.candidate_id).context["rows"] == []


def test_r13_without_a_free_seat_there_is_no_match(client, broker, profile) -> None:
    vacancy = factories.VacancyFactory(seats_free=0)
    assert get(client, "for_candidate", profile.candidate_id).context["rows"] == []
    page = get(client, "why", profile.candidate_id, vacancy.pk)
    assert "Er is geen plaats meer vrij." in page.text


def test_r2_counts_as_it_was_stored(client, broker, profile) -> None:
    factories.VacancyFactory(project=factories.ProjectFactory())
    assert len(get(client, "for_candidate", profile.candidate_id).context["rows"]) == 1
    actions.record_outcome(profile.candidate, project=False, stream_1=True, streams_2_3=True)
    assert get(client, "for_candidate", profile.candidate_id).context["rows"] == []


def test_why_not_names_all_knock_outs(client, broker, profile) -> None:
    vacancy = factories.VacancyFactory(
        postcode="7511 AB", seats_free=0, function__needs_licence=True, status="gesloten"
    )
    page = get(client, "why", profile.candidate_id, vacancy.pk)
    codes = {line.criterion.code for line in page.context["explained"].knock_outs}
    assert codes == {"distance", "seats", "licence", "open"}
    assert "Waarom niet?" in page.text
    assert "met rijbewijs B" in page.text


def test_what_was_left_out_is_counted_and_near_misses_are_shown(client, broker, profile) -> None:
    factories.VacancyFactory()
    near = factories.VacancyFactory(postcode="7411 AB", function__needs_licence=True)
    factories.VacancyFactory(postcode="7511 AB", function__needs_licence=True)
    page = get(client, "left_out", profile.candidate_id)
    found = page.context["found"]
    assert (found.open, found.passing) == (3, 1)
    assert dict(found.counts)["Rijbewijs B"] == 2
    assert [vacancy.pk for vacancy, _lines in page.context["near"]] == [near.pk]


def test_without_a_profile_the_page_says_so(client, broker) -> None:
    candidate = factories.CandidateFactory()
    assert get(client, "for_candidate", candidate.pk).status_code == 302
    page = get(client, "profile", candidate.pk)
    assert "Er is nog geen zoekprofiel" in page.text


@pytest.mark.parametrize(
    "query",
    [
        {"km": "5"},
        {"kind": "999999"},
        {"branch": "x"},
        {"km": "-1", "hours": "999", "minimum": "abc", "shown": "1000"},
        {"km": "9" * 40},
        {"minimum": "900", "hours": "24"},
        {"kind": "\x00"},
    ],
)
def test_filters_never_break(client, broker, profile, query) -> None:
    vacancy = factories.VacancyFactory()
    assert get(client, "for_candidate", profile.candidate_id, **query).status_code == 200
    assert get(client, "for_vacancy", vacancy.pk, **query).status_code == 200


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ({"km": "0"}, "km", "Kies 1 of meer"),
        ({"km": "ver"}, "km", "heel getal"),
        ({"hours": "41"}, "hours", "Kies 40 of minder"),
        ({"minimum": "1001"}, "minimum", "Kies 1000 of minder"),
        ({"shown": "7"}, "shown", "Kies iets uit de lijst"),
        ({"kind": "999999"}, "kind", "Kies iets uit de lijst"),
    ],
)
def test_what_makes_no_sense_in_a_filter_is_said(client, broker, profile, query, field: str, message: str) -> None:
    factories.VacancyFactory()
    page = get(client, "for_candidate", profile.candidate_id, **query)
    assert message in str(page.context["filter_form"].errors[field])
    assert message in page.text
    assert '<details class="filters" open>' in page.text
    assert len(page.context["rows"]) == 1


def test_filters_filter(client, broker, profile) -> None:
    near = factories.VacancyFactory()
    factories.VacancyFactory(postcode="8102 AB", hours_min=8, hours_max=12)
    rows = get(client, "for_candidate", profile.candidate_id, km="3").context["rows"]
    assert [row.pk for row in rows] == [near.pk]
    rows = get(client, "for_candidate", profile.candidate_id, hours="30").context["rows"]
    assert [row.pk for row in rows] == [near.pk]
    totals = [row.total for row in get(client, "for_candidate", profile.candidate_id).context["rows"]]
    assert len(totals) == 2
    rows = get(client, "for_candidate", profile.candidate_id, minimum=str(max(totals))).context["rows"]
    assert [row.pk for row in rows] == [near.pk]


@pytest.mark.parametrize("size", [5, 50])
def test_the_match_pages_ask_six_queries(client, broker, profile, size: int, django_assert_num_queries) -> None:
    vacancies = [factories.VacancyFactory() for _ in range(size)]
    for _ in range(size - 1):
        factories.ConfirmedProfileFactory()
    with django_assert_num_queries(7):
        page = get(client, "for_candidate", profile.candidate_id, shown="50")
    assert len(page.context["rows"]) == size
    with django_assert_num_queries(7):
        page = get(client, "for_vacancy", vacancies[0].pk, shown="50")
    assert len(page.context["rows"]) == size


# --- The table
def test_twenty_five_results_weigh_less_than_a_hundred_kilobytes(client, broker, profile) -> None:
    vacancies = [factories.VacancyFactory(title="Magazijnmedewerker bij een groot bedrijf") for _ in range(25)]
    for _ in range(24):
        factories.ConfirmedProfileFactory()
    for page in (get(client, "for_candidate", profile.candidate_id), get(client, "for_vacancy", vacancies[0].pk)):
        assert len(page.context["rows"]) == 25
        assert len(page.content) <= 100_000


def test_identical_titles_are_told_apart(client, broker, profile) -> None:
    function = factories.FunctionFactory(employer__organisation__name="Alfa")
    twins = [factories.VacancyFactory(title="Monteur", function=function, employer=function.employer) for _ in range(2)]
    factories.VacancyFactory(title="Monteur", postcode="8102 AB", city="Raalte")
    factories.VacancyFactory(title="Lasser")
    page = get(client, "for_candidate", profile.candidate_id)
    links = re.findall(r"data-open>(.*?)</a>", page.text, re.S)
    assert len(set(links)) == len(links) == 4
    assert {row.number for row in page.context["rows"] if row.number} == {str(twin.pk) for twin in twins}
    assert sum(row.is_namesake for row in page.context["rows"]) == 3


def test_a_row_says_what_stands_in_the_way_in_few_words(client, broker, profile) -> None:
    factories.VacancyFactory(postcode="8102 AB", function__level=4, starts_on=clock.today() - timedelta(days=9))
    page = get(client, "for_candidate", profile.candidate_id)
    (row,) = page.context["rows"]
    assert row.obstacle == "niveau 2 stappen te laag"
    assert row.strip.label.startswith(f"{len(WEIGHTED)} criteria: ")
    assert row.began_on == clock.today() - timedelta(days=9)
    assert "sinds" in page.text


def test_the_star_answers_a_list_with_itself(client, broker, profile) -> None:
    vacancy = factories.VacancyFactory()
    url = reverse("matching:shortlist", args=[profile.candidate_id, vacancy.pk])
    on = client.post(url, headers={"HX-Request": "true"})
    assert 'aria-pressed="true"' in on.text and "staat op de shortlist" in on.text
    assert Shortlisted.objects.count() == 1
    # What undoes it answers in part as well: the row is still there, and so is whoever stood on it.
    assert f'data-undo hx-post="{url}" hx-target="#s{profile.candidate_id}-{vacancy.pk}"' in on.text
    assert form_with(on, "token")["weg"] == ["1"]
    off = client.post(url, {"weg": "1"}, headers={"HX-Request": "true"})
    assert 'aria-pressed="false"' in off.text and not Shortlisted.objects.exists()


def test_deciding_beside_a_list_answers_with_what_stands_there(client, broker, profile) -> None:
    vacancy = factories.VacancyFactory()
    url = reverse("matching:decide", args=[profile.candidate_id, vacancy.pk])
    wrong = client.post(url, {"decision": "afgewezen"}, headers={"HX-Request": "true"})
    assert "<html" not in wrong.text and wrong.context["form"].errors["reason"]
    right = client.post(url, {"decision": "afgewezen", "reason": "Wil niet"}, headers={"HX-Request": "true"})
    assert "Het besluit is vastgelegd." in right.text and 'hx-swap-oob="true"' in right.text


def test_what_is_opened_beside_a_list_is_logged_as_a_showing(client, broker, profile) -> None:
    vacancy = factories.VacancyFactory()
    before = Reading.objects.count()
    page = client.get(reverse("matching:why", args=[profile.candidate_id, vacancy.pk]), headers={"HX-Request": "true"})
    assert "<html" not in page.text and "HX-Request" in page.headers["Vary"]
    assert Reading.objects.count() == before + 1
    assert Reading.objects.latest("pk").people == [profile.candidate_id]


def test_a_person_is_kept_and_chosen_from_a_vacancy_too(client, broker, profile) -> None:
    vacancy = factories.VacancyFactory()
    (line,) = get(client, "for_vacancy", vacancy.pk).context["lines"]
    assert line.keep_url == reverse("matching:shortlist", args=[profile.candidate_id, vacancy.pk])
    assert line.choose_url == reverse("trajectories:choose", args=[profile.candidate_id, vacancy.pk])
    client.force_login(factories.staff(Role.LOOPBAANADVISEUR))
    (line,) = get(client, "for_vacancy", vacancy.pk).context["lines"]
    assert line.keep_url and not line.choose_url


# --- Decisions
def test_a_decision_keeps_what_was_shown_and_can_be_repeated(client, broker, profile) -> None:
    vacancy = factories.VacancyFactory()
    row = actions.decide(profile.candidate, vacancy, PROPOSED, by=broker)
    assert (row.rank, row.by, row.profile_version) == (1, broker, 1)
    verdict = pairs.pair_of(profile.candidate, vacancy).verdict
    assert (row.total, row.scores) == (verdict.total, verdict.scores)
    Vacancy.objects.filter(pk=vacancy.pk).update(hours_min=1, hours_max=4)
    row = MatchDecision.objects.get(pk=row.pk)
    assert pairs.repeat(row) == verdict
    assert AuditEntry.objects.filter(verb=verbs.MATCH_PROPOSED, candidate_id=profile.candidate_id).exists()
    page = get(client, "decision", row.pk)
    assert "geeft hetzelfde" in page.text


def test_a_decision_never_changes(broker, profile) -> None:
    row = actions.decide(profile.candidate, factories.VacancyFactory(), PROPOSED, by=broker)
    with pytest.raises(DatabaseError), transaction.atomic():
        MatchDecision.objects.filter(pk=row.pk).update(total=1000)
    with pytest.raises(DatabaseError), transaction.atomic():
        MatchDecision.objects.filter(pk=row.pk).delete()


def test_a_rejection_needs_a_reason(broker, profile) -> None:
    vacancy = factories.VacancyFactory()
    with pytest.raises(Refused, match="reden"):
        actions.decide(profile.candidate, vacancy, REJECTED, by=broker, reason="  ")
    assert actions.decide(profile.candidate, vacancy, REJECTED, by=broker, reason="Wil niet").reason == "Wil niet"


def test_against_the_ranking_needs_a_reason(broker, profile) -> None:
    for _ in range(3):
        factories.VacancyFactory()
    low = factories.VacancyFactory(postcode="8102 AB")
    out = factories.VacancyFactory(postcode="7511 AB")
    for vacancy in (low, out):
        with pytest.raises(Refused, match="geef er een reden bij"):
            actions.decide(profile.candidate, vacancy, PROPOSED, by=broker)
        actions.decide(profile.candidate, vacancy, PROPOSED, by=broker, reason="Kent het bedrijf")
    assert MatchDecision.objects.get(vacancy=low).rank == 4
    assert MatchDecision.objects.get(vacancy=out).knock_outs == ["distance"]


def test_what_was_rejected_no_longer_stands_above(broker, profile) -> None:
    better = [factories.VacancyFactory() for _ in range(3)]
    low = factories.VacancyFactory(postcode="8102 AB")
    actions.decide(profile.candidate, better[0], REJECTED, by=broker, reason="Wil niet")
    assert actions.decide(profile.candidate, low, PROPOSED, by=broker).rank == 3


def test_deciding_on_the_page(client, broker, profile) -> None:
    vacancy = factories.VacancyFactory()
    url = reverse("matching:decide", args=[profile.candidate_id, vacancy.pk])
    page = client.post(url, {"decision": "afgewezen", "reason": ""})
    assert page.status_code == 200
    assert page.context["form"].errors["reason"]
    assert client.post(url, {"decision": "onzin"}).status_code == 200
    assert client.post(url, {"decision": "voorgesteld", "reason": "x" * 3000}).status_code == 200
    assert not MatchDecision.objects.exists()
    assert client.post(url, {"decision": "afgewezen", "reason": "Wil niet"}).status_code == 302
    assert "afgewezen" in get(client, "for_candidate", profile.candidate_id).text


def test_the_shortlist_keeps_each_vacancy_once(client, broker, profile) -> None:
    vacancy = factories.VacancyFactory()
    url = reverse("matching:shortlist", args=[profile.candidate_id, vacancy.pk])
    for _ in range(2):
        client.post(url)
    assert Shortlisted.objects.count() == 1
    assert vacancy.title in get(client, "shortlisted", profile.candidate_id).text
    client.post(url, {"weg": "1"})
    assert not Shortlisted.objects.exists()
    assert "De shortlist is leeg" in get(client, "shortlisted", profile.candidate_id).text


@pytest.mark.parametrize("kept", [False, True])
def test_on_the_shortlist_or_off_it_is_undone(client, broker, profile, kept: bool) -> None:
    vacancy = factories.VacancyFactory()
    if kept:
        actions.shortlist(profile.candidate, vacancy, by=broker)
    url = reverse("matching:shortlist", args=[profile.candidate_id, vacancy.pk])
    answer = client.post(url, {"weg": "1"} if kept else {}, headers={"HX-Request": "true"})
    assert Shortlisted.objects.exists() != kept
    client.post(reverse("accounts:undo"), {"token": form_with(answer, "token")["token"][0]})
    assert Shortlisted.objects.exists() == kept


def test_side_by_side_shows_four_at_most(client, broker, profile) -> None:
    vacancies = [factories.VacancyFactory() for _ in range(5)]
    page = get(client, "compare_vacancies", profile.candidate_id, v=[str(v.pk) for v in vacancies])
    assert len(page.context["columns"]) == 4
    assert "1 keuze staat er niet bij" in page.text
    page = get(client, "compare_people", vacancies[0].pk, k=[str(profile.candidate_id), "x", "9" * 30])
    assert len(page.context["columns"]) == 1
    assert "Niets gekozen" in get(client, "compare_vacancies", profile.candidate_id, v="\x00").text


@pytest.mark.parametrize("role", [Role.BEHEERDER, Role.JOBCOACH])
def test_matches_are_for_who_works_with_them(client, profile, role) -> None:
    vacancy = factories.VacancyFactory()
    client.force_login(factories.staff(role))
    assert get(client, "for_candidate", profile.candidate_id).status_code == 404
    assert get(client, "for_vacancy", vacancy.pk).status_code == 404
    assert get(client, "why", profile.candidate_id, vacancy.pk).status_code == 404


def test_an_employer_sees_no_candidates(client, profile) -> None:
    vacancy = factories.VacancyFactory()
    client.force_login(factories.representative(vacancy.employer.organisation))
    assert get(client, "for_vacancy", vacancy.pk).status_code == 404


def test_how_it_works_is_there_for_everybody(client) -> None:
    page = get(client, "how_it_works")
    assert page.status_code == 200
    assert "Reisafstand" in page.text
    own = dict(page.context["own_weights"])
    assert own
    assert all(changes for changes in own.values())
