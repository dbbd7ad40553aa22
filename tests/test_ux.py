"""Each of UX.md's twenty-five interactions has a test in a browser (`ux.csv`); core tasks one without JavaScript as well."""

from __future__ import annotations

import ast
import csv
from functools import cache
from pathlib import Path

from django.conf import settings

TABLE = Path(__file__).with_name("ux.csv")


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_all_twenty_five_are_there() -> None:
    assert [row["nummer"] for row in rows()] == [str(number) for number in range(1, 26)]


def test_each_names_a_test_that_runs_in_a_browser() -> None:
    named = {test for row in rows() for test in (row["test"], row["zonder JavaScript"]) if test}
    assert all(row["test"] for row in rows())
    assert sorted(test for test in named if not _runs_in_a_browser(*test.split("::"))) == []


def test_those_without_a_script_switch_it_off() -> None:
    plain = {
        row["zonder JavaScript"].split("::")[1]: row["zonder JavaScript"] for row in rows() if row["zonder JavaScript"]
    }
    wrong = [test for name, test in plain.items() if not _is_plain(_tests_of(test.split("::")[0])[name])]
    assert wrong == []


def _is_plain(test: ast.FunctionDef) -> bool:
    return "plainly" in [argument.arg for argument in test.args.args] or "java_script_enabled" in ast.unparse(test)


def _runs_in_a_browser(path: str, name: str) -> bool:
    test = _tests_of(path).get(name)
    marks = [ast.unparse(mark) for mark in test.decorator_list] if test else []
    return test is not None and ("pytest.mark.browser" in marks or _marked_whole(path))


def _marked_whole(path: str) -> bool:
    return any(
        isinstance(line, ast.Assign)
        and "pytestmark" in ast.unparse(line.targets[0])
        and "mark.browser" in ast.unparse(line)
        for line in _parsed(path).body
    )


def _tests_of(path: str) -> dict[str, ast.FunctionDef]:
    return {line.name: line for line in _parsed(path).body if isinstance(line, ast.FunctionDef)}


@cache
def _parsed(path: str) -> ast.Module:
    return ast.parse((Path(settings.BASE_DIR) / path).read_text(encoding="utf-8"))
