"""Saying whether two files are of one person (R13)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from candidates.forms.fields import long_text


class TellApartForm(forms.Form):
    """Why two files that are alike are of two people; asked where the other file can't be seen from here."""

    reason = long_text(rows=2, required=False)

    def __init__(self, *args: Any, other: int, is_hidden: bool, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"id_anders_{other}_%s", **kwargs)
        self.other = other
        field = self.fields["reason"]
        field.required = is_hidden
        field.label = _("Met wie van die regio is overlegd, en wat kwam eruit?") if is_hidden else _("Toelichting")
