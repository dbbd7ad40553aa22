"""Decision 33: a page asks the same of the database for fifty rows as for one, and no more than its kind may.

Every address of the product is opened in a world with one of everything, every person at another place of the journey, and
again in that world with fifty of each. What a page is stands in `questions.csv`; a new one fails until it has a row: the failure
prints the row as it was found, to be judged and written down.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, VerifyFinding, VerifyRun
from candidates.models import Candidate, Registration
from demo.walk import Team, Walk
from matching.models import MatchRun, Shortlisted, Tip
from tests import databases, factories, fifty, matrix
from tests.matrix import Subject, World
from tests.questions import BOUNDS, bound_of, declared
from tests.test_access_matrix import close, tried
from tests.test_repository import Route, allows, methods_of
from tests.trajectories.conftest import make_registration, make_vacancy, make_walk, render_lightly, walk_to
from topjob import clock, outbox
from topjob.errors import promised
from topjob.models import OutboxMessage
from trajectories import actions

# Who opens a page first: whoever is told most. The others open it in `make walks`.
APPLYING = "kandidaat die solliciteert"
FIRST = (
    *(Role.REGISSEUR, Role.FRONTOFFICE, Role.WERKMAKELAAR, Role.BEHEERDER),
    *(Role.WERKGEVER, Role.OPDRACHTGEVER, Role.KANDIDAAT, APPLYING),
)
EVERYBODY = (*Role.values, "andere regio")  # who holds all roles of a team at once
# Where else people are than in the matrix, so that each page has somebody of whom it can tell.
STATES = (
    "INTAKE",
    "BEMIDDELBAAR",
    "SOLLICITATIE",
    "STARTPLAN",
    "PROEFPERIODE",
    "EVALUATIE",
    "ADVIES",
    "NAZORG",
    "AFSLUITING",
)
# Fewer questions, as of fifty people the first page shows others than of a few.
FEWER = {"/werkgever/deelnemers/": "nobody on trial"}
REGISTRATION = "/aanmeldingen/<int:pk>/"
LONGER = 500  # bytes by which a page is longer when it shows more rows


class Page(NamedTuple):
    pattern: str
    address: str
    who: str
    day: date


@dataclass(frozen=True)
class Answer:
    status: int
    asked: list[str]
    size: int

    @property
    def questions(self) -> list[str]:
        """But for whether it was written down who was shown: with more rows the one of a file may be further on."""
        return [question for question in self.asked if not question.startswith('INSERT INTO "accounts_reading"')]


@dataclass
class Worlds:
    """The same people twice: alone, and with forty-nine others of everything."""

    one: str
    fifty: str
    people: World
    subjects: list[Subject]
    # Somebody who waits at the frontoffice.
    waiting: Registration

    def open(self, database: str, pages: list[Page]) -> dict[Page, Answer]:
        with databases.django_uses(database):
            return {page: answer for page in pages for answer in [self._answer(page)]}

    def _answer(self, page: Page) -> Answer:
        with clock.at(page.day, 12), transaction.atomic():
            browser = Client(raise_request_exception=False)
            browser.force_login(self.people.people[page.who])
            connection.queries_log.clear()
            with CaptureQueriesContext(connection) as asked:
                response = browser.get(page.address)
            transaction.set_rollback(True)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        close(response)
        return Answer(response.status_code, [query["sql"] for query in asked.captured_queries], len(body))

    def there(self, routes: list[Route], who: str) -> dict[Page, Answer]:
        """Of each address what this person sees of their own people, else of the first of whom there is something to see."""
        found: dict[Page, Answer] = {}
        with databases.django_uses(self.one):
            for route in routes:
                for page in self.pages(route, who):
                    answer = self._answer(page)
                    assert answer.status < 500, page.address
                    if answer.status == 200:
                        found[page] = answer
                        break
        return found

    def pages(self, route: Route, who: str) -> Iterator[Page]:
        user = self.people.people[who]
        if "GET" not in methods_of(route.view) or not allows(route, user):
            return
        tried_already = set()
        for subject in self.subjects:
            address = matrix.address(route.pattern, subject)
            if address and address not in tried_already:
                tried_already.add(address)
                yield Page(route.pattern, address, who, subject.day)
        if route.pattern.startswith(REGISTRATION) and "offer_pk" not in route.pattern:
            address = route.pattern.replace("<int:pk>", str(self.waiting.pk))
            yield Page(route.pattern, address, who, self.people.day)


@pytest.fixture(scope="module")
def alone(cluster, django_db_setup, django_db_blocker, own_files) -> Iterator[Worlds]:
    """One of everything, which stands for both worlds where nobody counts."""
    with cluster.clone() as one, django_db_blocker.unblock():
        with pytest.MonkeyPatch.context() as patch, databases.django_uses(one):
            patch.setitem(outbox.HANDLERS, "render_plan", render_lightly)
            patch.setattr(outbox, "tell_celery", lambda pk: None)
            people = matrix.build()
            further = list(_further(people))
            with clock.at(people.day, 12):
                _alike_elsewhere(people.subjects["own"].candidate)
                _alike_elsewhere(people.subjects["foreign"].candidate, "20")
                waiting = make_registration(_team(people), override_reason="", override_by=None, override_at=None)
                _alike_elsewhere(waiting.candidate)
                _put_beside(people.subjects["own"])
        subjects = [people.subjects["own"], people.subjects["closed"], *further, people.subjects["foreign"]]
        yield Worlds(one, one, people, subjects, waiting)


@pytest.fixture(scope="module")
def worlds(cluster, alone: Worlds) -> Iterator[Worlds]:
    with cluster.clone(alone.one) as many:
        with cluster.owner(many) as owner:
            fifty.fill(owner)
        yield replace(alone, fifty=many)


def _team(world: World) -> Team:
    return Team(*(promised(world.people[str(role)]) for role in factories.TEAM_ROLES))


def _further(world: World) -> Iterator[Subject]:
    """People of the same team and company in the other states, with what belongs to it."""
    own = world.subjects["own"]
    team = _team(world)
    vacancy = make_vacancy(seats=len(STATES), employer=own.vacancy.employer, region=own.vacancy.region)
    yield Subject(own.extras["drafting"], own.vacancy, own.guide, own.day)
    for state in STATES:
        walk = make_walk(team, client=own.case.client, region="20", group="wajong", stream=2)
        walk_to(walk, vacancy, state)
        yield Subject(walk.fresh(), vacancy, team.regisseur, walk.day, _with_it(walk, world))


def _with_it(walk: Walk, world: World) -> dict[str, Any]:
    """A talk that was held, by somebody who has a login; a startplan that can be sent; a loonwaarde that is being measured."""
    if walk.trajectory.state == "STARTPLAN":
        walk.draft_plan()
    if walk.trajectory.state == "SOLLICITATIE":
        walk.later(1).hold_talk()
        youth = world.people[APPLYING] = factories.candidate_user()
        Candidate.objects.filter(pk=walk.trajectory.candidate_id).update(user=youth)
        return {"proposal": walk.fresh().current_application}
    if walk.trajectory.state == "EVALUATIE":
        with clock.at(walk.day, 11):
            actions.start_assessment(walk.fresh(), by=walk.user_on_lead)
            actions.save_tasks(
                walk.fresh(), reference_function="Stratenmaker", tasks=[(1, "Straten", 100)], by=walk.user_on_lead
            )
    return {}


def _alike_elsewhere(who: Candidate, code: str = "29") -> None:
    """Somebody of the same name in a region that who opens the file doesn't see."""
    region = factories.region(code)
    named = {"first_name": who.first_name, "last_name": who.last_name, "birth_date": who.birth_date}
    factories.CandidateFactory(region=region, phone="", **named)


def _put_beside(subject: Subject) -> None:
    """What no walk makes: a tip, a place on the shortlist, work that was given up, something that isn't right."""
    now, pair = clock.now(), {"candidate": subject.candidate, "vacancy": subject.vacancy}
    run = MatchRun.objects.create(kind=MatchRun.Kind.VACANCY, started_at=now, spec_version="1", weights_hash="0")
    Tip.objects.create(run=run, total=80, found_at=now, **pair)
    Shortlisted.objects.create(at=now, by=subject.guide, **pair)
    OutboxMessage.objects.create(
        key="given up", handler="x", created_at=now, next_try_at=now, outcome=OutboxMessage.Outcome.DEAD
    )
    check = VerifyRun.objects.create(started_at=now, ended_at=now, finding_count=1)
    VerifyFinding.objects.create(run=check, check_name="R4", text="Niet getekend.")


def wrong_with(pages: dict[Page, Answer], again: dict[Page, Answer]) -> list[str]:
    """Pages that ask more than their kind may, or another number for fifty than for one."""
    found = []
    for page, one in pages.items():
        many, most = again[page], bound_of(page.address)
        if max(len(one.asked), len(many.asked)) > most:
            found.append(
                f"{page.pattern} ({page.who}): {len(one.asked)}, {len(many.asked)} questions of at most {most}"
            )
        if many.status != 200 or not may_differ(page, len(many.questions) - len(one.questions)):
            found.append(f"{page.pattern} ({page.who}): {len(one.questions)} for one, {len(many.questions)} for fifty")
    return found


def may_differ(page: Page, more: int) -> bool:
    """The same, but for what an action does beside a mail that is shown: with fifty cases other rows hang together."""
    if declared().get(page.pattern, {}).get("soort") == "mail":
        return abs(more) <= 2
    return more == 0 or (more < 0 and page.pattern in FEWER)


def rows_of(pages: dict[Page, Answer], again: dict[Page, Answer]) -> dict[str, str]:
    """Of each page whether it is longer with fifty."""
    found: dict[str, str] = {}
    for page, one in pages.items():
        is_longer = again[page].size - one.size > LONGER
        found[page.pattern] = "ja" if is_longer or found.get(page.pattern) == "ja" else ""
    return found


def test_every_page_asks_the_same_for_fifty_as_for_one_and_keeps_to_its_bound(
    worlds: Worlds, django_db_blocker: Any
) -> None:
    pages: dict[Page, Answer] = {}
    with django_db_blocker.unblock():
        for who in FIRST:
            seen = {page.pattern for page in pages}
            pages |= worlds.there([route for route in tried() if route.pattern not in seen], who)
        again = worlds.open(worlds.fifty, list(pages))
    longer = rows_of(pages, again)
    found = {route.pattern: longer.get(route.pattern, "niet") for route in tried() if "GET" in methods_of(route.view)}
    said = {pattern: row["meer"] for pattern, row in declared().items()}
    differ = [f"{pattern}: found {cell!r}, declared {said.get(pattern)!r}" for pattern, cell in found.items()]
    differ = [line for line, pattern in zip(differ, found, strict=True) if found[pattern] != said.get(pattern)]
    assert not differ + wrong_with(pages, again), "\n".join(differ + wrong_with(pages, again))
    assert not said.keys() - found.keys()


@pytest.mark.walk
@pytest.mark.parametrize("who", EVERYBODY)
def test_whoever_opens_it(worlds: Worlds, django_db_blocker: Any, who: str) -> None:
    """The same for everybody who may open a page, whatever it tells them."""
    with django_db_blocker.unblock():
        pages = worlds.there(tried(), who)
        again = worlds.open(worlds.fifty, list(pages))
    assert not wrong_with(pages, again), "\n".join(wrong_with(pages, again))


def test_what_shows_one_thing_says_so_by_its_address_or_has_a_reason() -> None:
    for pattern, row in declared().items():
        assert row["soort"] in BOUNDS, pattern
        if row["meer"] == "niet" or (row["soort"] == "een" and "<" not in pattern):
            assert row["waarom"], pattern
