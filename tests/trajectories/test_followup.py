"""The follow-up pages of staff: what is asked, what is refused, and what follows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry, Role
from candidates.models import ContactMoment
from tests import factories
from tests.trajectories.conftest import Reach
from tests.trajectories.portals import browser_of, on, page
from topjob import clock
from topjob.errors import Refused
from trajectories import actions
from trajectories.demo.walk import Walk, ambition_items
from trajectories.models import AmbitionItem, CheckIn, Completion, Deadline, ExitTalk
from trajectories.progress import progress_of

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
    walk = reach(state)
    client = browser_of(walk.team.backoffice)
    with on(walk.day):
        for name in PAGES:
            assert walk.candidate.full_name in page(client, url(name, walk))


def test_a_foreign_case_is_as_one_that_is_not_there(reach: Reach) -> None:
    walk = reach("NAZORG")
    stranger = browser_of(factories.staff(Role.REGISSEUR, region_code="29"))
    for name in PAGES:
        assert stranger.get(url(name, walk)).status_code == 404
        assert stranger.get(reverse(f"trajectories:{name}", args=[987654])).status_code == 404
    check_in = walk.trajectory.aftercares.get().check_ins.first()
    assert stranger.get(url("check_in", walk, check_in.pk)).status_code == 404


def test_a_jobcoach_sees_only_the_people_they_coach(reach: Reach) -> None:
    walk = reach("LEERWERK")
    assert browser_of(walk.team.jobcoach).get(url("coaching", walk)).status_code == 200
    assert browser_of(factories.staff(Role.JOBCOACH)).get(url("coaching", walk)).status_code == 404


@pytest.mark.parametrize("user", ["werkgever", "opdrachtgever", "kandidaat"])
def test_portal_users_have_no_staff_pages(reach: Reach, user: str) -> None:
    walk = reach("LEERWERK")
    person = factories.UserFactory()
    organisation = {
        "werkgever": walk.trajectory.current_application.organisation,
        "opdrachtgever": walk.trajectory.client,
    }
    person.memberships.create(role=user, organisation=organisation.get(user))
    assert browser_of(person).get(url("coaching", walk)).status_code == 404


def test_what_does_not_fit_is_explained_and_refused(reach: Reach) -> None:
    walk = reach("LEERWERK")
    client = browser_of(walk.team.backoffice)
    with on(walk.day):
        text = page(client, url("completion", walk))
        assert "Nu alleen te lezen" in text and "staat op “Leerwerk en jobcoaching”" in text
        refused = client.post(url("completion", walk), {"documents_complete": "on"})
    assert refused.status_code == 409
    assert not Completion.objects.exists()


# --- B. Jobcoaching ---
def talk(walk: Walk, **changes) -> dict:
    first, second = AmbitionItem.objects.all()[:2]
    data = {"on": walk.day, "field": "vakmanschap", "notes": "Werkt netjes.", "next_on": walk.day + timedelta(days=21)}
    return data | {f"score_{first.pk}": 3, f"score_{second.pk}": 4} | changes


def test_a_coaching_talk_brings_scores_and_the_next_deadline(reach: Reach) -> None:
    walk = reach("LEERWERK")
    client = browser_of(walk.team.jobcoach)
    with on(walk.day):
        text = page(client, url("coaching", walk), talk(walk))
    assert "Het gesprek is vastgelegd." in text and "Werkt netjes." in text
    session = walk.trajectory.coaching_sessions.get()
    assert [score.score for score in session.scores.all()] == [3, 4]
    deadline = walk.trajectory.deadlines.open().get(kind=Deadline.Kind.COACHING)
    assert deadline.due_on == walk.day + timedelta(days=21)
    assert AuditEntry.objects.filter(verb="record_coaching", actor=walk.team.jobcoach).exists()


def test_coaching_refuses_impossible_input_at_the_field(reach: Reach) -> None:
    walk = reach("LEERWERK")
    client = browser_of(walk.team.jobcoach)
    item = AmbitionItem.objects.first()
    with on(walk.day):
        wrong = talk(walk, on=walk.day + timedelta(days=1), notes="")
        assert set(errors(client, url("coaching", walk), wrong)) == {"on", "notes"}
        assert "next_on" in errors(client, url("coaching", walk), talk(walk, next_on=walk.day))
        assert f"score_{item.pk}" in errors(client, url("coaching", walk), talk(walk, **{f"score_{item.pk}": 6}))
        assert "notes" in errors(client, url("coaching", walk), talk(walk, notes="x" * 5001))
        assert "on" in errors(client, url("coaching", walk), talk(walk, on="31-02"))
    assert not walk.trajectory.coaching_sessions.exists()


def test_progress_shows_the_last_talks_oldest_first(reach: Reach) -> None:
    walk = reach("LEERWERK")
    for score in (2, 3, 5):
        walk.later(20).coach(score)
    sessions = list(walk.trajectory.coaching_sessions.prefetch_related("scores__item"))
    progress = progress_of(sessions)
    assert progress is not None
    assert [mark.value for mark in progress.marks] == ["2,0", "3,0", "5,0"]
    assert progress.rows[0].scores == [2, 3, 5] and progress.rows[0].change == 3
    assert progress.marks[0].y > progress.marks[-1].y
    assert progress_of([]) is None
    with on(walk.day):
        text = page(browser_of(walk.team.regisseur), url("coaching", walk))
    assert "<polyline" in text and "+3" in text


def test_the_coaching_page_takes_as_many_queries_for_two_talks_as_for_twenty(reach: Reach) -> None:
    walk = reach("LEERWERK")
    client = browser_of(walk.team.regisseur)

    def queries() -> int:
        with (
            on(walk.day),
            CaptureQueriesContext(
                connection,
            ) as captured,
        ):
            page(client, url("coaching", walk))
        return len(captured)

    walk.coach().coach()
    few = queries()
    for _number in range(18):
        walk.later(1).coach()
    assert queries() == few <= 12


def test_a_coaching_talk_is_all_or_nothing(reach: Reach, monkeypatch: pytest.MonkeyPatch) -> None:
    walk = reach("LEERWERK")
    monkeypatch.setattr("trajectories.actions.learning.log", _broken)
    with on(walk.day), pytest.raises(RuntimeError):
        actions.record_coaching(
            walk.fresh(),
            on=walk.day,
            field="leren",
            notes="Goed.",
            scores={ambition_items()[0]: 2},
            by=walk.team.jobcoach,
        )
    assert not walk.trajectory.coaching_sessions.exists()


def _broken(*args, **details) -> None:
    raise RuntimeError("halfway")


def test_a_qualification_is_recorded_and_leads_on(reach: Reach) -> None:
    walk = reach("LEERWERK")
    client = browser_of(walk.team.regisseur)
    data = {"level": "startkwalificatie", "name": "Mbo 2 grondwerk", "on": walk.day}
    with on(walk.day):
        text = page(client, url("qualification", walk), data)
        assert "Mbo 2 grondwerk" in text and "Rond die dan af" in text
        assert set(errors(client, url("qualification", walk), {"level": "zwemdiploma", "name": "", "on": ""})) == {
            "level",
            "name",
            "on",
        }
        assert "on" in errors(client, url("qualification", walk), data | {"on": walk.day + timedelta(days=1)})


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
def test_the_quick_scan_needs_every_score(reach: Reach) -> None:
    walk = reach("ADVIES")
    client = browser_of(walk.team.career_adviser)
    data = SCAN | {"on": walk.day, "conclusion": "Kan zelfstandig werken."}
    with on(walk.day):
        assert "Kan zelfstandig werken." in page(client, url("quick_scan", walk), data)
        wrong = errors(client, url("quick_scan", walk), data | {"craft": "", "motivation": 9})
        assert set(wrong) == {"craft", "motivation"}
    assert walk.trajectory.quick_scans.get().craft == 4


def test_advice_shows_what_is_missing_until_it_can_be_settled(reach: Reach) -> None:
    walk = reach("ADVIES").later(3)
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
def test_advice_says_at_the_field_what_is_wrong(reach: Reach, data: dict, field: str) -> None:
    walk = reach("ADVIES")
    with on(walk.day):
        assert list(errors(browser_of(walk.team.career_adviser), url("advice", walk), data)) == [field]
    assert not walk.trajectory.advices.exists()


def test_advice_keeps_only_what_belongs_to_its_direction(reach: Reach) -> None:
    walk = reach("ADVIES")
    client = browser_of(walk.team.career_adviser)
    data = {"direction": "d", "destination": "ROC", "next_level": "bbl2", "plan": "School."}
    with on(walk.day):
        page(client, url("advice", walk), data)
        draft = walk.trajectory.advices.get()
        assert (draft.destination, draft.next_level) == ("ROC", "")
        page(client, url("advice", walk), data | {"direction": "c"})
    draft.refresh_from_db()
    assert (draft.direction, draft.destination, draft.next_level) == ("c", "", "bbl2")


# --- E. Nazorg ---
def test_R12_aftercare_is_at_most_twelve_months_and_look_ins_fall_within_it(reach: Reach) -> None:
    walk = reach("NAZORG")
    client = browser_of(walk.team.regisseur)
    care = walk.trajectory.aftercares.get()
    assert care.ends_on == care.starts_on.replace(year=care.starts_on.year + 1) - timedelta(days=1)
    with on(walk.day):
        assert "due_on" in errors(client, url("aftercare", walk), {"due_on": care.ends_on + timedelta(days=1)})
        assert "due_on" in errors(client, url("aftercare", walk), {"due_on": walk.day - timedelta(days=1)})
        page(client, url("aftercare", walk), {"due_on": care.ends_on})
    assert care.check_ins.filter(due_on=care.ends_on).count() == 1


def test_R12_after_the_last_day_aftercare_ends_by_itself(reach: Reach) -> None:
    from accounts.audit import SYSTEM

    walk = reach("NAZORG")
    care = walk.trajectory.aftercares.get()
    with on(care.ends_on + timedelta(days=1)):
        actions.finish_aftercare(walk.fresh(), by=SYSTEM)
    assert walk.fresh().state == "AFSLUITING"
    care.refresh_from_db()
    assert care.stopped_on == care.ends_on


def test_R12_a_job_lost_during_aftercare_leads_back_to_the_pool(reach: Reach) -> None:
    walk = reach("NAZORG").later(30)
    walk.step("job_lost", reason="Bedrijf gestopt.")
    assert walk.trajectory.state == "BANENPOOL"
    assert not walk.trajectory.aftercares.filter(stopped_on=None).exists()


def test_a_look_in_is_recorded_once(reach: Reach) -> None:
    walk = reach("NAZORG").later(31)
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


def test_a_look_in_of_another_case_is_not_there(reach: Reach) -> None:
    walk = reach("NAZORG")
    assert browser_of(walk.team.regisseur).get(url("check_in", walk, 987654)).status_code == 404


# --- Closing ---
def test_R15_closing_needs_the_exit_talk_and_the_completion(reach: Reach) -> None:
    walk = reach("AFSLUITING")
    client = browser_of(walk.team.backoffice)
    with on(walk.day):
        with pytest.raises(Refused) as refused:
            actions.close(walk.fresh(), by=walk.team.backoffice)
        assert len(refused.value.reasons) == 2
        text = page(
            client, url("exit_talk", walk), {"was_held": "True", "on": walk.day, "feedback": "Top.", "grade": 8}
        )
        assert "De administratieve afronding is nog niet klaar." in text
        ticks = ("documents_complete", "client_informed", "invoice_settled")
        text = page(client, url("completion", walk), dict.fromkeys(ticks, "on"))
        assert "Nog niet alles is afgevinkt." in text
        with pytest.raises(Refused):
            actions.close(walk.fresh(), by=walk.team.backoffice)
        page(client, url("completion", walk), dict.fromkeys((*ticks, "accounts_closed"), "on"))
        actions.close(walk.fresh(), by=walk.team.backoffice)
    closed = walk.fresh()
    assert closed.state == "AFGESLOTEN"
    assert closed.retention_until > walk.day


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
def test_the_exit_talk_was_held_or_it_says_why_not(reach: Reach, data: dict, field: str) -> None:
    walk = reach("AFSLUITING")
    with on(walk.day):
        wrong = errors(browser_of(walk.team.backoffice), url("exit_talk", walk), data | {"on": walk.day})
        assert list(wrong) == [field]
    assert not ExitTalk.objects.exists()


def test_an_exit_talk_that_was_not_held_keeps_no_grade(reach: Reach) -> None:
    walk = reach("AFSLUITING")
    data = {"was_held": "False", "on": walk.day, "feedback": "x", "grade": 3, "not_held_reason": "Niet bereikbaar."}
    with on(walk.day):
        page(browser_of(walk.team.backoffice), url("exit_talk", walk), data)
    talk = ExitTalk.objects.get()
    assert (talk.was_held, talk.feedback, talk.grade, talk.not_held_reason) == (False, "", None, "Niet bereikbaar.")


def test_the_database_refuses_an_exit_talk_without_its_reason(reach: Reach) -> None:
    walk = reach("AFSLUITING")
    with pytest.raises(IntegrityError):
        ExitTalk.objects.create(trajectory=walk.trajectory, was_held=False, on=clock.today(), by=walk.team.backoffice)
