"""R8: measuring loonwaarde per main task, with both views; the outcome by the formula, fixed once settled."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from demo.walk import Walk
from tests.screens import form_with
from topjob import clock
from topjob.errors import Refused
from topjob.merging import FIELD
from trajectories import actions
from trajectories.models import WageAssessment, WageOpinion, WageTask, WageValue
from trajectories.money import wages

# share, pace, quality, net time per task → outcome, worked out by hand.
BY_HAND = [
    ([(100, 100, 100, 100)], 100),
    ([(100, 0, 100, 100)], 0),
    ([(100, 80, 90, 100)], 72),
    # 60 × .70 × .90 × 1 = 37.8; 40 × .50 × 1 × .80 = 16 → 53.8
    ([(60, 70, 90, 100), (40, 50, 100, 80)], 54),
    # 50 × .61 = 30.5; 50 × .60 = 30 → 60.5, rounded up
    ([(50, 61, 100, 100), (50, 60, 100, 100)], 61),
    # 50 × .99 × .99 × .99 = 48.51495; 50 × .40 × .50 × .50 = 5 → 53.51495
    ([(50, 99, 99, 99), (50, 40, 50, 50)], 54),
    # 34 × .333… no: 34 × .33 = 11.22; 33 × .66 = 21.78; 33 × .45 = 14.85 → 47.85
    ([(34, 33, 100, 100), (33, 100, 66, 100), (33, 100, 100, 45)], 48),
    # 10 × .05 × .50 × .20 = .05 and 90 × 0 → .05, rounded down
    ([(10, 5, 50, 20), (90, 0, 10, 10)], 0),
    # 100 × .755 can't be; 50 × .75 × .98 = 36.75; 50 × .76 × .98 = 37.24 → 73.99
    ([(50, 75, 98, 100), (50, 76, 98, 100)], 74),
    # exactly a half: 100 × .50 × .99 × 1 = 49.5 → up
    ([(100, 50, 99, 100)], 50),
    # just below a half: 49.4901 → down
    ([(100, 51, 98, 99)], 49),
]


def task(share: int, pace: int | None, quality: int | None, net_time: int | None) -> SimpleNamespace:
    return SimpleNamespace(share=share, pace=pace, quality=quality, net_time=net_time)


@pytest.mark.parametrize(("rows", "percentage"), BY_HAND)
def test_r8_the_outcome_worked_out_by_hand(rows: list, percentage: int) -> None:
    assert wages.outcome([task(*row) for row in rows]) == percentage


def test_r8_no_outcome_while_a_figure_is_missing() -> None:
    for figures in ((None, 1, 1), (1, None, 1), (1, 1, None)):
        assert wages.outcome([task(50, *figures), task(50, 100, 100, 100)]) is None
        assert wages.contribution(task(50, *figures)) is None
    assert wages.contribution(task(60, 70, 90, 100)) == Decimal("37.80")


@pytest.fixture
def measuring(in_evaluation: Walk, client: Client) -> Walk:
    walk = in_evaluation
    client.force_login(walk.team.regisseur)
    with clock.at(walk.day, 9):
        assert client.post(url(walk, "wage_start")).url == url(walk, "wage_tasks")
    return walk


def url(walk: Walk, name: str, *args: object) -> str:
    return reverse(f"trajectories:{name}", args=[walk.trajectory.pk, *args])


def rows(*tasks: tuple[str, str], reference: str = "Medewerker GWW") -> dict[str, str]:
    data = {"reference_function": reference, "taken-TOTAL_FORMS": "6", "taken-INITIAL_FORMS": "6"}
    for number in range(6):
        name, share = tasks[number] if number < len(tasks) else ("", "")
        data |= {f"taken-{number}-name": name, f"taken-{number}-share": share}
    return data


MEASURED = {"pace": "70", "pace_why": "Twee straten.", "quality": "90", "quality_why": "Weinig over.", "net_time": "100",
            "net_time_why": "Geen extra pauze."}  # fmt: skip
OPINIONS = {"werkgever-agrees": "ja", "werkgever-given_on": "2026-04-20", "jongere-agrees": "nee",
            "jongere-words": "Ik werk harder.", "jongere-given_on": "2026-04-20"}  # fmt: skip
WHO = {
    "measured_by": "A. Deskundige",
    "measured_on": "2026-04-20",
    "determined_by": "gemeente",
    "explanation": "Op de bouw.",
}


def fill(walk: Walk, client: Client) -> None:
    """Everything but settling; the way the pages lead."""
    with clock.at(walk.day, 9):
        step = client.post(url(walk, "wage_tasks"), rows(("Straten", "60"), ("Opruimen", "40")))
        assert step.url == url(walk, "wage_task", 1)
        step = client.post(step.url, MEASURED)
        assert step.url == url(walk, "wage_task", 2)
        step = client.post(step.url, MEASURED | {"pace": "50", "quality": "100", "net_time": "80"})
        assert step.url == url(walk, "wage_opinions")
        step = client.post(step.url, OPINIONS)
        assert step.url == url(walk, "wage_finish")


def test_r8_the_measurement_step_by_step_ends_in_the_loonwaarde(measuring: Walk, client: Client) -> None:
    fill(measuring, client)
    with clock.at(measuring.day, 9):
        assert client.post(url(measuring, "wage_finish"), WHO).url == url(measuring, "wage_finish")
        text = client.get(url(measuring, "wage_finish")).content.decode()
        assert "54%" in text and "37,80%" in text and "Ik werk harder." in text
        assert client.post(url(measuring, "wage_finish"), WHO | {"klaar": "ja"}).url == url(measuring, "evaluation")
        shown = client.get(url(measuring, "evaluation")).content.decode()
    value = WageValue.objects.get()
    assert (value.percentage, value.determined_by, value.evaluation) == (54, "gemeente", value.assessment.evaluation)
    assert value.evaluation == measuring.fresh().current_evaluation
    assert "Hoe is dit gemeten?" in shown and "A. Deskundige" in shown
    assert AuditEntry.objects.filter(verb="record_wage_value").count() == 1
    measuring.give_views()
    with clock.at(measuring.day, 17):
        actions.decide_wage_value(measuring.fresh(), needed=True, reason="LKS", by=measuring.user_on_lead)
    assert measuring.continue_learning(12).fresh().state == "LEERWERK"


def test_what_was_filled_in_is_kept_and_can_be_picked_up_later(measuring: Walk, client: Client) -> None:
    with clock.at(measuring.day, 9):
        ajax = {"X-Requested-With": "XMLHttpRequest"}
        kept = client.post(url(measuring, "wage_tasks"), rows(("Straten", "60")), headers=ajax)
        assert kept.json()["saved_at"] == "09:00"
        again = client.post(url(measuring, "wage_tasks"), rows(("Straten", "60")), follow=True)
        assert "maak er 100% van" in again.content.decode()
        assert client.post(url(measuring, "wage_task", 1), {"pace": "55"}).status_code == 302
        assert client.post(url(measuring, "wage_start")).status_code == 302
        page = client.get(url(measuring, "wage_value")).content.decode()
        assert "Verder met de meting" in page
        assert 'value="55"' in client.get(url(measuring, "wage_task", 1)).content.decode()
        # A new row beside it leaves what was measured as it is; a removed row goes.
        client.post(url(measuring, "wage_tasks"), rows(("Straten leggen", "70"), ("Opruimen", "30")))
        client.post(url(measuring, "wage_tasks"), rows(("Straten leggen", "100")))
    assert WageAssessment.objects.count() == 1
    assert list(WageTask.objects.values_list("name", "share", "pace")) == [("Straten leggen", 100, 55)]


def test_keeping_while_typing_merges_with_a_colleague_and_never_with_oneself(measuring: Walk, client: Client) -> None:
    """What the script kept isn't somebody else's; what a colleague kept stays; the same figure is shown with both."""
    ajax, page = {"X-Requested-With": "XMLHttpRequest"}, url(measuring, "wage_task", 1)
    with clock.at(measuring.day, 9):
        client.post(url(measuring, "wage_tasks"), rows(("Straten", "100")))
        form = form_with(client.get(page), FIELD)
        for pace in ("5", "50", "55"):
            kept = client.post(page, form | {"pace": pace}, headers=ajax)
            assert kept.status_code == 200
            form |= {"pace": pace} | kept.json()["fields"]
        WageTask.objects.update(quality=90)
        for net_time in ("7", "70"):
            form |= {"net_time": net_time}
            form |= client.post(page, form, headers=ajax).json()["fields"]
        assert WageTask.objects.values_list("pace", "quality", "net_time").get() == (55, 90, 70)
        WageTask.objects.update(pace=60)
        assert client.post(page, form | {"pace": "65"}, headers=ajax).status_code == 409
        assert "gewijzigd in “60”; hier ingevuld: “65”" in client.post(page, form | {"pace": "65"}).content.decode()
    assert WageTask.objects.get().pace == 60


def test_r8_settling_names_everything_that_is_missing(measuring: Walk, client: Client) -> None:
    with clock.at(measuring.day, 9):
        client.post(url(measuring, "wage_tasks"), rows(("Straten", "60"), reference=""))
        response = client.post(url(measuring, "wage_finish"), {"determined_by": "uwv", "klaar": "ja"})
    text = response.content.decode()
    assert response.status_code == 409
    for words in ("normfunctie", "samen 60%", "“Straten”", "van de werkgever", "van de jongere", "wie heeft gemeten"):
        assert words in text, words
    assert not WageValue.objects.exists()


@pytest.mark.parametrize(
    ("page", "data", "message"),
    [
        ("wage_tasks", rows(("Straten", "101")), "100"),
        ("wage_tasks", rows(("Straten", "0")), "1"),
        ("wage_tasks", rows(("Straten", "")), "Welk deel van de tijd?"),
        ("wage_tasks", rows(("", "50")), "Hoe heet deze taak?"),
        ("wage_tasks", rows(("x" * 121, "50")), "120"),
        ("wage_tasks", rows() | {"taken-TOTAL_FORMS": "7"}, "6"),
        ("wage_tasks", rows() | {"taken-TOTAL_FORMS": "veel"}, "ManagementForm"),
        ("wage_opinions", OPINIONS | {"jongere-words": ""}, "waarmee deze partij het niet eens is"),
        ("wage_opinions", OPINIONS | {"werkgever-given_on": "2027-01-01"}, "in de toekomst"),
        ("wage_opinions", OPINIONS | {"werkgever-given_on": ""}, "wanneer deze zienswijze"),
        ("wage_opinions", OPINIONS | {"werkgever-agrees": "misschien"}, "Kies iets uit de lijst"),
        ("wage_finish", WHO | {"measured_on": "2027-01-01"}, "in de toekomst"),
        ("wage_finish", WHO | {"determined_by": "buurman"}, "Kies iets uit de lijst"),
    ],
)
def test_bad_input_is_said_at_the_field(measuring: Walk, client: Client, page: str, data: dict, message: str) -> None:
    with clock.at(measuring.day, 9):
        response = client.post(url(measuring, page), data)
    assert response.status_code == 200
    assert message in response.content.decode()
    assert not WageTask.objects.exists() and not WageOpinion.objects.exists()


@pytest.mark.parametrize(
    ("page", "data", "summary"),
    [
        (
            "wage_tasks",
            rows(("Straten", "60"), ("Opruimen", "")),
            ["Taak 2, Deel van de tijd (%): Welk deel van de tijd?"],
        ),
        (
            "wage_opinions",
            OPINIONS | {"jongere-words": "", "werkgever-given_on": ""},
            ["Jongere, In eigen woorden: Schrijf op waarmee", "Werkgever, Gegeven op: Vul in wanneer"],
        ),
    ],
)
def test_the_summary_on_top_names_every_form_with_an_error(
    measuring: Walk, client: Client, page: str, data: dict, summary: list[str]
) -> None:
    with clock.at(measuring.day, 9):
        text = client.post(url(measuring, page), data).content.decode()
    assert "<title>Fout: " in text
    for line in summary:
        assert line in text


@pytest.mark.parametrize(("field", "value"), [("pace", "101"), ("quality", "-1"), ("net_time", "9,5")])
def test_bad_percentages(measuring: Walk, client: Client, field: str, value: str) -> None:
    with clock.at(measuring.day, 9):
        client.post(url(measuring, "wage_tasks"), rows(("Straten", "100")))
        assert client.post(url(measuring, "wage_task", 1), MEASURED | {field: value}).status_code == 200
        assert client.get(url(measuring, "wage_task", 2)).status_code == 404
    assert WageTask.objects.get().pace is None


def test_only_regisseur_and_personeel_measure(measuring: Walk, client: Client) -> None:
    client.force_login(measuring.team.job_broker)
    with clock.at(measuring.day, 9):
        for name in ("wage_tasks", "wage_opinions", "wage_finish"):
            assert client.get(url(measuring, name)).status_code == 409
        assert client.post(url(measuring, "wage_start")).status_code == 409


def test_settling_is_all_or_nothing(measuring: Walk, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(measuring, client)

    def fails(*args: object, **options: object) -> None:
        raise RuntimeError("the log is full")

    with clock.at(measuring.day, 9):
        client.post(url(measuring, "wage_finish"), WHO)
        monkeypatch.setattr("trajectories.actions.trial.log", fails)
        with pytest.raises(RuntimeError):
            actions.finish_assessment(measuring.fresh(), by=measuring.user_on_lead)
    assert not WageValue.objects.exists()
    assert WageAssessment.objects.get().finished_at is None


def raw(statement: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_r8_the_database_settles_only_a_whole_measurement(measuring: Walk, client: Client) -> None:
    fill(measuring, client)
    with clock.at(measuring.day, 9):
        client.post(url(measuring, "wage_finish"), WHO)
        wrong = actions.record_wage_value(
            measuring.fresh(),
            percentage=55,
            determined_by="uwv",
            determined_on=measuring.day,
            by=measuring.user_on_lead,
        )
    settle = "UPDATE trajectories_wageassessment SET finished_at = now(), value_id = %s"
    with pytest.raises(DatabaseError, match="niet de uitkomst"):
        raw(settle, wrong.pk)
    raw("UPDATE trajectories_wagetask SET share = 59 WHERE position = 1")
    with pytest.raises(DatabaseError, match="samen niet 100"):
        raw(settle, wrong.pk)
    raw("UPDATE trajectories_wagetask SET share = 60 WHERE position = 1")
    raw("DELETE FROM trajectories_wageopinion WHERE role = 'jongere'")
    with pytest.raises(DatabaseError, match="zienswijze"):
        raw(settle, wrong.pk)


def test_r14_a_settled_measurement_never_changes(measuring: Walk, client: Client) -> None:
    fill(measuring, client)
    with clock.at(measuring.day, 9):
        client.post(url(measuring, "wage_finish"), WHO | {"klaar": "ja"})
        assert client.get(url(measuring, "wage_tasks")).status_code == 409
        with pytest.raises(Refused, match="geen meting"):
            actions.save_measured(measuring.fresh(), by=measuring.user_on_lead, measured_by="X")
    for statement in (
        "UPDATE trajectories_wagetask SET pace = 100",
        "DELETE FROM trajectories_wagetask",
        "UPDATE trajectories_wageopinion SET agrees = true",
        "DELETE FROM trajectories_wageopinion",
        "UPDATE trajectories_wageassessment SET measured_by = 'X'",
        "DELETE FROM trajectories_wageassessment",
        "UPDATE trajectories_wagevalue SET percentage = 1",
        "DELETE FROM trajectories_wagevalue",
        "TRUNCATE trajectories_wagetask",
    ):
        with pytest.raises(DatabaseError):
            raw(statement)
