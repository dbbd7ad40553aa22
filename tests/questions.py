"""How much a page may ask of the database (decision 33): the one declaration, for every test that counts.

Which page is a list and which shows one thing stands in `questions.csv`, with why where its address doesn't say so.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from django.urls import resolve

# A page that shows what its button mails asks what the action asks (`topjob/rehearsing.py`); nobody opens it by the dozen.
LIST, ONE_THING, A_MAIL = 12, 25, 75
BOUNDS = {"lijst": LIST, "een": ONE_THING, "mail": A_MAIL}
TABLE = Path(__file__).with_name("questions.csv")


@cache
def declared() -> dict[str, dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row.pop("adres"): row for row in csv.DictReader(file)}


def bound_of(address: str) -> int:
    """What the page at an address may ask; what was never declared is held to the least."""
    row = declared().get("/" + resolve(urlsplit(address).path).route, {})
    return BOUNDS.get(row.get("soort", ""), LIST)
