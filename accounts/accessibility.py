"""What was tried of the accessibility of the pages: written by `make axe`, told on /toegankelijkheid/."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Self

RESULT = Path(__file__).with_name("accessibility.json")


@dataclass(frozen=True)
class Tried:
    """All pages that one kind of user opens, each looked at in every way: how many, on which day (ISO), and the rules of axe that
    at least one of them broke.
    """

    who: str
    pages: int
    on: str
    broken: tuple[str, ...] = ()

    @property
    def day(self) -> date:
        return date.fromisoformat(self.on)


@dataclass(frozen=True)
class Statement:
    """With which tool was looked, at which widths (CSS pixels) and in which colours, as whom."""

    axe: str
    widths: tuple[int, ...]
    schemes: tuple[str, ...]
    tried: tuple[Tried, ...] = field(default=())

    @classmethod
    def read(cls) -> Self | None:
        """What was written down; nothing when nobody looked yet."""
        if not RESULT.exists():
            return None
        facts: dict[str, Any] = json.loads(RESULT.read_text(encoding="utf-8"))
        tried = tuple(Tried(**{**each, "broken": tuple(each["broken"])}) for each in facts.pop("tried"))
        return cls(facts["axe"], tuple(facts["widths"]), tuple(facts["schemes"]), tried)

    def with_(self, tried: Tried) -> Statement:
        """The same with what was found as one more role, in the place of what was found before."""
        others = (each for each in self.tried if each.who != tried.who)
        return Statement(
            self.axe, self.widths, self.schemes, tuple(sorted((*others, tried), key=lambda each: each.who))
        )

    def write(self) -> None:
        RESULT.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    @property
    def pages(self) -> int:
        return sum(each.pages for each in self.tried)

    @property
    def last_day(self) -> date:
        return max(each.day for each in self.tried)

    @property
    def broken(self) -> tuple[str, ...]:
        """The rules that a page of somebody broke, each once."""
        return tuple(sorted({rule for each in self.tried for rule in each.broken}))
