"""Every state × every step × every role, from a table written out by hand from the design and docs/domain.md."""

from __future__ import annotations

import ast
from importlib import import_module
from pkgutil import iter_modules, walk_packages
from types import ModuleType
from typing import Any

import pytest

import demo
import trajectories
from accounts.audit import SYSTEM, Actor, actor
from accounts.models import AuditEntry, Membership, Region, Role, User
from accounts.models.roles import REGION_ROLES
from candidates import actions as candidate_actions
from employers.models import Vacancy
from tests import factories
from tests.test_repository import APPS, ROOT
from tests.trajectories.conftest import Walk, walk_to
from topjob.errors import Refused
from trajectories import actions
from trajectories.actions import STEPS
from trajectories.forms.steps import ReasonForm
from trajectories.journey.core import lock, refuse_unless_allowed
from trajectories.models import Trajectory
from trajectories.pages.steps import PAGES
from trajectories.process import rules
from trajectories.process.step import Step
from trajectories.process.work import WORK
from trajectories.process.workflow import PHASES, Journey, State, names_of, step_named, step_names, steps_from

OPEN_AND_RUNNING = [
    *("AANGEMELD", "INTAKE", "BEMIDDELBAAR", "SOLLICITATIE", "STARTPLAN", "PROEFPERIODE"),
    *("EVALUATIE", "LEERWERK", "ADVIES", "BANENPOOL", "NAZORG"),
]
# step: (from, to, who, by itself)
TABLE: dict[str, tuple[list[str], list[str], set[str], bool]] = {
    "start_intake": (["AANGEMELD"], ["INTAKE"], {"regisseur"}, False),
    "complete_intake": (["INTAKE"], ["BEMIDDELBAAR"], {"regisseur", "loopbaanadviseur"}, False),
    "introduce": (["BEMIDDELBAAR"], ["SOLLICITATIE"], {"werkmakelaar"}, False),
    "decline_application": (["SOLLICITATIE"], ["BEMIDDELBAAR"], {"werkmakelaar", "werkgever", "kandidaat"}, False),
    "accept_application": (["SOLLICITATIE"], ["STARTPLAN"], {"werkmakelaar", "werkgever"}, False),
    "place_directly": (["SOLLICITATIE"], ["NAZORG"], {"personeelsdiensten"}, False),
    "withdraw_plan": (["STARTPLAN"], ["BEMIDDELBAAR"], {"regisseur"}, False),
    "start_trial": (["STARTPLAN"], ["PROEFPERIODE"], {"regisseur"}, True),
    "open_evaluation": (["PROEFPERIODE"], ["EVALUATIE"], {"regisseur"}, True),
    "break_off_trial": (["PROEFPERIODE"], ["BEMIDDELBAAR", "ADVIES", "AFSLUITING"], {"regisseur"}, False),
    "continue_learning": (["EVALUATIE"], ["LEERWERK"], {"regisseur"}, False),
    "other_place": (["EVALUATIE"], ["BEMIDDELBAAR"], {"regisseur"}, False),
    "seek_advice": (["EVALUATIE"], ["ADVIES"], {"regisseur"}, False),
    "extend_contract": (["LEERWERK"], ["LEERWERK"], {"regisseur", "personeelsdiensten"}, False),
    "finish_training": (["LEERWERK"], ["ADVIES"], {"regisseur"}, True),
    "give_advice": (["ADVIES"], ["BANENPOOL"], {"loopbaanadviseur"}, False),
    "revise_advice": (["BANENPOOL"], ["ADVIES"], {"loopbaanadviseur"}, False),
    "place": (["BANENPOOL"], ["NAZORG"], {"werkmakelaar", "personeelsdiensten"}, False),
    "learn_on": (["BANENPOOL"], ["BEMIDDELBAAR"], {"loopbaanadviseur"}, False),
    "refer_out": (["BANENPOOL"], ["AFSLUITING"], {"loopbaanadviseur"}, False),
    "job_lost": (["NAZORG"], ["BANENPOOL"], {"regisseur", "loopbaanadviseur", "werkmakelaar", "jobcoach"}, False),
    "finish_aftercare": (["NAZORG"], ["AFSLUITING"], {"regisseur"}, True),
    "stop": (OPEN_AND_RUNNING, ["AFSLUITING"], {"regisseur"}, False),
    "close": (["AFSLUITING"], ["AFGESLOTEN"], {"backoffice"}, False),
}
WITH_REASON = {
    "decline_application",
    "withdraw_plan",
    "break_off_trial",
    "other_place",
    "seek_advice",
    "revise_advice",
    "job_lost",
    "stop",
}
LETTERS = dict(
    zip(
        OPEN_AND_RUNNING,
        ["A", "A", "A", "B", "B", "B", "B", "B", "C", "D", "E"],
        strict=True,
    )
)


def test_the_steps_are_those_of_the_table() -> None:
    assert set(step_names()) == set(TABLE) == set(STEPS)


@pytest.mark.parametrize("name", TABLE)
def test_a_step_declares_what_the_table_says(name: str) -> None:
    sources, targets, who, by_itself = TABLE[name]
    step = step_named(name)
    transitions = getattr(
        __import__("trajectories.process.workflow", fromlist=["Journey"]).Journey, name
    )._django_fsm.transitions
    assert sorted(transitions) == sorted(sources)
    for transition in transitions.values():
        allowed = getattr(transition.target, "allowed_states", None) or [transition.target]
        assert sorted(allowed) == sorted(targets)
    assert set(step.roles) == who
    assert step.automatic is by_itself
    assert step.asks_reason is (name in WITH_REASON)
    assert step.ends is (
        name in WITH_REASON - {"other_place", "seek_advice"}
    )  # those are outcomes of an evaluation (R7)


def test_every_step_has_its_page() -> None:
    assert list(PAGES) == step_names()


def test_the_page_of_a_step_asks_a_reason_where_the_step_does() -> None:
    """A step whose page forgot it can't be taken: its action gets no reason."""
    asking = {name for name, page in PAGES.items() if issubclass(page.form, ReasonForm)}
    assert asking == {name for name in step_names() if step_named(name).asks_reason}


ALSO_OTHER_WORDS = {"place", "stop", "close"}  # a field, an icon, a lock


def test_a_step_is_named_by_its_declaration_and_not_by_a_text() -> None:
    """What asks for a step says `Journey.start_trial`, so that a new name is found by whoever reads or checks types."""
    names = set(step_names()) - ALSO_OTHER_WORDS
    found = []
    for path in (path for folder in APPS for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts):
        constants = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant))
        found += [f"{path.relative_to(ROOT)}:{one.lineno} {one.value}" for one in constants if one.value in names]
    # The log stands below the journey and has an index for two of its steps; the next test holds that they are the same.
    assert {line.split(":")[0] for line in found} == {"accounts/models/audit.py"}


def test_the_index_on_who_stopped_is_of_what_the_client_counts() -> None:
    index = next(index for index in AuditEntry._meta.indexes if index.name == "audit_stopped")
    assert dict(index.condition.children) == {
        "state_to": State.AFSLUITING,
        "verb__in": list(names_of(Journey.stop, Journey.break_off_trial)),
    }


# Where a table by state leaves some out on purpose, and why.
LEFT_OUT = {
    "PHASES": {"AFSLUITING", "AFGESLOTEN"},  # keep their last letter (decision 15)
    "TURN": {"AFGESLOTEN"},  # nobody's
    "FOLLOW_UP_DAYS": {
        "PROEFPERIODE",
        "EVALUATIE",
        "LEERWERK",
        "NAZORG",
        "AFSLUITING",
        "AFGESLOTEN",
    },  # dates of their own
    "_MAKERS": {"AANGEMELD", "INTAKE", "BEMIDDELBAAR", "SOLLICITATIE", "ADVIES", "BANENPOOL"},  # followed up only
    "TURNS": {"AFGESLOTEN"},  # their deadlines say what is to be done
    "WORK": {"AANGEMELD", "AFGESLOTEN"},  # nothing but the step
    "FOR_EMPLOYER": {
        "AANGEMELD",
        "INTAKE",
        "BEMIDDELBAAR",
        "SOLLICITATIE",
        "ADVIES",
        "BANENPOOL",
    },  # not with a company
}
# The other way about: what these few states have of their own.
FEW = {"DONE_BY_YOUTH": {"STARTPLAN", "EVALUATIE"}}  # the youth is asked for something
WHOLE = {"FOR_YOUTH", "POPULATION", "SINCE"}


def tables_by_state() -> dict[str, set[str]]:
    """Every table in the code of the journey and its demo of which the keys are states, with its states."""
    files = [*walk_packages(trajectories.__path__, "trajectories."), *walk_packages(demo.__path__, "demo.")]
    modules = [import_module(file.name) for file in files]
    named = [(name, table) for module in modules for name, table in vars(module).items() if isinstance(table, dict)]
    return {name: set(table) for name, table in named if table and all(isinstance(key, State) for key in table)}


def test_a_table_by_state_holds_every_state_or_is_said_to_leave_it_out() -> None:
    """A state that is forgotten in one is a page that breaks, or a case of which nobody is reminded."""
    found = tables_by_state()
    assert set(found) == set(LEFT_OUT) | set(FEW) | WHOLE
    assert found == {name: FEW.get(name, set(State) - LEFT_OUT.get(name, set())) for name in found}


GATHERED = [actions, rules, candidate_actions]


@pytest.mark.parametrize("gathers", GATHERED, ids=[package.__name__ for package in GATHERED])
def test_a_name_means_the_same_in_every_file_that_is_gathered(gathers: ModuleType) -> None:
    """A verb or guard is found by its name alone: one of another file would take its place unseen."""
    files = {file.name: import_module(f"{gathers.__name__}.{file.name}") for file in iter_modules(gathers.__path__)}
    meant: dict[str, Any] = dict(files)  # the files themselves, too
    for said in map(vars, files.values()):
        names = {name: what for name, what in said.items() if not name.startswith("_")}
        assert [name for name, what in names.items() if meant.setdefault(name, what) is not what] == []
    assert len(meant) > 40


def test_phases_are_the_letters_of_decision_15() -> None:
    assert {str(state): letter for state, letter in PHASES.items()} == LETTERS


@pytest.fixture
def people(walk: Walk, vacancy: Vacancy) -> dict[str, User]:
    """One person per role, each where the role counts for this trajectory."""
    team = walk.team
    youth = factories.UserFactory()
    youth.memberships.create(role=Role.KANDIDAAT)
    walk.candidate.user = youth
    walk.candidate.save(update_fields=["user"])
    return {
        "frontoffice": team.frontoffice,
        "regisseur": team.regisseur,
        "loopbaanadviseur": team.career_adviser,
        "werkmakelaar": team.job_broker,
        "jobcoach": team.jobcoach,
        "personeelsdiensten": team.personnel,
        "backoffice": team.backoffice,
        "beheerder": factories.staff(Role.BEHEERDER),
        "werkgever": factories.representative(vacancy.employer.organisation),
        "kandidaat": youth,
        "opdrachtgever": factories.representative(walk.trajectory.client, role=Role.OPDRACHTGEVER),
        "regisseur elders": factories.staff(Role.REGISSEUR, region_code="29"),
        "andere werkgever": factories.representative(factories.EmployerFactory().organisation),
    }


def test_nobody_takes_a_step_that_the_table_does_not_give_them(
    walk: Walk, vacancy: Vacancy, people: dict[str, User]
) -> None:
    for state in ["AANGEMELD", *[s for s in State if s != State.AANGEMELD]]:
        trajectory = lock(walk_to(walk, vacancy, state).trajectory)
        for name, (sources, _targets, who, by_itself) in TABLE.items():
            actors = {**people, "systeem": SYSTEM}
            for role, by in actors.items():
                allowed = state in sources and (role in who or (role == "systeem" and by_itself))
                outcome = _try(trajectory, name, by)
                if not allowed:
                    assert isinstance(outcome, Refused), f"{role} could {name} in {state}"
                elif isinstance(outcome, Refused):
                    assert not any("Deze stap doet" in reason.text for reason in outcome.reasons), (role, name, state)


def _try(trajectory: Trajectory, name: str, by: User | Actor) -> Refused | None:
    try:
        refuse_unless_allowed(step_named(name), trajectory, actor(by), "Een reden.")
    except Refused as refusal:
        return refusal
    return None


def test_each_open_state_has_a_way_on_and_a_way_out() -> None:
    for state in State:
        names = {step.name for step in steps_from(state)}
        if state == State.AFGESLOTEN:
            assert names == set()
        elif state == State.AFSLUITING:
            assert names == {"close"}
        else:
            assert "stop" in names
            assert len(names) > 1


def test_a_role_in_another_region_takes_no_step_and_does_no_work_here(walk: Walk) -> None:
    """Somebody who may look here as personeelsdiensten, and holds every other role elsewhere (issue 10)."""
    user = factories.staff(Role.PERSONEEL)
    elsewhere = Region.objects.exclude(pk=walk.trajectory.region_id).first()
    for role in REGION_ROLES - {Role.PERSONEEL}:
        Membership.objects.create(user=user, role=role, region=elsewhere)
    who = actor(User.objects.get(pk=user.pk))
    assert Trajectory.objects.visible_to(who.user).filter(pk=walk.trajectory.pk).exists()
    every = {name: step_named(name).roles for name in step_names()} | {name: work.roles for name, work in WORK.items()}
    taken = [
        name
        for name, roles in every.items()
        if Role.PERSONEEL not in roles and Step("", "", roles).forbidden(walk.trajectory, who) is None
    ]
    assert taken == [] and len(every) > 35
