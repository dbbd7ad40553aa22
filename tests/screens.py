"""A page's form as a browser would send it: what is in the HTML, and nothing else."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

VOID = {"text", "email", "tel", "number", "hidden", "date", "datetime-local", "search", "url", "password", None}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, list[str]]] = []
        self.select = self.textarea = ""
        self.first: str | None = None

    def add(self, name: str | None, value: str) -> None:
        if name and self.forms:
            self.forms[-1].setdefault(name, []).append(value)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.forms.append({})
        elif tag == "select":
            self.select, self.several = given.get("name") or "", "multiple" in given
            self.first = None
            self.chosen = False
        elif tag == "option" and self.select:
            self.first = (given.get("value") or "") if self.first is None else self.first
            if "selected" in given:
                self.chosen = True
                self.add(self.select, given.get("value") or "")
        elif tag == "textarea":
            self.textarea = given.get("name") or ""
            self.add(self.textarea, "")
        elif tag == "input" and given.get("type") in VOID:
            self.add(given.get("name"), given.get("value") or "")
        elif tag == "input" and given.get("type") in ("checkbox", "radio") and "checked" in given:
            self.add(given.get("name"), given.get("value") or "on")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            if not self.chosen and not self.several and self.first is not None:
                self.add(self.select, self.first)
            self.select = ""
        elif tag == "textarea":
            self.textarea = ""

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.forms[-1][self.textarea][-1] += data.removeprefix("\n")


def form_with(response: Any, field: str) -> dict[str, list[str]]:
    """The fields of the one form on the page that holds this field, as they would be sent untouched."""
    reader = _Reader()
    reader.feed(response.content.decode())
    (found,) = [form for form in reader.forms if field in form]
    return found
