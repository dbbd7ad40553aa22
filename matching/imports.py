"""Reading the public tables of postcodes and competences: good lines go in, every bad line is named with its fault."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from matching.models import Place, Skill
from matching.places import EAST, NORTH, SOUTH, to_grid
from topjob.errors import rule_words
from topjob.text import clean

BATCH = 1000


class BadLine(ValueError):
    """What is wrong with one line, in words for the person who brought the file."""


@dataclass
class Report:
    """What came of a file."""

    read: int = 0
    kept: int = 0
    errors: list[str] = field(default_factory=list)


def rows_of(stream: TextIO, needed: Iterable[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Line numbers with named values; comma or semicolon, by the first line."""
    first = stream.readline()
    if not first.strip():
        raise BadLine(_("Het bestand is leeg."))
    delimiter = ";" if first.count(";") > first.count(",") else ","
    names = [clean(name).lower() for name in next(csv.reader([first], delimiter=delimiter))]
    if missing := [name for name in needed if name not in names]:
        raise BadLine(_("De kop mist: %(names)s.") % {"names": ", ".join(missing)})
    reader = csv.reader(stream, delimiter=delimiter)
    for values in reader:
        if any(value.strip() for value in values):
            yield reader.line_num + 1, dict(zip(names, map(clean, values), strict=False))


def place_of(row: dict[str, str]) -> Place:
    """A place from a line with postcode, woonplaats, latitude and longitude."""
    digits = row.get("postcode", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) == 4 and digits[0] != "0"):
        raise BadLine(_("‘%(value)s’ is geen postcode van vier cijfers.") % {"value": digits[:20]})
    name = row.get("woonplaats", "")
    if not name or len(name) > 80:
        raise BadLine(_("De plaatsnaam ontbreekt of is te lang."))
    x, y = to_grid(_number(row, "latitude", 50, 54), _number(row, "longitude", 3, 8))
    if not (0 <= x <= EAST and SOUTH <= y <= NORTH):
        raise BadLine(rule_words(Place, "place_in_the_netherlands"))
    return Place(pc4=int(digits), name=name, x=x, y=y)


def _number(row: dict[str, str], name: str, low: float, high: float) -> float:
    try:
        value = float(row.get(name, "").replace(",", "."))
    except ValueError:
        raise BadLine(
            _("%(name)s ‘%(value)s’ is geen getal.") % {"name": name, "value": row.get(name, "")[:20]}
        ) from None
    if not low <= value <= high:
        raise BadLine(_("%(name)s %(value)s ligt niet in Nederland.") % {"name": name, "value": row[name][:20]})
    return value


def skill_of(row: dict[str, str]) -> Skill:
    """A competence from a line with name and, where there is one, uri."""
    name, uri = row.get("name", ""), row.get("uri", "")
    if not name:
        raise BadLine(_("De naam van de competentie ontbreekt."))
    if len(name) > 160:
        raise BadLine(_("De naam is langer dan 160 tekens."))
    if uri and (urlsplit(uri).scheme not in ("http", "https") or not urlsplit(uri).netloc or len(uri) > 300):
        raise BadLine(_("‘%(value)s’ is geen webadres.") % {"value": uri[:40]})
    return Skill(name=name, uri=uri)


def import_postcodes(path: Path) -> Report:
    """Load PC4 points; a postcode that is there already gets the new point."""

    def save(batch: list[Any]) -> None:
        changed = ["name", "x", "y", "search_text"]
        Place.objects.bulk_create(batch, update_conflicts=True, update_fields=changed, unique_fields=["pc4"])

    return _import(path, ("postcode", "woonplaats", "latitude", "longitude"), place_of, save, "pc4")


def import_skills(path: Path) -> Report:
    """Load competences; a name that is there already gets the new address."""

    def save(batch: list[Any]) -> None:
        Skill.objects.bulk_create(batch, update_conflicts=True, update_fields=["uri"], unique_fields=["name"])

    return _import(path, ("name",), skill_of, save, "name")


def _import(
    path: Path,
    needed: Iterable[str],
    make: Callable[[dict[str, str]], Any],
    save: Callable[[list[Any]], None],
    key: str,
) -> Report:
    """All good lines, or none when the file as a whole can't be read."""
    report = Report()
    found: dict[str, Any] = {}
    uris: dict[str, Any] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for number, row in rows_of(stream, needed):
                report.read += 1
                try:
                    made = make(row)
                    _unique_uri(made, uris)
                    found[getattr(made, key)] = made
                except BadLine as error:
                    report.errors.append(_("Regel %(n)s: %(error)s") % {"n": number, "error": error})
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadLine(_("Het bestand kan niet worden gelezen: %(error)s") % {"error": error}) from error
    rows = list(found.values())
    with transaction.atomic():
        for start in range(0, len(rows), BATCH):
            save(rows[start : start + BATCH])
    report.kept = len(rows)
    return report


def _unique_uri(row: Any, seen: dict[str, str]) -> None:
    """Two names can't stand for one address."""
    uri = getattr(row, "uri", "")
    if not uri:
        return
    other = seen.setdefault(uri, row.name)
    taken = other != row.name or Skill.objects.filter(uri=uri).exclude(name=row.name).exists()
    if taken:
        raise BadLine(_("Het adres %(uri)s hoort al bij een andere competentie.") % {"uri": uri[:80]})
