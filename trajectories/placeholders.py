"""Words in braces in the beheerder's texts, such as {voornaam}: each is looked up or refused, and nothing is executed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

PLACEHOLDERS = {
    "naam": _("voor- en achternaam van de jongere"),
    "voornaam": _("voornaam van de jongere"),
    "bedrijf": _("naam van het bedrijf"),
    "functie": _("functie"),
    "eerste_dag": _("eerste dag van de proefperiode"),
    "laatste_dag": _("laatste dag van de proefperiode"),
    "maanden": _("aantal maanden van de proefperiode"),
    "uren": _("uren per week"),
    "opleiding": _("naam van de opleiding"),
    "school": _("school of opleider"),
    "leermeester": _("naam van de leermeester"),
    "jobcoach": _("naam van de jobcoach"),
    "regisseur": _("naam van de regisseur"),
}
NAME = re.compile(r"\{([a-z_]+)\}")
BULLET = "- "
DOUBLE_STOP = re.compile(r"(?<!\.)\.\.(?!\.)")


@dataclass(frozen=True)
class Block:
    """A paragraph, or a list of points."""

    lines: tuple[str, ...]
    is_list: bool


def unknown(text: str) -> list[str]:
    """What stands between braces and isn't a known word, or a brace without its partner; empty when the text is right."""
    names = [f"{{{name}}}" for name in NAME.findall(text) if name not in PLACEHOLDERS]
    return [*names, *sorted(set(re.findall(r"[{}]", NAME.sub("", text))))]


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with every known word replaced by what it stands for; what is filled in is never looked at again."""
    return sentence(NAME.sub(lambda found: values.get(found[1], found[0]), text))


def sentence(text: str) -> str:
    """A sentence about "Bouw B.V." has one full stop at its end."""
    return DOUBLE_STOP.sub(".", text)


def blocks(text: str, values: Mapping[str, str]) -> list[Block]:
    """Paragraphs, and lists where lines begin with a dash."""
    found: list[Block] = []
    for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        for is_list, lines in _runs(part):
            found.append(Block(tuple(capfirst(fill(line, values)) for line in lines), is_list))
    return found


def _runs(part: str) -> list[tuple[bool, list[str]]]:
    """Lines of one kind that follow each other; the lines of a paragraph are one."""
    runs: list[tuple[bool, list[str]]] = []
    for line in filter(None, (line.strip() for line in part.split("\n"))):
        is_list = line.startswith(BULLET)
        words = line.removeprefix(BULLET).strip()
        if not runs or runs[-1][0] != is_list:
            runs.append((is_list, [words]))
        elif is_list:
            runs[-1][1].append(words)
        else:
            runs[-1][1][0] += " " + words
    return runs
