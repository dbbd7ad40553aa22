"""Rows that belong to a row, read by the same question.

`prefetch_related` asks one question per relation, so a page of a whole file asks thirty. `with_rows` asks for the rows behind a
relation as a subquery of the question that is asked anyway; PostgreSQL hands them over as JSON. Afterwards `plan.goals.all()` is
answered from memory, just as after a prefetch.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Self, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Field, Func, JSONField, Model, OuterRef
from django.db.models.functions import JSONObject
from django.db.models.query import ModelIterable
from encrypted_fields.fields import EncryptedFieldMixin

from topjob.errors import promised

Row = TypeVar("Row", bound=Model)


class _Exact(json.JSONDecoder):
    """0.80 stays 0.80."""

    def __init__(self) -> None:
        super().__init__(parse_float=Decimal)


class WholeRow(Func):
    """Every column of the table that a column is from, as one JSON object; nothing for the empty side of an outer join."""

    output_field = JSONField(decoder=_Exact)

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, tuple[()]]:  # type: ignore[override]
        (column,) = self.get_source_expressions()
        return f"to_jsonb({compiler.quote_name_unless_alias(column.alias)})", ()


@dataclass(frozen=True)
class Rows:
    """The rows behind a relation, `goals` or `trial__extensions` or the one of `jobcoach`; with what each points at, and rows of
    their own.
    """

    name: str
    one: tuple[str, ...] = ()
    rows: tuple[Rows, ...] = ()

    def subquery(self, model: type[Model]) -> ArraySubquery:
        """These rows of each row of a model, in their own order."""
        relation = self._relation(model)
        ours, theirs = (relation.name, "pk") if relation.concrete else ("pk", relation.field.name)
        found = relation.related_model._default_manager.filter(**{theirs: OuterRef("__".join([*self._path, ours]))})
        return ArraySubquery(found.values(together=self._as_json(relation.related_model)))

    def behind(self, path: str) -> Rows:
        """The same rows, for whoever starts further away."""
        return replace(self, name=f"{path}__{self.name}")

    def hand_out(self, row: Model, found: list[dict[str, Any]]) -> None:
        """Make the rows of what was read, so that `row.<name>.all()` needs no question."""
        relation, owner = self._relation(type(row)), row
        for name in self._path:
            owner = getattr(owner, name, None)  # type: ignore[assignment]
            if owner is None:
                return
        children = [self._made(relation.related_model, parts) for parts in found]
        if not relation.concrete:
            for child in children:
                relation.field.set_cached_value(child, owner)
        if relation.one_to_many:
            _remember(owner, relation.get_accessor_name(), children)
        else:
            relation.set_cached_value(owner, children[0] if children else None)

    @property
    def _path(self) -> list[str]:
        return self.name.split("__")[:-1]

    def _relation(self, model: type[Model]) -> Any:
        *path, last = self.name.split("__")
        for name in path:
            model = model._meta.get_field(name).related_model  # type: ignore[assignment]
        return model._meta.get_field(last)

    def _as_json(self, model: type[Model]) -> JSONObject:
        named = {name: WholeRow(F(f"{name}__{_a_column(model, name)}")) for name in self.one}
        lists = {f"rows_{rows.name}": rows.subquery(model) for rows in self.rows}
        return JSONObject(row=WholeRow(F(model._meta.pk.name)), **named, **lists)

    def _made(self, model: type[Model], parts: dict[str, Any]) -> Model:
        row = _from_columns(model, parts["row"])
        for name in self.one:
            field: Any = model._meta.get_field(name)
            columns = parts[name]
            field.set_cached_value(row, _from_columns(field.related_model, columns) if columns else None)
        for rows in self.rows:
            rows.hand_out(row, parts[f"rows_{rows.name}"])
        return row


def _a_column(model: type[Model], name: str) -> str:
    """A column that only the other table has: for its key Django would read our own, without going there."""
    other: Any = model._meta.get_field(name).related_model
    return next(field.name for field in other._meta.concrete_fields if not field.primary_key)


def _from_columns(model: type[Model], columns: dict[str, Any]) -> Model:
    fields = model._meta.concrete_fields
    values = [_as_python(field, columns[promised(field.column)]) for field in fields]
    return model.from_db("default", [field.attname for field in fields], values)


def _as_python(field: Field, value: Any) -> Any:
    if isinstance(field, DateRangeField):
        return _period(value)
    if isinstance(field, models.GeneratedField):
        field = promised(field.output_field)
    if isinstance(field, (EncryptedFieldMixin, models.BinaryField)):
        raise TypeError(f"{field} isn't in the database as what it means: read it by itself")
    return field.to_python(value)


def _period(text: str | None) -> DateRange | None:
    """As PostgreSQL writes a range of days: from and up to."""
    if text is None:
        return None
    first, end = (date.fromisoformat(day) if day else None for day in text[1:-1].split(","))
    return DateRange(first, end)


def _remember(owner: Model, name: str, children: list[Model]) -> None:
    """As a prefetch does."""
    rows = getattr(owner, name).get_queryset()
    rows._result_cache, rows._prefetch_done = children, True
    owner.__dict__.setdefault("_prefetched_objects_cache", {})[name] = rows


class TogetherQuerySet(models.QuerySet[Row]):
    """A queryset that can read the rows of its rows in the same question."""

    _together: tuple[Rows, ...] = ()

    def with_rows(self, *rows: Rows) -> Self:
        """With the rows behind these relations. `prefetch_related` can't go through them: say so in `rows` instead."""
        found = self.annotate(**{_alias(part): part.subquery(self.model) for part in rows})
        found._together = (*self._together, *rows)
        return found

    def _clone(self) -> Self:
        clone = super()._clone()  # type: ignore[misc]
        clone._together = self._together
        return clone

    def _fetch_all(self) -> None:
        is_new = self._result_cache is None
        super()._fetch_all()
        if is_new and self._together and issubclass(self._iterable_class, ModelIterable):
            for row in self._result_cache or ():
                for part in self._together:
                    part.hand_out(row, row.__dict__.pop(_alias(part)))


def _alias(rows: Rows) -> str:
    return "together_" + rows.name.replace("__", "_")
