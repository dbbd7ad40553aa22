"""Lines of a list that two people may have open at once: merged line by line, as `topjob/merging.py` does with fields (ADR 0011).

The lines have no number of their own that stays: what was shown is known by a print per line, in the order as it stood. What
this person left alone follows whoever changed, moved or removed it; what only this person changed, added or emptied is saved;
a line that both changed differently is shown with both. Whoever uses it holds the rows first
and stores what comes out as a whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, cast

from django import forms
from django.forms.formsets import BaseFormSet, ManagementForm
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property

from topjob.errors import promised
from topjob.merging import FIELD, TAKE_OVER, SeenField, cleaned, in_words, plain, shortened, show_both

Row = Mapping[str, Any]


@dataclass
class Line:
    """A line as it stands on the page that was sent (`number`), or one that somebody else added (no number)."""

    number: int | None
    # What is sent for it from now on; nothing: it isn't there any more.
    sent: dict[str, Any] | None
    # The print of what is stored for it now, and of what the page that was sent goes on showing; empty: nothing.
    stored: str = ""
    shown: str = ""
    # What stands there by now, where both changed it.
    theirs: Row | None = None
    is_clash: bool = False


class MergingFormSet(BaseFormSet):
    """A list that is shown from `stored` and compared with it when it comes back."""

    def __init__(self, data: Any = None, *, prefix: str, stored: Sequence[Row], **options: Any) -> None:
        self.stored = stored
        self.lines: list[Line] = []
        super().__init__(data, prefix=prefix, initial=stored if data is None else None, **options)
        if data is not None and self.management_form.is_valid():
            self._merge()

    @property
    def has_clashes(self) -> bool:
        return any(line.is_clash for line in self.lines)

    @cached_property
    def management_form(self) -> ManagementForm:
        """How many lines, and hidden beside it the print of each as it was shown."""
        form = super().management_form
        rows = enumerate(map(self._print, self.stored))
        form.fields[FIELD] = SeenField(initial=json.dumps(list(rows)))
        return form

    def full_clean(self) -> None:
        super().full_clean()
        for number, line in enumerate(self._remaining):
            if line.is_clash:
                self._show_both(number, line)

    def shown_after_saving(self) -> dict[str, str]:
        """What the hidden field must hold once a script saved this and the page stays, with the lines that it showed."""
        shown = [(line.number, line.shown) for line in self.lines if line.number is not None and line.shown]
        return {f"{self.prefix}-{FIELD}": json.dumps(shown)}

    def follow(self, rows: Sequence[Row]) -> dict[int, Row]:
        """The stored lines were changed by saving alone: what the lines of the page have to show now, by number."""
        lines = [line for line in self._remaining if line.shown]
        moved = {}
        for line, row in zip(lines, rows, strict=False):
            if line.number is not None and line.shown == line.stored:
                moved[line.number], line.shown = row, self._print(row)
        return moved

    # --- Comparing ---
    def _merge(self) -> None:
        before, typed = self._sent_prints(), self._typed()
        if before is None:
            return
        chosen = set(self.data.getlist(f"{self.prefix}-{TAKE_OVER}")) if hasattr(self.data, "getlist") else set()
        pairs = self._pairs(before)
        self.lines = [self._line(was, now, typed, chosen) for was, now in pairs]
        self.lines += self._added(set(dict(before)), typed, chosen)
        self._refill()

    def _sent_prints(self) -> list[tuple[int, str]] | None:
        """Number of the line and its print, in the order as they stood; nothing when the page didn't say."""
        try:
            sent = json.loads(self.data.get(f"{self.prefix}-{FIELD}") or "null")
            pairs = [(number, print_) for number, print_ in sent]
        except (TypeError, ValueError, RecursionError):
            return None
        right = all(isinstance(number, int) and isinstance(print_, str) for number, print_ in pairs)
        return pairs if right and len(dict(pairs)) == len(pairs) <= self.absolute_max else None

    def _typed(self) -> dict[int, dict[str, Any]]:
        """Every line as it was sent, by its number."""
        return {number: self._raw(number) for number in range(min(self.total_form_count(), self.absolute_max))}

    def _raw(self, number: int) -> dict[str, Any]:
        fields, start = self.form.base_fields, self.add_prefix(number)
        return {
            name: field.widget.value_from_datadict(self.data, self.files, f"{start}-{name}")
            for name, field in fields.items()
        }

    def _pairs(self, before: list[tuple[int, str]]) -> list[tuple[tuple[int, str] | None, int | None]]:
        """Which line of the page is which stored row now; the rest was removed, or added, by somebody else."""
        seen, now = [print_ for _number, print_ in before], [self._print(row) for row in self.stored]
        pairs = list(_paired(seen, now))
        # As they stand now; what is gone stays behind the line that it stood behind.
        place = {i: j for i, j in pairs if i is not None and j is not None}
        last = -1
        for i in range(len(seen)):
            last = place.setdefault(i, last)
        pairs.sort(key=lambda pair: (place[promised(pair[0])] if pair[1] is None else pair[1], pair[1] is None))
        return [(None if i is None else before[i], j) for i, j in pairs]

    def _line(self, was: tuple[int, str] | None, now: int | None, typed: dict, chosen: set[str]) -> Line:
        theirs = self.stored[now] if now is not None else None
        stored = self._print(theirs) if theirs is not None else ""
        if was is None:
            return Line(None, self.as_sent(theirs), stored, stored)
        number, print_ = was
        raw = typed.get(number)
        mine = self._print_of_raw(raw) if raw is not None else print_
        if mine != stored and (mine == print_ or str(number) in chosen):
            return Line(number, self.as_sent(theirs), stored, print_)
        # What was emptied stays as an empty line, so the page that is shown again still says that it was.
        return Line(number, raw, stored, mine, theirs, is_clash=mine != stored and stored != print_)

    def _added(self, known: set[int], typed: dict[int, dict[str, Any]], chosen: set[str]) -> Iterator[Line]:
        """Lines that this person wrote; the same one that is there already was saved before (by a script) and isn't added."""
        there = {line.stored: line for line in self.lines if line.number is None}
        for number in sorted(typed.keys() - known):
            mine = self._print_of_raw(typed[number])
            if (same := there.pop(mine, None)) is not None:
                same.number = number
            elif mine and str(number) not in chosen:
                yield Line(number, typed[number], "", mine)

    # --- Values ---
    def _print(self, row: Row) -> str:
        return self._of([row.get(name) for name in self.form.base_fields])

    def _print_of_raw(self, raw: dict[str, Any]) -> str:
        """Of what was meant; empty for an empty line."""
        values = [cleaned(field, raw[name]) for name, field in self.form.base_fields.items()]
        return self._of(values) if any(plain(value) for value in values if not isinstance(value, bool)) else ""

    def _of(self, values: list[Any]) -> str:
        text = json.dumps([self.prefix, *map(plain, values)])
        return salted_hmac("topjob.merging", text, algorithm="sha256").hexdigest()[:16]

    def as_sent(self, row: Row | None) -> dict[str, Any] | None:
        """A stored row as if it had been typed."""
        if row is None:
            return None
        return {name: field.prepare_value(row.get(name)) for name, field in self.form.base_fields.items()}

    # --- What stands on the page from now on ---
    @property
    def _remaining(self) -> list[Line]:
        return [line for line in self.lines if line.sent is not None]

    def _refill(self) -> None:
        """As if the merged lines had been sent."""
        lines, sent = self._remaining, cast("Any", self.data)
        data = sent.copy()
        for key in [key for key in data if key.startswith(f"{self.prefix}-")]:
            del data[key]
        for number, line in enumerate(lines):
            filled = {name: value for name, value in (line.sent or {}).items() if value not in (None, False)}
            for name, value in filled.items():
                data[f"{self.add_prefix(number)}-{name}"] = "on" if value is True else value
        stored = [(number, line.stored) for number, line in enumerate(lines) if line.stored]
        # One empty line below; and a list that is too long is said, not cut off.
        total = min(len(lines) + self.extra, max(len(lines), self.max_num))
        data[f"{self.prefix}-TOTAL_FORMS"], data[f"{self.prefix}-INITIAL_FORMS"] = str(total), "0"
        data[f"{self.prefix}-{FIELD}"] = json.dumps(stored)
        self.data = data
        del self.__dict__["management_form"]

    def _show_both(self, number: int, line: Line) -> None:
        form = self.forms[number]
        theirs, mine = self._in_words(self.as_sent(line.theirs)), self._in_words(line.sent)
        choice = (f"{self.prefix}-{TAKE_OVER}", number)
        show_both(form, next(iter(form.fields)), theirs, mine, choice=choice)

    def _in_words(self, sent: dict[str, Any] | None) -> str:
        fields: Mapping[str, forms.Field] = self.form.base_fields
        said = [in_words(fields[name], value) for name, value in (sent or {}).items() if value not in (None, "", False)]
        return shortened(" – ".join(said))


def _paired(seen: list[str], now: list[str]) -> Iterator[tuple[int | None, int | None]]:
    """Places of the same line in both; a line that moved is the same, and one that stands where another stood is it, changed."""
    blocks = SequenceMatcher(None, seen, now, autojunk=False).get_opcodes()
    same = {i1 + n: j1 + n for what, i1, i2, j1, _j2 in blocks if what == "equal" for n in range(i2 - i1)}
    free = [j for j in range(len(now)) if j not in same.values()]
    for i in range(len(seen)):
        found = None if i in same else next((j for j in free if now[j] == seen[i]), None)
        if found is not None:
            same[i] = found
            free.remove(found)
    yield from same.items()
    for _what, i1, i2, j1, j2 in blocks:
        yield from zip_longest((i for i in range(i1, i2) if i not in same), (j for j in range(j1, j2) if j in free))
