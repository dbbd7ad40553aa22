"""A sheet of paper for the demo, as somebody scanned it."""

from __future__ import annotations

import io

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

# A sheet of A4 at a size that can be read.
SHEET = (620, 877)


def a_paper(*lines: str) -> ContentFile:
    """These lines at the top of a white sheet, as a picture."""
    sheet = Image.new("RGB", SHEET, "white")
    ImageDraw.Draw(sheet).multiline_text((60, 60), "\n\n".join(lines), fill="black", font_size=20)
    content = io.BytesIO()
    sheet.save(content, "PNG")
    return ContentFile(content.getvalue(), name="scan.png")
