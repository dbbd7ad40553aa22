"""R5, R6, decisions 8 and 12: the draft, its dates, sending, versions; a sent version never changes."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, InternalError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, Role, User
from candidates.actions import give_consent
from candidates.models import Consent
from demo.walk import Team, Walk
from tests import factories
from tests.questions import ONE_THING
from tests.trajectories.conftest import START, make_walk, walk_to
from tests.trajectories.personal import run_outbox
from tests.trajectories.standing import World, standing
from topjob import clock
from topjob.errors import Refused
from topjob.models import OutboxMessage
from trajectories import actions
from trajectories.forms.plans import PLAN_SECTIONS
from trajectories.models import EvaluationDate, LearningGoal, PartyLink, PlanAgreement, PlanParty, StartPlan
from trajectories.models.placeholders import blocks
from trajectories.process.periods import period_end, weekday_near

pytestmark = pytest.mark.usefixtures("db")

# Decision 9, literally.
R6_EXAMPLES = [
    (date(2025, 11, 28), date(2026, 2, 27)),
    (date(2025, 11, 29), date(2026, 2, 28)),
    (date(2025, 11, 30), date(2026, 2, 28)),
    (date(2025, 12, 1), date(2026, 2, 28)),
    (date(2026, 1, 31), date(2026, 4, 30)),
    (date(2027, 11, 29), date(2028, 2, 28)),
    (date(2027, 11, 30), date(2028, 2, 29)),
]


@standing
def drafted(world: World) -> None:
    walk_to(world.walk, world.vacancy, "STARTPLAN").draft_plan()


@standing
def sent(world: World) -> None:
    walk_to(world.walk, world.vacancy, "STARTPLAN").draft_plan().send_plan()


def plan_of(walk: Walk) -> StartPlan:
    return walk.fresh().current_plan


def page(walk: Walk, name: str = "plan", *args: object) -> str:
    return reverse(f"trajectories:{name}", args=[walk.trajectory.pk, *args])


# Columns that nobody fills in: what the version is, whose it is, and what follows from the rest.
OF_ITSELF = {
    *("id", "trajectory", "application", "template", "number", "status", "created_at", "created_by"),
    *("sent_at", "signed_at", "document", "signed_document", "trial_months", "trial_ends_on"),
}


def test_every_column_of_the_plan_is_asked_and_stands_in_the_pdf() -> None:
    """What isn't asked stays empty, and what isn't printed is never signed."""
    asked = {name for _title, names in PLAN_SECTIONS for name in names}
    assert asked == {field.name for field in StartPlan._meta.concrete_fields} - OF_ITSELF
    files = ("trajectories/documents/making.py", "templates/documents/_plan.html")
    said = " ".join((settings.BASE_DIR / name).read_text() for name in files)
    printed = {name for name in asked if re.search(rf"\bplan\.(get_)?{name}(_display)?\b", said)}
    assert asked - printed == {"construction"}  # the texts of the plan differ by it


def posted(plan: StartPlan, **changes: object) -> dict[str, object]:
    """What the browser sends for this draft, with changes."""
    fields = [
        *("function_name", "work_place", "tasks", "hours_per_week", "working_days", "travel_allowance", "construction"),
        *("route", "level", "training_name", "training_school", "training_hours"),
        *("mentor_name", "mentor_hours", "jobcoach_hours", "support_at_work", "prospect"),
    ]
    data: dict[str, object] = {name: getattr(plan, name) for name in fields}
    data |= {"trial_starts_on": plan.trial_starts_on.isoformat()}
    data |= {"keeps_benefit": "on"} if plan.keeps_benefit else {}
    for field in LearningGoal.Field:
        goals = [{"goal": goal.goal, "how": goal.how} for goal in plan.goals.filter(field=field).order_by("pk")]
        data |= rows(f"goals-{field}", goals)
    data |= rows("agreements", [{"text": row.text} for row in plan.agreements.order_by("pk")])
    talks = [
        {"on": row.on.isoformat(), **({"is_final": "on"} if row.is_final else {})}
        for row in plan.evaluation_dates.order_by("on", "pk")
    ]
    return data | rows("moments", talks) | changes


def rows(prefix: str, filled: list[dict[str, object]]) -> dict[str, object]:
    values = {f"{prefix}-{number}-{name}": value for number, row in enumerate(filled) for name, value in row.items()}
    return values | {f"{prefix}-TOTAL_FORMS": len(filled) + 1, f"{prefix}-INITIAL_FORMS": len(filled)}


def content_of(plan: StartPlan) -> tuple[object, ...]:
    """Everything that a version says."""
    goals = list(plan.goals.values_list("field", "goal", "how"))
    talks = list(plan.evaluation_dates.values_list("on", "is_final"))
    return StartPlan.objects.filter(pk=plan.pk).values().get(), goals, list(plan.agreements.values_list("text")), talks


# --- R6 --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("start", "end"), R6_EXAMPLES)
def test_r6_the_trial_ends_as_decision_9_says(start: date, end: date) -> None:
    assert period_end(start, 3) == end
    with connection.cursor() as cursor:
        cursor.execute("SELECT topjob_period_end(%s, 3)", [start])
        assert cursor.fetchone() == (end,)


def test_r6_a_year_from_leap_day_ends_on_the_last_of_february() -> None:
    assert period_end(date(2028, 2, 29), 12) == date(2029, 2, 28)


@pytest.mark.parametrize(("start", "end"), R6_EXAMPLES[4:])
def test_r6_saving_a_draft_sets_the_end_and_moves_the_talks(drafted: Walk, start: date, end: date) -> None:
    with clock.at(start - timedelta(days=10)):
        actions.save_plan(plan_of(drafted), by=drafted.user_on_lead, trial_starts_on=start)
    plan = plan_of(drafted)
    assert plan.trial_ends_on == end
    assert plan.effective_on == start
    talks = list(plan.evaluation_dates.values_list("on", "is_final"))
    assert talks[-1] == (weekday_near(end), True)
    assert all(start <= day <= end for day, _final in talks)


def test_r6_the_database_refuses_another_end(drafted: Walk) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        StartPlan.objects.filter(pk=plan_of(drafted).pk).update(trial_ends_on=date(2026, 6, 1))


def test_the_talk_half_way_is_on_a_weekday(drafted: Walk) -> None:
    for days in range(14):
        start = START + timedelta(days=days)
        with clock.at(drafted.day):
            actions.save_plan(plan_of(drafted), by=drafted.user_on_lead, trial_starts_on=start)
        assert [talk.on.weekday() < 5 for talk in plan_of(drafted).evaluation_dates.all()] == [True, True]


@pytest.mark.parametrize(
    ("day", "weekday"),
    [(date(2026, 2, 27), 27), (date(2026, 2, 28), 27), (date(2026, 3, 1), 27), (date(2026, 3, 2), 2)],
)
def test_a_weekend_gives_the_friday_before_it(day: date, weekday: int) -> None:
    assert weekday_near(day).day == weekday


def test_a_company_on_a_full_stop_ends_its_sentence_once() -> None:
    """Bouw Salland B.V."""
    (block,) = blocks("Je werkt bij {bedrijf}. Daar is het fijn...", {"bedrijf": "Bouw Salland B.V."})
    assert block.lines == ("Je werkt bij Bouw Salland B.V. Daar is het fijn...",)


# --- The draft -------------------------------------------------------------------------------------------------------
def test_a_draft_is_filled_from_what_was_agreed(planning: Walk, vacancy) -> None:
    walk = planning
    with clock.at(walk.day):
        plan = actions.draft_plan(walk.fresh(), by=walk.user_on_lead)
    assert (plan.construction, plan.route, plan.trial_starts_on) == ("1", "bbl1", START)
    assert plan.function_name == vacancy.function.name
    assert plan.mentor_name == vacancy.employer.contacts.get(function="leermeester").name
    assert {row.party: row.name for row in plan.parties.all()} == {
        "jongere": "Sem Bakker",
        "werkgever": vacancy.employer.contacts.get(function="tekenbevoegd").name,
        "jobcoach": walk.team.jobcoach.name,
    }
    assert not AuditEntry.objects.filter(verb="draft_plan").exclude(subject_id=walk.trajectory.pk).exists()


def test_the_page_of_the_draft_saves_every_part(drafted: Walk, client: Client) -> None:
    client.force_login(drafted.team.regisseur)
    with clock.at(drafted.day):
        plan = plan_of(drafted)
        changes = {
            "working_days": "maandag tot en met donderdag",
            "goals-leren-1-goal": "Ik stel elke dag een vraag.",
            "agreements-2-text": "We bellen op vrijdag.",
            "moments-2-on": "2026-03-02",
        }
        response = client.post(page(drafted), posted(plan, **changes))
    assert response.status_code == 302
    plan = plan_of(drafted)
    assert plan.working_days == "maandag tot en met donderdag"
    assert plan.goals.filter(field="leren").count() == 2
    assert plan.agreements.filter(text="We bellen op vrijdag.").exists()
    assert plan.evaluation_dates.filter(on=date(2026, 3, 2), is_final=False).exists()


def test_an_emptied_line_is_left_out(drafted: Walk, client: Client) -> None:
    client.force_login(drafted.team.regisseur)
    with clock.at(drafted.day):
        client.post(page(drafted), posted(plan_of(drafted), **{"agreements-0-text": ""}))
    assert plan_of(drafted).agreements.count() == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"trial_starts_on": "2025-12-01"}, "nooit in het verleden"),
        ({"trial_starts_on": "2027-12-01"}, "binnen een jaar"),
        ({"trial_starts_on": "30-02-2026"}, "geldige datum"),
        ({"hours_per_week": "41"}, "40"),
        ({"hours_per_week": "0"}, "1"),
        ({"training_hours": "33"}, "passen niet binnen"),
        ({"construction": "2"}, "krijgt de jongere loon"),
        ({"construction": "3"}, "Kies iets uit de lijst"),
        ({"goals-leren-1-how": "Samen oefenen"}, "Vul ook het leerdoel in"),
        ({"moments-0-on": "2026-08-01"}, "binnen de proefperiode"),
        ({"tasks": ""}, "verplicht"),
    ],
)
def test_bad_input_in_the_draft_is_told_and_keeps_what_was_typed(
    drafted: Walk, client: Client, changes: dict[str, object], message: str
) -> None:
    client.force_login(drafted.team.regisseur)
    before = content_of(plan_of(drafted))
    with clock.at(drafted.day):
        response = client.post(page(drafted), posted(plan_of(drafted), prospect="Een vaste baan", **changes))
    text = response.content.decode()
    assert response.status_code == 200
    assert "Fout:" in text
    assert message in text
    assert "Een vaste baan" in text
    assert content_of(plan_of(drafted)) == before


def test_only_the_regisseur_of_the_region_drafts(drafted: Walk, client: Client) -> None:
    client.force_login(drafted.team.job_broker)
    with clock.at(drafted.day):
        assert "<form" not in client.get(page(drafted)).content.decode().split("<main")[1]
        assert client.post(page(drafted), posted(plan_of(drafted))).status_code == 409
    elsewhere = factories.staff(Role.REGISSEUR, region_code="29")
    client.force_login(elsewhere)
    assert client.get(page(drafted)).status_code == 404


def test_signers_can_be_named_in_a_draft_and_a_stand_in_stays_one(drafted: Walk, client: Client) -> None:
    client.force_login(drafted.team.regisseur)
    PlanParty.objects.filter(plan=plan_of(drafted), party="jobcoach").update(is_stand_in=True)
    coach = plan_of(drafted).parties.get(party="jobcoach")
    with clock.at(drafted.day):
        data = {"name": coach.name, "email": "nieuw@post.example", "phone": ""}
        client.post(page(drafted, "plan_party", "jobcoach"), data)
        bad = client.post(page(drafted, "plan_party", "werkgever"), {"name": "", "email": "geen adres", "phone": "1"})
    coach.refresh_from_db()
    assert (coach.email, coach.is_stand_in) == ("nieuw@post.example", True)
    assert bad.status_code == 200
    assert "geldig telefoonnummer" in bad.content.decode()
    assert client.get(page(drafted, "plan_party", "buurman")).status_code == 404


# --- Sending ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"mentor_name": ""}, "leermeester"),
        ({"goals": []}, "leerdoel"),
        ({"support_at_work": "Een rustige plek"}, "niet toegezegd te delen"),
    ],
)
def test_what_is_missing_is_told_before_sending(drafted: Walk, client: Client, changes: dict, reason: str) -> None:
    client.force_login(drafted.team.regisseur)
    goals = [{"field": "leren", "goal": "Ik leer vragen", "how": ""}]
    with clock.at(drafted.day):
        actions.save_plan(plan_of(drafted), by=drafted.user_on_lead, **({"goals": goals} | changes))
        assert reason in client.get(page(drafted)).content.decode()
        response = client.post(page(drafted, "plan_send"))
    assert response.status_code == 409
    assert reason in response.content.decode()
    assert plan_of(drafted).is_draft


def test_r16_what_helps_at_work_goes_along_when_the_person_agreed(drafted: Walk) -> None:
    now = Consent.objects.valid().get(candidate=drafted.candidate)
    give_consent(
        drafted.candidate, now.organisation, channel=now.channel, by=now.recorded_by, share_cv=True, share_support=True
    )
    with clock.at(drafted.day):
        goals = [{"field": "leren", "goal": "Ik leer vragen", "how": ""}]
        actions.save_plan(plan_of(drafted), by=drafted.user_on_lead, support_at_work="Een rustige plek", goals=goals)
        assert actions.reasons_not_to_send(plan_of(drafted)) == []


def test_sending_fixes_the_version_and_asks_for_the_pdf(drafted: Walk, client: Client) -> None:
    client.force_login(drafted.team.regisseur)
    with clock.at(drafted.day):
        assert "sem@post.example" in client.get(page(drafted, "plan_send")).content.decode()
        assert client.post(page(drafted, "plan_send")).status_code == 302
        assert client.post(page(drafted, "plan_send")).status_code == 409
    plan = plan_of(drafted)
    assert plan.status == StartPlan.Status.SENT
    assert OutboxMessage.objects.filter(key=f"render-plan-{plan.pk}", payload={"plan": plan.pk}).count() == 1
    assert AuditEntry.objects.about_trajectory(drafted.trajectory.pk).filter(verb="send_plan").count() == 1
    assert not PartyLink.objects.exists()


def test_sending_is_all_or_nothing(drafted: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_of(drafted)
    monkeypatch.setattr("trajectories.actions.plan.outbox.enqueue", _fails)
    with clock.at(drafted.day), pytest.raises(RuntimeError):
        actions.send_plan(plan, by=drafted.user_on_lead)
    assert plan_of(drafted).is_draft
    assert not AuditEntry.objects.filter(verb="send_plan").exists()


def _fails(*args: object, **options: object) -> None:
    raise RuntimeError("the disk is full")


@pytest.mark.parametrize("verb", ["draft_plan", "save_plan", "set_party"])
def test_drafting_is_all_or_nothing(drafted: Walk, monkeypatch: pytest.MonkeyPatch, verb: str) -> None:
    plan, count = plan_of(drafted), StartPlan.objects.count()
    before = content_of(plan)
    monkeypatch.setattr("trajectories.actions.plan.log", _fails)
    with clock.at(drafted.day), pytest.raises(RuntimeError):
        if verb == "draft_plan":
            StartPlan.objects.filter(pk=plan.pk).update(status=StartPlan.Status.WITHDRAWN)
            before = content_of(plan)
            actions.draft_plan(drafted.fresh(), by=drafted.user_on_lead)
        elif verb == "save_plan":
            actions.save_plan(plan, by=drafted.user_on_lead, prospect="Anders", goals=[])
        else:
            actions.set_party(plan, "jongere", name="Ander", email="a@b.example", by=drafted.user_on_lead)
    assert StartPlan.objects.count() == count
    assert content_of(plan) == before
    assert plan.parties.get(party="jongere").name == "Sem Bakker"


# --- R5 --------------------------------------------------------------------------------------------------------------
def test_r5_a_sent_version_refuses_every_change(sent: Walk) -> None:
    plan = plan_of(sent)
    with clock.at(sent.day):
        for change in (
            lambda: actions.save_plan(plan, by=sent.user_on_lead, hours_per_week=20),
            lambda: actions.set_party(plan, "jongere", name="Ander", email="a@b.example", by=sent.user_on_lead),
            lambda: actions.send_plan(plan, by=sent.user_on_lead),
        ):
            with pytest.raises(Refused):
                change()


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trajectories_startplan SET hours_per_week = 20 WHERE id = %s",
        "UPDATE trajectories_startplan SET status = 'concept' WHERE id = %s",
        "UPDATE trajectories_startplan SET document_id = NULL WHERE id = %s",
        "DELETE FROM trajectories_startplan WHERE id = %s",
        "UPDATE trajectories_learninggoal SET goal = 'anders' WHERE plan_id = %s",
        "DELETE FROM trajectories_planagreement WHERE plan_id = %s",
        "UPDATE trajectories_evaluationdate SET \"on\" = '2026-03-01' WHERE plan_id = %s",
        "UPDATE trajectories_planparty SET email = 'ander@post.example' WHERE plan_id = %s",
        "INSERT INTO trajectories_planagreement (plan_id, text) VALUES (%s, 'erbij')",
    ],
)
def test_r5_raw_sql_cant_change_a_sent_version(sent: Walk, statement: str, signed: bool) -> None:
    if signed:
        sent.sign()
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [plan_of(sent).pk])


@pytest.mark.parametrize("model", [LearningGoal, PlanAgreement, EvaluationDate, PlanParty])
def test_r5_no_part_of_a_sent_version_moves_to_another(sent: Walk, model: type) -> None:
    with clock.at(sent.day):
        draft = actions.draft_plan(sent.fresh(), by=sent.user_on_lead)
    earlier = StartPlan.objects.get(trajectory=sent.trajectory, number=1)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        model.objects.filter(plan=earlier).update(plan=draft)


def test_r5_a_new_version_voids_the_links_and_needs_every_signature(sent: Walk, client: Client) -> None:
    sent.sign("jongere")
    client.force_login(sent.team.regisseur)
    with clock.at(sent.day):
        assert "werken niet meer" in client.get(page(sent, "plan_new_version")).content.decode()
        client.post(page(sent, "plan_new_version"))
    first, second = StartPlan.objects.filter(trajectory=sent.trajectory).order_by("number")
    assert (first.status, second.status) == (StartPlan.Status.WITHDRAWN, StartPlan.Status.DRAFT)
    assert not PartyLink.objects.usable().filter(plan=first).exists()
    assert not second.signatures.exists()
    assert second.goals.count() == first.goals.count()
    assert {row.party for row in second.parties.all()} == {row.party for row in first.parties.all()}


def test_r5_a_change_during_the_trial_has_its_own_date_and_keeps_the_start(on_trial: Walk, client: Client) -> None:
    walk = on_trial.later(20)
    client.force_login(walk.team.regisseur)
    with clock.at(walk.day):
        client.post(page(walk, "plan_new_version"))
        plan = plan_of(walk)
        data = posted(plan, hours_per_week=24, effective_on=(walk.day + timedelta(days=3)).isoformat())
        del data["trial_starts_on"]
        assert client.post(page(walk), data).status_code == 302
        bad = client.post(page(walk), data | {"effective_on": "2027-01-01"})
        assert "binnen de proefperiode" in bad.content.decode()
    walk.send_plan().sign()
    plan = walk.fresh().signed_plan
    assert (plan.number, plan.hours_per_week, plan.trial_starts_on) == (2, 24, START)
    assert plan.effective_on == walk.day + timedelta(days=3)
    assert StartPlan.objects.get(trajectory=walk.trajectory, number=1).status == StartPlan.Status.SUPERSEDED
    assert walk.trajectory.current_trial.starts_on == START


def _everybody_leaves(walk: Walk) -> None:
    """The coach of ours, and whoever the company named."""
    User.objects.filter(pk=walk.team.jobcoach.pk).update(is_active=False)
    walk.trajectory.current_application.vacancy.employer.contacts.update(is_active=False)


def test_who_left_does_not_come_back_in_a_new_version(sent: Walk) -> None:
    earlier = plan_of(sent)
    assert earlier.parties.filter(name=sent.team.jobcoach.name).exists() and earlier.mentor_name
    _everybody_leaves(sent)
    with clock.at(sent.day):
        draft = actions.draft_plan(sent.fresh(), by=sent.user_on_lead)
    parties = dict(draft.parties.values_list("party", "name"))
    assert sent.team.jobcoach.name not in parties.values()
    assert "werkgever" not in parties and draft.mentor_name == ""


def test_whoever_was_named_by_hand_stays_in_a_new_version(drafted: Walk) -> None:
    with clock.at(drafted.day):
        typed = {"name": "Ans Directeur", "email": "ans@bedrijf.example", "by": drafted.user_on_lead}
        actions.set_party(plan_of(drafted), "werkgever", **typed)
        drafted.send_plan()
        _everybody_leaves(drafted)
        draft = actions.draft_plan(drafted.fresh(), by=drafted.user_on_lead)
    assert draft.parties.get(party="werkgever").name == "Ans Directeur"


def test_every_version_can_be_read(sent: Walk, client: Client) -> None:
    client.force_login(sent.team.jobcoach)
    with clock.at(sent.day):
        text = client.get(page(sent, "plan_preview", 1)).content.decode()
        assert client.get(page(sent, "plan_preview", 2)).status_code == 404
    assert "Ik leer veilig werken" in text
    assert "Sem Bakker" in text


def test_the_page_of_a_sent_plan_shows_how_far_everybody_is(sent: Walk, client: Client) -> None:
    sent.sign("jongere")
    client.force_login(sent.team.regisseur)
    with clock.at(sent.day):
        run_outbox()
        text = client.get(page(sent)).content.decode()
    assert "getekend op" in text
    assert "geldig t/m" in text
    assert plan_of(sent).document.sha256 in text


def test_the_payers_permission_is_asked_for_with_its_source(sent: Walk, client: Client) -> None:
    client.force_login(sent.team.regisseur)
    with clock.at(sent.day):
        text = client.get(page(sent)).content.decode()
    assert "voor de start van de proefplaatsing ontbreekt" in text
    assert "Participatiewet art. 8a" in text


def test_the_pages_ask_a_constant_number_of_queries(sent: Walk, client: Client, django_assert_max_num_queries) -> None:
    client.force_login(sent.team.regisseur)
    with clock.at(sent.day):
        client.get(page(sent))
        with django_assert_max_num_queries(ONE_THING):
            client.get(page(sent))


def test_a_minor_needs_a_representative_before_sending(team: Team, vacancy, light_pdf: None, client: Client) -> None:
    walk = walk_to(make_walk(team, birth_date=date(2009, 1, 1), stream=1), vacancy, "STARTPLAN").draft_plan()
    assert plan_of(walk).parties.filter(party="vertegenwoordiger", name="Ans Bakker").exists()
    client.force_login(team.regisseur)
    fill_in = reverse("trajectories:plan_party", args=[walk.trajectory.pk, "vertegenwoordiger"])
    plan_of(walk).parties.filter(party="vertegenwoordiger").delete()
    with clock.at(walk.day):
        reasons = [reason.text for reason in actions.reasons_not_to_send(plan_of(walk))]
        assert client.get(page(walk)).content.decode().count(fill_in) == 2
        client.post(fill_in, {"name": "Ans Bakker", "phone": "0612345679"})
        assert fill_in in client.get(page(walk)).content.decode()
        assert actions.reasons_not_to_send(plan_of(walk)) == []
    assert any("wettelijk vertegenwoordiger" in reason for reason in reasons)
