"""Filling a form of a page that was made already, as a browser would: whatever form it is, by the names of its fields."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from urllib.parse import urljoin

# Types of fields that hold what people type; a hidden field goes along, so that a stale form is still seen to be stale.
TYPED = {
    "text",
    "email",
    "tel",
    "url",
    "number",
    "date",
    "datetime-local",
    "time",
    "month",
    "week",
    "search",
    "color",
    "range",
}
TICKED = {"checkbox", "radio"}
# These count the rows of the page that is shown now.
COUNTS = ("-TOTAL_FORMS", "-INITIAL_FORMS", "-MIN_NUM_FORMS", "-MAX_NUM_FORMS")

Notice = Callable[[bool, list[tuple[str, str]]], str]


@dataclass
class Form:
    """What was sent, where to, and from which page."""

    action: str
    page: str
    typed: dict[str, list[str]]
    taken: set[str] = field(default_factory=set)

    def is_sent_to(self, action: str | None) -> bool:
        return urljoin(self.page, action or self.page) == self.action

    @property
    def left(self) -> list[tuple[str, str]]:
        """What no field took, apart from what says nothing to people."""
        return [
            (name, value)
            for name, values in self.typed.items()
            if name not in self.taken and not name.endswith(COUNTS)
            for value in values
            if value.strip()
        ]


class _Forms(HTMLParser):
    """The forms of a page that are sent to one address, each with how many fields it shares with what was sent."""

    def __init__(self, form: Form) -> None:
        super().__init__()
        self.form = form
        self.shared: dict[int, int] = {}
        self.number = -1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        had = dict(attrs)
        if tag == "form":
            self.number += 1
            if (had.get("method") or "").lower() == "post" and self.form.is_sent_to(had.get("action")):
                self.shared[self.number] = 0
        elif self.number in self.shared and had.get("name") in self.form.typed:
            self.shared[self.number] += 1

    handle_startendtag = handle_starttag


class _Filler(HTMLParser):
    """Copies a page, with other values in the fields of the form with this number."""

    def __init__(self, form: Form, wanted: int) -> None:
        super().__init__(convert_charrefs=False)
        self.form = form
        self.wanted, self.number = wanted, -1
        self.before: list[str] = []
        self.inside: list[str] = []
        self.after: list[str] = []
        self.out = self.before
        self.in_form = self.was_typed = False
        self.select = ""
        self.skips_text = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        had = dict(attrs)
        if tag == "form":
            self.number += 1
            self.in_form = self.number == self.wanted
            self.out = self.inside if self.in_form else self.out
        text = self.get_starttag_text() or ""
        self.out.append(self._filled(tag, had) if self.in_form else text)
        if self.in_form and tag == "textarea" and (had.get("name") or "") in self.form.typed:
            self.out.append("\n" + escape(self._take(had["name"] or "")))
            self.skips_text = True

    handle_startendtag = handle_starttag

    def _filled(self, tag: str, had: dict[str, str | None]) -> str:
        name, kind = had.get("name") or "", (had.get("type") or "text").lower()
        if tag == "select":
            self.select = name
        if tag == "option" and self.select in self.form.typed:
            return self._marked(tag, had, "selected", had.get("value") in self._all(self.select))
        if tag == "input" and kind in TICKED and name not in self._unsent(had):
            return self._marked(tag, had, "checked", (had.get("value") or "on") in self._all(name, typed=True))
        if tag == "input" and name in self.form.typed and not name.endswith(COUNTS):
            if kind in TYPED:
                return _tag(tag, had | {"value": self._take(name)})
            if kind == "hidden":
                self.form.taken.add(name)
                return _tag(tag, had | {"value": self._next(name)})
        if tag == "button" and name:
            self.form.taken.add(name)
        return self.get_starttag_text() or ""

    @staticmethod
    def _unsent(had: dict[str, str | None]) -> set[str]:
        """A field that is disabled sends nothing, so says nothing."""
        return {had.get("name") or ""} if "disabled" in had else set()

    def _marked(self, tag: str, had: dict[str, str | None], mark: str, is_on: bool) -> str:
        rest = {name: value for name, value in had.items() if name != mark}
        return _tag(tag, rest | ({mark: None} if is_on else {}))

    def _all(self, name: str, *, typed: bool = False) -> list[str]:
        values = self.form.typed.get(name, [])
        if values:
            self.form.taken.add(name)
            self.was_typed = self.was_typed or typed or any(values)
        return values

    def _take(self, name: str) -> str:
        value = self._next(name)
        self.form.taken.add(name)
        self.was_typed = self.was_typed or bool(value)
        return value

    def _next(self, name: str) -> str:
        """The value for this field: several fields of one name get theirs in order."""
        values = self.form.typed[name]
        return values.pop(0) if len(values) > 1 else values[0]

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.skips_text = False
        if tag == "select":
            self.select = ""
        self.out.append(f"</{tag}>")
        if tag == "form" and self.in_form:
            self.in_form, self.out = False, self.after

    def handle_data(self, data: str) -> None:
        if not self.skips_text:
            self.out.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.out.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.out.append(f"<!{decl}>")


def _tag(tag: str, attrs: dict[str, str | None]) -> str:
    said = "".join(f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in attrs.items())
    return f"<{tag}{said}>"


def refill(html: str, form: Form, *, notice: Notice) -> str:
    """The page with the form filled again and a notice above it; without such a form the notice stands on top."""
    forms = _Forms(form)
    forms.feed(html)
    wanted = max(forms.shared, key=lambda number: forms.shared[number], default=None)
    filler = _Filler(form, -2 if wanted is None else wanted)
    filler.feed(html)
    filler.close()
    said = notice(filler.was_typed, form.left)
    if wanted is not None:
        return "".join([*filler.before, said, *filler.inside, *filler.after])
    head, main, rest = html.partition("</h1>")
    return f"{head}{main}{said}{rest}" if main else f"{said}{html}"
