"""The letters of the documents: which fonts a text needs, and what none of them draws.

Each file is a family of its own: two files under one name made WeasyPrint draw the one with the glyph numbers of the other. The
files and `coverage.json` come from `make` (frontend/fonts.py).
"""

from __future__ import annotations

import io
import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

SCHEME = "font:"
OURS = "atkinson-hyperlegible-next-latin"
WEIGHTS = ("400", "700")
# "noto-sans-greek-700-normal.ttf": a family, one of its weights. "wght" stands for every weight.
FILE = re.compile(r"(?P<family>[a-z0-9-]+?)-(?P<weight>400|700|wght)-normal\.(ttf|woff2)")
ADDRESS = re.compile(rf"{SCHEME}(?P<file>[a-z0-9-]+\.(ttf|woff2))\?(?P<weight>400|700)")


class FontMissing(Exception):
    """Without our own font the document would look and read differently: no document then, the task tries again."""


@dataclass(frozen=True, eq=False)
class Family:
    """Font files of the same letters, by weight."""

    name: str
    files: dict[str, str]
    letters: frozenset[str]

    def faces(self) -> Iterable[str]:
        for weight in WEIGHTS:
            url = f"{SCHEME}{self.files.get(weight) or self.files['wght']}?{weight}"
            yield f'@font-face {{ font-family: "{self.name}"; font-weight: {weight}; src: url({url}); }}'


@lru_cache(maxsize=1)
def families(folder: Path) -> tuple[Family, ...]:
    """Every family in the order in which it is asked for a letter."""
    files: dict[str, dict[str, str]] = {}
    letters: dict[str, frozenset[str]] = {}
    for file, codes in _coverage(folder).items():
        if found := FILE.fullmatch(file):
            files.setdefault(found["family"], {})[found["weight"]] = file
            letters[found["family"]] = frozenset(map(chr, codes))
    if OURS not in files:
        raise FontMissing(f"{OURS} is not in {folder}: run make")
    return tuple(Family(name, weights, letters[name]) for name, weights in files.items())


def _coverage(folder: Path) -> dict[str, list[int]]:
    """The letters of each font, as `make` listed them; in a folder from before that list the fonts are asked themselves."""
    listed = folder / "coverage.json"
    if listed.exists():
        found: dict[str, list[int]] = json.loads(listed.read_text())
        return found
    from fontTools.ttLib import TTFont

    return {path.name: list(TTFont(path).getBestCmap()) for path in sorted(folder.glob("*.ttf"))}


def drawn_by(text: str) -> dict[str, Family | None]:
    """The family that draws each letter of a text; None when there is none."""
    left = {letter for letter in text if not _needs_no_glyph(letter)}
    found: dict[str, Family | None] = dict.fromkeys(letter for letter in dict.fromkeys(text) if letter in left)
    for family in families(settings.PDF_FONTS_DIR):
        mine = left & family.letters
        found.update(dict.fromkeys(mine, family))
        left -= mine
    return found


def needed(text: str) -> list[Family]:
    """Our own font, and what else draws the letters it lacks."""
    used = set(drawn_by(text).values())
    return [family for family in families(settings.PDF_FONTS_DIR) if family.name == OURS or family in used]


def without_glyph(text: str) -> list[str]:
    """The characters that none of our fonts draws, in order of the text."""
    return [letter for letter, family in drawn_by(text).items() if family is None]


def _needs_no_glyph(letter: str) -> bool:
    """Spaces, line ends, and signs that only say how the letter before them looks."""
    return letter.isspace() or unicodedata.category(letter) in {"Cc", "Cf"} or "\ufe00" <= letter <= "\ufe0f"


def load(address: str) -> bytes:
    """The bytes of one font, as it stands in a document's style: `font:` file `?` weight."""
    found = ADDRESS.fullmatch(address)
    if found is None:
        raise ValueError(f"A document may not load {address}")
    path = settings.PDF_FONTS_DIR / found["file"]
    if not path.exists():
        raise FontMissing(f"{path.name} is not in {path.parent}: run make")
    return path.read_bytes() if path.suffix == ".ttf" else _in_weight(path, int(found["weight"]))


@lru_cache(maxsize=32)
def _in_weight(path: Path, weight: int) -> bytes:
    """One weight of a font that holds them all, always the same bytes."""
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    font = TTFont(path, recalcTimestamp=False)
    font.flavor = None
    ready = io.BytesIO()
    instancer.instantiateVariableFont(font, {"wght": weight}).save(ready)
    return ready.getvalue()
