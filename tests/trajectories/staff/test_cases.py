"""The case page, table and board: what they show, to whom, and in how many queries."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Absence, AuditEntry, Reading, Role
from candidates.models import ContactMoment
from tests import factories
from tests.questions import LIST, ONE_THING
from tests.trajectories.conftest import Reach, Walk, make_walk
from topjob import clock, paging
from topjob.going_back import returning
from trajectories.models import Deadline, NoShow, Trajectory
from trajectories.pages import worklists
from trajectories.pages.worklists import BOARD_CARDS
from trajectories.process.workflow import State


def case_url(walk: Walk) -> str:
    return reverse("trajectories:detail", args=[walk.trajectory.pk])


def timeline_url(walk: Walk) -> str:
    """Everything that happened, what people wrote and what was done."""
    return reverse("trajectories:timeline", args=[walk.trajectory.pk]) + "?toon=alles"


def page(client, url: str, walk: Walk | None = None) -> str:
    """The text of a page, on the day the story has reached."""
    with clock.at(walk.day if walk else clock.today()):
        response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


@pytest.mark.parametrize("state", State)
def test_the_case_page_shows_every_state(client, regisseur, reach: Reach, state) -> None:
    walk = reach(state)
    text = page(client, case_url(walk), walk)
    assert walk.candidate.full_name in text
    assert str(state.label) in text


def test_blocked_steps_say_what_is_missing_with_links(client, regisseur, reach: Reach) -> None:
    walk = reach("INTAKE")
    text = page(client, case_url(walk), walk)
    assert "Volgende stap: Intake afronden" in text
    profile = reverse("matching:profile", args=[walk.candidate.pk])
    assert f'href="{returning(profile, case_url(walk))}"' in text


def test_the_timeline_tells_in_dutch_with_reasons_and_notes(client, regisseur, reach: Reach) -> None:
    walk = reach("SOLLICITATIE").later(2).decline("Te ver reizen.")
    text = page(client, timeline_url(walk), walk)
    assert "Sollicitatie niet doorgegaan: Sollicitatie → Bemiddelbaar" in text
    assert "Te ver reizen." in text
    assert walk.words.talk in text
    assert "choose_vacancy" not in text


def test_opening_a_case_is_logged_each_time(client, regisseur, walk: Walk) -> None:
    for _visit in range(3):
        page(client, case_url(walk), walk)
    reads = Reading.objects.of_people(walk.candidate.pk).filter(actor=regisseur, page="traject")
    assert reads.count() == 3


def test_the_case_page_asks_no_more_with_a_long_history(
    client, regisseur, reach: Reach, django_assert_max_num_queries
) -> None:
    walk = reach("LEERWERK")
    for _talk in range(20):
        with clock.at(walk.day):
            walk.talk("telefoon")
    for url in (case_url(walk), timeline_url(walk)):
        page(client, url, walk)
        with django_assert_max_num_queries(ONE_THING):
            page(client, url, walk)


def test_the_case_page_keeps_to_its_bound_with_all_that_is_rare_at_once(
    client, regisseur, team, reach: Reach, django_assert_max_num_queries
) -> None:
    """A guide is away, a talk was held, one party gave its view, another didn't come, and the payer never decided."""
    walk = reach("STARTPLAN").draft_plan().send_plan().sign()
    walk = walk.start_trial().open_evaluation().give_views(True, "jongere")
    assert not walk.trajectory.permissions.exists()
    cover, day = factories.staff(Role.WERKMAKELAAR), {"starts_on": walk.day, "ends_on": walk.day}
    made = {"created_by": regisseur, "created_at": clock.now()}
    Absence.objects.create(
        person=team.job_broker, cover=cover, role=Role.WERKMAKELAAR, region=factories.region(), **day, **made
    )
    evaluation = walk.fresh().current_evaluation
    party = walk.trajectory.current_plan.parties.get(party="werkgever")
    absent = {"cause": "afgezegd", "reason": "Druk.", "follows": "zonder", "recorded_at": clock.now()}
    NoShow.objects.create(
        evaluation=evaluation, party=party, role="werkgever", on=walk.day, recorded_by=regisseur, **absent
    )
    with clock.at(walk.day):
        walk.talk("telefoon")
        page(client, case_url(walk), walk)
        with django_assert_max_num_queries(ONE_THING):
            page(client, case_url(walk), walk)


def test_permission_warning_and_override_stay_visible(client, regisseur, reach: Reach) -> None:
    walk = reach("STARTPLAN").draft_plan()
    text = page(client, case_url(walk), walk)
    assert "Toestemming van de opdrachtgever" in text
    assert "Past na overleg." in text


# --- Table and board ---
def some_cases(team, number: int) -> list[Trajectory]:
    return [make_walk(team).trajectory for _number in range(number)]


@pytest.mark.parametrize("view", ["", "?weergave=bord"])
def test_lists_ask_as_much_at_5_rows_as_at_50(
    client, regisseur, team, light_pdf, view, django_assert_max_num_queries
) -> None:
    some_cases(team, 5)
    url = reverse("trajectories:list") + view
    client.get(url)
    with django_assert_max_num_queries(LIST) as few:
        client.get(url)
    some_cases(team, 25)
    with django_assert_max_num_queries(LIST) as many:
        client.get(url)
    assert len(few) == len(many)


def test_the_board_counts_no_further_than_says_enough(client, regisseur, team, light_pdf, monkeypatch) -> None:
    some_cases(team, BOARD_CARDS + 1)
    url = f"{reverse('trajectories:list')}?weergave=bord&state=AANGEMELD"
    assert "Nog 2<span" in client.get(url).content.decode()  # the team has one there
    for module in (worklists, paging):
        monkeypatch.setattr(module, "COUNTED_TO", BOARD_CARDS)
    text = client.get(url).content.decode()
    assert f'Aangemeld <span class="muted">{BOARD_CARDS}+</span>' in text
    assert ">Alle<span" in text and "Nog 2<span" not in text
    assert text.count("data-card=") == BOARD_CARDS


def test_the_board_of_who_sees_nobody_is_empty(team) -> None:
    columns = worklists.board(Trajectory.objects.none())
    assert {column["count"] for column in columns} == {0} and not any(column["cards"] for column in columns)


def test_the_board_shows_the_most_urgent_of_each_column(client, regisseur, team, light_pdf) -> None:
    none, *rest, late = some_cases(team, BOARD_CARDS + 2)
    Trajectory.objects.filter(pk=late.pk).update(due_on=clock.today() - timedelta(days=400))
    Trajectory.objects.filter(pk__lte=none.pk).update(due_on=None)
    text = client.get(f"{reverse('trajectories:list')}?weergave=bord&state=AANGEMELD").content.decode()
    shown = re.findall(r'data-open href="([^"]+)"', text)
    assert shown == [reverse("trajectories:detail", args=[case.pk]) for case in (late, *rest[: BOARD_CARDS - 1])]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("q=bakker", True),
        ("q=bakkr", True),
        ("q=zwart", False),
        ("state=INTAKE", True),
        ("state=BANENPOOL", False),
        ("phase=A", True),
        ("phase=E", False),
        ("turn=ik", True),
        ("turn=werkmakelaar", False),
        ("guide=ik", True),
        ("guide=niemand", False),
        ("department=maatwerq", True),
        ("department=jeugd", False),
        ("due=laat", False),
        ("due=week", False),
        ("let_op=geen_vacature", False),
        ("let_op=onzin&state=&phase=zzz", True),
        ("sort=-name&page=999", True),
        ("client=Bestaat niet", True),
    ],
)
def test_filters_live_in_the_address(client, regisseur, reach: Reach, query, found) -> None:
    walk = reach("INTAKE")
    text = page(client, f"{reverse('trajectories:list')}?{query}", walk)
    assert (case_url(walk) in text) == found
    assert (case_url(walk) in page(client, f"{reverse('trajectories:list')}?weergave=bord&{query}", walk)) == found


def test_closed_files_show_only_when_asked(client, regisseur, reach: Reach) -> None:
    walk = reach("AFGESLOTEN")
    assert case_url(walk) not in page(client, reverse("trajectories:list"), walk)
    assert case_url(walk) in page(client, reverse("trajectories:list") + "?state=AFGESLOTEN", walk)


# --- Notes, guides, deadlines ---
def test_a_note_from_the_list_goes_back_to_the_list(client, regisseur, walk: Walk) -> None:
    back = reverse("trajectories:list") + "?turn=ik"
    url = reverse("trajectories:note", args=[walk.trajectory.pk])
    assert back.replace("&", "&amp;") in page(client, f"{url}?next={back}", walk)
    response = client.post(url, {"kind": "telefoon", "notes": "Belt morgen terug.", "next": back})
    assert response.url == back
    moment = ContactMoment.objects.get(candidate=walk.candidate)
    assert (moment.notes, moment.status, moment.by) == ("Belt morgen terug.", "gevoerd", regisseur)


def test_a_note_is_filed_as_a_note_unless_somebody_says_otherwise(client, regisseur, walk: Walk) -> None:
    page = client.get(reverse("trajectories:detail", args=[walk.trajectory.pk])).content.decode()
    assert '<option value="notitie" selected>Notitie</option>' in page
    client.post(
        reverse("trajectories:note", args=[walk.trajectory.pk]), {"kind": "notitie", "notes": "Belde niet terug."}
    )
    page = client.get(reverse("trajectories:detail", args=[walk.trajectory.pk])).content.decode()
    assert "Belde niet terug." in page and "Telefonisch contact (" not in page


@pytest.mark.parametrize("outside", ["https://kwaad.example/", "//kwaad.example", "javascript:alert(1)"])
def test_a_note_never_leads_outside(client, regisseur, walk: Walk, outside) -> None:
    url = reverse("trajectories:note", args=[walk.trajectory.pk])
    response = client.post(url, {"kind": "telefoon", "notes": "x", "next": outside})
    assert response.url == case_url(walk)


def test_an_empty_note_is_said_at_the_field(client, regisseur, walk: Walk) -> None:
    before = ContactMoment.objects.count()
    response = client.post(reverse("trajectories:note", args=[walk.trajectory.pk]), {"kind": "onzin", "notes": " "})
    assert set(response.context["form"].errors) == {"kind", "notes"}
    assert "Dit klopt nog niet" in response.content.decode()
    assert ContactMoment.objects.count() == before


def test_guides_change_and_deadlines_move_along(client, regisseur, team, walk: Walk) -> None:
    other = factories.staff(Role.REGISSEUR)
    url = reverse("trajectories:guides", args=[walk.trajectory.pk])
    assert other.name in page(client, url, walk)
    data = {"regisseur": other.pk, "career_adviser": team.career_adviser.pk, "job_broker": "", "jobcoach": ""}
    with clock.at(walk.day):
        assert client.post(url, data).status_code == 302
    case = walk.fresh()
    assert (case.regisseur, case.job_broker, case.candidate.jobcoach) == (other, None, None)
    assert case.deadlines.open().get().owner == other


def test_a_guide_must_hold_the_role_in_the_region(client, regisseur, walk: Walk) -> None:
    wrong = [factories.staff(Role.REGISSEUR, region_code="29"), factories.staff(Role.JOBCOACH)]
    url = reverse("trajectories:guides", args=[walk.trajectory.pk])
    for user in [*wrong, ""]:
        response = client.post(url, {"regisseur": user.pk if user else ""})
        assert "regisseur" in response.context["form"].errors
    assert walk.fresh().regisseur == regisseur


def test_ticking_off_once(client, regisseur, walk: Walk) -> None:
    deadline = Deadline.objects.get(trajectory=walk.trajectory)
    url = reverse("trajectories:tick_off", args=[deadline.pk])
    assert client.get(url).status_code == 405
    with clock.at(walk.day):
        assert client.post(url, {"next": "/"}).url == "/"
        assert client.post(url).status_code == 409
    assert AuditEntry.objects.filter(verb="tick_off").count() == 1
    assert walk.fresh().due_on is None


def test_a_deadline_that_closes_by_itself_cannot_be_ticked_off(client, regisseur, reach: Reach) -> None:
    walk = reach("PROEFPERIODE")
    deadline = Deadline.objects.open().get(trajectory=walk.trajectory, kind=Deadline.Kind.TRIAL_END)
    with clock.at(walk.day):
        assert client.post(reverse("trajectories:tick_off", args=[deadline.pk])).status_code == 409
    deadline.refresh_from_db()
    assert deadline.closed_at is None
