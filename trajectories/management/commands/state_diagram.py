"""Draws the state machine in docs/states.md and README.md, so that the picture can't tell another story than the code."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import Role
from trajectories.process.step import Step
from trajectories.process.workflow import PHASE_LABELS, PHASES, TURN, Journey, State, name_of, step_names

ROOT = Path(settings.BASE_DIR)
STOP = name_of(Journey.stop)
BEGIN, END = "<!-- states:begin -->", "<!-- states:end -->"
HEAD = """# The journey as a state machine

Made from `trajectories/process/workflow.py` by `python manage.py state_diagram`; a test compares. Don't edit by hand.

"""


def transitions() -> Iterator[tuple[str, str, Step]]:
    """Every arrow: from, to, and what is known of the step; `stop` is drawn once."""
    for name in step_names():
        for source, found in vars(Journey)[name]._django_fsm.transitions.items():
            step = found.custom["step"]
            for target in getattr(found.target, "allowed_states", None) or [found.target]:
                yield str(source), str(target), step


def page() -> str:
    """docs/states.md as it should be."""
    return HEAD + diagram() + "\n" + _table() + "\n" + _turns()


def readme() -> str:
    """README.md as it should be: the diagram between its two marks."""
    before, _begin, rest = (ROOT / "README.md").read_text().partition(BEGIN)
    _old, _end, after = rest.partition(END)
    return f"{before}{BEGIN}\n{diagram()}{END}{after}" if _end else before


def diagram() -> str:
    """The picture, as Mermaid."""
    lines = ["```mermaid", "stateDiagram-v2", "    direction TB", f"    [*] --> {State.AANGEMELD.value}"]
    for letter, label in PHASE_LABELS.items():
        lines.append(f'    state "{letter} {label}" as fase_{letter} {{')
        lines += [f"        {state.value}: {state.label}" for state in State if PHASES.get(state) == letter]
        lines.append("    }")
    lines += [f"    {state.value}: {state.label}" for state in State if state not in PHASES]
    lines += [f"    {source} --> {target}: {step.label}" for source, target, step in transitions() if step.name != STOP]
    lines += [f"    fase_{letter} --> {State.AFSLUITING.value}: {_stop().label}" for letter in PHASE_LABELS]
    lines.append(f"    {State.AFGESLOTEN.value} --> [*]")
    return "\n".join([*lines, "```", ""])


def _stop() -> Step:
    return next(step for _source, _target, step in transitions() if step.name == STOP)


def _table() -> str:
    rows = ["| step | from | to | by | by itself | reason |", "|---|---|---|---|---|---|"]
    for name in step_names():
        arrows = [(source, target, step) for source, target, step in transitions() if step.name == name]
        step = arrows[0][2]
        who = ", ".join(str(Role(role).label).lower() for role in step.roles)
        sources = ", ".join(dict.fromkeys(source for source, _target, _step in arrows))
        targets = ", ".join(dict.fromkeys(target for _source, target, _step in arrows))
        marks = " | ".join("yes" if asked else "" for asked in (step.automatic, step.asks_reason))
        rows.append(f"| `{name}` {step.label} | {sources} | {targets} | {who} | {marks} |")
    return "\n".join(rows) + "\n"


def _turns() -> str:
    rows = ["| state | phase | whose turn |", "|---|---|---|"]
    for state in State:
        turn = str(Role(TURN[state]).label).lower() if state in TURN else ""
        rows.append(f"| {state.value} | {PHASES.get(state, '')} | {turn} |")
    note = "\nIn departments 1, 3 and 4 the loopbaanadviseur acts where this says regisseur (decision 5).\n"
    return "\n".join(rows) + "\n" + note


def stale() -> dict[Path, str]:
    """Files that tell something else than the code, with what they should say."""
    wanted = {ROOT / "docs" / "states.md": page(), ROOT / "README.md": readme()}
    return {path: text for path, text in wanted.items() if not path.exists() or path.read_text() != text}


class Command(BaseCommand):
    help = "Draws the state machine in docs/states.md and README.md; with --check only says whether they are current."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail when a picture is out of date")

    def handle(self, *args: Any, **options: Any) -> None:
        changed = stale()
        names = ", ".join(path.name for path in changed)
        if changed and options["check"]:
            raise CommandError(f"Out of date: {names}. Run `python manage.py state_diagram`.")
        for path, text in changed.items():
            path.write_text(text)
        if options["verbosity"]:
            self.stdout.write(f"Written: {names}." if changed else "The state diagram is current.")
