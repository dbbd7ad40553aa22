"""One frame around everything of one person: who it is, how to reach them, where they stand, and the parts as tabs.

Whatever opens somebody's file or case says that its page stands in their frame (`stand_in_frame`); templates find it as
`frame` (`around`, a context processor). Each part keeps its own address and its own rule; the frame shows the tabs that this
reader can open. The app on top, which knows every part, makes it when it starts (`MAKERS`); imports stay one way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any

from django.http import HttpRequest

from accounts.models import User
from candidates.links import FileLink
from candidates.models import Candidate


class Here(StrEnum):
    """The parts of the frame, in the order of the tabs."""

    NOW = "nu"
    FILE = "dossier"
    PROFILE = "zoekprofiel"
    PAPERS = "documenten"
    TIMELINE = "tijdlijn"


@dataclass(frozen=True)
class Tab:
    """A part of the frame that this reader can open."""

    label: str
    url: str
    key: str
    active: bool


@dataclass(frozen=True)
class Standing:
    """Where somebody's trajectory stands: what every page of the frame says on top."""

    about: str
    client: str
    state: str
    phase: str
    since: datetime
    turn: str
    is_mine: bool
    due_on: date | None
    steps: list[dict[str, Any]]


@dataclass(frozen=True)
class PersonFrame:
    """What stands around a page of one person. Without a trajectory there is no `standing`."""

    person: Candidate
    age: int
    is_minor: bool
    tabs: list[Tab]
    standing: Standing | None = None
    links: list[FileLink] = field(default_factory=list)


MAKERS: list[Callable[[Candidate, User, Here], PersonFrame]] = []


def stand_in_frame(request: HttpRequest, make: Callable[[], PersonFrame]) -> None:
    """The page that answers this is about one person: it stands in their frame, made once, when a template asks for it."""
    request.makes_frame = cache(make)  # type: ignore[attr-defined]


def around(request: HttpRequest) -> dict[str, Callable[[], PersonFrame] | None]:
    """For every template: the frame of the person whom its page is about, if it is about one."""
    return {"frame": getattr(request, "makes_frame", None)}


def frame_of(person: Candidate, user: User, here: Here) -> PersonFrame:
    """The frame around a page of this person, as this reader may see it."""
    (make,) = MAKERS
    return make(person, user, here)
