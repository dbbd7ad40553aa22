"""Searching by what somebody typed: one way for every search box and every field that picks a row by its name.

A row keeps its names folded (`SearchText`), a search folds what was typed (`Term`), so both are compared as `topjob.text` says.
An e-mail address, a phone number and a birth date are looked up by their exact value, each in its own column.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import add, and_
from typing import Any

from django import forms
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import TrigramSimilarity, TrigramStrictWordSimilarity
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.db.models.lookups import Exact
from django.utils.translation import gettext as _
from phonenumber_field.phonenumber import PhoneNumber
from phonenumbers import NumberParseException

from topjob.conditions import any_of
from topjob.entry import read_day
from topjob.text import clean, fold, telling_words

LONGEST, MOST_WORDS, SHORTEST = 120, 8, 2
# From how many letters a word is looked for with two of them the other way round, by itself and beside other words.
PUT_RIGHT_FROM, PUT_RIGHT_BESIDE_OTHERS = 5, 3
FIRST_YEAR, LAST_YEAR = 2000, 2100
PHONE = re.compile(r"^[+0-9(][0-9 ()./-]{5,}$", re.ASCII)
EMAIL = re.compile(r"^[^\s@]+@[^\s@]+\.[^\s@]+$")


# --- What a row keeps ------------------------------------------------------------------------------------------------
class SearchText(models.TextField):
    """Fields of the same row, folded, with a space around every word; follows them at every save (`Findable`)."""

    def __init__(self, *sources: str, **options: Any) -> None:
        self.sources = sources
        fixed: dict[str, Any] = {"editable": False, "blank": True, "default": "", "db_default": ""}
        super().__init__(**(fixed | options))

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, _args, options = super().deconstruct()
        return name, path, list(self.sources), options

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        text = self.of(model_instance)
        setattr(model_instance, self.attname, text)
        return text

    def of(self, row: models.Model) -> str:
        """What the column must hold for this row."""
        folded = fold(" ".join(str(getattr(row, name)) for name in self.sources))
        return f" {folded} " if folded else ""


class Findable(models.Model):
    """A row with a `SearchText`: whoever saves one of its sources saves the text too."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        if (names := options.get("update_fields")) is not None:
            follow = {field.name for field in search_texts(type(self)) if {*names} & {*field.sources}}
            options["update_fields"] = {*names, *follow}
        super().save(*args, **options)


def search_texts(model: type[models.Model]) -> list[SearchText]:
    return [field for field in model._meta.concrete_fields if isinstance(field, SearchText)]


def search_index(name: str, column: str = "search_text") -> GinIndex:
    """The index that finds words by their beginning, their middle and their likeness.

    Without a list of what is still to be put in: a long one makes PostgreSQL read the whole table instead.
    """
    return GinIndex(fields=[column], opclasses=["gin_trgm_ops"], name=name, fastupdate=False)


def all_findable() -> Iterator[type[models.Model]]:
    """Every table with a `SearchText`."""
    from django.apps import apps

    yield from (model for model in apps.get_models() if search_texts(model) and not model._meta.proxy)


# --- What was typed --------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Term:
    """What somebody typed in a search box, and how it is looked up."""

    text: str
    words: tuple[str, ...]
    email: str = ""
    phone: str = ""
    day: date | None = None

    @classmethod
    def of(cls, text: str) -> Term:
        text = clean(text)[:LONGEST]
        words = tuple(dict.fromkeys(telling_words(text)))[:MOST_WORDS]
        email = text if EMAIL.match(text) else ""
        return cls(text, words, email, phone_number(text), birth_date(text))

    @property
    def problem(self) -> str:
        """Why nothing can be looked up with this, in words for who typed it."""
        if not self.text or self.email:
            return ""
        if "@" in self.text:
            return _("Typ het hele e-mailadres.")
        if len("".join(self.words)) < SHORTEST:
            return _("Dit is te kort om op te zoeken. Typ ten minste 2 letters of cijfers.")
        return ""

    def q(self, *columns: str, email: str = "", phone: str = "", day: str = "") -> models.Q:
        """Rows that answer: by an exact value where there is one, else every word in one of these columns."""
        if self.problem or not self.text:
            return models.Q(pk__in=[])
        if self.email:
            return models.Q(Exact(Lower(email), self.email.lower())) if email else models.Q(pk__in=[])
        if self.day and day:
            return models.Q(**{day: self.day})
        named = reduce(and_, (self.word(word, *columns) for word in self.words))
        return named | models.Q(**{phone: self.phone}) if self.phone and phone else named

    def word(self, word: str, *columns: str) -> models.Q:
        """One word in one of these columns. A short one or a number must begin a word; others may be mistyped.

        Two letters that changed places leave too little of a word alike, so such a word is also looked for put right; a short
        one only beside others, where it may be a prefix ("vna der Linden").
        """
        if len(word) <= SHORTEST or word.isdigit():
            return any_of(*(models.Q(**{f"{column}__contains": f" {word}"}) for column in columns))
        looks = [("contains", word), ("trigram_strict_word_similar", word)]
        if len(word) >= (PUT_RIGHT_FROM if len(self.words) == 1 else PUT_RIGHT_BESIDE_OTHERS):
            looks += [("contains", f" {other} ") for other in put_right(word)]
        return any_of(*(models.Q(**{f"{column}__{look}": value}) for column in columns for look, value in looks))

    def closest(self, rows: models.QuerySet[Any], *then: str, column: str = "search_text") -> models.QuerySet[Any]:
        """These rows in order: those whose names are most like what was typed first, then by the columns in `then`.

        Of what begins with one or two letters no name is more like them than another, and there may be thousands.
        """
        if all(len(word) <= SHORTEST for word in self.words):
            return rows.order_by(*then)
        return rows.alias(likeness=self._likeness(column)).order_by("-likeness", *then)

    def _likeness(self, column: str) -> Any:
        words = fold(self.text).split()[:MOST_WORDS]
        parts = [TrigramStrictWordSimilarity(word, column) for word in words]
        return reduce(add, [*parts, TrigramSimilarity(column, " ".join(words))])


def put_right(word: str) -> list[str]:
    """What may have been meant, when two letters that stand beside each other changed places."""
    swapped = (word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1))
    return [other for other in dict.fromkeys(swapped) if other != word]


def by_names(rows: models.QuerySet, text: str, names: Sequence[str]) -> models.QuerySet:
    """Rows of any table by these fields: by its own column for that, or of a short list by folding it here."""
    term = Term.of(text)
    if search_texts(rows.model) or term.problem:
        return rows.filter(term.q("search_text"))
    folded = [(pk, fold(" ".join(map(str, values)))) for pk, *values in rows.values_list("pk", *names)]
    return rows.filter(pk__in=[pk for pk, text in folded if all(word in text for word in term.words)])


def birth_date(text: str) -> date | None:
    """A day, written as in every form; figures alone are the end of a phone number."""
    try:
        return None if text.isdigit() else read_day(text)
    except ValueError:
        return None


def phone_number(text: str) -> str:
    """A whole phone number in any notation, as it is stored; the last eight digits are a mobile number."""
    if not PHONE.match(text):
        return ""
    for written in (text, f"06{text}"):
        with contextlib.suppress(NumberParseException):
            number = PhoneNumber.from_string(written, region="NL")
            if number.is_valid():
                return number.as_e164
    return ""


class SearchField(forms.CharField):
    """A search box in a form; a term that finds nothing because it is too short says so beside the box."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**({"required": False, "max_length": LONGEST} | options))

    def to_python(self, value: Any) -> str:
        return clean(super().to_python(value) or "")

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if problem := Term.of(text).problem:
            raise ValidationError(problem)
        return text


class SearchDay(forms.DateField):
    """A day to search from or until; nothing here happened in another era, where no day after or month before may be left."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**({"required": False} | options))

    def clean(self, value: Any) -> date | None:
        day = super().clean(value)
        if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValidationError(_("Kies een dag tussen 2000 en 2100."))
        return day
