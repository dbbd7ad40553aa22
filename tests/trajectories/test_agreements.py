"""Placing somebody without a trial, as what the place is: a job, a stage, some hours as a volunteer (docs/domain.md §1)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, KindOfPlace, LawSetting, Role, User
from candidates.models import Candidate, Consent, LegalRepresentative
from demo.walk import Team, Walk
from employers.models import Vacancy
from tests import factories
from tests.trajectories.conftest import make_vacancy, make_walk, walk_to
from tests.trajectories.portals import browser_of, page
from topjob import clock
from topjob.errors import Refused
from topjob.models import OutboxMessage
from trajectories import actions
from trajectories.documents import papers
from trajectories.documents.example import example_paper
from trajectories.models import AgreementKind, Contract, PaperTemplate, Trajectory
from trajectories.models.template import UNPAID
from trajectories.money import allowances, subsidies
from trajectories.money.agreeing import Terms
from trajectories.pages.frame import phases_of
from trajectories.pages.portal import results
from trajectories.process import rules
from trajectories.process.choices import Party
from trajectories.process.periods import period_end
from trajectories.process.workflow import Journey

pytestmark = pytest.mark.usefixtures("db")

# As docs/domain.md §1 has the kinds of place, and what a professional agrees on for each: its document, and what somebody gets.
PLACES = {
    "bbl": ("direct", "loon"),
    "bol": ("stage", "vergoeding"),
    "baan": ("direct", "loon"),
    "zorg-werkatelier": ("werkatelier", "niets"),
    "leerwerkplek-vrijwillig": ("leren", "vergoeding"),
    "bbl-plus-individueel": ("direct", "loon"),
    "bbl-plus-groep": ("direct", "loon"),
    "stageplaats": ("stage", "vergoeding"),
    "bijbaantje": ("direct", "loon"),
    "studentenwerk": ("direct", "loon"),
    "jeugd-werkervaringsplek": ("werkervaring", "vergoeding"),
    "maatschappelijke-stage": ("maatschappelijk", "niets"),
    "maatschappelijk-werkervaringsplek": ("werkervaring", "vergoeding"),
    "vrijwilligerswerk": ("vrijwilliger", "vrijwilligersvergoeding"),
}
DEPARTMENTS = {"match": "bbl", "jeugd": "stageplaats", "maatschappelijk": "vrijwilligerswerk"}


def somebody_at(team: Team, kind: str, department: str = "maatschappelijk") -> Walk:
    """Somebody of this department after the talk about a place of this kind."""
    vacancy = make_vacancy()
    Vacancy.objects.filter(pk=vacancy.pk).update(kind_of_place=KindOfPlace.objects.get(code=kind))
    return walk_to(make_walk(team, department=department), vacancy, "SOLLICITATIE").later(6).hold_talk()


def terms_of(walk: Walk, **changed) -> Terms:
    kind = walk.fresh().current_application.vacancy.kind_of_place
    agreement = AgreementKind.objects.at(kind).get()
    usual = {"agreement": agreement, "starts_on": walk.day, "ends_on": period_end(walk.day, 6), "hours_per_week": 8}
    return Terms(**(usual | ({"hourly_wage": Decimal(15)} if agreement.pays_wage else {}) | changed))


def place(walk: Walk, **changed) -> Contract:
    with clock.at(walk.day):
        actions.place_directly(walk.fresh(), terms=terms_of(walk, **changed), by=walk.team.personnel)
    return walk.fresh().running_contract


# --- What goes where -------------------------------------------------------------------------------------------------
def test_every_kind_of_place_has_what_can_be_agreed_there() -> None:
    found = {
        kind.code: [(row.paper, row.pays) for row in AgreementKind.objects.at(kind)]
        for kind in KindOfPlace.objects.all()
    }
    assert found == {code: [agreed] for code, agreed in PLACES.items()}


@pytest.mark.parametrize("kind", PLACES)
def test_somebody_starts_at_every_kind_of_place(team: Team, kind: str) -> None:
    walk = somebody_at(team, kind)
    contract = place(walk)
    paper, pays = PLACES[kind]
    assert walk.fresh().state == "NAZORG"
    assert (contract.is_unpaid, contract.hourly_wage is None) == (pays != "loon", pays != "loon")
    assert papers.kind_of(contract) == paper
    assert contract.agreement.name == contract.what


@pytest.mark.parametrize(("department", "kind"), DEPARTMENTS.items())
def test_each_other_department_places_people(team: Team, department: str, kind: str) -> None:
    walk = somebody_at(team, kind, department)
    assert walk.fresh().department.code == department
    place(walk)
    assert walk.fresh().running_placement.organisation == walk.fresh().running_contract.organisation


def test_an_agreement_of_another_kind_of_place_is_refused(team: Team) -> None:
    walk = somebody_at(team, "vrijwilligerswerk")
    with pytest.raises(Refused, match="hoort niet bij de soort plek"):
        place(walk, agreement=AgreementKind.objects.get(code="stage"))
    assert walk.fresh().state == "SOLLICITATIE"


def test_without_an_agreement_for_the_place_the_checklist_says_so(team: Team) -> None:
    walk = somebody_at(team, "vrijwilligerswerk")
    AgreementKind.objects.filter(code="vrijwilliger").update(is_active=False)
    said = rules.agreement_possible(walk.fresh())
    assert (
        said.text
        == "Bij een plek “Vrijwilligerswerk” hoort nog geen overeenkomst. Vraag de beheerder om er een te kiezen."
    )
    AgreementKind.objects.filter(code="vrijwilliger").update(is_active=True)
    assert rules.agreement_possible(walk.fresh()) is None


# --- What somebody gets ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"hourly_wage": Decimal(15)}, "hourly_wage"),
        ({"probation_months": 1}, "probation_months"),
        ({"allowance": Decimal("5.60")}, "allowance_per"),
        ({"allowance_per": "uur"}, "allowance_per"),
        ({"allowance": Decimal(0), "allowance_per": "uur"}, "allowance"),
        ({"allowance": Decimal("-1"), "allowance_per": "uur"}, "allowance"),
        ({"allowance": Decimal("5.605"), "allowance_per": "uur"}, "allowance"),
        ({"allowance": Decimal("NaN"), "allowance_per": "uur"}, "allowance"),
        ({"allowance": Decimal("3.31"), "allowance_per": "uur"}, "allowance"),
        ({"ends_on": date(2026, 1, 1)}, "ends_on"),
    ],
)
def test_what_a_volunteer_can_not_get_changes_nothing(team: Team, changed: dict, field: str) -> None:
    walk = somebody_at(team, "vrijwilligerswerk")
    Candidate.objects.filter(pk=walk.candidate.pk).update(birth_date=walk.day.replace(year=walk.day.year - 20))
    before = (AuditEntry.objects.count(), OutboxMessage.objects.count())
    assert list(terms_of(walk, **changed).refusals(walk.fresh())) == [field]
    with pytest.raises(Refused):
        place(walk, **changed)
    assert (AuditEntry.objects.count(), OutboxMessage.objects.count(), Contract.objects.count()) == (*before, 0)


# Worked out on paper from € 5,60 and € 3,30 an hour, € 210 a month and € 2.100 a year: 8 hours a week are 34⅔ a month and 416 a
# year, so € 5,04 an hour is € 174,72 a month and € 2.096,64 a year; € 5,05 is € 2.100,80. A month of € 175 is a year of € 2.100.
@pytest.mark.parametrize(
    ("years", "amount", "per", "hours", "allowed"),
    [
        (21, "5.04", "uur", 8, True),
        (21, "5.05", "uur", 8, False),
        (21, "5.60", "uur", 7, True),
        (21, "5.61", "uur", 1, False),
        (20, "3.30", "uur", 8, True),
        (20, "3.31", "uur", 1, False),
        (21, "175.00", "maand", 8, True),
        (21, "175.01", "maand", 8, False),
        (21, "210.01", "maand", 8, False),
        (21, "5.61", "uur", 9, False),
    ],
)
def test_a_volunteer_gets_at_most_what_the_law_says(
    team: Team, years: int, amount: str, per: str, hours: int, allowed: bool
) -> None:
    walk = somebody_at(team, "vrijwilligerswerk")
    Candidate.objects.filter(pk=walk.candidate.pk).update(birth_date=walk.day.replace(year=walk.day.year - years))
    wanted = terms_of(walk, ends_on=None, allowance=Decimal(amount), allowance_per=per, hours_per_week=hours)
    assert ("allowance" not in wanted.refusals(walk.fresh())) is allowed


@pytest.mark.parametrize(("months", "allowed"), [(3, True), (10, True), (11, False), (24, False)])
def test_the_year_counts_the_months_that_it_lasts(team: Team, months: int, allowed: bool) -> None:
    """€ 210 a month is € 2.100 in ten months."""
    walk = somebody_at(team, "vrijwilligerswerk")
    days = {"ends_on": period_end(walk.day, months)}
    wanted = terms_of(walk, allowance=Decimal(210), allowance_per="maand", **days)
    assert ("allowance" not in wanted.refusals(walk.fresh())) is allowed


@pytest.mark.parametrize(
    ("code", "wrong"),
    [("vrijwilliger", "vergoeding"), ("maatschappelijke-stage", "vergoeding"), ("werkatelier", "vergoeding"),
     ("stage", "vrijwilligersvergoeding"), ("arbeidsovereenkomst", "niets"), ("stage", "loon")],
)  # fmt: skip
def test_a_document_fits_what_somebody_gets(code: str, wrong: str) -> None:
    """A volunteer's maxima can't be got round by another kind of allowance with the same document."""
    with pytest.raises(DatabaseError), transaction.atomic():
        AgreementKind.objects.filter(code=code).update(pays=wrong)


def test_the_maximum_is_that_of_the_first_day_and_of_the_payer(team: Team) -> None:
    walk = somebody_at(team, "vrijwilligerswerk")
    wanted = terms_of(walk, allowance=Decimal("1.50"), allowance_per="uur")
    assert wanted.refusals(walk.fresh()) == {}
    for key in ("vrijwilliger_uur", "vrijwilliger_uur_jong"):
        LawSetting.objects.create(key=key, value="1.40", valid_from=walk.day, source="Staatscourant")
    assert list(wanted.refusals(walk.fresh())) == ["allowance"]


@pytest.mark.parametrize("amount", [Decimal("2000.01"), Decimal("1e9")])
def test_an_allowance_of_a_stage_is_no_wage(team: Team, amount: Decimal) -> None:
    walk = somebody_at(team, "stageplaats", "jeugd")
    assert list(terms_of(walk, allowance=amount, allowance_per="maand").refusals(walk.fresh())) == ["allowance"]
    assert terms_of(walk, allowance=Decimal(350), allowance_per="maand").refusals(walk.fresh()) == {}


def test_a_stage_ends(team: Team) -> None:
    walk = somebody_at(team, "stageplaats", "jeugd")
    assert list(terms_of(walk, ends_on=None).refusals(walk.fresh())) == ["ends_on"]
    volunteer = somebody_at(team, "vrijwilligerswerk")
    assert terms_of(volunteer, ends_on=None).refusals(volunteer.fresh()) == {}


# --- Under 18 --------------------------------------------------------------------------------------------------------
# From 13, 12 hours beside school until 16, 40 until 18 (Arbeidstijdenwet): the last and the first that differ.
@pytest.mark.parametrize(
    ("years", "hours", "allowed"),
    [(12, 1, False), (13, 12, True), (15, 12, True), (15, 13, False), (16, 13, True), (17, 40, True), (18, 40, True)],
)
def test_how_long_somebody_may_work_at_an_age(team: Team, years: int, hours: int, allowed: bool) -> None:
    walk = somebody_at(team, "bijbaantje", "jeugd")
    Candidate.objects.filter(pk=walk.candidate.pk).update(birth_date=walk.day.replace(year=walk.day.year - years))
    wanted = terms_of(walk, hours_per_week=hours)
    assert ("hours_per_week" not in wanted.refusals(walk.fresh())) is allowed


def test_the_database_holds_the_hours_of_who_is_young(team: Team) -> None:
    walk = somebody_at(team, "bijbaantje", "jeugd")
    Candidate.objects.filter(pk=walk.candidate.pk).update(birth_date=walk.day.replace(year=walk.day.year - 15))
    contract = place(walk, hours_per_week=12)
    with pytest.raises(DatabaseError), transaction.atomic():
        Contract.objects.filter(pk=contract.pk).update(hours_per_week=13)


def test_a_parent_signs_for_who_is_under_18(team: Team) -> None:
    """There was no startplan to take the signers from."""
    walk = somebody_at(team, "bijbaantje", "jeugd")
    Candidate.objects.filter(pk=walk.candidate.pk).update(
        birth_date=clock.today().replace(year=clock.today().year - 15)
    )
    LegalRepresentative.objects.create(
        candidate=walk.candidate, name="Ans Bakker", relation="ouder", email="ans@post.example"
    )
    place(walk)
    subject = papers.subjects_of(walk.fresh())[0]
    signers = papers.signers_of(subject, walk.fresh(), team.personnel)
    assert list(signers) == [Party.YOUTH, Party.REPRESENTATIVE, Party.EMPLOYER]
    assert signers[Party.REPRESENTATIVE]["email"] == "ans@post.example"


# --- PostgreSQL holds it ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "wrong",
    [
        {"agreement": None},
        {"hourly_wage": 15, "minimum_wage": 10},
        {"kind": "direct"},
        {"probation_months": 1},
        {"allowance": 5},
        {"allowance": 5.61, "allowance_per": "uur"},
        {"allowance": 211, "allowance_per": "maand"},
        {"allowance": 5, "allowance_per": "uur", "hours_per_week": 10},
        {"allowance": -1, "allowance_per": "maand"},
    ],
)
def test_the_database_refuses_what_can_not_be_agreed(team: Team, wrong: dict) -> None:
    contract = place(somebody_at(team, "vrijwilligerswerk"))
    with pytest.raises(DatabaseError), transaction.atomic():
        Contract.objects.filter(pk=contract.pk).update(**wrong)


def test_the_database_asks_for_the_last_day_of_a_stage(team: Team) -> None:
    contract = place(somebody_at(team, "stageplaats", "jeugd"))
    with pytest.raises(DatabaseError), transaction.atomic():
        Contract.objects.filter(pk=contract.pk).update(ends_on=None)


# --- What follows from it --------------------------------------------------------------------------------------------
def test_nobody_is_employed_by_it(team: Team) -> None:
    """No notice, no subsidy for an employer, and no wage to record afterwards."""
    walk = somebody_at(team, "maatschappelijk-werkervaringsplek")
    contract = place(walk, ends_on=period_end(walk.day, 12))
    assert rules.notice_by(contract) is None
    assert subsidies.job_of(walk.fresh()) is None
    with pytest.raises(Refused, match="zonder loon"):
        actions.record_hourly_wage(contract, hourly_wage=Decimal(15), by=walk.team.personnel)


def test_a_place_without_wage_is_no_job_in_what_the_client_reads(team: Team) -> None:
    walk = somebody_at(team, "vrijwilligerswerk")
    place(walk)
    found = results(Trajectory.objects.filter(pk=walk.trajectory.pk), team.regisseur)
    assert (found["placed"], found["unpaid"]) == (0, 1)


@pytest.mark.parametrize(("kind", "calculates"), [("baan", True), ("vrijwilligerswerk", False)])
def test_the_company_has_nothing_to_calculate_where_nobody_is_employed(team: Team, kind: str, calculates: bool) -> None:
    walk = somebody_at(team, kind)
    place(walk)
    Consent.objects.filter(candidate=walk.candidate).update(share_arrangements=True)
    company = factories.representative(walk.fresh().running_contract.organisation)
    with clock.at(walk.day):
        shown = page(browser_of(company), reverse("trajectories:portal_people"))
    assert walk.fresh().running_contract.what in shown
    assert (reverse("trajectories:portal_money", args=[walk.trajectory.pk]) in shown) is calculates


def test_what_it_says_of_an_allowance() -> None:
    agreed = Contract(allowance=Decimal("5.60"), allowance_per="uur")
    assert str(allowances.of(agreed)) == "€\xa05,60 per uur"
    assert allowances.of(Contract()) is None


@pytest.mark.parametrize("kind", UNPAID)
def test_its_document_speaks_of_no_wage_but_to_say_there_is_none(kind: str) -> None:
    template = PaperTemplate.objects.valid_for(kind=kind, on=clock.today())
    paper = example_paper(template)
    said = [part for line in paper.lines.all() for part in (line.label, line.text) if part]
    assert "Werknemer" not in said and "Proeftijd" not in said
    assert not [line for line in said if "{" in line or "None" in line]
    assert ("Vergoeding" in said, "bruto" in " ".join(said)) == (True, False)


def test_its_document_is_made_for_who_starts(team: Team) -> None:
    walk = somebody_at(team, "vrijwilligerswerk")
    contract = place(walk, allowance=Decimal(40), allowance_per="maand")
    subject = next(row for row in papers.subjects_of(walk.fresh()) if row.source == contract)
    assert (subject.label, subject.lacks) == ("Vrijwilligersovereenkomst", None)
    assert papers.summary_of(subject).endswith("8 uur per week. De vergoeding is €\xa040,00 per maand.")


# --- On screen -------------------------------------------------------------------------------------------------------
@pytest.fixture
def personnel(team: Team, client: Client) -> Client:
    client.force_login(team.personnel)
    return client


def page_of(walk: Walk) -> str:
    return reverse("trajectories:step", args=[walk.trajectory.pk, "place_directly"])


def test_the_page_asks_what_fits_the_place(team: Team, personnel: Client) -> None:
    asked = {
        kind: set(personnel.get(page_of(somebody_at(team, kind))).context["form"].fields)
        for kind in ("bbl", "vrijwilligerswerk", "maatschappelijke-stage")
    }
    days = {"agreement", "starts_on", "ends_on", "hours_per_week"}
    assert asked["bbl"] == days | {"hourly_wage", "probation_months"}
    assert asked["vrijwilligerswerk"] == days | {"allowance", "allowance_per"}
    assert asked["maatschappelijke-stage"] == days


def test_what_is_wrong_stands_beside_the_field_and_nothing_is_lost(team: Team, personnel: Client) -> None:
    walk = somebody_at(team, "vrijwilligerswerk")
    agreement = AgreementKind.objects.get(code="vrijwilliger")
    data = {
        "agreement": agreement.pk,
        "starts_on": walk.day.isoformat(),
        "ends_on": "",
        "hours_per_week": 8,
        "allowance": "250,00",
        "allowance_per": "maand",
    }
    with clock.at(walk.day):
        page = personnel.post(page_of(walk), data)
    assert page.status_code == 200
    assert "Dat is te veel voor een vrijwilliger." in page.content.decode()
    assert 'value="250,00"' in page.content.decode()
    with clock.at(walk.day):
        assert personnel.post(page_of(walk), data | {"allowance": "40"}).status_code == 302
    case = personnel.get(reverse("trajectories:detail", args=[walk.trajectory.pk]))
    assert case.status_code == 200
    assert walk.fresh().running_contract.allowance == 40


@pytest.mark.parametrize("odd", ["x", "-1", "1e400", "NaN", "9" * 400, "5,555"])
def test_odd_amounts_get_a_sentence(team: Team, personnel: Client, odd: str) -> None:
    walk = somebody_at(team, "vrijwilligerswerk")
    data = {"agreement": AgreementKind.objects.get(code="vrijwilliger").pk, "starts_on": walk.day.isoformat()}
    data |= {"hours_per_week": "8", "allowance": odd, "allowance_per": "uur"}
    with clock.at(walk.day):
        page = personnel.post(page_of(walk), data)
    assert page.status_code == 200 and "allowance" in page.context["form"].errors


def test_the_beheerder_says_where_an_agreement_can_be_chosen(client: Client) -> None:
    beheerder: User = factories.staff(Role.BEHEERDER)
    client.force_login(beheerder)
    row = AgreementKind.objects.get(code="vrijwilliger")
    place_kind = KindOfPlace.objects.get(code="maatschappelijke-stage")
    url = reverse("accounts:edit_row", args=["soorten-overeenkomst", row.pk])
    assert client.get(url).status_code == 200
    data = {"name": row.name, "position": row.position, "is_active": "on", "kinds_of_place": [place_kind.pk]}
    assert client.post(url, data).status_code == 302
    row.refresh_from_db()
    assert (list(row.kinds_of_place.all()), row.ends, row.pays) == ([place_kind], False, "vrijwilligersvergoeding")


def test_the_stepper_has_no_phase_that_the_department_has_not(team: Team, personnel: Client) -> None:
    walk = somebody_at(team, "vrijwilligerswerk")
    assert [(step["letter"], step["label"], step["status"]) for step in phases_of(walk.fresh())] == [
        ("A", "Checkpunt", "done"),
        ("B", "Plaatsing", "current"),
        ("E", "Nazorg", "todo"),
    ]
    place(walk)
    walk.later(30).step(Journey.job_lost, reason="Het buurthuis sluit.")
    assert [(step["letter"], step["status"]) for step in phases_of(walk.fresh())] == [
        *(("A", "done"), ("B", "done"), ("D", "current"), ("E", "todo")),
    ]
