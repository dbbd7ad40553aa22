"""No migration imports live code: what it did yesterday it does tomorrow, whatever became of the code (ADR 25)."""

from __future__ import annotations

import ast
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
APPS = ("topjob", "accounts", "candidates", "employers", "matching", "trajectories")
OURS = {*APPS, "demo", "tests", "benchmarks"}
# What `makemigrations` writes by itself: our own kinds of columns, and what columns and constraints are given.
NAMED_BY_DJANGO = {
    "accounts.models.absence.DaysOf",
    "accounts.models.reference.staff_members",
    "candidates.models.file.document_path",
    "topjob.finding.SearchText",
    "trajectories.models.paper.scan_path",
    "trajectories.models.plan.generated_path",
    "trajectories.models.school.practice_path",
}
BY_NAME = {"import_module", "__import__", "import_string"}


def live_code(source: str) -> set[str]:
    """What of ours a migration imports, as far as it says what it uses of it."""
    nodes = list(ast.walk(ast.parse(source)))
    imported = {
        name.name for node in nodes if isinstance(node, ast.Import) for name in node.names if is_ours(name.name)
    }
    used = {ast.unparse(node) for node in nodes if isinstance(node, ast.Attribute)}
    told = {name for name in used if name.rpartition(".")[0] in imported}
    unsaid = {module for module in imported if not any(name.startswith(f"{module}.") for name in told)}
    return told | unsaid | {name for node in nodes for name in from_imports(node)}


def from_imports(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom) and (node.level or is_ours(node.module or "")):
        return [f"{node.module}.{name.name}" for name in node.names]
    if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in BY_NAME:
        return [ast.unparse(node)]
    return []


def is_ours(module: str) -> bool:
    return module.split(".")[0] in OURS


def test_no_migration_imports_live_code() -> None:
    paths = [path for app in APPS for path in (ROOT / app / "migrations").rglob("*.py")]
    found = {path: live_code(path.read_text("utf-8")) for path in paths}
    assert set().union(*found.values()) == NAMED_BY_DJANGO
    assert {path.stem for path, names in found.items() if names} == {"0001_initial", "0011_practice_agreements"}


def test_live_code_is_seen() -> None:
    """A control: every way in which a migration can reach it."""
    for source, name in {
        "from topjob import clock": "topjob.clock",
        "import trajectories.documents.papers": "trajectories.documents.papers",
        "import topjob.finding as f\nf.fold('a')": "topjob.finding",
        "def add():\n    from accounts.law import Law": "accounts.law.Law",
        "from .other import add": "other.add",
        "import_module('topjob.clock')": "import_module('topjob.clock')",
        "importlib.import_module('topjob.clock')": "importlib.import_module('topjob.clock')",
    }.items():
        assert live_code(source) == {name}
