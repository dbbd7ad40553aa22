"""Zoekprofiel: versions, confirming (R3), outcome of R2, where somebody lives."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from accounts import verbs
from accounts.models import AuditEntry, Branch, KindOfPlace, Role
from candidates.models import WorkLimitation
from matching import actions, rules
from matching.models import Place, SearchProfile, Skill
from tests import factories
from topjob import clock
from topjob.errors import Refused
from topjob.models import OutboxMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def adviser():
    return factories.staff(Role.LOOPBAANADVISEUR)


@pytest.fixture
def registration():
    row = factories.RegistrationFactory(
        candidate__postcode="8102 CD", hours_per_week=32, max_distance_km=15, transport="fiets"
    )
    row.kinds_of_place.add(KindOfPlace.objects.get(code="bbl"))
    row.branches.add(Branch.objects.get(code="01"))
    return row


def confirmed(registration, by):
    return actions.confirm_profile(actions.create_basic_profile(registration, by=by), by=by)


def test_the_basic_profile_comes_from_the_registration(registration, adviser) -> None:
    WorkLimitation.objects.create(candidate=registration.candidate, load="tillen", maximum=1)
    profile = actions.create_basic_profile(registration, by=adviser)
    profile.refresh_from_db()
    assert (profile.version, profile.status) == (1, "concept")
    assert profile.kind_ids == [KindOfPlace.objects.get(code="bbl").pk]
    assert (profile.hours_min, profile.hours_max, profile.max_distance_km) == (32, 32, 15)
    assert (profile.pc4, profile.x, profile.y) == (8102, Place.objects.get(pk=8102).x, Place.objects.get(pk=8102).y)
    assert profile.limit_lifting == 1
    assert profile.region == registration.candidate.region
    assert AuditEntry.objects.filter(verb=verbs.PROFILE_MADE, candidate_id=registration.candidate_id).exists()


def test_an_open_concept_stays_when_it_is_asked_for_again(registration, adviser) -> None:
    first = actions.create_basic_profile(registration, by=adviser)
    assert actions.create_basic_profile(registration, by=adviser) == first


def test_r3_asks_for_a_confirmed_profile(registration, adviser) -> None:
    candidate = registration.candidate
    reason = rules.profile_confirmed(candidate)
    assert reason is not None
    assert reason.url == reverse("matching:profile", args=[candidate.pk])
    confirmed(registration, adviser)
    assert rules.profile_confirmed(candidate) is None


def test_confirming_asks_for_kinds_hours_and_distance(adviser) -> None:
    bare = factories.RegistrationFactory()
    profile = actions.create_basic_profile(bare, by=adviser)
    with pytest.raises(Refused) as refused:
        actions.confirm_profile(profile, by=adviser)
    assert len(refused.value.reasons) == 3
    assert SearchProfile.objects.get().is_concept


def test_confirming_writes_log_and_asks_for_tips(registration, adviser) -> None:
    profile = confirmed(registration, adviser)
    assert profile.confirmed_by == adviser
    assert AuditEntry.objects.filter(verb=verbs.PROFILE_CONFIRMED, subject_id=profile.pk, actor=adviser).exists()
    assert OutboxMessage.objects.filter(handler="profile_changed", payload={"profile": profile.pk}).exists()


def test_confirming_twice_is_refused(registration, adviser) -> None:
    profile = confirmed(registration, adviser)
    with pytest.raises(Refused):
        actions.confirm_profile(profile, by=adviser)


def test_a_change_makes_a_new_version_and_the_confirmed_one_stays(registration, adviser) -> None:
    first = confirmed(registration, adviser)
    second = actions.refine_profile(first.candidate, {"hours_max": 36}, by=adviser)
    first.refresh_from_db()
    assert (first.status, first.hours_max) == ("bevestigd", 32)
    assert (second.version, second.status, second.hours_max, second.hours_min) == (2, "concept", 36, 32)
    actions.confirm_profile(second, by=adviser)
    first.refresh_from_db()
    assert first.status == "vervallen"
    assert first.hours_max == 32


def test_the_database_keeps_a_confirmed_version_as_it_is(registration, adviser) -> None:
    profile = confirmed(registration, adviser)
    with pytest.raises(DatabaseError, match="verandert niet meer"), transaction.atomic():
        SearchProfile.objects.filter(pk=profile.pk).update(hours_max=8)
    with pytest.raises(DatabaseError, match="verandert niet meer"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE matching_searchprofile SET status = 'concept', confirmed_at = NULL, confirmed_by_id = NULL"
        )


def test_skills_go_along_to_the_next_version(registration, adviser) -> None:
    skill = Skill.objects.get(name="Lassen")
    first = actions.create_basic_profile(registration, by=adviser)
    actions.refine_profile(first.candidate, {"skills": [(skill.pk, 3)]}, by=adviser)
    first.refresh_from_db()
    assert first.skill_tokens == [skill.pk * 8 + step for step in (1, 2, 3)]
    actions.confirm_profile(first, by=adviser)
    second = actions.refine_profile(first.candidate, {}, by=adviser)
    second.refresh_from_db()
    assert second.skill_tokens == first.skill_tokens
    assert list(second.skills.values_list("skill", "level")) == [(skill.pk, 3)]


def test_outcome_and_availability_reach_living_versions_only(registration, adviser) -> None:
    first = confirmed(registration, adviser)
    second = actions.confirm_profile(actions.refine_profile(first.candidate, {"level": 3}, by=adviser), by=adviser)
    actions.record_outcome(first.candidate, project=True, stream_1=False, streams_2_3=True)
    actions.set_available(first.candidate, True, case_since=clock.today())
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.eligible_project, first.is_available) == (None, False)
    assert (second.eligible_project, second.eligible_stream_1, second.eligible_streams_2_3) == (True, False, True)
    assert second.is_available
    third = actions.refine_profile(first.candidate, {}, by=adviser)
    assert (third.eligible_project, third.is_available) == (True, True)


def test_moving_house_is_seen_at_once(registration, adviser) -> None:
    profile = confirmed(registration, adviser)
    candidate = registration.candidate
    candidate.postcode = "7411 AA"
    candidate.save()
    profile.refresh_from_db()
    assert (profile.pc4, profile.x) == (7411, Place.objects.get(pk=7411).x)
    candidate.postcode = ""
    candidate.save()
    profile.refresh_from_db()
    assert (profile.pc4, profile.x, profile.y) == (None, None, None)


def test_a_failing_action_changes_nothing(registration, adviser) -> None:
    profile = confirmed(registration, adviser)
    with pytest.raises(DatabaseError), transaction.atomic():
        actions.refine_profile(profile.candidate, {"hours_max": 20, "hours_min": 30}, by=adviser)
    assert SearchProfile.objects.count() == 1


# --- Pages
def post(client, adviser, candidate, **changes):
    client.force_login(adviser)
    data = {
        "kind_ids": [str(KindOfPlace.objects.get(code="bbl").pk)],
        "hours_min": "24",
        "hours_max": "32",
        "max_distance_km": "20",
        "transport": "fiets",
        "weekdays": ["0", "1", "2"],
        "has_licence": "ja",
        "must_bits": ["kind", "distance", "load"],
        "skills": ["lassen", "Samenwerken", "", " "],
        "skills_level": ["3", "4", "3", "3"],
        "level": "2",
        **changes,
    }
    return client.post(reverse("matching:refine", args=[candidate.pk]), data)


def test_refining_and_confirming_on_the_page(client, adviser) -> None:
    candidate = factories.CandidateFactory(postcode="8131 AB")
    response = post(client, adviser, candidate)
    assert response.status_code == 302
    profile = candidate.search_profiles.get()
    assert (profile.weekdays, profile.has_licence, profile.must_bits) == (7, True, 2 + 64 + 1024)
    assert profile.skills.count() == 2
    page = client.get(reverse("matching:profile", args=[candidate.pk]))
    assert page.status_code == 200
    assert "Versie 1 bevestigen" in page.text
    client.post(reverse("matching:confirm", args=[candidate.pk]), {"version": "1"})
    profile.refresh_from_db()
    assert profile.is_confirmed
    page = client.get(reverse("matching:profile", args=[candidate.pk]) + "?versie=1")
    assert "bevestigd" in page.text
    assert client.get(reverse("matching:refine", args=[candidate.pk])).status_code == 200


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("hours_max", "41", "40"),
        ("hours_max", "12", "lager dan het minimum"),
        ("max_distance_km", "0", "1"),
        ("max_distance_km", "veel", "heel getal"),
        ("skills", ["Toveren"], "staat niet in de lijst"),
        ("skills", ["Lasse"], "Autogeen lassen, Lassen?"),
        ("skills", ["Nul\x00teken"], "staat niet in de lijst"),
        ("skills", ["Lassen", "lassen"], "twee keer"),
        ("skills", [f"Kunst {n}" for n in range(41)], "ten hoogste 40"),
        ("skills_level", ["9"], "een niveau van 1 tot en met 5"),
        ("skills_level", ["x"], "een niveau van 1 tot en met 5"),
        ("skills_level", [], "een niveau van 1 tot en met 5"),
        ("remark", "x" * 5001, "5000"),
        ("kind_ids", "999999", "Kies iets uit de lijst"),
        ("start_from", "31-02-2026", "datum"),
        ("level", "12", "Kies iets uit de lijst"),
    ],
)
def test_bad_input_is_said_at_the_field(client, adviser, field: str, value, message: str) -> None:
    candidate = factories.CandidateFactory()
    response = post(client, adviser, candidate, **{field: value})
    assert response.status_code == 200
    errors = " ".join(str(error) for error in response.context["form"].errors.get(field.removesuffix("_level"), []))
    assert message.lower() in errors.lower()
    assert not candidate.search_profiles.exists()


def test_confirming_nonsense_is_no_500(client, adviser) -> None:
    candidate = factories.CandidateFactory()
    client.force_login(adviser)
    for version in ("", "abc", "9" * 30, "1"):
        response = client.post(reverse("matching:confirm", args=[candidate.pk]), {"version": version})
        assert response.status_code == 404


def test_only_adviser_and_regisseur_confirm(client) -> None:
    candidate = factories.CandidateFactory()
    client.force_login(factories.staff(Role.WERKMAKELAAR))
    assert client.post(reverse("matching:confirm", args=[candidate.pk]), {"version": "1"}).status_code == 404


def test_somebody_of_another_region_is_not_there(client) -> None:
    candidate = factories.CandidateFactory()
    client.force_login(factories.staff(Role.LOOPBAANADVISEUR, region_code="29"))
    for name in ("profile", "refine", "for_candidate", "left_out", "shortlisted", "compare_vacancies"):
        assert client.get(reverse(f"matching:{name}", args=[candidate.pk])).status_code == 404


def test_visible_to_follows_the_person(adviser) -> None:
    profile = factories.ConfirmedProfileFactory()
    assert profile in SearchProfile.objects.visible_to(adviser)
    assert profile not in SearchProfile.objects.visible_to(factories.staff(Role.REGISSEUR, region_code="29"))
    assert profile not in SearchProfile.objects.visible_to(factories.staff(Role.BEHEERDER))
