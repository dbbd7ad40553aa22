"""The pictures of the state machine and of the data model tell what the code does."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from trajectories.management.commands import data_model, state_diagram
from trajectories.process.workflow import State, step_names


def test_the_diagram_is_current() -> None:
    call_command("state_diagram", "--check", verbosity=0)


def test_it_shows_every_state_and_every_step() -> None:
    page = state_diagram.page()
    assert all(f"    {state.value}: {state.label}" in page for state in State)
    assert all(f"| `{name}` " in page for name in step_names())


def test_an_old_page_is_noticed_and_renewed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begin, end = state_diagram.BEGIN, state_diagram.END
    (tmp_path / "README.md").write_text(f"# Voor\n{begin}\noud\n{end}\n# Na\n")
    (tmp_path / "docs").mkdir()
    monkeypatch.setattr(state_diagram, "ROOT", tmp_path)
    with pytest.raises(CommandError, match="Out of date"):
        call_command("state_diagram", "--check")
    call_command("state_diagram", verbosity=0)
    call_command("state_diagram", "--check", verbosity=0)
    readme = (tmp_path / "README.md").read_text()
    assert readme.startswith("# Voor\n") and readme.endswith("\n# Na\n")
    assert "AANGEMELD --> INTAKE: Intake starten" in readme and "oud" not in readme


def test_the_data_model_is_current() -> None:
    call_command("data_model", "--check", verbosity=0)


@pytest.mark.parametrize("label", data_model.OWN)
def test_it_shows_every_table_of_ours(label: str) -> None:
    drawn = data_model.page().split(f"\n## {label}\n")[1].split("\n## ")[0]
    assert all(f"    {model.__name__} {{" in drawn for model in apps.get_app_config(label).get_models())


def test_it_draws_a_line_as_the_column_is() -> None:
    """A traject has many versions of its plan; a trial has one evaluation."""
    page = data_model.page()
    assert "    StartPlan }o--|| Trajectory : trajectory\n" in page
    assert "    Evaluation |o--|| TrialPeriod : trial\n" in page


def test_an_old_data_model_is_noticed_and_renewed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "data-model.md").write_text("oud")
    monkeypatch.setattr(data_model, "ROOT", tmp_path)
    with pytest.raises(CommandError, match="Out of date"):
        call_command("data_model", "--check")
    call_command("data_model", verbosity=0)
    call_command("data_model", "--check", verbosity=0)
