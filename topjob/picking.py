"""Picking one row by typing its name: the page suggests, the server decides, and asks when several answer.

A row that is picked is shown as its `distinct_name`: with what tells it apart from another of the same name. What comes back is a
row, by its id or number, never the first of a name. Nothing of it needs JavaScript.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.template.loader import render_to_string
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from topjob.finding import Term
from topjob.text import clean, fold

MOST, SUGGESTED, LONGEST_LABEL = 8, 12, 300
# Rows with `search` and `search_path`; a row with `distinct_name`, `pick_name` and `pick_number`.
Searchable = Any
Pickable = Any
NUMBERED = re.compile(r"\((nr\.|KvK) (\d{1,18})\)\s*$", re.ASCII)


def told_apart(name: str, place: str, number: str, pk: int | None) -> str:
    """A name with its place and number, so that no two are the same."""
    where = f", {place}" if place and fold(place) not in fold(name) else ""
    return f"{name}{where} ({f'KvK {number}' if number else f'nr. {pk}'})"


def suggestions(rows: Searchable, text: str) -> list[str]:
    """What to offer while somebody types, the closest first."""
    term = Term.of(text)
    return [] if term.problem or not term.text else [row.distinct_name for row in closest(rows, text)[:SUGGESTED]]


def closest(rows: Searchable, text: str) -> Searchable:
    """Rows that answer to a text, the most alike first."""
    return Term.of(text).closest(rows.search(text), "pk", column=rows.model.search_path)


class Typed(str):
    """What was typed, and which of the offered rows was picked with it."""

    choice: str = ""


class PickInput(forms.TextInput):
    """A text field with suggestions while typing; when several rows answer, they stand under it to pick from."""

    def __init__(self, url_name: str = "") -> None:
        super().__init__({"autocomplete": "off"})
        self.url = reverse_lazy(url_name) if url_name else ""
        # What was asked about a text: the rows that answer to it.
        self.asked: dict[str, list[tuple[int, str]]] = {}

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Typed | None:
        value = super().value_from_datadict(data, files, name)
        if value is None:
            return None
        typed = Typed(value)
        typed.choice = str(data.get(f"{name}_keuze", ""))
        return typed

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> Any:
        options = f"{(attrs or {}).get('id', name)}_options"
        attrs = dict(attrs or {})
        if self.url:
            attrs |= {
                "list": options,
                "hx-get": self.url,
                "hx-trigger": "input changed delay:200ms",
                "hx-target": f"#{options}",
                "hx-swap": "innerHTML",
                "hx-sync": "this:replace",
            }
        context = {
            "input": super().render(name, value, attrs, renderer),
            "options": options if self.url else "",
            "name": f"{name}_keuze",
            "choices": self.asked.get(str(value or ""), []),
        }
        return render_to_string("picking/input.html", context)


class PickField(forms.CharField):
    """One row of a table, picked by its name."""

    def __init__(self, *, queryset: Searchable, url_name: str = "", **options: Any) -> None:
        self.queryset = queryset
        # By text, because a form may also clean what stands there already (`topjob.merging`).
        self.picked: dict[str, Pickable] = {}
        super().__init__(max_length=LONGEST_LABEL, widget=PickInput(url_name), **options)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) and value in self.picked:
            return self.picked[value].distinct_name
        if isinstance(value, int):
            value = (
                self.queryset.filter(pk=value).first() or self.queryset.model._default_manager.filter(pk=value).first()
            )
        return value.distinct_name if isinstance(value, models.Model) else value  # type: ignore[attr-defined]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)

    def clean(self, value: Any) -> Any:
        text = clean(super().clean(value))
        if not text:
            return None
        try:
            row = self.picked[str(value)] = self._find(text, getattr(value, "choice", ""))
        except ValidationError:
            self.widget.asked[str(value)] = self.widget.asked.get(text, [])
            raise
        return row

    def __deepcopy__(self, memo: dict[int, Any]) -> PickField:
        """Each form remembers what it asked itself."""
        copied = super().__deepcopy__(memo)
        copied.picked, copied.widget.asked = {}, {}
        return copied

    def _find(self, text: str, choice: str) -> Pickable:
        return self._chosen(text, choice) or self._named(text) or self._ask(text)

    def _chosen(self, text: str, choice: str) -> Pickable | None:
        """The row that was picked from the list, as long as the text is still about it."""
        if not (choice.isascii() and choice.isdigit() and len(choice) < 18):
            return None
        return self.queryset.search(text).filter(pk=choice).first()

    def _named(self, text: str) -> Pickable | None:
        """The one row of this number, of this name, or of which this is a part."""
        if row := self._numbered(text):
            return row
        found = list(closest(self.queryset, text)[: MOST + 1])
        whole = [row for row in found if fold(text) in (fold(row.pick_name), row.pick_number)]
        literal = [row for row in found if all(word in fold(row.distinct_name) for word in Term.of(text).words)]
        for rows in (whole, literal):
            if rows:
                return rows[0] if len(rows) == 1 else None
        return None

    def _numbered(self, text: str) -> Pickable | None:
        """The row of a suggestion that was taken over as it stands."""
        number = NUMBERED.search(text)
        if number is None:
            return None
        rows = self.queryset.filter(pk=number[2]) if number[1] == "nr." else self.queryset.search(number[2])
        return next((row for row in rows if fold(row.distinct_name) == fold(text)), None)

    def _ask(self, text: str) -> Pickable:
        """Nothing is picked for somebody: who typed it picks."""
        rows = list(closest(self.queryset, NUMBERED.sub("", text))[: MOST + 1])
        if problem := Term.of(text).problem:
            raise ValidationError(problem)
        if not rows:
            raise ValidationError(_("“%(text)s” is niet gevonden. Controleer de naam.") % {"text": text})
        self.widget.asked[text] = [(row.pk, row.distinct_name) for row in rows[:MOST]]
        if len(rows) > MOST:
            raise ValidationError(_("Er zijn er meer. Kies er een uit de lijst, of typ ook de plaats."))
        raise ValidationError(_("Welke bedoel je? Kies er een uit de lijst."))
