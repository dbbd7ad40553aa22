"""How a name is shown: it stands apart from the text around it, so that its letters turn nothing else round (decision 32).

One declaration, at the model's field. A `Name` is a string like any other for storing and comparing. On a page it is written as
`<bdi>…</bdi>` by Django's own escaping; put into a sentence (a subject, a title, a mail) it is held apart by the two signs that
do so in plain text, where it has letters that are read from right to left, and is written as it is where it hasn't.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.html import format_html
from django.utils.safestring import SafeString

# First strong isolate … pop directional isolate.
OPEN, CLOSE = "\u2068", "\u2069"


def isolated(name: str) -> str:
    """A name for plain text: held apart when it is read from right to left, otherwise the name and nothing else."""
    plain = str.__str__(name)
    turns = any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in plain)
    return f"{OPEN}{plain}{CLOSE}" if turns and not plain.startswith(OPEN) else plain


class Name(str):
    """A person's, company's or user's name."""

    __slots__ = ()

    def __str__(self) -> str:
        return isolated(self)

    def __html__(self) -> SafeString:
        plain = str.__str__(self).strip(OPEN + CLOSE)
        return format_html("<bdi>{}</bdi>", plain) if plain else SafeString("")


def shown(name: str) -> Name:
    """What `__str__` of somebody with a name gives: on a page an element, and held apart in any sentence it is put into."""
    return Name(isolated(name))


def in_plain_text(rendered: str) -> SafeString:
    """What was written for a page, for where no elements can stand: a title, an attribute, an option."""
    parts = rendered.split("<bdi>")
    for place, part in enumerate(parts[1:], start=1):
        name, _end, after = part.partition("</bdi>")
        parts[place] = isolated(name) + after
    return SafeString("".join(parts))


class _NameOf(DeferredAttribute):
    """Whatever is given to the attribute, what is read from it is a `Name`."""

    def __set__(self, instance: models.Model, value: Any) -> None:
        is_plain = isinstance(value, str) and not isinstance(value, Name)
        instance.__dict__[self.field.attname] = Name(value) if is_plain else value

    def __get__(self, instance: models.Model | None, cls: type[models.Model] | None = None) -> Any:
        if instance is not None and self.field.attname in instance.__dict__:
            return instance.__dict__[self.field.attname]
        return super().__get__(instance, cls)


class NameField(models.CharField):
    """A column that holds a name; for the database and for migrations it is a CharField."""

    descriptor_class = _NameOf

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Name | None:
        return None if value is None else Name(value)

    def value_from_object(self, obj: models.Model) -> Any:
        """In a form's box stands the name alone."""
        value = super().value_from_object(obj)
        return str.__str__(value) if isinstance(value, Name) else value

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
