"""Draws the data model by app in docs/data-model.md, so that the picture can't tell another story than the models."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Field, Model

from topjob.errors import promised

ROOT = Path(settings.BASE_DIR)
OWN = ("topjob", "accounts", "candidates", "employers", "matching", "trajectories")
HEAD = """# The data model

Made from the models by `python manage.py data_model`; a test compares. Don't edit by hand. Per app: what each table means, in the
words of the model's own docstring, then its columns and the lines to other tables (`}o--||`: every row has one, `}o--o|`: or
none, `|o--||`: at most one row for each, `}o--o{`: many to many).
"""


def page() -> str:
    """The whole of docs/data-model.md."""
    return HEAD + "".join(_section(apps.get_app_config(label)) for label in OWN)


def models_of(app: AppConfig) -> list[type[Model]]:
    """The tables of an app in the order of their names; of many-to-many tables only those that we declared."""
    return sorted(app.get_models(), key=lambda model: model.__name__)


def _section(app: AppConfig) -> str:
    models = models_of(app)
    said = "\n".join(f"- `{model.__name__}`: {_meaning(model)}" for model in models)
    drawn = "\n".join(line for model in models for line in (*_entity(model), *_lines(model)))
    return f"\n## {app.label}\n{said}\n\n```mermaid\nerDiagram\n{drawn}\n```\n"


def _meaning(model: type[Model]) -> str:
    return " ".join((model.__doc__ or "").strip().split("\n\n")[0].split())


def _columns(model: type[Model]) -> Iterator[Field]:
    yield from (field for field in model._meta.concrete_fields if not field.is_relation)


def _entity(model: type[Model]) -> Iterator[str]:
    yield f"    {model.__name__} {{"
    for field in _columns(model):
        key = " PK" if field.primary_key else " UK" if field.unique else ""
        yield f"        {field.get_internal_type()} {field.name}{key}"
    yield "    }"


def _lines(model: type[Model]) -> Iterator[str]:
    for field in model._meta.concrete_fields:
        if field.is_relation:
            many = "|o" if field.unique else "}o"
            one = "o|" if field.null else "||"
            yield f"    {model.__name__} {many}--{one} {promised(field.related_model).__name__} : {field.name}"
    for field in model._meta.local_many_to_many:
        yield f"    {model.__name__} }}o--o{{ {promised(field.related_model).__name__} : {field.name}"


class Command(BaseCommand):
    help = "Draws the data model in docs/data-model.md; with --check only says whether it is current."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail when the picture is out of date")

    def handle(self, *args: Any, **options: Any) -> None:
        path, wanted = ROOT / "docs" / "data-model.md", page()
        current = path.exists() and path.read_text() == wanted
        if not current and options["check"]:
            raise CommandError("Out of date: data-model.md. Run `python manage.py data_model`.")
        if not current:
            path.write_text(wanted)
        if options["verbosity"]:
            self.stdout.write("The data model is current." if current else "Written: data-model.md.")
