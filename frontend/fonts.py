"""Unpacks the fonts for PDFs, run by `make`: WeasyPrint would unpack each again for every PDF, half of the time it takes."""

from pathlib import Path

from fontTools.ttLib import TTFont

FOLDER = Path("build/fonts")

for packed in FOLDER.glob("*.woff2"):
    # Without a new date of change in it: the same font makes the same PDF.
    font = TTFont(packed, recalcTimestamp=False)
    font.flavor = None
    unfinished = packed.with_suffix(".deel")
    font.save(unfinished)
    unfinished.replace(packed.with_suffix(".ttf"))
    packed.unlink()
