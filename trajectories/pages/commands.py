"""What Ctrl-K can do besides finding: go to a page by its name, begin something new, or open the page of somebody's case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.access import opens_for
from accounts.models import User
from accounts.navigation import menu_of
from candidates.models import Candidate
from topjob.finding import SHORTEST, Term
from topjob.text import fold
from trajectories.journey.access import ONLY_FOR, may_work
from trajectories.journey.need_to_know import asked_along, opens
from trajectories.models import Trajectory
from trajectories.models.guides import keep
from trajectories.pages.cards import WORK
from trajectories.timing.kinds import CASE, PERSON

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Of so many people the pages are offered; who has a common first name is found by more letters.
MOST_PEOPLE = 4
MOST = 8
CONSENT = "trajectories:consent"
NEW: tuple[tuple[StrOrPromise, str], ...] = (
    (gettext_lazy("Nieuwe aanmelding"), "candidates:register"),
    (gettext_lazy("Nieuwe werkgever"), "employers:add"),
    (gettext_lazy("Nieuw leerwerkproject"), "employers:project_add"),
)
# Pages of a case that belong to no state; the others stand with the work of their state.
ALWAYS: tuple[tuple[StrOrPromise, str, str], ...] = (
    (gettext_lazy("Notitie"), "trajectories:note", CASE),
    (gettext_lazy("Documenten om te tekenen"), "trajectories:papers", CASE),
    (gettext_lazy("Begeleiders"), "trajectories:guides", CASE),
    (gettext_lazy("Dossier"), "candidates:person", PERSON),
)


@dataclass(frozen=True)
class Command:
    """Something to go to: what it is, whom it is about (nobody for a page of one's own), and where."""

    label: str
    url: str
    about: str = ""
    # Whose data is shown: for the log.
    candidate: int | None = None


def commands(text: str, user: User) -> list[Command]:
    """What this person can do with what was typed: pages by name, and "startplan Tim" for the page of who is called so."""
    words = fold(text).split()
    if not words:
        return []
    return [*_pages(words, user), *_of_people(words, user)][:MOST]


def _pages(words: list[str], user: User) -> list[Command]:
    """Pages of one's own menu and what can be begun, of which every word was typed, at least its first letters."""
    offered = [(label, reverse(name)) for label, name in NEW] + menu_of(user)
    fitting = [(str(label), url) for label, url in offered if _names(words, str(label))]
    return [Command(label, url) for label, url in fitting if opens_for(user, url)]


def _names(words: list[str], label: str) -> bool:
    of_label = fold(label).split()
    long_enough = any(len(word) > SHORTEST for word in words)
    return long_enough and all(any(own.startswith(word) for own in of_label) for word in words)


def _of_people(words: list[str], user: User) -> list[Command]:
    """Pages about the people who are called what is left when the page's own word, the first or the last, is taken out."""
    for word in dict.fromkeys((words[0], words[-1])) if len(words) > 1 else ():
        name = " ".join(other for other in words if other != word)
        if name and not Term.of(name).problem and any(_names([word], label) for label, _page, _whose in _all_pages()):
            return [command for case in _cases(name, user) for command in _of_case(word, case, user)]
    return []


def _all_pages() -> set[tuple[str, str, str]]:
    return {(str(label), page, whose) for work in (*WORK.values(), ALWAYS) for label, page, whose in work}


def _of_case(word: str, case: Trajectory, user: User) -> list[Command]:
    """Pages of this case, where it stands now, that the word names and that open for this reader."""
    ids = {PERSON: case.candidate_id, CASE: case.pk}
    pages = [page for page in (*WORK.get(case.state, ()), *ALWAYS) if _names([word], str(page[0]))]
    links = [(str(label), reverse(page, args=[ids[whose]])) for label, page, whose in pages if _has(case, page, user)]
    about = case.candidate.full_name
    return [Command(label, url, about, case.candidate_id) for label, url in links if opens(case, user, url)]


def _has(case: Trajectory, page: str, user: User) -> bool:
    """Whether that page has anything: some hold only work, and consent to show somebody waits for a vacancy."""
    return page != CONSENT and (page not in ONLY_FOR or may_work(case, user, ONLY_FOR[page]))


def _cases(name: str, user: User) -> list[Trajectory]:
    """The running cases of the people closest to this name, with what is asked to know which pages open."""
    people = Candidate.objects.visible_to(user).search(name)
    rows = Trajectory.objects.open().visible_to(user).filter(candidate__in=people).annotate(**asked_along(user))
    closest = Term.of(name).closest(
        rows, "candidate__last_name", "candidate__first_name", "pk", column="candidate__search_text"
    )
    cases: list[Trajectory] = [*closest.select_related("candidate", "department")[:MOST_PEOPLE]]
    keep(cases)
    return cases
