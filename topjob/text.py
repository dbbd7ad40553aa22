"""Text that comes in, made clean in one way; names, compared in one way (DECISIONS 32).

`clean` is for what is kept: the writer's own letters, without what nobody sees. `fold` and `name_words` are for comparing,
searching and signing: what sounds and looks alike becomes the same, and nothing of it is ever shown.
"""

from __future__ import annotations

import re
import unicodedata

from anyascii import anyascii

# Dutch and other name prefixes, folded: they count for nothing when two names are compared, unless there is nothing else.
NAME_PREFIXES = frozenset(
    re.findall(r"\w+", "van de der den het t te ten ter in op aan bij uit s la le el al ben bin du des von zu ze")
)
# How people shorten them: "vd Berg", "v.d. Berg", "v/d Berg", "v. Dijk". Punctuation is a space by then.
_SHORT_PREFIXES = re.compile(r"\b(v(an)? d([enr]|e[nr])?|vd([enr]|e[nr])?|v h(et)?|vh|v t|vt|v/?d)\b(?= \w)")
_JOINERS = "\u200c\u200d"
# Letters and signs that have a width but nothing to see: a name of these is no name.
_BLANKS = dict.fromkeys(map(ord, "\u115f\u1160\u3164\uffa0\u2800"), " ")
_NEWLINES = re.compile("\r\n|[\r\u2028\u2029\x85\x0b\x0c]")
_APOSTROPHES = re.compile("['’‘`´ʼ′]")


def clean(text: str, *, lines: bool = False) -> str:
    """What somebody typed, as it is kept: composed letters (NFC), no control or format characters, spaces folded.

    `lines` keeps line ends (as one newline each); without it they are spaces. Zero-width joiners stay where they shape a word:
    between letters of Arabic, Indic and other joining scripts. What holds nothing visible becomes the empty string.
    """
    text = _NEWLINES.sub("\n" if lines else " ", unicodedata.normalize("NFC", text).translate(_BLANKS))
    kept = "".join(letter for place, letter in enumerate(text) if _may_stay(text, place))
    folded = [" ".join(line.split()) for line in kept.split("\n")] if lines else [" ".join(kept.split())]
    return "\n".join(folded).strip()


def _may_stay(text: str, place: int) -> bool:
    letter = text[place]
    if letter in "\n\t":
        return True
    if letter in _JOINERS:
        return 0 < place < len(text) - 1 and all(_joins(text[side]) for side in (place - 1, place + 1))
    return unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def _joins(letter: str) -> bool:
    """Whether this is a letter or sign of a script in which joiners shape words: not Latin, Greek or Cyrillic, nor an emoji."""
    return ord(letter) >= 0x590 and unicodedata.category(letter)[0] in "LM"


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
    words = [word for word in _SHORT_PREFIXES.sub(" ", folded).split() if word not in NAME_PREFIXES]
    return words or folded.split()


def name_key(*names: str) -> str:
    """One value for all the ways to write a person's name: folded words in alphabetical order, so swapped names are equal."""
    return " ".join(sorted(name_words(*names)))
