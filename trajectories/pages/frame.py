"""The frame of one person (`candidates/frame.py`): their running trajectory, or else their last, and the tabs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import opens_for
from accounts.models import Page, User
from accounts.need_to_know import Part, part_at
from candidates.frame import Here, PersonFrame, Standing, Tab
from candidates.knowing import parts_of
from candidates.models import Candidate
from topjob import clock
from trajectories.documents.file_links import other_files
from trajectories.journey.need_to_know import opens, sees
from trajectories.models import Trajectory
from trajectories.models.guides import asked_along, take
from trajectories.pages import worklists
from trajectories.process.workflow import PHASE_LABELS, PHASES, SHORT_WAY
from trajectories.timing.kinds import CASE, PERSON

# Of each part: what its tab says, its page, whether that page is of the person or of the case, and its key.
PARTS = (
    (Here.NOW, gettext_lazy("Nu"), "trajectories:detail", CASE, "t"),
    (Here.FILE, gettext_lazy("Dossier"), "candidates:person", PERSON, "d"),
    (Here.PROFILE, gettext_lazy("Zoekprofiel"), "matching:profile", PERSON, "z"),
    (Here.PAPERS, gettext_lazy("Plan & documenten"), "trajectories:papers", CASE, "p"),
    (Here.TIMELINE, gettext_lazy("Tijdlijn"), "trajectories:timeline", CASE, "l"),
)
# Pages of a case that belong to what is agreed and signed; what else is done with a case belongs to Nu.
OF_PAPERS = (Page.PLAN, Page.PAPER, Page.EVALUATION, Page.WAGE, Page.CONTRACT)


def tab_of(shows: str) -> Here:
    """Under which tab a page of a case stands, by the kind of page it is."""
    return Here.PAPERS if shows in OF_PAPERS else Here.NOW


def frame_of_person(person: Candidate, user: User, here: Here) -> PersonFrame:
    """The frame of somebody with, when this reader may open one, their running trajectory or else the last. One question."""
    cases = Trajectory.objects.visible_to(user).filter(candidate=person).annotate(**asked_along())
    rows = cases.select_related("department", "stream", "client").order_by(F("closed_at").desc(nulls_first=True), "-pk")
    case = rows.first()
    if case is not None:
        case.candidate = person
        take(case)
        return frame_of_case(case, user, here)
    parts = parts_of(person, user)
    tabs = _tabs(here, {PERSON: person.pk}, lambda url: opens_for(user, url) and part_at(url) in parts)
    return _frame(person, user, here, tabs)


def frame_of_case(case: Trajectory, user: User, here: Here) -> PersonFrame:
    """The frame around a page of this trajectory."""
    ids = {PERSON: case.candidate_id, CASE: case.pk}
    tabs = _tabs(here, ids, lambda url: opens(case, user, url))
    return _frame(case.candidate, user, here, tabs, _standing(case, user))


def _frame(person: Candidate, user: User, here: Here, tabs: list[Tab], standing: Standing | None = None) -> PersonFrame:
    today = clock.today()
    return PersonFrame(
        person=person,
        age=person.age_on(today),
        is_minor=person.is_minor_on(today),
        tabs=tabs,
        standing=standing,
        links=other_files(person, user) if here == Here.FILE else [],
    )


def _tabs(here: Here, ids: dict[str, int], may_open: Callable[[str], bool]) -> list[Tab]:
    made = [
        Tab(str(label), reverse(page, args=[ids[whose]]), key, here == part)
        for part, label, page, whose, key in PARTS
        if whose in ids
    ]
    return [tab for tab in made if tab.active or may_open(tab.url)]


def _standing(case: Trajectory, user: User) -> Standing:
    return Standing(
        about=" · ".join(str(part) for part in (case.department, case.stream) if part),
        client=str(case.client) if case.client and sees(case, user, Part.PAYER) else "",
        state=case.state_label,
        phase=case.phase,
        since=case.state_since,
        turn=case.turn_label,
        is_mine=worklists.is_turn_of(case, user),
        due_on=case.due_on,
        steps=phases_of(case),
    )


def phases_of(case: Trajectory) -> list[dict[str, Any]]:
    """The stepper A–E, without the phases that this department has not; a closed case has all behind it up to its last."""
    on_the_way = PHASE_LABELS if case.department.is_maatwerq else SHORT_WAY
    labels = {letter: on_the_way.get(letter, PHASE_LABELS[letter]) for letter in sorted({*on_the_way, case.phase})}
    letters = list(labels)
    at = letters.index(case.phase)
    is_running = case.state in PHASES
    days = (clock.today() - clock.local(case.state_since)).days
    return [
        {
            "letter": letter,
            "label": labels[letter],
            "status": "done"
            if place < at or (place == at and not is_running)
            else "current"
            if place == at
            else "todo",
            "current": place == at and is_running,
            "note": _("%(state)s, dag %(n)s") % {"state": case.state_label, "n": days + 1} if place == at else "",
        }
        for place, letter in enumerate(letters)
    ]
