"""What a rule says stands once: whoever holds it in a form, an action or PostgreSQL asks for the same words."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.test_repository import APPS, ROOT

SAYS = {"Reason", "Refused", "ValidationError", "add_error"}


def said_in(node: ast.AST) -> Iterator[str]:
    calls = (part for part in ast.walk(node) if isinstance(part, ast.Call) and part.args)
    texts = (call.args[0] for call in calls if getattr(call.func, "id", "") in ("_", "gettext_lazy"))
    yield from (text.value for text in texts if isinstance(text, ast.Constant))


def refusals(path: Path) -> Iterator[str]:
    """The sentences with which this file refuses something."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and SAYS & {getattr(node.func, "id", ""), getattr(node.func, "attr", "")}:
            for part in (*node.args, *(named.value for named in node.keywords)):
                yield from said_in(part)
        elif isinstance(node, ast.keyword) and node.arg == "violation_error_message":
            yield from said_in(node.value)


def test_what_a_rule_says_stands_in_one_file() -> None:
    where: dict[str, set[str]] = defaultdict(set)
    for path in (path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts):
        for sentence in refusals(path):
            if sentence.endswith("."):
                where[sentence].add(str(path.relative_to(ROOT)))
    twice = {sentence: files for sentence, files in where.items() if len(files) > 1}
    assert twice == {}
