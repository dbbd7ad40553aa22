"""Two people may have one thing open at once: what each of them changed is kept, and nobody overwrites a colleague unseen.

A form that changes something that is there already holds, hidden, a print of every value as it was shown. When it is sent, each
field is compared with what stands there by then: what this person left alone keeps the newest value; what only this person
changed is saved; what both changed differently is shown with both values, keeps what was typed, and leaves the choice: send
again, or tick to take over the other's. The row stays locked from the comparing until the saving. A print can't be read back,
so a BSN in a form doesn't stand in its source a second time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import model_to_dict
from django.utils.crypto import salted_hmac
from django.utils.html import format_html
from django.utils.translation import gettext as _

from topjob import clock
from topjob.dates import nl_date, nl_moment
from topjob.errors import Refused

FIELD, TAKE_OVER = "zoals_getoond", "overnemen"
LONGEST_SHOWN = 300


class SeenField(forms.CharField):
    """The prints of what was shown; never something that somebody changed."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, widget=forms.HiddenInput, label="", max_length=20_000, **options)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class MergingMixin:
    """A form for something that two people may have open; first in the bases. `initial` must be what stands there now."""

    # Whether the form may overwrite; None: when it is about a row that is stored already.
    overwrites: bool | None = None
    data: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taken_over: list[str] = []
        self.clashes: list[str] = []
        self._sent: dict[str, str] = {}
        # What a page proposes beside the stored row isn't there to be overwritten.
        self.suggested = set(kwargs.get("initial") or ()) if self.overwrites is None else set()
        if self.merges:
            self.fields[FIELD] = SeenField(initial=self._shown)  # type: ignore[attr-defined]

    @property
    def merges(self) -> bool:
        row = getattr(self, "instance", None)
        return self.overwrites if self.overwrites is not None else row is not None and row.pk is not None

    def look_again(self) -> None:
        """Hold what this form changes until it is saved, and read it as it is now."""
        row = getattr(self, "instance", None)
        if row is not None and row.pk is not None:
            hold(row)
            meta = self._meta  # type: ignore[attr-defined]
            self.initial |= model_to_dict(row, meta.fields, meta.exclude)  # type: ignore[attr-defined]

    # --- Comparing ---
    def full_clean(self) -> None:
        before = self._sent_prints()
        self.clashes = self._merge(before) if before else []
        super().full_clean()  # type: ignore[misc]
        for name in self.clashes:
            self._show_both(name)
        if hasattr(self, "cleaned_data"):
            self.cleaned_data.pop(FIELD, None)

    def _sent_prints(self) -> dict[str, str]:
        if not (self.is_bound and FIELD in self.fields):  # type: ignore[attr-defined]
            return {}
        try:
            prints = json.loads(self.data.get(self.add_prefix(FIELD)) or "{}")  # type: ignore[attr-defined]
        except (ValueError, RecursionError):
            return {}
        return prints if isinstance(prints, dict) else {}

    def _merge(self, before: dict[str, str]) -> list[str]:
        """Put in what others saved meanwhile where this person changed nothing; answers the fields that both changed."""
        self._sent = dict(before)
        self.look_again()
        chosen = set(self._chosen())
        clashes = []
        for name in self._compared():
            now = self._print(name, self._standing(name))
            if name not in before or self._unsaid(name) or (before[name] == now and name not in chosen):
                continue
            mine = self._print(name, self._typed(name))
            if name in chosen or mine == before[name]:
                self._take_over(name)
            elif mine != now:
                clashes.append(name)
            before[name] = now
        if clashes or self.taken_over:
            self._fill(FIELD, json.dumps(before))
        return clashes

    def _chosen(self) -> Iterable[str]:
        key = self.add_prefix(TAKE_OVER)  # type: ignore[attr-defined]
        return self.data.getlist(key) if hasattr(self.data, "getlist") else [self.data.get(key, "")]

    def _unsaid(self, name: str) -> bool:
        """A question that the answer leaves out altogether, not one that was emptied."""
        widget = self.fields[name].widget  # type: ignore[attr-defined]
        return widget.value_omitted_from_data(self.data, self.files, self.add_prefix(name))  # type: ignore[attr-defined]

    def _take_over(self, name: str) -> None:
        field = self.fields[name]  # type: ignore[attr-defined]
        self.taken_over.append(name)
        if hasattr(field.widget, "put"):
            self.data = self.data.copy()
            field.widget.put(self.data, self.add_prefix(name), self._now(name))  # type: ignore[attr-defined]
        else:
            self._fill(name, field.prepare_value(self._now(name)))

    def _fill(self, name: str, value: Any) -> None:
        """As if this had been sent."""
        key, self.data = self.add_prefix(name), self.data.copy()  # type: ignore[attr-defined]
        if isinstance(value, (list, tuple, models.QuerySet)) and hasattr(self.data, "setlist"):
            self.data.setlist(key, list(value))
        else:
            self.data[key] = value

    # --- Values ---
    def _compared(self) -> list[str]:
        """Every field that can overwrite something; a file is only ever added."""
        return [
            name
            for name, field in self.fields.items()  # type: ignore[attr-defined]
            if name != FIELD and name not in self.suggested and not field.widget.needs_multipart_form
        ]

    def _now(self, name: str) -> Any:
        return self.get_initial_for_field(self.fields[name], name)  # type: ignore[attr-defined]

    def _standing(self, name: str) -> Any:
        field, value = self.fields[name], self._now(name)  # type: ignore[attr-defined]
        if hasattr(field, "compared"):
            return field.compared(value)
        if isinstance(field, forms.ModelChoiceField) or isinstance(value, models.Model) or _names_a_row(field, value):
            return value
        return cleaned(field, field.prepare_value(value))

    def _typed(self, name: str) -> Any:
        field = self.fields[name]  # type: ignore[attr-defined]
        raw = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))  # type: ignore[attr-defined]
        if hasattr(field, "compared"):
            return field.compared(raw)
        return raw if isinstance(field, forms.ModelChoiceField) else cleaned(field, raw)

    def _shown(self) -> str:
        return json.dumps({name: self._print(name, self._standing(name)) for name in self._compared()})

    def _print(self, name: str, value: Any) -> str:
        return salted_hmac("topjob.merging", f"{name}\n{plain(value)}", algorithm="sha256").hexdigest()[:16]

    def shown_after_saving(self) -> dict[str, str]:
        """What the hidden field must hold once a script saved this form and the page stays, with what it showed."""
        prints = {name: self._print(name, self._typed(name)) for name in self._compared()}
        prints |= {name: self._sent[name] for name in self.taken_over}
        return {self.add_prefix(FIELD): json.dumps(prints)} if FIELD in self.fields else {}  # type: ignore[attr-defined]

    # --- Both changed it ---
    def _show_both(self, name: str) -> None:
        field = self.fields[name]  # type: ignore[attr-defined]
        raw = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))  # type: ignore[attr-defined]
        theirs, mine = in_words(field, field.prepare_value(self._now(name))), in_words(field, raw)
        show_both(self, name, theirs, mine, choice=(self.add_prefix(TAKE_OVER), name))  # type: ignore[attr-defined,arg-type]


def show_both(form: forms.BaseForm, name: str, theirs: str, mine: str, *, choice: tuple[str, Any]) -> None:
    """Say at a field what stands there by now and what was filled in, with a box (`choice`: name, value) to take theirs."""
    text = _("Iemand anders heeft dit intussen gewijzigd in “%(theirs)s”; hier ingevuld: “%(mine)s”.")
    again = _("Nog eens opslaan bewaart wat hier is ingevuld.")
    form.add_error(name, f"{text % {'theirs': theirs, 'mine': mine}} {again}")
    form[name].help_text = format_html(
        '<label class="take-over"><input type="checkbox" class="form-check-input" name="{}" value="{}"> {}</label> {}',
        *choice,
        _("Neem “%(theirs)s” over") % {"theirs": theirs},
        form.fields[name].help_text,
    )


def hold(row: models.Model) -> None:
    """Lock a row until the transaction ends, and read it again: nobody else changes it meanwhile."""
    model = type(row)
    try:
        row.refresh_from_db(from_queryset=model._base_manager.select_for_update(of=("self",)))
    except model.DoesNotExist:  # type: ignore[attr-defined]
        raise Refused(_("Iemand anders heeft dit intussen verwijderd.")) from None


def _names_a_row(field: forms.Field, value: Any) -> bool:
    """A row that is chosen by typing its name, of which the number is known."""
    return isinstance(field, forms.CharField) and isinstance(value, int) and not isinstance(value, bool)


def cleaned(field: forms.Field, raw: Any) -> Any:
    """The value that was meant; what can't be read stays as it was typed."""
    try:
        return field.clean(raw)
    except ValidationError:
        return raw


def plain(value: Any) -> str:
    """A value as comparable text: the same however it was stored or typed."""
    if value is None:
        return ""
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, datetime):
        return value.astimezone(clock.AMSTERDAM).strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    if isinstance(value, (list, tuple, set, frozenset, models.QuerySet)):
        return json.dumps(sorted(plain(item) for item in value))
    return str(value)


def in_words(field: forms.Field, raw: Any) -> str:
    """A value of a field as somebody reads it."""
    labels = _labels(field, raw)
    return shortened(", ".join(labels) if labels is not None else _said(raw))


def shortened(words: str) -> str:
    """As much of it as fits beside a field; "leeg" where there is nothing."""
    words = words if len(words) <= LONGEST_SHOWN else words[: LONGEST_SHOWN - 1] + "…"
    return words or _("leeg")


def _labels(field: forms.Field, raw: Any) -> list[str] | None:
    """The labels of what was chosen, where there is something to choose."""
    choices = getattr(field.widget, "choices", None)
    if choices is None:
        return None
    chosen = {
        str(item).lower() for item in (raw if isinstance(raw, (list, tuple)) else [raw]) if item not in (None, "")
    }
    return [str(label) for key, label in _flat(choices) if str(key) and str(key).lower() in chosen]


def _flat(choices: Iterable[Any]) -> Iterable[tuple[Any, Any]]:
    for key, label in choices:
        if isinstance(label, (list, tuple)):
            yield from label
        else:
            yield key, label


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return _("ja") if value else _("nee")
    if isinstance(value, datetime):
        return nl_moment(value)
    if isinstance(value, date):
        return nl_date(value)
    if isinstance(value, (list, tuple)):
        return ", ".join(" ".join(map(str, item)) if isinstance(item, (list, tuple)) else str(item) for item in value)
    return "" if value is None else str(value)
