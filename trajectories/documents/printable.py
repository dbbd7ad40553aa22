"""What stands on paper can be read: letters that none of our fonts draw are named, names can't turn a line round."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from topjob import fonts
from topjob.text import visible

TAGS = re.compile(r"(<[^>]*>)")
# Inside these no tag may stand.
PLAIN = {"title", "style"}
# Words of right-to-left letters; between them only spaces and what stands inside names, so two names stay two.
_RIGHT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff"
TO_THE_LEFT = re.compile(rf"[{_RIGHT}](?:[{_RIGHT}]|[ \u00a0\u200c\u200d'’-]+(?=[{_RIGHT}]))*")
LABELS = {"h1", "h2", "h3", "dt", "th"}


def as_html(template: str, context: dict[str, Any]) -> str:
    """A document before it is set."""
    return render_to_string(template, {"is_compact": False} | context)


def prepared(html: str) -> str:
    """A document as it is set: without what nobody sees, right-to-left words apart, letters without a glyph spelled out.

    Such letters are refused before a document is sent; in an example, or a name that was typed since, this is what stands there.
    """
    spelled = {ord(letter): f"[U+{ord(letter):04X}]" for letter in fonts.without_glyph(html)}
    return "".join(_prepared(html, spelled))


def _prepared(html: str, spelled: dict[int, str]) -> Iterator[str]:
    inside = ""
    for piece in TAGS.split(html):
        if piece.startswith("<"):
            inside = piece.strip("<>").split()[0].lower()
            yield visible(piece)
        else:
            text = visible(piece).translate(spelled)
            yield text if inside in PLAIN else TO_THE_LEFT.sub(r'<bdi dir="rtl">\g<0></bdi>', text)


def unprintable(html: str) -> list[str]:
    """In plain words what can't be printed and under which heading it stands; empty when everything can."""
    if not fonts.without_glyph(visible(html)):
        return []
    reader = _Reader()
    reader.feed(html)
    text = _("Bij “%(where)s” staat een teken dat we niet kunnen afdrukken: %(letters)s. Schrijf het anders.")
    return [text % {"where": where, "letters": ", ".join(map(named, found))} for where, found in reader.found.items()]


def named(letter: str) -> str:
    """A character with its number: where it is shown it may be a box too."""
    return f"{letter} (U+{ord(letter):04X})"


class _Reader(HTMLParser):
    """Goes through a document and remembers under which label a letter without a glyph stands."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self.label = self.next_label = self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in LABELS | PLAIN:
            self.inside, self.next_label = tag, ""

    def handle_endtag(self, tag: str) -> None:
        if tag == self.inside:
            self.label, self.inside = " ".join(self.next_label.split()) or self.label, ""

    def handle_data(self, data: str) -> None:
        if self.inside in PLAIN:
            return
        if self.inside:
            self.next_label += data
        if missing := fonts.without_glyph(visible(data)):
            rows = self.found.setdefault(self.label, [])
            rows += [letter for letter in missing if letter not in rows]
