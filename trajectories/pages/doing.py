"""The button of a deadline, or of somebody's turn: its verb and where it leads, when that is this reader's to do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any

from django.urls import resolve, reverse

from accounts.access import rule_of
from accounts.audit import actor
from accounts.models import User
from accounts.need_to_know import part_of
from trajectories.journey.access import may_work
from trajectories.journey.need_to_know import sees
from trajectories.models import Trajectory
from trajectories.process.workflow import step_named
from trajectories.timing.kinds import CASE, PERSON, SUBJECT, Doing


@dataclass(frozen=True)
class Button:
    """What a button says and where it leads; without an address it isn't this reader's to do."""

    verb: str
    url: str


def button_of(doing: Doing, case: Trajectory, user: User, subject_id: int = 0) -> Button:
    """The button of what is to be done in this case. Asks nothing of a case that knows who covers (`guides.keep`)."""
    name, arguments = _address(doing, case, subject_id)
    is_theirs = _may(doing, case, user) and _opens(name, len(arguments), case, user)
    part = f"#{doing.part}" if doing.part else ""
    return Button(str(doing.verb), reverse(name, args=arguments) + part if is_theirs else "")


def _address(doing: Doing, case: Trajectory, subject_id: int) -> tuple[str, list[Any]]:
    page = doing.elsewhere.get(case.state, doing.page)
    if not page:
        return "trajectories:step", [case.pk, doing.step]
    return page, {CASE: [case.pk], PERSON: [case.candidate_id], SUBJECT: [case.pk, subject_id]}.get(doing.about, [])


def _may(doing: Doing, case: Trajectory, user: User) -> bool:
    if doing.step:
        return step_named(doing.step).forbidden(case, actor(user)) is None
    return not doing.work or may_work(case, user, doing.work)


def _opens(name: str, arguments: int, case: Trajectory, user: User) -> bool:
    """Whether the page lets this reader in and is of a part that they need (`need_to_know.opens`, without looking it up anew)."""
    view = _view(name, arguments)
    rule = rule_of(view)
    return rule is not None and rule.allows(SimpleNamespace(user=user)) and sees(case, user, part_of(view))  # type: ignore[arg-type]


@cache
def _view(name: str, arguments: int) -> Any:
    """The view behind the name of a page."""
    return resolve(reverse(name, args=[1] * arguments)).func
