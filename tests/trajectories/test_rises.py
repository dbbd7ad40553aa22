"""An agreed wage goes up with the minimum wage: when, by how much, and that employer and youth hear it before."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts import law
from accounts.models import AuditEntry, LawSetting, Role
from candidates.models import Candidate
from demo.team import Team
from demo.walk import Walk
from tests import factories
from tests.trajectories.portals import browser_of, on, page, youth_of
from tests.trajectories.test_agreements import place, somebody_at
from tests.trajectories.test_deadline_kinds import refresh, row_of, the
from topjob import clock
from topjob.models import OutboxMessage
from trajectories import handlers, tasks
from trajectories.models import Deadline
from trajectories.money import pay, rises
from trajectories.process.periods import period_end
from trajectories.process.workflow import Journey

pytestmark = pytest.mark.usefixtures("db")

Kind, Key = Deadline.Kind, LawSetting.Key
NEW_YEAR = date(2027, 1, 1)


def rising(walk: Walk) -> list[tuple[date, str]]:
    """Every rise of the contract that runs: the day and the amount."""
    case = walk.fresh()
    book = law.versions(*pay.KEYS, client=case.client)
    return [(rise.on, f"{rise.minimum.amount:.2f}") for rise in rises.rises_of(case.running_contract, case, book)]


def employed(team: Team, birth: date, wage: str, *, months: int = 24, with_school: bool = False) -> Walk:
    """Somebody with this birthday and this wage, at a place BBL."""
    walk = somebody_at(team, "bbl")
    Candidate.objects.filter(pk=walk.candidate.pk).update(birth_date=birth, email="jongere@post.example")
    walk.fresh()
    if with_school:
        walk.with_school(period_end(walk.day, months))
    place(walk, hourly_wage=Decimal(wage), ends_on=period_end(walk.day, months))
    return walk


# --- When ------------------------------------------------------------------------------------------------------------
# Placed in the winter of 2026 for two years; € 14,71 and the shares of 2026 (50/60/80 %) and 2027 (62,5/75/87,5 %), on paper.
@pytest.mark.parametrize(
    ("birth", "wage", "found"),
    [
        (date(2007, 6, 15), "7.36", [(date(2026, 6, 15), "8.83"), (NEW_YEAR, "11.03"), (date(2027, 6, 15), "12.87")]),
        (date(2007, 6, 15), "11.00", [(NEW_YEAR, "11.03"), (date(2027, 6, 15), "12.87")]),
        (date(2007, 6, 15), "14.71", []),
        (date(2005, 6, 15), "12.00", [(date(2026, 6, 15), "14.71")]),
        (date(2000, 6, 15), "14.71", []),
        (date(2008, 2, 29), "7.36", [(NEW_YEAR, "9.19"), (date(2027, 3, 1), "11.03")]),
    ],
)
def test_every_day_on_which_the_wage_goes_up(team: Team, birth: date, wage: str, found: list[tuple[date, str]]) -> None:
    walk = employed(team, birth, wage)
    last = walk.fresh().running_contract.ends_on
    assert [row for row in rising(walk) if row[0] <= date(2027, 12, 31)] == [row for row in found if row[0] <= last]


def test_the_wage_of_the_BBL_goes_to_that_of_everybody_in_2027(team: Team) -> None:
    """45,5 % at 18 is € 6,69; at 19 52,5 % is € 7,72; from 2027 on 75 % is € 11,03."""
    walk = employed(team, date(2007, 6, 15), "6.69", with_school=True)
    assert rising(walk)[:2] == [(date(2026, 6, 15), "7.72"), (NEW_YEAR, "11.03")]


def test_a_new_amount_is_one_too_and_a_contract_that_ended_has_none(team: Team) -> None:
    walk = employed(team, date(2000, 1, 1), "14.71")
    LawSetting.objects.create(key=Key.MINIMUM_WAGE, value="15.20", valid_from=date(2026, 7, 1), source="Staatscourant")
    assert rising(walk) == [(date(2026, 7, 1), "15.20")]
    refresh(walk).later(10).step(Journey.job_lost, reason="Bedrijf gesloten.")
    assert row_of(walk, Kind.WAGE_RISE) is None


# --- Told before -----------------------------------------------------------------------------------------------------
@pytest.fixture
def learner(team: Team) -> Walk:
    """Who is 19 in June and whose company has somebody in the portal."""
    walk = employed(team, date(2007, 6, 15), "7.36")
    factories.representative(walk.fresh().running_contract.organisation)
    return refresh(walk)


def told() -> list[tuple[str, str]]:
    rows = OutboxMessage.objects.filter(handler__startswith="mail_wage_rise").order_by("pk")
    return [(row.handler, row.key) for row in rows]


def test_four_weeks_before_it_stands_with_personeelsdiensten(learner: Walk) -> None:
    row = the(learner, Kind.WAGE_RISE)
    assert (row.due_on, row.owner_role) == (date(2026, 5, 18), Role.PERSONEEL)
    assert row.reason == "Vanaf ma 15 jun 2026 is het loon ten minste €\xa08,83 per uur: het minimumloon voor 19 jaar."
    assert row.rule_key == Key.WAGE_RISE_DAYS


def test_both_are_mailed_once_on_that_day_and_the_next_rise_follows(learner: Walk, mailoutbox: list) -> None:
    day = the(learner, Kind.WAGE_RISE).due_on
    for moment in (day, day, day + timedelta(days=1)):
        with clock.at(moment, 9):
            tasks.handle_due_deadlines()
    assert sorted(name for name, _key in told()) == ["mail_wage_rise", "mail_wage_rise_to"]
    assert AuditEntry.objects.filter(verb="tell_wage_rise", trajectory_id=learner.trajectory.pk).count() == 1
    with clock.at(day, 10):
        for message in OutboxMessage.objects.filter(handler__startswith="mail_wage_rise"):
            getattr(handlers, message.handler)(**message.payload)
    youth, company = sorted(mailoutbox, key=lambda mail: "minimumloon" in mail.subject)
    assert youth.to == ["jongere@post.example"] and "€\xa08,83 per uur" in youth.body
    assert learner.candidate.last_name not in company.body + company.subject and "8,83" not in company.body
    assert the(learner, Kind.WAGE_RISE).reason.startswith("Vanaf vr 1 jan 2027")


def test_whom_no_mail_reaches_is_told_by_somebody(team: Team) -> None:
    walk = refresh(employed(team, date(2007, 6, 15), "7.36"))
    row = the(walk, Kind.WAGE_RISE)
    with clock.at(row.due_on, 9):
        tasks.handle_due_deadlines()
    assert [name for name, _key in told()] == ["mail_wage_rise"]
    assert the(walk, Kind.WAGE_RISE).pk == row.pk
    with clock.at(row.due_on + timedelta(days=60), 9):
        refresh(walk)
        assert the(walk, Kind.WAGE_RISE).pk == row.pk  # also after the day itself


def test_another_amount_for_the_same_day_is_told_anew(learner: Walk) -> None:
    first = the(learner, Kind.WAGE_RISE)
    with clock.at(first.due_on, 9):
        tasks.handle_due_deadlines()
        LawSetting.objects.create(key=Key.WAGE_AGE_19, value="65", valid_from=date(2026, 6, 1), source="Staatscourant")
        refresh(learner)
    assert "€\xa09,56" in the(learner, Kind.WAGE_RISE).reason


def test_a_contract_that_ended_meanwhile_is_not_mailed_about(learner: Walk, mailoutbox: list) -> None:
    row = the(learner, Kind.WAGE_RISE)
    with clock.at(row.due_on, 9):
        tasks.handle_due_deadlines()
    learner.day = row.due_on
    learner.step(Journey.job_lost, reason="Bedrijf gesloten.")
    for message in OutboxMessage.objects.filter(handler__startswith="mail_wage_rise"):
        getattr(handlers, message.handler)(**message.payload)
    assert mailoutbox == []


def test_the_youth_and_the_company_read_it_on_their_pages(learner: Walk) -> None:
    day = the(learner, Kind.WAGE_RISE).due_on
    youth = youth_of(learner.fresh())
    company = factories.representative(learner.fresh().running_contract.organisation)
    with on(day):
        for user, address in (
            (youth, reverse("trajectories:my_case")),
            (company, reverse("trajectories:portal_people")),
        ):
            assert "ten minste €\xa08,83 per uur" in page(browser_of(user), address)


def test_without_a_wage_or_at_the_full_wage_nothing_rises(team: Team) -> None:
    walk = somebody_at(team, "vrijwilligerswerk")
    place(walk)
    assert row_of(walk, Kind.WAGE_RISE) is None
    assert row_of(refresh(employed(team, date(1990, 1, 1), "20.00")), Kind.WAGE_RISE) is None
