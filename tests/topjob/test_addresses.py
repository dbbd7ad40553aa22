"""A file of views brings its own addresses: nobody has to name it a second time."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import get_resolver

from topjob.addresses import found_in


def test_the_addresses_of_every_file_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "some_views"
    package.mkdir()
    files = {"__init__": "", "old": "urlpatterns = ['a', 'b']", "helper": "x = 1", "new": "urlpatterns = ['c']"}
    for name, text in files.items():
        (package / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    assert sorted(found_in(import_module("some_views"))) == ["a", "b", "c"]


def test_no_file_of_views_has_addresses_that_nobody_reaches() -> None:
    """Its app's `urls.py` asks `found_in`; one that forgets it would leave pages out in silence."""
    files = [path.relative_to(settings.BASE_DIR) for path in settings.BASE_DIR.glob("*/views/*.py")]
    having = [path for path in files if re.search(r"^urlpatterns", (settings.BASE_DIR / path).read_text(), re.M)]
    assert len(having) > 25
    reached = {
        id(pattern) for resolver in get_resolver().url_patterns for pattern in getattr(resolver, "url_patterns", [])
    }
    for path in having:
        declared = import_module(".".join(path.with_suffix("").parts)).urlpatterns
        assert {id(pattern) for pattern in declared} <= reached, path
