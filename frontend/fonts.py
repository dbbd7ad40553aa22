"""Makes the fonts of the screens (webfonts.py) and unpacks those for PDFs. Run by `make`.

WeasyPrint would unpack each again for every PDF, half of the time it takes.

Beside them comes `coverage.json`: which letters each font draws, in the order in which they are asked. A PDF then loads only the
fonts its own text needs, and a letter that none of them draws is known before anything is made.
"""

import json
import sys
from pathlib import Path

from fontTools.ttLib import TTFont

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from frontend import webfonts
from topjob.processes import UNFINISHED

FOLDER = Path("build/fonts")
# First our own letter, then its brothers for other scripts. Chinese forms before Japanese and Korean ones; signs and emoji last,
# for those fonts hold figures and letters too.
ORDER = (
    *("atkinson", "noto-sans-latin", "noto-sans-vietnamese", "noto-sans-greek", "noto-sans-cyrillic"),
    "",  # every other script
    *("noto-sans-sc-", "noto-sans-jp-", "noto-sans-kr-", "noto-sans-symbols-", "noto-emoji-"),
)


def unpack(packed: Path) -> tuple[str, list[int]]:
    """One font as a file that is ready for use, and the letters it draws. What holds every weight is opened when it is asked."""
    # Without a new date of change in it: the same font makes the same PDF.
    font = TTFont(packed, recalcTimestamp=False)
    letters = sorted(font.getBestCmap())
    if "fvar" in font or packed.suffix == ".ttf":
        return packed.name, letters
    font.flavor = None
    ready, unfinished = packed.with_suffix(".ttf"), packed.with_suffix(UNFINISHED)
    font.save(unfinished)
    unfinished.replace(ready)
    packed.unlink()
    return ready.name, letters


def place(name: str) -> tuple[int, int, str]:
    """Where a font stands in the row: of our own letter the smaller set comes first."""
    named = (number for number, start in enumerate(ORDER) if start and name.startswith(start))
    return next(named, ORDER.index("")), len(name), name


if __name__ == "__main__":
    webfonts.make()
    coverage = dict(unpack(packed) for packed in [*FOLDER.glob("*.woff2"), *FOLDER.glob("*.ttf")])
    ordered = {name: coverage[name] for name in sorted(coverage, key=place)}
    unfinished = FOLDER / f"coverage{UNFINISHED}"
    unfinished.write_text(json.dumps(ordered, separators=(",", ":")))
    unfinished.replace(FOLDER / "coverage.json")
