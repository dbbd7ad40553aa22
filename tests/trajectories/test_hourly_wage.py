"""The wage of a contract: at least the minimum wage at the age on its first day, said on paper, seen by its parties only."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, LawSetting, Role
from candidates.models import Candidate
from demo.walk import Walk
from tests import factories
from tests.trajectories.conftest import Reach, walk_to
from tests.trajectories.portals import browser_of, client_of, employer_of, on, page, youth_of
from tests.trajectories.standing import World, standing
from topjob import clock
from topjob.errors import Refused
from topjob.models import OutboxMessage
from trajectories import actions
from trajectories.actions import plan as plan_actions
from trajectories.documents import making, papers
from trajectories.documents.example import example_paper, example_plan
from trajectories.models import Contract, Paper, PaperTemplate, PlanTemplate, StartPlan
from trajectories.models.template import PaperKind
from trajectories.money import pay
from trajectories.process.periods import period_end
from trajectories.signing.statements import statements_for

pytestmark = pytest.mark.usefixtures("db")

NEW_YEAR, SUMMER, AFTER = date(2026, 1, 1), date(2026, 7, 1), date(2026, 5, 2)
# As published for 1 January 2025 and 2026; for the summer worked out on paper from € 15,00: 39,5% is 5,925, 34,5% is 5,175.
PUBLISHED = {
    date(2025, 12, 31): ("14.06", "11.25", "8.44", "7.03", "5.55", "4.85", "4.22"),
    NEW_YEAR: ("14.71", "11.77", "8.83", "7.36", "5.81", "5.07", "4.41"),
    SUMMER - timedelta(days=1): ("14.71", "11.77", "8.83", "7.36", "5.81", "5.07", "4.41"),
    SUMMER: ("15.00", "12.00", "9.00", "7.50", "5.93", "5.18", "4.50"),
}
AGES = (21, 20, 19, 18, 17, 16, 15)
CONTRACTS = [kind for kind in PaperKind if kind.is_contract and not kind.is_unpaid]
# What a contract says since it names its wage, and what it said before.
WAGE = "- Je loon is {uurloon} bruto per uur."
RISES = (
    "- Minder dan het minimumloon is het nooit. Gaat het minimumloon omhoog, of word je een jaar ouder? "
    "Dan krijg je ten minste het minimumloon dat dan bij jouw leeftijd hoort."
)
WITHOUT_WAGE = {
    "- Je loon is ten minste het minimumloon voor jouw leeftijd.",
    "- Vóór je eerste dag hoor je op papier hoeveel loon je precies krijgt.",
    "- Minder dan het minimumloon voor jouw leeftijd is het nooit.",
}


def raise_in_summer() -> None:
    LawSetting.objects.create(key="minimumloon_uur", value="15.00", valid_from=SUMMER, source="Staatscourant")


def born(day: date, age: int) -> date:
    """The youngest of this age: the birthday is on the day itself."""
    return day.replace(year=day.year - age)


def in_the_database(walk: Walk, day: date) -> Decimal:
    with connection.cursor() as cursor:
        cursor.execute("SELECT topjob_minimum_wage(%s, %s)", [walk.trajectory.pk, day])
        return cursor.fetchone()[0]


# --- The rule --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("day", PUBLISHED)
def test_the_minimum_wage_by_age_and_half_year(walk: Walk, day: date) -> None:
    """At the birthday, the day before it, and far above 21; in PostgreSQL the same."""
    raise_in_summer()
    for place, age in enumerate(AGES):
        for birth, at in (
            (born(day, age), age),
            (born(day, age) + timedelta(days=1), age - 1),
            (born(day, age) - timedelta(days=300), age),
        ):
            Candidate.objects.filter(pk=walk.candidate.pk).update(birth_date=birth)
            walk.fresh()
            found = pay.minimum_on(walk.trajectory, day)
            expected = Decimal(PUBLISHED[day][place + age - at]) if at >= 15 else Decimal(0)
            assert (found.amount if found else Decimal(0)) == expected, (day, birth)
            assert in_the_database(walk, day) == expected, (day, birth)
    for birth in (born(day, 64), born(day, 22)):
        Candidate.objects.filter(pk=walk.candidate.pk).update(birth_date=birth)
        expected = Decimal(PUBLISHED[day][0])
        assert pay.minimum_on(walk.fresh(), day).amount == in_the_database(walk, day) == expected


def test_somebody_born_on_29_february_is_older_on_1_march(walk: Walk) -> None:
    Candidate.objects.filter(pk=walk.candidate.pk).update(birth_date=date(2008, 2, 29))
    for day, wage in ((date(2026, 2, 28), "5.81"), (date(2026, 3, 1), "7.36")):
        assert pay.minimum_on(walk.fresh(), day).amount == in_the_database(walk, day) == Decimal(wage)


def test_the_rule_of_a_client_goes_before_the_general_one(walk: Walk) -> None:
    payer = walk.fresh().client
    LawSetting.objects.create(key="minimumloon_uur", value="16", valid_from=NEW_YEAR, client=payer, source="Cao")
    assert pay.minimum_on(walk.fresh(), AFTER).amount == in_the_database(walk, AFTER) == Decimal("12.80")
    assert pay.minimum_of(walk.candidate.age_on(AFTER), AFTER, None).amount == Decimal("11.77")


def test_the_reason_names_the_amount_and_since_when(walk: Walk) -> None:
    Candidate.objects.filter(pk=walk.candidate.pk).update(birth_date=born(AFTER, 19))
    said = pay.wage_refusal(walk.fresh(), Decimal("8.82"), AFTER)
    assert said.text == "Het minimumloon voor 19 jaar is €\xa08,83 per uur vanaf 1 januari 2026."
    Candidate.objects.filter(pk=walk.candidate.pk).update(birth_date=born(AFTER, 40))
    said = pay.wage_refusal(walk.fresh(), Decimal("14.70"), AFTER)
    assert said.text == "Het minimumloon vanaf 21 jaar is €\xa014,71 per uur vanaf 1 januari 2026."
    assert pay.wage_refusal(walk.fresh(), Decimal("14.71"), AFTER) is None


# --- The action ------------------------------------------------------------------------------------------------------
@standing
def decided(world: World) -> None:
    """All three gave their view, and what somebody is worth at work is settled."""
    walk_to(world.walk, world.vacancy, "EVALUATIE").give_views().settle_wage_value()


def go_on(walk: Walk, wage: Decimal | None) -> None:
    with clock.at(walk.day, 20):
        actions.continue_learning(
            walk.fresh(),
            holder="leerbedrijf",
            ends_on=period_end(AFTER, 12),
            hours_per_week=32,
            hourly_wage=wage,
            by=walk.user_on_lead,
        )


@pytest.mark.parametrize("wage", [None, "0", "-12", "11.76", "11.775", "100.01", "NaN", "Infinity"])
def test_less_than_the_minimum_wage_changes_nothing(decided: Walk, wage: str | None) -> None:
    before = (AuditEntry.objects.count(), OutboxMessage.objects.count())
    with pytest.raises(Refused, match=r"uurloon|minimumloon|bedrag per uur"):
        go_on(decided, None if wage is None else Decimal(wage))
    assert decided.fresh().state == "EVALUATIE"
    assert not Contract.objects.exists()
    assert (AuditEntry.objects.count(), OutboxMessage.objects.count()) == before


def test_the_minimum_wage_itself_is_enough_and_the_log_has_no_amount(decided: Walk) -> None:
    go_on(decided, Decimal("11.77"))
    contract = Contract.objects.get()
    assert (contract.hourly_wage, contract.minimum_wage) == (Decimal("11.77"), Decimal("11.77"))
    entry = AuditEntry.objects.filter(verb="continue_learning").get()
    assert "11" not in str(entry.details)


def test_a_failure_afterwards_leaves_no_contract(decided: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: object, **options: object) -> None:
        raise RuntimeError("the log is full")

    monkeypatch.setattr("trajectories.journey.core.log", fails)
    with pytest.raises(RuntimeError):
        go_on(decided, Decimal(13))
    assert not Contract.objects.exists() and decided.fresh().state == "EVALUATIE"


def test_every_other_contract_is_held_to_it(learning: Walk, reach: Reach, vacancy) -> None:
    walk = learning
    # Sem is 21 by then.
    longer = {"ends_on": date(2027, 8, 1), "hours_per_week": 32, "by": walk.team.regisseur}
    with clock.at(date(2026, 9, 1)), pytest.raises(Refused, match=r"vanaf 21 jaar is €\xa014,71"):
        actions.extend_contract(walk.fresh(), hourly_wage=Decimal("14.70"), **longer)
    reach("BANENPOOL", walk)
    job = {"organisation": vacancy.employer.organisation, "starts_on": walk.day, "ends_on": None, "hours_per_week": 32}
    for kind in ("overname", "detachering", "uitzenden"):
        with clock.at(walk.day), pytest.raises(Refused, match="minimumloon"):
            actions.place(walk.fresh(), kind=kind, hourly_wage=Decimal("14.70"), by=walk.team.job_broker, **job)
    assert walk.fresh().state == "BANENPOOL"


# --- The form --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "verplicht"),
        ("veel", "Vul een bedrag in, zoals 14,71."),
        ("-12,00", "meer dan nul"),
        ("0", "meer dan nul"),
        ("12,345", "hele centen"),
        ("1.800,00", "te hoog"),
        ("9" * 40, "te hoog"),
        ("1e9", "te hoog"),
        ("100,01", "ten hoogste €\xa0100,00"),
        ("11,76", "Het minimumloon voor 20 jaar is €\xa011,77 per uur vanaf 1 januari 2026."),
        ("NaN", "Vul een bedrag in"),
    ],
)
def test_bad_input_is_told_at_the_field(decided: Walk, client: Client, typed: str, said: str) -> None:
    client.force_login(decided.team.regisseur)
    data = {"holder": "leerbedrijf", "ends_on": "2027-05-01", "hours_per_week": 32, "no_probation": "on"}
    with clock.at(decided.day, 20):
        answer = client.post(step_url(decided, "continue_learning"), data | {"hourly_wage": typed})
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {"hourly_wage"}
    assert said in str(answer.context["form"].errors["hourly_wage"])
    assert decided.fresh().state == "EVALUATIE"


@pytest.mark.parametrize("typed", ["11,77", "11.77", "€ 11,77", " 11,77 "])
def test_an_amount_as_the_dutch_write_it(decided: Walk, client: Client, typed: str) -> None:
    client.force_login(decided.team.regisseur)
    data = {"holder": "leerbedrijf", "ends_on": "2027-05-01", "hours_per_week": 32, "no_probation": "on"}
    with clock.at(decided.day, 20):
        shown = client.get(step_url(decided, "continue_learning")).content.decode()
        assert "Het minimumloon voor 20 jaar is €\xa011,77 per uur" in shown
        assert client.post(step_url(decided, "continue_learning"), data | {"hourly_wage": typed}).status_code == 302
    assert Contract.objects.get().hourly_wage == Decimal("11.77")


def step_url(walk: Walk, name: str) -> str:
    return reverse("trajectories:step", args=[walk.trajectory.pk, name])


# --- The database ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "change",
    [
        "hourly_wage = 11.76",
        "hourly_wage = 11.76, minimum_wage = 11.76",
        "minimum_wage = 0",
        "minimum_wage = NULL",
        "hourly_wage = NULL, minimum_wage = NULL",
        "hourly_wage = -1, minimum_wage = -2",
    ],
)
def test_a_raw_statement_cannot_pay_less(decided: Walk, change: str) -> None:
    go_on(decided, Decimal("12.00"))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE trajectories_contract SET {change}")
    assert Contract.objects.get().hourly_wage == Decimal(12)


def test_a_raw_contract_names_its_wage(decided: Walk) -> None:
    go_on(decided, Decimal("12.00"))
    row = Contract.objects.get()
    row.pk, row.previous_id, row.starts_on = None, row.pk, row.ends_on + timedelta(days=1)
    row.ends_on = row.starts_on + timedelta(days=30)
    row.period = (row.starts_on, row.ends_on)
    row.hourly_wage = row.minimum_wage = None
    with pytest.raises(IntegrityError, match="noemt het loon"), transaction.atomic():
        row.save(force_insert=True)


# --- Construction 2 --------------------------------------------------------------------------------------------------
def test_the_plan_of_construction_2_names_the_wage_before_it_is_sent(reach: Reach) -> None:
    walk = reach("STARTPLAN", construction="2").draft_plan()
    plan = walk.fresh().current_plan
    for wage, said in ((None, "Vul het bruto uurloon in"), (Decimal("11.76"), "€\xa011,77")):
        StartPlan.objects.filter(pk=plan.pk).update(hourly_wage=wage)
        with clock.at(walk.day, 11), pytest.raises(Refused, match=said):
            actions.send_plan(StartPlan.objects.get(pk=plan.pk), by=walk.user_on_lead)
    assert walk.fresh().current_plan.is_draft


def test_the_trial_contract_pays_what_the_plan_says_and_rises_on_a_birthday(reach: Reach) -> None:
    walk = reach("PROEFPERIODE", construction="2")
    agreed = walk.fresh().signed_plan.hourly_wage
    assert agreed >= Decimal("11.77")
    assert walk.trajectory.contracts.get().hourly_wage == agreed
    walk.permit(date(2026, 6, 1)).later(10)
    with clock.at(walk.day):
        for until in (date(2026, 5, 10), date(2026, 5, 20)):
            actions.extend_trial(
                walk.fresh(),
                until_day=until,
                reason="Ziek geweest.",
                permission=walk.trajectory.permissions.first(),
                by=walk.user_on_lead,
            )
    paid = list(walk.trajectory.contracts.order_by("starts_on").values_list("hourly_wage", flat=True))
    assert paid == [agreed, agreed, max(agreed, Decimal("14.71"))]  # 21 on 5 May 2026


def test_the_youth_confirms_the_wage_and_reads_it_in_the_plan(reach: Reach) -> None:
    reach("STARTPLAN", construction="2").draft_plan()
    StartPlan.objects.update(hourly_wage=Decimal("12.34"))
    plan = StartPlan.objects.with_parts().get()
    youth = plan.parties.get(party="jongere")
    assert "Ik verdien €\xa012,34 bruto per uur." in statements_for(youth)[1]
    content = making.plan_content(plan)
    assert ("Je loon", "€\xa012,34 bruto per uur") in content["work_pairs"]
    assert any(
        "Je loon is €\xa012,34 bruto per uur." in line for block in content["texts"]["trial"] for line in block.lines
    )


def test_construction_1_has_no_wage_in_the_trial(reach: Reach) -> None:
    reach("STARTPLAN").draft_plan()
    with pytest.raises(IntegrityError, match="plan_wage_with_a_contract"), transaction.atomic():
        StartPlan.objects.update(hourly_wage=Decimal(12))


# --- From before wages were kept -------------------------------------------------------------------------------------
@standing
def from_before(world: World) -> None:
    """A plan of construction 2 that was signed without a wage, as before; its trial began since."""
    walk = walk_to(world.walk, world.vacancy, "STARTPLAN", construction="2").draft_plan()
    StartPlan.objects.update(hourly_wage=None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan_actions.pay, "plan_wage_refusal", lambda plan: None)
        walk.send_plan()
    walk.sign().permit().start_trial().later(3)


def wage_url(walk: Walk, contract: Contract) -> str:
    return reverse("trajectories:contract_wage", args=[walk.trajectory.pk, contract.pk])


def make(walk: Walk, contract: Contract) -> Paper:
    with clock.at(walk.day, 19):
        return actions.make_paper(
            walk.fresh(), kind=papers.kind_of(contract), subject_id=contract.pk, by=walk.user_on_lead
        )


def test_a_contract_from_before_gets_its_wage_before_it_is_on_paper(from_before: Walk, client: Client) -> None:
    contract = from_before.trajectory.contracts.get()
    assert contract.hourly_wage is None
    with pytest.raises(Refused, match="Leg eerst het uurloon") as refused:
        make(from_before, contract)
    assert refused.value.reasons[0].url == wage_url(from_before, contract)
    client.force_login(from_before.team.regisseur)
    with clock.at(from_before.day, 20):
        listed = client.get(reverse("trajectories:papers", args=[from_before.trajectory.pk])).content.decode()
        assert wage_url(from_before, contract) in listed
        assert wage_url(from_before, contract) in client.get(case_url(from_before)).content.decode()
        assert "€\xa011,77" in client.get(wage_url(from_before, contract)).content.decode()
        low = client.post(wage_url(from_before, contract), {"hourly_wage": "11,76"})
        assert "Het minimumloon voor 20 jaar" in str(low.context["form"].errors["hourly_wage"])
        assert client.post(wage_url(from_before, contract), {"hourly_wage": "12,50"}).status_code == 302
    contract.refresh_from_db()
    assert (contract.hourly_wage, contract.minimum_wage) == (Decimal("12.50"), Decimal("11.77"))
    entry = AuditEntry.objects.filter(verb="record_hourly_wage").get()
    assert entry.actor == from_before.team.regisseur
    assert entry.details == {"contract": contract.pk}
    assert "€\xa012,50" in make(from_before, contract).summary


def case_url(walk: Walk) -> str:
    return reverse("trajectories:detail", args=[walk.trajectory.pk])


def test_what_is_on_paper_keeps_its_wage(from_before: Walk, client: Client) -> None:
    contract = from_before.trajectory.contracts.get()
    with clock.at(from_before.day, 12):
        actions.record_hourly_wage(contract, hourly_wage=Decimal(12), by=from_before.user_on_lead)
        actions.record_hourly_wage(contract, hourly_wage=Decimal(13), by=from_before.user_on_lead)  # a slip put right
    paper = make(from_before, contract)
    client.force_login(from_before.team.regisseur)
    with clock.at(from_before.day, 20):
        assert client.get(wage_url(from_before, contract)).status_code == 409
        with pytest.raises(Refused, match="Trek dat eerst in"):
            actions.record_hourly_wage(contract, hourly_wage=Decimal(14), by=from_before.user_on_lead)
        with pytest.raises(IntegrityError, match="op papier"), transaction.atomic():
            Contract.objects.update(hourly_wage=Decimal(14))
        actions.withdraw_paper(paper, reason="Ander loon.", by=from_before.user_on_lead)
        actions.record_hourly_wage(contract, hourly_wage=Decimal(14), by=from_before.user_on_lead)
    assert "€\xa014,00" in make(from_before, contract).summary


def test_who_records_the_wage(from_before: Walk, client: Client) -> None:
    contract = from_before.trajectory.contracts.get()
    by = {"by": from_before.team.job_broker, "hourly_wage": Decimal(13)}
    with clock.at(from_before.day), pytest.raises(Refused, match="personeelsdiensten"):
        actions.record_hourly_wage(contract, **by)
    elsewhere = factories.staff(Role.PERSONEEL, region_code="29")
    for user, status in ((from_before.team.job_broker, 409), (elsewhere, 404), (from_before.team.personnel, 200)):
        client.force_login(user)
        assert client.get(wage_url(from_before, contract)).status_code == status
        case = client.get(reverse("trajectories:detail", args=[from_before.trajectory.pk])).content.decode()
        assert (wage_url(from_before, contract) in case) == (status == 200)
    wrong = reverse("trajectories:contract_wage", args=[from_before.trajectory.pk, contract.pk + 99])
    assert client.get(wrong).status_code == 404


def test_recording_is_all_or_nothing(from_before: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: object, **options: object) -> None:
        raise RuntimeError("the log is full")

    monkeypatch.setattr("trajectories.actions.contracts.log", fails)
    contract = from_before.trajectory.contracts.get()
    with clock.at(from_before.day), pytest.raises(RuntimeError):
        actions.record_hourly_wage(contract, hourly_wage=Decimal(13), by=from_before.user_on_lead)
    contract.refresh_from_db()
    assert contract.hourly_wage is None


# --- On paper --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", CONTRACTS)
def test_every_contract_says_the_wage_and_that_it_rises(kind: PaperKind) -> None:
    paper = example_paper(PaperTemplate.objects.valid_for(kind=kind, on=clock.today()))
    lines = [(line.label, line.text) for line in paper.lines.all()]
    wage = next(text for label, text in lines if label == "Bruto loon per uur")
    said = " ".join(text for _label, text in lines)
    assert f"Je loon is {wage} bruto per uur." in said
    assert "of word je een jaar ouder?" in said and "8 procent vakantiegeld" in said
    assert f"Het loon is {wage} bruto per uur." in paper.summary
    assert "hoor je op papier hoeveel loon" not in said


def test_the_wage_is_in_the_pdf(decided: Walk, pdf_text) -> None:
    go_on(decided, Decimal("12.34"))
    paper = make(decided, Contract.objects.get())
    text = pdf_text(making.render_paper(Paper.objects.with_parts().get(pk=paper.pk)))
    assert "Bruto loon per uur € 12,34" in text and "Je loon is € 12,34 bruto per uur." in text
    assert "Minimumloon per uur op de eerste dag € 11,77" in text


@pytest.fixture
def pdf_text():
    import io

    from pypdf import PdfReader

    return lambda pdf: " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_the_plan_of_construction_1_says_nothing_of_a_wage(db: None) -> None:
    for construction, says in (("1", False), ("2", True)):
        template = PlanTemplate.objects.valid_for(construction=construction, route="bbl1", on=clock.today())
        content = making.plan_content(example_plan(template))
        assert any(label == "Je loon" for label, _value in content["work_pairs"]) == says


def test_the_first_versions_stay_as_they_were() -> None:
    for kind in CONTRACTS:
        first, second = PaperTemplate.objects.filter(kind=kind).order_by("number")
        before, after = (row.clauses.split("\n") for row in (first, second))
        assert [line for line in after if line not in before] == [WAGE, RISES]
        assert {line for line in before if line not in after} <= WITHOUT_WAGE
        assert (second.opening, second.valid_from) == (first.opening, first.valid_from)
        second.full_clean()


# --- Who sees it -----------------------------------------------------------------------------------------------------
def test_r16_who_sees_the_wage(decided: Walk) -> None:
    go_on(decided, Decimal("12.34"))
    case = decided.fresh()
    company, youth, payer = employer_of(decided), youth_of(case), client_of(case)
    stranger = factories.representative(factories.EmployerOrganisationFactory())
    with on(decided.day):
        assert "€\xa012,34 bruto per uur" in page(browser_of(company), reverse("trajectories:portal_people"))
        assert "€\xa012,34" in page(browser_of(company), reverse("trajectories:portal_money", args=[case.pk]))
        assert "€\xa012,34 bruto per uur" in page(browser_of(youth), reverse("trajectories:my_case"))
        assert "€\xa012,34" in page(browser_of(decided.team.regisseur), case_url(decided))
        for who, name, args in (
            (payer, "client_overview", []),
            (payer, "client_case", [case.pk]),
            (stranger, "portal_people", []),
        ):
            assert "12,34" not in page(browser_of(who), reverse(f"trajectories:{name}", args=args))
        assert browser_of(stranger).get(reverse("trajectories:portal_money", args=[case.pk])).status_code == 404
        assert browser_of(payer).get(case_url(decided)).status_code == 404


def test_a_birthday_shows_what_is_paid_now(decided: Walk) -> None:
    go_on(decided, Decimal("12.34"))
    youth = browser_of(youth_of(decided.fresh()))
    mine = reverse("trajectories:my_case")
    with on(date(2026, 5, 4)):
        assert "nu ten minste" not in page(youth, mine)
    with on(date(2026, 5, 5)):
        assert "€\xa012,34 bruto per uur; nu ten minste het minimumloon: €\xa014,71" in page(youth, mine)
