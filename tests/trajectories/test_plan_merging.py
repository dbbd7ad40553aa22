"""Two people with one startplan open: fields and lines merge, and the page that saves itself goes on with what others saved."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from demo.walk import Walk
from tests.screens import form_with
from tests.trajectories.conftest import walk_to
from tests.trajectories.standing import World, standing
from tests.trajectories.test_plan import content_of
from topjob import clock
from topjob.merging import TAKE_OVER
from trajectories import actions
from trajectories.models import StartPlan

pytestmark = pytest.mark.usefixtures("db")


@standing
def drafted(world: World) -> None:
    walk_to(world.walk, world.vacancy, "STARTPLAN").draft_plan()


def plan_of(walk: Walk) -> StartPlan:
    return walk.fresh().current_plan


def page(walk: Walk, name: str = "plan") -> str:
    return reverse(f"trajectories:{name}", args=[walk.trajectory.pk])


def opened(client: Client, walk: Walk) -> dict[str, list[str]]:
    """The draft as it stands on somebody's screen."""
    return form_with(client.get(page(walk)), "mentor_name")


def test_two_writers_of_a_draft_merge(drafted: Walk, client: Client) -> None:
    """Another field, another line, a line more and a line less: everything of both is kept."""
    client.force_login(drafted.team.regisseur)
    with clock.at(drafted.day):
        actions.save_plan(plan_of(drafted), by=drafted.user_on_lead, goals=GOALS, agreements=[{"text": "Bel op tijd"}])
        mine = opened(client, drafted)
        client.post(
            page(drafted),
            opened(client, drafted)
            | {"working_days": "maandag", "goals-leren-0-goal": "", "goals-leren-1-how": "Met een maatje"}
            | {"agreements-1-text": "Fiets mee"},
        )
        changes = {
            "prospect": "Een vaste baan",
            "goals-leren-2-goal": "Ik leer plannen",
            "agreements-0-text": "Bel om 8 uur",
        }
        assert client.post(page(drafted), mine | changes).status_code == 302
    plan = plan_of(drafted)
    assert (plan.working_days, plan.prospect) == ("maandag", "Een vaste baan")
    assert list(plan.goals.order_by("pk").values_list("goal", "how")) == [
        ("Ik leer rekenen", "Met een maatje"),
        ("Ik leer plannen", ""),
    ]
    assert list(plan.agreements.order_by("pk").values_list("text", flat=True)) == ["Bel om 8 uur", "Fiets mee"]
    assert plan.evaluation_dates.count() == 2


GOALS = [
    {"field": "leren", "goal": "Ik leer vragen", "how": ""},
    {"field": "leren", "goal": "Ik leer rekenen", "how": ""},
]


@pytest.mark.parametrize(
    ("name", "theirs", "mine", "left"),
    [
        ("prospect", "Van de eerste", "Van de tweede", "Van de tweede"),
        ("goals-leren-1-goal", "Ik leer tellen", "Ik leer delen", "Ik leer delen"),
        ("agreements-0-text", "Van de eerste", "", ""),
        ("agreements-0-text", "", "Van de tweede", "Van de tweede"),
        ("moments-0-on", "2026-03-02", "2026-03-03", "2026-03-03"),
    ],
)
def test_what_two_writers_both_changed_is_shown_with_both(
    drafted: Walk, client: Client, name: str, theirs: str, mine: str, left: str
) -> None:
    client.force_login(drafted.team.regisseur)
    with clock.at(drafted.day):
        actions.save_plan(plan_of(drafted), by=drafted.user_on_lead, goals=GOALS, agreements=[{"text": "Bel op tijd"}])
        first, second = opened(client, drafted), opened(client, drafted)
        client.post(page(drafted), first | {name: theirs})
        stands = content_of(plan_of(drafted))
        assert client.post(page(drafted, "plan_autosave"), second | {name: mine}).status_code == 409
        answer = client.post(page(drafted), second | {name: mine, "working_days": "dinsdag"})
        text = answer.content.decode()
        assert answer.status_code == 200 and "Iemand anders heeft dit intussen gewijzigd" in text
        assert content_of(plan_of(drafted)) == stands
        again = form_with(answer, "mentor_name")
        field, _dash, line = name.rpartition("-")[0].rpartition("-")
        box = (f"{field}-{TAKE_OVER}", line) if field else (TAKE_OVER, name)
        assert f'name="{box[0]}" value="{box[1]}"' in text
        with transaction.atomic():
            assert client.post(page(drafted), again | {box[0]: box[1]}).status_code == 302
            taken = content_of(plan_of(drafted))
            transaction.set_rollback(True)
        assert client.post(page(drafted), again).status_code == 302
    assert taken[1:] == stands[1:] and taken[0] | {"working_days": ""} == stands[0] | {"working_days": ""}
    plan = plan_of(drafted)
    assert plan.working_days == "dinsdag"
    words = [plan.prospect, *plan.goals.values_list("goal", flat=True), *plan.agreements.values_list("text", flat=True)]
    days = [talk.on.isoformat() for talk in plan.evaluation_dates.all()]
    assert left in words + days and theirs not in [word for word in words + days if word]


def test_the_dates_that_moved_stay_those_of_both_writers(drafted: Walk, client: Client) -> None:
    """The start moves the talks along; whoever saved a word beside it doesn't put them back."""
    client.force_login(drafted.team.regisseur)
    with clock.at(drafted.day):
        mine = opened(client, drafted)
        client.post(page(drafted), opened(client, drafted) | {"trial_starts_on": "2026-02-09"})
        moved = list(plan_of(drafted).evaluation_dates.values_list("on", "is_final"))
        assert client.post(page(drafted), mine | {"prospect": "Verder"}).status_code == 302
    plan = plan_of(drafted)
    assert (plan.trial_starts_on, plan.prospect) == (date(2026, 2, 9), "Verder")
    assert list(plan.evaluation_dates.values_list("on", "is_final")) == moved


def test_autosave_keeps_the_draft_and_tells_the_new_dates(drafted: Walk, client: Client) -> None:
    client.force_login(drafted.team.regisseur)
    with clock.at(drafted.day):
        data = opened(client, drafted) | {"trial_starts_on": "2026-02-09", "mentor_name": ""}
        answer = client.post(page(drafted, "plan_autosave"), data)
        fields = answer.json()["fields"]
        plan = plan_of(drafted)
        assert plan.trial_starts_on == date(2026, 2, 9)
        assert fields["moments-1-on"] == f"{plan.trial_ends_on:%d-%m-%Y}"
        data |= fields | {"prospect": "Verder"}
        saved = client.post(page(drafted, "plan_autosave"), data)
        assert saved.status_code == 200
        wrong = client.post(page(drafted, "plan_autosave"), data | {"trial_starts_on": "31-02-2026"})
        assert (
            wrong.status_code == 422
            and "Proefperiode begint op: Vul" in wrong.json()["why"]
            and "<" not in wrong.json()["why"]
        )
        data |= saved.json()["fields"] | {"prospect": "Nog verder"}
        assert client.post(page(drafted, "plan_autosave"), data).status_code == 200
    plan = plan_of(drafted)
    assert (plan.prospect, plan.trial_starts_on) == ("Nog verder", date(2026, 2, 9))


def test_a_page_that_saves_itself_goes_on_with_what_a_colleague_saved(drafted: Walk, client: Client) -> None:
    """The lines on the screen keep their places, whatever others added, changed or removed meanwhile."""
    client.force_login(drafted.team.regisseur)
    save = page(drafted, "plan_autosave")
    with clock.at(drafted.day):
        actions.save_plan(plan_of(drafted), by=drafted.user_on_lead, goals=GOALS, agreements=[{"text": "Bel op tijd"}])
        mine = opened(client, drafted)
        client.post(
            page(drafted),
            opened(client, drafted)
            | {"goals-leren-0-goal": "", "agreements-0-text": "Bel om 8 uur", "agreements-1-text": "Fiets"},
        )
        for word in ("plannen", "plannen en bellen", "alles"):
            mine |= {"goals-leren-2-goal": f"Ik leer {word}"}
            answer = client.post(save, mine)
            assert answer.status_code == 200, answer.content
            mine |= answer.json()["fields"]
            plan = plan_of(drafted)
            assert list(plan.goals.values_list("goal", flat=True)) == ["Ik leer rekenen", f"Ik leer {word}"]
            assert list(plan.agreements.values_list("text", flat=True)) == ["Bel om 8 uur", "Fiets"]


def test_what_an_autosave_kept_stays_when_the_form_is_sent_again(drafted: Walk, client: Client) -> None:
    """The page keeps its first count of lines: a new goal isn't a stored one to it, however often it was saved."""
    client.force_login(drafted.team.regisseur)
    with clock.at(drafted.day):
        actions.save_plan(plan_of(drafted), by=drafted.user_on_lead)
        data = opened(client, drafted)
        data |= {"goals-leren-0-goal": "Ik vraag om uitleg.", "agreements-0-text": "Ziek? Bel op tijd."}
        goal = plan_of(drafted).goals.filter(field="leren", goal="Ik vraag om uitleg.")
        agreements = plan_of(drafted).agreements.values_list("text", flat=True)
        for _again in range(2):
            data |= client.post(page(drafted, "plan_autosave"), data).json()["fields"]
            assert (goal.count(), list(agreements.all())) == (1, ["Ziek? Bel op tijd."])
        assert client.post(page(drafted), data).status_code == 302
        assert (goal.count(), list(agreements.all())) == (1, ["Ziek? Bel op tijd."])


def test_before_there_is_a_plan_the_page_says_what_to_do(walk: Walk, client: Client) -> None:
    client.force_login(walk.team.regisseur)
    assert "Nog geen startplan" in client.get(page(walk)).content.decode()
    answers = (
        client.post(page(walk)),
        client.post(page(walk, "plan_new_version")),
        client.get(page(walk, "plan_send")),
    )
    assert {answer.status_code for answer in answers} == {409}
    assert client.post(page(walk, "plan_autosave"), {}).status_code == 404
