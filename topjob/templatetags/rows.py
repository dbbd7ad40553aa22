"""`{% rows "…" %}`: the rows of a list, from the engine that compiles them (ADR 28)."""

from __future__ import annotations

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

from topjob.rows import row_template

register = template.Library()


@register.simple_tag(takes_context=True)
def rows(context: Context, name: str, **more: object) -> SafeString:
    """What stands at this place, with all that the page knows and what is given besides."""
    return SafeString(row_template(name).template.render({**context.flatten(), **more}))
