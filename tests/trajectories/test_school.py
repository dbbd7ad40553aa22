"""What the school makes: the praktijkovereenkomst, the wage that may be agreed beside it, and that it isn't forgotten."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.models import AuditEntry, LawSetting, Role
from candidates.models import Candidate
from demo.paper import a_paper
from demo.team import Team
from demo.walk import Walk
from tests import factories
from tests.trajectories.portals import browser_of, on, page
from tests.trajectories.test_agreements import place, somebody_at
from tests.trajectories.test_deadline_kinds import row_of, the
from tests.trajectories.test_followup import errors
from topjob import clock
from topjob.errors import Refused
from trajectories import actions
from trajectories.models import Contract, Deadline, PracticeAgreement
from trajectories.money import pay
from trajectories.process.periods import period_end
from trajectories.verify import UNDERPAID

pytestmark = pytest.mark.usefixtures("db")

Kind, Key = Deadline.Kind, LawSetting.Key
LAST, FIRST = date(2026, 12, 31), date(2027, 1, 1)
# € 14,71 × 61,5 / 52,5 / 45,5 %, on paper: 9,04665; 7,72275; 6,69305.
# From 2027 on × 87,5 / 75 / 62,5 %: 12,87125; 11,0325; 9,19375.
SHARES = {20: ("9.05", "12.87"), 19: ("7.72", "11.03"), 18: ("6.69", "9.19")}
# Others of that age, and ages at which the BBL has nothing of its own: 14,71 and 39,5 %, from 2027 on 50 %.
ORDINARY = {
    21: ("14.71", "14.71"),
    20: ("11.77", "12.87"),
    19: ("8.83", "11.03"),
    18: ("7.36", "9.19"),
    17: ("5.81", "7.36"),
}


def aged(walk: Walk, age: int, day: date) -> Walk:
    """Whose birthday is on this very day."""
    Candidate.objects.filter(pk=walk.candidate.pk).update(birth_date=day.replace(year=day.year - age))
    walk.fresh()
    return walk


def minimum(walk: Walk, day: date) -> Decimal:
    """As the product says, which is what PostgreSQL says."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT topjob_minimum_wage(%s, %s)", [walk.trajectory.pk, day])
        found = cursor.fetchone()[0]
    assert pay.minimum_on(walk.fresh(), day).amount == found
    return found


@pytest.fixture
def learner(team: Team) -> Walk:
    """Somebody of 18 after the talk about a place BBL, with the school's praktijkovereenkomst."""
    walk = somebody_at(team, "bbl")
    return aged(walk, 18, walk.day).with_school(period_end(walk.day, 36))


# --- The wage --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("age", ORDINARY)
def test_the_minimum_wage_of_a_learner_until_2027_and_after(learner: Walk, age: int) -> None:
    for day, place_in_row in ((LAST, 0), (FIRST, 1)):
        aged(learner, age, day)
        assert minimum(learner, day) == Decimal(SHARES.get(age, ORDINARY[age])[place_in_row])


@pytest.mark.parametrize("age", ORDINARY)
def test_without_a_praktijkovereenkomst_it_is_that_of_everybody(team: Team, age: int) -> None:
    walk = somebody_at(team, "bbl")
    for day, place_in_row in ((LAST, 0), (FIRST, 1)):
        aged(walk, age, day)
        assert minimum(walk, day) == Decimal(ORDINARY[age][place_in_row])


def test_it_counts_on_the_days_on_which_it_holds(team: Team) -> None:
    walk = somebody_at(team, "bbl")
    first, last = walk.day, walk.day + timedelta(days=30)
    aged(walk, 19, first).with_school(last)
    for day, wage in (
        (first - timedelta(days=1), "7.36"),
        (first, "7.72"),
        (last, "7.72"),
        (last + timedelta(days=1), "8.83"),
    ):
        assert minimum(walk, day) == Decimal(wage), day
    stop(walk, last)
    assert (minimum(walk, last - timedelta(days=1)), minimum(walk, last)) == (Decimal("7.72"), Decimal("8.83"))


def test_a_contract_with_the_wage_of_the_BBL_and_not_a_cent_less(learner: Walk) -> None:
    with pytest.raises(Refused, match="praktijkovereenkomst is €\xa06,69 per uur"):
        place(learner, hourly_wage=Decimal("6.68"))
    contract = place(learner, hourly_wage=Decimal("6.69"))
    assert (contract.hourly_wage, contract.minimum_wage) == (Decimal("6.69"), Decimal("6.69"))
    assert underpaid() == []


def test_the_same_wage_is_refused_without_one_also_by_the_database(team: Team) -> None:
    walk = somebody_at(team, "bbl")
    aged(walk, 18, walk.day)
    with pytest.raises(Refused, match="Het minimumloon voor 18 jaar is €\xa07,36"):
        place(walk, hourly_wage=Decimal("6.69"))
    contract = place(walk, hourly_wage=Decimal("7.36"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Contract.objects.filter(pk=contract.pk).update(hourly_wage=Decimal("6.69"), minimum_wage=Decimal("6.69"))


def test_who_stops_at_school_keeps_the_contract_and_is_paid_the_minimum_of_others(learner: Walk) -> None:
    contract = place(learner, hourly_wage=Decimal("6.69"))
    stop(learner.later(30), learner.day)
    assert pay.at_least(contract.hourly_wage, pay.minimum_on(learner.fresh(), learner.day)) == Decimal("7.36")
    assert underpaid() == []


def underpaid() -> list[tuple[int]]:
    with connection.cursor() as cursor:
        cursor.execute(UNDERPAID)
        return cursor.fetchall()


# --- Recording it ----------------------------------------------------------------------------------------------------
def url(walk: Walk, name: str = "practice", *numbers: int) -> str:
    return reverse(f"trajectories:{name}", args=[walk.trajectory.pk, *numbers])


def typed(walk: Walk, **changed: object) -> dict[str, object]:
    usual = {"school": "ROC", "training": "Timmeren", "crebo": "25187", "starts_on": walk.day.isoformat()}
    scan = SimpleUploadedFile("pok.pdf", factories.pdf_file(), "application/pdf")
    return usual | {"ends_on": period_end(walk.day, 24).isoformat(), "file": scan} | changed


def stop(walk: Walk, day: date) -> None:
    with clock.at(walk.day, 22):
        row = walk.trajectory.practice_agreements.get()
        actions.stop_practice_agreement(
            row, stopped_on=day, stopped_because="Gestopt met school.", by=walk.user_on_lead
        )


def test_it_is_recorded_with_its_paper_and_can_be_read_again(team: Team) -> None:
    walk = somebody_at(team, "bbl")
    client = browser_of(walk.user_on_lead)
    with on(walk.day, 22):
        assert "De school maakt hem" in page(client, url(walk))
        assert "De praktijkovereenkomst is vastgelegd." in page(client, url(walk), typed(walk))
        row = walk.trajectory.practice_agreements.get()
        answer = client.get(url(walk, "practice_file", row.pk))
    assert b"".join(answer.streaming_content).startswith(b"%PDF") and "attachment" in answer["Content-Disposition"]
    assert AuditEntry.objects.latest("pk").verb == "record_practice_agreement"


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"school": " "}, "school", "verplicht"),
        ({"crebo": "12a45"}, "crebo", "vijf cijfers"),
        ({"ends_on": "2020-01-01"}, "ends_on", "vóór de begindatum"),
        ({"file": ""}, "file", "verplicht"),
        ({"file": SimpleUploadedFile("a.exe", b"MZ" + bytes(90))}, "file", "bestand"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(team: Team, changed: dict[str, object], field: str, words: str) -> None:
    walk = somebody_at(team, "bbl")
    client = browser_of(walk.user_on_lead)
    with on(walk.day, 22):
        wrong = errors(client, url(walk), typed(walk, **changed))
    assert list(wrong) == [field] and words in wrong[field][0]
    assert not walk.trajectory.practice_agreements.exists()


def test_that_it_holds_no_more_is_recorded_once_and_with_a_reason(learner: Walk) -> None:
    row = learner.trajectory.practice_agreements.get()
    client = browser_of(learner.user_on_lead)
    with on(learner.day, 22):
        address = url(learner, "stop_practice", row.pk)
        early = (row.starts_on - timedelta(days=1)).isoformat()
        wrong = errors(client, address, {"stopped_on": early, "stopped_because": ""})
        assert set(wrong) == {"stopped_on", "stopped_because"}
        data = {"stopped_on": row.starts_on.isoformat(), "stopped_because": "Verkeerde leerling."}
        assert "geldt niet meer" in page(client, address, data)
        assert "al vastgelegd" in errors(client, address, data)["stopped_on"][0]
    assert not PracticeAgreement.objects.get().covers(row.starts_on)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trajectories_practiceagreement SET school = 'Andere'",
        "UPDATE trajectories_practiceagreement SET starts_on = starts_on - 400",
        "UPDATE trajectories_practiceagreement SET stopped_on = starts_on, stopped_because = ''",
        "UPDATE trajectories_practiceagreement SET stopped_on = starts_on - 1, stopped_because = 'x'",
        "DELETE FROM trajectories_practiceagreement",
    ],
)
def test_what_it_says_stays_whoever_asks(learner: Walk, statement: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_stop_is_not_taken_back(learner: Walk) -> None:
    stop(learner, learner.day)
    with pytest.raises(IntegrityError), transaction.atomic():
        PracticeAgreement.objects.update(stopped_on=None, stopped_because="")


def test_only_whose_work_it_is_records_it(learner: Walk) -> None:
    facts = {"school": "ROC", "training": "Bouw", "crebo": "", "starts_on": learner.day, "ends_on": learner.day}
    for by in (learner.team.frontoffice, learner.team.backoffice, factories.staff(Role.REGISSEUR, region_code="29")):
        with pytest.raises(Refused), clock.at(learner.day, 22):
            actions.record_practice_agreement(learner.fresh(), file=a_paper("x"), by=by, **facts)
    assert learner.trajectory.practice_agreements.count() == 1


# --- Not forgotten ---------------------------------------------------------------------------------------------------
def test_where_a_school_is_in_it_somebody_asks_for_the_praktijkovereenkomst(team: Team) -> None:
    walk = somebody_at(team, "bbl")
    contract = place(walk)
    row = the(walk, Kind.PRACTICE_MISSING)
    assert (row.due_on, row.rule_key) == (contract.starts_on + timedelta(days=14), Key.PRACTICE_DAYS)
    walk.with_school(promised_end(contract))
    assert row_of(walk, Kind.PRACTICE_MISSING) is None
    stop(walk, contract.starts_on)
    assert the(walk, Kind.PRACTICE_MISSING).due_on == row.due_on


def promised_end(contract: Contract) -> date:
    assert contract.ends_on is not None
    return contract.ends_on


def test_elsewhere_nobody_asks_for_it(team: Team) -> None:
    walk = somebody_at(team, "baan")
    place(walk)
    assert row_of(walk, Kind.PRACTICE_MISSING) is None
    client = browser_of(walk.user_on_lead)
    with on(walk.day, 22):
        assert "Praktijkovereenkomst" not in page(client, url(walk, "detail"))


@pytest.mark.parametrize("kind", ["vrijwilligerswerk", "stageplaats", "bijbaantje"])
def test_before_the_last_day_of_an_agreement_somebody_asks_how_it_goes_on(team: Team, kind: str) -> None:
    """A contract of six months or more has its notice by law; what has none is asked about four weeks before."""
    walk = somebody_at(team, kind)
    contract = place(walk, ends_on=walk.day + timedelta(days=100))
    row = the(walk, Kind.AGREEMENT_END)
    assert row.due_on == promised_end(contract) - timedelta(days=28)
    assert (row.owner, row.rule_key) == (walk.user_on_lead, Key.AGREEMENT_END_DAYS)
    assert contract.what in row.reason
    assert row_of(walk, Kind.CONTRACT_NOTICE) is None


def test_what_has_a_notice_by_law_or_no_last_day_is_not_asked_about_twice(team: Team) -> None:
    walk = somebody_at(team, "baan")
    place(walk, ends_on=period_end(walk.day, 12))
    assert the(walk, Kind.CONTRACT_NOTICE) and row_of(walk, Kind.AGREEMENT_END) is None
    other = somebody_at(team, "vrijwilligerswerk")
    place(other, ends_on=None)
    assert row_of(other, Kind.AGREEMENT_END) is None
