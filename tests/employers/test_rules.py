"""Guards and facts of employers, without a database."""

from datetime import date, timedelta

import pytest

from accounts.models import Organisation
from employers import rules
from employers.models import Employer, Vacancy

TODAY = date(2026, 11, 24)


def test_R13_seats_can_become_anything_from_what_is_in_use():
    vacancy = Vacancy(seats=5, seats_free=3)
    assert rules.seats_can_become(vacancy, 2) is None
    assert (
        rules.seats_can_become(vacancy, 1).text == "Er zijn 2 plaatsen bezet. Het aantal plaatsen kan niet lager zijn."
    )
    one = Vacancy(seats=5, seats_free=4)
    assert rules.seats_can_become(one, 0).text == "Er is 1 plaats bezet. Het aantal plaatsen kan niet lager zijn."


@pytest.mark.parametrize(
    ("now_in", "wanted", "allowed"), [(8, 8, True), (8, 7, False), (8, 9, True), (8, None, True), (0, 1, True)]
)
def test_R13_a_group_can_become_as_small_as_who_is_in_it_now(now_in, wanted, allowed):
    assert (rules.group_can_become(now_in, wanted) is None) is allowed


def test_publish_blockers_name_everything_that_is_in_the_way():
    organisation = Organisation(name="X", is_active=False)
    past = TODAY - timedelta(days=1)
    vacancy = Vacancy(
        pk=7, employer=Employer(organisation=organisation), status="open", closes_on=past, starts_on=past, ends_on=past
    )
    assert len(rules.publish_blockers(vacancy, TODAY)) == 4


def test_a_vacancy_may_open_on_its_closing_day():
    vacancy = Vacancy(employer=Employer(organisation=Organisation(name="X")), closes_on=TODAY, starts_on=TODAY)
    assert rules.publish_blockers(vacancy, TODAY) == []


@pytest.mark.parametrize(
    ("employees", "is_active", "applies"),
    [(None, True, False), (24, True, False), (25, True, True), (25, False, False), (400, True, True)],
)
def test_quota_exempts_companies_under_25(employees, is_active, applies):
    quota = rules.quota_of(Employer(employees=employees), is_active=is_active, exempt_below=25)
    assert quota.applies is applies
    assert quota.text


def test_free_seats_are_only_spoken_of_while_a_vacancy_is_on_offer():
    vacancy = Vacancy(seats=12, seats_free=12, status=Vacancy.Status.OPEN)
    assert vacancy.seats_text == "12 van 12 plaatsen vrij"
    vacancy.status = Vacancy.Status.CLOSED
    assert vacancy.seats_text == "12 plaatsen"
