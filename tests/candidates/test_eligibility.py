"""R2: table 4.2 and decision 2, against an expectation written out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from candidates import rules
from candidates.models import EligibilityRule, LifeArea, Referrer, TargetGroup
from tests.factories import CandidateFactory, RegistrationFactory, target_group
from topjob import clock

pytestmark = pytest.mark.django_db
START = date(2026, 9, 1)
YES, PART, NO = "x", "x/–", "–"

# group: verdict for each age from 15 up to and including 60, outside a project, no stream chosen
#                15  16  17  18    19    20    21   26   27   40   54   55   60
AGES = (15, 16, 17, 18, 19, 20, 21, 26, 27, 40, 54, 55, 60)
OUTSIDE = {
    "wajong":    (NO, NO, NO, YES,  YES,  YES,  YES, YES, YES, YES, YES, YES, YES),
    "wia":       (NO, NO, NO, YES,  YES,  YES,  YES, YES, YES, YES, YES, YES, YES),
    "ww":        (NO, NO, NO, YES,  YES,  YES,  YES, YES, YES, YES, YES, YES, YES),
    "bijstand":  (NO, NO, NO, PART, PART, PART, YES, YES, YES, YES, YES, YES, YES),
    "beschut":   (NO, NO, NO, YES,  YES,  YES,  YES, YES, YES, YES, YES, YES, YES),
    "langdurig": (NO, NO, NO, NO,   NO,   NO,   YES, YES, YES, YES, YES, YES, YES),
    "jongere":   (NO, NO, NO, YES,  YES,  YES,  YES, YES, NO,  NO,  NO,  NO,  NO),
}  # fmt: skip
# the same ages inside a learn-work project: 16 up to and including 26
IN_PROJECT = {
    "wajong":    (NO, NO,  NO,  YES,  YES,  YES,  YES, YES, NO, NO, NO, NO, NO),
    "wia":       (NO, NO,  NO,  YES,  YES,  YES,  YES, YES, NO, NO, NO, NO, NO),
    "ww":        (NO, NO,  NO,  YES,  YES,  YES,  YES, YES, NO, NO, NO, NO, NO),
    "bijstand":  (NO, NO,  NO,  PART, PART, PART, YES, YES, NO, NO, NO, NO, NO),
    "beschut":   (NO, NO,  NO,  YES,  YES,  YES,  YES, YES, NO, NO, NO, NO, NO),
    "langdurig": (NO, NO,  NO,  NO,   NO,   NO,   YES, YES, NO, NO, NO, NO, NO),
    "jongere":   (NO, YES, YES, YES,  YES,  YES,  YES, YES, NO, NO, NO, NO, NO),
}  # fmt: skip


def verdict(code: str, born: date, *, project: bool = False, stream: int | None = None) -> str | None:
    group = target_group(code)
    return rules.eligibility(born, group, list(group.eligibility_rules.all()), START, project, stream).verdict


def born(age: int) -> date:
    """The youngest birth date at this age on the start: the birthday is the start itself."""
    return START.replace(year=START.year - age)


@pytest.mark.parametrize("code", OUTSIDE)
def test_R2_table_outside_projects(code: str) -> None:
    assert tuple(verdict(code, born(age)) for age in AGES) == OUTSIDE[code]


@pytest.mark.parametrize("code", IN_PROJECT)
def test_R2_table_in_a_project_takes_16_up_to_and_including_26(code: str) -> None:
    assert tuple(verdict(code, born(age), project=True) for age in AGES) == IN_PROJECT[code]


@pytest.mark.parametrize(
    ("birth_date", "expected"),
    [
        (date(2008, 9, 1), YES),  # eighteen on the very day
        (date(2008, 9, 2), NO),  # seventeen for one more day
    ],
)
def test_R2_bands_are_half_open_on_birthdays(birth_date: date, expected: str) -> None:
    assert verdict("wajong", birth_date) == expected


def test_R2_project_takes_somebody_until_the_day_before_27() -> None:
    assert verdict("wajong", date(1999, 9, 2), project=True) == YES
    assert verdict("wajong", date(1999, 9, 1), project=True) == NO


def test_R2_somebody_born_on_29_february_turns_18_on_1_march() -> None:
    group = target_group("wajong")
    table = list(group.eligibility_rules.all())
    leap = date(2008, 2, 29)
    assert rules.eligibility(leap, group, table, date(2026, 2, 28)).verdict == NO
    assert rules.eligibility(leap, group, table, date(2026, 3, 1)).verdict == YES


@pytest.mark.parametrize(
    ("age", "stream", "expected"),
    [
        (17, 1, NO),
        (18, 1, YES),
        (26, 1, YES),
        (27, 1, NO),
        (17, 2, NO),
        (18, 2, YES),
        (40, 2, YES),
        (18, 3, YES),
        (60, 3, YES),
    ],
)
def test_R2_streams(age: int, stream: int, expected: str) -> None:
    assert verdict("wajong", born(age), stream=stream) == expected


def test_R2_youth_without_benefit_only_in_projects_and_stream_1() -> None:
    assert verdict("jongere", born(20), stream=1) == YES
    assert verdict("jongere", born(20), stream=2) == NO
    assert verdict("jongere", born(20), stream=3) == NO
    assert verdict("jongere", born(17), project=True, stream=1) == YES


def test_R2_unknown_while_birth_date_or_group_is_missing() -> None:
    assert rules.eligibility(None, target_group(), [], START).verdict is None
    assert rules.eligibility(born(20), None, [], START).verdict is None


def test_R2_age_counts_on_the_planned_start() -> None:
    person = CandidateFactory(birth_date=date(2008, 9, 1))
    early = RegistrationFactory.build(candidate=person, planned_start=date(2026, 8, 31))
    late = RegistrationFactory.build(candidate=person, planned_start=date(2026, 9, 1))
    assert not rules.is_eligible_with(early)
    assert rules.is_eligible_with(late)


def test_R2_today_counts_while_no_start_is_planned() -> None:
    person = CandidateFactory(birth_date=date(2008, 9, 1))
    registration = RegistrationFactory.build(candidate=person)
    with clock.at(date(2026, 8, 31)):
        assert not rules.is_eligible_with(registration)
    with clock.at(date(2026, 9, 1)):
        assert rules.is_eligible_with(registration)


def test_R2_override_admits_and_part_needs_a_decision() -> None:
    part = RegistrationFactory(candidate__age=19, target_group=target_group("bijstand"))
    assert rules.eligible(part) is not None
    part.override_reason = "Gemeente en wij zien dit als beste weg."
    assert rules.eligible(part) is None


def test_R2_guard_points_to_the_registration() -> None:
    registration = RegistrationFactory(candidate__age=17)
    reason = rules.eligible(registration)
    assert "Doelgroep en leeftijd" in reason.text
    assert reason.url == f"/aanmeldingen/{registration.pk}/"


def test_reference_rows_are_complete() -> None:
    assert Referrer.objects.count() == 28
    assert LifeArea.objects.count() == 9
    assert EligibilityRule.objects.count() == 35
    wage = set(TargetGroup.objects.filter(needs_wage_value=True).values_list("code", flat=True))
    assert wage == {"wajong", "wia", "beschut"}
    payers = dict(TargetGroup.objects.values_list("code", "payer"))
    assert payers == {
        "wajong": "uwv",
        "wia": "uwv",
        "ww": "uwv",
        "bijstand": "gemeente",
        "beschut": "gemeente",
        "langdurig": "gemeente",
        "jongere": "gemeente",
    }
