"""Ways out of a file to what other apps know about the person. They add their sources when they start; imports stay one way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from accounts.models import User
from candidates.models import Candidate


@dataclass(frozen=True)
class FileLink:
    """A button at the top of the file."""

    label: str
    url: str
    key: str = ""


LINK_SOURCES: list[Callable[[Candidate, User], list[FileLink]]] = []


def file_links(candidate: Candidate, user: User) -> list[FileLink]:
    """Where this reader can go from this person's file."""
    return [link for source in LINK_SOURCES for link in source(candidate, user)]
