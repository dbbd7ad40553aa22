"""The pages of the demo's guided walk: a step each, for whoever looks round. Doesn't exist in production."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import DEMO_ONLY, NOBODY, access
from accounts.models import User
from demo import bar, people
from demo.tour import STOPS, Row, Stop, row_of, stand_for
from topjob import clock
from topjob.pages import render_page


@dataclass(frozen=True)
class StopPage:
    """One step of the walk, told in full."""

    stop: Stop
    number: int
    total: int
    # Whom it is about, and whether that is somebody else than in the step before.
    row: Row | None
    changed: bool
    ready: bool
    opens: str
    account: User | None
    texts: list[Any]
    back: str
    further: str
    here: str
    waits: bool
    # To which day the clock goes, while it isn't that day yet.
    day: date | None
    must_move: bool
    movable: bool
    # This page says all of it itself.
    walk_bar: None = None


@access(DEMO_ONLY, shows=NOBODY)
@never_cache
@require_safe
def stop(request: HttpRequest, number: int) -> HttpResponse:
    """One step: who, for whom, what to do, what is seen. From here on the bar on top of every page repeats it."""
    if not 1 <= number <= len(STOPS):
        raise Http404
    here = STOPS[number - 1]
    chosen = _people(request, number)
    row, is_new = _whom(here, number, chosen)
    if row is not None:
        chosen[str(number)] = [row.pk, row.candidate_id]
    ready = here.rows is None or row is not None
    bar.keep(request, {"people": chosen, "bar": asdict(_bar(number, here, row)) if ready else None})
    day = here.day(row) if here.day and row is not None else None
    page = StopPage(
        stop=here,
        number=number,
        total=len(STOPS),
        row=row,
        changed=is_new,
        ready=ready,
        opens=here.opens(row) if ready else "",
        account=people.demo_users().filter(email=people.address(here.who)).first() if here.who else None,
        texts=[task.text for task in here.tasks],
        back=reverse("demo:tour", args=[number - 1]) if number > 1 else reverse("demo:home"),
        further=_further(number),
        here=reverse("demo:tour", args=[number]),
        waits=row is not None and not here.happened(row),
        day=day,
        must_move=day is not None and clock.today() < day,
        movable=clock.is_movable(),
    )
    return render_page(request, "demo/stop.html", page)


def _people(request: HttpRequest, number: int) -> dict[str, list[int]]:
    """Whom the steps were about until now; the first step begins anew."""
    return dict(request.session.get(bar.KEY, {}).get("people", {})) if number > 1 else {}


def _whom(here: Stop, number: int, people: dict[str, list[int]]) -> tuple[Row | None, bool]:
    """Whom this step is about, and whether that is somebody else than in the step before."""
    before = people.get(str(number - 1))
    known = people.get(str(number))
    row = row_of(here, known[0]) if known else None
    row = row or stand_for(here, [before[1]] if before else [])
    return row, bool(row and before and row.candidate_id != before[1])


def _further(number: int) -> str:
    """The next step; nothing after the last."""
    return reverse("demo:tour", args=[number + 1]) if number < len(STOPS) else ""


@dataclass(frozen=True)
class WalkBar:
    """What the bar on top of every page says of the step at hand: only what a session can keep."""

    number: int
    total: int
    title: str
    role: str
    tasks: list[dict[str, str]]
    # What is filled in for whoever doesn't want to type.
    examples: list[dict[str, Any]]
    sees: list[str]
    url: str
    further: str


def _bar(number: int, here: Stop, row: Row | None) -> WalkBar:
    return WalkBar(
        number=number,
        total=len(STOPS),
        title=str(here.title),
        role=str(here.role),
        tasks=[{"text": str(task.text), "url": task.url(row) if task.url else ""} for task in here.tasks],
        examples=[dict(task.values(row)) for task in here.tasks if task.values],
        sees=list(here.sees),
        url=reverse("demo:tour", args=[number]),
        further=_further(number),
    )


@access(DEMO_ONLY, shows=NOBODY)
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Go on without the walk."""
    bar.keep(request, None)
    return redirect("demo:home")
