"""The money side for the employer: figures worked out by hand, each with its rule; who may see it and who records what."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, LawSetting, Membership, Role
from accounts.models import Client as Payer
from demo.walk import Walk
from tests import factories
from tests.questions import ONE_THING
from tests.trajectories.conftest import Reach
from topjob import clock
from topjob.errors import Refused
from trajectories import actions
from trajectories.models import EmployerSupport, SupportStep
from trajectories.money import pay, subsidies

# Worked out on paper, with € 14,71 (2026), 8% holiday pay, 52/12 weeks a month and at most 70%:
# hours, loonwaarde, minimum wage per hour in cents, LKS per month in cents
LKS = [
    # 36 h: 14,71 × 156 = 2294,76; × 1,08 = 2478,3408; 50% = 1239,1704
    (36, 50, 1471, 123917),
    # 70% at most: 2478,3408 × 0,70 = 1734,83856
    (36, 30, 1471, 173484),
    (36, 29, 1471, 173484),
    (36, 0, 1471, 173484),
    # just above: 2478,3408 × 0,69 = 1710,055152
    (36, 31, 1471, 171006),
    # nothing left of a whole loonwaarde; 1% of it: 24,783408
    (36, 100, 1471, 0),
    (36, 99, 1471, 2478),
    # 32 h: 2478,3408 × 32/36 = 2202,969600; 46% = 1013,366016
    (32, 54, 1471, 101337),
    # 20 h: 2478,3408 × 20/36 = 1376,856; 40% = 550,7424
    (20, 60, 1471, 55074),
    # one hour: 68,8428; 50% = 34,4214
    (1, 50, 1471, 3442),
    # 18 years, € 7,36: 7,36 × 156 × 1,08 = 1240,0128; 40% = 496,00512
    (36, 60, 736, 49601),
]


@pytest.mark.parametrize(("hours", "wage_value", "hour", "cents"), LKS)
def test_wage_subsidy_by_hand(hours: int, wage_value: int, hour: int, cents: int) -> None:
    assert subsidies.subsidy_per_month(hour, hours, wage_value, full_week=36, holiday=8, most=70) == cents


# The public example of 2016: a minimum wage with holiday pay of € 1.660,18 a month, the fixed 50 % of it is € 830,09, and 23 % of
# that on top is € 190,92. With 23,5 %: 83009 × 0,235 = 19507,115.
@pytest.mark.parametrize(("percentage", "cents"), [("23", 19092), ("23.5", 19507), ("0", 0)])
def test_what_comes_on_top_for_the_charges_of_the_employer(percentage: str, cents: int) -> None:
    assert pay.to_cents(Fraction(166018) * Fraction(50, 100)) == 83009
    assert subsidies.charges_on(83009, Fraction(percentage)) == cents


# As published for 1 January 2026.
@pytest.mark.parametrize(
    ("percentage", "cents"),
    [("100", 1471), ("80", 1177), ("60", 883), ("50", 736), ("39.5", 581), ("34.5", 507), ("30", 441)],
)
def test_minimum_wage_by_age(percentage: str, cents: int) -> None:
    assert pay.minimum_wage(1471, Fraction(percentage)) == cents


# € 1,01 an hour, € 2.000 a year: 32 × 52 × 1,01 = 1680,64; 38 × 52 × 1,01 = 1995,76; 39 h would be 2048,28
@pytest.mark.parametrize(("hours", "cents"), [(1, 5252), (32, 168064), (38, 199576), (39, 200000), (40, 200000)])
def test_tax_benefit_by_hand(hours: int, cents: int) -> None:
    assert subsidies.tax_benefit_per_year(101, 200000, hours) == cents


@pytest.mark.parametrize(
    ("cents", "words"),
    [(0, "€\xa00,00"), (5, "€\xa00,05"), (101337, "€\xa01.013,37"), (100000000, "€\xa01.000.000,00")],
)
def test_euros_in_words(cents: int, words: str) -> None:
    assert pay.of_cents(cents) == words


def url(walk: Walk, name: str = "money") -> str:
    return reverse(f"trajectories:{name}", args=[walk.trajectory.pk])


def supports(walk: Walk) -> dict[str, subsidies.Support]:
    with clock.at(walk.day, 20):
        job = subsidies.job_of(walk.fresh())
        return {support.title.split(" ")[0]: support for support in subsidies.supports_of(job)}


def values(walk: Walk, percentage: int) -> Walk:
    with clock.at(walk.day, 19):
        actions.record_wage_value(
            walk.fresh(), percentage=percentage, determined_by="gemeente", determined_on=walk.day, by=walk.user_on_lead
        )
    return walk


def test_before_the_measurement_the_flat_part_for_six_months(on_trial: Walk) -> None:
    lks = supports(on_trial)["Loonkostensubsidie"]
    # Sem was born on 5-5-2005: on 2 May 2026 still 20. € 11,77 × 32 × 52/12 × 1,08 × 50% = 881,337…
    assert lks.answer == "ongeveer €\xa0881,34 per maand, ten hoogste 6 maanden"
    assert ("Minimumloon per uur", "€\xa011,77") in lks.lines
    assert [(item.by) for item in lks.todo] == [date(2026, 3, 28), date(2026, 11, 1)]
    assert {rule.label.split(" ")[0] for rule in lks.basis} >= {"Wettelijk", "Loonkostensubsidie", "Vakantiebijslag,"}
    assert all(rule.source and rule.valid_from for rule in lks.basis)


def test_with_a_loonwaarde_by_the_formula_at_the_age_of_the_first_day(in_evaluation: Walk) -> None:
    walk = values(in_evaluation, 54)
    # € 11,77 × 32 × 52/12 × 1,08 = 1762,6752; 46% = 810,830592
    assert supports(walk)["Loonkostensubsidie"].answer == "ongeveer €\xa0810,83 per maand"
    assert supports(values(walk, 100))["Loonkostensubsidie"].answer.startswith("nee")


def test_the_rule_of_the_day_counts(in_evaluation: Walk) -> None:
    walk = values(in_evaluation, 54)
    LawSetting.objects.create(key="minimumloon_uur", value="15.00", valid_from=date(2026, 5, 2), source="Proef")
    # € 12,00 × 32 × 52/12 × 1,08 × 46% = 826,6752
    assert supports(walk)["Loonkostensubsidie"].answer == "ongeveer €\xa0826,68 per maand"
    LawSetting.objects.filter(source="Proef").update(valid_from=date(2026, 5, 3))
    assert supports(walk)["Loonkostensubsidie"].answer == "ongeveer €\xa0810,83 per maand"


def test_uwv_pays_no_wage_subsidy(in_evaluation: Walk) -> None:
    in_evaluation.trajectory.client = Payer.objects.filter(client_type="uwv").first()
    in_evaluation.trajectory.save()
    assert supports(in_evaluation)["Loonkostensubsidie"].answer == "niet via deze opdrachtgever"


def test_the_register_decides_about_tax_benefit_and_no_risk(in_evaluation: Walk) -> None:
    assert supports(in_evaluation)["Loonkostenvoordeel"].answer.startswith("misschien")
    assert supports(in_evaluation)["No-riskpolis:"].answer.startswith("misschien")
    for known, benefit, risk in ((True, "ongeveer €\xa01.680,64 per jaar", "ja"), (False, "nee: niet in", "misschien")):
        with clock.at(in_evaluation.day, 19):
            facts = {"in_register": known, "checked_on": in_evaluation.day, "coach_regime": "midden"}
            actions.record_support(in_evaluation.fresh(), by=in_evaluation.user_on_lead, **facts)
        found = supports(in_evaluation)
        assert found["Loonkostenvoordeel"].answer.startswith(benefit)
        assert found["No-riskpolis:"].answer.startswith(risk)
        assert found["Jobcoach"].lines == [("Jaar 1", "60 uur"), ("Jaar 2", "36 uur"), ("Jaar 3", "18 uur")]
    assert found["Quotum"].answer == "staat nu uit in de wet"
    assert EmployerSupport.objects.count() == 1
    assert AuditEntry.objects.filter(verb="record_support").count() == 2


# Half of (wage × 32 × 52/12 × 1,08): 5,81 × 74,88; 5,07 × 74,88; 4,41 × 74,88
@pytest.mark.parametrize(
    ("age", "hour", "month"), [(17, "5,81", "435,05"), (16, "5,07", "379,64"), (15, "4,41", "330,22")]
)
def test_under_18_by_the_youth_wage_to_be_checked(in_evaluation: Walk, age: int, hour: str, month: str) -> None:
    in_evaluation.candidate.birth_date = date(2026 - age, 1, 1)
    in_evaluation.candidate.save()
    lks = supports(in_evaluation)["Loonkostensubsidie"]
    assert lks.answer == f"ongeveer €\xa0{month} per maand, ten hoogste 6 maanden"
    assert ("Minimumloon per uur", f"€\xa0{hour}") in lks.lines
    (rule,) = [rule for rule in lks.basis if str(age) in rule.label]
    assert not rule.is_checked and "minimumjeugdloon" in rule.source


def test_where_no_rule_says_so_no_figure_is_made_up(in_evaluation: Walk) -> None:
    in_evaluation.candidate.birth_date = date(2012, 1, 1)
    in_evaluation.candidate.save()
    assert supports(in_evaluation)["Loonkostensubsidie"].answer == "onbekend"


# --- What was done ---------------------------------------------------------------------------------------------------
def todo(walk: Walk, kind: str, days: int = 0) -> subsidies.ToDo | None:
    with clock.at(walk.day + timedelta(days=days), 20):
        return subsidies.todo_of(subsidies.job_of(walk.fresh()), kind)


def step_url(walk: Walk, kind: str = "lks") -> str:
    return reverse("trajectories:money_step", args=[walk.trajectory.pk, kind])


def test_what_was_done_is_recorded_and_is_late_no_more(learning: Walk, client: Client) -> None:
    client.force_login(learning.team.personnel)
    asked = todo(learning, "lks")
    assert asked is not None and asked.step is None
    with clock.at(learning.day + timedelta(days=100), 20):
        assert "dagen te laat" in client.get(url(learning)).content.decode()
        assert client.get(step_url(learning)).status_code == 200
        sent = {"outcome": "gedaan", "on": learning.day.isoformat(), "note": "kenmerk 2026-17"}
        assert client.post(step_url(learning), sent).status_code == 302
        for kind in ("lks-besluit", "lkv-aangifte", "lkv-verklaring", "no-risk"):
            client.post(
                step_url(learning, kind), {"outcome": "niet_nodig", "on": learning.day.isoformat(), "note": "UWV belt"}
            )
        facts = {"in_register": "nee", "checked_on": learning.day.isoformat(), "coach_regime": ""}
        client.post(url(learning), facts)
        page = client.get(url(learning)).content.decode()
    below_the_frame = page.partition("person-tabs")[2]
    assert "gedaan" in below_the_frame and "kenmerk 2026-17" in below_the_frame
    assert learning.team.personnel.name in below_the_frame and "dagen te laat" not in below_the_frame
    row = SupportStep.objects.get(kind="lks")
    assert (row.outcome, row.on, row.recorded_by) == ("gedaan", learning.day, learning.team.personnel)
    entry = AuditEntry.objects.filter(verb="record_support_step", details__kind="lks").get()
    assert entry.actor == learning.team.personnel and entry.details["outcome"] == "gedaan"


def test_a_step_can_be_put_back_to_be_done(learning: Walk, client: Client) -> None:
    client.force_login(learning.team.regisseur)
    with clock.at(learning.day, 20):
        client.post(step_url(learning), {"outcome": "gedaan", "on": learning.day.isoformat()})
        client.post(step_url(learning), {"outcome": "niet_nodig", "on": learning.day.isoformat(), "note": "vergissing"})
        assert SupportStep.objects.get().outcome == "niet_nodig"
        client.post(step_url(learning), {"outcome": ""})
    assert not SupportStep.objects.exists()
    assert AuditEntry.objects.filter(verb="record_support_step").count() == 3


WRONG_STEPS = [
    ({"outcome": "gedaan"}, "Vul in wanneer dat was"),
    ({"outcome": "gedaan", "on": "2031-01-01"}, "Vul in wanneer dat was"),
    ({"outcome": "niet_nodig", "on": "2026-05-01"}, "Schrijf op waarom"),
    ({"outcome": "straks", "on": "2026-05-01"}, "Kies iets uit de lijst"),
    ({"outcome": "gedaan", "on": "2026-05-01", "note": "x" * 201}, "200"),
]


@pytest.mark.parametrize(("posted", "said"), WRONG_STEPS)
def test_bad_input_of_a_step(learning: Walk, client: Client, posted: dict, said: str) -> None:
    client.force_login(learning.team.regisseur)
    with clock.at(learning.day, 20):
        response = client.post(step_url(learning), posted)
    assert response.status_code == 200 and said in response.content.decode()
    assert not SupportStep.objects.exists()


def test_only_steps_that_are_asked_and_by_who_may(learning: Walk, client: Client) -> None:
    with clock.at(learning.day, 20):
        client.force_login(learning.team.job_broker)
        assert client.get(step_url(learning)).status_code == 409
        assert "Vastleggen" not in client.get(url(learning)).content.decode()
        client.force_login(learning.team.regisseur)
        assert client.get(step_url(learning, "jobcoach")).status_code == 404  # no jobcoach was chosen yet
        assert client.get(step_url(learning, "loterij")).status_code == 404
        client.force_login(employer_of(learning.trajectory.contracts.first().organisation))
        assert client.get(step_url(learning)).status_code == 404


def test_a_step_is_refused_in_the_action_and_by_the_database(learning: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = {
        "organisation": learning.trajectory.contracts.first().organisation,
        "kind": "lks",
        "by": learning.user_on_lead,
    }
    with clock.at(learning.day), pytest.raises(Refused, match="waarom"):
        actions.record_support_step(learning.fresh(), outcome="niet_nodig", on=learning.day, **facts)
    with clock.at(learning.day), pytest.raises(Refused, match="wanneer"):
        actions.record_support_step(learning.fresh(), outcome="gedaan", on=learning.day + timedelta(days=1), **facts)
    moment = {"on": learning.day, "recorded_at": clock.now(), "recorded_by": facts.pop("by")}
    with pytest.raises(IntegrityError, match="support_step_not_needed_has_reason"), transaction.atomic():
        SupportStep.objects.create(trajectory=learning.trajectory, outcome="niet_nodig", **facts, **moment)

    def fails(*args: object, **options: object) -> None:
        raise RuntimeError("the log is full")

    monkeypatch.setattr("trajectories.actions.support.log", fails)
    with clock.at(learning.day), pytest.raises(RuntimeError):
        actions.record_support_step(
            learning.fresh(), outcome="gedaan", on=learning.day, by=learning.user_on_lead, **facts
        )
    assert not SupportStep.objects.exists()


def test_a_statement_that_was_missed_is_over_and_not_late_for_ever(learning: Walk, client: Client) -> None:
    assert not todo(learning, "lkv-verklaring").is_lapsed
    assert todo(learning, "lkv-verklaring", days=120).is_lapsed
    client.force_login(learning.team.regisseur)
    with clock.at(learning.day + timedelta(days=120), 20):
        assert "Deze termijn is voorbij" in client.get(url(learning)).content.decode()


def test_the_flat_part_ends_and_without_subsidy_nothing_is_measured(learning: Walk) -> None:
    measure = "Laat de loonwaarde meten. Daarna telt het vaste deel niet meer."

    def lks(days: int) -> subsidies.Support:
        with clock.at(learning.day + timedelta(days=days), 20):
            return subsidies.supports_of(subsidies.job_of(learning.fresh()))[0]

    assert lks(30).answer.startswith("ongeveer") and measure in [item.text for item in lks(30).todo]
    assert lks(200).answer.startswith("het vaste deel liep tot en met")
    with clock.at(learning.day):
        facts = {"outcome": "niet_nodig", "on": learning.day, "note": "Werkgever wil dit niet."}
        organisation = learning.trajectory.contracts.first().organisation
        actions.record_support_step(
            learning.fresh(), organisation=organisation, kind="lks", by=learning.user_on_lead, **facts
        )
    assert measure not in [item.text for item in lks(30).todo]


@pytest.mark.parametrize("in_register", [True, False])
def test_the_demo_arranges_everything_that_is_asked(learning: Walk, in_register: bool) -> None:
    walk = learning.arrange_support(in_register)
    asked = [item for support in supports(walk).values() for item in support.todo if item.kind]
    kinds = {"lks", "lkv-aangifte", "lkv-verklaring", "jobcoach"} if in_register else {"lks", "no-risk", "jobcoach"}
    assert {item.kind for item in asked if item.step} == kinds
    assert {item.step.outcome for item in asked if item.step} == {"gedaan"}
    # What was asked is decided on within five weeks.
    assert [(item.kind, item.by) for item in asked if not item.step] == [("lks-besluit", walk.day + timedelta(weeks=5))]
    entry = AuditEntry.objects.filter(verb="record_support_step").first()
    assert entry is not None and entry.actor == walk.team.personnel


def test_the_employer_sees_that_it_was_done_and_not_the_note(learning: Walk, client: Client) -> None:
    organisation = learning.trajectory.contracts.first().organisation
    with clock.at(learning.day, 20):
        facts = {"outcome": "gedaan", "on": learning.day, "note": "na lang bellen"}
        actions.record_support_step(
            learning.fresh(), organisation=organisation, kind="lks", by=learning.user_on_lead, **facts
        )
        client.force_login(employer_of(organisation))
        page = client.get(url(learning, "portal_money")).content.decode()
    assert "gedaan" in page and "na lang bellen" not in page
    assert step_url(learning) not in page


def test_staff_records_what_it_depends_on(learning: Walk, client: Client) -> None:
    client.force_login(learning.team.regisseur)
    with clock.at(learning.day, 20):
        assert "Dit is een indicatie" in client.get(url(learning)).content.decode()
        for wrong in ({"in_register": "ja"}, {"in_register": "ja", "checked_on": "2027-01-01"}, {"in_register": "x"}):
            assert client.post(url(learning), wrong).status_code == 200
        assert not EmployerSupport.objects.exists()
        sent = {"in_register": "ja", "checked_on": learning.day.isoformat(), "coach_regime": "licht"}
        assert client.post(url(learning), sent).status_code == 302
        client.force_login(learning.team.job_broker)
        assert client.get(url(learning)).status_code == 200
        assert client.post(url(learning), sent).status_code == 409
    assert EmployerSupport.objects.get().coach_regime == "licht"


def test_there_is_nothing_to_work_out_without_a_place(reach: Reach, client: Client) -> None:
    walk = reach("BEMIDDELBAAR")
    client.force_login(walk.team.regisseur)
    with clock.at(walk.day):
        assert client.get(url(walk)).status_code == 409


def employer_of(organisation) -> object:
    user = factories.UserFactory()
    Membership.objects.create(user=user, role=Role.WERKGEVER, organisation=organisation)
    return user


def test_r16_the_employer_sees_it_once_the_startplan_is_signed(planning: Walk, vacancy, client: Client) -> None:
    walk = planning.draft_plan().send_plan()
    client.force_login(employer_of(vacancy.employer.organisation))
    with clock.at(walk.day, 20):
        assert client.get(url(walk, "portal_money")).status_code == 404
        walk.sign()
        text = client.get(url(walk, "portal_money")).content.decode()
        assert "Dit is een schatting" in text and "€\xa0" in text
        assert url(walk, "portal_money") in client.get(reverse("trajectories:portal_people")).content.decode()
        client.force_login(employer_of(factories.EmployerFactory().organisation))
        assert client.get(url(walk, "portal_money")).status_code == 404


def test_the_facts_are_recorded_with_their_day_or_not_at_all(on_trial: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = {"in_register": True, "coach_regime": ""}
    with clock.at(on_trial.day), pytest.raises(Refused, match="wanneer"):
        actions.record_support(on_trial.fresh(), checked_on=None, by=on_trial.user_on_lead, **facts)

    def fails(*args: object, **options: object) -> None:
        raise RuntimeError("the log is full")

    monkeypatch.setattr("trajectories.actions.support.log", fails)
    with clock.at(on_trial.day), pytest.raises(RuntimeError):
        actions.record_support(on_trial.fresh(), checked_on=on_trial.day, by=on_trial.user_on_lead, **facts)
    assert not EmployerSupport.objects.exists()


def test_the_page_asks_a_fixed_number_of_queries(
    in_evaluation: Walk, client: Client, django_assert_max_num_queries
) -> None:
    walk = values(in_evaluation, 54)
    client.force_login(walk.team.regisseur)
    with clock.at(walk.day, 20), django_assert_max_num_queries(ONE_THING):
        client.get(url(walk))
