"""What stands above and below every list: what was chosen, each with the way to take it away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms, template
from django.template import RequestContext

from topjob.filters import in_words

register = template.Library()
# Where in a list somebody is, which says nothing about another one.
PLACE = ("page", "voor")


@dataclass(frozen=True)
class Tag:
    """One thing that was chosen, in words, and the address of the list without it."""

    label: str
    value: str
    without: str


@register.simple_tag(takes_context=True)
def chosen_tags(context: RequestContext, form: forms.Form | None) -> list[Tag]:
    """Every filter that stands in the address and makes sense."""
    request = context.get("request")
    return list(_tags(form, request.GET)) if form is not None and form.is_bound and request is not None else []


def _tags(form: forms.Form, asked: Any) -> Iterator[Tag]:
    form.is_valid()
    for name, value in form.cleaned_data.items():
        if name not in asked or value in (None, "", False):
            continue
        without = asked.copy()
        for key in (name, f"{name}_keuze", *PLACE):
            without.pop(key, None)
        yield Tag(str(form.fields[name].label), in_words(form.fields[name], value), f"?{without.urlencode()}")
