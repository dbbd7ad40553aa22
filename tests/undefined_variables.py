"""Makes a template fail on a variable that isn't there, in our own templates only.

Libraries' templates lean on missing variables being empty. In ours a variable that may be missing says so:
`{% if title %}` or `{{ title|default:"" }}`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from django.conf import settings
from django.template.base import UNKNOWN_SOURCE, FilterExpression, Node

OWN = str(Path(settings.BASE_DIR))
ELSEWHERE = ("/.venv/", "/site-packages/")


class UndefinedVariable(AssertionError):
    """A template of ours used a variable that wasn't passed."""


class Undefined(str):
    """Django's `string_if_invalid`. Django asks its truth when a variable is missing: the moment to look which template."""

    __slots__ = ()

    def __bool__(self) -> bool:
        caller = sys._getframe(1)
        expression = caller.f_locals.get("self")
        if caller.f_code.co_name != "resolve" or not isinstance(expression, FilterExpression):
            return False
        if expression.filters and expression.filters[0][0].__name__.startswith("default"):
            return False
        template = _template_of(caller)
        if template.startswith(OWN) and not any(part in template for part in ELSEWHERE):
            raise UndefinedVariable(f"{{{{ {expression.token} }}}} bestaat niet in {template}")
        return False


def _template_of(frame) -> str:
    """The file of the template node that is being rendered."""
    while frame is not None:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None):
            return str(node.origin.name or UNKNOWN_SOURCE)
        frame = frame.f_back
    return UNKNOWN_SOURCE
