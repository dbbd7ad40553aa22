"""What a PDF draws is the letter that was meant: the outline on the page, not the text behind it."""

import io
from functools import cache

import pytest
from django.conf import settings
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer
from pypdf import PdfReader
from pypdf.generic import ContentStream

from topjob import fonts
from trajectories.documents import making

ALPHABETS = {
    "Latin Extended A": "".join(map(chr, range(0x100, 0x180))),
    "Latin Extended B": "ƁƆƉƊƎƏƐƑƓƘƙƝƠơƯưƱƳƴǍǎǏǐǑǒǓǔǤǥǦǧǨǩǪǫǾǿȘșȚțȞȟȪȫȮȯȲȳ",
    "Vietnamese": "ĂăÂâĐđÊêÔôƠơƯưẠạẢảẤấẦầẨẩẪẫẬậẮắẰằẲẳẴẵẶặẸẹẺẻẼẽẾếỀềỂểỄễỆệỈỉỊịỌọỎỏỐốỒồỔổỖỗỘộỚớỜờỞởỠỡỢợỤụỦủỨứỪừỬửỮữỰựỲỳỴỵỶỷỸỹ",
    "Greek": "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώΐΰ",
    "Cyrillic": "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюяЁёЂђЄєІіЇїЈјЉљЊњЋћЌќЎўЏџҐґ",
    "Arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤئةىپچژگڤ",
    "Hebrew": "אבגדהוזחטיךכלםמןנסעףפץצקרשת",
    "Ethiopic": "ሀለሐመሠረሰሸቀበተቸኀነኘአከኸወዐዘዠየደጀገጠጨጰጸፀፈፐትግርኛኣበ",
    "Chinese, Japanese, Korean": "中文王李张陈龍あいうアイウ々김이박최",
    "Emoji": "😀👍❤",
}


def test_every_name_in_any_alphabet_is_drawn_in_its_own_letters():
    """On the pages of one document the outline of every letter is that of a font which has it by that name."""
    letters = "".join(ALPHABETS.values())
    pdf = making.render_pdf("components/dl.html", {"pairs": [("x", f"{letter} x") for letter in letters]})
    drawn = drawn_in(pdf, letters)
    wrong = {letter for letter in drawn if drawn[letter] not in outlines(letter)}
    assert not wrong, "".join(sorted(wrong))


def drawn_in(pdf: bytes, letters: str) -> dict[str, list]:
    """Each letter with the shapes that stand on the page: what comes between an x and the next."""
    reader = PdfReader(io.BytesIO(pdf))
    glyphs = [glyph for page in reader.pages for glyph in _shown(page, reader)]
    ends = [place for place, glyph in enumerate(glyphs) if glyph == glyphs[0]]
    rows = [glyphs[start + 1 : end] for start, end in zip(ends[::2], ends[1::2], strict=True)]
    return {
        letter: sorted(shape for glyph in row for shape in glyph) for letter, row in zip(letters, rows, strict=True)
    }


def _shown(page, reader: PdfReader):
    """The outline of every glyph that a page shows, in order."""
    faces = {name: _embedded(font.get_object()) for name, font in page["/Resources"]["/Font"].items()}
    face = None
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        if operator == b"Tf":
            face = faces[operands[0]]
        if operator in (b"TJ", b"Tj"):
            pieces = operands[0] if operator == b"TJ" else operands
            shown = b"".join(piece.original_bytes for piece in pieces if hasattr(piece, "original_bytes"))
            for at in range(0, len(shown), 2):
                yield outline(face, face.getGlyphName(int.from_bytes(shown[at : at + 2])))


def _embedded(font) -> TTFont:
    described = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
    return TTFont(io.BytesIO(described["/FontFile2"].get_data()))


def outline(font: TTFont, name: str) -> list[tuple]:
    """The contours of a glyph, each without its place: some letters are drawn as a shape and its dots apart."""
    shapes = font.getGlyphSet()
    pen = DecomposingRecordingPen(shapes)
    shapes[name].draw(pen)
    contours: list[list] = []
    for step, points in pen.value:
        if step == "moveTo":
            contours.append([])
        contours[-1] += [(step, *points)]
    return sorted(filter(None, map(_in_its_corner, contours)))


def _in_its_corner(contour: list[tuple]) -> tuple:
    points = [point for _step, *points in contour for point in points if point]
    left, low = min(x for x, _y in points), min(y for _x, y in points)
    return tuple((step, *((x - left, y - low) for x, y in points)) for step, *points in contour)


def outlines(letter: str) -> list[list[tuple]]:
    """How our fonts draw this letter."""
    found = []
    for path in [*settings.PDF_FONTS_DIR.glob("*-400-normal.ttf"), *settings.PDF_FONTS_DIR.glob("*-wght-normal.woff2")]:
        if name := names_in(path).get(ord(letter)):
            found.append(outline(opened(path), name))
    return found


@cache
def names_in(path) -> dict[int, str]:
    return TTFont(path).getBestCmap()


@cache
def opened(path) -> TTFont:
    """A font in its plain weight; how its letters are set beside each other doesn't change their outlines."""
    font = TTFont(path)
    if "fvar" not in font:
        return font
    for table in {"GPOS", "GSUB", "GDEF"} & set(font.keys()):
        del font[table]
    font.flavor, whole = None, io.BytesIO()
    instancer.instantiateVariableFont(font, {"wght": 400}).save(whole)
    return TTFont(whole)


def test_our_fonts_say_which_letters_they_lack():
    assert fonts.without_glyph("Łukasz Yıldız, Đặng Nguyễn, محمد, אברהם, ትግርኛ, 中文, 😀\u200d\n") == []
    assert fonts.without_glyph("a\U00012000b\U00013000") == ["\U00012000", "\U00013000"]


def test_a_document_in_dutch_loads_our_own_letter_only():
    assert [family.name for family in fonts.needed("Startplan Daniël, € 14,06 – één “dag”")] == [fonts.OURS]


def test_without_the_fonts_no_document_is_made(tmp_path, settings):
    settings.PDF_FONTS_DIR = tmp_path
    with pytest.raises(fonts.FontMissing):
        fonts.needed("Jan")
