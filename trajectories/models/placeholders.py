"""Words in braces in the beheerder's texts, such as {voornaam}: each is looked up or refused, and nothing is executed."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

# What each document can fill in. In a contract a word can stand for something that this contract doesn't have.
_EVERYWHERE = {
    "naam": _("voor- en achternaam van de jongere"),
    "voornaam": _("voornaam van de jongere"),
    "bedrijf": _("naam van het bedrijf"),
    "regisseur": _("naam van de regisseur"),
}
PLAN_WORDS = _EVERYWHERE | {
    "functie": _("functie"),
    "eerste_dag": _("eerste dag van de proefperiode"),
    "laatste_dag": _("laatste dag van de proefperiode"),
    "maanden": _("aantal maanden van de proefperiode"),
    "uren": _("uren per week"),
    "opleiding": _("naam van de opleiding"),
    "school": _("school of opleider"),
    "leermeester": _("naam van de leermeester"),
    "jobcoach": _("naam van de jobcoach"),
    "uurloon": _("bruto loon per uur, met het euroteken; leeg bij constructie 1"),
}
EVALUATION_WORDS = _EVERYWHERE | {
    "functie": _("functie"),
    "eerste_dag": _("eerste dag van de proefperiode"),
    "laatste_dag": _("laatste dag van de proefperiode"),
    "besluit": _("wat er na de proefperiode volgt"),
}
WAGE_WORDS = _EVERYWHERE | {
    "loonwaarde": _("het percentage, zonder procentteken"),
    "vastgesteld_door": _("UWV of de gemeente"),
    "vastgesteld_op": _("dag waarop de loonwaarde is vastgesteld"),
    "normfunctie": _("de gewone functie waarmee is vergeleken; leeg als er geen meting is"),
}
CONTRACT_WORDS = _EVERYWHERE | {
    "werkgever": _("met wie het contract is: MaatwerQ of het bedrijf"),
    "functie": _("functie; leeg als die niet bekend is"),
    "werkplek": _("waar het werk is; leeg als dat niet bekend is"),
    "begin": _("eerste dag van het contract"),
    "einde": _("laatste dag; leeg bij onbepaalde tijd"),
    "uren": _("uren per week"),
    "opleidingsuren": _("hoeveel van die uren opleiding is; leeg als dat er geen zijn"),
    "opleiding": _("naam van de opleiding; leeg als die er niet is"),
    "aanzegdag": _("dag waarop de werkgever uiterlijk aanzegt; leeg als dat niet hoeft"),
    "proeftijd": _("maanden proeftijd; leeg als die er niet is"),
    "uurloon": _("bruto loon per uur, met het euroteken"),
    "minimumloon": _("minimumloon per uur op de eerste dag, met het euroteken; leeg onder de 15 jaar"),
    "vakantiebijslag": _("vakantiegeld in procent, uit de regels van vandaag"),
}
UNPAID_WORDS = _EVERYWHERE | {
    "taken": _("hoe de vacature heet; leeg als die niet bekend is"),
    "plek": _("de plaats van de vacature; leeg als die niet bekend is"),
    "begin": _("eerste dag"),
    "einde": _("laatste dag; leeg als er geen einddatum is"),
    "uren": _("uren per week"),
    "vergoeding": _("de vergoeding met hoe vaak, zoals € 5,60 per uur; leeg als die er niet is"),
}
NAME = re.compile(r"\{([a-z_]+)\}")
BULLET = "- "
DOUBLE_STOP = re.compile(r"(?<!\.)\.\.(?!\.)")
HEADING = "#"


@dataclass(frozen=True)
class Block:
    """A paragraph, or a list of points."""

    lines: tuple[str, ...]
    is_list: bool


def unknown(text: str, words: Container[str]) -> list[str]:
    """What stands between braces and isn't a known word, or a brace without its partner; empty when the text is right."""
    names = [f"{{{name}}}" for name in NAME.findall(text) if name not in words]
    return [*names, *sorted(set(re.findall(r"[{}]", NAME.sub("", text))))]


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with every known word replaced by what it stands for; what is filled in is never looked at again."""
    return sentence(NAME.sub(lambda found: str(values.get(found[1], found[0])), text))


def sentence(text: str) -> str:
    """A sentence about "Bouw B.V." has one full stop at its end."""
    return DOUBLE_STOP.sub(".", text)


def blocks(text: str, values: Mapping[str, str]) -> list[Block]:
    """Paragraphs, and lists where lines begin with a dash. One with a word that stands for nothing here is left out."""
    found: list[Block] = []
    for part in re.split(r"\n\s*\n", _plain(text)):
        for is_list, lines in _runs(part):
            said = tuple(capfirst(fill(line, values)) for line in lines if _applies(line, values))
            if said:
                found.append(Block(said, is_list))
    return found


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _applies(line: str, values: Mapping[str, str]) -> bool:
    """Whether everything a paragraph or point speaks of is there: no notice in a contract without an end."""
    return all(values.get(name, name) for name in NAME.findall(line))


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


def sections(text: str) -> list[tuple[str, str]]:
    """The parts of a text with their headings: lines that begin with #. What comes before the first has none."""
    found = [("", "")]
    for line in _plain(text).split("\n"):
        if line.startswith(HEADING):
            found.append((line.lstrip(HEADING).strip(), ""))
        else:
            found[-1] = (found[-1][0], f"{found[-1][1]}{line}\n")
    return [(heading, body) for heading, body in found if heading or body.strip()]


def headings(text: str) -> list[str]:
    """Every heading in a text, also one without words."""
    return [line.lstrip(HEADING).strip() for line in _plain(text).split("\n") if line.startswith(HEADING)]
