"""A team, a company with a vacancy, and a person on the way."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.files.base import ContentFile

from accounts.models import Branch, Client, Department, KindOfPlace
from candidates import likeness
from candidates.models import Candidate, DifferentPeople, LegalRepresentative, Registration, TargetGroup
from demo.walk import Team, Walk, begin
from employers.models import EmployerContact, Stream, Vacancy
from tests import factories
from tests.trajectories.personal import run_outbox, token_in
from tests.trajectories.standing import Make, Stage, World, begins_with, standing
from topjob import clock, outbox
from trajectories import actions
from trajectories.models import GeneratedDocument, PlanParty, StartPlan
from trajectories.process.workflow import Journey

START = date(2026, 2, 2)
HERE = sys.modules[__name__]


def render_lightly(plan: int) -> None:
    """Store a tiny document in place of the typeset one."""
    row = StartPlan.objects.get(pk=plan)
    content = f"%PDF-1.7 startplan {plan}".encode()
    document = GeneratedDocument(
        trajectory=row.trajectory,
        kind=GeneratedDocument.Kind.PLAN,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        created_at=clock.now(),
    )
    document.file.save("plan.pdf", ContentFile(content), save=False)
    document.save()
    actions.attach_document(row, document, by=row.created_by)


@pytest.fixture
def light_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tiny document in place of the typeset one, for tests that are about the journey and not about the page."""
    monkeypatch.setitem(outbox.HANDLERS, "render_plan", render_lightly)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Within a module, tests that begin with the same world come together; chance orders the rest."""
    modules = {item.path: place for place, item in reversed(list(enumerate(items)))}
    items.sort(key=lambda item: (modules[item.path], getattr(begins_with(item, HERE), "__name__", "")))


@pytest.fixture(scope="module", autouse=True)
def stage(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Stage]:
    stage = Stage()
    yield stage
    with django_db_blocker.unblock():
        stage.clear()


@pytest.fixture(autouse=True)
def scene(request: pytest.FixtureRequest, stage: Stage, django_db_blocker: pytest.FixtureRequest) -> World | None:
    """Before anything else of a test: the world it begins with, if it shares one (`standing`)."""
    with django_db_blocker.unblock():
        stage.set(begins_with(request.node, HERE), _made_by)
    return stage.world


def _made_by(make: Make) -> World:
    team = factories.team()
    world = World(team, make_company(), make_walk(team))
    mail.outbox.clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(outbox.HANDLERS, "render_plan", render_lightly)
        make(world)
    world.mails = list(mail.outbox)
    paths = [Path(document.file.path) for document in GeneratedDocument.objects.all()]
    world.files = {path: path.read_bytes() for path in paths}
    return world


@pytest.fixture
def team(scene: World | None, db: None) -> Team:
    return scene.team if scene else factories.team()


@pytest.fixture
def vacancy(scene: World | None, db: None) -> Vacancy:
    return scene.vacancy if scene else make_company()


def make_company() -> Vacancy:
    """An open vacancy with two seats, a leermeester and somebody who may sign."""
    vacancy = make_vacancy()
    for function in ("leermeester", "tekenbevoegd", "jobcoach"):
        factories.EmployerContactFactory(employer=vacancy.employer, function=EmployerContact.Function(function))
    return vacancy


def make_vacancy(seats: int = 2, **values) -> Vacancy:
    kind = values.pop("kind_of_place", None) or KindOfPlace.objects.filter(department__code="maatwerq").first()
    return factories.VacancyFactory(
        seats=seats, seats_free=seats, kind_of_place=kind, status=Vacancy.Status.OPEN, starts_on=START, **values
    )


def make_registration(
    team: Team, *, birth_date: date = date(2005, 5, 5), group: str | None = None, region: str = "20", **values
) -> Registration:
    """A motivated person of 20 with a bijstand benefit, paid for by a gemeente."""
    candidate = _sem(region)
    candidate.birth_date = birth_date
    candidate.save()
    _tell_apart(candidate, team)
    if candidate.is_minor_on(START):
        LegalRepresentative.objects.create(
            candidate=candidate, name="Ans Bakker", relation="ouder", email="ans@post.example", phone="+31643000001"
        )
    registration = Registration.objects.create(candidate=candidate, **(_what_sem_wants(team, group) | values))
    registration.branches.set([Branch.objects.get(code="01")])
    registration.kinds_of_place.set(KindOfPlace.objects.filter(department__code="maatwerq")[:1])
    return registration


def _sem(region: str) -> Candidate:
    """The first is Sem Bakker; the others are no likeness of him, or the product would ask who is who."""
    number = Candidate.objects.filter(last_name__startswith="Bakker").count()
    return Candidate(
        first_name=f"{'ABCDEFGHIJKLMNOPQRTUVWXYZ'[number % 25]}em" if number else "Sem",
        last_name=f"Bakker{'s' * (number // 25)}",
        email=f"sem{number or ''}@post.example",
        phone=f"+316{12345678 + number}",
        postcode="8131 AB",
        region=factories.region(region),
        created_at=clock.now(),
    )


def _what_sem_wants(team: Team, group: str | None) -> dict[str, Any]:
    """To learn a trade, paid for by a gemeente, with a benefit of this group or of any that the gemeente pays."""
    which = {"code": group} if group else {"payer": "gemeente", "needs_wage_value": False}
    which |= {} if group else {"projects_and_stream_1_only": False}
    return {
        "situation": "thuis",
        "wish": "leerwerkplek",
        "client": Client.objects.filter(client_type="gemeente").first(),
        "target_group": TargetGroup.objects.filter(**which).first(),
        "motivation": "Ik wil een vak leren.",
        "is_motivated": True,
        "override_reason": "Past na overleg.",
        "override_by": team.frontoffice,
        "override_at": clock.now(),
        "planned_start": START,
        "hours_per_week": 32,
        "max_distance_km": 30,
        "transport": "fiets",
        "created_at": clock.now(),
    }


def _tell_apart(candidate: Candidate, team: Team) -> None:
    """Everybody here is called Sem; that they are different people was decided (R13)."""
    DifferentPeople.objects.bulk_create(
        DifferentPeople(one=candidate, other_id=other, at=clock.now(), by=team.frontoffice)
        for other in likeness.undecided_of(candidate)
    )


@pytest.fixture
def walk(scene: World | None, team: Team, light_pdf: None) -> Walk:
    """Someone just assigned to MaatwerQ, on 5 January 2026; or further, where the test shares a world."""
    if not scene:
        return make_walk(team)
    scene.put_out()
    return scene.walk


def make_walk(
    team: Team, *, department: str = "maatwerq", stream: int = 2, day: date = date(2026, 1, 5), **values
) -> Walk:
    with clock.at(day):
        registration = make_registration(team, **values)
    return begin(
        registration,
        team,
        day,
        department=Department.objects.get(code=department),
        stream=Stream.objects.get(number=stream),
    )


Reach = Callable[..., Walk]


@pytest.fixture
def reach(walk: Walk, vacancy: Vacancy) -> Reach:
    """Walk to a named state by the real actions."""

    def go(state: str, walk: Walk = walk, **values) -> Walk:
        return walk_to(walk, vacancy, state, **values)

    return go


def walk_to(walk: Walk, vacancy: Vacancy, state: str, *, construction: str = "1", direction: str = "a") -> Walk:
    """The shortest way from AANGEMELD to a state, guards and all."""
    stages = [
        ("INTAKE", lambda: walk.intake()),
        ("BEMIDDELBAAR", lambda: walk.confirm_profile().complete_intake()),
        ("SOLLICITATIE", lambda: walk.later(1).choose(vacancy).introduce()),
        ("STARTPLAN", lambda: walk.later(6).hold_talk().accept(START, construction)),
        ("PROEFPERIODE", lambda: walk.draft_plan().send_plan().sign().permit().start_trial()),
        ("EVALUATIE", lambda: walk.open_evaluation()),
        ("LEERWERK", lambda: walk.give_views().settle_wage_value().continue_learning(12)),
        ("ADVIES", lambda: walk.later(200).qualify().finish_training()),
        ("BANENPOOL", lambda: walk.later(7).advise(direction, "ROC" if direction == "d" else "").give_advice()),
        ("NAZORG", lambda: walk.later(14).place(vacancy.employer.organisation)),
        ("AFSLUITING", lambda: walk.later(90).step(Journey.finish_aftercare)),
        ("AFGESLOTEN", lambda: walk.later(7).close()),
    ]
    order = ["AANGEMELD", *(name for name, _go in stages)]
    for name, go in stages:
        if order.index(name) <= order.index(walk.fresh().state):
            continue
        if walk.trajectory.state == state:
            break
        go()
    assert walk.fresh().state == state
    return walk


@standing
def applying(world: World) -> None:
    """Introduced to the company."""
    walk_to(world.walk, world.vacancy, "SOLLICITATIE")


@standing
def planning(world: World) -> None:
    """Accepted; the startplan isn't drafted yet."""
    walk_to(world.walk, world.vacancy, "STARTPLAN")


@standing
def on_trial(world: World) -> None:
    """In the trial, everything signed and permitted."""
    walk_to(world.walk, world.vacancy, "PROEFPERIODE")


@standing
def in_evaluation(world: World) -> None:
    """The trial is being looked back on; nobody has answered yet."""
    walk_to(world.walk, world.vacancy, "EVALUATIE")


@standing
def learning(world: World) -> None:
    """Someone whose trial was evaluated and who has a learn-work contract."""
    walk_to(world.walk, world.vacancy, "LEERWERK")


@standing
def advising(world: World) -> None:
    """Has finished the training and waits for advice."""
    walk_to(world.walk, world.vacancy, "ADVIES")


@standing
def in_aftercare(world: World) -> None:
    """Works, placed from the pool."""
    walk_to(world.walk, world.vacancy, "NAZORG")


@standing
def closing(world: World) -> None:
    """The aftercare is over, the file still open."""
    walk_to(world.walk, world.vacancy, "AFSLUITING")


@standing
def sent(world: World) -> None:
    """Sent on the day it was drafted, with the links out."""
    walk = walk_to(world.walk, world.vacancy, "STARTPLAN").draft_plan().send_plan()
    with clock.at(walk.day, 12):
        run_outbox()


@standing
def without_mail(world: World) -> None:
    """The same for a youth without a mailbox: the link went by SMS."""
    walk = walk_to(world.walk, world.vacancy, "STARTPLAN").draft_plan()
    PlanParty.objects.filter(party="jongere").update(email="")
    walk.send_plan()
    with clock.at(walk.day, 12):
        run_outbox()


@pytest.fixture
def token(sent: Walk) -> str:
    """The youth's, from the mail."""
    return token_in(mail.outbox, "sem@post.example")


@standing
def evaluating(world: World) -> None:
    walk = walk_to(world.walk, world.vacancy, "EVALUATIE")
    with clock.at(walk.day, 12):
        run_outbox("send_link")
