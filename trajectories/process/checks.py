"""What a step needs, as lines of a checklist: each guard says what it asks for, and in which cases it asks at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

from topjob.errors import Reason

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Guard = Callable[[Any], Reason | None]
Asked = Callable[[Any], bool]


def always(trajectory: Any) -> bool:
    return True


@dataclass(frozen=True)
class Check:
    """A guard as a line: what it asks for and when. A path isn't filled in: the case is on it, or another step is next."""

    label: StrOrPromise
    asked: Asked
    is_path: bool


CHECKS: dict[Guard, Check] = {}


def asks(label: StrOrPromise, *, when: Asked = always, is_path: bool = False) -> Callable[[Guard], Guard]:
    """Declare a guard by what it asks for. Where it doesn't ask (`when`), nothing is missing and no line is shown."""

    def declare(guard: Guard) -> Guard:
        @wraps(guard)
        def asked(trajectory: Any) -> Reason | None:
            return guard(trajectory) if when(trajectory) else None

        CHECKS[asked] = Check(label, when, is_path)
        return asked

    return declare
