"""The font that `make` puts into build/ reaches both the PDF and the browser."""

import gzip
import io

import pypdf
import weasyprint
from django.conf import settings
from fontTools.ttLib import TTFont

FACE = """@font-face {{ font-family: "Atkinson Hyperlegible Next"; font-weight: {weight}; src: url({url}); }}"""


def test_the_pdf_embeds_our_font():
    files = {
        weight: settings.PDF_FONTS_DIR / f"atkinson-hyperlegible-next-latin-{weight}-normal.ttf"
        for weight in (400, 700)
    }
    faces = "".join(FACE.format(weight=weight, url=path.as_uri()) for weight, path in files.items())
    html = f"<style>{faces} body {{ font-family: 'Atkinson Hyperlegible Next' }}</style><p>Startplan <b>ë € “x”</b></p>"
    document = pypdf.PdfReader(io.BytesIO(weasyprint.HTML(string=html).write_pdf()))
    fonts = [font.get_object()["/BaseFont"] for font in document.pages[0]["/Resources"]["/Font"].values()]
    assert len(fonts) == 2
    assert all("Atkinson" in name for name in fonts)
    assert "Startplan ë € “x”" in document.pages[0].extract_text()


def test_the_first_load_of_style_and_font_stays_small():
    vendor = settings.BUILD_DIR / "static" / "vendor"
    style = len(gzip.compress((vendor / "bootstrap.css").read_bytes()))
    fonts = sum((vendor / name).stat().st_size for name in ("tekst.woff2", "cijfers.woff2"))
    assert style + fonts < 30_000


def test_the_digits_of_the_screens_have_no_slash_and_no_slab():
    """They are of another face (ADR 27), which stands alone for them: our own letter isn't asked for a digit."""
    vendor = settings.BUILD_DIR / "static" / "vendor"
    drawn = {file.stem: set(TTFont(file).getBestCmap()) for file in vendor.glob("*.woff2")}
    digits = set(map(ord, "0123456789"))
    assert drawn.pop("cijfers") == digits
    assert set(map(ord, "AZazéëïß€–’")) < drawn["tekst"] and "ł" in map(chr, drawn["tekst-ext"])
    assert not any(letters & digits for letters in drawn.values())
    figures = TTFont(vendor / "cijfers.woff2")
    assert figures["glyf"][figures.getBestCmap()[ord("0")]].numberOfContours == 2, "outside and inside, nothing across"
