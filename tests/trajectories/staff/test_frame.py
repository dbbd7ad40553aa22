"""The frame of one person: one header and tabs around every part, and on Nu the one step that the case works towards."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from lxml import html

from accounts.models import Department
from candidates.models import FinanceCheck, Registration
from tests import factories
from tests.trajectories.conftest import Reach, Walk, begin
from topjob import clock
from topjob.going_back import returning
from trajectories.models import Deadline
from trajectories.process.checks import CHECKS
from trajectories.process.workflow import State, step_named, steps_from

ALL = ["Nu", "Dossier", "Zoekprofiel", "Plan & documenten", "Tijdlijn"]


def opened(client, url: str, walk: Walk, user=None):
    """A page as this person sees it on the day the story has reached."""
    client.force_login(user or walk.team.regisseur)
    with clock.at(walk.day):
        response = client.get(url)
    assert response.status_code == 200, url
    return html.fromstring(response.content.decode())


def case_url(walk: Walk) -> str:
    return reverse("trajectories:detail", args=[walk.trajectory.pk])


def words(element) -> str:
    return " ".join(element.text_content().split())


def find(page, selector: str) -> list:
    """Elements by a selector of names, classes, ids and attributes within each other."""
    path = "."
    for part in selector.replace(" > ", " >").split():
        name = re.match(r">?([a-z]\w*)?", part)
        path += "/" if part.startswith(">") else "//"
        path += (name and name[1]) or "*"
        for kind, value in re.findall(r"([.#\[])([\w-]+)", part):
            path += {
                ".": f"[contains(concat(' ', @class, ' '), ' {value} ')]",
                "#": f"[@id='{value}']",
                "[": f"[@{value}]",
            }[kind]
    return page.xpath(path)


def tabs(page) -> dict[str, str]:
    return {words(link): link.get("href") for link in find(page, ".person-tabs a")}


def next_step(page):
    return find(page, ".next-step")[0]


def primaries(page) -> list[str]:
    return [words(button) for button in find(page, "main .btn-primary")]


# --- The frame ---
@pytest.mark.parametrize(
    ("who", "left_out"),
    [
        ("regisseur", set()),
        ("jobcoach", set()),
        ("job_broker", set()),
        ("frontoffice", {"Plan & documenten"}),
        ("backoffice", {"Zoekprofiel"}),
    ],
)
def test_every_tab_that_is_shown_opens_within_the_same_frame(client, reach: Reach, who, left_out) -> None:
    walk = reach("PROEFPERIODE")
    user = getattr(walk.team, who)
    first = opened(client, case_url(walk), walk, user)
    head = words(find(first, ".person-head")[0])
    assert list(tabs(first)) == [label for label in ALL if label not in left_out]
    for label, url in tabs(first).items():
        page = opened(client, url, walk, user)
        assert words(find(page, ".person-tabs [aria-current]")[0]) == label
        assert head in words(find(page, ".person-head")[0])
        assert [words(title) for title in find(page, "h1")] == [walk.candidate.full_name]


# Pages of one case that aren't a tab themselves: by state their address, and the tab under which they stand.
STANDING = {
    "INTAKE": {"stap/complete_intake": "Nu", "notitie": "Nu", "begeleiders": "Nu"},
    "BEMIDDELBAAR": {"verplaatsen": "Nu"},
    "SOLLICITATIE": {"toestemming": "Nu"},
    "STARTPLAN": {"startplan": "Plan & documenten", "startplan/nieuwe-versie": "Plan & documenten"},
    "PROEFPERIODE": {
        "startplan": "Plan & documenten",
        "startplan/versie/1": "Plan & documenten",
        "onderbrekingen": "Nu",
        "proefperiode-verlengen": "Nu",
        "jobcoaching": "Nu",
        "regelingen": "Nu",
    },
    "EVALUATIE": {
        "evaluatie": "Plan & documenten",
        "evaluatie/namens/jongere": "Plan & documenten",
        "evaluatie/niet-gekomen/jongere": "Plan & documenten",
        "loonwaarde": "Plan & documenten",
    },
    "NAZORG": {"nazorg": "Nu", "advies": "Nu"},
}


@pytest.mark.parametrize("state", STANDING)
def test_every_page_of_a_case_stands_in_the_frame_under_its_tab(client, reach: Reach, state) -> None:
    walk = reach(state)
    for part, tab in STANDING[state].items():
        page = opened(client, f"{case_url(walk)}{part}/", walk)
        assert [words(link) for link in find(page, ".person-tabs [aria-current]")] == [tab], part
        assert [words(title) for title in find(page, "h1")] == [walk.candidate.full_name], part
        assert words(find(page, ".part-header h2")[0]), part


@pytest.mark.parametrize("page", ["refine", "left_out", "shortlisted"])
def test_what_belongs_to_somebodys_zoekprofiel_stands_in_their_frame(client, reach: Reach, page) -> None:
    walk = reach("BEMIDDELBAAR")
    found = opened(client, reverse(f"matching:{page}", args=[walk.candidate.pk]), walk, walk.team.job_broker)
    assert words(find(found, ".person-tabs [aria-current]")[0]) == "Zoekprofiel"
    assert [words(title) for title in find(found, "h1")] == [walk.candidate.full_name]


def test_a_draft_of_the_startplan_is_filled_in_within_the_frame(client, reach: Reach) -> None:
    walk = reach("STARTPLAN").draft_plan()
    page = opened(client, reverse("trajectories:plan", args=[walk.trajectory.pk]), walk)
    assert words(find(page, ".person-tabs [aria-current]")[0]) == "Plan & documenten"
    assert find(page, "form[data-autosave-url]") and len(find(page, "h1")) == 1


def test_the_header_says_who_it_is_where_they_stand_and_how_to_reach_them(client, reach: Reach) -> None:
    walk = reach("PROEFPERIODE")
    person, case = walk.candidate, walk.trajectory
    type(person).objects.filter(pk=person.pk).update(city="Raalte")
    head = find(opened(client, case_url(walk), walk), ".person-head")[0]
    text = words(head)
    for part in (f"{person.age_on(walk.day)} jaar, Raalte", "Proefperiode", "Aan zet: Jobcoach", "Eerste termijn"):
        assert part in text
    assert case.client is None or str(case.client) in text
    links = [link.get("href") for link in find(head, "a")]
    assert person.phone.as_rfc3966 in links and f"mailto:{person.email}" in links


def test_a_person_without_a_trajectory_has_a_frame_as_well(client, walk: Walk) -> None:
    alone = factories.CandidateFactory(region=walk.candidate.region)
    page = opened(client, reverse("candidates:person", args=[alone.pk]), walk)
    assert list(tabs(page)) == ["Dossier", "Zoekprofiel"]
    assert not find(page, ".stepper")


def test_the_frame_leads_to_the_running_trajectory_before_a_closed_one(client, reach: Reach, walk: Walk) -> None:
    closed = reach("AFGESLOTEN")
    file = reverse("candidates:person", args=[closed.candidate.pk])
    assert tabs(opened(client, file, closed))["Nu"] == case_url(closed)
    with clock.at(closed.day):
        first = closed.candidate.registrations.get()
        kept = (
            "client",
            "target_group",
            "motivation",
            "is_motivated",
            "situation",
            "wish",
            "planned_start",
            "hours_per_week",
        )
        kept += ("override_reason", "override_by", "override_at", "max_distance_km", "transport")
        asked = {name: getattr(first, name) for name in kept}
        anew = Registration.objects.create(candidate=closed.candidate, created_at=clock.now(), **asked)
    again = begin(anew, closed.team, closed.day, department=walk.trajectory.department).trajectory
    found = tabs(opened(client, file, closed))
    assert found["Nu"] == reverse("trajectories:detail", args=[again.pk])


# --- The next step ---
def test_every_guard_of_a_step_says_what_it_asks_for() -> None:
    guards = {guard for state in State for step in steps_from(state) for guard in step.needs}
    assert guards <= CHECKS.keys()
    assert all(str(CHECKS[guard].label).strip() for guard in guards)


@pytest.mark.parametrize("state", State)
def test_a_case_page_has_one_primary_button_at_most(client, reach: Reach, state) -> None:
    walk = reach(state)
    for user in vars(walk.team).values():
        assert len(primaries(opened(client, case_url(walk), walk, user))) <= 1


def test_what_can_be_taken_now_is_the_one_button(client, walk: Walk) -> None:
    page = opened(client, case_url(walk), walk)
    assert primaries(page) == ["Intake starten"]
    assert "Volgende stap: Intake starten" in words(next_step(page))


def test_what_a_step_still_needs_is_a_checklist_that_begins_with_the_first(client, reach: Reach) -> None:
    walk = reach("INTAKE")
    page = opened(client, case_url(walk), walk)
    missing = [words(find(item, "strong")[0]) for item in find(page, ".needs .open")]
    met = [words(find(item, "strong")[0]) for item in find(page, ".needs .met")]
    assert "Foto" in missing + met and "Toets financiën" in missing + met and "Intakegesprek" not in missing + met
    assert f"{len(met)} van {len(met + missing)}" in words(next_step(page))
    first = find(page, ".needs .open")[0]
    assert words(find(first, ".btn-primary")[0]).startswith("Invullen")


def test_a_department_is_shown_only_what_it_asks(reach: Reach) -> None:
    case = reach("INTAKE").trajectory
    case.department = Department.objects.exclude(code=Department.MAATWERQ).first()
    lines = step_named("complete_intake").checklist(case)
    assert [line.label for line in lines] == ["Intakegesprek", "Zoekprofiel bevestigd"]


def test_a_step_of_somebody_else_says_whose_it_is_and_offers_no_button(client, reach: Reach) -> None:
    walk = reach("BEMIDDELBAAR")
    page = opened(client, case_url(walk), walk, walk.team.regisseur)
    text = words(next_step(page))
    assert "Volgende stap: Voorstellen aan de werkgever" in text and "Deze stap doet: werkmakelaar." in text
    assert primaries(page) == []


def test_while_views_are_missing_they_come_before_another_place(client, reach: Reach) -> None:
    walk = reach("EVALUATIE")
    page = opened(client, case_url(walk), walk)
    assert "Volgende stap: Door met leren en werken" in words(next_step(page))
    assert all("Andere plek" not in label for label in primaries(page))
    assert "Andere plek zoeken" in words(find(page, ".choices-now")[0])


def test_where_nothing_is_worked_for_the_work_of_the_state_comes_first(client, reach: Reach) -> None:
    walk = reach("NAZORG")
    assert primaries(opened(client, case_url(walk), walk)) == ["Nazorgcontacten"]


# --- Every save returns here ---
def test_what_is_filled_in_for_the_next_step_leads_back_to_the_case(client, reach: Reach) -> None:
    walk = reach("INTAKE")
    FinanceCheck.objects.filter(candidate=walk.candidate).delete()
    page = opened(client, case_url(walk), walk)
    (link,) = [a for a in find(page, ".needs a") if "Toets financiën" in words(a)]
    form = find(opened(client, link.get("href"), walk), "main form.tj-form")[0]
    filled = dict(form.form_values()) | {"outcome": "geregeld", "source": "onderwijs"}
    with clock.at(walk.day):
        response = client.post(link.get("href"), filled)
    assert (response.status_code, response.url) == (302, case_url(walk))


@pytest.mark.parametrize("outside", ["https://kwaad.example/", "//kwaad.example", "javascript:alert(1)"])
def test_a_save_never_leads_outside(client, walk: Walk, outside) -> None:
    client.force_login(walk.team.regisseur)
    url = reverse("trajectories:note", args=[walk.trajectory.pk])
    response = client.post(returning(url, outside), {"kind": "telefoon", "notes": "x"})
    assert response.url == case_url(walk)


# --- Deadlines, bar, dots, notes ---
def test_a_deadline_is_one_line_with_why_folded_in_plain_words(client, reach: Reach) -> None:
    walk = reach("PROEFPERIODE")
    page = opened(client, case_url(walk), walk)
    lines = find(page, ".due-lines > li")
    assert len(lines) == Deadline.objects.open().filter(trajectory=walk.trajectory).count()
    (end,) = [line for line in lines if "Einde van de proefperiode" in words(line)]
    assert words(find(end, ".why summary")[0]).startswith("Waarom deze datum?")
    assert "De proefperiode van 3 maanden begon op" in words(find(end, ".why p")[0])
    text = " ".join(words(line) for line in lines)
    assert not re.search(r"\bR\d+\b|geldig vanaf|\d{2}-\d{2}-\d{4}", text)


def test_the_trial_is_a_bar_and_signatures_are_dots(client, reach: Reach) -> None:
    walk = reach("PROEFPERIODE")
    page = opened(client, case_url(walk), walk)
    (bar,) = find(page, "progress")
    trial = walk.fresh().current_trial
    days = (trial.last_day - trial.starts_on).days + 1
    assert int(bar.get("max")) == days and f"van {days}, nog" in words(bar.getparent())
    assert "●●●3 van 3 handtekeningen" in words(find(page, ".dots")[0])


def test_dots_tell_how_many_have_signed(client, reach: Reach) -> None:
    walk = reach("STARTPLAN").draft_plan().send_plan().sign("jongere", "werkgever")
    page = opened(client, case_url(walk), walk)
    assert "●●○2 van 3 handtekeningen" in words(find(page, ".dots")[0])


def test_the_timeline_shows_what_people_wrote_and_the_rest_by_choice(client, reach: Reach) -> None:
    walk = reach("SOLLICITATIE")
    url = reverse("trajectories:timeline", args=[walk.trajectory.pk])
    notes, system, everything = (
        words(find(opened(client, url + wanted, walk), "#tijdlijn")[0])
        for wanted in ("", "?toon=systeem", "?toon=alles")
    )
    for said, done in ((True, notes), (False, system), (True, everything)):
        assert (walk.words.talk in done) == said
    for told, done in ((False, notes), (True, system), (True, everything)):
        assert ("Intake gestart" in done) == told


def test_where_nobody_wrote_anything_it_says_so_and_where_the_rest_is(client, walk: Walk) -> None:
    url = reverse("trajectories:timeline", args=[walk.trajectory.pk])
    page = opened(client, url, walk)
    assert "Er zijn nog geen notities." in words(find(page, "#tijdlijn")[0])
    assert [link.get("href") for link in find(page, "#tijdlijn p a")] == [f"{url}?toon=alles"]
    assert "geen notities" not in words(find(opened(client, f"{url}?toon=alles", walk), "#tijdlijn")[0])


def test_the_case_page_shows_the_last_three_notes(client, walk: Walk) -> None:
    client.force_login(walk.team.regisseur)
    for number in range(4):
        with clock.at(walk.day, 9 + number):
            client.post(
                reverse("trajectories:note", args=[walk.trajectory.pk]),
                {"kind": "notitie", "notes": f"Bericht {number}."},
            )
    text = words(find(opened(client, case_url(walk), walk), "#notitie")[0])
    assert [number for number in range(4) if f"Bericht {number}." in text] == [1, 2, 3]
