"""The addresses that stand in files of views, found by themselves: a new file needs no line elsewhere."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any


def found_in(views: ModuleType) -> list[Any]:
    """The `urlpatterns` of every file of this package that has them."""
    files = (import_module(f"{views.__name__}.{file.name}") for file in iter_modules(views.__path__))
    return [address for file in files for address in getattr(file, "urlpatterns", ())]
