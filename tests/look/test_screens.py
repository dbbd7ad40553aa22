"""What the gallery looks like, beside what it looked like: a change of look is seen in review, as its picture changes too.

The pictures are renewed by `SCREENS=renew .venv/bin/pytest tests/look/test_screens.py`. What differs is put into test-results/.
Compared is the colour of squares of 8 by 8 pixels, so that how a machine smooths the edge of a letter makes no difference.
"""

from __future__ import annotations

import io
import os
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image, ImageChops

from topjob import clock

pytestmark = pytest.mark.browser
FOLDER = Path(__file__).parent / "screens"
RESULTS = Path(settings.BASE_DIR) / "test-results"
SQUARE = 8
SEEN = 20  # of 255: so much another colour
MOST_SQUARES = 0.0005
MOST_BYTES = 600_000


def half(picture: Image.Image) -> Image.Image:
    """As it is kept: half as large, in the colours that it holds most of, so that what is even stays exactly what it was."""
    small = picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.BOX)
    most = sorted(small.getcolors(small.width * small.height), reverse=True)[:96]
    palette = Image.new("P", (1, 1))
    palette.putpalette([band for _count, colour in most for band in colour])
    return small.quantize(palette=palette, dither=Image.Dither.NONE)


def squares(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    return picture.convert("RGB").resize(size, Image.Resampling.BOX)


def share_that_differs(picture: Image.Image, kept: Image.Image) -> float:
    """How many of the squares have another colour, as a part of all."""
    size = (picture.width // SQUARE, picture.height // SQUARE)
    bands = ImageChops.difference(squares(picture, size), squares(kept, size)).split()
    worst = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
    return sum(worst.histogram()[SEEN:]) / (size[0] * size[1])


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_the_gallery_looks_as_it_did(gallery_page, width: int, theme: str) -> None:
    with clock.at(date(2026, 11, 30)):
        page = gallery_page(width, chosen=f"theme-{theme}")
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0); document.fonts.ready.then(() => true)")
    taken = page.screenshot(
        full_page=True, mask=[page.locator("input[type=file]")], animations="disabled", timeout=60_000
    )
    whole = Image.open(io.BytesIO(taken)).convert("RGB")
    picture = whole.crop((0, 0, whole.width, whole.height // (2 * SQUARE) * 2 * SQUARE))
    path = FOLDER / f"{theme}-{width}.png"
    if os.environ.get("SCREENS") == "renew":
        FOLDER.mkdir(exist_ok=True)
        half(picture).save(path, optimize=True)
    kept = Image.open(path)
    differs = share_that_differs(picture, kept)
    if abs(kept.height * 2 - picture.height) > 2 * SQUARE or differs > MOST_SQUARES:
        RESULTS.mkdir(exist_ok=True)
        picture.save(RESULTS / path.name)
        pytest.fail(f"{path.name}: {differs:.2%} anders, {picture.height} hoog (was {kept.height * 2}); zie {RESULTS}")


def test_a_button_of_another_colour_is_seen_and_a_smoother_letter_is_not() -> None:
    page = Image.new("RGB", (1280, 4000), "white")
    button, letters = page.copy(), page.copy()
    button.paste("#1c5a56", (100, 100, 270, 240))
    for line in range(0, 4000, 25):
        letters.paste("#eeeeee", (100, line, 900, line + 1))
    assert share_that_differs(button, page) > MOST_SQUARES > share_that_differs(letters, page)


def test_the_pictures_stay_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.glob("*.png")) <= MOST_BYTES
