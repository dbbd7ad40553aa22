"""A part of a form that is folded away until it is needed, so that what must be filled in fits one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms.layout import LayoutObject
from django.forms import BaseForm
from django.utils.html import format_html

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# What fields hold when nothing was filled in.
NOTHING = (None, "", False, "unknown")


class Fold(LayoutObject):
    """Fields that few fill in: closed, and open by itself as soon as one of them holds an error or a value."""

    def __init__(self, title: StrOrPromise, *fields: Any) -> None:
        self.title, self.fields = title, list(fields)

    def render(self, form: BaseForm, context: Any, template_pack: Any = "bootstrap5", **kwargs: Any) -> str:
        """The fields behind their title."""
        is_open = any(is_used(form, pointer.name) for pointer in self.get_field_names())
        inside = self.get_rendered_fields(form, context, template_pack, **kwargs)
        opened = "open" if is_open else ""
        return format_html('<details class="fold" {}><summary>{}</summary>{}</details>', opened, self.title, inside)


def is_used(form: BaseForm, name: str) -> bool:
    """Whether a field holds something that somebody must see: what was filled in, or what is wrong with it."""
    if name not in form.fields:
        return False
    value = form[name].value()
    return bool(form.errors.get(name)) or not (value in NOTHING if not isinstance(value, list | tuple) else not value)
