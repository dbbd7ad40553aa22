"""What each piece of work of the outbox is called, for whoever looks after it."""

from __future__ import annotations

from django.utils.functional import Promise

LABELS: dict[str, str | Promise] = {}


def label_of(name: str) -> str:
    """What a piece of work does, in words; work that nobody knows any more keeps its name."""
    return str(LABELS.get(name, name))


def names_of(words: str) -> list[str]:
    """Work whose label has these words in it."""
    wanted = words.strip().casefold()
    return [name for name in LABELS if wanted in label_of(name).casefold()]
