"""The follow-up pages of staff: what is asked, what is refused, and what follows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry, Role
from candidates.models import ContactMoment
from demo.walk import Walk, ambition_items
from tests import factories
from tests.trajectories.conftest import Reach
from tests.trajectories.portals import browser_of, on, page
from topjob import clock
from topjob.errors import Refused
from topjob.pictures import course
from trajectories import actions
from trajectories.models import AmbitionItem, CheckIn, Completion, Deadline, ExitTalk
from trajectories.pages.ambition_scale import progress_of
from trajectories.process.workflow import Journey

PAGES = ("coaching", "qualification", "quick_scan", "advice", "aftercare", "exit_talk", "completion")
SCAN = dict.fromkeys(("craft", "personal", "learning", "independence", "labour_market", "motivation"), 4)


def url(name: str, walk: Walk, *more: int) -> str:
    return reverse(f"trajectories:{name}", args=[walk.trajectory.pk, *more])


def errors(client, address: str, data: dict) -> dict:
    """The form's errors; the page shows them and keeps what was typed."""
    response = client.post(address, data)
    assert response.status_code == 200
    assert "Dit klopt nog niet" in response.content.decode()
    return response.context["form"].errors


# --- Reading ---
@pytest.mark.parametrize(
    "state", ["AANGEMELD", "PROEFPERIODE", "LEERWERK", "ADVIES", "BANENPOOL", "NAZORG", "AFGESLOTEN"]
)
def test_every_page_can_be_read_in_every_state(reach: Reach, state: str) -> None:
    """By a guide who does other work: the werkmakelaar who is named (decision 28)."""
    walk = reach(state)
    client = browser_of(walk.team.job_broker)
    with on(walk.day):
        for name in PAGES:
            assert walk.candidate.full_name in page(client, url(name, walk))


def test_a_foreign_case_is_as_one_that_is_not_there(in_aftercare: Walk) -> None:
    stranger = browser_of(factories.staff(Role.REGISSEUR, region_code="29"))
    for name in PAGES:
        assert stranger.get(url(name, in_aftercare)).status_code == 404
        assert stranger.get(reverse(f"trajectories:{name}", args=[987654])).status_code == 404
    check_in = in_aftercare.trajectory.aftercares.get().check_ins.first()
    assert stranger.get(url("check_in", in_aftercare, check_in.pk)).status_code == 404


def test_a_jobcoach_sees_only_the_people_they_coach(learning: Walk) -> None:
    assert browser_of(learning.team.jobcoach).get(url("coaching", learning)).status_code == 200
    assert browser_of(factories.staff(Role.JOBCOACH)).get(url("coaching", learning)).status_code == 404


@pytest.mark.parametrize("user", ["werkgever", "opdrachtgever", "kandidaat"])
def test_portal_users_have_no_staff_pages(learning: Walk, user: str) -> None:
    person = factories.UserFactory()
    organisation = {
        "werkgever": learning.trajectory.current_application.organisation,
        "opdrachtgever": learning.trajectory.client,
    }
    person.memberships.create(role=user, organisation=organisation.get(user))
    assert browser_of(person).get(url("coaching", learning)).status_code == 404


def test_what_does_not_fit_is_explained_and_refused(learning: Walk) -> None:
    client = browser_of(learning.team.backoffice)
    with on(learning.day):
        text = page(client, url("completion", learning))
        assert "Nu alleen te lezen" in text and "staat op “Leerwerk en jobcoaching”" in text
        refused = client.post(url("completion", learning), {"documents_complete": "on"})
    assert refused.status_code == 409
    assert not Completion.objects.exists()


# --- B. Jobcoaching ---
def talk(walk: Walk, **changes) -> dict:
    first, second = AmbitionItem.objects.all()[:2]
    data = {"on": walk.day, "field": "vakmanschap", "notes": "Werkt netjes.", "next_on": walk.day + timedelta(days=21)}
    return data | {f"score_{first.pk}": 3, f"score_{second.pk}": 4} | changes


def test_a_coaching_talk_brings_scores_and_the_next_deadline(learning: Walk) -> None:
    client = browser_of(learning.team.jobcoach)
    with on(learning.day):
        text = page(client, url("coaching", learning), talk(learning))
    assert "Het gesprek is vastgelegd." in text and "Werkt netjes." in text
    session = learning.trajectory.coaching_sessions.get()
    assert [score.score for score in session.scores.all()] == [3, 4]
    deadline = learning.trajectory.deadlines.open().get(kind=Deadline.Kind.COACHING)
    assert deadline.due_on == learning.day + timedelta(days=21)
    assert AuditEntry.objects.filter(verb="record_coaching", actor=learning.team.jobcoach).exists()


def test_coaching_refuses_impossible_input_at_the_field(learning: Walk) -> None:
    client = browser_of(learning.team.jobcoach)
    item = AmbitionItem.objects.first()
    with on(learning.day):
        wrong = talk(learning, on=learning.day + timedelta(days=1), notes="")
        assert set(errors(client, url("coaching", learning), wrong)) == {"on", "notes"}
        assert "next_on" in errors(client, url("coaching", learning), talk(learning, next_on=learning.day))
        assert f"score_{item.pk}" in errors(
            client, url("coaching", learning), talk(learning, **{f"score_{item.pk}": 6})
        )
        assert "notes" in errors(client, url("coaching", learning), talk(learning, notes="x" * 5001))
        assert "on" in errors(client, url("coaching", learning), talk(learning, on="31-02"))
    assert not learning.trajectory.coaching_sessions.exists()


def test_progress_shows_the_last_talks_oldest_first(learning: Walk) -> None:
    for score in (2, 3, 5):
        learning.later(20).coach(score)
    sessions = list(learning.trajectory.coaching_sessions.prefetch_related("scores__item"))
    progress = progress_of(sessions)
    assert progress is not None
    assert [mark.value for mark in progress.marks] == ["2,0", "3,0", "5,0"]
    assert progress.rows[0].scores == [2, 3, 5] and progress.rows[0].change == 3
    assert progress.marks[0].y > progress.marks[-1].y
    assert progress_of([]) is None
    with on(learning.day):
        text = page(browser_of(learning.team.regisseur), url("coaching", learning))
    assert "<polyline" in text and "+3" in text
    assert f'<polyline points="{course([2, 3, 5]).line}">' in text, "each item has its own line"


def test_the_coaching_page_takes_as_many_queries_for_two_talks_as_for_twenty(learning: Walk) -> None:
    client = browser_of(learning.team.regisseur)

    def queries() -> int:
        with (
            on(learning.day),
            CaptureQueriesContext(
                connection,
            ) as captured,
        ):
            page(client, url("coaching", learning))
        return len(captured)

    learning.coach().coach()
    queries()  # the first look takes it off what is new to who looks
    few = queries()
    for _number in range(18):
        learning.later(1).coach()
    assert queries() == few <= 12


def test_a_coaching_talk_is_all_or_nothing(learning: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trajectories.actions.learning.log", _broken)
    with on(learning.day), pytest.raises(RuntimeError):
        actions.record_coaching(
            learning.fresh(),
            on=learning.day,
            field="leren",
            notes="Goed.",
            scores={ambition_items()[0]: 2},
            by=learning.team.jobcoach,
        )
    assert not learning.trajectory.coaching_sessions.exists()


def _broken(*args, **details) -> None:
    raise RuntimeError("halfway")


def test_a_qualification_is_recorded_and_leads_on(learning: Walk) -> None:
    client = browser_of(learning.team.regisseur)
    data = {"level": "startkwalificatie", "name": "Mbo 2 grondwerk", "on": learning.day}
    with on(learning.day):
        text = page(client, url("qualification", learning), data)
        assert "Mbo 2 grondwerk" in text and "Rond die dan af" in text
        assert set(errors(client, url("qualification", learning), {"level": "zwemdiploma", "name": "", "on": ""})) == {
            "level",
            "name",
            "on",
        }
        assert "on" in errors(client, url("qualification", learning), data | {"on": learning.day + timedelta(days=1)})


def test_a_diploma_after_the_training_still_counts_for_the_project(walk: Walk) -> None:
    from tests.trajectories.conftest import make_vacancy, walk_to

    vacancy = make_vacancy(project=factories.ProjectFactory())
    for function in ("leermeester", "tekenbevoegd", "jobcoach"):
        factories.EmployerContactFactory(employer=vacancy.employer, function=function)
    walk_to(walk, vacancy, "ADVIES")
    walk.later(3).qualify(name="Diploma")
    vacancy.project.refresh_from_db()
    assert vacancy.project.diploma_count == 1


# --- C. Adviespunt ---
def test_the_quick_scan_needs_every_score(advising: Walk) -> None:
    client = browser_of(advising.team.career_adviser)
    data = SCAN | {"on": advising.day, "conclusion": "Kan zelfstandig werken."}
    with on(advising.day):
        assert "Kan zelfstandig werken." in page(client, url("quick_scan", advising), data)
        wrong = errors(client, url("quick_scan", advising), data | {"craft": "", "motivation": 9})
        assert set(wrong) == {"craft", "motivation"}
    assert advising.trajectory.quick_scans.get().craft == 4


def test_advice_shows_what_is_missing_until_it_can_be_settled(advising: Walk) -> None:
    walk = advising.later(3)
    client = browser_of(walk.team.career_adviser)
    with on(walk.day):
        text = page(client, url("advice", walk))
        assert "De quick-scan is nog niet gedaan." in text and "Het adviesgesprek is nog niet vastgelegd." in text
        page(client, url("quick_scan", walk), SCAN | {"on": walk.day, "conclusion": "Goed."})
        walk.talk(ContactMoment.Kind.ADVICE)
        text = page(client, url("advice", walk), {"direction": "a", "plan": "Blijven.", "housing_and_leisure": "on"})
        assert "nog niet" not in text.split("Wat gebeurt er hierna?")[1]
        actions.give_advice(walk.fresh(), by=walk.team.career_adviser)
        assert "e: wonen en vrije tijd" in page(client, url("advice", walk))


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"direction": "d", "plan": "School."}, "destination"),
        ({"direction": "c", "plan": "Door."}, "next_level"),
        ({"direction": "a", "plan": ""}, "plan"),
        ({"direction": "z", "plan": "Iets."}, "direction"),
        ({"plan": "Iets."}, "direction"),
        ({"direction": "a", "plan": "x" * 5001}, "plan"),
    ],
)
def test_advice_says_at_the_field_what_is_wrong(advising: Walk, data: dict, field: str) -> None:
    with on(advising.day):
        assert list(errors(browser_of(advising.team.career_adviser), url("advice", advising), data)) == [field]
    assert not advising.trajectory.advices.exists()


def test_advice_keeps_only_what_belongs_to_its_direction(advising: Walk) -> None:
    client = browser_of(advising.team.career_adviser)
    data = {"direction": "d", "destination": "ROC", "next_level": "bbl2", "plan": "School."}
    with on(advising.day):
        page(client, url("advice", advising), data)
        draft = advising.trajectory.advices.get()
        assert (draft.destination, draft.next_level) == ("ROC", "")
        page(client, url("advice", advising), data | {"direction": "c"})
    draft.refresh_from_db()
    assert (draft.direction, draft.destination, draft.next_level) == ("c", "", "bbl2")


# --- E. Nazorg ---
def test_R12_aftercare_is_at_most_twelve_months_and_look_ins_fall_within_it(in_aftercare: Walk) -> None:
    client = browser_of(in_aftercare.team.regisseur)
    care = in_aftercare.trajectory.aftercares.get()
    assert care.ends_on == care.starts_on.replace(year=care.starts_on.year + 1) - timedelta(days=1)
    with on(in_aftercare.day):
        assert "due_on" in errors(client, url("aftercare", in_aftercare), {"due_on": care.ends_on + timedelta(days=1)})
        assert "due_on" in errors(
            client, url("aftercare", in_aftercare), {"due_on": in_aftercare.day - timedelta(days=1)}
        )
        page(client, url("aftercare", in_aftercare), {"due_on": care.ends_on})
    assert care.check_ins.filter(due_on=care.ends_on).count() == 1


def test_R12_after_the_last_day_aftercare_ends_by_itself(in_aftercare: Walk) -> None:
    from accounts.audit import SYSTEM

    care = in_aftercare.trajectory.aftercares.get()
    with on(care.ends_on + timedelta(days=1)):
        actions.finish_aftercare(in_aftercare.fresh(), by=SYSTEM)
    assert in_aftercare.fresh().state == "AFSLUITING"
    care.refresh_from_db()
    assert care.stopped_on == care.ends_on


def test_R12_a_job_lost_during_aftercare_leads_back_to_the_pool(in_aftercare: Walk) -> None:
    walk = in_aftercare.later(30)
    walk.step(Journey.job_lost, reason="Bedrijf gestopt.")
    assert walk.trajectory.state == "BANENPOOL"
    assert not walk.trajectory.aftercares.filter(stopped_on=None).exists()


def test_a_look_in_is_recorded_once(in_aftercare: Walk) -> None:
    walk = in_aftercare.later(31)
    client = browser_of(walk.team.regisseur)
    row = walk.trajectory.aftercares.get().check_ins.first()
    address = url("check_in", walk, row.pk)
    data = {"held_on": walk.day, "mood": "risico", "notes": "Contract loopt af."}
    with on(walk.day):
        assert "Hoe gaat het" in page(client, address)
        assert set(errors(client, address, {"held_on": walk.day + timedelta(days=1), "mood": "", "notes": ""})) == {
            "held_on",
            "mood",
            "notes",
        }
        before = walk.trajectory.aftercares.get().starts_on - timedelta(days=1)
        assert "held_on" in errors(client, address, data | {"held_on": before})
        text = page(client, address, data)
        assert "De baan is in gevaar" in text and "baan in gevaar" in text
        assert client.post(address, data).status_code == 409
    assert CheckIn.objects.exclude(held_on=None).count() == 1


def test_a_look_in_of_another_case_is_not_there(in_aftercare: Walk) -> None:
    assert browser_of(in_aftercare.team.regisseur).get(url("check_in", in_aftercare, 987654)).status_code == 404


# --- Closing ---
def test_R15_closing_needs_the_exit_talk_and_the_completion(closing: Walk) -> None:
    client = browser_of(closing.team.backoffice)
    with on(closing.day):
        with pytest.raises(Refused) as refused:
            actions.close(closing.fresh(), by=closing.team.backoffice)
        assert len(refused.value.reasons) == 2
        text = page(
            client, url("exit_talk", closing), {"was_held": "True", "on": closing.day, "feedback": "Top.", "grade": 8}
        )
        assert "De administratieve afronding is nog niet klaar." in text
        ticks = ("documents_complete", "client_informed", "invoice_settled")
        text = page(client, url("completion", closing), dict.fromkeys(ticks, "on"))
        assert "Nog niet alles is afgevinkt." in text
        with pytest.raises(Refused):
            actions.close(closing.fresh(), by=closing.team.backoffice)
        page(client, url("completion", closing), dict.fromkeys((*ticks, "accounts_closed"), "on"))
        actions.close(closing.fresh(), by=closing.team.backoffice)
    closed = closing.fresh()
    assert closed.state == "AFGESLOTEN"
    assert closed.retention_until > closing.day


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"was_held": "True", "feedback": ""}, "feedback"),
        ({"was_held": "False", "not_held_reason": ""}, "not_held_reason"),
        ({"was_held": "", "feedback": "Goed."}, "was_held"),
        ({"was_held": "True", "feedback": "Goed.", "grade": 11}, "grade"),
        ({"was_held": "True", "feedback": "Goed.", "grade": 0}, "grade"),
    ],
)
def test_the_exit_talk_was_held_or_it_says_why_not(closing: Walk, data: dict, field: str) -> None:
    with on(closing.day):
        wrong = errors(browser_of(closing.team.backoffice), url("exit_talk", closing), data | {"on": closing.day})
        assert list(wrong) == [field]
    assert not ExitTalk.objects.exists()


def test_an_exit_talk_that_was_not_held_keeps_no_grade(closing: Walk) -> None:
    data = {"was_held": "False", "on": closing.day, "feedback": "x", "grade": 3, "not_held_reason": "Niet bereikbaar."}
    with on(closing.day):
        page(browser_of(closing.team.backoffice), url("exit_talk", closing), data)
    talk = ExitTalk.objects.get()
    assert (talk.was_held, talk.feedback, talk.grade, talk.not_held_reason) == (False, "", None, "Niet bereikbaar.")


def test_the_database_refuses_an_exit_talk_without_its_reason(closing: Walk) -> None:
    with pytest.raises(IntegrityError):
        ExitTalk.objects.create(
            trajectory=closing.trajectory, was_held=False, on=clock.today(), by=closing.team.backoffice
        )
