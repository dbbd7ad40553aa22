"""The fonts of the screens: only the letters and weights that pages ask, in files that load only when they are needed.

Almost every page needs the first file and the digits. The rest comes when a page holds one of its letters. The digits are those
of Noto Sans: our own letter has a slashed zero (docs/adr/0027).
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

SOURCES = Path("build/webfonts")
VENDOR = Path("build/static/vendor")
WEIGHTS = (400, 700)
DIGITS = frozenset(range(0x30, 0x3A))
# Latin-1 and the signs that our own sentences use.
COMMON = frozenset({*range(0x20, 0x7F), *range(0xA0, 0x100), 0x131, 0x152, 0x153, *map(ord, "–—‘’‚“”„•…‹›€−")})
ATKINSON = "atkinson-hyperlegible-next-{}-wght-{}.woff2"
# As wide as our letter in Dutch text and as tall: nothing moves, whichever of the two is there first.
FALLBACK = """@font-face{font-family:"Top Job Fallback";src:local("Arial"),local("Liberation Sans"),local("Arimo");
size-adjust:99.8%;ascent-override:98.6%;descent-override:31.7%;line-gap-override:0%}
"""
# Noto's digits are taller than our capitals by 6 %, so they are drawn smaller.
AS_TALL = "size-adjust:94%;ascent-override:104.7%;descent-override:33.6%;line-gap-override:0%;"


@dataclass(frozen=True)
class Face:
    """One file: which letters of which source."""

    file: str
    source: str
    letters: frozenset[int] | None = None  # none: all it has
    without: frozenset[int] = DIGITS
    styles: tuple[str, ...] = ("normal",)
    features: tuple[str, ...] = ("kern", "mark", "mkmk", "ccmp", "locl")
    extra: str = ""

    def make(self) -> str:
        """Write the file, and give its rule for the stylesheet."""
        font = TTFont(SOURCES / self.source, recalcTimestamp=False)
        drawn = frozenset(font.getBestCmap())
        letters = (drawn if self.letters is None else drawn & self.letters) - self.without
        slim(font, letters, self.features).save(VENDOR / self.file)
        return "".join(self.rule(style, letters) for style in self.styles)

    def rule(self, style: str, letters: Iterable[int]) -> str:
        return (
            f'@font-face{{font-family:"Atkinson Hyperlegible Next";font-style:{style};font-weight:{WEIGHTS[0]} {WEIGHTS[1]};'
            f'font-display:optional;{self.extra}src:url({self.file}) format("woff2");unicode-range:{ranges(letters)}}}\n'
        )


FACES = (
    Face("tekst.woff2", ATKINSON.format("latin", "normal"), COMMON),
    Face(
        "cijfers.woff2",
        "noto-sans-latin-wght-normal.woff2",
        DIGITS,
        frozenset(),
        ("normal", "italic"),
        ("pnum", "tnum"),
        AS_TALL,
    ),
    Face("tekst-meer.woff2", ATKINSON.format("latin", "normal"), without=DIGITS | COMMON),
    Face("tekst-ext.woff2", ATKINSON.format("latin-ext", "normal"), without=DIGITS | COMMON),
    Face("schuin.woff2", ATKINSON.format("latin", "italic"), styles=("italic",)),
    Face("schuin-ext.woff2", ATKINSON.format("latin-ext", "italic"), without=DIGITS | COMMON, styles=("italic",)),
)


def slim(font: TTFont, letters: Iterable[int], features: Iterable[str]) -> TTFont:
    """The font with these letters only, and no weights outside those of the screens."""
    options = subset.Options(hinting=False, notdef_outline=True, layout_features=list(features))
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)
    font.flavor = None
    between = io.BytesIO()
    font.save(between)
    between.seek(0)
    slimmer = instancer.instantiateVariableFont(TTFont(between, recalcTimestamp=False), {"wght": WEIGHTS})
    slimmer.flavor = "woff2"
    return slimmer


def ranges(letters: Iterable[int]) -> str:
    """Letters as CSS writes them: U+20-7E,U+A0."""
    runs: list[list[int]] = []
    for letter in sorted(letters):
        if runs and letter == runs[-1][1] + 1:
            runs[-1][1] = letter
        else:
            runs.append([letter, letter])
    return ",".join(f"U+{first:X}" + (f"-{last:X}" if last > first else "") for first, last in runs)


def make() -> None:
    """All files, and the stylesheet that names them."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    (VENDOR / "fonts.css").write_text(FALLBACK + "".join(face.make() for face in FACES))
