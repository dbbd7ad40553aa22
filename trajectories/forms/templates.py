"""What the beheerder types in for the texts of a document that is signed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from candidates.forms.fields import check_within
from topjob.merging import MergingMixin
from trajectories.models.template import TextVersion, why_not_valid_from

ROWS, MANY_ROWS = 5, 24


class TextsForm(MergingMixin, forms.ModelForm):
    """A new version: from when it holds, and every text; it begins from the latest, which somebody may have made meanwhile."""

    overwrites = True

    def clean_valid_from(self) -> date:
        day = self.cleaned_data["valid_from"]
        if wrong := why_not_valid_from(day):
            raise ValidationError(wrong)
        return check_within(day, years_back=0, years_ahead=5)


def texts_form(model: type[TextVersion]) -> type[forms.ModelForm]:
    """The form for the texts of this sort of document."""
    areas: dict[str, Any] = {
        name: forms.Textarea({"rows": MANY_ROWS if name == "clauses" else ROWS}) for name in model.TEXTS
    }
    fields = ("valid_from", *model.TEXTS)
    return forms.modelform_factory(model, TextsForm, fields=fields, widgets=areas)
