"""`migrate` makes a model anew when it changes, not all that are tied to it; code of a migration sees all of them as they are."""

from django.apps import apps
from django.db.migrations.state import ModelState, ProjectState, StateApps
from django.db.models import IntegerField

from topjob.management.commands.migrate import models_made_once


def changed(state: ProjectState, monkeypatch) -> list[str]:
    """The models that are made anew when a column is added to the user, to whom everything is tied."""
    made, render = [], StateApps.render_multiple
    monkeypatch.setattr(
        StateApps, "render_multiple", lambda self, states: (made.extend(s.name for s in states), render(self, states))
    )
    state.add_field("accounts", "user", "shoe_size", IntegerField(null=True), preserve_default=True)
    return made


def test_only_the_changed_model_is_made_anew_and_code_sees_them_all(monkeypatch):
    state = ProjectState()
    for model in apps.get_models():
        state.add_model(ModelState.from_model(model))
    assert state.apps
    with models_made_once():
        assert changed(state, monkeypatch) == ["User"]
        assert state.apps.get_model("accounts", "user")._meta.get_field("shoe_size")
        # What Django does before it runs Python code of a migration.
        state.clear_delayed_apps_cache()
    membership = state.apps.get_model("accounts", "membership")
    assert membership._meta.get_field("user").related_model is state.apps.get_model("accounts", "user")
    assert ProjectState._find_reload_model.__module__ == ProjectState.__module__, "Django's own is back"
