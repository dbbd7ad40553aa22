"""What the apps above add to employers' pages. They import employers, never the other way round, so they register here.

In an `AppConfig.ready`: `TASK_SOURCES.append(proposals_to_answer)`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from accounts.models import User
from employers.models import LearnWorkProject


@dataclass(frozen=True)
class PortalTask:
    """One thing an employer can do now: answer a proposal, sign, evaluate."""

    title: str
    url: str
    text: str = ""
    due_on: date | None = None
    organisation_id: int | None = None
    candidate_id: int | None = None


@dataclass(frozen=True)
class GroupMember:
    """A participant as the project's page shows one; `url` is empty for whoever may not open the person."""

    name: str
    state: str
    phase: str = ""
    url: str = ""
    has_left: bool = False
    # What it came to for somebody who left: trial passed, diploma, job.
    outcome: str = ""
    candidate_id: int | None = None


TASK_SOURCES: list[Callable[[User], list[PortalTask]]] = []
GROUP_SOURCES: list[Callable[[LearnWorkProject, User], list[GroupMember]]] = []
# How many people are in a project's group now.
HEADCOUNTS: list[Callable[[LearnWorkProject], int]] = []


def tasks_for(user: User) -> list[PortalTask]:
    """Everything an employer's contact can do now, the most urgent first."""
    tasks = [task for source in TASK_SOURCES for task in source(user)]
    return sorted(tasks, key=lambda task: (task.due_on is None, task.due_on or date.max, task.title))


def group_of(project: LearnWorkProject, user: User) -> list[GroupMember]:
    """The participants of a project that this person may see."""
    return [member for source in GROUP_SOURCES for member in source(project, user)]


def people_in(project: LearnWorkProject) -> int:
    """Who is in the group now; whoever left has given the place back (R13)."""
    return sum(count(project) for count in HEADCOUNTS)
