"""`publiccode.yml` against its standard. The standard's own validator comes from a registry that isn't in reach, so the
standard's text stands as a schema beside this file."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = json.loads((ROOT / "tests/publiccode.schema.json").read_text())
OURS = yaml.safe_load((ROOT / "publiccode.yml").read_text())


def wrong_in(given: dict[str, Any]) -> list[str]:
    check = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [f"{error.json_path}: {error.message[:80]}" for error in check.iter_errors(given)]


def test_our_own_file_follows_the_standard() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert wrong_in(OURS) == []


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("categories", 0), "case-management"),
        (("softwareType",), "web"),
        (("developmentStatus",), "alpha"),
        (("intendedAudience", "scope", 0), "work"),
        (("description", "nl", "shortDescription"), "x" * 151),
        (("description", "nl", "longDescription"), "te kort"),
        (("localisation", "availableLanguages", 0), "Nederlands"),
        (("maintenance", "contacts"), []),
        (("url",), "topjob.git"),
        (("released",), "ooit"),
    ],
)
def test_what_the_standard_refuses_is_found(place: tuple[Any, ...], value: Any) -> None:
    given = copy.deepcopy(OURS)
    inside = given
    for name in place[:-1]:
        inside = inside[name]
    inside[place[-1]] = value
    assert wrong_in(given)
