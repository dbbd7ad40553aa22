"""The timeline speaks Dutch for everything that the journey logs."""

from __future__ import annotations

import ast
from pathlib import Path

from django.conf import settings

from trajectories.history import READS, VERBS, verb_in_words
from trajectories.workflow import step_names

FOLDER = Path(settings.BASE_DIR) / "trajectories" / "actions"


def logged_verbs() -> set[str]:
    """Every verb that an action of the journey writes, read from the code."""
    found = set()
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            is_log = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "log"
            if is_log and isinstance(node.args[0], ast.Constant):
                found.add(node.args[0].value)
    return found


def test_every_verb_of_the_journey_has_words() -> None:
    assert logged_verbs() - set(READS) <= set(VERBS) | set(step_names())
    assert set(VERBS) <= logged_verbs(), "words that nothing says any more"


def test_steps_speak_with_their_own_label() -> None:
    assert verb_in_words("start_intake") == "Intake starten"
    assert verb_in_words("toets financiën") == "Toets financiën"
