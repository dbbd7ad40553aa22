"""Whatever a page offers may be used by who sees it: every link, button and form, for every role, in every state."""

from __future__ import annotations

import re
from datetime import date
from functools import partial

import pytest
from django.urls import resolve
from lxml import html

from accounts.access import DEMO_ONLY, rule_of
from accounts.models import Reading, Role, User
from candidates.models import Candidate
from demo.walk import Team
from employers.models import Vacancy
from tests import factories
from tests.offered import Place, Walkabout
from tests.trajectories.conftest import make_registration, make_walk, walk_to
from tests.trajectories.staff.conftest import World
from topjob import clock
from trajectories.models import Trajectory
from trajectories.process.workflow import State

# Ways out of the walk: as somebody else, to another day, or out of the door. Asking for a password is counted, and has its
# own tests; checking now asks the queue, which isn't there in this test.
LEFT_ALONE = re.compile(
    r"^(admin:|accounts:(demo|keep_alive|check_now)|account_(logout|login|reset_password)|demo:tour)"
)
ABOUT = re.compile(r"^/(trajecten|personen|aanmeldingen)/(\d+)/")
STAGES_OF_A_FILE = {State.BEMIDDELBAAR, State.AFGESLOTEN}
pytestmark = pytest.mark.walk
TOLD_WRONG = re.compile(r"\bNone\b| object \(\d+\)")


def place_of(days: dict[int, date], path: str) -> Place | None:
    """The state of the case that an address is about, and the day it stands there; a person's file knows few stages."""
    about = ABOUT.match(path)
    if about is None:
        return None
    by = {"trajecten": "pk", "personen": "candidate_id", "aanmeldingen": "registration_id"}[about[1]]
    case = Trajectory.objects.select_related("department").filter(**{by: int(about[2])}).first()
    if case is None:
        return None
    stage = case.state if about[1] == "trajecten" or case.state in STAGES_OF_A_FILE else "later"
    return f"{case.department.code}:{stage}", days.get(case.pk, max(days.values()))


def walkabout(world: World, user: User, *starts: str, days: dict[int, date] | None = None) -> Walkabout:
    days = days or dict(world.people.values())
    last = max(days.values())
    return Walkabout(user, last, partial(place_of, days), lambda name: bool(LEFT_ALONE.match(name))).go(*starts)


def told_wrong(page: str) -> list[str]:
    """A value that isn't there or a row without a name, read aloud."""
    words = html.document_fromstring(page.encode()).text_content()
    return [" ".join(words[max(m.start() - 60, 0) : m.end() + 20].split()) for m in TOLD_WRONG.finditer(words)]


def unlogged(walked: Walkabout) -> list[str]:
    """Pages with somebody's name on it of which no reading by this person names them (decision 28)."""
    people = {row.pk: row.full_name for row in Candidate.objects.all()}
    logged: dict[str, set[str]] = {}
    for route, numbers in Reading.objects.filter(actor=walked.user).values_list("route", "people"):
        logged.setdefault(route, set()).update(people[pk] for pk in numbers if pk in people)
    found = []
    for offer, page in walked.pages:
        match = resolve(offer.url.partition("?")[0])
        if rule_of(match.func) is DEMO_ONLY:
            continue
        words = " ".join(html.document_fromstring(page.encode()).text_content().split())
        names = {name for name in people.values() if name in words} - logged.get(match.view_name, set())
        found += [f"not logged: {offer}: {name}" for name in sorted(names)]
    return found


def check(walked: Walkabout, least: int) -> None:
    wrong = unlogged(walked)
    wrong += [f"{offer}: {words}" for offer, page in walked.pages for words in told_wrong(page)]
    assert len(walked.pages) >= least, "the walk ended early"
    assert not walked.faults + wrong, "\n".join(walked.faults + wrong)


@pytest.mark.parametrize("role", [*factories.TEAM_ROLES, Role.BEHEERDER])
def test_what_a_role_is_offered_it_may_use(world: World, team: Team, light_pdf: None, role: str) -> None:
    """A regional colleague, except the jobcoach, who sees only who they coach."""
    with clock.at(max(day for _pk, day in world.people.values())):
        make_registration(team)
        factories.ProjectFactory()
        user = team.jobcoach if role == Role.JOBCOACH else factories.staff(role)
    check(walkabout(world, user, "/", "/demo/"), 20)


def test_what_the_loopbaanadviseur_of_other_departments_is_offered_works(
    world: World, team: Team, vacancy: Vacancy, light_pdf: None
) -> None:
    """In departments 1, 3 and 4 they act where the table says regisseur (decision 5)."""
    days = {}
    places = zip(["match", "jeugd", "maatschappelijk"] * 3, list(State)[:9], strict=True)
    for department, state in places:
        walk = walk_to(make_walk(team, department=department), vacancy, state)
        days[walk.trajectory.pk] = walk.day
    starts = [f"/trajecten/{pk}/" for pk in days]
    check(walkabout(world, team.career_adviser, *starts, days=days), 20)


@pytest.mark.parametrize(
    "state", [State.AANGEMELD, State.SOLLICITATIE, State.EVALUATIE, State.LEERWERK, State.AFGESLOTEN]
)
def test_what_somebody_is_offered_about_their_own_case_works(
    world: World, team: Team, vacancy: Vacancy, light_pdf: None, state: str
) -> None:
    pk, _day = world.people[state]
    case = Trajectory.objects.get(pk=pk)
    youth = factories.candidate_user()
    Candidate.objects.filter(pk=case.candidate_id).update(user=youth)
    check(walkabout(world, youth, "/", days={pk: world.people[state][1]}), 2)


def test_what_employers_and_payers_are_offered_works(
    world: World, team: Team, vacancy: Vacancy, light_pdf: None
) -> None:
    case = Trajectory.objects.get(pk=world.people[State.SOLLICITATIE][0])
    check(walkabout(world, factories.representative(vacancy.employer.organisation), "/"), 5)
    check(walkabout(world, factories.representative(case.client, role=Role.OPDRACHTGEVER), "/"), 2)
