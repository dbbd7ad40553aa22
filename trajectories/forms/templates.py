"""What the beheerder types in for the texts of the startplan."""

from __future__ import annotations

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from candidates.forms.fields import DateInput, check_within
from topjob import clock
from trajectories.models import PlanTemplate


class PlanTemplateForm(forms.ModelForm):
    """A new version: from when it holds, and every text."""

    class Meta:
        model = PlanTemplate
        fields = ("valid_from", *PlanTemplate.TEXTS)
        widgets = {
            "valid_from": DateInput(),
            **{name: forms.Textarea({"rows": 5}) for name in PlanTemplate.TEXTS},
        }

    def clean_valid_from(self) -> date:
        day = self.cleaned_data["valid_from"]
        if day < clock.today():
            raise ValidationError(_("Nieuwe teksten kunnen niet in het verleden ingaan."))
        return check_within(day, years_back=0, years_ahead=5)
