"""The timeline speaks Dutch for everything that the journey logs."""

from __future__ import annotations

import ast
from pathlib import Path

from django.conf import settings

from trajectories.pages.timeline import VERBS, verb_in_words
from trajectories.process.workflow import step_names

FOLDER = Path(settings.BASE_DIR) / "trajectories"
# The actions, and the one thing that the clock does by itself.
SPEAKERS = [*(FOLDER / "actions").glob("*.py"), *(FOLDER / "signing").glob("*.py"), FOLDER / "tasks.py"]
LOGS = ("log", "log_row")


def logged_verbs() -> set[str]:
    """Every verb that the journey writes, read from the code."""
    found = set()
    for path in SPEAKERS:
        module = ast.parse(path.read_text())
        choices = {row.targets[0].id: row.value for row in module.body if is_table(row)}
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in LOGS:
                found |= verbs_in(node.args[0], choices)
    return found


def is_table(row: ast.stmt) -> bool:
    """NAME = {…} at the top of a module."""
    return isinstance(row, ast.Assign) and isinstance(row.targets[0], ast.Name) and isinstance(row.value, ast.Dict)


def verbs_in(said: ast.expr, choices: dict[str, ast.Dict]) -> set[str]:
    """The verb itself, or all that a table of the module offers."""
    if isinstance(said, ast.Subscript) and isinstance(said.value, ast.Name):
        return {verb.value for verb in choices[said.value.id].values}
    return {said.value} if isinstance(said, ast.Constant) else set()


def test_every_verb_of_the_journey_has_words() -> None:
    assert logged_verbs() <= set(VERBS) | set(step_names())
    assert set(VERBS) <= logged_verbs(), "words that nothing says any more"


def test_steps_speak_with_their_own_label() -> None:
    assert verb_in_words("start_intake") == "Intake starten"
    assert verb_in_words("toets financiën") == "Toets financiën"
