"""Text that comes in, made clean in one way; names, compared in one way (decision 32).

`clean` is for what is kept: the writer's own letters, without what nobody sees. `fold` and `name_words` are for comparing,
searching and signing: what sounds and looks alike becomes the same, and nothing of it is ever shown.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from anyascii import anyascii

# Dutch and other name prefixes, folded: they count for nothing when two names are compared, unless there is nothing else.
NAME_PREFIXES = frozenset(
    re.findall(r"\w+", "van de der den het t te ten ter in op aan bij uit s la le el al ben bin du des von zu ze")
)
# Of these, the ones that are no name of their own: a search may do without them. "Ben", "Le" and "Al" are names.
_LEFT_OUT = NAME_PREFIXES - frozenset(re.findall(r"\w+", "la le el al ben bin du des von zu ze bij"))
# How people shorten them: "vd Berg", "v.d. Berg", "v/d Berg", "v. Dijk". Punctuation is a space by then.
_SHORT_PREFIXES = re.compile(r"\b(v(an)? d([enr]|e[nr])?|vd([enr]|e[nr])?|v h(et)?|vh|v t|vt|v/?d)\b(?= \w)")
# Letters and signs that have a width but nothing to see: a name of these is no name.
_BLANKS = dict.fromkeys(map(ord, "\u115f\u1160\u3164\uffa0\u2800"), " ")
# Marks without a shape of their own: they only keep a letter and its accent apart.
_SEPARATORS = frozenset("\u034f\u17b4\u17b5\u180b\u180c\u180d\u180f")
_JOINERS = "\u200c\u200d"
_JOINER = re.compile(f"[{_JOINERS}]")
_NEWLINES = re.compile("\r\n|[\r\u2028\u2029\x85\x0b\x0c]")
_APOSTROPHES = re.compile("['’‘`´ʼ′]")
# No word of any language has more marks on a letter (UAX #15, 13); a longer pile only makes composing take minutes.
MOST_MARKS = 30


def clean(text: str, *, lines: bool = False) -> str:
    """What somebody typed, as it is kept: composed letters (NFC), no control or format characters, spaces folded.

    `lines` keeps line ends (as one newline each); without it they are spaces. Zero-width joiners stay where they shape a word:
    between letters of Arabic, Indic and other joining scripts. What holds nothing visible becomes the empty string.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    text = _NEWLINES.sub("\n" if lines else " ", text.translate(_BLANKS))
    text = visible(text)
    folded = [" ".join(line.split()) for line in text.split("\n")] if lines else [" ".join(text.split())]
    return "\n".join(folded).strip() if any(map(_is_visible, set(text))) else ""


def visible(text: str) -> str:
    """The same text without what nobody sees, spaces and line ends as they are: for showing what was kept uncleaned."""
    text = text.translate(dict.fromkeys(ord(letter) for letter in set(text) if not _may_stay(letter)))
    return unicodedata.normalize("NFC", _long_pile().sub(r"\1", _JOINER.sub(_kept_joiner, text)))


def clean_lines(text: str) -> str:
    """Text of which nobody knows whether it may have lines: it keeps the lines it has, and gets none from rarer signs."""
    return clean(text, lines="\n" in text or "\r" in text)


def _may_stay(letter: str) -> bool:
    if letter in "\n\t" or letter in _JOINERS:
        return True
    return letter not in _SEPARATORS and unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def _is_visible(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LNPS"


def _kept_joiner(found: re.Match[str]) -> str:
    """The joiner, where it stands between two letters of a script that has a use for it."""
    sides = found.string[max(found.start() - 1, 0) : found.start()], found.string[found.end() : found.end() + 1]
    return found[0] if all(side and _joins(side) for side in sides) else ""


def _joins(letter: str) -> bool:
    """Whether this is a letter or sign of a script in which joiners shape words: not Latin, Greek or Cyrillic, nor an emoji."""
    return ord(letter) >= 0x590 and unicodedata.category(letter)[0] in "LM"


@cache
def _long_pile() -> re.Pattern[str]:
    """More marks on one letter than any word has; the first of them are kept."""
    marks = "".join(letter for letter in map(chr, range(0x300, 0x1F000)) if unicodedata.combining(letter))
    return re.compile(f"([{marks}]{{{MOST_MARKS}}})[{marks}]+")


def fold(text: str) -> str:
    """Text for comparing and searching: Latin letters without marks, small, words apart by one space, no punctuation.

    Łukasz is lukasz, İpek ipek, Müller muller, Straße strasse, Jan - Willem jan willem, D’Arc darc; other scripts are put
    into Latin letters.
    """
    plain = anyascii(unicodedata.normalize("NFKC", _APOSTROPHES.sub("", clean(text)))).casefold()
    return " ".join("".join(letter if letter.isalnum() else " " for letter in _APOSTROPHES.sub("", plain)).split())


def name_words(*names: str) -> list[str]:
    """The words of a name that tell people apart, folded, in order; prefixes and their abbreviations left out.

    "Jan v.d. Berg", "Jan vd Berg" and "JAN VAN DEN BERG" are all jan, berg; "de" alone stays "de".
    """
    folded = fold(" ".join(names))
    words = [word for word in unshortened(folded) if word not in NAME_PREFIXES]
    return words or folded.split()


def unshortened(folded: str) -> list[str]:
    """The words of a folded name without abbreviated prefixes ("vd", "v d"); prefixes written in full are still there."""
    return _SHORT_PREFIXES.sub(" ", folded).split()


def telling_words(text: str) -> list[str]:
    """The words of a search, folded: Dutch prefixes and their abbreviations count for nothing beside another word.

    "vd Veen" asks for veen, "Ben Ali" for ben and ali, "van der" for van and der.
    """
    folded = fold(text)
    words = [word for word in unshortened(folded) if word not in _LEFT_OUT]
    return words or folded.split()


def name_key(*names: str) -> str:
    """One value for all the ways to write a person's name: folded words in alphabetical order, so swapped names are equal."""
    return " ".join(sorted(name_words(*names)))
