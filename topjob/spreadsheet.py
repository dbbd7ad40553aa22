"""Tables that people open in a spreadsheet: what looks like a formula is made plain text."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models
from django.http import StreamingHttpResponse

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# A negative figure is no formula, and must stay a number to count with.
FIGURE = re.compile(r"-\d+,\d+")
# Tells Excel that the file is UTF-8.
BYTE_ORDER_MARK = "\ufeff"


def plain_cell(value: Any) -> str:
    """The value as text that no spreadsheet runs as a formula (an apostrophe in front, as OWASP advises)."""
    text = "" if value is None else str(value)
    if FIGURE.fullmatch(text):
        return text
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def labels(model: type[models.Model], name: str) -> dict[Any, str]:
    """What the values of a column are called, looked up once for a whole table: `get_…_display` does so for every row."""
    choices = model._meta.get_field(name).flatchoices  # type: ignore[union-attr]
    return {value: str(label) for value, label in choices}


def csv_lines(header: Iterable[Any], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The lines of a CSV file, made while they are sent; semicolons, as Dutch spreadsheets expect."""
    writer = csv.writer(_Echo(), delimiter=";")
    yield BYTE_ORDER_MARK + writer.writerow([plain_cell(cell) for cell in header])
    for row in rows:
        yield writer.writerow([plain_cell(cell) for cell in row])


def csv_response(filename: str, header: Iterable[Any], rows: Iterable[Iterable[Any]]) -> StreamingHttpResponse:
    """A CSV file to download."""
    response = StreamingHttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
