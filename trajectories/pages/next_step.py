"""What a case works towards, for the page that stands open all day: one step to take, or the list of what it still needs."""

from __future__ import annotations

from dataclasses import dataclass, field

from accounts.models import User
from topjob.going_back import returning
from topjob.pages import Action
from trajectories.journey.access import AvailableAction, available_actions
from trajectories.models import Trajectory


@dataclass(frozen=True)
class Item:
    """A line of the checklist: met, or why not with the page where it is filled in."""

    label: str
    is_met: bool
    why: str = ""
    url: str = ""
    # The one to begin with.
    is_first: bool = False


@dataclass(frozen=True)
class NextStep:
    """The step that a case works towards; `url` when this reader can take it now, `whose` when somebody else takes it."""

    label: str
    url: str
    whose: str
    items: list[Item]

    @property
    def met(self) -> int:
        return sum(item.is_met for item in self.items)


@dataclass(frozen=True)
class Steps:
    """Every step from here: the next one, what else this reader can choose, steps of others, and the ways out."""

    following: NextStep | None = None
    forward: list[Action] = field(default_factory=list)
    others: list[Action] = field(default_factory=list)
    ways_out: list[Action] = field(default_factory=list)


def steps_of(case: Trajectory, user: User, here: str) -> Steps:
    """The steps of a case as this reader meets them; what is filled in on the way leads back to the page `here`."""
    actions = available_actions(case, user)
    following = _following(actions)
    steps = Steps(_next_step(following, here) if following else None)
    for action in actions:
        if action is not following:
            _place_of(action, steps).append(_button(action))
    return steps


def _following(actions: list[AvailableAction]) -> AvailableAction | None:
    """What the case works towards: what this reader can do now, else what is theirs, else what somebody else does."""
    worked_for = [
        action for action in actions if action.is_worked_for and action.is_on_the_way and not action.is_way_out
    ]
    mine = [action for action in worked_for if action.is_mine]
    ready = [action for action in mine if action.enabled]
    return next(iter(ready or mine or worked_for), None)


def _next_step(action: AvailableAction, here: str) -> NextStep:
    url = action.url if action.enabled else ""
    return NextStep(action.label, url, action.forbidden, _items(action, here))


def _items(action: AvailableAction, here: str) -> list[Item]:
    items: list[Item] = []
    has_first = not action.is_mine
    for line in action.lines:
        if line.is_path:
            continue
        if line.missing is None:
            items.append(Item(line.label, is_met=True))
            continue
        is_first = bool(line.missing.url) and not has_first
        has_first |= is_first
        items.append(Item(line.label, False, line.missing.text, returning(line.missing.url, here), is_first))
    return items


def _place_of(action: AvailableAction, steps: Steps) -> list[Action]:
    if not action.is_mine:
        return steps.others
    if action.is_way_out:
        return steps.ways_out
    return steps.forward if action.is_on_the_way else steps.others


def _button(action: AvailableAction) -> Action:
    return Action(action.label, action.url, action.method, action.reasons, danger=action.is_way_out)
