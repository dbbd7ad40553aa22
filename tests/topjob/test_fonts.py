"""The font that `make` puts into build/ reaches both the PDF and the browser."""

import gzip
import io

import pypdf
import weasyprint
from django.conf import settings

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
    font = (vendor / "atkinson-hyperlegible-next-latin-wght-normal.woff2").stat().st_size
    assert style + font < 65_000
